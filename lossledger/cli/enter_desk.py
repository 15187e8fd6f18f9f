"""What typed lines mean to the ledger: frames are looked up, items are entered, likenesses noticed."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lossledger.cli.fields import Fields, loss_fields
from lossledger.cli.sources import cite_link, is_link
from lossledger.cli.telling import loss_line
from lossledger.core.fields import MAX_URL
from lossledger.core.frame import Frame
from lossledger.core.sameness import item_of
from lossledger.core.shorthand import Set, Sticks
from lossledger.core.shorthand_items import Item, Slip
from lossledger.core.text import checked_url, many
from lossledger.core.vocabulary import Status, Verification
from lossledger.errors import NothingFound, Refused, UnknownName

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.ledger.journal import Journal
    from lossledger.queries.resembling import Resembling

_NAMED = 3
"""How many ids are named of many, and how many losses that one may be."""


class Alike(NamedTuple):
    """A loss that was entered, another that it may be, and why."""

    new: str
    other: str
    why: str


class Entered(NamedTuple):
    """What a line entered."""

    source: str
    """The uid of the source that the losses rest on."""
    uids: list[str]
    lines: list[str]
    """The losses in words, like ones together."""
    alike: list[Alike]
    """What they may be, each loss and each other one once."""


@contextmanager
def at_column(column: int) -> Iterator[None]:
    """What is refused within is a slip at this place in the line."""
    try:
        yield
    except Slip:
        raise
    except (Refused, NothingFound) as error:
        raise Slip(column, str(error)) from None


def framed(connection: "Connection", conflict: str, frame: Frame, line: Set) -> Frame:
    """The frame after a line that sets a part of it; a side stands in it by its own name.

    Errors: Slip for a part that cannot be, at its place in the line.
    """
    after = frame.set(line)
    with at_column(line.column):
        if line.what is Sticks.SIDE:
            return replace(after, side=_side(connection, conflict, line.text))
        if line.what is Sticks.SOURCE:
            return replace(after, source=_source(connection, line.text))
        loss_fields(connection, _shared(after), conflict)
    return after


def _side(connection: "Connection", conflict: str, name: str) -> str:
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.names import resolve

    if not name:
        raise Refused("name the side, as in: side Russia")
    return catalogue(connection).name("side", resolve(connection, "side", name, conflict))


def _source(connection: "Connection", text: str) -> str:
    from lossledger.queries.names import kept, whole_uid

    if not text:
        raise Refused("paste a link, or give the id of a source that the ledger has")
    if is_link(text):
        return checked_url(text, "source", MAX_URL)
    return kept(connection, "source", whole_uid(connection, "source", text))


def behind_source(connection: "Connection", text: str) -> list[str]:
    """The losses that stand in the ledger behind a link or a source's id, those named first that were first."""
    from lossledger.queries.likeness import losses_behind, source_of_link

    source = source_of_link(connection, text) if is_link(text) else text
    return losses_behind(connection, source, _NAMED + 1) if source else []


def several(uids: Sequence[str]) -> str:
    """Some ids: the first few, and how many there are beside them."""
    named = ", ".join(uids[:_NAMED])
    return f"{named} and {len(uids) - _NAMED} more" if len(uids) > _NAMED else named


def _shared(frame: Frame) -> dict[str, str]:
    """The frame as a command's options have it."""
    given = {"side": frame.side, "date": frame.day, "place": frame.place, "at": frame.point}
    return {option: text for option, text in given.items() if text}


