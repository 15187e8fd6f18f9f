"""What one side captured from another, as far as the captor is known."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from lossledger.core.fields import REDACTED
from lossledger.core.names import fold
from lossledger.core.vocabulary import Status
from lossledger.db.tables import loss, posting
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.cells import Key, key_columns, key_reader
from lossledger.queries.compare import Pair
from lossledger.queries.names import names_of
from lossledger.queries.scope import Scope, days, postings_in_scope
from lossledger.queries.tallies import ordering


class Taken(NamedTuple):
    """What was captured from one side of a pair, by who has it."""

    named: int
    """By the other side, which is named as the captor."""
    not_named: int
    """The captor is not named: between two sides that is the other."""
    others: int
    """By somebody who is named and is not the other side."""

    @property
    def by_the_other(self) -> int:
        """What the other side is taken to have: what names it, and what names nobody."""
        return self.named + self.not_named


class Row(NamedTuple):
    """What both sides of a pair had captured under one key."""

    key: Key
    from_one: Taken
    from_other: Taken

    @property
    def net(self) -> int:
        """What the pair's other side gained: what it captured from the one, less what the one captured from it."""
        return self.from_one.by_the_other - self.from_other.by_the_other


@dataclass(frozen=True)
class Captures:
    """Captured losses of two sides; all rows together are what a tally counts as captured of each."""

    pair: Pair
    by: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def total(self) -> Row:
        """All that was captured from both."""
        sums = (
            Taken(*(sum(numbers) for numbers in zip(*taken, strict=True))) if taken else Taken(0, 0, 0)
            for taken in ([row.from_one for row in self.rows], [row.from_other for row in self.rows])
        )
        return Row(tuple(None for _ in self.by), *sums)


def captures(connection: Connection, scope: Scope, by: Sequence[str], pair: Pair, known: Catalogue) -> Captures:
    """What stands as captured of both sides of a pair, by the dimensions asked for, the side left out.

    The captor is that of the losses as they are now.
    """
    columns = ("side_id", *key_columns(by))
    grouped = [posting.c[name] for name in dict.fromkeys(columns)]
    statement = (
        select(loss.c.captor, func.sum(posting.c.quantity), *grouped)
        .join_from(posting, loss, loss.c.id == posting.c.loss_id)
        .where(*postings_in_scope(replace(scope, side=None), known), *days(scope))
        .where(posting.c.status == Status.CAPTURED, posting.c.verification.in_(scope.verifications))
        .group_by(loss.c.captor, *grouped)
    )
    at = {column.name: place for place, column in enumerate(grouped, 2)}
    key_of = key_reader(by, at, known)
    sides = {term.id: term.slug for term in known.terms["side"].values()}
    parts = [{side} if scope.own else known.below("side", side) for side in pair]
    whole = [known.below("side", known.top("side", side)) for side in pair]
    named = names_of(connection, "side", scope.conflict)
    found: dict[Key, tuple[Counter[str], Counter[str]]] = {}
    for row in connection.execute(statement):
        side = sides[row[at["side_id"]]]
        place = next((place for place, part in enumerate(parts) if side in part), None)
        if place is None:
            continue
        who = "not_named"
        if row[0] not in (None, REDACTED):
            who = "named" if named.get(fold(row[0])) in whole[1 - place] else "others"
        found.setdefault(key_of(row), (Counter(), Counter()))[place][who] += int(row[1])
    rows = (Row(key, *map(_taken, found[key])) for key in sorted(found, key=ordering(by, known)))
    return Captures(pair, tuple(by), tuple(row for row in rows if any((*row.from_one, *row.from_other))))


def _taken(by_whom: Counter[str]) -> Taken:
    return Taken(by_whom["named"], by_whom["not_named"], by_whom["others"])
