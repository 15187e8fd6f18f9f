"""Losses that have coordinates as GeoJSON (RFC 7946)."""

from collections.abc import Iterator
from typing import IO, Any

from lossledger.core.text import many
from lossledger.exports.about import About
from lossledger.exports.tables import Table


def write_geojson(table: Table, about: About, out: IO[bytes]) -> None:
    """Write a feature for each loss with coordinates, longitude first; those without are counted, in the metadata.

    The metadata stand at the end, as a member of the collection of our own.
    """
    import orjson

    left_out = 0
    written = 0
    out.write(b'{"type":"FeatureCollection","features":[')
    for properties in _records(table):
        place = [properties.pop("longitude"), properties.pop("latitude")]
        if None in place:
            left_out += 1
            continue
        feature = {
            "type": "Feature",
            "id": properties["id"],
            "geometry": {"type": "Point", "coordinates": place},
            "properties": properties,
        }
        out.write(b",\n" if written else b"\n")
        out.write(orjson.dumps(feature))
        written += 1
    remark = f"{many(left_out, 'loss', 'losses')} without coordinates left out"
    metadata = about.fields() | {
        "features": written,
        "without_coordinates": left_out,
        "remarks": [*about.remarks, remark],
    }
    columns = {column.name: column.meaning for column in table.columns}
    out.write(b'\n],\n"metadata":' + orjson.dumps(metadata | {"properties": columns}) + b"}\n")


def _records(table: Table) -> Iterator[dict[str, Any]]:
    header = table.header
    return (dict(zip(header, row, strict=True)) for row in table.rows)
