"""``release``: a tally that is frozen under a name."""

from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.catalogue import note_option, optional_reason
from lossledger.cli.options import (
    conflict_option,
    dry_run_option,
    format_option,
    one_format_option,
    reason_of,
    reason_option,
    words,
)
from lossledger.cli.render import Column, write
from lossledger.cli.telling import tell
from lossledger.core.fields import MAX_LINE, MAX_TEXT
from lossledger.core.text import checked, many, quoted
from lossledger.core.vocabulary import Verification

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.releases import Release

_COLUMNS = (
    Column("name", "Release"),
    Column("entry", "Entry", number=True),
    Column("recorded_at", "As of", whole=True),
    Column("conflict", "Conflict"),
    Column("counted", "Counted"),
    Column("state", "State", whole=True),
)
_MORE = (Column("id", "Id"), Column("hash", "Hash"), Column("note", "Note"), Column("why", "Withdrawn because"))


@click.group("release", short_help="Releases, tallies frozen for good: create, list, show, withdraw.")
def command() -> None:
    """Releases: tallies that are frozen under a name.

    A release keeps the entry after which it was made, with its hash, and how is counted. "tally --release NAME" gives
    that figure for good, whatever is recorded, renamed, moved or redacted since. A release is made once; its name never
    means another. One that turns out to be wrong is withdrawn, and can still be read.
    """


@command.command("create", short_help="Freeze the ledger as it stands.")
@click.argument("name")
@conflict_option
@click.option(
    "--verification",
    "verifications",
    metavar="WORD,...",
    multiple=True,
    help=f"What it counts. Of: {', '.join(Verification)}. Default: confirmed.",
)
@click.option("--own", is_flag=True, help="Count a side without the sides under it.")
@click.option("--joined", is_flag=True, help="Sum over feeds what is not merged.")
@note_option
@optional_reason
@dry_run_option
@pass_app
def create(app: App, /, name: str, **given: Any) -> None:
    """Freeze the ledger as it stands under a name, with how is counted where nothing else is asked.

    \b
    Examples:
      lossledger release create "Spring 2021"
      lossledger release create "Spring 2021, all feeds" --joined --note "for the report"
    """
    from lossledger.ledger import releases

    called = checked(name, "name", MAX_LINE, lines=False)
    note = checked(given["note"], "note", MAX_TEXT, lines=True) if given["note"] else None
    believed = words(given["verifications"], Verification, "verification") or (Verification.CONFIRMED.value,)
    reason = reason_of(given["reason"]) if given["reason"] else None
    with app.recording(reason, dry_run=given["dry_run"]) as journal:
        made = releases.create(
            journal,
            called,
            conflict=_conflict(journal.connection, given["conflict"]),
            verifications=believed,
            own=given["own"],
            joined=given["joined"],
            note=note,
        )
    tell(app, f"release {quoted(made.name)}: entry {made.entry}, hash {made.hash}", dry_run=given["dry_run"])


@command.command("list", short_help="List releases.")
@format_option()
@pass_app
def list_(app: App, /, form: str) -> None:
    """List releases, each with whether it stands, was withdrawn, or no longer fits the journal.

    \b
    Example:
      lossledger release list
    """
    from lossledger.cli.released import counted, instant
    from lossledger.queries.releases import altered, releases, withdrawal

    with app.reading() as connection:
        found = releases(connection)
        sound = [altered(connection, one.entry, one.hash, one.recorded_at) is None for one in found]
        ended = [withdrawal(connection, one) for one in found]
    people = form == "table"
    columns = _for_people(found) if people else (*_COLUMNS, *_MORE)
    rows = []
    for one, fits, end in zip(found, sound, ended, strict=True):
        state = "withdrawn" if one.withdrawn else "stands"
        told = one._asdict() | {"counted": counted(one), "state": state if fits else "altered"}
        told["why"] = end and end.reason
        told["recorded_at"] = instant(one) if people else one.recorded_at
        rows.append(tuple(told[column.key] for column in columns))
    if rows or not people:
        whys = [f"{quoted(one.name)}: {end.words}." for one, end in zip(found, ended, strict=True) if end]
        write(
            form,
            columns,
            rows,
            "\n".join((f"{many(len(found), 'release')}{_of(found) if people else ''}.", *whys)),
            close=True,
        )
    else:
        click.echo("No release yet; make one with: lossledger release create")


def _for_people(found: "list[Release]") -> tuple[Column, ...]:
    """The columns of a list of releases: their names need the room of a conflict that the caption says of all."""
    return tuple(column for column in _COLUMNS if not (_of(found) and column.key == "conflict"))


def _of(found: "list[Release]") -> str:
    """The one conflict that all are of, as it stands after their number; empty where there is none."""
    conflicts = {one.conflict for one in found}
    return f" of {conflicts.pop()}" if len(conflicts) == 1 and None not in conflicts else ""


@command.command("show", short_help="Show one release.")
@click.argument("name")
@one_format_option
@pass_app
def show(app: App, /, name: str, form: str) -> None:
    """Show a release: its figures then and now, what it was made of, what has changed since, and its history.

    \b
    Example:
      lossledger release show "Spring 2021"
    """
    from lossledger.cli.released import show_release
    from lossledger.queries.releases import the_release

    with app.reading() as connection:
        show_release(connection, the_release(connection, name), form)


@command.command("withdraw", short_help="Say that one is not to be used any more.")
@click.argument("name")
@reason_option
@dry_run_option
@pass_app
def withdraw(app: App, /, name: str, reason: str, dry_run: bool) -> None:
    """Say that a release is not to be used any more, and why. It can still be read, and its tallies say so.

    \b
    Example:
      lossledger release withdraw "Spring 2021" --reason "a list was imported twice"
    """
    from lossledger.ledger import releases
    from lossledger.queries.releases import named

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        found = named(journal.connection, name)
        releases.withdraw(journal, found.id)
    tell(app, f"release {quoted(found.name)}: withdrawn", dry_run=dry_run)


def _conflict(connection: "Connection", name: str | None) -> str | None:
    """The conflict that a release is of: the one named, set, or the only one; None where it is of several."""
    from lossledger.queries.names import the_conflict
    from lossledger.queries.told import subjects

    chosen = name is not None or subjects(connection, "setting", "conflict")
    if not chosen and len(subjects(connection, "conflict")) > 1:
        return None
    return the_conflict(connection, name)
