"""``diff``: what changed a tally."""

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.explained import BY, Asked, explain
from lossledger.cli.options import format_option
from lossledger.cli.scope import scope_of, timeless_options
from lossledger.core.days import known_on, parse_until
from lossledger.core.digest import is_uid_beginning
from lossledger.core.text import quoted
from lossledger.errors import NothingFound, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Known(NamedTuple):
    """An end of what is compared: the last entry that is known there, how that is said, and the run that it is."""

    number: int
    said: str
    run: str | None = None


_OF_RELEASE = "release:"
"""How a release is named where an entry, a day or a run may stand as well."""


@click.command("diff", short_help="Explain what changed a tally.")
@click.argument("start", metavar="[FROM]", required=False)
@click.argument("end", metavar="[TO]", required=False)
@click.option("--by", metavar="WORD,...", multiple=True, help=f"Tell it by any of: {', '.join(BY)}. Default: cause.")
@timeless_options
@click.option("--as-of", metavar="DAY[..DAY]", help="As things stood at the end of this day, or of these two.")
@click.option("--joined", is_flag=True, help="Sum over feeds what is not merged.")
@click.option("--items", is_flag=True, help="Every loss that changed, with both values.")
@click.option("--fields", is_flag=True, help="Only how many rows changed, field by field.")
@format_option()
@pass_app
def command(app: App, /, start: str | None, end: str | None, **given: Any) -> None:
    """Explain what changed a tally.

    FROM and TO say what was known: an entry's number, a day or a UTC time as in --known-on, a release as
    "release:NAME", or an import run, which means the ledger as that run left it. Without TO: up to now; but a run
    alone: what that run changed. Two days of the war itself are compared by --as-of DAY..DAY, with or without FROM and
    TO.

    Every loss that moved the tally is told once, by its first cause: what came (new; back-filled, of a day that the
    first tally had reached; split), what went (gone from its list, withdrawn, merged), what changed (side, type,
    heading, status, verification, quantity, day). The changes always add up to the difference of the two tallies.
    Beside that it is said, field by field, how many rows changed, and how many of them moved nothing. A row that a
    list writes otherwise than before is counted by the list's own words, any other by its fields in the ledger.

    \b
    Examples:
      lossledger diff 2022-05-01 2022-06-01 --side russia
      lossledger diff k3j2ab7xyq                    what this import changed
      lossledger diff k3j2ab7xyq 5mw2c4dqna         from one import to another
      lossledger diff 120 --items
      lossledger diff release:spring-2021
      lossledger diff 120 --by cause,type --format csv
      lossledger diff --as-of 2022-03-01..2022-04-01 --side ukraine
    """
    from lossledger.queries.changes import changes

    if given["items"] and given["fields"]:
        raise Refused("--items and --fields are two lists; ask for one of them")
    with app.reading() as connection:
        asked = _asked(connection, start, end, given)
        found = changes(connection, asked.scope, asked.start, asked.end)
    explain(found, asked, given)


def _asked(connection: "Connection", start: str | None, end: str | None, given: dict[str, Any]) -> Asked:
    """What is compared: the scope, by the names of its end, and both points.

    Errors: Refused for points that cannot be, or stand in the wrong order; NothingFound for one beyond the ledger.
    """
    from lossledger.queries.points import Point

    if start is None and ".." not in (given["as_of"] or ""):
        raise Refused("diff needs two points: FROM and TO, or two days of the war with --as-of DAY..DAY")
    newest = _newest(connection)
    first, last, between = _ends(connection, start, end, newest)
    earlier, later = _days(given["as_of"])
    if first.number > last.number:
        raise Refused(f"FROM, {first.said}, lies after TO, {last.said}; give the earlier one first")
    names_of = str(last.number) if last.number < newest else None
    scope = scope_of(connection, given | {"as_of": None, "known_on": names_of}, ("confirmed",))
    hint = ""
    if first.number == last.number and earlier == later:
        if first.run:
            hint = f"What an import changed is told where it is named alone: lossledger diff {first.run}"
        elif _plain_days(start, end):
            hint = f"No entry was recorded between them. Two days of the war: --as-of {start}..{end}"
    return Asked(scope, Point(first.number, earlier), Point(last.number, later), between, hint)


def _newest(connection: "Connection") -> int:
    from lossledger.queries.history import head

    last = head(connection)
    return last.number if last else 0


def _ends(connection: "Connection", start: str | None, end: str | None, newest: int) -> tuple[Known, Known, str]:
    """Both ends of what was known, and what lies between them in words: "from entry 30 to now (entry 45)"."""
    now = Known(newest, f"now (entry {newest})")
    if start is None:
        return now, now, "as known now"
    if end is None and (found := _run(connection, start)):
        run, begins, ends = found
        return Known(begins - 1, ""), Known(ends, ""), f"by import {run} (entries {begins} to {ends})"
    first = _known(connection, start, newest, "FROM")
    last = now if end is None else _known(connection, end, newest, "TO")
    if last.number < 1:
        hint = f"; two days of the war: --as-of {start}..{end}" if _plain_days(start, end) else ""
        raise NothingFound(f"TO {end}: the ledger had no entry by then{hint}")
    if first.number == last.number:
        return first, last, "as known now" if last is now else f"as known {'after' if last.run else 'on'} {last.said}"
    return first, last, f"from {first.said} to {last.said}"


def _known(connection: "Connection", given: str, newest: int, which: str) -> Known:
    from lossledger.queries.tallies import entry_known_on

    if given.startswith(_OF_RELEASE):
        from lossledger.queries.releases import the_release

        release = the_release(connection, given.removeprefix(_OF_RELEASE))
        return Known(release.entry, f"release {quoted(release.name)} (entry {release.entry})")
    if found := _run(connection, given):
        run, _, ends = found
        return Known(ends, f"import {run} (entry {ends})", run)
    asked = known_on(given)
    number = asked if isinstance(asked, int) else entry_known_on(connection, asked)
    if number > newest:
        raise NothingFound(f"{which} {given}: the ledger's last entry is {newest}")
    if number < 1:
        return Known(0, "before the first entry")
    return Known(number, f"entry {number}" if isinstance(asked, int) else f"{given} (entry {number})")


def _run(connection: "Connection", given: str) -> tuple[str, int, int] | None:
    """The import run that is meant, with its first and its last entry; None where a number or a day is."""
    from lossledger.queries.names import whole_uid
    from lossledger.queries.points import entries_of_run

    uid = given.strip().lower()
    if not is_uid_beginning(uid):
        return None
    if not uid.isdigit():  # Digits are an entry's number, unless they are a whole id.
        uid = whole_uid(connection, "import", uid)
    found = entries_of_run(connection, uid)
    return None if found is None else (uid, *found)


def _days(given: str | None) -> tuple[str | None, str | None]:
    """The days of the war at both ends: two that are given, or the same one twice."""
    if given is None:
        return None, None
    first, dots, last = given.partition("..")
    earlier = parse_until(first)
    later = parse_until(last) if dots else earlier
    if earlier > later:
        raise Refused(f"--as-of {quoted(given)} ends before it begins")
    return earlier, later


def _plain_days(*given: str | None) -> bool:
    """Whether both ends are days, which might have been meant as days of the war."""
    return all(one is not None and "-" in one and ":" not in one for one in given)
