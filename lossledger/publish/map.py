"""The map of the losses that have a place: outlines and marks, as SVG that needs no script and no other server."""

import json
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from math import cos, radians, sqrt

from lossledger.core.text import isolated
from lossledger.publish.drawing import FAINT, INK, Frame, rule, tag, text
from lossledger.publish.heaps import Place, Sheet, cells, mark_of, whole
from lossledger.publish.marks import definitions
from lossledger.publish.outlines.reading import Box, Outlines, Point, area, outlines

__all__ = ["Place", "outside", "script", "svg"]

FRAME = Frame(640, 460, 0, 0, 0, 0)
LARGE = Frame(1080, 680, 0, 0, 0, 0)

_LEAST = 0.6
"""Degrees of latitude that a map shows at least, so that one loss does not stand on an empty sheet."""

_SEA, _LAND = "#e3ebe6", "#fafbf5"


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
    drawn = outlines(sheet.box, apart=(0.5 if large else 1.3) / sheet.across)
    together, size = cells(found, sheet)
    most = max((whole(cell.places) for cell in together), default=1)
    return tag(
        "svg",
        tag("title", escape(label)),
        definitions(),
        tag("rect", width=sheet.frame.width, height=sheet.frame.height, fill=_SEA, class_="sea"),
        _ground(drawn, sheet, 4 if large else 2),
        tag(
            "g",
            *_names(drawn, sheet),
            text_anchor="middle",
            letter_spacing=1.5,
            paint_order="stroke",
            stroke_width=3,
            class_="countries",
        ),
        tag("g", *(mark_of(cell, root, size, most) for cell in together), text_anchor="middle", class_="marks"),
        _scale(sheet),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {sheet.frame.width} {sheet.frame.height}",
        width=sheet.frame.width,
        height=sheet.frame.height,
        role="group",
        aria_label=label,
        font_size=13,
        class_="drawn map large" if large else "drawn map",
        data_west=f"{sheet.box.west:.5f}",
        data_north=f"{sheet.box.north:.5f}",
        data_across=f"{sheet.across:.4f}",
        data_down=f"{sheet.down:.4f}",
        data_cell=size,
        data_most=most,
        data_root=root,
    )


def outside(places: Iterable[Place], *, large: bool = False) -> list[Place]:
    """The places that lie outside the map of them all, which has to be said beside it."""
    found = list(places)
    if not found:
        return []
    sheet = _sheet(found, LARGE if large else FRAME)
    return [place for place in found if not sheet.holds(place)]


def script(places: Iterable[Place]) -> str:
    """The text of the script that holds every place, for a closer look: columns, as in the scripts of items."""
    found = list(places)
    types = {name: at for at, name in enumerate(dict.fromkeys(place.type for place in found))}
    sides = {side: at for at, side in enumerate(dict.fromkeys((place.side, place.tone) for place in found))}
    statuses = {name: at for at, name in enumerate(dict.fromkeys(place.status for place in found))}
    columns = {
        "types": [isolated(name) for name in types],
        "sides": [(isolated(name), tone) for name, tone in sides],
        "statuses": list(statuses),
        "uid": "".join(place.uid for place in found),
        "latitude": [round(place.latitude, 5) for place in found],
        "longitude": [round(place.longitude, 5) for place in found],
        "type": [types[place.type] for place in found],
        "side": [sides[place.side, place.tone] for place in found],
        "status": [statuses[place.status] for place in found],
        "quantity": [place.quantity for place in found],
        "day": [place.day or None for place in found],
    }
    return f"lossledger.places({json.dumps(columns, ensure_ascii=True, separators=(',', ':'))});\n"


def _sheet(places: Sequence[Place], frame: Frame) -> Sheet:
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
    return Sheet(box, frame, frame.width / wide, frame.height / high)


def _ground(drawn: Outlines, sheet: Sheet, grain: int) -> str:
    """Land, coasts and borders, in so many steps to a unit: whole numbers, which take the fewest letters."""

    def path(lines: list[list[Point]], *, closed: bool = False) -> str:
        return "".join(_path([sheet.at(point) for point in line], grain) + ("z" if closed else "") for line in lines)

    line = {"fill": "none", "stroke": FAINT, "vector_effect": "non-scaling-stroke"}
    return tag(
        "g",
        tag("path", d=path(drawn.land, closed=True), fill=_LAND, class_="land"),
        tag("path", d=path(drawn.coasts), stroke_width=0.9, class_="coast", **line),
        tag("path", d=path(drawn.borders), stroke_width=0.7, class_="border", **line),
        tag("path", d=path(drawn.disputed), stroke_width=0.7, stroke_dasharray="3 3", class_="border", **line),
        transform=f"scale({1 / grain})",
    )


def _path(points: list[Point], grain: int) -> str:
    """A line by how far it goes on from point to point."""
    steps = [(round(x * grain), round(y * grain)) for x, y in points]
    onward = [(x - before_x, y - before_y) for (before_x, before_y), (x, y) in pairwise(steps)]
    return f"M{steps[0][0]},{steps[0][1]}l" + " ".join(f"{x},{y}" for x, y in onward if x or y)


def _names(drawn: Outlines, sheet: Sheet) -> list[str]:
    found = []
    for name, ring in drawn.countries:
        points = [sheet.at(point) for point in ring]
        width = len(name) * 8.0
        if sqrt(area(points)) < width * 0.8:
            continue
        x, y = _inmost(points)
        x = min(max(x, width / 2 + 4), sheet.frame.width - width / 2 - 4)
        y = min(max(y, 18), sheet.frame.height - 10)
        found.append(text(name, x, y, class_="country"))
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


def _scale(sheet: Sheet) -> str:
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
        text(f"{length} km", right, y - 7, text_anchor="end"),
        class_="scale",
        data_kilometre=f"{per_kilometre:.5f}",
    )
