"""Outlines within a box: land to fill, coasts and borders to draw, countries to name; all in degrees."""

import gzip
import json
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

Point = tuple[float, float]
"""Longitude and latitude."""


class Box(NamedTuple):
    """A part of the world, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        """Whether a point lies within."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north

    def meets(self, other: "Box") -> bool:
        """Whether two boxes have something in common."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


_NOWHERE = Box(999, 999, -999, -999)
"""Meets no box; arcs of what is left out of the world are empty."""


class Outlines(NamedTuple):
    """What is to be drawn of a box."""

    land: list[list[Point]]
    """Rings, clipped to the box."""
    coasts: list[list[Point]]
    borders: list[list[Point]]
    disputed: list[list[Point]]
    countries: list[tuple[str, list[Point]]]
    """Each country's name with the largest of its rings within the box."""


class _World(NamedTuple):
    arcs: list[list[Point]]
    boxes: list[Box]
    """Of each arc."""
    borders: frozenset[int]
    disputed: frozenset[int]
    coasts: frozenset[int]
    countries: list[tuple[str, list[tuple[Box, list[int]]]]]
    """The rings of each country, as arcs, with the box of each ring."""


@cache
def _world() -> _World:
    packed = files(__package__).joinpath("outlines.json.gz").read_bytes()
    found = json.loads(gzip.decompress(packed))
    arcs = [_points(steps, found["per_degree"]) for steps in found["arcs"]]
    boxes = [_around(arc) for arc in arcs]
    countries = [
        (one["name"], [(_whole(boxes[_arc(index)] for index in ring), ring) for ring in one["rings"]])
        for one in found["countries"]
    ]
    used = {_arc(index) for _, rings in countries for _, ring in rings for index in ring}
    borders, disputed = frozenset(found["borders"]), frozenset(found["disputed"])
    return _World(arcs, boxes, borders, disputed, frozenset(used) - borders - disputed, countries)


def _points(steps: Sequence[int], per_degree: int) -> list[Point]:
    x = y = 0
    points = []
    for across, up in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + across, y + up
        points.append((x / per_degree, y / per_degree))
    return points


def outlines(box: Box, apart: float) -> Outlines:
    """What lies in a box, without points that are nearer to the one before than ``apart`` degrees."""
    world = _world()
    near = [box.meets(other) for other in world.boxes]
    # What is outside is needed to close a ring only, and its ends will do for that.
    arcs = [thinned(arc, apart) if seen else arc[:1] + arc[-1:] for arc, seen in zip(world.arcs, near, strict=True)]
    land: list[list[Point]] = []
    countries: list[tuple[str, list[Point]]] = []
    for name, rings in world.countries:
        clipped = [_clipped(_ring(ring, arcs), box) for around, ring in rings if box.meets(around)]
        seen = [part for part in clipped if len(part) > 2]
        land += seen
        if seen and name:
            countries.append((name, max(seen, key=area)))

    def lines(indexes: Iterable[int]) -> list[list[Point]]:
        return [run for index in sorted(indexes) if near[index] for run in _within(arcs[index], box)]

    return Outlines(land, lines(world.coasts), lines(world.borders), lines(world.disputed), countries)


def thinned(points: list[Point], apart: float) -> list[Point]:
    """A line without its points that add nothing; its ends stay, so that lines still meet."""
    if len(points) < 3:
        return points
    kept = points[:1]
    for point in points[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= apart:
            kept.append(point)
    return [*kept, points[-1]]


def area(ring: list[Point]) -> float:
    """How large a ring is, in square degrees: enough to compare rings of one country."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def _arc(index: int) -> int:
    """The number of an arc; a ring that follows it backwards has it as -1 - number."""
    return index if index >= 0 else -1 - index


def _around(points: list[Point]) -> Box:
    longitudes, latitudes = [x for x, _ in points], [y for _, y in points]
    return Box(*(edge(axis) for edge in (min, max) for axis in (longitudes, latitudes))) if points else _NOWHERE


def _whole(boxes: Iterable[Box]) -> Box:
    west, south, east, north = zip(*boxes, strict=True)
    return Box(min(west), min(south), max(east), max(north))


def _ring(indexes: list[int], arcs: list[list[Point]]) -> list[Point]:
    ring: list[Point] = []
    for index in indexes:
        ring += arcs[index][:-1] if index >= 0 else arcs[-1 - index][:0:-1]
    return ring


def _clipped(ring: list[Point], box: Box) -> list[Point]:
    """The part of a ring within the box: cut off at one side after the other (Sutherland and Hodgman)."""
    for axis, bound, sign in ((0, box.west, 1), (0, box.east, -1), (1, box.south, 1), (1, box.north, -1)):
        if not ring:
            return ring
        cut: list[Point] = []
        before = ring[-1]
        for point in ring:
            if (sign * (point[axis] - bound) >= 0) != (sign * (before[axis] - bound) >= 0):
                share = (bound - before[axis]) / (point[axis] - before[axis])
                crossing = tuple(before[i] + share * (point[i] - before[i]) for i in (0, 1))
                cut.append((crossing[0], crossing[1]))
            if sign * (point[axis] - bound) >= 0:
                cut.append(point)
            before = point
        ring = cut
    return ring


def _within(line: list[Point], box: Box) -> list[list[Point]]:
    """The runs of a line that are in the box, each with the point before and after it."""
    runs: list[list[Point]] = []
    inside = False
    for before, point in pairwise(line):
        if box.holds(before) or box.holds(point):
            if not inside:
                runs.append([before])
            runs[-1].append(point)
            inside = True
        else:
            inside = False
    return runs
