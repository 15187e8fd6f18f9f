"""``published``: what others count."""

import re
from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.catalogue import note_option, optional_reason
from lossledger.cli.options import (
    Word,
    conflict_option,
    dry_run_option,
    format_option,
    one_format_option,
    reason_of,
    reason_option,
)
from lossledger.cli.press import shown_count
from lossledger.cli.render import Column, Row, table, write
from lossledger.cli.telling import published_line, tell
from lossledger.cli.typed import Fields, set_only, typed
from lossledger.core.days import parse_since
from lossledger.core.entered import past_days
from lossledger.core.fields import FLAG
from lossledger.core.text import many, quoted
from lossledger.core.vocabulary import Bound, PublishedKind, Span, Status
from lossledger.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.told import Record

_COLUMNS = (
    Column("what", "Counted by, what"),
    Column("count", "Count", number=True),
    Column("kind", "Kind", whole=True),
    Column("id", "Id", whole=True),
)
"""What people see: publisher, side and day stand in a heading, so that 80 columns hold the rest."""

_COUNT = re.compile(r"(?P<before>~|up to |<=|≤)?\s*(?P<digits>[0-9][0-9,]{0,17})\s*(?P<after>\+)?", re.IGNORECASE)


@click.group("published", short_help="Published tallies: list, show, add, accept.")
def command() -> None:
    """Published tallies: list, show, add, accept.

    Somebody else's count as of a day. An assertion is a count that the ledger holds a list for, so that
    "lossledger check" compares the two; a claim is only shown beside ours. Neither is ever added to losses.
    """


@command.command("list")
@conflict_option
@click.option("--side", metavar="NAME", help="Only of this side's losses.")
@click.option("--kind", type=Word(PublishedKind, "kind"), help=f"Of: {', '.join(PublishedKind)}.")
@format_option()
@pass_app
def list_(app: App, /, conflict: str | None, side: str | None, kind: str | None, form: str) -> None:
    """List what others count, by day.

    \b
    Examples:
      lossledger published list --side armenia --kind claim
      lossledger published list --format csv
    """
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.names import resolve, the_conflict
    from lossledger.queries.told import subjects

    with app.reading() as connection:
        within = the_conflict(connection, conflict)
        known = catalogue(connection)
        named = known.name("side", resolve(connection, "side", side, within)) if side else None
        chosen = [
            {"id": uid, **record}
            for uid, record in subjects(connection, "published").items()
            if record["conflict"] == known.name("conflict", within)
            and named in (None, record["side"])
            and kind in (None, record["kind"])
        ]
    chosen.sort(key=lambda one: (one["as_of"] or "9999", one["counted_by"], one["side"] or "", one["kind"], one["id"]))
    if form == "table":
        _print(chosen)
    else:
        columns = [Column(name, name) for name in chosen[0]] if chosen else list(_COLUMNS)
        write(form, columns, (tuple(record.values()) for record in chosen))


def _print(chosen: list["Record"]) -> None:
    """A table with a heading for each publisher, side and day, and what they counted under it."""
    rows: list[Row] = []
    heads = set()
    for heading, group in groupby(chosen, key=_heading):
        heads.add(len(rows))
        rows.append((heading, *[None] * (len(_COLUMNS) - 1)))
        rows += [tuple(_for_people(record)[column.key] for column in _COLUMNS) for record in group]
    caption = f"{many(len(chosen), 'published tally', 'published tallies')}."
    table(_COLUMNS, rows, caption, heads=frozenset(heads), close=True)


def _heading(record: "Record") -> str:
    day = f", as of {'~' if record['inferred'] else ''}{record['as_of']}" if record["as_of"] else ""
    return f"{record['counted_by']} on {record['side'] or 'all sides'}{day}"


def _for_people(record: "Record") -> "Record":
    return record | {
        "what": f"  {record['wording'] or _scope(record)}",
        "count": shown_count(record["quantity"], record["bound"], record["unit"]),
    }


def _scope(record: "Record") -> str:
    parts = [record[name].replace("|", ", ") for name in ("types", "categories", "groups", "statuses") if record[name]]
    # An assertion that names no headings means all of them; a claim means what we do not know.
    return "; ".join(parts) or ("everything" if record["kind"] == PublishedKind.ASSERTION else "losses")


@command.command("show")
@click.argument("id_", metavar="ID")
@one_format_option
@pass_app
def show(app: App, /, id_: str, form: str) -> None:
    """Show a published tally with all its fields and its history.

    \b
    Example:
      lossledger published show 66z3
    """
    from lossledger.cli.dossier import show_subject
    from lossledger.queries.names import whole_uid

    with app.reading() as connection:
        show_subject(connection, "published", whole_uid(connection, "published", id_), form)


