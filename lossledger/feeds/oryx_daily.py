"""The daily totals of Oryx's lists, as they stand in ``daily_count.csv`` of scarnecchia/oryx_data."""

import re
from collections.abc import Iterator, Mapping, Sequence

from lossledger.core.days import parse_day
from lossledger.core.names import fold
from lossledger.core.phrases import heading
from lossledger.core.text import quoted, shortened
from lossledger.core.vocabulary import PublishedKind, Status
from lossledger.errors import Refused
from lossledger.feeds import tables
from lossledger.feeds.opening import Opened
from lossledger.feeds.oryx_subtotals import covered
from lossledger.feeds.records import Figure, Reading, Source, Unread

REQUIRED = ("country", "equipment_type", "destroyed", "abandoned", "captured", "damaged", "type_total", "date_recorded")

EVENT_COLUMNS = frozenset(("country", "origin", "system", "status", "url", "date_recorded"))
"""The columns of its other files: a row for each link and each word of its status."""

_ORDER = (Status.DESTROYED, Status.ABANDONED, Status.CAPTURED, Status.DAMAGED)
"""The statuses as their columns stand in ``REQUIRED``."""

_ALL = fold("All Types")
_SUBTOTAL = re.compile(r"(Losses .+?)\s*[-–—]\s*[0-9,]+\s*, of which.*")
"""A subtotal's heading, which the file has with its figures in it."""

_WHOLE = re.compile(r"-?[0-9]{1,9}")
_SHOWN = 200
_URL = "https://github.com/scarnecchia/oryx_data"


def read(opened: Opened) -> Reading:
    """The counts in the file, each a claim of its day: for every row its total, and each status above nothing.

    A status with 0 follows from the total and the others, and is no figure of its own. The columns of changes since
    the row before are not read. A subtotal covers the headings that it names, or all but those, of the headings
    that the file has for its side.

    Errors: UnknownName for a missing column; BadData, while records are read too, for a file that is no table.
    """
    source = Source(
        slug="oryx-daily",
        name="Oryx, daily totals as collected in oryx_data",
        publisher="scarnecchia/oryx_data",
        licence="CC BY 4.0",
        credit=f"Oryx, by way of {_URL} (CC BY 4.0)",
        url=_URL,
    )
    found = tables.read(opened)
    columns = [found.need(name) for name in REQUIRED]
    headings = _headings(found, columns)
    return Reading(source, _records(tables.read(opened), columns, headings))


def _headings(found: tables.Table, columns: Sequence[int]) -> Mapping[str, tuple[str, ...]]:
    """Every heading in the file, by side."""
    headings: dict[str, dict[str, None]] = {}
    for row in found.rows:
        if not isinstance(row, Unread):
            side, name = (_line(row[1][at]) for at in columns[:2])
            if fold(name) != _ALL and not _SUBTOTAL.fullmatch(name):
                headings.setdefault(side, {})[name] = None
    return {side: tuple(names) for side, names in headings.items()}


def _records(
    found: tables.Table, columns: Sequence[int], headings: Mapping[str, tuple[str, ...]]
) -> Iterator[Figure | Unread]:
    for row in found.rows:
        if isinstance(row, Unread):
            yield row
            continue
        place, texts = row
        try:
            yield from _figures(place, [_line(texts[at]) for at in columns], headings)
        except Refused as error:
            yield Unread(place, shortened(",".join(texts), _SHOWN), str(error))


def _figures(place: str, row: Sequence[str], headings: Mapping[str, tuple[str, ...]]) -> list[Figure]:
    """What a row counts. Errors: Refused with the reason why it counts nothing."""
    side, name, *counts, date = row
    if not side or not name:
        raise Refused("it names no country, or nothing that it counts")
    as_of = parse_day(date)
    by_status = {status: _count(str(status), text) for status, text in zip(_ORDER, counts[:-1], strict=True)}
    total = _count("type_total", counts[-1])
    if total != sum(by_status.values()):
        raise Refused(f"its statuses add up to {sum(by_status.values()):,}, its total is {total:,}")
    categories = _categories(name, headings.get(side, ()))
    wording = (
        name
        if _SUBTOTAL.fullmatch(name)
        else heading(name, {str(status): number for status, number in by_status.items()})
    )
    figure = Figure(place, wording, total, side, categories, as_of=as_of, kind=PublishedKind.CLAIM)
    parts = [(status, number) for status, number in by_status.items() if number]
    return [figure, *(figure._replace(quantity=number, status=status) for status, number in parts)]


def _categories(name: str, headings: tuple[str, ...]) -> tuple[str, ...]:
    """The headings that a row counts; none means all."""
    if fold(name) == _ALL:
        return ()
    subtotal = _SUBTOTAL.fullmatch(name)
    if not subtotal:
        return (name,)
    found = covered(subtotal[1], headings)
    if found is None:
        raise Refused(f"which headings the subtotal {quoted(subtotal[1])} covers is not known")
    return found


def _count(name: str, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Refused(f"{name} {quoted(text)} is no whole number")
    if int(text) < 0:
        raise Refused(f"{name} {text} is negative; nothing can be counted so")
    return int(text)


def _line(text: str) -> str:
    """A cell on one line: headings hold line breaks."""
    return " ".join(text.split())
