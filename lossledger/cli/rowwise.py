"""The rows that changed, counted field by field: those of lists by the lists' own words, others by the ledger's."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import click

from lossledger.cli.render import Column, Row, table
from lossledger.core.text import inert

if TYPE_CHECKING:
    from lossledger.queries.changes import Change, Changes

PROGRAMS = ("told_by", "row", "field", "losses", "newly_set", "moved", "held")

LIST, LEDGER = "list", "ledger"
"""Who tells what became of a row: its list in the list's own words, or the ledger."""

_TITLES = {LIST: "As lists write them", LEDGER: "As recorded here"}


class Line(NamedTuple):
    """How many rows are new, gone, changed, or changed in one field; and how many of them moved the tally.

    ``newly_set`` are those that said nothing there before; ``held`` those where a person here has said otherwise.
    """

    told_by: str
    row: str
    field: str | None
    losses: int
    newly_set: int
    moved: int
    held: int


def lines(found: "Changes") -> Iterator[Line]:
    """Every line that counts something, in the order of the fates and fields."""
    from lossledger.queries.causes import FIELDS, Row

    counted: dict[tuple[str, str, str | None], list[_Counted]] = {}
    for change in found.found:
        for field, one in _counted(change):
            counted.setdefault((told_by(change), str(change.row), field), []).append(one)
    for who in (LIST, LEDGER):
        for fate in Row:
            for field in (None, *FIELDS):
                if some := counted.get((who, fate, field)):
                    yield Line(who, fate, field, len(some), *map(sum, zip(*some, strict=True)))


def told_by(change: "Change") -> str:
    """Who tells what became of a row."""
    return LIST if change.by_list else LEDGER


class _Counted(NamedTuple):
    newly_set: bool
    moved: bool
    held: bool


def _counted(change: "Change") -> Iterator[tuple[str | None, _Counted]]:
    """A row as it counts: as a whole, and where it changed in each of its fields."""
    from lossledger.queries.causes import FIELDS, Row

    if change.row is None:
        return
    moved = change.cause is not None
    if change.row is not Row.CHANGED:
        yield None, _Counted(newly_set=False, moved=moved, held=change.row in change.held)
        return
    differing = change.listed if change.by_list else change.differences
    fields = {one.field: True for one in differing if one.field in FIELDS}
    for one in differing:
        if one.field in fields:
            fields[one.field] &= one.old is None
    yield None, _Counted(all(fields.values()), moved, not change.held.isdisjoint(fields))
    for field, newly_set in fields.items():
        yield field, _Counted(newly_set, moved, field in change.held)


def show(found: "Changes", title: str = "") -> None:
    """Print the lines: a table for the rows that lists tell, one for the others."""
    told = list(lines(found))
    if not told:
        click.echo(inert("\n".join(["No row changed.", *([title] if title else [])])))
        return
    tellers = list(dict.fromkeys(line.told_by for line in told))
    with_held = any(line.held for line in told)
    for who in tellers:
        own = [line for line in told if line.told_by == who]
        columns = [
            Column("row", _TITLES[who]),
            Column("losses", "Rows", number=True),
            Column("newly_set", "Newly set", number=True),
            Column("moved", "Moved the tally", number=True),
            Column("unmoved", "Moved nothing", number=True),
            *([Column("held", "Held", number=True)] if with_held else []),
        ]
        rows: list[Row] = [
            (
                f"  {line.field.replace('_', ' ')}" if line.field else line.row,
                *(line.losses, line.newly_set, line.moved, line.losses - line.moved),
                *([line.held] if with_held else []),
            )
            for line in own
        ]
        last = who == tellers[-1]
        table(columns, rows, caption(told) if last else "", title if who == tellers[0] else "")
        if not last:
            click.echo()


def caption(told: list[Line]) -> str:
    """What is counted, and what the columns mean that count something."""
    if not told:
        return "No row changed."
    said = ["Rows of these sides, headings, types and feeds, whatever is believed of them."]
    if any(line.row == "changed" for line in told):
        said.append("Changed: in any of its fields. Newly set: only where nothing stood before.")
    if any(line.held for line in told):
        said.append("Held: a person here has said otherwise; the list's word waits.")
    return "\n".join(said)
