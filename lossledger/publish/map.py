"""The map of the losses that have a place: outlines and marks, as SVG that needs no script and no other server."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from math import cos, radians, sqrt
from typing import NamedTuple

from lossledger.publish.drawing import FAINT, INK, Frame, number, rule, spoken, tag, text
from lossledger.publish.marks import definitions, mark
from lossledger.publish.outlines.reading import Box, Outlines, Point, area, outlines

FRAME = Frame(640, 460, 0, 0, 0, 0)
LARGE = Frame(1080, 680, 0, 0, 0, 0)

_AT_MOST = 280
"""Marks on a map as it is written; the script takes them apart when somebody looks closer."""

_LEAST = 1.6
"""Degrees of latitude that a map shows at least, so that one loss does not stand on an empty sheet."""

_SEA, _LAND = "#e3ebe6", "#fafbf5"


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
    day: str | None

    @property
    def label(self) -> str:
        """What it is: "3 T-72B, Armenia, destroyed, 27 Sep 2020"."""
        what = self.type if self.quantity == 1 else f"{number(self.quantity)} {self.type}"
        day = spoken(date.fromisoformat(self.day)) if self.day else "day not known"
        return f"{what}, {self.side}, {self.status}, {day}"


class _Sheet(NamedTuple):
    """A part of the world on a picture: how many of its units a degree takes, and where it begins."""

    box: Box
    frame: Frame
    across: float
    down: float

    def at(self, point: Point) -> tuple[float, float]:
        """Where a longitude and latitude are on the picture."""
        return (point[0] - self.box.west) * self.across, (self.box.north - point[1]) * self.down


def svg(places: Iterable[Place], label: str, root: str = "", *, large: bool = False) -> str:
    """The map as markup: marks are links, to the loss or to the list of what is together in one mark.

    Args:
        places: the losses that have coordinates.
        label: what the map shows, for those who hear it.
        root: the way from the page to the site's first folder.
        large: for a page of its own.
    """
    found = list(places)
    if not found:
        return ""
    sheet = _sheet(found, LARGE if large else FRAME)
    drawn = outlines(sheet.box, apart=(0.5 if large else 0.9) / sheet.across)
    cells, size = _cells(found, sheet)
    most = max((_whole(cell.places) for cell in cells), default=1)
    return tag(
        "svg",
        tag("title", escape(label)),
        definitions(),
        tag("rect", width=sheet.frame.width, height=sheet.frame.height, fill=_SEA, class_="sea"),
        *_ground(drawn, sheet),
        tag("g", *_names(drawn, sheet), class_="countries"),
        tag("g", *(_cell(cell, root, size, most) for cell in cells), class_="marks"),
        _scale(sheet),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {sheet.frame.width} {sheet.frame.height}",
        width=sheet.frame.width,
        height=sheet.frame.height,
        role="group",
        aria_label=label,
        font_size=13,
        class_="drawn map",
        data_west=f"{sheet.box.west:.5f}",
        data_north=f"{sheet.box.north:.5f}",
        data_across=f"{sheet.across:.4f}",
        data_down=f"{sheet.down:.4f}",
        data_cell=size,
        data_most=most,
        data_root=root,
    )


def script(places: Iterable[Place]) -> str:
    """The text of the script that holds every place, for a closer look: columns, as in the scripts of items."""
    found = list(places)
    types = {name: at for at, name in enumerate(dict.fromkeys(place.type for place in found))}
    sides = {side: at for at, side in enumerate(dict.fromkeys((place.side, place.tone) for place in found))}
    statuses = {name: at for at, name in enumerate(dict.fromkeys(place.status for place in found))}
    columns = {
        "types": list(types),
        "sides": list(sides),
        "statuses": list(statuses),
        "uid": "".join(place.uid for place in found),
        "latitude": [round(place.latitude, 5) for place in found],
        "longitude": [round(place.longitude, 5) for place in found],
        "type": [types[place.type] for place in found],
        "side": [sides[place.side, place.tone] for place in found],
        "status": [statuses[place.status] for place in found],
        "quantity": [place.quantity for place in found],
        "day": [place.day and spoken(date.fromisoformat(place.day)) for place in found],
    }
    return f"lossledger.places({json.dumps(columns, ensure_ascii=True, separators=(',', ':'))});\n"


def _sheet(places: Sequence[Place], frame: Frame) -> _Sheet:
    """The box around nearly all places, with a margin, in the shape of the frame.

    One in two hundred at each edge may fall outside: a single wrong sign in a list of thousands would otherwise
    shrink the rest to a spot.
    """
    beyond = len(places) // 200
    latitudes, longitudes = sorted(one.latitude for one in places), sorted(one.longitude for one in places)
    south, north = latitudes[beyond], latitudes[-1 - beyond]
    west, east = longitudes[beyond], longitudes[-1 - beyond]
    middle = (south + north) / 2
    narrowing = max(cos(radians(middle)), 0.2)
    high = max((north - south) * 1.25, _LEAST, (east - west) * 1.25 * narrowing * frame.height / frame.width)
    wide = high / narrowing * frame.width / frame.height
    centre = (west + east) / 2
    box = Box(centre - wide / 2, middle - high / 2, centre + wide / 2, middle + high / 2)
    return _Sheet(box, frame, frame.width / wide, frame.height / high)


def _ground(drawn: Outlines, sheet: _Sheet) -> list[str]:
    def path(lines: list[list[Point]], *, closed: bool = False) -> str:
        return "".join(_path([sheet.at(point) for point in line]) + ("z" if closed else "") for line in lines)

    line = {"fill": "none", "stroke": FAINT, "vector_effect": "non-scaling-stroke"}
    return [
        tag("path", d=path(drawn.land, closed=True), fill=_LAND, class_="land"),
        tag("path", d=path(drawn.coasts), stroke_width=0.9, class_="coast", **line),
        tag("path", d=path(drawn.borders), stroke_width=0.7, class_="border", **line),
        tag("path", d=path(drawn.disputed), stroke_width=0.7, stroke_dasharray="3 3", class_="border", **line),
    ]


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + " ".join(f"{x:.1f},{y:.1f}".replace(".0", "") for x, y in points)


def _names(drawn: Outlines, sheet: _Sheet) -> list[str]:
    found = []
    for name, ring in drawn.countries:
        points = [sheet.at(point) for point in ring]
        width = len(name) * 8.0
        if sqrt(area(points)) < width * 0.8:
            continue
        x, y = _inmost(points)
        x = min(max(x, width / 2 + 4), sheet.frame.width - width / 2 - 4)
        y = min(max(y, 18), sheet.frame.height - 10)
        found.append(
            text(
                name,
                x,
                y,
                text_anchor="middle",
                fill=FAINT,
                font_size=13,
                letter_spacing=1.5,
                paint_order="stroke",
                stroke=_LAND,
                stroke_width=3,
                class_="country",
            )
        )
    return found


def _inmost(ring: list[Point]) -> Point:
    """The point of a ring that is farthest from its edges, of some tried: where a name has room."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    few = ring[:: max(len(ring) // 60, 1)]

    def room(point: Point) -> float:
        near = min((point[0] - x) ** 2 + (point[1] - y) ** 2 * 4 for x, y in few)
        return near if _inside(point, few) else -near

    steps = [(i + 0.5) / 9 for i in range(9)]
    tried = [(min(xs) + a * (max(xs) - min(xs)), min(ys) + b * (max(ys) - min(ys))) for a in steps for b in steps]
    return max(tried, key=room)


