"""The items of each heading: as pages like an Oryx page's, and as scripts to be searched."""

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from lossledger.core.fields import REDACTED
from lossledger.core.text import inert
from lossledger.core.vocabulary import OUTCOMES, TYPE_NOT_GIVEN, Verification
from lossledger.exports.rows import write_csv
from lossledger.publish.figures import Heading, Row
from lossledger.publish.folder import Made, key_of
from lossledger.publish.frame import Column, Frame, tail
from lossledger.publish.looks import happened, render
from lossledger.queries.items import KEPT, Item

_PER_PAGE = 1_000
"""How many items stand on one page: some 150 kB of it."""

SEARCHED = (Verification.CONFIRMED.value, Verification.CLAIMED.value, Verification.DISPUTED.value)
"""What the search finds: all but what was rejected."""

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Block:
    """Some items of one type on a page."""

    type: Row
    items: Sequence[Item]
    before: int
    """How many of the type stand on pages before."""


def list_name(category: str, key: str, page: int = 1) -> str:
    """The file of one page of a column's items of a heading, by the column's key; its first page is 1."""
    return f"category/{category}.{key}{f'.{page}' if page > 1 else ''}.html"


class ListPage(NamedTuple):
    """A page of items: its path, how it is made, its column's key, and the types that stand on it."""

    path: str
    content: Made
    column: str
    types: tuple[str, ...]


def addresses(pages: Iterable[ListPage]) -> dict[tuple[str, str], str]:
    """Where each type's items begin, by column and type."""
    found: dict[tuple[str, str], str] = {}
    for page in pages:
        for slug in page.types:
            found.setdefault((page.column, slug), f"{page.path}#type-{slug or 'not-given'}")
    return found


