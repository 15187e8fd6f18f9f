"""The marks of a map: where losses are near each other one disc stands for all, with their number on it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from html import escape
from math import sqrt
from typing import NamedTuple

from lossledger.core.text import isolated
from lossledger.publish.drawing import Frame, number, tag
from lossledger.publish.marks import mark
from lossledger.publish.outlines.reading import Box, Point

_AT_MOST = 200
"""Marks on a map as it is written; the script takes them apart when somebody looks closer."""


class Place(NamedTuple):
    """A loss where it was: in degrees as the public view has them, with what is said of it."""

    latitude: float
    longitude: float
    tone: str
    quantity: int
    status: str
    uid: str
    side: str
    type: str
    day: str
    """When it was, in words; empty where that is not known."""

    @property
    def label(self) -> str:
        """What it is: "3 T-72B, Armenia, destroyed, 27 Sep 2020"."""
        what = self.type if self.quantity == 1 else f"{number(self.quantity)} {self.type}"
        return f"{what}, {self.side}, {self.status}, {self.day or 'day not known'}"


class Sheet(NamedTuple):
    """A part of the world on a picture: how many of its units a degree takes, and where it begins."""

    box: Box
    frame: Frame
    across: float
    down: float

    def at(self, point: Point) -> tuple[float, float]:
        """Where a longitude and latitude are on the picture."""
        return (point[0] - self.box.west) * self.across, (self.box.north - point[1]) * self.down

    def holds(self, place: Place) -> bool:
        """Whether a place is on the picture."""
        x, y = self.at((place.longitude, place.latitude))
        return 0 <= x <= self.frame.width and 0 <= y <= self.frame.height


class Cell(NamedTuple):
    """Places so near each other that one mark stands for them; where the mark is, and the box they are from."""

    x: float
    y: float
    places: list[Place]
    box: Box


def cells(places: Sequence[Place], sheet: Sheet) -> tuple[list[Cell], int]:
    """The marks of a map, the largest first, so that small ones lie above; and the size of a cell in units."""
    for size in (18, 22, 26, 32, 40, 50, 64):
        together: defaultdict[tuple[int, int], list[Place]] = defaultdict(list)
        for place in places:
            if sheet.holds(place):
                x, y = sheet.at((place.longitude, place.latitude))
                together[int(x // size), int(y // size)].append(place)
        if len(together) <= _AT_MOST:
            break
    found = [_together(near, sheet) for near in together.values()]
    return sorted(found, key=lambda cell: (-len(cell.places), cell.y, cell.x)), size


def _together(places: list[Place], sheet: Sheet) -> Cell:
    spots = [sheet.at((place.longitude, place.latitude)) for place in places]
    x, y = sum(x for x, _ in spots) / len(spots), sum(y for _, y in spots) / len(spots)
    latitudes, longitudes = [place.latitude for place in places], [place.longitude for place in places]
    return Cell(x, y, places, Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes)))


def mark_of(cell: Cell, root: str, size: int, most: int) -> str:
    """The mark of a cell, which is a link: to the one loss, or to the list of those that are together in it."""
    first = cell.places[0]
    if len(cell.places) == 1:
        address, says = f"{root}loss/{first.uid}.html", first.label
        inside = mark(first.status, first.tone)
    else:
        address = f"{root}items.html#box={','.join(f'{edge:.6f}'.rstrip('0').rstrip('.') for edge in cell.box)}"
        says, inside = _said_together(cell.places), _heap(cell.places, size, most)
    return tag(
        "a",
        tag("title", escape(isolated(says))),
        inside,
        href=address,
        transform=f"translate({cell.x:.1f} {cell.y:.1f})",
    )


def _heap(places: list[Place], size: int, most: int) -> str:
    """A disc in the ink of the side that lost most of it, with the number on it; no larger than its cell, nearly."""
    many = whole(places)
    radius = size * (0.3 + 0.3 * sqrt(many / most))
    letters = min(0.62 * size, 3.0 * radius / max(len(str(many)), 2))
    disc = tag("circle", r=radius, class_=f"heap {_most(places)}")
    return disc + tag("text", str(many), y=letters * 0.35, font_size=letters)


def whole(places: list[Place]) -> int:
    """How many losses some places stand for."""
    return sum(place.quantity for place in places)


def _most(places: list[Place]) -> str:
    lost: Counter[str] = Counter()
    for place in places:
        lost[place.tone] += place.quantity
    return max(lost, key=lost.__getitem__)


def _said_together(places: list[Place]) -> str:
    lost: Counter[str] = Counter()
    for place in places:
        lost[place.side] += place.quantity
    return f"{number(lost.total())} losses: " + ", ".join(f"{side} {number(many)}" for side, many in lost.items())
