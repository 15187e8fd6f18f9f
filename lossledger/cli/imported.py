"""What an import did with every row, told to the person who ran it."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self, TextIO

import click

from lossledger.cli.render import Column, Row, screen_width, table
from lossledger.cli.voice import say
from lossledger.core.text import inert, many, shortened
from lossledger.core.vocabulary import Fate
from lossledger.errors import Refused
from lossledger.exports.rows import csv_line

if TYPE_CHECKING:
    from lossledger.feeds.records import Unread
    from lossledger.ledger.ingest import Report
    from lossledger.ledger.journal import Journal

_TOLD = 10
"""How many reasons for refusing rows are told where the rows are not written to a file."""

_SHOWN = 100
"""Characters of a refused row that are told."""

_NAMED = 40
"""How many new terms are named under one heading; all are named in JSON."""

_MEANING = {
    Fate.ADDED: "new to the list",
    Fate.CHANGED: "follow what the list says now",
    Fate.UNCHANGED: "as the list had them",
    Fate.HELD: "a person here says otherwise",
    Fate.RESTORED: "were gone and are back",
    Fate.REFUSED: "could not be taken",
}
"""What became of the rows read, in words, in the order in which it is shown."""

_PLURAL = {"side": "sides", "category": "categories", "type": "types"}


class Brought(NamedTuple):
    """Something that the list brought into the catalogue; a type with the heading that it was made under."""

    kind: str
    key: str
    name: str
    under: str | None


class Refusal(NamedTuple):
    """A reason for which rows were refused: the first such row, and how many there are."""

    row: "Unread"
    number: int


class Done(NamedTuple):
    """A finished import, or a dry run of one."""

    report: "Report"
    file: str
    feed: str
    """The feed's name."""
    brought: Sequence[Brought]
    refusals: "Refusals"
    dry_run: bool
    left_out: Sequence[str] = ()
    """The columns of the file that were not read."""


def refuse_overwriting(rejects: str | None, *needed: Path | None) -> None:
    """Refuse to write the refused rows over the list itself, or over the ledger."""
    if rejects is None or not Path(rejects).exists():
        return
    for path in needed:
        if path is not None and path.exists() and path.samefile(rejects):
            raise Refused(f"--rejects {rejects}: this would overwrite {path}; name another file")


class Refusals:
    """The rows that were refused: written to a file as they come, where one is named, and the first reasons kept."""

    def __init__(self, path: str | None) -> None:
        self.path = path
        self.number = 0
        self._first: dict[str, Refusal] = {}
        self._out: TextIO | None = None

    def __enter__(self) -> Self:
        """Open the file. Errors: Refused where it cannot be written."""
        if self.path is not None:
            try:
                self._out = Path(self.path).open("w", encoding="utf-8", errors="backslashreplace", newline="")
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
        known = self._first.get(row.reason)
        if known is not None:
            self._first[row.reason] = known._replace(number=known.number + 1)
        elif len(self._first) < _TOLD:
            self._first[row.reason] = Refusal(row, 1)
        if self._out is not None:
            self._out.write(csv_line((row.place, row.reason, row.text)))

    @property
    def reasons(self) -> list[Refusal]:
        """The first reasons for which rows were refused."""
        return list(self._first.values())


def brought(journal: "Journal", report: "Report") -> list[Brought]:
    """What an import brought into the catalogue; asked while its journal is open, so that a dry run can tell, too."""
    return [
        Brought(one.kind, one.key, one.name, _heading(journal, one.key) if one.kind == "type" else None)
        for one in report.made
    ]


def _heading(journal: "Journal", type_: str) -> str:
    return journal.state("category", journal.state("type", type_)["category"])["name"]


def print_report(done: Done, form: str) -> None:
    """Show what became of every row, what was made, and what was refused."""
    if form == "json":
        _print_json(done)
        return
    report = done.report
    click.echo(inert(f"Import of {done.file}{': a dry run, of which nothing is kept' if done.dry_run else ''}"))
    _print_wrapped(f"Feed {report.feed}{', new' if report.new_list else ''}: {done.feed}")
    click.echo()
    _print_brought(done.brought)
    notes = [*_cautions(done), *_notes(report, dry_run=done.dry_run)]
    if report.read or not (report.figures or report.figures_refused):
        _print_fates(report)
        click.echo("\n" if notes else "", nl=False)
    for note in notes:
        _print_wrapped(note)
    say_refused(done.refusals)


def _print_wrapped(text: str, indent: str = "") -> None:
    """Print a paragraph, set in where it goes on in the next line; a pipe gets it in one."""
    click.echo(
        textwrap.fill(
            inert(text),
            screen_width(),
            initial_indent=indent,
            subsequent_indent=f"{indent}  ",
            break_on_hyphens=False,
        )
    )


