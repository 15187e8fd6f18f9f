"""What the files of a heading say of each of its items: a piece in each file, which can be read back from it.

Of an item that did not change every file says the same as before. So its pieces are taken from the files as they
stand, and only those of the others are made.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import orjson
from markupsafe import escape

from lossledger.core.fields import REDACTED
from lossledger.core.text import inert
from lossledger.core.vocabulary import OUTCOMES, TYPE_NOT_GIVEN, Verification
from lossledger.exports.rows import csv_line
from lossledger.publish.frame import Column, Frame
from lossledger.publish.looks import happened, is_link, link, text
from lossledger.queries.items import KEPT, Item

Row = tuple[Any, ...]
"""An item in the script of its heading: the values of `COLUMNS`."""

COLUMNS = (
    *("side", "type", "status", "state", "feed", "kept", "place", "unit", "nameOf"),
    *("day", "span", "inferred", "quantity", "sources", "latitude", "longitude"),
)
WORDS = {"type": "types", "place": "places", "unit": "units", "nameOf": "names", "span": "spans"}
"""The columns of texts, which a script holds by number, and what it calls the texts of each."""

_UID = 10
"""How long a uid is; those of a script stand in one text."""

_BEGIN, _END = b"lossledger.items(", b");\n"
_EPOCH = date(1970, 1, 1).toordinal()


class Rows:
    """The rows of a site's items, columns and feeds by their places in its scripts."""

    def __init__(self, frame: Frame) -> None:
        self._types = frame.known.terms["type"]
        self._columns = {column.key: place for place, column in enumerate(frame.columns)}
        self._feeds = {feed.slug: place for place, feed in enumerate(frame.known.ordered("feed"))}

    def row(self, item: Item, column: Column) -> Row:
        """An item as the script of its heading has it."""
        kind = item.kind
        return (
            self._columns[column.key],
            inert(self._types[kind.type].name if kind.type else TYPE_NOT_GIVEN),
            OUTCOMES.index(kind.outcome),
            _STATES[kind.verification],
            self._feeds[kind.feed],
            KEPT.index(item.kept),
            _word(item.place),
            _word(item.unit),
            _word(item.name),
            date.fromisoformat(item.day).toordinal() - _EPOCH if item.day else None,
            _word(_span(item)),
            int(item.inferred),
            item.quantity,
            item.sources,
            item.latitude,
            item.longitude,
        )


_STATES = {word.value: index for index, word in enumerate(Verification)}


def _span(item: Item) -> str | None:
    """When it happened, in words; None where that is the day that it goes by, or not known."""
    said = happened(item.earliest, item.latest, item.reported, item.day)
    return None if said == item.day else said


def _word(said: str | None) -> str:
    """A text, empty for none and for one that is not published."""
    return "" if said in (None, REDACTED) else inert(str(said))


def script(about: Mapping[str, Any], uids: Iterable[str], rows: Iterable[Row]) -> bytes:
    """Items as a script: columns first, names by index; see the package's own text."""
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=False)) or dict.fromkeys(COLUMNS, ())
    words: dict[str, dict[str, int]] = {name: {"": 0} for name in WORDS}
    for name, index in words.items():
        columns[name] = tuple([index.setdefault(word, len(index)) for word in columns[name]])
    told = {WORDS[name]: list(index) for name, index in words.items()}
    return _BEGIN + orjson.dumps({**about, "uid": "".join(uids), **columns, **told}) + _END


def rows_in(content: bytes) -> dict[str, Row]:
    """The row of each item of a script."""
    table = orjson.loads(content.removeprefix(_BEGIN).removesuffix(_END))
    for name, told in WORDS.items():
        table[name] = [table[told][number] for number in table[name]]
    uids = (table["uid"][start : start + _UID] for start in range(0, len(table["uid"]), _UID))
    return dict(zip(uids, zip(*(table[name] for name in COLUMNS), strict=True), strict=True))


CSV_HEADER = csv_line(
    (
        *("id", "side", "category", "type", "quantity", "status", "verification", "day", "place"),
        *("latitude", "longitude", "source", "earliest", "latest", "reported", "day_inferred"),
    )
)


def line(frame: Frame, item: Item) -> str:
    """An item as a line for spreadsheets, with its first address."""
    kind, terms = item.kind, frame.known.terms
    return csv_line(
        (
            item.uid,
            terms["side"][kind.side].name,
            terms["category"][kind.category].name,
            terms["type"][kind.type].name if kind.type else None,
            item.quantity,
            kind.outcome,
            kind.verification,
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
    )


def lines_in(content: bytes) -> dict[str, str]:
    """The line of each item of such a file; a text of several lines stands within quotes."""
    found: dict[str, str] = {}
    begun = ""
    for line in content.decode().removeprefix(CSV_HEADER).split("\n")[:-1]:
        begun += f"{line}\n"
        if begun.count('"') % 2 == 0:
            found[begun.partition(",")[0]] = begun
            begun = ""
    return found


def entry(item: Item) -> str:
    """An item as an entry of its list, with a link to its page and one to each address that may be followed."""
    many = f"{item.quantity} " if item.quantity > 1 else ""
    name = f"{item.name}, " if item.name and item.name != REDACTED else ""
    shown = text(f"{many}{name}{item.kind.outcome}")
    links = [link(one, str(number), "evidence") for number, one in enumerate(filter(is_link, item.links), 1)]
    page = f'<a href="../loss/{escape(item.uid)}.html">{shown}</a>'
    return f'<li class="status {escape(item.kind.outcome)}">{" ".join((page, *links))}</li>'


def entries_in(content: bytes) -> dict[str, str]:
    """The entry of each item of a page of a list."""
    return {found[1]: found[0] for found in _ENTRY.finditer(content.decode())}


_ENTRY = re.compile(r'<li class="status \w+"><a href="\.\./loss/([^."]+)\.html">.*?</li>', re.DOTALL)
