"""What an import did with every row, told to the person who ran it."""

import textwrap
from collections import defaultdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

import click

from lossledger.cli.render import Column, Row, table
from lossledger.cli.voice import say
from lossledger.core.text import inert, many, shortened
from lossledger.core.vocabulary import Fate
from lossledger.errors import Refused
from lossledger.exports.rows import csv_line

if TYPE_CHECKING:
    from lossledger.feeds.records import Source, Unread
    from lossledger.ledger.ingest import Report
    from lossledger.ledger.terms import Made

_TOLD = 10
"""How many refused rows are told where they are not written to a file."""

_SHOWN = 100
"""Characters of a refused row that are told."""

_WIDTH = 78

_MEANING = {
    Fate.ADDED: "new to the list",
    Fate.CHANGED: "followed what the list says now",
    Fate.UNCHANGED: "as the list had them",
    Fate.HELD: "the list says otherwise than a person here; see: lossledger list --held",
    Fate.RESTORED: "were gone and are back",
    Fate.REFUSED: "could not be taken",
}
"""What became of the rows read, in words, in the order in which it is shown."""


class Refusals:
    """The rows that were refused: written to a file as they come, where one is named, and the first of them kept."""

    def __init__(self, path: str | None) -> None:
        self.path = path
        self.number = 0
        self.first: list[Unread] = []
        self._out: TextIO | None = None

    def __enter__(self) -> Self:
        """Open the file. Errors: Refused where it cannot be written."""
        if self.path is not None:
            try:
                self._out = Path(self.path).open("w", encoding="utf-8", newline="")
            except OSError as error:
                raise Refused(f"{self.path}: cannot be written: {error.strerror or error}") from error
            self._out.write(csv_line(("place", "reason", "row")))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file."""
        if self._out is not None:
            self._out.close()

    def take(self, row: "Unread") -> None:
        """Keep or write one row."""
        self.number += 1
        if len(self.first) < _TOLD:
            self.first.append(row)
        if self._out is not None:
            self._out.write(csv_line((row.place, row.reason, row.text)))


def print_report(
    report: "Report", source: "Source", file: str, refusals: Refusals, *, dry_run: bool, form: str
) -> None:
    """Show what became of every row, what was made, and what was refused."""
    if form == "json":
        _print_json(report, file, refusals, dry_run=dry_run)
        return
    _print_fates(report, source, file, dry_run=dry_run)
    for paragraph in (_figures(report), _inferred(report), *_made(report.made), _run(report, dry_run=dry_run)):
        if paragraph:
            click.echo(
                inert(textwrap.fill(paragraph, _WIDTH, subsequent_indent="  ", break_on_hyphens=False), lines=True)
            )
    _say_refused(refusals)


def _print_fates(report: "Report", source: "Source", file: str, *, dry_run: bool) -> None:
    rows: list[Row] = [(fate.capitalize(), report.fates[fate], _MEANING[fate]) for fate in _MEANING]
    gone: list[Row] = []
    if report.fates[Fate.GONE] or report.vouched:
        gone.append((Fate.GONE.capitalize(), report.fates[Fate.GONE], "no longer listed, and withdrawn"))
    if report.vouched:
        gone.append((Fate.HELD.capitalize(), report.vouched, "no longer listed, but a person here vouches for them"))
    read: Row = ("Rows read", report.read, "")
    would = " (dry run: nothing was kept)" if dry_run else ""
    new = ", new" if report.new_list else ""
    columns = (Column("fate", ""), Column("rows", "Rows", number=True), Column("meaning", ""))
    caption = f"{file}{would}\nfeed {report.feed}{new}: {source.name}"
    table(columns, [*rows, read, *gone], caption, "What became of the rows", totals=1 + len(gone))


def _figures(report: "Report") -> str:
    if not report.figures:
        return ""
    counts = many(report.figures, "count that the list states", "counts that the list states")
    return f"{counts} of itself entered or changed; compare them with its rows: lossledger check"


def _inferred(report: "Report") -> str:
    if not report.inferred:
        return ""
    return f"{many(report.inferred, 'undated row')} dated by the file's day, marked inferred"


def _made(made: list["Made"]) -> list[str]:
    """What is new in the catalogue, by kind; types by name alone, for there can be hundreds."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in made:
        found[one.kind].append(one.name)
    return [f"New {_PLURAL[kind]} ({len(names):,}): {'; '.join(names)}" for kind, names in found.items()]


_PLURAL = {"side": "sides", "category": "categories", "type": "types"}


def _run(report: "Report", *, dry_run: bool) -> str:
    if report.run is None:
        return "Nothing was appended: the ledger has all of it already."
    if dry_run:
        return ""
    before = f"; tallies as they were before it: --known-on {report.first_entry - 1}"
    return f"Import run {report.run}; what it changed: lossledger diff {report.run}{before}"


def _say_refused(refusals: Refusals) -> None:
    if not refusals.number:
        return
    if refusals.path is not None:
        say(f"{many(refusals.number, 'refused row')} in {refusals.path}")
        return
    for row in refusals.first:
        say(f"refused, {row.place}: {row.reason}")
        say(f"    {shortened(row.text, _SHOWN)}")
    if refusals.number > len(refusals.first):
        more = refusals.number - len(refusals.first)
        say(f"and {many(more, 'more refused row')}; write all of them to a file with --rejects FILE")


def _print_json(report: "Report", file: str, refusals: Refusals, *, dry_run: bool) -> None:
    import orjson

    said = {
        "file": file,
        "dry_run": dry_run,
        "feed": report.feed,
        "new_feed": report.new_list,
        "run": None if dry_run else report.run,
        "first_entry": None if dry_run or report.run is None else report.first_entry,
        "read": report.read,
        "rows": {fate.value: report.fates[fate] for fate in Fate},
        "no_longer_listed_but_held": report.vouched,
        "figures": report.figures,
        "figures_refused": report.figures_refused,
        "inferred": report.inferred,
        "made": [one._asdict() for one in report.made],
        "refused": [row._asdict() for row in refusals.first],
    }
    click.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2).decode())
