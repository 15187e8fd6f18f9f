"""Any table of losses, CSV, TSV or JSON, by a map of its columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial

from lossledger.core.fields import MAX_LINE
from lossledger.core.text import shortened
from lossledger.errors import Refused
from lossledger.feeds import cells, tables
from lossledger.feeds.cells import Fields
from lossledger.feeds.mapping import ColumnMap, own_names, sufficient
from lossledger.feeds.opening import Opened
from lossledger.feeds.records import Item, Reading, Unread

_Convert = Callable[[str], Fields]

_KEPT = 4096
"""Values of a column whose meaning is kept: the days of ten years, all statuses, most units."""

_CONVERTED: Mapping[str, _Convert] = {
    "status": cells.status,
    "date": cells.days,
    "reported": cells.reported,
    "coordinates": cells.coordinates,
    "latitude": partial(cells.coordinate, "latitude"),
    "longitude": partial(cells.coordinate, "longitude"),
    "tags": cells.tags,
    "quantity": cells.quantity,
}
"""The fields that are not taken as they stand."""

_STATED: Mapping[str, tuple[str, ...]] = {
    "status": ("status", "phrase"),
    "phrase": ("status", "phrase"),
    "date": ("earliest", "latest", "inferred"),
    "coordinates": ("latitude", "longitude"),
    "quantity": ("quantity", "counts"),
    "source": ("links",),
}
"""What of an item a column is a place for, where that is not called as the column is."""

_SELDOM_TWICE = frozenset(("latitude", "longitude", "coordinates"))

_SHOWN = 200
"""Characters of a row that could not be read."""


def read(opened: Opened, columns: ColumnMap | None = None) -> Reading:
    """The losses in a table, a row each; without a map, from the columns that bear the fields' own names.

    Errors: UnknownName for a column that the file lacks; Refused where the map does not tell who lost what;
    BadData, while records are read too, for a file that is no table.
    """
    found = tables.read(opened)
    columns = columns or own_names(found.columns)
    if not sufficient({*columns.columns, *columns.defaults}):
        raise Refused(
            f"{opened.name}: which columns are the side, and the type or the category? Give a map: "
            "side=country,type=system"
        )
    stated = {one for name in {*columns.columns, *columns.defaults} for one in _STATED.get(name, (name,))}
    taken = set(columns.columns.values())
    left_out = tuple(column for column in found.columns if column not in taken)
    return Reading(columns.source(opened.name), _records(found, columns), frozenset(stated), left_out)


def _records(found: tables.Table, columns: ColumnMap) -> Iterator[Item | Unread]:
    plan = _Plan(found, columns)
    return (row if isinstance(row, Unread) else plan.record(*row) for row in found.rows)


class _Plan:
    """A map of columns, worked out once for all rows: which cell goes where, and through what."""

    def __init__(self, found: tables.Table, columns: ColumnMap) -> None:
        plain: list[tuple[str, int]] = []
        converted: list[tuple[int, _Convert, Fields]] = []
        self._constant: Fields = {}
        for name in dict.fromkeys([*columns.columns, *columns.defaults]):
            convert = _meaning(name, columns.values.get(name, {}))
            default = columns.defaults.get(name, "")
            given = convert(default) if default else {}
            if name not in columns.columns:
                self._constant |= given
            elif name in _CONVERTED or given or name in columns.values:
                at = found.need(columns.columns[name])
                kept = convert if name in _SELDOM_TWICE else lru_cache(maxsize=_KEPT)(convert)
                converted.append((at, kept, given))
            else:
                plain.append((name, found.need(columns.columns[name])))
        self._plain, self._converted = tuple(plain), tuple(converted)

    def record(self, place: str, row: Sequence[str]) -> Item | Unread:
        """The loss that a row tells, or why it tells none."""
        try:
            item = _item(place, self._fields(row))
            if max(map(len, row)) > MAX_LINE:
                cells.check_lengths(item)
            return item
        except Refused as error:
            return Unread(place, shortened(",".join(row), _SHOWN), str(error))

    def _fields(self, row: Sequence[str]) -> Fields:
        fields = self._constant.copy()
        for at, convert, default in self._converted:
            text = row[at].strip()
            fields.update(convert(text) if text else default)
        for name, at in self._plain:
            text = row[at].strip()
            if text:
                fields[name] = text
        return fields


def _meaning(name: str, values: Mapping[str, str]) -> _Convert:
    """What a text of a field says, after the map has said what the table means by it."""
    convert: _Convert = _CONVERTED.get(name) or (lambda text: {name: text})
    if not values:
        return convert
    folded = {text.strip().casefold(): meant for text, meant in values.items()}

    def mapped(text: str) -> Fields:
        meant = folded.get(text.casefold(), text)
        return convert(meant) if meant else {}

    return mapped


def _item(place: str, fields: Fields) -> Item:
    side, category, kind = fields.pop("side", None), fields.pop("category", None), fields.pop("type", None)
    if side is None:
        raise Refused("it has no side")
    if category is None and kind is None:
        raise Refused("it has neither a type nor a category")
    if ("latitude" in fields) != ("longitude" in fields):
        raise Refused("it has only one of latitude and longitude")
    if "status" not in fields and "phrase" in fields:
        fields.update(cells.status_of(fields["phrase"]))
    source, number, key = fields.pop("source", None), fields.pop("number", None), fields.pop("id", None)
    links = cells.links(source) if source else ()
    if key is None and number and links:
        key = f"{links[0]} {number}"
    return Item(place, side, category, kind, fields, links, key, fields.pop("origin", None))
