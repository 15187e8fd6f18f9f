"""Which of many losses are paired: each with the one it is likeliest to be, at most one of any other list.

A list tells its own losses apart by keys. So two losses of one feed are paired only where one of them has no key, as
with what is entered by hand. What is merged with a loss of some list is not paired with another of it: what that list
adds later behind the same link is another thing.
"""

from bisect import bisect, bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import TypeVar

from lossledger.core.names import fold
from lossledger.core.sameness import Ground, Pair, Reach, Seen, Trees, compared

Taken = set[tuple[int, int]]
"""Losses by id, with the feeds in which each has found itself again."""

Two = tuple[Seen, Seen]
Key = TypeVar("Key")

_LOOKED_AT = 20
"""With how many others of one feed and place a loss is compared at most, so that no heap of them takes minutes."""

_KM_OF_A_DEGREE = 111.0


class Pairing:
    """Finds pairs; what has found itself again in a feed is not paired there another time."""

    def __init__(self, trees: Trees, reach: Reach, taken: Taken) -> None:
        """Start from the losses that are ``taken`` because they are merged already."""
        self._trees, self._reach, self._taken = trees, reach, taken
        self._certain: list[Pair] = []
        self._likely: list[Pair] = []
        self.undecided: list[tuple[Seen, ...]] = []
        """Losses behind one link, of one side and status, of which two feeds have several: nobody can say which."""

    def by_link(self, links: Iterable[Sequence[Seen]]) -> None:
        """Pair the losses behind each link: first those that are certain, then those that are likely.

        Certain, between feeds: same side and status; equal types first, of these equal names, then a single loss
        that is left over on each side.
        """
        every = [_by(behind, lambda seen: seen.feed) for behind in links]
        for feeds in every:
            for ours, theirs in combinations(feeds.values(), 2):
                self._pair_certainly(ours, theirs)
        for feeds in every:
            for ours, theirs in combinations(feeds.values(), 2):
                self._consider(product(ours, theirs), Ground.LINK)
            for ours in feeds.values():
                self._consider(combinations(ours, 2), Ground.LINK)

    def by_nearness(self, dated: Sequence[Seen]) -> None:
        """Pair the losses that are near each other in days and kilometres, or in days where one has no place."""
        alike = list(_alike(dated))
        met = {(one.id, other.feed) for two in alike for one, other in (two, two[::-1])}
        self._consider(alike, Ground.NEAR)
        others = (
            two for two in self._neighbours(dated) if not met & {(two[0].id, two[1].feed), (two[1].id, two[0].feed)}
        )
        self._consider(others, Ground.NEAR)

    def pairs(self) -> list[Pair]:
        """All pairs, those with most points first."""
        found = list(self._certain)
        for pair in sorted(self._likely, key=_order):
            if self._free(pair.one, pair.other):
                self._take(pair.one, pair.other)
                found.append(pair)
        return sorted(found, key=_order)

    def _pair_certainly(self, ours: Sequence[Seen], theirs: Sequence[Seen]) -> None:
        feed, other_feed = ours[0].feed, theirs[0].feed
        left = _by((seen for seen in ours if (seen.id, other_feed) not in self._taken), _side_and_status)
        right = _by((seen for seen in theirs if (seen.id, feed) not in self._taken), _side_and_status)
        for key in left.keys() & right.keys():
            both = left[key], right[key]
            for same in (_type_and_name, _type):
                for two in list(_matched(*both, same)):
                    self._be_certain(*two)
                    for rest, seen in zip(both, two, strict=True):
                        rest.remove(seen)
            if [len(rest) for rest in both] == [1, 1]:
                self._be_certain(both[0][0], both[1][0])
            elif all(both):
                self.undecided.append((*both[0], *both[1]))

    def _be_certain(self, one: Seen, other: Seen) -> None:
        pair = compared(one, other, Ground.LINK, self._trees, self._reach)
        if pair is not None:
            self._take(one, other)
            self._certain.append(pair._replace(certain=True))

    def _consider(self, candidates: Iterable[Two], ground: Ground) -> None:
        for one, other in candidates:
            if self._free(one, other):
                pair = compared(one, other, ground, self._trees, self._reach)
                if pair is not None:
                    self._likely.append(pair)

    def _free(self, one: Seen, other: Seen) -> bool:
        """Whether two losses may be paired. Of one feed, only the later one is bound to one other."""
        if one.feed == other.feed:
            told_apart = (one.keyed and other.keyed) or one.whole in (other.whole, other.id) or other.whole == one.id
            return not told_apart and (max(one.id, other.id), one.feed) not in self._taken
        return (one.id, other.feed) not in self._taken and (other.id, one.feed) not in self._taken

    def _take(self, one: Seen, other: Seen) -> None:
        if one.feed == other.feed:
            self._taken.add((max(one.id, other.id), one.feed))
        else:
            self._taken |= {(one.id, other.feed), (other.id, one.feed)}

    def _neighbours(self, dated: Iterable[Seen]) -> Iterator[Two]:
        """Losses of a side and a type, or of what stands under the same ones, that may be near each other."""
        days = 2 * self._reach.days + 1
        height = self._reach.km / _KM_OF_A_DEGREE
        blocks: dict[tuple[int, int, int], dict[int, _Heap]] = defaultdict(lambda: defaultdict(_Heap))
        for seen in sorted(dated, key=lambda seen: (seen.latitude or 0.0, seen.id)):
            if seen.type is not None and seen.last is not None:
                side, type_ = self._trees.sides[seen.side][-1], self._trees.types[seen.type][-1]
                blocks[side, type_, seen.last // days][seen.feed].add(seen)
        for (side, type_, day), feeds in blocks.items():
            for later in (day, day + 1):
                others = blocks.get((side, type_, later), {})
                for (feed, ours), (other_feed, theirs) in product(feeds.items(), others.items()):
                    if (feed != other_feed or ours.keyless or theirs.keyless) and (later != day or feed <= other_feed):
                        yield from ours.beside(theirs, height)


class _Heap:
    """The losses of a feed in one block: those on the map from south to north, and those without a place."""

    def __init__(self) -> None:
        self.keyless = False
        self.placed: list[Seen] = []
        self.latitudes: list[float] = []
        self.elsewhere: list[Seen] = []

    def add(self, seen: Seen) -> None:
        """Add a loss; those on the map come from south to north."""
        self.keyless |= not seen.keyed
        if seen.latitude is None:
            self.elsewhere.append(seen)
        else:
            self.placed.append(seen)
            self.latitudes.append(seen.latitude)

    def beside(self, other: "_Heap", height: float) -> Iterator[Two]:
        """Each loss with those of another heap within ``height`` degrees to north or south, or without a place."""
        for seen, latitude in zip(self.placed, self.latitudes, strict=True):
            middle = bisect(other.latitudes, latitude)
            first = max(bisect_left(other.latitudes, latitude - height), middle - _LOOKED_AT)
            last = min(bisect(other.latitudes, latitude + height), middle + _LOOKED_AT)
            yield from _with(seen, other.placed[first:last])
            yield from _with(seen, other.elsewhere[:_LOOKED_AT])
        if self is not other:
            for seen in other.placed:
                yield from _with(seen, self.elsewhere[:_LOOKED_AT])
        for seen in self.elsewhere:
            yield from _with(seen, other.elsewhere[:_LOOKED_AT])


def _with(seen: Seen, others: Iterable[Seen]) -> Iterator[Two]:
    """A loss with each of others but itself; of one feed, each two come up once."""
    return ((seen, one) for one in others if one.feed != seen.feed or one.id > seen.id)


def _alike(dated: Iterable[Seen]) -> Iterator[Two]:
    """Losses of two feeds that agree in all that is compared, one with one."""
    for heap in _by(dated, _compared).values():
        for ours, theirs in combinations(_by(heap, lambda seen: seen.feed).values(), 2):
            yield from zip(ours, theirs, strict=False)


def _compared(seen: Seen) -> tuple[object, ...]:
    """Everything by which losses are told apart when they are near each other."""
    return (
        *(seen.side, seen.type, seen.outcome, seen.quantity, seen.counts),
        *(seen.first, seen.last, seen.latitude, seen.longitude),
    )


def _matched(ours: Iterable[Seen], theirs: Iterable[Seen], key: Callable[[Seen], Key]) -> Iterator[Two]:
    """Losses with the same key on both sides, one with one; those whose key is None are left."""
    waiting = _by(theirs, key)
    for seen in ours:
        if key(seen) is not None and waiting.get(key(seen)):
            yield seen, waiting[key(seen)].pop(0)


def _by(seen: Iterable[Seen], key: Callable[[Seen], Key]) -> dict[Key, list[Seen]]:
    """Losses by something that they have in common, in the order of their entry."""
    found: dict[Key, list[Seen]] = defaultdict(list)
    for one in seen:
        found[key(one)].append(one)
    return found


def _type(seen: Seen) -> int | None:
    return seen.type


def _type_and_name(seen: Seen) -> tuple[int, str] | None:
    return None if seen.type is None or seen.name is None else (seen.type, fold(seen.name))


def _side_and_status(seen: Seen) -> tuple[int, str]:
    return seen.side, seen.outcome


def _order(pair: Pair) -> tuple[int, int, int]:
    return -pair.score, pair.one.id, pair.other.id
