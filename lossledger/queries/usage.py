"""What is named how often in a ledger: the order in which names are offered to one who types."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from lossledger.core.fields import REDACTED
from lossledger.db.tables import SUBJECTS, loss
from lossledger.queries.names import own_names_first, spellings

_PLACES = 2000
"""How many places are offered at most: those that are named most often."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The names of a conflict by what they stand for, and how often each is used."""

    sides: dict[str, str]
    """Every spelling of a side with the side's slug; so with types and headings."""
    types: dict[str, str]
    categories: dict[str, str]
    used_sides: Counter[str]
    used_types: Counter[tuple[str, str]]
    """How many losses each side has of each type, by their slugs."""
    places: Counter[str]


def usage(connection: Connection, conflict: str) -> Usage:
    """What can be named in a conflict, and how often it is named."""
    sides, types = SUBJECTS["side"], SUBJECTS["type"]
    # Counted by row ids first, along an index that holds both.
    counted = (
        select(loss.c.side_id, loss.c.type_id, func.count().label("times"))
        .where(loss.c.type_id.is_not(None))
        .group_by(loss.c.side_id, loss.c.type_id)
        .subquery()
    )
    by_type = (
        select(sides.c.slug, types.c.slug, counted.c.times)
        .select_from(counted)
        .join(sides, sides.c.id == counted.c.side_id)
        .join(types, types.c.id == counted.c.type_id)
    )
    used_types = Counter({(side, type_): number for side, type_, number in connection.execute(by_type)})
    used_sides: Counter[str] = Counter()
    for (side, _), number in used_types.items():
        used_sides[side] += number
    times = func.count().label("times")
    in_words = (
        select(loss.c.place, times)
        .where(loss.c.place.is_not(None), loss.c.place != REDACTED)
        .group_by(loss.c.place)
        .order_by(times.desc(), loss.c.place)
        .limit(_PLACES)
    )
    prefix = f"{conflict}/"
    return Usage(
        sides={name: slug for name, slug in _spelt(connection, "side").items() if slug.startswith(prefix)},
        types=_spelt(connection, "type"),
        categories=_spelt(connection, "category"),
        used_sides=used_sides,
        used_types=used_types,
        places=Counter({place: named for place, named in connection.execute(in_words)}),  # noqa: C416
    )


def _spelt(connection: Connection, kind: str) -> dict[str, str]:
    """Every spelling of a kind's terms, as it is written, with the term's slug; a term's own name first."""
    spelt = connection.execute(spellings(kind).order_by(*own_names_first(kind)))
    return {name: slug for name, slug in spelt}  # noqa: C416 - rows are no pairs to mypy
