"""``source``: where reports stand."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.catalogue import note_option, optional_reason
from lossledger.cli.fields import DATE_FORMS
from lossledger.cli.judging import RELIABILITY
from lossledger.cli.options import Word, dry_run_option, format_option, one_format_option, reason_of, reason_option
from lossledger.cli.render import Column, write
from lossledger.cli.telling import tell
from lossledger.cli.terms import reposted
from lossledger.cli.typed import Fields, dated, set_only, typed
from lossledger.cli.where import conditions_of, where_option
from lossledger.core.days import show_days
from lossledger.core.text import many
from lossledger.core.vocabulary import NOT_JUDGED, SourceKind
from lossledger.errors import NothingFound, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.told import Record

_COLUMNS = (
    Column("id", "Id", whole=True),
    Column("day", "Day", whole=True),
    Column("who", "Publisher"),
    Column("title", "Title"),
    Column("reliability", "Rel.", whole=True),
)

_OPTIONS = (
    click.option("--url", metavar="URL", help="The link."),
    click.option("--title", metavar="TEXT", help="Its title."),
    click.option("--publisher", metavar="TEXT", help="Who published it."),
    click.option("--author", metavar="TEXT", help="Who wrote it."),
    click.option("--party", metavar="TEXT", help="The party that speaks: Blueland's ministry."),
    click.option("--date", metavar="DAYS", help=f"When it was published: {DATE_FORMS}"),
    click.option("--kind", type=Word(SourceKind, "kind"), help=f"Of: {', '.join(SourceKind)}."),
    click.option(
        "--reliability",
        type=RELIABILITY,
        help="A (completely reliable) to E (unreliable), F: cannot be judged. Default: not judged.",
    ),
    click.option("--archived", metavar="URL", help="The link to a copy in an archive."),
    note_option,
)


def _source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group("source", short_help="Sources: list, show, add, change, merge.")
def command() -> None:
    """Sources: list, show, add, change, merge."""


@command.command("list")
@click.argument("text", required=False)
@where_option
@click.option("--merged", is_flag=True, help="Also those merged into another.")
@format_option()
@pass_app
def list_(app: App, /, text: str | None, where: tuple[str, ...], merged: bool, form: str) -> None:
    """List sources by day; with TEXT, those that hold it in title, publisher, author or link.

    With --where as in "lossledger list", by the fields source, host, url, title, publisher, author, party, kind,
    reliability, archived, file, media_type, health, looked_at, gone_on, and losses: how many rest on it.

    \b
    Examples:
      lossledger source list
      lossledger source list oryx --format json
      lossledger source list --where '!reliability' --where losses=10..
      lossledger source list --where health=gone --where '!file'
    """
    from lossledger.queries.source_filters import sources_met
    from lossledger.queries.told import subjects

    asked = conditions_of(where)
    with app.reading() as connection:
        found = subjects(connection, "source")
        if asked:
            met = sources_met(connection, asked)
            found = {uid: record for uid, record in found.items() if uid in met}
    chosen = [
        {"id": uid, **record}
        for uid, record in sorted(found.items(), key=lambda item: (item[1]["latest"] or "9999", item[0]))
        if (merged or not record["merged_into"]) and _matches(record, text)
    ]
    nothing = (text or where) and not chosen
    if form != "table":
        columns = [Column(name, name) for name in chosen[0]] if chosen else list(_COLUMNS)
        write(form, columns, (tuple(record.values()) for record in chosen))
    elif not nothing:
        rows = [tuple(_for_people(record)[column.key] for column in _COLUMNS) for record in chosen]
        write(form, _COLUMNS, rows, f"{many(len(rows), 'source')}.", close=True)
    if nothing:
        raise NothingFound("no source matches" if where else "no source holds this text")


def _matches(record: "Record", text: str | None) -> bool:
    wanted = (text or "").casefold()
    return any(wanted in (record[name] or "").casefold() for name in ("title", "publisher", "author", "party", "url"))


def _for_people(record: "Record") -> "Record":
    return record | {
        "day": show_days(record["latest"], record["latest"], inferred=record["inferred"]),
        "who": record["publisher"] or record["author"] or record["party"],
        "title": record["title"] or record["url"],
    }


@command.command("show")
@click.argument("id_", metavar="ID")
@one_format_option
@pass_app
def show(app: App, /, id_: str, form: str) -> None:
    """Show a source, how many losses rest on it, and its history.

    \b
    Example:
      lossledger source show n7m3
    """
    from lossledger.cli.dossier import show_subject
    from lossledger.queries.names import whole_uid

    with app.reading() as connection:
        show_subject(connection, "source", whole_uid(connection, "source", id_), form)


@command.command("add", short_help="Add a source.")
@_source_options
@optional_reason
@dry_run_option
@pass_app
def add(app: App, /, **given: Any) -> None:
    """Add a source; its id is printed, alone on standard output.

    \b
    Example:
      lossledger source add --url https://example.org/1 --publisher "The Counters" --date 2020-10-08 --reliability B
    """
    from lossledger.ledger.catalogue import create

    reason = reason_of(given["reason"]) if given["reason"] else None
    with app.recording(reason, dry_run=given["dry_run"]) as journal:
        fields = set_only(_fields(journal.connection, given))
        if not any(name in fields for name in ("url", "title", "publisher", "author", "party")):
            raise Refused("a source needs something to know it by: --url, --title, --publisher, --author or --party")
        _refuse_known(journal.connection, fields.get("url"))
        uid = create(journal, "source", fields)
    tell(app, f"source {'(new)' if given['dry_run'] else uid}: {_called(fields)}", dry_run=given["dry_run"])
    if not given["dry_run"]:
        click.echo(uid)


def _fields(connection: "Connection", given: Mapping[str, Any]) -> Fields:
    return dated(typed(connection, "source", given), given["date"])


def _refuse_known(connection: "Connection", url: str | None) -> None:
    from lossledger.queries.likeness import source_of_link

    known = source_of_link(connection, url) if url else None
    if known is not None:
        raise Refused(f"source {known} has this link already")


def _called(fields: Mapping[str, str]) -> str:
    return next((fields[name] for name in ("title", "url", "publisher", "author", "party") if name in fields), "")


@command.command("change", short_help="Change its fields.")
@click.argument("id_", metavar="ID")
@_source_options
@reason_option
@dry_run_option
@pass_app
def change(app: App, /, id_: str, **given: Any) -> None:
    """Correct what is known of a source; an empty text clears a field.

    Its reliability holds wherever it is cited. How credible it is what it says of one loss: lossledger evidence judge.

    \b
    Examples:
      lossledger source change n7m3 --reliability B --reason "has been right so far"
      lossledger source change n7m3 --reliability "not judged" --reason "too few to tell"
    """
    from lossledger.ledger import catalogue
    from lossledger.queries.names import whole_uid

    with app.recording(reason_of(given["reason"]), dry_run=given["dry_run"]) as journal:
        uid = whole_uid(journal.connection, "source", id_)
        before = journal.state("source", uid)
        fields = _fields(journal.connection, given)
        if fields.get("url") != before.get("url"):
            _refuse_known(journal.connection, fields.get("url"))
        after = catalogue.change(journal, "source", uid, fields)
        nothing = {name: NOT_JUDGED if name == "reliability" else "none" for name in fields}
        said = ", ".join(f"{name} {before.get(name, no)} -> {after.get(name, no)}" for name, no in nothing.items())
    tell(app, f"source {uid}: {said}", dry_run=given["dry_run"])


@command.command("merge", short_help="Say that two are one.")
@click.argument("duplicate")
@click.argument("kept")
@reason_option
@dry_run_option
@pass_app
def merge(app: App, /, duplicate: str, kept: str, reason: str, dry_run: bool) -> None:
    """Say that two sources are one: the evidence of the duplicate goes to the one kept.

    \b
    Example:
      lossledger source merge 4s2x n7m3 --reason "the same article"
    """
    from lossledger.ledger import catalogue
    from lossledger.queries.names import whole_uid

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        uids = [whole_uid(journal.connection, "source", uid) for uid in (duplicate, kept)]
        catalogue.merge(journal, "source", *uids)
        moved = reposted(journal, "moved along")
    tell(app, f"source {uids[0]}: merged into {uids[1]}{moved}", dry_run=dry_run)
