"""``export csv``, ``jsonl``, ``geojson``, ``parquet``, ``xlsx``, ``sqlite``: open data, as the public view has it."""

from collections.abc import Callable
from typing import Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.files import output_options
from lossledger.cli.options import Word
from lossledger.cli.scope import scope_options
from lossledger.cli.where import where_option

ALL = "all"
PERIODS = ("day", "week", "month", "year")
TABLES = ("losses", "evidence", "sources", "tally", "timeline", "published")

_FILTERS = (
    scope_options,
    where_option,
    click.option("--merged", is_flag=True, help="Also losses merged into another."),
    click.option("--withdrawn", is_flag=True, help="Also losses withdrawn."),
    click.option("--by", metavar="WORD,...", multiple=True, help="What a tally or a timeline is taken by."),
    click.option("--every", type=Word(PERIODS, "--every"), help="The period of a timeline. Default: month."),
    output_options,
)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def _what(*more: str) -> Callable[..., Any]:
    """The argument that says what is exported."""
    return click.argument("what", metavar="[WHAT]", type=Word((*TABLES, *more), "what to export"), default=TABLES[0])


@click.command("csv", short_help="Losses, tallies or everything as CSV.")
@_what(ALL)
@_options
@pass_app
def csv(app: App, /, **given: Any) -> None:
    """Write losses (or evidence, sources, tally, timeline, published) as CSV: UTF-8, ISO dates, no formulas.

    A file gets another beside it that describes it, NAME.csv-metadata.json, as CSV on the Web has it: what it holds,
    when and from which head it was made, the filters, the public view, licences and credits. To standard output goes
    the table alone, and the rest to standard error. With "all", every table goes to a folder.

    \b
    Examples:
      lossledger export csv > losses.csv
      lossledger export csv tally --side armenia --by category,status -o armenia.csv
      lossledger export csv all -o data/
    """
    _export(app, "csv", given)


@click.command("jsonl", short_help="The same as JSON lines.")
@_what(ALL)
@_options
@pass_app
def jsonl(app: App, /, **given: Any) -> None:
    """Write losses (or evidence, sources, tally, timeline, published) as JSON lines: an object a row.

    What describes a file is written beside it, as for CSV.

    \b
    Examples:
      lossledger export jsonl --since 2020-10-08 > losses.jsonl
      lossledger export jsonl evidence -o evidence.jsonl
    """
    _export(app, "jsonl", given)


@click.command("geojson", short_help="Losses with coordinates, for maps.")
@_options
@pass_app
def geojson(app: App, /, **given: Any) -> None:
    """Write the losses that have coordinates as GeoJSON (RFC 7946), a feature each.

    How many have none stands in the collection's metadata.

    \b
    Example:
      lossledger export geojson --category tanks -o tanks.geojson
    """
    _export(app, "geojson", given | {"what": TABLES[0]})


@click.command("parquet", short_help="The same as Parquet, with typed columns.")
@_what(ALL)
@_options
@pass_app
def parquet(app: App, /, **given: Any) -> None:
    """Write losses (or evidence, sources, tally, timeline, published) as Parquet, with typed columns.

    What describes a file stands in its own metadata, under "lossledger". With "all", every table goes to a folder.

    \b
    Examples:
      lossledger export parquet -o losses.parquet
      lossledger export parquet all -o data/
    """
    _export(app, "parquet", given)


@click.command("xlsx", short_help="The same as a workbook.")
@_what(ALL)
@_options
@pass_app
def xlsx(app: App, /, **given: Any) -> None:
    """Write losses (or evidence, sources, tally, timeline, published) as a workbook, with a page of what it is.

    With "all", every table is a page. Nothing in it is a formula. What is changed there does not come back: for that,
    see "lossledger sheet".

    \b
    Examples:
      lossledger export xlsx -o losses.xlsx
      lossledger export xlsx all --conflict ukraine-2022 -o ukraine.xlsx
    """
    _export(app, "xlsx", given)


@click.command("sqlite", short_help="Everything that is public, as a database.")
@output_options
@pass_app
def sqlite(app: App, /, **given: Any) -> None:
    """Write everything that is public as an SQLite database, with views of plain names and a table "about".

    It is a ledger as well: tallies, also as known on some day, and history can be asked of it with --db.

    \b
    Examples:
      lossledger export sqlite -o public.db
      lossledger --db public.db tally
    """
    _export(app, "sqlite", given)


def _export(app: App, form: str, given: dict[str, Any]) -> None:
    from lossledger.cli import exporting

    exporting.export(app, form, given)
