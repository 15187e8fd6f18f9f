"""A data package in the layout of the packs: ``losses.csv``, with ``evidence.csv`` and ``sources.csv`` beside it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lossledger.core.fields import FLAG
from lossledger.core.forms import check_form
from lossledger.core.names import slug
from lossledger.core.package_layout import text_of_cell
from lossledger.core.records import KINDS
from lossledger.core.text import shortened
from lossledger.core.vocabulary import Relation, Verification
from lossledger.errors import BadData, Refused
from lossledger.feeds import tables
from lossledger.feeds.cells import check_lengths
from lossledger.feeds.opening import Opened, opened
from lossledger.feeds.records import Item, Reading, Source, Unread

_LOSS = {field.name: field for field in KINDS["loss"].fields}
_NOT_TAKEN = frozenset(
    ("uid", "feed", "feed_key", "feed_day", "candidates", "merged_into", "stands_in", "withdrawn", "split_from")
)
"""Columns that mean something only in the ledger that the package came from."""

_SHOWN = 200

Record = dict[str, str]


def read(package: Opened) -> Reading:
    """The losses of a package, each known by its uid there, with the links of its evidence.

    Sides, types and categories are called by their names where the package has tables of them, else by their slugs.
    A loss that was withdrawn or merged into another there is Unread: it would count twice. What a package holds
    besides (published tallies, evidence that disputes a loss, sources without a link) is not read.

    Args:
        package: its ``datapackage.json``, opened; the tables are beside it.

    Errors: BadData for a package without losses, or whose tables do not fit each other; while records are read too.
    """
    place = Path(package.path)
    folder = place if place.is_dir() else place.parent
    if not (folder / "losses.csv").is_file():
        raise BadData(f"{folder}: a data package without losses.csv; there is nothing to import")
    with opened(str(folder / "losses.csv")) as file:
        columns = tables.read(file).columns
    links = {"links"} if (folder / "evidence.csv").is_file() else set()
    return Reading(_source(package, folder), _records(folder), frozenset(columns) - _NOT_TAKEN | links)


def _source(package: Opened, folder: Path) -> Source:
    feed = next(iter(_rows(folder, "feeds")), None)
    if feed is not None:
        return Source(
            feed["slug"],
            feed.get("name", feed["slug"]),
            publisher=feed.get("publisher"),
            licence=feed.get("licence"),
            credit=feed.get("credit"),
            url=feed.get("url"),
            verification=_verification(folder, feed.get("verification", Verification.CLAIMED)),
            verified_by=feed.get("verified_by"),
        )
    try:
        said = json.loads(package.whole())
    except (ValueError, RecursionError) as error:
        raise BadData(f"{package.name}: no JSON: {error}") from error
    title = said.get("title") or said.get("name") if isinstance(said, dict) else None
    name = title if isinstance(title, str) else folder.resolve().name
    return Source(slug(name) or "package", name)


def _verification(folder: Path, text: str) -> Verification:
    try:
        return Verification(text)
    except ValueError:
        raise BadData(f"{folder / 'feeds.csv'}: verification {text!r} is none of {', '.join(Verification)}") from None


@dataclass(frozen=True)
class _Known:
    """What the other tables of a package say of its losses."""

    sides: Mapping[str, Record]
    types: Mapping[str, Record]
    categories: Mapping[str, Record]
    links: Mapping[str, tuple[str, ...]]
    merged: Mapping[str, str]


def _known(folder: Path) -> _Known:
    urls = {row["uid"]: row["url"] for row in _rows(folder, "sources") if "url" in row}
    links: dict[str, dict[str, None]] = {}
    for row in _rows(folder, "evidence"):
        if row.get("relation") != Relation.DISPUTES and row.get("source") in urls:
            links.setdefault(row["loss"], {})[urls[row["source"]]] = None
    return _Known(
        sides={row["slug"]: row for row in _rows(folder, "sides")},
        types={row["slug"]: row for row in _rows(folder, "types")},
        categories={row["slug"]: row for row in _rows(folder, "categories")},
        links={loss: tuple(found) for loss, found in links.items()},
        merged={row["loss"]: row["into"] for row in _rows(folder, "merges")},
    )


_KEYS = {
    "feeds": ("slug",),
    "sides": ("slug",),
    "types": ("slug",),
    "categories": ("slug",),
    "sources": ("uid",),
    "evidence": ("loss", "source"),
    "merges": ("loss", "into"),
}
"""The cells that a row of each table cannot be without."""


def _rows(folder: Path, name: str) -> Iterator[Record]:
    """The rows of one of a package's tables, without empty cells. Errors: BadData for a row that cannot be read."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        return
    with opened(str(path)) as file:
        found = tables.read(file)
        for key in _KEYS[name]:
            found.need(key)
        for row in found.rows:
            if isinstance(row, Unread):
                raise BadData(f"{path}: {row.place}: {row.reason}")
            place, cells = row
            record = _record(found.columns, cells)
            for key in _KEYS[name]:
                if key not in record:
                    raise BadData(f"{path}: {place}: {key} is empty")
            yield record


def _record(columns: tuple[str, ...], cells: tables.Cells) -> Record:
    return {column: cell for column, cell in zip(columns, cells, strict=True) if cell}


def _records(folder: Path) -> Iterator[Item | Unread]:
    known = _known(folder)
    with opened(str(folder / "losses.csv")) as file:
        found = tables.read(file)
        for column in ("uid", "side", "status"):
            found.need(column)
        for column in found.columns:
            if column not in _LOSS and column != "uid":
                raise BadData(f"{folder / 'losses.csv'}: a loss has no field {column!r}")
        for row in found.rows:
            if isinstance(row, Unread):
                yield row
                continue
            place, cells = row
            try:
                item = _item(place, _record(found.columns, cells), known)
                check_lengths(item)
                yield item
            except Refused as error:
                yield Unread(place, shortened(",".join(cells), _SHOWN), str(error))


def _item(place: str, row: Record, known: _Known) -> Item:
    uid, side = row.pop("uid", None), row.pop("side", None)
    if uid is None or side is None or "status" not in row:
        raise Refused("it lacks its uid, its side or its status")
    into = row.pop("merged_into", None) or known.merged.get(uid)
    if into is not None:
        raise Refused(f"it is merged into {into} there")
    if row.pop("withdrawn", None) == FLAG:
        raise Refused("it is withdrawn there")
    kind, category = row.pop("type", None), row.pop("category", None)
    if kind is None and category is None:
        raise Refused("it has neither a type nor a category")
    fields = {name: _value(name, cell) for name, cell in row.items() if name not in _NOT_TAKEN}
    return Item(
        place,
        _name(known.sides, side),
        category and _name(known.categories, category),
        kind and _name(known.types, kind),
        fields,
        known.links.get(uid, ()),
        uid,
        known.types.get(kind or "", {}).get("origin"),
    )


def _name(known: Mapping[str, Record], key: str) -> str:
    return known.get(key, {}).get("name", key)


def _value(name: str, cell: str) -> str:
    """A cell as the field's text; a list's parts stand between bars."""
    field = _LOSS[name]
    text = text_of_cell(field, cell)
    check_form(field, name, text)
    return text