class Desk:
    """Enters items in one act, that of the journal."""

    def __init__(self, journal: "Journal", conflict: str) -> None:
        self._journal, self._conflict = journal, conflict
        self._resembling: Resembling | None = None

    def enter(self, frame: Frame, items: Sequence[Item], shown: Collection[str]) -> Entered:
        """Enter the items of a line, each thing a loss of its own, and look for losses that they may be.

        Not looked at are other items of the line, and those ``shown``: what was entered from the same picture.
        Errors: Slip for what cannot be entered, at its place in the line.
        """
        from lossledger.ledger.entering import enter

        if not frame.side:
            raise Slip(1, "no side is set yet; type: side NAME")
        if not frame.source:
            raise Slip(1, "no link is set yet; paste one, on a line of its own")
        with at_column(1):
            shared = loss_fields(self._journal.connection, _shared(frame), self._conflict)
            source = cite_link(self._journal, frame.source, {}).uid
        uids: list[list[str]] = []
        for item, fields in self._things(items):
            with at_column(item.column):
                told = shared | fields | self._told(item, frame)
                uids.append(enter(self._journal, source, [told] * item.number))
        self._journal.flush()
        together = [uid for own in uids for uid in own]
        return Entered(source, together, list(map(self._line, uids)), self._alike(uids, {*together, *shown}))

    def _things(self, items: Sequence[Item]) -> Iterator[tuple[Item, Fields]]:
        """Each item with the fields of its type, that of the one before where it names none."""
        thing: Fields = {}
        for item in items:
            if item.types:
                with at_column(item.column):
                    thing = self._thing("|".join(item.types))
            yield item, thing

    def _thing(self, name: str) -> Fields:
        """A type; or a heading, where the type is not given."""
        connection = self._journal.connection
        try:
            return loss_fields(connection, {"type": name}, self._conflict)
        except UnknownName as unknown:
            try:
                return loss_fields(connection, {"category": name}, self._conflict)
            except Refused:
                raise unknown from None

    def _told(self, item: Item, frame: Frame) -> Fields:
        status = item.statuses[-1] if item.statuses else Status.LOST
        given = {
            "status": status.value,
            "phrase": " and ".join(item.statuses) if len(item.statuses) > 1 else None,
            "captor" if status is Status.CAPTURED else "cause": item.by,
            "fittings": item.fittings,
            "circumstance": item.circumstance,
        }
        fields = loss_fields(self._journal.connection, given, self._conflict)
        belief = item.belief or frame.belief
        if belief is Verification.CLAIMED:
            return fields
        return fields | {"verification": belief.value, "verified_by": self._journal.actor}

    def _line(self, uids: list[str]) -> str:
        """Like losses in words: "3 T-72B of Russia, destroyed on 2022-03-04, claimed: ids"."""
        state = {**self._journal.state("loss", uids[0]), "quantity": str(len(uids))}
        return f"{loss_line(self._journal, state)}: {several(uids)}"

    def _alike(self, entered: list[list[str]], besides: set[str]) -> list[Alike]:
        found: list[Alike] = []
        for uids in entered:
            pairs = self._looked_for().of(uids[0], besides)
            others = ((pair.one.uid if pair.other.uid == uids[0] else pair.other.uid, pair.why) for pair in pairs)
            free = [(uid, why) for uid, why in others if uid not in {one.other for one in found}]
            found += [Alike(new, *other) for new, other in zip(uids, free, strict=False)]
        return found

    def _looked_for(self) -> "Resembling":
        if self._resembling is None:
            from lossledger.queries.catalogue import catalogue
            from lossledger.queries.resembling import Resembling

            self._resembling = Resembling(self._journal.connection, catalogue(self._journal.connection))
        return self._resembling


def noticed(journal: "Journal", alike: Sequence[Alike]) -> list[str]:
    """What losses look like, in words: the first few, and how many there are beside them."""
    said = []
    for one in alike[:_NAMED]:
        item = item_of(journal.state("loss", one.other).get("feed_key", ""))
        which = f", item {item[1]} of its link" if item else ""
        said.append(f"{one.new} looks like {one.other}{which}: {one.why}")
    if len(alike) > _NAMED:
        said.append(f"and {len(alike) - _NAMED} more look like losses in the ledger")
    return said


def counted(number: int) -> str:
    """How many losses, in words."""
    return many(number, "loss", "losses")
