"""Tallies: sums over postings, by any dimensions, as of any day, as known at any time."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlalchemy import Connection, select

from lossledger.core.vocabulary import Counts, Status, Verification
from lossledger.db.tables import entry as entries
from lossledger.queries.catalogue import Catalogue, catalogue
from lossledger.queries.cells import DAY_NOT_GIVEN, PERIODS, Key, groups
from lossledger.queries.merged import merged
from lossledger.queries.open_posts import open_posts
from lossledger.queries.scope import Scope

DIMENSIONS = (
    "side",
    "category",
    "group",
    "type",
    "status",
    "verification",
    "feed",
    *PERIODS,
)
"""What a tally can be taken by. Rows by side are disjoint: Artsakh's are not in Armenia's."""


class Cell(NamedTuple):
    """One sum: its key in the order of the tally's dimensions, and how many items it stands for."""

    key: Key
    quantity: int


class Bounds(NamedTuple):
    """A cell of which more may be than it counts: what is certain, and with those that may be of its types, too."""

    key: Key
    quantity: int
    up_to: int


@dataclass(slots=True)
class Beside:
    """What a tally's caption has to say beside its cells, all in items."""

    counted: Counter[str] = field(default_factory=Counter)
    """What the cells hold, by side."""
    itemised: Counter[str] = field(default_factory=Counter)
    """How much of that is single things seen, by side."""
    verifications: Counter[str] = field(default_factory=Counter)
    """What stands in scope under verifications that are not counted."""
    feeds: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What the cells hold, by side at the top of its tree and feed."""
    possible: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What may be of the types in scope as well, by side and feed; see `queries.candidates`."""
    inferred: int = 0
    undated: int = 0
    merged: int = 0
    open_posts: int = 0
    """Posts of the inbox that nobody has looked at yet, of whatever they show; none where the past is asked for."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The cells of a tally by its dimensions, what stands beside them, and the catalogue they were read with."""

    scope: Scope
    by: tuple[str, ...]
    cells: tuple[Cell, ...]
    beside: Beside
    catalogue: Catalogue
    possible: Mapping[Key, int] = field(default_factory=dict)
    """What may be of a cell as well, beside what it counts: one loss in each cell of which it may be."""

    @property
    def total(self) -> int:
        """The sum over all cells."""
        return sum(cell.quantity for cell in self.cells)

    @property
    def several_feeds(self) -> bool:
        """Whether some side stands in more than one feed, so that its feeds must not be summed unasked."""
        possible = ((self.catalogue.top("side", side), feed) for side, feed in self.beside.possible)
        feeds = (where for where, quantity in self.beside.feeds.items() if quantity)
        sides = [side for side, _ in {*feeds, *possible}]
        return len(sides) > len(set(sides))

    def sums(self, *dimensions: str) -> dict[Key, int]:
        """The cells summed to some of the dimensions, in the order of the cells."""
        return self._summed(self.cells, dimensions)

    def without(self, dimension: str) -> "Tally":
        """The tally without one of its dimensions, summed over that."""
        rest = tuple(one for one in self.by if one != dimension)
        cells = tuple(Cell(key, quantity) for key, quantity in self.sums(*rest).items())
        return replace(self, by=rest, cells=cells, possible=self._summed(self.possible.items(), rest))

    def bounds(self) -> list[Bounds]:
        """The cells with what may be of them as well, and those of which all is uncertain, in the cells' order."""
        certain = dict(self.cells)
        order = ordering(self.by, self.catalogue)
        return [
            Bounds(key, number := certain.get(key, 0), number + self.possible.get(key, 0))
            for key in sorted({**certain, **self.possible}, key=order)
        ]

    def _summed(self, cells: Iterable[tuple[Key, int]], dimensions: Sequence[str]) -> dict[Key, int]:
        at = [self.by.index(dimension) for dimension in dimensions]
        found: dict[Key, int] = {}
        for key, quantity in cells:
            part = tuple(key[place] for place in at)
            found[part] = found.get(part, 0) + quantity
        return found


def tally(connection: Connection, scope: Scope, by: Sequence[str], known: Catalogue | None = None) -> Tally:
    """Count what is in scope by the dimensions asked for.

    Cells come in the order of the catalogue, the headings in their publisher's order; cells of nothing
    are left out. Verifications that are not in scope are counted beside, never in a cell. ``known`` is the
    catalogue to read with, where the caller has it already.
    """
    known = known or catalogue(connection, known_on=scope.known_on)
    waiting = open_posts(connection) if scope.known_on is None else 0
    beside = Beside(merged=merged(connection, scope, known), open_posts=waiting)
    sums: Counter[Key] = Counter()
    for group in groups(connection, scope, by, known):
        if group.verification not in scope.verifications:
            beside.verifications[group.verification] += group.quantity
            continue
        sums[group.key] += group.quantity
        beside.counted[group.side] += group.quantity
        beside.itemised[group.side] += group.quantity if group.counts == Counts.ITEM else 0
        beside.feeds[known.top("side", group.side), group.feed] += group.quantity
        beside.inferred += group.quantity if group.inferred else 0
        beside.undated += group.undated
    order = ordering(by, known)
    cells = (Cell(key, quantity) for key, quantity in sums.items() if quantity)
    return Tally(
        scope,
        tuple(by),
        tuple(sorted(cells, key=lambda cell: order(cell.key))),
        beside,
        known,
    )


def entry_known_on(connection: Connection, instant: str) -> int:
    """The number of the last entry that was recorded by a UTC instant; 0 where there was none yet."""
    statement = select(entries.c.number).where(entries.c.recorded_at <= instant)
    return connection.scalar(statement.order_by(entries.c.number.desc()).limit(1)) or 0


def ordering(by: Sequence[str], known: Catalogue) -> Callable[[Key], tuple[tuple[int, str], ...]]:
    """Sort keys: terms in the catalogue's order, words in their vocabulary's, periods by time."""
    ranks: dict[str, dict[str, int]] = {
        "status": {status: place for place, status in enumerate(Status)},
        "verification": {verification: place for place, verification in enumerate(Verification)},
        "group": {},
    }
    for dimension in by:
        kind = "category" if dimension == "group" else dimension
        if kind in known.terms:
            for place, term in enumerate(known.ordered(kind)):
                name = term.within if dimension == "group" else term.slug
                ranks.setdefault(dimension, {}).setdefault(str(name), place)

    def order(key: Key) -> tuple[tuple[int, str], ...]:
        return tuple(
            (
                ranks.get(dimension, {}).get(str(part), 1_000_000 if part in (None, DAY_NOT_GIVEN) else 0),
                str(part),
            )
            for dimension, part in zip(by, key, strict=True)
        )

    return order
