"""Whether two losses may be one: on what ground, how likely by points, and which pairs are certain.

A pair has a ground that brought the two together, and points for what else they agree in:

====================================================  ======
the same scene, of one side, in a kindred type            55
the same link, or the same file of two links              55
a near-identical picture                                  50
near in days and kilometres                       20 to 35
near in days, a place not known                   10 to 15
the same side, the same type, the same status        15 each
one side under the other                                   8
one type a variant of the other                           10
one status may become the other, or says less              8
sides, or quantities, that have nothing in common        -25
types that have nothing in common                        -20
====================================================  ======

So a pair that shares its scene or link and agrees in all has 100 points, one that is near and agrees in all up to 80. A
certain one has 90 at least, whatever the two lists call its type. A picture that stands for one loss in one place and
for one other elsewhere is used twice: such a pair is told whatever the two differ in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from lossledger.core.text import many
from lossledger.core.vocabulary import OUTCOMES, Status

EARTH_KM = 6371.0088
"""The mean radius of the earth."""

LEAST = 55
"""Pairs with fewer points are none."""

CERTAIN = 90
"""What a pair has at least that is certain."""

_SAME, _KIN = 15, {"side": 8, "type": 10, "status": 8}
_OTHER_SIDE, _OTHER_TYPE, _UNEQUAL = -25, -20, -25
_SCENE, _LINK, _PLACED, _DATED = 55, 55, (35, 20), (15, 10)
_FILE, _PICTURE = 55, 50

_MAY_BECOME: Mapping[str, frozenset[str]] = {
    Status.LOST: frozenset(OUTCOMES),
    Status.DAMAGED: frozenset({Status.DESTROYED, Status.CAPTURED, Status.ABANDONED}),
    Status.ABANDONED: frozenset({Status.DESTROYED, Status.CAPTURED}),
}
"""What a status may turn into, or be said of more exactly."""


class Ground(StrEnum):
    """What brought two losses together, the strongest first."""

    SCENE = "scene"
    LINK = "link"
    FILE = "file"
    PICTURE = "near-identical picture"
    NEAR = "near"


SHOWN = (Ground.FILE, Ground.PICTURE)
"""The grounds on which what is held of two sources is one: a file, or a picture."""


class Seen(NamedTuple):
    """What is compared of a loss. Sides, types and feeds are numbers; those merged away stand as what they became."""

    id: int
    uid: str
    feed: int
    within: str | None
    """Within what its feed tells it from other losses: all of the feed, where that gives it a key (ALL_OF_IT), or
    the items of one link; None where the feed does not."""
    whole: int
    """The loss that it was split from, or itself: parts of one whole are not the same."""
    side: int
    category: int
    type: int | None
    outcome: str
    verification: str
    quantity: int
    counts: str
    name: str | None
    first: int | None
    """The first day on which it may have happened, as a number; None where no day is given, or it is inferred."""
    last: int | None
    latitude: float | None
    longitude: float | None


ALL_OF_IT = ""

_ITEM_KEY = re.compile(r"([a-z2-7]{10})/[0-9]+")


def item_key(source: str, number: int) -> str:
    """The key of a loss that is an item of one link, a source, whose items were numbered as they were entered."""
    return f"{source}/{number}"


def item_of(key: str) -> tuple[str, int] | None:
    """The source and the number that the key of an item of a link tells; None for a list's own key."""
    return (key[:10], int(key[11:])) if _ITEM_KEY.fullmatch(key) else None


def told_within(key: str) -> str:
    """Within what a key tells a loss from others: the items of one link, or all of its feed."""
    item = item_of(key)
    return item[0] if item else ALL_OF_IT


def told_apart(one: Seen, other: Seen) -> bool:
    """Whether two losses of one feed are told apart by their keys, or are of one whole."""
    return (one.within is not None and one.within == other.within) or of_one_whole(one, other)


def of_one_whole(one: Seen, other: Seen) -> bool:
    """Whether two losses were split from one, or one of them from the other."""
    return one.whole in (other.whole, other.id) or other.whole == one.id


class Pair(NamedTuple):
    """Two losses that may be one, the one entered first before the other."""

    one: Seen
    other: Seen
    ground: Ground
    score: int
    why: str
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Trees:
    """The sides and types that stand under others: each with those above it, from itself to the top."""

    sides: Mapping[int, tuple[int, ...]]
    types: Mapping[int, tuple[int, ...]]


class Reach(NamedTuple):
    """How far apart in days and kilometres two losses may be and still be near."""

    days: int
    km: float


def kilometres(latitude: float, longitude: float, latitude2: float, longitude2: float) -> float:
    """The distance of two points on the earth, taken for a sphere: within half a percent."""
    north, north2 = radians(latitude), radians(latitude2)
    rise = sin((north2 - north) / 2) ** 2
    turn = sin(radians(longitude2 - longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, rise + cos(north) * cos(north2) * turn)))


def days_apart(one: Seen, other: Seen) -> int | None:
    """How many days lie between two losses, none where their days may be the same; None where one has no day."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return None
    return max(0, one.first - other.last, other.first - one.last)


def km_apart(one: Seen, other: Seen) -> float | None:
    """How far apart two losses are; None where one has no place on the map."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    return kilometres(one.latitude, one.longitude, other.latitude, other.longitude)


