"""Losses of one kind that lie near each other in days and on the map, found without comparing every two."""

from bisect import bisect, bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from math import cos, inf, radians

from lossledger.core.sameness import ALL_OF_IT, Reach, Seen, Trees

Two = tuple[Seen, Seen]

_LOOKED_AT = 10
"""With how many others of one feed to either side a loss is compared at most, so that no heap of them takes minutes."""

_KM_OF_A_DEGREE = 111.0
"""Of latitude; a little less than it is, so that no loss within reach is missed."""

_AT_THE_POLES = 0.01
"""The least that a degree of longitude is taken for, in degrees of latitude."""


def neighbours(dated: Iterable[Seen], trees: Trees, reach: Reach) -> Iterator[Two]:
    """Losses of a side and a type, or of what stands under the same ones, that may be near each other.

    They are compared a block of days at a time, and in it from south to north, so that few of all pairs are made.
    """
    height = reach.km / _KM_OF_A_DEGREE
    sides, types = ({own: line[-1] for own, line in tree.items()} for tree in (trees.sides, trees.types))
    kinds: dict[tuple[int, int], list[Seen]] = defaultdict(list)
    for seen in dated:
        if seen.type is not None and seen.last is not None:
            kinds[sides[seen.side], types[seen.type]].append(seen)
    for of_a_kind in kinds.values():
        blocks = _blocks(of_a_kind, 2 * reach.days + 1)
        found: list[Two] = []
        for day, feeds in blocks.items():
            following = blocks.get(day + 1, {})
            for feed, ours in feeds.items():
                for other_feed, theirs in feeds.items():
                    if feed < other_feed or (feed == other_feed and ours.pairs_within):
                        ours.beside(theirs, height, found)
                for other_feed, theirs in following.items():
                    if feed != other_feed or ours.pairs_within or theirs.pairs_within:
                        ours.beside(theirs, height, found)
        yield from found


class _Heap:
    """The losses of a feed in one block: those on the map from south to north, and those without a place."""

    __slots__ = ("elsewhere", "latitudes", "pairs_within", "placed")

    def __init__(self) -> None:
        self.pairs_within = False
        """Whether a loss of it may be paired with another of its feed."""
        self.placed: list[Seen] = []
        self.latitudes: list[float] = []
        self.elsewhere: list[Seen] = []

    def add(self, seen: Seen) -> None:
        """Add a loss; those on the map come from south to north."""
        self.pairs_within |= seen.within != ALL_OF_IT
        if seen.latitude is None:
            self.elsewhere.append(seen)
        else:
            self.placed.append(seen)
            self.latitudes.append(seen.latitude)

    def beside(self, other: "_Heap", height: float, found: list[Two]) -> None:
        """Add to ``found`` each loss with those of another heap within ``height`` degrees, or without a place.

        Of a heap with itself, each two come up once.
        """
        for place, (seen, latitude) in enumerate(zip(self.placed, self.latitudes, strict=True)):
            if other.placed:
                middle = bisect(other.latitudes, latitude)
                first = max(bisect_left(other.latitudes, latitude - height), middle - _LOOKED_AT)
                first = max(first, place + 1) if self is other else first
                last = min(bisect(other.latitudes, latitude + height), middle + _LOOKED_AT)
                if first < last:
                    width = height / max(cos(radians(latitude)), _AT_THE_POLES)
                    found += [(seen, one) for one in other.placed[first:last] if _turn(seen, one) <= width]
            found += [(seen, one) for one in other.elsewhere[:_LOOKED_AT]]
        if self is other:
            found += combinations(self.elsewhere[:_LOOKED_AT], 2)
        elif self.elsewhere:
            found += product(self.elsewhere[:_LOOKED_AT], other.placed)
            found += product(self.elsewhere, other.elsewhere[:_LOOKED_AT])


def _blocks(of_a_kind: Sequence[Seen], days: int) -> dict[int, dict[int, _Heap]]:
    """Losses by so many days and feed; those that have no other in their block or beside it are left out."""
    placed = [(seen.last // days, seen) for seen in of_a_kind if seen.last is not None]
    in_block = Counter(block for block, _ in placed)
    blocks: dict[int, dict[int, _Heap]] = defaultdict(lambda: defaultdict(_Heap))
    for block, seen in sorted(placed, key=lambda one: (one[1].latitude or 0.0, one[1].id)):
        if in_block[block] > 1 or block - 1 in in_block or block + 1 in in_block:
            blocks[block][seen.feed].add(seen)
    return blocks


def _turn(one: Seen, other: Seen) -> float:
    """How many degrees of longitude lie between two losses; without end where one is not on the map."""
    if one.longitude is None or other.longitude is None:
        return inf
    return abs(one.longitude - other.longitude)
