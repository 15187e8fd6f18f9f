"""The catalogue: conflicts, sides, categories, types and feeds, as they are or as they once stood."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from lossledger.core.digest import Detail
from lossledger.core.fields import State
from lossledger.core.fold import fold
from lossledger.core.records import KINDS
from lossledger.db.tables import SUBJECTS, column_of
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details

CATALOGUE = ("conflict", "side", "category", "type", "feed")
"""The kinds that a tally's names, trees and order come from."""


class Term(NamedTuple):
    """One thing of the catalogue. ``within`` is a side's conflict, a category's group, a type's category."""

    id: int
    slug: str
    name: str
    parent: str | None = None
    position: int | None = None
    within: str | None = None
    origin: str | None = None
    merged_into: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """The terms of each kind that was asked for, by slug."""

    terms: Mapping[str, Mapping[str, Term]]

    def by_id(self, kind: str) -> dict[int, Term]:
        """The terms of one kind by row id."""
        return {term.id: term for term in self.terms[kind].values()}

    def ordered(self, kind: str, slugs: Iterable[str] | None = None) -> list[Term]:
        """The terms of one kind, all or some, in the order in which they are shown: by position, then by name."""
        terms = self.terms[kind]
        return sorted(terms.values() if slugs is None else map(terms.__getitem__, slugs), key=_order)

    def below(self, kind: str, slug: str) -> set[str]:
        """A term and everything under it in its tree, what was merged into one of them included."""
        found = {slug}
        while True:
            more = {
                term.slug for term in self.terms[kind].values() if term.parent in found or term.merged_into in found
            } - found
            if not more:
                return found
            found |= more

    def kept(self, kind: str, slug: str) -> str:
        """What a term was merged into in the end; itself where it was not."""
        while slug in self.terms[kind] and (into := self.terms[kind][slug].merged_into) is not None:
            slug = into
        return slug

    def top(self, kind: str, slug: str) -> str:
        """The slug at the root of the tree that a term stands in."""
        while (parent := self.terms[kind][slug].parent) is not None:
            slug = parent
        return slug

    def name(self, kind: str, slug: str) -> str:
        """What a term is called."""
        return self.terms[kind][slug].name


_FIELDS = {
    "conflict": {"name": "name"},
    "side": {
        "name": "name",
        "position": "position",
        "within": "conflict",
        "parent": "parent",
        "merged_into": "merged_into",
    },
    "category": {
        "name": "name",
        "position": "position",
        "within": "group",
        "merged_into": "merged_into",
    },
    "type": {
        "name": "name",
        "within": "category",
        "parent": "parent",
        "origin": "origin",
        "merged_into": "merged_into",
    },
    "feed": {"name": "name"},
}
"""Which field of a kind each part of a term comes from."""


def catalogue(connection: Connection, known_on: int | None = None) -> Catalogue:
    """The catalogue as it is, or as it stood after the entry ``known_on``."""
    if known_on is None:
        return Catalogue(_now(connection))
    return Catalogue({kind: _once(connection, kind, known_on) for kind in CATALOGUE})


def _now(connection: Connection) -> dict[str, dict[str, Term]]:
    """The terms of each kind as they are. A reference is told by slug, as the journal tells it."""
    found: dict[str, dict[str, Term]] = {}
    slugs: dict[str, dict[int | None, str]] = {}
    for kind in CATALOGUE:  # those that others refer to first
        fields = {part: KINDS[kind].field(name) for part, name in _FIELDS[kind].items()}
        columns = SUBJECTS[kind].c
        statement = select(columns.id, columns.slug, *(columns[column_of(one)] for one in fields.values()))
        rows = connection.execute(statement).all()
        slugs[kind] = {row[0]: row[1] for row in rows}
        found[kind] = {}
        for row_id, slug, *values in rows:
            parts: dict[str, Any] = dict(zip(fields, values, strict=True))
            parts |= {part: slugs[one.ref].get(parts[part]) for part, one in fields.items() if one.ref}
            found[kind][slug] = Term(row_id, slug, **parts)
    return found


def _once(connection: Connection, kind: str, known_on: int) -> dict[str, Term]:
    terms = SUBJECTS[kind]
    ids = {slug: row_id for row_id, slug in connection.execute(select(terms.c.id, terms.c.slug))}
    found = {}
    for slug, state in states(connection, kind, known_on).items():
        if state and slug in ids:
            parts: dict[str, Any] = {part: state.get(field) for part, field in _FIELDS[kind].items()}
            position = parts.pop("position", None)
            found[slug] = Term(
                id=ids[slug],
                slug=slug,
                position=None if position is None else int(position),
                **parts,
            )
    return found


def states(
    connection: Connection, kind: str, known_on: int | None = None, among: Select[tuple[str]] | None = None
) -> dict[str, State]:
    """Subjects of a kind as their entries leave them, or as they stood after the entry ``known_on``.

    All of the kind, or those ``among`` what a statement gives.
    """
    statement = (
        select(
            entries.c.subject,
            entries.c.number,
            details.c.field,
            details.c.value,
            details.c.salt,
            details.c.digest,
        )
        .join(details, details.c.entry == entries.c.number)
        .where(entries.c.kind == kind)
        .order_by(entries.c.number)
    )
    if known_on is not None:
        statement = statement.where(entries.c.number <= known_on)
    if among is not None:
        statement = statement.where(entries.c.subject.in_(among))
    found: dict[str, State] = {}
    for (subject, _), group in groupby(connection.execute(statement), key=lambda row: row[:2]):
        found[subject] = fold(found.get(subject, {}), (Detail(*row[2:]) for row in group))
    return found


def _order(term: Term) -> tuple[int, str]:
    return (1_000_000 if term.position is None else term.position, term.name)