@command.command("add", short_help="Add somebody else's count.")
@click.option("--kind", type=Word(PublishedKind, "kind"), default="claim", show_default=True, help="Or: assertion.")
@conflict_option
@click.option("--side", metavar="NAME", help="Whose losses were counted.")
@click.option("--own", is_flag=True, help="Without the sides under that side.")
@click.option("--feed", metavar="NAME", help="The list that should give it.")
@click.option("--source", metavar="ID", help="The source that says so.")
@click.option("--counted-by", metavar="NAME", required=True, help="Who counted.")
@click.option("--wording", metavar="TEXT", help="What was counted, in their words.")
@click.option("--category", "categories", metavar="NAME,...", multiple=True, help="What that is in our headings.")
@click.option("--group", "groups", metavar="NAME,...", multiple=True, help="What that is in our groups of headings.")
@click.option("--type", "types", metavar="NAME,...", multiple=True, help="What that is in our types.")
@click.option("--status", "statuses", metavar="WORD,...", multiple=True, help=f"Of: {', '.join(Status)}.")
@click.option("--span", type=Word(Span, "span"), help=f"Of: {', '.join(Span)}. Default: cumulative.")
@click.option("--since", metavar="DAY", help="The first day counted.")
@click.option("--as-of", metavar="DAY", help="The last day counted; ~ before it: inferred.")
@click.option("--count", metavar="N", help='How many: 200, "200+", "~200", "up to 200".')
@click.option("--unit", metavar="WORD", help="What the number counts, where not items: USD.")
@click.option("--rule-set", metavar="NAME", help="The rules they count by.")
@click.option("--caveat", metavar="TEXT", help="What has to be said with the number.")
@click.option("--entered", is_flag=True, help="Losses were entered from it, so that it proves nothing.")
@note_option
@optional_reason
@dry_run_option
@pass_app
def add(app: App, /, **given: Any) -> None:
    """Add somebody else's count; its id is printed, alone on standard output.

    \b
    Example:
      lossledger published add --side armenia --counted-by "Ministry of Defence" --wording tanks --category tanks \\
          --count 200+ --as-of 2020-10-12
    """
    from lossledger.ledger.published import publish

    reason = reason_of(given["reason"]) if given["reason"] else None
    with app.recording(reason, dry_run=given["dry_run"]) as journal:
        fields = set_only(_fields(journal.connection, given))
        uid = publish(journal, fields)
        state = journal.state("published", uid)
    which = "(new)" if given["dry_run"] else uid
    tell(app, f"published tally {which}: {published_line(state)}", dry_run=given["dry_run"])
    if not given["dry_run"]:
        click.echo(uid)


def _fields(connection: "Connection", given: Mapping[str, Any]) -> Fields:
    from lossledger.cli.options import words
    from lossledger.cli.scope import groups_of
    from lossledger.queries.names import the_conflict

    conflict = the_conflict(connection, given["conflict"])
    read = {
        **given,
        "conflict": conflict,
        "groups": words(given["groups"], groups_of(connection), "group"),
        "statuses": words(given["statuses"], Status, "status"),
        "since": given["since"] and parse_since(given["since"]),
        **_as_of(given["as_of"]),
        **_count(given["count"]),
    }
    return typed(connection, "published", read, conflict)


def _as_of(text: str | None) -> dict[str, Any]:
    if not text:
        return {"as_of": None}
    days = past_days(text, "as of")
    return {"as_of": days.latest, "inferred": FLAG if days.inferred else None}


def _count(text: str | None) -> dict[str, str]:
    """A count as the press gives it: its number, and how exactly it is meant. Errors: Refused where it is none."""
    if not text:
        return {}
    found = _COUNT.fullmatch(text.strip())
    if not found or (found["before"] and found["after"]):
        raise Refused(f'{quoted(text)} is no count; write 200, "200+", "~200" or "up to 200"')
    before = (found["before"] or "").strip()
    bound = Bound.ABOUT if before == "~" else Bound.AT_MOST if before else Bound.EXACT
    return {
        "quantity": str(int(found["digits"].replace(",", ""))),
        "bound": Bound.AT_LEAST.value if found["after"] else bound.value,
    }


@command.command("accept", short_help="Accept that a count differs from ours.")
@click.argument("id_", metavar="ID")
@reason_option
@dry_run_option
@pass_app
def accept(app: App, /, id_: str, reason: str, dry_run: bool) -> None:
    """Acknowledge that an assertion differs from our count, and why; it is no finding from then on.

    \b
    Example:
      lossledger published accept 66z3 --reason "they count one tank twice"
    """
    from lossledger.ledger import published
    from lossledger.queries.names import whole_uid

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        uid = whole_uid(journal.connection, "published", id_)
        published.accept(journal, uid)
    tell(app, f"published tally {uid}: its difference is accepted", dry_run=dry_run)
