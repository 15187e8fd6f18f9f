"""Whether two losses may be one: on what ground, how likely by points, and which pairs are certain.

A pair has a ground that brought the two together, and points for what else they agree in:

====================================================  ======
the same link                                             55
near in days and kilometres                       20 to 35
near in days, a place not known                   10 to 15
the same side, the same type, the same status        15 each
one side under the other                                   8
one type a variant of the other                           10
one status may become the other, or says less              8
sides that have nothing to do with each other            -25
====================================================  ======

So a pair that shares its link and agrees in all has 100 points, one that is near and agrees in all up to 80.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from lossledger.core.vocabulary import RECOVERED, Status

_EARTH_KM = 6371.0088

LEAST = 50
"""Pairs with fewer points are none."""

_SAME, _KIN = 15, {"side": 8, "type": 10, "status": 8}
_OTHER_SIDE = -25
_LINK, _PLACED, _DATED = 55, (35, 20), (15, 10)

_MAY_BECOME = {Status.LOST: frozenset({*Status, RECOVERED})} | dict.fromkeys(
    (Status.DAMAGED, Status.ABANDONED), frozenset({Status.DESTROYED, Status.CAPTURED, Status.DAMAGED, Status.ABANDONED})
)
"""What a status may turn into, or be said of more exactly."""


class Ground(StrEnum):
    """What brought two losses together, the strongest first."""

    LINK = "link"
    NEAR = "near"


class Seen(NamedTuple):
    """What is compared of a loss. Sides, types and feeds are numbers; those merged away stand as what they became."""

    id: int
    uid: str
    feed: int
    keyed: bool
    """Whether its feed gives it a key: then the feed itself tells it from its other losses."""
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
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, rise + cos(north) * cos(north2) * turn)))


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


def compared(one: Seen, other: Seen, ground: Ground, trees: Trees, reach: Reach) -> Pair | None:
    """Two losses as a pair with its points and its reasons; None where these are too few.

    Losses that are ``NEAR`` must agree in quantity and, by and large, in side, type and status.
    """
    if other.id < one.id:
        one, other = other, one
    agreed = {
        "side": _kin(one.side, other.side, trees.sides, "side"),
        "type": _kin(one.type, other.type, trees.types, "type"),
        "status": _status(one.outcome, other.outcome),
    }
    days, km = days_apart(one, other), km_apart(one, other)
    if ground is Ground.LINK:
        points = _LINK + (_OTHER_SIDE if not agreed["side"] else 0)
    elif all(agreed.values()) and (one.quantity, one.counts) == (other.quantity, other.counts):
        points = _nearness(days, km, reach)
    else:
        return None
    score = points + sum(agreed.values())
    return Pair(one, other, ground, score, _why(ground, agreed, days, km)) if points and score >= LEAST else None


def _kin(one: int | None, other: int | None, lines: Mapping[int, tuple[int, ...]], what: str) -> int:
    if one is None or other is None:
        return 0
    if one == other:
        return _SAME
    return _KIN[what] if one in lines[other] or other in lines[one] else 0


def _status(one: str, other: str) -> int:
    if one == other:
        return _SAME
    fits = other in _MAY_BECOME.get(one, ()) or one in _MAY_BECOME.get(other, ())  # type: ignore[call-overload]
    return _KIN["status"] if fits else 0


def _nearness(days: int | None, km: float | None, reach: Reach) -> int:
    """The points for being near: all of them on the same day at the same place, fewer towards the end of the reach."""
    if days is None or days > reach.days or (km is not None and km > reach.km):
        return 0
    most, least = _DATED if km is None else _PLACED
    far = days / (reach.days + 1)
    if km is not None and reach.km:
        far = (far + km / reach.km) / 2
    return round(most - (most - least) * far)


def _why(ground: Ground, agreed: Mapping[str, int], days: int | None, km: float | None) -> str:
    """The reasons in words: "same link, side, type and status; 1 day and 0.4 km apart"."""
    same = [name for name, points in agreed.items() if points == _SAME]
    akin = [name for name, points in agreed.items() if 0 < points < _SAME]
    said = f"same {listed(['link', *same] if ground is Ground.LINK else same)}" if same or ground is Ground.LINK else ""
    parts = [said, f"{listed(akin)} alike" if akin else "", _apart(days, km)]
    return "; ".join(part for part in parts if part)


def _apart(days: int | None, km: float | None) -> str:
    far = [] if not days else [f"{days:,} day{'' if days == 1 else 's'}"]
    far += [] if km is None else [f"{km:,.1f} km"]
    same_day = "same day" if days == 0 else ""
    apart = f"{listed(far)} apart" if far else ""
    return ", ".join(part for part in (same_day, apart) if part)


def listed(words: Iterable[str]) -> str:
    """Words as one says them: "link, side and type"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
