"""``duplicates``: losses that may stand in the ledger twice."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import Word, dry_run_option, format_option, reason_of
from lossledger.cli.render import Cell, Column, Row, screen_width, table, write
from lossledger.cli.scope import scope_of, term_options
from lossledger.cli.telling import tell
from lossledger.core.text import many
from lossledger.core.vocabulary import Verification
from lossledger.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.core.sameness import Pair, Reach, Seen
    from lossledger.ledger.joining import Joined
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.duplicates import Found

EXACT = "exact"

_COLUMNS = tuple(
    Column(key, key)
    for key in (
        *("score", "certain", "why", "id", "other", "feed", "other_feed", "side", "other_side"),
        *("type", "other_type", "outcome", "other_outcome", "day", "other_day"),
    )
)
_PEOPLE = (
    Column("score", "Score", number=True),
    Column("id", "Id", whole=True),
    Column("other", "Other", whole=True),
    Column("side", "Side"),
    Column("type", "Type"),
    Column("outcome", "Status"),
)
_WIDER = (Column("day", "Day"), Column("feed", "Feeds"))
_LAST = (Column("why", "Why"),)
_WIDE = 120
"""From this width on there is room for more columns."""

_MERGED = (Column("id", "id"), Column("merged_into", "merged_into"))


@click.command("duplicates", short_help="Find losses that stand in the ledger twice, and join them.")
@term_options
@click.option("--scene", metavar="NAME", help="Only losses of a scene, and what they may be the same as.")
@click.option("--days", metavar="N", type=click.IntRange(0, 366), help="How many days apart at most. Default: 1.")
@click.option(
    "--km", metavar="N", type=click.FloatRange(0, 1000), help="How many kilometres apart at most. Default: 5."
)
@click.option("--limit", metavar="N", type=click.IntRange(min=1, max=1_000_000_000), help="At most so many.")
@click.option("--merge", type=Word([EXACT], "merge"), help="exact: join the certain ones, as one act.")
@click.option("--reason", metavar="TEXT", help="Why they are joined. Default: what makes them certain.")
@dry_run_option
@format_option()
@pass_app
def command(app: App, /, **given: Any) -> None:
    """Find losses that stand in the ledger twice, and join the certain ones.

    Pairs belong to one scene, or share an evidence link, or agree in side, type and status and lie within some days
    and kilometres of each other. Those of scenes come first. The score, to 100, says how much they agree in. Losses
    that one list, or one post of a scene, tells apart are not compared with each other, and a link behind more than
    50 of them is taken for the list itself.

    Pairs also rest on different links of which the same file is held, or near-identical pictures: the distance says in
    how many of 144 bits these differ. A picture may be used twice, so that is said of any two losses, also of one list,
    whatever else they differ in. What such a picture shows, a person decides.

    With --merge exact those are joined that two feeds show behind the same link, with the same side and status: where
    a link shows several, equal types first, then a single one that is left over on each side. "undo" takes it back.

    \b
    Examples:
      lossledger duplicates --side ukraine --category "naval ships"
      lossledger duplicates --scene "column at the bridge"
      lossledger duplicates --merge exact --dry-run
    """
    reach = _reach(given)
    if given["merge"] is not None:
        _merge(app, given, reach)
        return
    if given["dry_run"] or given["reason"]:
        raise Refused("--dry-run and --reason go with --merge exact; without it nothing is joined")
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.duplicates import duplicates

    with app.reading() as connection:
        known = catalogue(connection)
        scope, scene = scope_of(connection, given, tuple(Verification)), _scene(connection, given)
        found = duplicates(connection, scope, known, reach, scene)
    _show(found, known, given["form"], given["limit"])


def _reach(given: dict[str, Any]) -> "Reach":
    from lossledger.queries.duplicates import REACH

    return REACH._replace(**{name: given[name] for name in ("days", "km") if given[name] is not None})


def _scene(connection: "Connection", given: dict[str, Any]) -> str | None:
    from lossledger.queries.scenes import the_scene

    return the_scene(connection, given["scene"]) if given["scene"] else None


def _merge(app: App, given: dict[str, Any], reach: "Reach") -> None:
    from lossledger.ledger.joining import join
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.duplicates import duplicates

    if given["limit"] is not None:
        raise Refused("--limit is for the list of pairs; --merge exact joins all that are certain")
    reason = reason_of(given["reason"] or "same link, side and status in two lists")
    with app.recording(reason, dry_run=given["dry_run"]) as journal:
        scope = scope_of(journal.connection, given, tuple(Verification))
        scene = _scene(journal.connection, given)
        joined = join(journal, duplicates(journal.connection, scope, catalogue(journal.connection), reach, scene))
    if given["form"] != "table":
        write(given["form"], _MERGED, joined.merged.items())
    _tell(app, joined, dry_run=given["dry_run"])


def _tell(app: App, joined: "Joined", *, dry_run: bool) -> None:
    """Say how many were joined, and how many were not and why."""
    number = many(len(joined.merged), "loss", "losses")
    line = f"{number} merged into the same one in another list" if joined.merged else "nothing certain to join"
    tell(app, line, dry_run=dry_run and bool(joined.merged))
    for why, count in joined.left.items():
        app.say(f"left for you to decide: {count:,} where {why}")


def _show(found: "Found", known: "Catalogue", form: str, limit: int | None) -> None:
    pairs = found.pairs[:limit]
    caption = _caption(found, limit)
    names = _Names(known)
    if form != "table":
        rows = (names.row(pair) for pair in pairs)
        write(form, _COLUMNS, (tuple(row[column.key] for column in _COLUMNS) for row in rows), caption)
    elif pairs:
        columns = (*_PEOPLE, *(_WIDER if screen_width() >= _WIDE else ()), *_LAST)
        table(columns, [names.shown(pair, columns) for pair in pairs], caption, "Possible duplicates", close=True)
    else:
        click.echo(caption)


def _caption(found: "Found", limit: int | None) -> str:
    """How many pairs there are and how many of them are certain, with the way to join these; what nobody can decide."""
    certain = sum(pair.certain for pair in found.pairs)
    first = f"The first {limit:,} of " if limit is not None and limit < len(found.pairs) else ""
    lines = [f"{first}{many(len(found.pairs), 'pair')}" if found.pairs else "No possible duplicates"]
    if certain:
        lines[0] += f", {certain:,} of them certain; join these with: lossledger duplicates --merge exact"
    lines[0] += "." if not certain else ""
    if found.undecided:
        lines.append(f"{many(len(found.undecided), 'link')} with several of a side and status left in both lists.")
    return "\n".join(lines)


class _Names:
    """Pairs as they are told: sides and types by name, feeds by slug, days as ISO texts."""

    def __init__(self, known: "Catalogue") -> None:
        self._sides, self._types = (
            {term.id: term.name for term in known.terms[kind].values()} for kind in ("side", "type")
        )
        self._feeds = {term.id: term.slug for term in known.terms["feed"].values()}

    def row(self, pair: "Pair") -> dict[str, Cell]:
        """A pair for programs, by the keys of its columns."""
        own: dict[str, Cell] = {"score": pair.score, "certain": pair.certain, "why": pair.why}
        own |= {"id": pair.one.uid, "other": pair.other.uid} | self._told(pair.one)
        return own | {f"other_{name}": value for name, value in self._told(pair.other).items()}

    def shown(self, pair: "Pair", columns: Sequence[Column]) -> Row:
        """A pair for people: what the two have in common once, what they have not with both values."""
        row = self.row(pair)
        one, other = self._told(pair.one), self._told(pair.other)
        both = {name: " / ".join(dict.fromkeys(str(said[name] or "-") for said in (one, other))) for name in one}
        return tuple((row | both)[column.key] for column in columns)

    def _told(self, seen: "Seen") -> dict[str, Cell]:
        day = None if seen.last is None else date.fromordinal(seen.last).isoformat()
        kind = None if seen.type is None else self._types[seen.type]
        feed, side = self._feeds[seen.feed], self._sides[seen.side]
        return {"feed": feed, "side": side, "type": kind, "outcome": seen.outcome, "day": day}