def list_pages(frame: Frame, heading: Heading, found: Iterable[Item]) -> Iterator[ListPage]:
    """The pages of a heading's items that count, by column."""
    by_column: dict[str, dict[str | None, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in found:
        column = frame.column(item.side, item.feed)
        if column is not None and item.verification == Verification.CONFIRMED and item.outcome in COUNTING:
            by_column[column.key][item.type].append(item)
    for column in frame.columns:
        pages = list(_paged(heading, by_column[column.key]))
        for number, blocks in enumerate(pages, 1):
            about = {"heading": heading, "column": column, "blocks": blocks, "page": number, "pages": len(pages)}
            names = [list_name(heading.slug, column.key, one) for one in range(1, len(pages) + 1)]
            path = names[number - 1]
            make = partial(render, "list.html", frame=frame, root="../", here="", names=names, **about)
            made = Made(_key(heading, column, blocks, len(pages)), make)
            yield ListPage(path, made, column.key, tuple(block.type.slug for block in blocks))


def side_pages(frame: Frame, heading: Heading, lists: Iterable[ListPage]) -> Iterator[tuple[str, Made]]:
    """For each side in several lists what leads to them, at the addresses of its pages while it stands in one."""
    listed = Counter(page.column for page in lists)
    columns = [column for column in frame.columns if column.feed is not None and column.key in listed]
    for side, group in groupby(columns, key=lambda column: column.side):
        of_side = [(column, list_name(heading.slug, column.key)) for column in group]
        name = frame.known.name("side", side)
        shown = [(path, column.name, heading.total[column.key]) for column, path in of_side]
        about = {"heading": heading, "side": name, "lists": of_side}
        make = partial(render, "lists.html", frame=frame, root="../", here="", **about)
        made = Made(key_of(heading.name, name, shown), make)
        for page in range(1, max(listed[column.key] for column, _ in of_side) + 1):
            yield list_name(heading.slug, tail(side), page), made


def _key(heading: Heading, column: Column, blocks: Sequence[Block], pages: int) -> str:
    """A digest of all that a page says of its items; what else stands on it is on every page."""
    shown = (
        (
            (block.type.slug, block.type.name, block.type.origin, block.type.total[column.key], block.before),
            [(item.uid, item.quantity, item.name, item.outcome, item.links) for item in block.items],
        )
        for block in blocks
    )
    return key_of(heading.name, heading.total[column.key], pages, list(shown))


COUNTING = frozenset(OUTCOMES[:-1])
"""What became of the losses that count: all but those that their owner has back."""


def _paged(heading: Heading, by_type: dict[str | None, list[Item]]) -> Iterator[list[Block]]:
    """The items type by type, cut into pages."""
    page: list[Block] = []
    room = _PER_PAGE
    for slug, row in heading.types.items():
        left = by_type.get(slug, [])
        shown = 0
        while left[shown:]:
            part = left[shown : shown + room]
            page.append(Block(row, part, shown))
            shown += len(part)
            room -= len(part)
            if not room:
                yield page
                page, room = [], _PER_PAGE
    if page:
        yield page


def data_script(frame: Frame, category: str, found: Sequence[Item]) -> bytes:
    """A heading's items as a script: columns first, names by index; see the package's own text."""
    return b"lossledger.items(" + orjson.dumps(_table(frame, category, found)) + b");\n"


def _table(frame: Frame, category: str, found: Sequence[Item]) -> dict[str, Any]:
    chosen = [(item, column) for item in found if (column := frame.column(item.side, item.feed))]
    places = {column.key: index for index, column in enumerate(frame.columns)}
    feeds = {feed.slug: index for index, feed in enumerate(frame.known.ordered("feed"))}
    types, where, units, names, spans = (Names() for _ in range(5))
    term = frame.known.terms["category"][category]
    type_names = frame.known.terms["type"]
    return {
        "category": category,
        "name": term.name,
        "group": term.within,
        "count": len(chosen),
        "sides": [
            (column.key, column.name, column.tone, tail(column.side), frame.known.name("side", column.side))
            for column in frame.columns
        ],
        "statuses": OUTCOMES,
        "states": [word.value for word in Verification],
        "feeds": [(feed.slug, feed.name) for feed in frame.known.ordered("feed")],
        "uid": "".join(item.uid for item, _ in chosen),
        "side": [places[column.key] for _, column in chosen],
        "type": [types.of(type_names[item.type].name if item.type else TYPE_NOT_GIVEN) for item, _ in chosen],
        "status": [OUTCOMES.index(item.outcome) for item, _ in chosen],
        "state": [_STATES[item.verification] for item, _ in chosen],
        "feed": [feeds[item.feed] for item, _ in chosen],
        "kept": [KEPT.index(item.kept) for item, _ in chosen],
        "place": [where.of(item.place) for item, _ in chosen],
        "unit": [units.of(item.unit) for item, _ in chosen],
        "nameOf": [names.of(item.name) for item, _ in chosen],
        "day": [date.fromisoformat(item.day).toordinal() - _EPOCH if item.day else None for item, _ in chosen],
        "span": [spans.of(_span(item)) for item, _ in chosen],
        "inferred": [int(item.inferred) for item, _ in chosen],
        "quantity": [item.quantity for item, _ in chosen],
        "sources": [item.sources for item, _ in chosen],
        "latitude": [item.latitude for item, _ in chosen],
        "longitude": [item.longitude for item, _ in chosen],
        "types": types.all,
        "places": where.all,
        "units": units.all,
        "names": names.all,
        "spans": spans.all,
    }


def _span(item: Item) -> str | None:
    """When it happened, in words; None where that is the day that it goes by, or not known."""
    said = happened(item.earliest, item.latest, item.reported, item.day)
    return None if said == item.day else said


_STATES = {word.value: index for index, word in enumerate(Verification)}


class Names:
    """Texts by index: each stands in a script once."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {"": 0}

    def of(self, text: str | None) -> int:
        """The index of a text; 0 for none, and for one that is not published."""
        return self._index.setdefault("" if text in (None, REDACTED) else inert(str(text)), len(self._index))

    @property
    def all(self) -> list[str]:
        """The texts in the order of their indexes."""
        return list(self._index)


def csv_of(frame: Frame, found: Iterable[Item]) -> bytes:
    """A heading's items as a file for spreadsheets, with their first address."""
    terms = frame.known.terms
    rows = (
        (
            item.uid,
            terms["side"][item.side].name,
            terms["category"][item.category].name,
            terms["type"][item.type].name if item.type else None,
            item.quantity,
            item.outcome,
            item.verification,
            item.day,
            None if item.place == REDACTED else item.place,
            item.latitude,
            item.longitude,
            item.links[0] if item.links else None,
            item.earliest,
            item.latest,
            item.reported,
            item.inferred,
        )
        for item in found
    )
    out = io.StringIO()
    write_csv(_CSV, rows, out)
    return out.getvalue().encode()


_CSV = (
    *("id", "side", "category", "type", "quantity", "status", "verification", "day", "place"),
    *("latitude", "longitude", "source", "earliest", "latest", "reported", "day_inferred"),
)
