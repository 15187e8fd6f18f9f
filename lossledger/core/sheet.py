"""Losses as rows of a spreadsheet: its columns, what a loss says in each, and the token that tells when it said so.

A cell holds what a person would type. Whether somebody changed it is asked of the cell alone: it is compared with what
the ledger wrote there, which follows from the state of the loss at the row's revision.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from lossledger.core.days import show_days
from lossledger.core.fields import FLAG, REDACTED, State, children
from lossledger.core.text import inert
from lossledger.core.trail import events, loss_day
from lossledger.core.vocabulary import Relation

READ_ONLY = " (read-only)"
"""What the title of a column ends with that is told for information alone."""

MAX_CELL = 32_000
"""Characters that a cell shows at most; spreadsheets cut off what is longer than 32,767."""

MAX_ROWS = 250_000
"""Rows of a sheet that are taken at once."""

_CUT = "…"
_XML_REFUSES = str.maketrans({"\ufffe": r"\ufffe", "\uffff": r"\uffff"})


class Column(NamedTuple):
    """A column of the sheet: what it is called, the fields of a loss that it holds, how wide it is drawn."""

    name: str
    fields: tuple[str, ...] = ()
    width: int = 14
    kind: str = ""
    """The kind of the catalogue that its names are of."""
    fixed: bool = False
    """Whether it is told for information alone."""

    @property
    def title(self) -> str:
        """What stands over it."""
        return f"{self.name}{READ_ONLY if self.fixed else ''}"


ID, REVISION, SOURCES = "id", "revision", "sources"


def _line(name: str, width: int = 14) -> Column:
    return Column(name, (name,), width)


EDITABLE = (
    Column("side", ("side",), 16, "side"),
    Column("type", ("type", "candidates"), 24, "type"),
    Column("category", ("category",), 24, "category"),
    _line("quantity", 9),
    _line("counts", 10),
    _line("status", 11),
    _line("phrase", 20),
    Column("date", ("earliest", "latest", "inferred"), 22),
    _line("reported", 11),
    _line("place", 20),
    Column("coordinates", ("latitude", "longitude"), 20),
    _line("unit", 18),
    _line("tags", 14),
    _line("cause"),
    _line("captor"),
    _line("name"),
    _line("fittings"),
    _line("circumstance", 18),
    _line("note", 30),
    _line("verification", 12),
    Column(SOURCES, (), 40),
)
"""The columns that can be changed, in their order."""

FIXED = tuple(
    Column(name, (), width, fixed=True)
    for name, width in (
        ("day", 12),
        ("verified by", 16),
        ("feed", 14),
        ("merged into", 12),
        ("withdrawn", 10),
        ("trail", 30),
    )
)
"""The columns that are told for information alone."""

COLUMNS = (Column(ID, (), 12), Column(REVISION, (), 14), *EDITABLE, *FIXED)
"""Every column, in its order."""


class Names(NamedTuple):
    """What a sheet calls the things that a loss refers to."""

    of: Callable[[str, str], str]
    """The name of a kind's slug."""
    link: Callable[[str], str]
    """The link of a source, or its id where it has none."""


def cells(state: State, names: Names) -> dict[str, str]:
    """What a loss says in each column but for its id and its revision, as it stands in a cell."""
    return {name: shown(text) for name, text in _texts(state, names) if text}


def _texts(state: State, names: Names) -> Iterator[tuple[str, str]]:
    redacted = {field for field, text in state.items() if text == REDACTED}
    for column in EDITABLE:
        if redacted and not redacted.isdisjoint(column.fields):
            yield column.name, REDACTED
        elif column.name in _SAID:
            yield column.name, _SAID[column.name](state, names)
        elif column.kind:
            yield column.name, names.of(column.kind, state[column.name])
        else:
            yield column.name, state.get(column.name, "")
    for name, say in _FIXED_SAID.items():
        yield name, say(state)


def shown(text: str) -> str:
    """A text as a cell holds it: inert, without what no workbook can hold, and no longer than a cell."""
    plain = inert(text, lines=True)
    if not plain.isascii():
        plain = plain.translate(_XML_REFUSES)
    return plain if len(plain) <= MAX_CELL else plain[: MAX_CELL - len(_CUT)] + _CUT


def is_cut(cell: str) -> bool:
    """Whether a cell that the ledger wrote holds only the beginning of its text."""
    return len(cell) == MAX_CELL


def same(cell: str, written: str) -> bool:
    """Whether a cell says what was written there, but for what spreadsheets do to texts on their way."""
    return cell == written or _carried(cell) == _carried(written)


def _carried(text: str) -> str:
    """A text without what programs drop: other line ends, space at its ends, the escape sign of workbooks."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("x005F_", "").strip()


def _type(state: State, names: Names) -> str:
    slugs = json.loads(state["candidates"]) if "candidates" in state else [state["type"]] if "type" in state else []
    return "|".join(names.of("type", slug) for slug in slugs)


def _date(state: State, _: Names) -> str:
    return show_days(state.get("earliest"), state.get("latest"), state.get("inferred") == FLAG)


def _coordinates(state: State, _: Names) -> str:
    # The space keeps a spreadsheet from taking two whole numbers for one with a comma in it.
    return ", ".join(state[name] for name in ("latitude", "longitude") if name in state)


def _tags(state: State, _: Names) -> str:
    tags: list[str] = json.loads(state.get("tags", "[]"))
    return "|".join([*tags, ""]) if any("," in tag for tag in tags) else ", ".join(tags)


def sources_of(state: State) -> list[str]:
    """The sources that vouch for a loss, each once; those that dispute it are no matter of a sheet's."""
    pieces = children(state, "evidence").values()
    return list(dict.fromkeys(one["source"] for one in pieces if one["relation"] != Relation.DISPUTES))


_SAID: Mapping[str, Callable[[State, Names], str]] = {
    "type": _type,
    "date": _date,
    "coordinates": _coordinates,
    "tags": _tags,
    SOURCES: lambda state, names: " ".join(map(names.link, sources_of(state))),
}
"""What stands in the columns that are no single field's."""


def _day(state: State) -> str:
    day, _, inferred = loss_day(state)
    return show_days(day, day, inferred)


def _trail(state: State) -> str:
    steps = (state, *events(state))
    said = (
        (step["status"], show_days(step.get("earliest"), step.get("latest"), step.get("inferred") == FLAG))
        for step in steps
    )
    return "; ".join(f"{status} {days}".strip() for status, days in said)


_FIXED_SAID: Mapping[str, Callable[[State], str]] = {
    "day": _day,
    "verified by": lambda state: state.get("verified_by", ""),
    "feed": lambda state: state["feed"],
    "merged into": lambda state: state.get("merged_into", ""),
    "withdrawn": lambda state: state.get("withdrawn", ""),
    "trail": _trail,
}
"""What stands in the columns that are told for information alone."""

_REVISION = re.compile(r"r([0-9]{1,15})\.[0-9a-f]{8}")


def revision(number: int, hash_: bytes, uid: str) -> str:
    """The token that tells as of which entry a row was written: ``r812.4f0c97ab``.

    It is of that loss and of that journal: with another id, another number, or in another ledger it does not fit. No
    spreadsheet takes it for a number or a day.
    """
    return f"r{number}.{hashlib.sha256(hash_ + uid.encode()).hexdigest()[:8]}"


def revision_number(token: str) -> int | None:
    """The entry that a revision tells of; None for what is no revision."""
    found = _REVISION.fullmatch(token.strip())
    return int(found[1]) if found else None
