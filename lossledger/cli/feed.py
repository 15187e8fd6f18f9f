"""``feed``: the lists that losses come from, and what was imported of each."""

from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.catalogue import note_option
from lossledger.cli.options import Word, dry_run_option, format_option, one_format_option, reason_of, reason_option
from lossledger.cli.render import Cell, Column, Row, facts, fits, heading, table, write
from lossledger.cli.telling import tell
from lossledger.cli.terms import find
from lossledger.cli.typed import Fields, typed
from lossledger.core.links import canonical
from lossledger.core.names import fold
from lossledger.core.text import inert, many, quoted
from lossledger.core.vocabulary import Fate, Verification
from lossledger.errors import NothingFound, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.imports import Holding
    from lossledger.queries.told import Record

_FEEDS = (
    Column("slug", "Feed", whole=True),
    Column("name", "Name"),
    Column("publisher", "Publisher"),
    Column("belief", "Rows enter as"),
    Column("losses", "Losses", number=True),
    Column("last", "Last import"),
)

_RUNS = (
    Column("run", "Run", whole=True),
    Column("day", "Imported", whole=True),
    Column("file", "File"),
    Column("rows_read", "Rows", number=True),
    Column("became", "What became of them"),
)

_LATEST = 10
"""How many runs ``show`` shows."""


@click.group("feed", short_help="Feeds, the lists that losses come from: list, show, runs, change.")
def command() -> None:
    """Feeds, the lists that losses come from: list, show, runs, change.

    A feed is made by its first import; "own" holds what is typed in by hand.
    """


@command.command("list", short_help="List feeds with what each has.")
@click.argument("text", required=False)
@format_option()
@pass_app
def list_(app: App, /, text: str | None, form: str) -> None:
    """List feeds with what each has in the ledger; with TEXT, those that hold it in name or publisher.

    \b
    Examples:
      lossledger feed list
      lossledger feed list oryx --format json
    """
    from lossledger.queries.imports import Holding, holdings, runs
    from lossledger.queries.told import subjects

    with app.reading() as connection:
        found, held, imported = subjects(connection, "feed"), holdings(connection), runs(connection)
    chosen = [
        {"slug": slug, **record, **_holds(held.get(slug, Holding())), **_last(imported.get(slug, []))}
        for slug, record in sorted(found.items())
        if _matches(slug, record, text)
    ]
    if form == "table":
        _print_feeds(chosen)
    else:
        columns = [Column(name, name) for name in chosen[0]] if chosen else list(_FEEDS)
        write(form, columns, (tuple(record.values()) for record in chosen))
    if text and not chosen:
        raise NothingFound(f"no feed has {quoted(text)} in its name or publisher")


def _holds(holding: "Holding") -> "Record":
    """What a feed has: its losses that were not withdrawn, and its rows that it no longer lists."""
    return {"losses": holding.losses - holding.withdrawn, "no_longer_listed": holding.gone}


def _last(imported: list["Record"]) -> "Record":
    latest = imported[0] if imported else {}
    return {"imports": len(imported), **{f"last_{name}": latest.get(name) for name in ("imported_at", "file", "dated")}}


def _matches(slug: str, record: "Record", text: str | None) -> bool:
    return not text or any(fold(text) in fold(name or "") for name in (slug, record["name"], record["publisher"]))


def _print_feeds(chosen: list["Record"]) -> None:
    """Print a row a feed; where that does not fit on the screen, some lines a feed."""
    shown = [record | {"belief": _belief(record), "last": _last_import(record)} for record in chosen]
    rows: list[Row] = [tuple(record[column.key] for column in _FEEDS) for record in shown]
    number = f"{many(len(rows), 'feed')}."
    if fits(_FEEDS, rows):
        table(_FEEDS, rows, number, close=True)
        return
    for record in shown:
        click.echo(inert(record["slug"]))
        facts([(column.title.lower(), _worth(record[column.key])) for column in _FEEDS[1:]], 2)
        click.echo()
    click.echo(number)


def _worth(value: Cell) -> Cell:
    return f"{value:,}" if isinstance(value, int) else value


def _belief(record: "Record") -> str:
    """What a feed's rows enter with: "confirmed, by Oryx"."""
    verification = record["verification"] or Verification.CLAIMED
    by = record["verified_by"] if verification != Verification.CLAIMED else None
    return ", by ".join(part for part in (verification, by) if part)


def _last_import(record: "Record") -> str:
    """The day of the last import, and its file with its own day."""
    if not record["last_imported_at"]:
        return ""
    file = _file(record["last_file"], record["last_dated"])
    return ": ".join(part for part in (record["last_imported_at"][:10], file) if part)


