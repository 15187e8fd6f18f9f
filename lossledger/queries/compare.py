"""Two sides against each other: what each lost by the same dimensions, and one by the other."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lossledger.core.periods import Period
from lossledger.errors import Refused
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.cells import Key
from lossledger.queries.points import top_of
from lossledger.queries.tallies import Tally, ordering
from lossledger.queries.timeline import Timeline

FEWEST = 20
"""Where either number is smaller there is no ratio: by chance alone it might as well be half, or twice, as large."""


class Pair(NamedTuple):
    """Two sides by slug, each with the sides under it."""

    one: str
    other: str


def ratio(one: int, other: int) -> float | None:
    """One number by the other; None where either is below ``FEWEST``."""
    return one / other if min(one, other) >= FEWEST else None


class Row(NamedTuple):
    """What both sides of a pair lost under one key, in one period where a timeline is compared."""

    key: Key
    one: int
    other: int
    period: Period | None = None
    running: tuple[int, int] | None = None
    """What both had lost by the period's end; None for what stands in no period."""
    incomplete: bool = False

    @property
    def ratio(self) -> float | None:
        """What the one lost by what the other lost."""
        return ratio(self.one, self.other)

    @property
    def running_ratio(self) -> float | None:
        """The same for all that both had lost by the period's end."""
        return None if self.running is None else ratio(*self.running)


@dataclass(frozen=True)
class Sides:
    """Two sides compared; all rows together are what each lost."""

    counted: Tally
    pair: Pair
    by: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: Mapping[str, int]
    """What sides of the conflict lost that are not in the pair, by slug."""
    timeline: Timeline | None = None

    @property
    def total(self) -> Row:
        """All that both lost."""
        return Row(tuple(None for _ in self.by), sum(row.one for row in self.rows), sum(row.other for row in self.rows))


def feeds_of(counted: Tally, pair: Pair) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lists that each side of a pair is counted from."""
    known = counted.catalogue
    one, other = (
        tuple(sorted(feed for (top, feed), quantity in counted.beside.feeds.items() if quantity and top == head))
        for head in (known.top("side", side) for side in pair)
    )
    return one, other


def pair_of(counted: Tally) -> Pair:
    """The two sides that lost the most, in the catalogue's order. Errors: Refused where fewer have lost anything."""
    known = counted.catalogue
    top = top_of(counted.scope, known)
    lost: Counter[str] = Counter()
    for side, quantity in counted.beside.counted.items():
        lost[top(side)] += quantity
    most = {side for side, quantity in lost.most_common(2) if quantity}
    if len(most) < 2:
        said = f"only {known.name('side', most.pop())} has" if most else "none has"
        raise Refused(f"two sides are compared, and {said} losses that are counted; see: lossledger tally")
    one, other = known.ordered("side", most)
    return Pair(one.slug, other.slug)


def compare_sides(counted: Tally, pair: Pair) -> Sides:
    """Both sides of a pair by the tally's dimensions; the side must be one of them."""
    at = counted.by.index("side")
    by = (*counted.by[:at], *counted.by[at + 1 :])
    sums: dict[Key, Counter[str]] = {}
    for key, quantity in counted.cells:
        sums.setdefault((*key[:at], *key[at + 1 :]), Counter())[str(key[at])] += quantity
    parts = [_below(counted.catalogue, counted, side) for side in pair]
    order = ordering(by, counted.catalogue)
    rows = []
    for key in sorted(sums, key=order):
        one, other = (sum(sums[key][side] for side in part) for part in parts)
        rows.append(Row(key, one, other))
    return Sides(counted, pair, by, tuple(row for row in rows if row.one or row.other), _left_out(counted, parts))


def compare_periods(found: Timeline, pair: Pair) -> Sides:
    """Both sides of a pair by the periods of a timeline, and by its groupings; the side must be one of them.

    What is not dated finely enough has a row of its own, the last of its key.
    """
    at = found.by.index("side")
    by = (*found.by[:at], *found.by[at + 1 :])
    parts = [_below(found.tally.catalogue, found.tally, side) for side in pair]
    numbers: dict[tuple[Key, str | None], list[int]] = {}
    for cell in found.rows():
        key = (*cell.key[:at], *cell.key[at + 1 :])
        both = numbers.setdefault((key, cell.period.name if cell.period else None), [0, 0])
        for place, part in enumerate(parts):
            both[place] += cell.increment if cell.key[at] in part else 0
    keys = dict.fromkeys(key for key, _ in numbers)
    rows: list[Row] = []
    for key in keys:
        running = (0, 0)
        for period in found.periods:
            one, other = numbers[key, period.name]
            running = (running[0] + one, running[1] + other)
            rows.append(Row(key, one, other, period, running, period.name in found.incomplete))
        one, other = numbers.get((key, None), (0, 0))
        if one or other:
            rows.append(Row(key, one, other))
    return Sides(found.tally, pair, by, tuple(rows), _left_out(found.tally, parts), found)


def _below(known: Catalogue, counted: Tally, side: str) -> set[str]:
    return {side} if counted.scope.own else known.below("side", side)


def _left_out(counted: Tally, parts: list[set[str]]) -> dict[str, int]:
    paired = set.union(*parts)
    return {side: quantity for side, quantity in counted.beside.counted.items() if quantity and side not in paired}
