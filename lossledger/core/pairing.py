"""Which of many losses are paired: each with the one it is likeliest to be, at most one of any other list.

A list tells its own losses apart by keys. So two losses of one feed are paired only where one of them has no key, as
with what is entered by hand, or where their keys are numbers within two links. What is merged with a loss of some list
is not paired with another of it: what that list adds later behind the same link is another thing.

A file that two sources hold, or a picture that is near-identical in both, is used twice where the losses are two: so it
pairs losses of one list, too, and what is merged with others. What rests on one source is told apart by its picture.

A post, too, tells apart what is seen on it. So losses of one feed that are seen on one post are never paired, and a
loss is paired with one other at most of each other post of its scene.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations, pairwise, product
from typing import NamedTuple, TypeVar

from lossledger.core.names import fold
from lossledger.core.neighbours import neighbours
from lossledger.core.sameness import (
    ALL_OF_IT,
    CERTAIN,
    LEAST,
    SHOWN,
    Ground,
    Pair,
    Reach,
    Seen,
    Trees,
    equal,
    of_one_whole,
    paired,
    score,
    told_apart,
)

Taken = set[tuple[int, int]]
"""Losses by id, with the feeds in which each has found itself again."""

Apart = AbstractSet[frozenset[str]]
"""Losses by uid that somebody has found to be two things."""

Posts = Mapping[int, frozenset[int]]
"""The posts on which losses are seen, both by id; of a loss that is not in it, nobody knows any."""

Two = tuple[Seen, Seen]
Match = Callable[[list[Seen], list[Seen]], list[Two]]
Key = TypeVar("Key")


class Twice(NamedTuple):
    """What two sources hold that is one file, or one picture, with the losses behind each but not behind both."""

    ours: Sequence[Seen]
    theirs: Sequence[Seen]
    distance: int | None
    """How far apart the two pictures are; None for one file."""


class _Likely(NamedTuple):
    """Two losses that may be a pair, in the order in which the likeliest find each other."""

    last: bool
    against: int
    first: int
    second: int
    one: Seen
    other: Seen
    ground: Ground
    distance: int | None


class Pairing:
    """Finds pairs; what has found itself again in a feed is not paired there another time."""

    def __init__(
        self, trees: Trees, reach: Reach, taken: Taken, apart: Apart = frozenset(), posts: Posts | None = None
    ) -> None:
        """Start from the losses that are ``taken`` because they are merged already, and the posts they are seen on.

        None that are ``apart`` are paired.
        """
        self._trees, self._reach, self._taken, self._apart = trees, reach, taken, apart
        self._found: Taken = set()
        """Like those taken, without what is merged already: that does not excuse a picture that is used again."""
        self._seen_on = _SeenOn(posts or {})
        self._certain: list[Pair] = []
        self._likely: list[_Likely] = []
        self.undecided: list[tuple[Seen, ...]] = []
        """Losses behind one link, of one side and status, of which two feeds have several: nobody can say which."""

    def by_scene(self, scenes: Iterable[Sequence[Seen]]) -> None:
        """Pair the losses of each scene that are seen on different posts of it."""
        for seen in scenes:
            for of_one_side in _by(seen, lambda one: one.side).values():
                self._consider(combinations(of_one_side, 2), Ground.SCENE)

    def by_link(self, links: Iterable[Sequence[Seen]]) -> None:
        """Pair the losses behind each link: first those that are certain, then those that are likely.

        Certain, between feeds: same side and status; equal types first, of these equal names, then a single loss
        that is left over on each side.
        """
        every = [_by(behind, lambda seen: seen.feed) for behind in links]
        between = [two for feeds in every for two in combinations(feeds.values(), 2)]
        for match in (_of_one_name, _of_one_type, self._left_over):
            for ours, theirs in between:
                self._pair_certainly(ours, theirs, match)
        for ours, theirs in between:
            self._consider(product(*self._unmet(ours, theirs)), Ground.LINK)
        for feeds in every:
            for ours in feeds.values():
                if None in (within := {seen.within for seen in ours}) or len(within) > 1:
                    self._consider(combinations(ours, 2), Ground.LINK)

    def by_picture(self, pictures: Iterable[Twice]) -> None:
        """Pair the losses of sources that hold the same file, or near-identical pictures; none of these is certain.

        Where each shows one loss alone, the picture is used twice, whatever the two are said to be.
        """
        for ours, theirs, distance in pictures:
            ground = Ground.PICTURE if distance is not None else Ground.FILE
            alone = len(ours) == len(theirs) == 1
            self._consider(product(ours, theirs), ground, LEAST if alone else 0, distance)

    def by_nearness(self, dated: Sequence[Seen]) -> None:
        """Pair the losses that are near each other in days and kilometres, or in days where one has no place."""
        alike = list(_alike(dated))
        self._consider(alike, Ground.NEAR)
        met = Counter(seen.id for two in alike for seen in two)
        feeds = {seen.feed for seen in dated}
        # What has met its like in every feed where it can need not be looked for any further.
        apart = (seen for seen in dated if met[seen.id] < len(feeds) - (seen.within == ALL_OF_IT))
        self._consider(neighbours(apart, self._trees, self._reach), Ground.NEAR)

    def pairs(self) -> list[Pair]:
        """All pairs: those of scenes, then the others, each with most points first."""
        found = list(self._certain)
        for likely in sorted(self._likely):
            one, other, ground = likely.one, likely.other, likely.ground
            if self._free(one, other, ground):
                self._take(one, other)
                found.append(paired(one, other, ground, -likely.against, self._trees, distance=likely.distance))
        return sorted(
            found, key=lambda pair: (pair.ground is not Ground.SCENE, -pair.score, pair.one.id, pair.other.id)
        )

    def _pair_certainly(self, ours: Sequence[Seen], theirs: Sequence[Seen], match: Match) -> None:
        """Pair the losses of two feeds behind a link, of a side and status at a time."""
        left, right = (_by(seen, _side_and_status) for seen in self._unmet(ours, theirs))
        for key in left:
            for one, other in match(left[key], right.get(key, [])):
                if self._are_two(one, other):
                    continue
                points = score(one, other, Ground.LINK, self._trees, self._reach)
                points = max(points, CERTAIN) if equal(one, other) else points
                self._certain.append(paired(one, other, Ground.LINK, points, self._trees, certain=True))
                self._take(one, other)

    def _left_over(self, ours: list[Seen], theirs: list[Seen]) -> list[Two]:
        """A single loss on each side, if it is as many; where one side has several, nobody can decide."""
        if len(ours) == len(theirs) == 1:
            return [(ours[0], theirs[0])] if equal(ours[0], theirs[0]) else []
        if ours and theirs:
            self.undecided.append((*ours, *theirs))
        return []

    def _unmet(self, ours: Sequence[Seen], theirs: Sequence[Seen]) -> tuple[list[Seen], list[Seen]]:
        """The losses of two feeds that have not found themselves again in the other one."""
        feed, other_feed = ours[0].feed, theirs[0].feed
        return (
            [seen for seen in ours if (seen.id, other_feed) not in self._taken],
            [seen for seen in theirs if (seen.id, feed) not in self._taken],
        )

    def _consider(self, candidates: Iterable[Two], ground: Ground, least: int = 0, distance: int | None = None) -> None:
        for one, other in candidates:
            if self._free(one, other, ground):
                points = max(score(one, other, ground, self._trees, self._reach), least)
                if points:
                    first, second = (one, other) if one.id < other.id else (other, one)
                    last = ground is not Ground.SCENE
                    self._likely.append(_Likely(last, -points, first.id, second.id, first, second, ground, distance))

    def _are_two(self, one: Seen, other: Seen) -> bool:
        """Whether somebody has found two losses to be two things."""
        return bool(self._apart) and frozenset((one.uid, other.uid)) in self._apart

    def _free(self, one: Seen, other: Seen, ground: Ground) -> bool:
        """Whether two losses may be paired. Of one feed, only the later one is bound to one other."""
        if self._are_two(one, other):
            return False
        if (ground is Ground.SCENE or one.feed == other.feed) and self._seen_on.one_post(one, other):
            return False
        taken = self._found if ground in SHOWN else self._taken
        if one.feed == other.feed:
            if of_one_whole(one, other) if ground in SHOWN else told_apart(one, other):
                return False
            return (max(one.id, other.id), one.feed) not in taken
        return (one.id, other.feed) not in taken and (other.id, one.feed) not in taken

    def _take(self, one: Seen, other: Seen) -> None:
        if one.feed == other.feed:
            met = {(max(one.id, other.id), one.feed)}
        else:
            met = {(one.id, other.feed), (other.id, one.feed)}
        self._taken |= met
        self._found |= met
        self._seen_on.join(one, other)


class _SeenOn:
    """The posts on which losses are seen; those of losses that were paired are seen on together."""

    def __init__(self, posts: Posts) -> None:
        self._posts = dict(posts)
        self._with: dict[int, list[int]] = {}
        """Each loss that was paired with all that it is paired with, itself included."""

    def one_post(self, one: Seen, other: Seen) -> bool:
        """Whether a post shows the two, or what they are paired with, beside each other."""
        ours, theirs = self._posts.get(one.id), self._posts.get(other.id)
        return ours is not None and theirs is not None and not ours.isdisjoint(theirs)

    def join(self, one: Seen, other: Seen) -> None:
        """Take two losses for one from now on."""
        if not self._posts:
            return
        together = [*self._with.get(one.id, [one.id]), *self._with.get(other.id, [other.id])]
        posts = self._posts.get(one.id, frozenset()) | self._posts.get(other.id, frozenset())
        for each in together:
            self._with[each] = together
            self._posts[each] = posts


def _alike(dated: Iterable[Seen]) -> Iterator[Two]:
    """Losses that agree in all that is compared: of two feeds one with one, of one feed each with the one before it."""
    for heap in _by(dated, _compared).values():
        if len(heap) == 1:
            continue
        feeds = _by(heap, lambda seen: seen.feed)
        for ours, theirs in combinations(feeds.values(), 2):
            yield from zip(ours, theirs, strict=False)
        for ours in feeds.values():
            yield from pairwise([seen for seen in ours if seen.within != ALL_OF_IT])


def _compared(seen: Seen) -> tuple[object, ...]:
    """Everything by which losses are told apart when they are near each other."""
    return (
        *(seen.side, seen.type, seen.outcome, seen.quantity, seen.counts),
        *(seen.first, seen.last, seen.latitude, seen.longitude),
    )


def _of_one_name(ours: list[Seen], theirs: list[Seen]) -> list[Two]:
    """Losses with equal types and equal names, one with one."""
    return _matched(ours, theirs, lambda seen: (seen.type, fold(seen.name)) if seen.type and seen.name else None)


def _of_one_type(ours: list[Seen], theirs: list[Seen]) -> list[Two]:
    """Losses with equal types, one with one."""
    return _matched(ours, theirs, lambda seen: seen.type)


def _matched(ours: list[Seen], theirs: list[Seen], key: Callable[[Seen], object]) -> list[Two]:
    waiting = _by(theirs, key)
    return [(seen, waiting[key(seen)].pop(0)) for seen in ours if key(seen) is not None and waiting.get(key(seen))]


def _by(seen: Iterable[Seen], key: Callable[[Seen], Key]) -> dict[Key, list[Seen]]:
    """Losses by something that they have in common, in the order of their entry."""
    found: dict[Key, list[Seen]] = defaultdict(list)
    for one in seen:
        found[key(one)].append(one)
    return found


def _side_and_status(seen: Seen) -> tuple[int, str]:
    return seen.side, seen.outcome
