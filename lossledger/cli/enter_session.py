"""A sitting at which losses are entered line by line: each line an act of its own, taken back by another."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

from lossledger.cli.enter_desk import Alike, Desk, at_column, behind_source, framed, noticed, several
from lossledger.core.frame import Frame
from lossledger.core.shorthand import Asked, Deed, Set, Sticks, read
from lossledger.core.shorthand_items import Item, Slip
from lossledger.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.ledger.journal import Journal

HELP = """\
LINES
  https://...          the link that shows what comes next
  3 T-72B d; BMP-2 c   three T-72B destroyed, a BMP-2 captured: four losses
  T-72B|T-72B3 d       either of two types
  T-72B d; 2 c         without a type: of the one before it
  Tanks a              a heading, where the type cannot be told
STATUS, none being lost
  d destroyed   g or dm damaged   a abandoned   c captured   l lost
  g+c damaged and captured: the last one counts   d! confirmed   d? claimed
  d by ATGM, with cage (on a bridge)   cause or captor, fittings, circumstance
WHAT STICKS; without a text, what was set is cleared
  side Russia          claimed, confirmed: so is what follows
  @2022-03-04          the day; from then on @5, @04-05 and @4..6 will do
  place Kharkiv        or place 49.99,36.23
AND
  =  the last losses again      <  take back the last line      ?  this
  merge, merge ID  join what looks the same      quit or Ctrl-D  leave"""


class Recording(NamedTuple):
    """How a sitting reaches its ledger."""

    read: Callable[[], "AbstractContextManager[Connection]"]
    act: Callable[[str | None], "AbstractContextManager[Journal]"]
    """A journal open for one act, for a reason."""


class Reply(NamedTuple):
    """What is answered to a line: what to say, and the text that stands in the input again."""

    said: tuple[str, ...] = ()
    again: str = ""
    leave: bool = False
    helps: bool = False
    """Whether what is said is the help."""


class _Step(NamedTuple):
    """A line that did something, and how to be as before it."""

    text: str
    frame: Frame
    shown: tuple[str, ...]
    act: str | None = None
    uids: tuple[str, ...] = ()
    alike: tuple[Alike, ...] = ()


class Session:
    """The lines of one sitting."""

    def __init__(self, recording: Recording, conflict: str, frame: Frame, shown: tuple[str, ...] = ()) -> None:
        """Begin with a frame; ``shown`` are the losses entered already from the picture that is looked at."""
        self._recording, self._conflict = recording, conflict
        self.frame, self.shown = frame, shown
        self.entered = 0
        """How many losses were entered in this sitting and not taken back."""
        self._steps: list[_Step] = []
        self._items = ""
        """The last line of items, entered or not."""

    def take(self, text: str) -> Reply:
        """Do what a line says.

        Errors: Slip for a line that cannot be, with the place in it; then nothing was done.
        """
        line = read(text)
        if line is None:
            return Reply()
        if isinstance(line, Set):
            return self._set(text, line)
        return self._do(line) if isinstance(line, Asked) else self._enter(text, line)

    def _set(self, text: str, line: Set) -> Reply:
        with self._recording.read() as connection:
            after = framed(connection, self._conflict, self.frame, line)
            known = behind_source(connection, after.source) if line.what is Sticks.SOURCE else []
        self._steps.append(_Step(text, self.frame, self.shown))
        self.frame, self.shown = after, () if line.what is Sticks.SOURCE else self.shown
        return Reply((f"this link is in the ledger already, with {several(known)}",) if known else ())

    def _enter(self, text: str, items: tuple[Item, ...]) -> Reply:
        self._items = text
        with self._recording.act(None) as journal:
            done = Desk(journal, self._conflict).enter(self.frame, items, self.shown)
            said = (*done.lines, *noticed(journal, done.alike))
        step = _Step(text, self.frame, self.shown, journal.act_id, tuple(done.uids), tuple(done.alike))
        self._steps.append(step)
        self.shown += tuple(done.uids)
        self.entered += len(done.uids)
        return Reply((*said, "merge joins them, < takes the line back") if done.alike else said)

    def _do(self, asked: Asked) -> Reply:
        match asked.deed:
            case Deed.AGAIN:
                if not self._items:
                    raise Slip(1, "there is no line of losses yet to enter again")
                return self._again()
            case Deed.BACK:
                return self._back()
            case Deed.MERGE:
                return self._merge(asked.text)
            case Deed.HELP:
                return Reply(tuple(HELP.split("\n")), helps=True)
            case Deed.QUIT:
                return Reply(leave=True)

    def _again(self) -> Reply:
        try:
            reply = self.take(self._items)
        except Slip as slip:
            raise Slip(1, f"of {self._items}: {slip.why}") from None
        return reply._replace(said=(self._items, *reply.said))

    def _back(self) -> Reply:
        if not self._steps:
            raise Slip(1, "no line of this sitting is left to take back; what is older: lossledger undo")
        step = self._steps[-1]
        if step.act is not None:
            with at_column(1), self._recording.act("taken back while entering") as journal:
                self._undo(journal, step)
        self._steps.pop()
        self.frame, self.shown = step.frame, step.shown
        self.entered -= len(step.uids)
        return Reply((f"taken back: {step.text}",), again=step.text)

    def _undo(self, journal: "Journal", step: _Step) -> None:
        from lossledger.ledger.undo import undo

        if undo(journal) != step.act:
            raise Refused(
                "your latest act in this ledger is another one; take this back with: "
                f"lossledger withdraw {' '.join(step.uids[:1])}"
            )

    def _merge(self, text: str) -> Reply:
        """Join the losses of the last line with what they look like, or one with a loss that is named."""
        from lossledger.ledger.groups import merge

        last = next((step for step in reversed(self._steps) if step.uids), None)
        if last is None:
            raise Slip(1, "no loss was entered yet that could be merged")
        with at_column(1), self._recording.act("seen to be the same while entering") as journal:
            pairs = _named(journal, last, text) if text else [(one.new, one.other) for one in last.alike]
            if not pairs:
                raise Refused("nothing looks like what was entered last; name the other loss: merge ID")
            for new, other in pairs:
                merge(journal, new, other)
        self._steps.append(_Step(f"merge {text}".strip(), self.frame, self.shown, journal.act_id))
        return Reply(tuple(f"{new} is merged into {other}, and no longer counts" for new, other in pairs))


def _named(journal: "Journal", last: _Step, text: str) -> list[tuple[str, str]]:
    """The loss of the last line that is the one named: that which looks like it, or the only one."""
    from lossledger.queries.names import whole_uid

    other = whole_uid(journal.connection, "loss", text)
    news = [one.new for one in last.alike if one.other == other] or list(last.uids)
    if len(news) > 1:
        raise Refused(f"which of {several(news)} is {other}? Say it with: lossledger merge ID {other}")
    return [(news[0], other)]