@command.command("show", short_help="Show one with its latest imports and its history.")
@click.argument("name")
@one_format_option
@pass_app
def show(app: App, /, name: str, form: str) -> None:
    """Show a feed with what it has in the ledger, its latest import runs, and its history.

    \b
    Example:
      lossledger feed show own
    """
    from lossledger.cli.steps import print_steps
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.imports import Holding, holdings, runs
    from lossledger.queries.lineage import steps
    from lossledger.queries.told import subjects

    with app.reading() as connection:
        slug = find(connection, "feed", name, None)
        record = subjects(connection, "feed", slug)[slug] | _holds(holdings(connection).get(slug, Holding()))
        imported = runs(connection, slug).get(slug, [])
        done = steps(connection, "feed", slug)
        known = catalogue(connection)
    if form == "json":
        import orjson

        changes = [step._asdict() | {"changes": [change._asdict() for change in step.changes]} for step in done]
        told = {"slug": slug, **record, "runs": imported, "history": changes}
        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    click.echo(inert(f"Feed {record['name']}") + "\n")
    facts([("slug", slug), *((field.replace("_", " "), _worth(value)) for field, value in record.items())])
    if imported:
        heading(f"Imports: {_some(len(imported), slug)}")
        click.echo()
        _print_runs(imported[:_LATEST])
    heading("History")
    print_steps(done, "feed", known)


def _some(number: int, slug: str) -> str:
    if number <= _LATEST:
        return f"{number:,}"
    return f"the latest {_LATEST} of {number:,}; all of them: lossledger feed runs {slug}"


def _print_runs(imported: list["Record"], caption: str = "") -> None:
    rows = [
        (run["run"], run["imported_at"][:10], _file(run["file"], run["dated"]), run["rows_read"], _became(run))
        for run in imported
    ]
    table(_RUNS, rows, caption, close=True)


def _file(name: str | None, dated: str | None) -> str:
    """A file with the day that it was dated: "page.html, dated 2023-08-04"."""
    return ", ".join(part for part in (name, dated and f"dated {dated}") if part)


def _became(run: "Record") -> str:
    """What became of the rows of a run: "12 added, 3 refused"."""
    return ", ".join(f"{run[f'rows_{fate}']:,} {fate}" for fate in Fate if run[f"rows_{fate}"])


@command.command("runs", short_help="List the imports of one.")
@click.argument("name")
@format_option()
@pass_app
def runs_(app: App, /, name: str, form: str) -> None:
    """List a feed's import runs, the latest first, with what became of the rows of each.

    \b
    Examples:
      lossledger feed runs own
      lossledger feed runs own --format csv
    """
    from lossledger.queries.imports import RUN_FIELDS, runs

    with app.reading() as connection:
        slug = find(connection, "feed", name, None)
        imported = runs(connection, slug).get(slug, [])
    if form == "table" and imported:
        _print_runs(imported, f"{many(len(imported), 'import')} of {slug}. What one changed: lossledger diff RUN")
    elif form != "table":
        columns = [Column(field, field) for field in RUN_FIELDS]
        write(form, columns, (tuple(record.values()) for record in imported))
    if not imported:
        raise NothingFound(f"nothing was imported into feed {slug}")


@command.command("change", short_help="Change its fields.")
@click.argument("feed", metavar="NAME")
@click.option("--name", metavar="TEXT", help="What it is called; its slug stays.")
@click.option("--publisher", metavar="TEXT", help="Who publishes the list.")
@click.option("--licence", metavar="TEXT", help="Under which licence it may be used.")
@click.option("--credit", metavar="TEXT", help="How its makers want to be credited.")
@click.option("--url", metavar="URL", help="Where it stands; a file that names this address belongs to it.")
@click.option(
    "--verification",
    type=Word(Verification, "verification"),
    help=f"What its rows enter with from now on: {', '.join(Verification)}.",
)
@click.option("--verified-by", metavar="TEXT", help="Who believes them so.")
@note_option
@reason_option
@dry_run_option
@pass_app
def change(app: App, /, feed: str, **given: Any) -> None:
    """Change what is known of a feed; an empty text clears a field.

    Another verification goes for the rows that enter from now on. What is in the ledger stays as it is; for that, see:
    lossledger verify.

    \b
    Example:
      lossledger feed change own --credit "Ann and Ben" --reason "Ben has joined"
    """
    from lossledger.ledger import catalogue

    with app.recording(reason_of(given["reason"]), dry_run=given["dry_run"]) as journal:
        slug = find(journal.connection, "feed", feed, None)
        before, fields = journal.state("feed", slug), typed(journal.connection, "feed", given)
        _refuse_taken(journal.connection, slug, fields)
        after = catalogue.change(journal, "feed", slug, fields)
        if fields.get("verified_by") and after.get("verification") in (None, Verification.CLAIMED):
            raise Refused("--verified-by says who confirmed, disputed or rejected its rows; give --verification, too")
        said = (f"{name.replace('_', ' ')} {before.get(name, 'none')} -> {fields[name] or 'none'}" for name in fields)
    tell(app, f"feed {slug}: {', '.join(said)}", dry_run=given["dry_run"])


def _refuse_taken(connection: "Connection", slug: str, fields: Fields) -> None:
    """Refuse a name or a link by which another feed is known."""
    from lossledger.queries.told import subjects

    name, url = fields.get("name"), fields.get("url")
    for other, record in subjects(connection, "feed").items():
        if other == slug:
            continue
        if name and fold(name) in (fold(record["name"]), fold(other)):
            raise Refused(f"feed {other} is called {quoted(name)} already")
        if url and record["url"] and canonical(url) == canonical(record["url"]):
            raise Refused(f"feed {other} has this link already")