def _print_brought(made: Sequence[Brought]) -> None:
    """Print what is new in the catalogue, types by the headings that they were made under."""
    for kind, called in _PLURAL.items():
        of_kind = [one for one in made if one.kind == kind]
        if not of_kind:
            continue
        click.echo(f"New {called} ({len(of_kind):,})")
        for under, group in groupby(sorted(of_kind, key=lambda one: one.under or ""), key=lambda one: one.under):
            names = [one.name for one in group]
            heading = f"{under} ({len(names):,}): " if under else ""
            _print_wrapped(f"{heading}{'; '.join(_first(names, kind))}", "  ")
        click.echo()


def _first(names: Sequence[str], kind: str) -> Iterable[str]:
    """As many names as can be read, and where the others are."""
    yield from names[:_NAMED]
    if len(names) > _NAMED:
        yield f"and {len(names) - _NAMED:,} more, see: lossledger {kind} list"


def _print_fates(report: "Report") -> None:
    rows: list[Row] = [(fate.capitalize(), report.fates[fate], _MEANING[fate]) for fate in _MEANING]
    gone: list[Row] = []
    if report.fates[Fate.GONE] or report.vouched:
        gone.append((Fate.GONE.capitalize(), report.fates[Fate.GONE], "no longer listed: withdrawn"))
    if report.vouched:
        gone.append((Fate.HELD.capitalize(), report.vouched, "no longer listed: a person here vouches for them"))
    read: Row = ("Rows read", report.read, "")
    columns = (Column("fate", ""), Column("rows", "Rows", number=True), Column("meaning", ""))
    table(columns, [*rows, read, *gone], totals=1 + len(gone), close=True)


def _cautions(done: Done) -> Iterator[str]:
    """What may not have been meant so."""
    if done.left_out:
        yield f"Columns not read: {', '.join(done.left_out)}."
    if done.report.older:
        yield "Older than the file imported last: where the two differ, the older words stand now."


def _notes(report: "Report", *, dry_run: bool) -> Iterator[str]:
    """What else there is to know, and what to do next, a line each."""
    if report.inferred:
        yield f"Dated by the file's day, marked inferred: {many(report.inferred, 'row')} without a day of its own."
    if report.figures:
        what = many(report.figures, "count that the list states itself", "counts that the list states itself")
        shown = "Compared with its rows by: lossledger check" if report.read else "See: lossledger published list"
        yield f"Entered or changed: {what}. {shown}"
    if report.figures_refused:
        yield f"Refused: {many(report.figures_refused, 'count')} that the list states itself."
    if report.fates[Fate.HELD] or report.vouched:
        yield "Held for review: lossledger list --held"
    if report.run is None:
        yield _nothing(report)
    elif not dry_run:
        yield f"Import run {report.run}. What it changed: lossledger diff {report.run}"


def _nothing(report: "Report") -> str:
    """That nothing was appended, and why, where that is no question of what was refused."""
    if report.fates[Fate.REFUSED] or report.figures_refused:
        return "Nothing was appended."
    if not report.read:
        return "Nothing was appended: the file has no rows."
    return "Nothing was appended: the ledger has all of it already."


def say_refused(refusals: Refusals) -> None:
    """Say why rows were refused, each reason once; how many there are in the file, where they were written to one."""
    if not refusals.number:
        return
    if refusals.path is not None:
        say(f"{many(refusals.number, 'refused row')} in {refusals.path}")
        return
    for row, number in refusals.reasons:
        say(f"refused, {row.place}: {row.reason}")
        say(f"    {shortened(row.text, _SHOWN)}")
        if number > 1:
            say(f"    and {many(number - 1, 'more row')} for the same reason")
    others = refusals.number - sum(one.number for one in refusals.reasons)
    if others:
        say(f"and {many(others, 'refused row')} for other reasons")
    if refusals.number > len(refusals.reasons):
        say("write all of them to a file with --rejects FILE")


def _print_json(done: Done) -> None:
    import orjson

    report = done.report
    said = {
        "file": done.file,
        "dry_run": done.dry_run,
        "feed": report.feed,
        "feed_name": done.feed,
        "new_feed": report.new_list,
        "run": None if done.dry_run else report.run,
        "read": report.read,
        "rows": {fate.value: report.fates[fate] for fate in Fate},
        "no_longer_listed_but_held": report.vouched,
        "figures": report.figures,
        "figures_refused": report.figures_refused,
        "inferred": report.inferred,
        "older": report.older,
        "columns_not_read": list(done.left_out),
        "made": [one._asdict() for one in done.brought],
        "refused": [
            {"reason": row.reason, "rows": number, "first": {"place": row.place, "row": row.text}}
            for row, number in done.refusals.reasons
        ],
    }
    click.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2).decode())
