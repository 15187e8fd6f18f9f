"""Lines of losses from a file or a pipe: all of them in one act, or none."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lossledger.cli.enter_desk import Desk, counted, framed, noticed
from lossledger.core.fields import MAX_TEXT
from lossledger.core.frame import Frame
from lossledger.core.shorthand import Asked, Deed, Set, Sticks, read
from lossledger.core.shorthand_items import Item, Slip
from lossledger.core.text import many
from lossledger.errors import BadData

if TYPE_CHECKING:
    from collections.abc import Callable

    from lossledger.ledger.journal import Journal

_TOLD = 50
"""How many wrong lines are told one by one."""


class Entry:
    """Enters the lines of a file. Lines after a wrong one are still looked at, so that all are told at once."""

    def __init__(self, journal: "Journal", conflict: str, frame: Frame) -> None:
        self._journal, self._conflict, self._frame = journal, conflict, frame
        self._desk = Desk(journal, conflict)
        self._shown: list[str] = []
        self._items: tuple[Item, ...] = ()
        self.uids: list[str] = []

    def take(self, text: str) -> list[str]:
        """Enter a line; what should be said about it. Errors: Slip with the place in the line."""
        line = read(text)
        if isinstance(line, Set):
            self._frame = framed(self._journal.connection, self._conflict, self._frame, line)
            if line.what is Sticks.SOURCE:
                self._shown = []
            return []
        if isinstance(line, Asked):
            return self._again(line.deed)
        return self._enter(line) if line else []

    def _again(self, deed: Deed) -> list[str]:
        if deed is not Deed.AGAIN:
            raise Slip(1, f"{deed} is for a terminal, not for a file")
        if not self._items:
            raise Slip(1, "there is no line of losses above to enter again")
        return self._enter(self._items)

    def _enter(self, items: tuple[Item, ...]) -> list[str]:
        self._items = items
        done = self._desk.enter(self._frame, items, self._shown)
        self._shown += done.uids
        self.uids += done.uids
        return [*done.lines, *noticed(self._journal, done.alike)]


def enter_file(path: str, entry: Entry, say: "Callable[[str], None]") -> str:
    """Enter every line of a file, "-" for standard input; says how many losses that made.

    Errors: BadData where a line cannot be entered, after each was told by file, line, column and reason.
    """
    from lossledger.feeds.opening import opened

    said: list[str] = []
    wrong: list[str] = []
    with opened(path) as file:
        name = file.name
        for number, text in _lines(file.text()):
            try:
                said += entry.take(text)
            except Slip as slip:
                wrong.append(f"{name}:{number}:{slip.column}: {slip.why}")
    if wrong:
        for line in wrong[:_TOLD]:
            say(line)
        more = f" ({len(wrong) - _TOLD} more are not shown)" if len(wrong) > _TOLD else ""
        raise BadData(f"{name}: {many(len(wrong), 'line')} cannot be entered{more}; nothing of the file was entered")
    for line in said:
        say(line)
    return f"{counted(len(entry.uids))} from {name}"


def _lines(text: Iterator[str]) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; of one that is too long for any loss, the beginning."""
    return ((number, line.rstrip("\r\n")[:MAX_TEXT]) for number, line in enumerate(text, 1))
