"""What a sheet says of itself, and what became of its rows when it came back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.imported import Refusals, say_refused
from lossledger.cli.render import Column, Row, table, write
from lossledger.core.text import inert, many, shortened

if TYPE_CHECKING:
    from lossledger.feeds.sheet import Sheet
    from lossledger.ledger.returned import Report
    from lossledger.queries.losses import Listing

_TOLD = 100
"""How many changes a table shows; every other format has all."""

_SHOWN = 120
"""Characters of a text that a table shows."""

_CHANGES = (
    Column("id", "Id", whole=True),
    Column("field", "Field"),
    Column("was", "Was"),
    Column("becomes", "Becomes"),
)
_CLASHES = (
    Column("id", "Id", whole=True),
    Column("field", "Field"),
    Column("was", "Was"),
    Column("sheet", "Sheet"),
    Column("ledger", "Ledger"),
    Column("by", "Set by"),
    Column("at", "On", whole=True),
)
_ROWS = ("place", "id", "fate", "field", "was", "becomes", "ledger", "set_by", "set_at", "reason")
_NEW = "(new)"


def about(listing: "Listing", given: Mapping[str, Any], losses: int, head: str) -> list[tuple[str, str]]:
    """What the second page of a workbook says: what it is, of when, and how it comes back."""
    return [
        ("What", f"{many(losses, 'loss', 'losses')}: {listing.known.name('conflict', listing.scope.conflict)}"),
        ("Written", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC by lossledger"),
        ("Filters", _filters(given) or "none"),
        ("Head of the ledger", head),
        (
            "To bring it back",
            "lossledger sheet in FILE --dry-run shows what would change; without that, it is done",
        ),
        ("Change", "any white cell. Names may be any that the ledger knows. An empty cell clears the field"),
        ("Days", "2020-10-08, 2020-10, 2020, 2020-10-05..2020-10-08; ~2020-10-08 where the day is inferred"),
        ("Several types", "T-72B|T-72B3, where it may be any of several"),
        ("Sources", "links or ids with spaces between; add one, and it is evidence. None is taken away by a sheet"),
        (
            "New losses",
            "rows without id and revision; each needs a side, a type or a category, and a source",
        ),
        ("Rows taken out", "mean nothing: see lossledger withdraw. The same holds for columns"),
        ("Grey columns", "are told for information; they are locked, without a password"),
    ]


def _filters(given: Mapping[str, Any]) -> str:
    """The options by which the losses were chosen, as they were typed, in a line that is no formula."""
    said = []
    for name, value in given.items():
        if name != "force" and value not in (None, False, ()):
            called = _OPTION.get(name, name).replace("_", " ")
            typed = ", ".join(value) if isinstance(value, tuple) else value
            said.append(called if value is True else f"{called} {inert(typed)}")
    return "; ".join(said)


_OPTION = {
    "categories": "category",
    "groups": "group",
    "types": "type",
    "feeds": "feed",
    "statuses": "status",
    "verifications": "verification",
}
"""What options are called where that is not the name of their value."""


def offered(listing: "Listing") -> dict[str, list[str]]:
    """The names that a workbook offers in the columns that have few."""
    known = listing.known
    return {
        kind: [
            term.name
            for term in known.ordered(kind)
            if term.merged_into is None and (kind != "side" or term.within == listing.scope.conflict)
        ]
        for kind in ("side", "category")
    }


def print_report(report: "Report", sheet: "Sheet", form: str, *, kept: bool) -> None:
    """Show every change and every conflict, and what became of the rows; refused rows: see `print_refused`."""
    caption = "\n".join([summary(report, kept=kept), *_notes(report, sheet)])
    if form != "table":
        write(form, [Column(name, name) for name in _ROWS], _rows(report), caption)
        return
    title = f"Sheet {sheet.name}{'' if kept else ': nothing of this is recorded yet'}"
    changes: list[Row] = [
        (one.uid or _NEW, one.column, _cell(one.was), _cell(one.becomes)) for one in report.changes[:_TOLD]
    ]
    if len(report.changes) > _TOLD:
        caption = f"And {len(report.changes) - _TOLD:,} changes more; all of them: --format csv\n{caption}"
    clashes: list[Row] = [
        (
            *(one.uid, one.column, _cell(one.was), _cell(one.sheet), _cell(one.ledger)),
            *(one.setter.actor, one.setter.recorded_at[:10]),
        )
        for one in report.clashes[:_TOLD]
    ]
    if clashes:
        table(_CLASHES, clashes, title="In conflict: changed in the sheet and in the ledger", close=True)
        click.echo()
    if changes:
        table(_CHANGES, changes, caption, title, close=True)
    else:
        click.echo(inert(f"{title}\n\n{caption}", lines=True))


def _cell(text: str) -> str:
    return shortened(text, _SHOWN) or "none"


def _rows(report: "Report") -> Iterator[Row]:
    """Changes, conflicts and refused rows for programs: one row a cell, or a refused row."""
    for one in report.changes:
        fate = "entered" if one.uid is None else "amended"
        yield (one.place, one.uid, fate, one.column, one.was, one.becomes, None, None, None, None)
    for two in report.clashes:
        setter = two.setter
        told = (two.place, two.uid, "conflict", two.column, two.was, two.sheet, two.ledger)
        yield (*told, setter.actor, setter.recorded_at, None)
    in_conflict = {two.place for two in report.clashes}
    for row in report.refused:
        if row.place not in in_conflict:
            yield (row.place, None, "refused", None, None, None, None, None, None, row.reason)


def summary(report: "Report", *, kept: bool) -> str:
    """What became of the rows, in a line."""
    refused = len(report.refused) - report.clashing
    parts = [
        f"{many(report.amended, 'loss', 'losses')} amended",
        f"{len(report.entered):,} entered",
        f"{many(report.unchanged, 'row')} unchanged",
        *([f"{report.clashing:,} in conflict"] if report.clashing else []),
        *([f"{refused:,} refused"] if refused else []),
    ]
    if report.changes:
        end = "Recorded as one act; all of it back: lossledger undo" if kept else "Nothing is recorded"
    else:
        end = "There is nothing to record"
    return f"{', '.join(parts)}. {end}."


def _notes(report: "Report", sheet: "Sheet") -> Iterator[str]:
    """What may not have been meant so, a line each."""
    if sheet.left_out:
        yield f"Columns not read: {', '.join(sheet.left_out)}."
    if report.fixed:
        said = ", ".join(f"{name} ({many(number, 'row')})" for name, number in report.fixed.items())
        yield f"Changed in read-only columns, not taken: {said}."
    if report.redacted:
        yield f"Redacted since the sheet was written, not taken: {_first(report.redacted)}."
    if report.clashing:
        yield "Of rows in conflict nothing is taken; settle them with --mine or --theirs, or in the sheet."


def _first(places: Sequence[str]) -> str:
    more = len(places) - _TOLD
    return "; ".join(places[:_TOLD]) + (f"; and {more:,} more" if more > 0 else "")


def print_refused(report: "Report", path: str | None) -> None:
    """Say which rows were refused and why, or write them to the file that was named."""
    with Refusals(path) as refusals:
        for row in report.refused:
            refusals.take(row)
    say_refused(refusals)
