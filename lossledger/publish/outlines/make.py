"""Make outlines.json.gz from Natural Earth's countries in TopoJSON: ``python make.py countries-50m.json``."""

import gzip
import json
import sys
from collections import Counter
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any

PER_DEGREE = 100
"""Steps of the grid to a degree: a step is about a kilometre, the scale of the source's own generalisation."""

LEFT_OUT = frozenset({"Antarctica"})

DISPUTED = frozenset({"Kosovo", "N. Cyprus", "Palestine", "Siachen Glacier", "Somaliland", "Taiwan", "W. Sahara"})
"""Every border of these is drawn dashed, and they bear no label: a name on a map is a statement as well."""

CRIMEA = (32.5, 45.6, 35.5, 46.4)
"""West, south, east, north of the isthmus, along which the source has a border."""

SPELT_OUT = {
    "Bosnia and Herz.": "Bosnia and Herzegovina",
    "Central African Rep.": "Central African Republic",
    "Dem. Rep. Congo": "DR Congo",
    "Dominican Rep.": "Dominican Republic",
    "Macedonia": "North Macedonia",
    "S. Sudan": "South Sudan",
    "Turkey": "Türkiye",
    "United States of America": "United States",
}

Arc = list[tuple[int, int]]


def main(source: Path) -> None:
    """Write the outlines beside this file."""
    topology = json.loads(source.read_text())
    arcs = [_on_grid(arc, topology["transform"]) for arc in topology["arcs"]]
    shapes = topology["objects"]["countries"]["geometries"]
    countries = [_country(shape) for shape in shapes if shape["properties"]["name"] not in LEFT_OUT]
    used = Counter(index for country in countries for index in _arcs_of(country["rings"]))
    disputed = {i for one in countries if one["name"] in DISPUTED for i in _arcs_of(one["rings"]) if used[i] > 1}
    disputed |= {i for i, many in used.items() if many > 1 and _within(arcs[i], CRIMEA)}
    for country in countries:
        if country["name"] in DISPUTED:
            country["name"] = ""
    outlines = {
        "per_degree": PER_DEGREE,
        "arcs": [_as_steps(arc) if used[i] else [] for i, arc in enumerate(arcs)],
        "borders": sorted(i for i, many in used.items() if many > 1 and i not in disputed),
        "disputed": sorted(disputed),
        "countries": countries,
    }
    text = json.dumps(outlines, ensure_ascii=False, separators=(",", ":"))
    Path(__file__).with_name("outlines.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def _on_grid(arc: list[list[int]], transform: dict[str, list[float]]) -> Arc:
    scale, origin = transform["scale"], transform["translate"]
    sums = accumulate(arc, lambda before, step: [before[0] + step[0], before[1] + step[1]])
    points = [
        (round((x * scale[0] + origin[0]) * PER_DEGREE), round((y * scale[1] + origin[1]) * PER_DEGREE))
        for x, y in sums
    ]
    return points[:1] + [after for before, after in pairwise(points) if after != before]


def _country(shape: dict[str, Any]) -> dict[str, Any]:
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    name = shape["properties"]["name"]
    return {"name": SPELT_OUT.get(name, name), "rings": list(chain.from_iterable(polygons))}


def _arcs_of(rings: list[list[int]]) -> list[int]:
    """The numbers of the arcs; a ring that follows an arc backwards has it as -1 - number."""
    return [index if index >= 0 else -1 - index for ring in rings for index in ring]


def _within(arc: Arc, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = (edge * PER_DEGREE for edge in box)
    return all(west <= x <= east and south <= y <= north for x, y in arc)


def _as_steps(arc: Arc) -> list[int]:
    """The first point, then how far it goes on: small numbers, which compress well."""
    steps = arc[:1] + [(x - before_x, y - before_y) for (before_x, before_y), (x, y) in pairwise(arc)]
    return list(chain.from_iterable(steps))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
