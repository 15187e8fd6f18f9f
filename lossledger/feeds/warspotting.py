"""WarSpotting's list, as the tables made from it and as its programming interface give it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from lossledger.core.fields import MAX_LINE
from lossledger.core.names import slug
from lossledger.core.text import quoted, shortened
from lossledger.core.vocabulary import Status, Verification
from lossledger.errors import Refused
from lossledger.feeds import cells, tables
from lossledger.feeds.cells import Fields
from lossledger.feeds.opening import Opened
from lossledger.feeds.records import Item, Reading, Source, Unread

REQUIRED = ("id", "type", "model", "status", "lost_by", "date")

URL = "https://ukr.warspotting.net/"
"""The list itself: the source of a row that names none."""

_LINKS = ("sources", "photos", "oryx_url")
_STATUSES = {str(status): status for status in Status if status is not Status.LOST}
_SHOWN = 200


def read(opened: Opened) -> Reading:
    """The losses in a copy of the list: CSV, JSON with an object a line, or pages of ``{"losses": [...]}``.

    Columns are known by name, in any order; those that are not needed may be missing. A row without a link has
    none: the list, at ``Source.url``, is its source. The feed is called after who lost the first row.

    Errors: UnknownName for a missing column; BadData, while records are read too, for a file that is no table.
    """
    found = tables.read(opened)
    if not found.columns:  # a page without losses
        return Reading(_source(None), iter(()))
    columns = _Columns(found)
    records = _records(found, columns)
    before: list[Item | Unread] = []
    for record in records:
        before.append(record)
        if isinstance(record, Item):
            break
    side = next((record.side for record in before if isinstance(record, Item)), None)
    return Reading(_source(side), chain(before, records), columns.stated)


def _source(side: str | None) -> Source:
    return Source(
        slug=f"warspotting-{slug(side)}" if side and slug(side) else "warspotting",
        name=f"WarSpotting: losses of {side}" if side else "WarSpotting",
        publisher="WarSpotting",
        credit=f"WarSpotting, {URL}",
        url=URL,
        verification=Verification.CONFIRMED,
        verified_by="WarSpotting",
    )


def _records(found: tables.Table, columns: "_Columns") -> Iterator[Item | Unread]:
    for row in found.rows:
        if isinstance(row, Unread):
            yield row
            continue
        place, texts = row
        try:
            item = columns.item(place, [text.strip() for text in texts])
            if max(map(len, texts)) > MAX_LINE:
                cells.check_lengths(item)
            yield item
        except Refused as error:
            yield Unread(place, shortened(",".join(texts), _SHOWN), str(error))


class _Columns:
    """Where in a row each of the list's columns stands."""

    def __init__(self, found: tables.Table) -> None:
        self.required = [found.need(name) for name in REQUIRED]
        self.plain = [
            (field, at)
            for field, name in (("place", "nearest_location"), ("unit", "unit"), ("note", "comment"))
            if (at := found.at(name)) is not None
        ]
        self.tags = found.at("tags")
        self.geo = [at for name in ("geo", "geolocation") if (at := found.at(name)) is not None]
        latitude, longitude = found.at("latitude"), found.at("longitude")
        self.pair = None if latitude is None or longitude is None else (latitude, longitude)
        self.links = [at for name in _LINKS if (at := found.at(name)) is not None]

    @property
    def stated(self) -> frozenset[str]:
        """The fields that the file has a place for.

        Not its links: there are copies of the list with columns for them and nothing in these, and a row without
        a link takes none away.
        """
        stated = {"side", "category", "type", "status", "earliest", "latest", *(field for field, _ in self.plain)}
        if self.tags is not None:
            stated.add("tags")
        if self.geo or self.pair:
            stated |= {"latitude", "longitude"}
        return frozenset(stated)

    def item(self, place: str, texts: Sequence[str]) -> Item:
        """The loss that a row gives. Errors: Refused with the reason why it gives none."""
        key, category, model, status, side, date = (texts[at] for at in self.required)
        for name, text in zip(REQUIRED, (key, category, model, status, side), strict=False):
            if not text:
                raise Refused(f"{name} is empty")
        fields = {"status": _status(status)} | _days(date) | self._where(texts)
        fields |= {field: texts[at] for field, at in self.plain if texts[at]}
        if self.tags is not None and texts[self.tags]:
            fields |= cells.tags(texts[self.tags])
        links = [link for at in self.links if texts[at] for link in cells.links(texts[at])]
        return Item(place, side, category, model, fields, tuple(dict.fromkeys(links)), key)

    def _where(self, texts: Sequence[str]) -> Fields:
        """Its coordinates: as the list writes them, or else from columns that were made from that."""
        for at in self.geo:
            if texts[at]:
                return cells.coordinates(texts[at])
        latitude, longitude = (texts[at] for at in self.pair) if self.pair else ("", "")
        return cells.coordinates(f"{latitude},{longitude}") if latitude or longitude else {}


def _status(text: str) -> str:
    if text.casefold() not in _STATUSES:
        raise Refused(f"status {quoted(text)} is none of {', '.join(_STATUSES)}")
    return text.casefold()


@lru_cache(maxsize=4096)
def _days(text: str) -> Fields:
    return cells.days(text) if text else {}
