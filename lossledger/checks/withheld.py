"""What a public copy withholds, in a ledger that was restored from one: gone without an act of redaction, all of it.

A public copy leaves out every text of some classes (`core.public_view`), so a single text that is gone where others of
its class stand was taken by somebody else. What is gone as a whole is no finding, and an audit says that it is so.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, Select, exists, select

from lossledger.core.fields import generic
from lossledger.core.public_view import (
    HANDLES,
    HIDDEN_KINDS,
    NAMED,
    NO_ACTORS,
    NOTED,
    OF_ACTS,
    OF_SUBJECTS,
    PLACED,
    PublicView,
    Telling,
)
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.ledger.withholding import hidden
from lossledger.queries.losses import among

_REASON = "reason"

Gone = tuple[int, str, str]
"""A detail whose text is gone: its entry, its field, the kind that the entry is on."""


class Withheld(NamedTuple):
    """What of a journal a public copy left out: up to which entry, and how many texts of which fields."""

    until: int
    fields: Counter[str]

    def covers(self, gone: Gone) -> bool:
        """Whether a text that is gone is one of these."""
        number, field, kind = gone
        return number <= self.until and _name(field, kind) in self.fields


NOTHING = Withheld(0, Counter())


def withheld(connection: Connection, unnamed: Iterable[Gone]) -> Withheld:
    """What a public copy left out, of the texts that are gone and that no act of redaction names."""
    gone = [(number, field, kind) for number, field, kind in unnamed if _telling(field, kind) is not None]
    if not gone:
        return NOTHING
    until = max(number for number, _, _ in gone)
    classes = {_telling(field, kind) for _, field, kind in gone if field != _REASON}
    reasons = [number for number, field, _ in gone if field == _REASON]
    if NOTED not in classes and reasons and not _all_of_imports(connection, reasons):
        classes.add(NOTED)
    view = _view(classes)
    left = exists().where(
        details.c.entry == entries.c.number,
        entries.c.number <= until,
        details.c.salt.is_not(None),
        hidden(view, editors=_ever_editors()),
    )
    if connection.scalar(select(left)):
        return NOTHING
    return Withheld(until, Counter(_name(field, kind) for _, field, kind in gone))


def _all_of_imports(connection: Connection, numbers: list[int]) -> bool:
    """Whether entries are all of acts that import a list: its file, which a reason may name, is told in no view."""
    others = entries.alias()
    of_import = exists().where(others.c.act_id == entries.c.act_id, others.c.kind == "import")
    stray = select(entries.c.number).where(among(entries.c.number, numbers), ~of_import).limit(1)
    return connection.scalar(stray) is None


def _view(classes: set[Telling | None]) -> PublicView:
    """The most telling view that leaves out these classes."""
    return PublicView(
        coordinates=0 if PLACED in classes else None,
        actors=NO_ACTORS if NAMED in classes else HANDLES,
        notes=NOTED not in classes,
    )


def _telling(field: str, kind: str) -> Telling | None:
    """The class of a text that some view leaves out; None where every view tells it."""
    if field in OF_ACTS:
        telling = OF_ACTS[field]
    elif kind in HIDDEN_KINDS:
        telling = Telling.INSIDE
    else:
        telling = OF_SUBJECTS.get(kind, {}).get(generic(field), Telling.ALL)
    return None if telling is Telling.ALL else telling


def _name(field: str, kind: str) -> str:
    return field if field in OF_ACTS else f"{kind}.{generic(field)}"


def _ever_editors() -> Select[tuple[str | None]]:
    """The editors of lists, also those that lists had before."""
    told, by = details.alias(), entries.alias()
    return (
        select(told.c.value)
        .join(by, by.c.number == told.c.entry)
        .where(by.c.kind == "feed", told.c.field == "verified_by", told.c.value.is_not(None))
    )
