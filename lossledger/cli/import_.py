"""``import``: a foreign list enters the ledger."""

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lossledger import config
from lossledger.cli.app import App, pass_app
from lossledger.cli.options import Word, conflict_option, dry_run_option, one_format_option, reason_of
from lossledger.core.days import last_day_not_future, parse_day, refuse_future
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked
from lossledger.core.vocabulary import FORMATS
from lossledger.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.feeds.mapping import ColumnMap
    from lossledger.feeds.opening import Opened
    from lossledger.feeds.records import Source

_TIDIED_AFTER = 50_000
"""Records after which garbage is collected: statements with many parameters leave some 130 bytes a row behind."""


@click.command("import", short_help="Take in a list: an Oryx page, WarSpotting, any table.")
@click.argument("file", metavar="FILE")
@click.option(
    "--as", "as_", type=Word(FORMATS, "format"), help=f"What it is: {', '.join(FORMATS)}. Default: found out."
)
@click.option("--map", "columns", metavar="MAP", help="A table's columns: side=country,type=system,... or a TOML file.")
@click.option("--feed", metavar="NAME", help="The feed that it belongs to. Default: the list's own.")
@click.option("--dated", metavar="DAY", help="The day of the file; it dates, as inferred, rows without a day.")
@click.option("--snapshot", is_flag=True, help="It is the whole list: withdraw what it no longer has.")
@click.option("--anyway", is_flag=True, help="Take a snapshot that is older than the last, or lacks over a fifth.")
@click.option("--create-sides", is_flag=True, help="Make the sides that the ledger lacks.")
@click.option("--rejects", metavar="FILE", type=click.Path(dir_okay=False), help="Write refused rows to a CSV file.")
@conflict_option
@click.option("--reason", metavar="TEXT", help="Why. Default: the file's name.")
@dry_run_option
@one_format_option
@click.pass_context
@pass_app
def command(app: App, ctx: click.Context, /, **given: Any) -> None:
    """Take in a list: an Oryx page, WarSpotting, any table.

    FILE is a file, one packed with gzip, or - for standard input. Every row becomes a loss of the list's feed, follows
    what the list says by now, or is listed as refused; the counts add up to the rows read. What a person here has set
    is never overwritten: the difference is held, for review. Exits 3 where rows were refused; the others are in.

    The data package of another ledger (export datapackage), a folder or a zip, is entered with its ids and its feeds;
    what is here already stays as it is.

    \b
    Examples:
      lossledger import page.html.gz --dated 2023-08-04
      lossledger import losses.csv --snapshot --dry-run
      lossledger import valley.zip
      lossledger import table.csv --map side=country,type=system,source=url
    """
    from lossledger.feeds.package_files import is_ledgers

    if given["as_"] is None and is_ledgers(given["file"]):
        _take_package(app, given)
        return
    from lossledger.cli.imported import Done, Refusals, brought, print_report, refuse_overwriting
    from lossledger.cli.progress import progress
    from lossledger.core.vocabulary import Fate
    from lossledger.feeds.formats import read
    from lossledger.feeds.opening import opened
    from lossledger.ledger.ingest import Order, ingest
    from lossledger.queries.names import the_conflict

    day, columns = _day(given["dated"]), _column_map(given["columns"])
    refuse_overwriting(given["rejects"], Path(given["file"]), config.ledger_file(app.location))
    refusals, dry_run = Refusals(given["rejects"]), given["dry_run"]
    with (
        opened(given["file"]) as list_,
        app.recording(_reason(given["reason"], list_), dry_run=dry_run, much=list_.size > _MUCH) as journal,
    ):
        reading = read(list_, given["as_"], columns)
        if given["file"] == "-" and not given["feed"] and reading.source.name == list_.name:
            raise Refused("standard input has no name that its feed could go by; give one with --feed")
        if given["feed"]:
            reading = replace(reading, source=_named(journal.connection, reading.source, given["feed"]))
        order = Order(
            conflict=the_conflict(journal.connection, given["conflict"]),
            feed=reading.source.slug if given["feed"] else None,
            file=list_.name,
            sha256=list_.sha256,
            dated=day,
            snapshot=given["snapshot"],
            create_sides=given["create_sides"],
            anyway=given["anyway"],
        )
        with progress(list_.size) as shown, refusals:
            report = ingest(
                journal,
                reading,
                order,
                refuse=refusals.take,
                tell=_tidying(lambda read: shown(list_.consumed, f"{read:,} rows")),
            )
        feed = journal.state("feed", report.feed).get("name", reading.source.name)
        done = Done(report, list_.name, feed, brought(journal, report), refusals, dry_run, reading.left_out)
    print_report(done, given["form"])
    if report.fates[Fate.REFUSED] or report.figures_refused:
        ctx.exit(3)


_MUCH = 100_000
"""From how many bytes on a file is large."""

_OF_LISTS = ("columns", "feed", "dated", "snapshot", "anyway", "create_sides", "rejects", "conflict")
"""Options that say how a list is to be read."""


def _take_package(app: App, given: dict[str, Any]) -> None:
    """Enter what a ledger has exported, under its own ids and feeds. Errors: Refused for a journal that is not ours."""
    from lossledger.cli.pack import take
    from lossledger.ledger.packs import opened
    from lossledger.queries.history import head

    if any(given[name] for name in _OF_LISTS):
        raise Refused(
            "this is the data package of a ledger, which is taken in as it is; to read its losses as one list, which "
            "these options are for, add: --as package"
        )
    with opened(given["file"]) as pack:
        journal_head = pack.journal_head
    if journal_head is not None:
        with app.reading() as connection:
            last = head(connection)
        if last is None or f"{last.number}:{last.hash.hex()}" != journal_head:
            raise Refused(
                f"{given['file']} takes its journal along, and that can only begin a ledger: lossledger --db NEW init "
                f"--from {given['file']}; for what stands in it by now, use: lossledger pack add {given['file']}"
            )
    take(app, given["file"], given["reason"], dry_run=given["dry_run"])


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    day = parse_day(text)
    refuse_future(day, today=last_day_not_future(), what="the file's day")
    return day


def _column_map(text: str | None) -> "ColumnMap | None":
    """A map of columns, typed in one line or in a TOML file."""
    from lossledger.feeds.mapping import load_map, parse_map

    if text is None:
        return None
    return parse_map(text) if "=" in text else load_map(Path(text))


def _reason(text: str | None, list_: "Opened") -> str:
    return f"import of {list_.name}" if text is None else reason_of(text)


def _named(connection: "Connection", source: "Source", feed: str) -> "Source":
    """The list as the feed that a user names: one that is known, else a new one of that name."""
    from lossledger.core.names import fold, slug
    from lossledger.queries.names import owner_of

    name = checked(feed, "feed", MAX_LINE, lines=False)
    known = owner_of(connection, "feed", fold(name))
    return replace(source, slug=known or slug(name) or source.slug, name=name)


def _tidying(tell: Callable[[int], None]) -> Callable[[int], None]:
    """Has garbage collected now and then: a command is too short for it, but a long import is not."""
    tidied = 0

    def told(read: int) -> None:
        nonlocal tidied
        tell(read)
        if read - tidied >= _TIDIED_AFTER:
            gc.collect()
            tidied = read

    return told
