"""Which of many losses are paired: each with the one it is likeliest to be, at most one of any other list.

Lists tell their own losses apart, by keys; so two losses of one list are paired only where it gives neither a key (as
with what is entered by hand), or where that is asked for. Losses that are already merged with one of a list are not
paired with another of it: what a list adds later behind the same link is another thing.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import combinations, product
from math import cos, floor, radians

from lossledger.core.names import fold
from lossledger.core.sameness import Ground, Pair, Reach, Seen, Trees, compared

Taken = set[tuple[int, int]]
"""Losses by id with the feeds in which they have found themselves again."""

_LOOKED_AT = 50
"""With how many others in one place a loss is compared at most, so that no heap of them takes minutes."""

_KM_OF_A_DEGREE = 111.0


class Pairing:
    """Finds pairs, the certain ones first; what was paired in a feed is not paired there again."""

    def __init__(self, trees: Trees, reach: Reach, taken: Taken, *, within: bool = False) -> None:
        """``taken`` is what is merged already; with ``within``, losses that one list tells apart are paired, too."""
        self._trees, self._reach, self._within = trees, reach, within
        self._taken = taken
        self._certain: list[Pair] = []
        self._likely: list[Pair] = []
        self.undecided: list[tuple[Seen, ...]] = []
        """Losses behind one link, of one side and status, of which two lists leave several: nobody can say which."""

    def by_link(self, links: Iterable[Sequence[Seen]]) -> None:
        """Pair the losses behind each link: the certain ones, then those that are likely.

        Certain, between feeds: same side and status; equal types first, of these equal names, then a single loss
        that is left over on each side.
        """
        every = [_by(behind, lambda seen: seen.feed) for behind in links]
        for feeds in every:
            for one, other in combinations(feeds.values(), 2):
                self._pair_certainly(one, other)
        for feeds in every:
            for one, other in combinations(feeds.values(), 2):
                self._consider(product(one, other), Ground.LINK)
            for seen in feeds.values():
                self._consider(combinations(seen, 2), Ground.LINK)

    def by_nearness(self, dated: Sequence[Seen]) -> None:
        """Pair the losses that are near each other in days and kilometres, or in days where no place is known."""
        self._consider(self._in_one_place(dated), Ground.NEAR)
        self._consider(self._on_like_days(dated), Ground.NEAR)

    def pairs(self) -> list[Pair]:
        """All pairs, those with most points first."""
        found = list(self._certain)
        for pair in sorted(self._likely, key=_order):
            if self._free(pair.one, pair.other):
                self._take(pair.one, pair.other)
                found.append(pair)
        return sorted(found, key=_order)