def score(one: Seen, other: Seen, ground: Ground, trees: Trees, reach: Reach) -> int:
    """The points of two losses as a pair; none where they are too few.

    Losses that are ``NEAR`` must agree in quantity and, by and large, in side, type and status. So must losses of one
    feed that share a link, for a picture may show many; and their days must not speak against it. Losses of one
    ``SCENE`` must be of one side and a kindred type; what else differs may be the side from which they were seen. Those
    that a ``FILE`` or a ``PICTURE`` shows may be of one feed and lie far apart: then it is used twice.
    """
    agreed = _agreed(one, other, trees)
    alike = all(agreed) and equal(one, other)
    if ground is Ground.SCENE:
        same_side = agreed[0] == _SAME
        points = _SCENE + (0 if equal(one, other) else _UNEQUAL) if same_side and _kindred(one, other, trees) else 0
    elif ground is Ground.NEAR:
        points = _nearness(one, other, reach) if alike else 0
    elif ground in SHOWN:
        points = (_FILE if ground is Ground.FILE else _PICTURE) + _against(one, other, agreed)
    elif one.feed == other.feed and not (alike and (days_apart(one, other) or 0) <= reach.days):
        points = 0
    else:
        points = _LINK + _against(one, other, agreed)
    total = points + sum(agreed)
    return total if points and total >= LEAST else 0


def paired(
    one: Seen,
    other: Seen,
    ground: Ground,
    points: int,
    trees: Trees,
    *,
    certain: bool = False,
    distance: int | None = None,
) -> Pair:
    """Two losses as a pair, with its reasons in words: "same link, side, type and status; 1 day and 0.4 km apart".

    ``distance`` is that of near-identical pictures, in bits. What one file or picture shows of two sides or types, it
    is told.
    """
    one, other = sorted((one, other))
    agreed = dict(zip(("side", "type", "status"), _agreed(one, other, trees), strict=True))
    picture = f"{ground.value} (distance {distance})" if ground is Ground.PICTURE else ""
    same = [] if ground in (Ground.NEAR, Ground.PICTURE) else [ground.value]
    same += [name for name, agreeing in agreed.items() if agreeing == _SAME]
    akin = [name for name, agreeing in agreed.items() if 0 < agreeing < _SAME]
    others = _others(one, other, agreed) if ground in SHOWN else []
    unequal = "" if equal(one, other) else "quantities differ"
    compared = (_listed("same ", same, ""), _listed("", akin, " alike"), _listed("other ", others, ""))
    parts = (picture, *compared, unequal, _apart(one, other))
    return Pair(one, other, ground, points, "; ".join(filter(None, parts)), certain)


def equal(one: Seen, other: Seen) -> bool:
    """Whether two losses stand for as many things, and count in the same way."""
    return one.quantity == other.quantity and one.counts == other.counts


def _agreed(one: Seen, other: Seen, trees: Trees) -> tuple[int, int, int]:
    """The points for side, type and status."""
    if one.outcome == other.outcome:
        status = _SAME
    else:
        fits = other.outcome in _MAY_BECOME.get(one.outcome, ()) or one.outcome in _MAY_BECOME.get(other.outcome, ())
        status = _KIN["status"] if fits else 0
    return _kin(one.side, other.side, trees.sides, "side"), _kin(one.type, other.type, trees.types, "type"), status


def _against(one: Seen, other: Seen, agreed: tuple[int, int, int]) -> int:
    """The points that what two losses differ in takes away from what they share. A type not given differs from none."""
    side, type_, _ = agreed
    points = 0 if side else _OTHER_SIDE
    points += 0 if type_ or one.type is None or other.type is None else _OTHER_TYPE
    return points + (0 if equal(one, other) else _UNEQUAL)


def _others(one: Seen, other: Seen, agreed: Mapping[str, int]) -> list[str]:
    """What one picture can hardly show twice and two losses differ in: their sides, their types where both have one."""
    typed = one.type is not None and other.type is not None
    return [name for name in ("side", "type") if not agreed[name] and (typed or name == "side")]


def _kin(one: int | None, other: int | None, lines: Mapping[int, tuple[int, ...]], what: str) -> int:
    if one is None or other is None:
        return 0
    if one == other:
        return _SAME
    return _KIN[what] if one in lines[other] or other in lines[one] else 0


def _kindred(one: Seen, other: Seen, trees: Trees) -> bool:
    """Whether two losses may be of one type: of one tree, or one of them of a type not given under the same heading."""
    if one.type is None or other.type is None:
        return one.category == other.category
    return trees.types[one.type][-1] == trees.types[other.type][-1]


def _nearness(one: Seen, other: Seen, reach: Reach) -> int:
    """The points for being near: all of them on the same day at the same place, fewer towards the end of the reach."""
    days = days_apart(one, other)
    if days is None or days > reach.days:
        return 0
    km = km_apart(one, other)
    most, least = _DATED if km is None else _PLACED
    far = days / (reach.days + 1)
    if km is not None:
        if km > reach.km:
            return 0
        far = (far + (km / reach.km if km else 0)) / 2
    return round(most - (most - least) * far)


def _apart(one: Seen, other: Seen) -> str:
    """How far apart two losses are: "same day, 0.4 km apart", "perhaps the same day", "1 day and 0.4 km apart"."""
    days, km = days_apart(one, other), km_apart(one, other)
    far = [many(days, "day")] if days else []
    far += [f"{km:,.1f} km"] if km is not None else []
    same = "same day" if one.first == one.last == other.first == other.last else "perhaps the same day"
    parts = (same if days == 0 else "", _listed("", far, " apart"))
    return ", ".join(filter(None, parts))


def _listed(before: str, words: list[str], after: str) -> str:
    """Words as one says them, "same link, side and type"; nothing for none."""
    if len(words) < 2:
        return f"{before}{words[0]}{after}" if words else ""
    return f"{before}{', '.join(words[:-1])} and {words[-1]}{after}"
