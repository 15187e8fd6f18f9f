"""What the changed cells of a sheet mean: a cell's text as fields of a loss."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import Connection

from lossledger.core.entered import degrees, past_day, past_days, spreadsheet_day, tags, whole_number
from lossledger.core.fields import FLAG, MAX_LINE, MAX_TEXT, MAX_URL, REDACTED
from lossledger.core.links import canonical
from lossledger.core.sheet import EDITABLE, Column, is_cut
from lossledger.core.text import checked, checked_url, quoted
from lossledger.core.vocabulary import Counts, Status, Verification
from lossledger.errors import LedgerError, Refused
from lossledger.queries.likeness import source_of_link
from lossledger.queries.names import kept, resolve, resolve_types, whole_uid

Fields = dict[str, str | None]

_REQUIRED = ("side", "category", "quantity", "counts", "status", "verification")
"""What a loss cannot be without."""

_WORDS = {"counts": Counts, "status": Status, "verification": Verification}
_WHOLE = re.compile(r"([0-9]+)[.,]0{1,2}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_COMMAS = re.compile(r"([+-]?[0-9]{1,3}),([0-9]+)\s*(?:;|,?\s)\s*([+-]?[0-9]{1,3}),([0-9]+)")
_BETWEEN = re.compile(r"[\s,;|]+(?=https?://)|\s+", re.IGNORECASE)


class Cited(NamedTuple):
    """A source that a cell names: its uid where the ledger has it, its link where it is new."""

    uid: str | None
    url: str | None


_Found = TypeVar("_Found")


class _Remembered(Generic[_Found]):
    """Looks a thing up once, also one that is not there: a sheet may name it in every row."""

    def __init__(self, look: Callable[..., _Found]) -> None:
        self._look = look
        self._known: dict[tuple[str, ...], _Found | LedgerError] = {}

    def __call__(self, *asked: str) -> _Found:
        if asked not in self._known:
            try:
                self._known[asked] = self._look(*asked)
            except LedgerError as error:
                self._known[asked] = error
        found = self._known[asked]
        if isinstance(found, LedgerError):
            raise found
        return found


class CellReader:
    """Reads cells by the names of today; what was looked up once is remembered."""

    def __init__(self, connection: Connection) -> None:
        self._term = _Remembered(lambda kind, name, conflict: resolve(connection, kind, name, conflict))
        self._types = _Remembered(lambda text: resolve_types(connection, text))
        self._source = _Remembered(lambda text: _source(connection, text))

    def fields(self, column: Column, cell: str, written: str, conflict: str) -> Fields:
        """The fields that a changed cell means, an empty one clears them.

        Args:
            column: the column that it stands in.
            cell: its text.
            written: what the ledger wrote there; empty in a new row.
            conflict: that of the side.

        Errors: Refused, with the column's name, for what cannot be.
        """
        try:
            if not cell.strip():
                if column.name in _REQUIRED:
                    raise Refused(f"a loss cannot be without it; the sheet had {quoted(written)}")
                return dict.fromkeys(column.fields)
            if cell.strip() == REDACTED:
                raise Refused(f"{REDACTED} stands for a text that is gone, and is no text itself")
            if is_cut(written):
                raise Refused("the cell held only the beginning of the text; correct it with: lossledger amend")
            return dict(zip(column.fields, self._values(column, cell, written, conflict), strict=True))
        except LedgerError as error:
            said = str(error)
            raise Refused(said if said.startswith(f"{column.name} ") else f"{column.name}: {said}") from error

    def _values(self, column: Column, cell: str, written: str, conflict: str) -> Iterable[str | None]:
        name = column.name
        if name == "type":
            return self._types(cell)
        if column.kind:
            return (self._term(column.kind, cell, conflict),)
        if name in _WORDS:
            return (_word(cell, _WORDS[name]),)
        if name in ("date", "reported"):
            return _DAYS[name](spreadsheet_day(cell, written))
        if name in _READ:
            return _READ[name](cell)
        return (checked(cell, name, MAX_LINE, lines=False),)

    def added_sources(self, cell: str, written: str) -> list[Cited]:
        """The sources that a cell names beside those that the ledger wrote there.

        Errors: Refused where one of those is missing, or for what names no source.
        """
        before = written.split()
        named = [part if part in before else part.strip(",;|") for part in _BETWEEN.split(cell.strip()) if part]
        missing = [part for part in before if part not in named]
        if missing:
            raise Refused(
                f"sources: {quoted(missing[0])} is missing; a sheet only adds sources "
                "(one that is wrong: see lossledger dispute)"
            )
        if is_cut(written) and len(named) > len(before):
            raise Refused("sources: the cell held only the first of them; add one with: lossledger evidence")
        try:
            found = {cited.uid or canonical(str(cited.url)): cited for cited in map(self._source, _new(named, before))}
        except LedgerError as error:
            raise Refused(f"sources: {error}") from error
        return list(found.values())


def _new(named: Iterable[str], before: Iterable[str]) -> Iterable[str]:
    known = set(before)
    return (part for part in named if part and part not in known)


def _source(connection: Connection, text: str) -> Cited:
    """The source that a link or an id names."""
    if not any(sign in text for sign in ":/."):
        return Cited(kept(connection, "source", whole_uid(connection, "source", text)), None)
    url = checked_url(text, "source", MAX_URL)
    return Cited(source_of_link(connection, url), url)


def _word(cell: str, words: Iterable[str]) -> str:
    word, known = cell.strip().casefold(), [str(one) for one in words]
    if word not in known:
        raise Refused(f"{quoted(cell)} is not one of: {', '.join(known)}")
    return word


def _quantity(cell: str) -> tuple[str]:
    """A number, also one that a spreadsheet wrote as "2.0"; "1,000" is a thousand to some and one to others."""
    if _THOUSANDS.fullmatch(cell.strip()):
        plain = re.sub(r"[^0-9]", "", cell)
        raise Refused(f"quantity {quoted(cell)} can be read in two ways; write {plain} without a sign between")
    exact = _WHOLE.fullmatch(cell.strip())
    return (str(whole_number(exact[1] if exact else cell, "quantity")),)


def _coordinates(cell: str) -> tuple[str, str]:
    """Degrees, also with decimal commas where it is plain which commas these are."""
    return degrees(_COMMAS.sub(r"\1.\2,\3.\4", cell.strip()).replace(";", ","))


def _date(text: str) -> tuple[str | None, ...]:
    days = past_days(text, "it")
    return days.earliest, days.latest, FLAG if days.inferred else None


def _tags(cell: str) -> tuple[str | None]:
    parts = [part.strip() for part in cell.split("|" if "|" in cell else ",")]
    words = dict.fromkeys(part for part in parts if part)
    return (tags(words) if words else None,)


_DAYS: Mapping[str, Callable[[str], Iterable[str | None]]] = {
    "date": _date,
    "reported": lambda text: (past_day(text, "it"),),
}
_READ: Mapping[str, Callable[[str], Iterable[str | None]]] = {
    "quantity": _quantity,
    "coordinates": _coordinates,
    "tags": _tags,
    "note": lambda cell: (checked(cell, "note", MAX_TEXT, lines=True),),
}
"""How the columns are read that are neither names, nor words, nor plain lines."""

CHANGED_BY_CELL = tuple(column for column in EDITABLE if column.fields)
"""The columns that hold fields of a loss; those of its sources are added to."""