def _inside(point: Point, ring: list[Point]) -> bool:
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


class _Cell(NamedTuple):
    """Places so near each other that one mark stands for them; where the mark is, and the box they are from."""

    x: float
    y: float
    places: list[Place]
    box: Box


def _cells(places: Sequence[Place], sheet: _Sheet) -> tuple[list[_Cell], int]:
    """The marks of a map, the largest first, so that small ones lie above; and the size of a cell in units."""
    for size in (18, 22, 26, 32, 40, 50, 64):
        together: defaultdict[tuple[int, int], list[Place]] = defaultdict(list)
        for place in places:
            x, y = sheet.at((place.longitude, place.latitude))
            if 0 <= x <= sheet.frame.width and 0 <= y <= sheet.frame.height:
                together[int(x // size), int(y // size)].append(place)
        if len(together) <= _AT_MOST:
            break
    cells = [_together(column, row, size, found, sheet) for (column, row), found in together.items()]
    return sorted(cells, key=lambda cell: (-len(cell.places), cell.y, cell.x)), size


def _together(column: int, row: int, size: int, places: list[Place], sheet: _Sheet) -> _Cell:
    spots = [sheet.at((place.longitude, place.latitude)) for place in places]
    x, y = sum(x for x, _ in spots) / len(spots), sum(y for _, y in spots) / len(spots)
    west, north = sheet.box.west + column * size / sheet.across, sheet.box.north - row * size / sheet.down
    box = Box(west, north - size / sheet.down, west + size / sheet.across, north)
    return _Cell(x, y, places, box)


def _cell(cell: _Cell, root: str, size: int, most: int) -> str:
    first = cell.places[0]
    if len(cell.places) == 1:
        address, says = f"{root}loss/{first.uid}.html", first.label
        inside = mark(first.status, first.tone)
    else:
        address = f"{root}items.html#box={','.join(f'{edge:.4f}' for edge in cell.box)}"
        says, inside = _said_together(cell.places), _heap(cell.places, size, most)
    return tag(
        "a",
        tag("title", escape(says)),
        inside,
        href=address,
        transform=f"translate({cell.x:.1f} {cell.y:.1f})",
    )


def _heap(places: list[Place], size: int, most: int) -> str:
    """A disc in the ink of the side that lost most of it, with the number on it; no larger than its cell, nearly."""
    whole = _whole(places)
    radius = size * (0.3 + 0.3 * sqrt(whole / most))
    letters = min(0.62 * size, 3.0 * radius / max(len(str(whole)), 2))
    return tag("circle", r=radius, class_=f"heap {_most(places)}") + text(
        str(whole), 0, letters * 0.35, text_anchor="middle", font_size=letters, fill=None, class_="many"
    )


def _whole(places: list[Place]) -> int:
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


def _scale(sheet: _Sheet) -> str:
    """A ruler: a round number of kilometres, which is true in the middle of the map."""
    per_kilometre = sheet.down / 111.2
    length = max((n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if n * per_kilometre < 150), default=1)
    y, right = sheet.frame.height - 14, sheet.frame.width - 16
    left = right - length * per_kilometre
    return tag(
        "g",
        rule(left, y, right, y, stroke=INK, class_="base"),
        rule(left, y - 4, left, y + 4, stroke=INK, class_="base"),
        rule(right, y - 4, right, y + 4, stroke=INK, class_="base"),
        text(f"{length} km", right, y - 7, text_anchor="end", fill=INK, class_="figure"),
        class_="scale",
        data_kilometre=f"{per_kilometre:.5f}",
    )
