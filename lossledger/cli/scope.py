"""The options by which a tally is narrowed, and the scope that they mean."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.options import conflict_option, names, words
from lossledger.core.days import known_on, parse_since, parse_until
from lossledger.core.text import quoted
from lossledger.core.vocabulary import OUTCOMES, Status, Verification
from lossledger.errors import NothingFound, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.releases import Release
    from lossledger.queries.scope import Scope

_TERMS = (
    conflict_option,
    click.option("--side", metavar="NAME", help="Only this side's losses, with those of the sides under it."),
    click.option("--own", is_flag=True, help="Without the sides under a side."),
    click.option("--category", "categories", metavar="NAME,...", multiple=True, help="Only these headings."),
    click.option("--group", "groups", metavar="NAME,...", multiple=True, help="Only these groups of headings."),
    click.option("--type", "types", metavar="NAME,...", multiple=True, help="Only these types, with their variants."),
    click.option("--feed", "feeds", metavar="NAME,...", multiple=True, help="Only from these feeds."),
)
_PERIOD = (
    click.option("--since", metavar="DAY", help="Only losses of this day and later."),
    click.option("--until", metavar="DAY", help="Only losses up to this day."),
)
_DAYS = (click.option("--as-of", metavar="DAY", help="As things stood at the end of this day."), *_PERIOD)
_KNOWN_ON = click.option(
    "--known-on", metavar="TIME|N", help="As the ledger knew it: a UTC time, a day, or an entry's number."
)

_RELEASE = click.option("--release", metavar="NAME", help="As a release froze it; see: lossledger release list.")


def _words(statuses: Iterable[str], default: str) -> tuple[Callable[..., Any], ...]:
    """The options on status and verification, with their words."""
    believed = f"Of: {', '.join(Verification)}. Default: {default}."
    return (
        click.option("--status", "statuses", metavar="WORD,...", multiple=True, help=f"Of: {', '.join(statuses)}."),
        click.option("--verification", "verifications", metavar="WORD,...", multiple=True, help=believed),
    )


def scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command every option that narrows a tally."""
    return _all(command, (*_TERMS, *_DAYS, *_words(Status, "confirmed"), _KNOWN_ON, _RELEASE))


def timeless_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command every option that narrows a tally, but for the day and the knowledge that it is taken as of."""
    return _all(command, (*_TERMS, *_PERIOD, *_words(Status, "confirmed")))


def known_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say what is known: by an entry or a time, or as a release froze it."""
    return _all(command, (_KNOWN_ON, _RELEASE))


def loss_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that narrow a list of losses as they are now."""
    return _all(command, (*_TERMS, *_DAYS, *_words(OUTCOMES, "all")))


def term_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that narrow by side, heading, type and feed alone."""
    return _all(command, _TERMS)


def _all(command: Callable[..., Any], options: tuple[Callable[..., Any], ...]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


def scope_of(
    connection: "Connection",
    given: dict[str, Any],
    verifications: tuple[str, ...],
    statuses: Iterable[str] = Status,
) -> "Scope":
    """The scope that a command's options mean; ``verifications`` where none are asked for.

    Errors: Refused for a name, a word or a day that cannot be; NothingFound for a time before the ledger began.
    """
    from lossledger.queries.scope import Scope

    release = _release(connection, given)
    conflict = _conflict(connection, given["conflict"], release)
    number = release.entry if release else _entry(connection, given["known_on"]) if given.get("known_on") else None
    if release and verifications == (Verification.CONFIRMED,):  # what counts unasked; else a command asks for others
        verifications = release.verifications
    slug_of = _resolver(connection, conflict, number)
    as_of, since, until = (given.get(name) for name in ("as_of", "since", "until"))
    scope = Scope(
        conflict=conflict,
        side=given["side"] and slug_of("side", given["side"]),
        own=given["own"] or (release is not None and release.own),
        categories=names(given["categories"], partial(slug_of, "category")),
        groups=words(given["groups"], groups_of(connection) if given["groups"] else (), "group"),
        types=names(given["types"], partial(slug_of, "type")),
        statuses=words(given.get("statuses", ()), statuses, "status"),
        feeds=names(given["feeds"], partial(slug_of, "feed")),
        verifications=words(given.get("verifications", ()), Verification, "verification") or verifications,
        as_of=as_of and parse_until(as_of),
        since=since and parse_since(since),
        until=until and parse_until(until),
        known_on=number,
        joined=given.get("joined", False) or (release is not None and release.joined),
        release=release,
    )
    if scope.since and scope.until and scope.since > scope.until:
        raise Refused(f"--since {since} lies after --until {until}")
    return scope


def _release(connection: "Connection", given: dict[str, Any]) -> "Release | None":
    """The release that is asked for. Errors: Refused with ``--known-on``; those of `queries.releases.the_release`."""
    from lossledger.queries.releases import the_release

    if not given.get("release"):
        return None
    if given["known_on"]:
        raise Refused("--release and --known-on both say what was known; give one of them")
    return the_release(connection, given["release"])


def _conflict(connection: "Connection", name: str | None, release: "Release | None") -> str:
    """The conflict that is meant; with a release the one that it is of, whatever is the default by now.

    Errors: Refused where none is named and it is not clear, or another is named than the release is of.
    """
    from lossledger.queries.names import resolve, the_conflict

    if release is None:
        return the_conflict(connection, name)
    if name is None and release.conflict is None:
        raise Refused(f"release {quoted(release.name)} is of several conflicts; choose with --conflict")
    slug = resolve(connection, "conflict", name) if name is not None else str(release.conflict)
    if release.conflict not in (None, slug):
        raise Refused(f"release {quoted(release.name)} is of conflict {release.conflict}, not of {slug}")
    return slug


def _resolver(connection: "Connection", conflict: str, known_on: int | None) -> Callable[[str, str], str]:
    """What gives the slug for a kind and a name: by the names of today, or by those of the time that is asked about.

    Errors: NothingFound where the conflict was not in the ledger by then.
    """
    from lossledger.queries.catalogue import states
    from lossledger.queries.names import resolve, resolve_then

    if known_on is None:
        return lambda kind, name: resolve(connection, kind, name, conflict)
    if not states(connection, "conflict", known_on).get(conflict):
        raise NothingFound(f"--known-on: conflict {conflict} was not in the ledger by entry {known_on}")
    return lambda kind, name: resolve_then(connection, kind, name, known_on, conflict)


def groups_of(connection: "Connection") -> list[str]:
    """The groups that the headings are in."""
    from sqlalchemy import select

    from lossledger.db.tables import SUBJECTS

    return sorted(set(connection.scalars(select(SUBJECTS["category"].c.group))))


def _entry(connection: "Connection", given: str) -> int:
    from lossledger.queries.history import head
    from lossledger.queries.tallies import entry_known_on

    asked = known_on(given)
    last = head(connection)
    number = asked if isinstance(asked, int) else entry_known_on(connection, asked)
    if number < 1:
        raise NothingFound(f"--known-on {given}: the ledger had no entry by then")
    if last is None or number > last.number:
        raise NothingFound(f"--known-on {given}: the ledger's last entry is {last.number if last else 0}")
    return number
