"""What Bellingcat's auto-archiver has archived, as its CSV database and its sheets tell it.

Two layouts, known by their columns. The CSV database has a row for each time that a link was archived: ``status``,
``metadata`` and ``media``, the latter two as Python writes its own values. A sheet, saved as CSV, has a row for each
link, under the titles that are the archiver's default.
"""

import csv
import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import unquote

from lossledger.core.fields import MAX_URL
from lossledger.core.text import checked_url, quoted, shortened
from lossledger.core.vocabulary import Health
from lossledger.errors import BadData, Refused
from lossledger.feeds import tables
from lossledger.feeds.auto_archiver_status import Outcome, health_of, outcome_of
from lossledger.feeds.opening import MAX_TABLE_LINE, Opened
from lossledger.feeds.python_repr import Called, read_repr
from lossledger.feeds.records import Unread

_DATABASE = ("status", "metadata", "media")
_SHEET = ("link", "archive status")
_LINK, _STATUS, _PLACE, _DATE, _HASH = "link", "archive status", "archive location", "archive date", "hash"
_SHOWN = 200

_SUMMARY = "_final_media"
"""The id of the page that the archiver makes of all that it has of a link."""

_OF_THE_PAGE = frozenset({_SUMMARY, "screenshot", "pdf", "browsertrix"})
"""The ids of media that show the page, and are not what stands on it."""

_SHOWS = ("image/", "video/", "audio/")
_HASH_LENGTHS = {64: "sha256", 128: "sha3_512"}
_HASH_NAMES = {"SHA-256": "sha256", "SHA3-512": "sha3_512"}
_HEX = re.compile(r"[0-9a-f]+")
_NO_HASH = frozenset({"", "not-calculated"})
_UTC = frozenset({"datetime.timezone.utc", "datetime.UTC", "tzutc"})
_TIME_PARTS = 7
"""How many numbers a moment has at most, from the year to the microsecond."""


Cells = Mapping[str, str]
"""A row by the titles of its columns, in lower case."""


class Kept(NamedTuple):
    """A file that the archiver has of a link."""

    names: tuple[str, ...]
    """The names that it may have in the archiver's folder, without folders."""
    algorithm: str | None
    """Of its digest, as ``hashlib`` calls it; None where it has none that is known."""
    digest: str | None
    url: str | None
    """Where the archiver's copy is to be had, http or https."""


class Look(NamedTuple):
    """A row: what the archiver found behind a link, and what it has of it."""

    place: str
    links: tuple[str, ...]
    """The link as it was asked for, then as the archiver rewrote it, where it did."""
    outcome: Outcome
    health: Health | None
    """What that means for the link; None where nobody was there."""
    looked_at: str | None
    """The instant at which it was archived, None where the row does not say."""
    archived: str | None
    """Where the archiver's copy is to be had, http or https."""
    files: tuple[Kept, ...]


def read(opened: Opened) -> Iterator[Look | Unread]:
    """The rows of a file, in its order; those of a sheet that name no link are none.

    Errors: BadData, while rows are read too, for a file that is no table or has neither layout.
    """
    before = csv.field_size_limit(MAX_TABLE_LINE)  # what a post says can be longer than other lists' cells
    try:
        found = tables.read(opened)
        columns = {column.casefold() for column in found.columns}
        if columns >= set(_DATABASE):
            yield from _rows(found, _of_database)
        elif columns >= set(_SHEET):
            yield from _rows(found, _of_sheet)
        else:
            raise BadData(
                f"{opened.name}: this is nothing that auto-archiver writes: its CSV database has the columns "
                f"{', '.join(_DATABASE)}, its sheet at least {' and '.join(map(quoted, _SHEET))}"
            )
    finally:
        csv.field_size_limit(before)


def _rows(table: tables.Table, look: Callable[[str, Cells], Look | None]) -> Iterator[Look | Unread]:
    names = [column.casefold() for column in table.columns]
    for row in table.rows:
        if isinstance(row, Unread):
            yield row
            continue
        place, texts = row
        cells = {name: text.strip() for name, text in zip(names, texts, strict=True)}
        try:
            found = look(place, cells)
        except Refused as error:
            yield Unread(place, shortened(", ".join(filter(None, cells.values())), _SHOWN), str(error))
        else:
            if found is not None:
                yield found


# The CSV database


def _of_database(place: str, cells: Cells) -> Look:
    said, media = read_repr(cells["metadata"]), read_repr(cells["media"])
    if not isinstance(said, dict):
        raise Refused("metadata is no dict as Python writes it")
    kept = [one for one in media if isinstance(one, dict)] if isinstance(media, list) else []
    outcome = outcome_of(cells["status"])
    summary = next((one for one in kept if _of(one, "id") == _SUMMARY), None)
    places = [url for one in (summary, *kept) if one is not None for url in _texts(one.get("urls"))]
    return Look(
        place,
        _links(said.get("original_url"), said.get("url")),
        outcome,
        health_of(outcome, shows=any(map(_shows, kept)), something=bool(kept)),
        _moment(said.get("_processed_at")),
        _first_link([*places, said.get("wayback")]),
        tuple(map(_kept, kept)),
    )


def _of(media: Mapping[str, object], name: str) -> object:
    """One of the properties of a file."""
    properties = media.get("properties")
    return properties.get(name) if isinstance(properties, dict) else None


def _shows(media: Mapping[str, object]) -> bool:
    """Whether a file is a picture, a film or a sound that stood on the page, by the archiver's word."""
    if _of(media, "id") in _OF_THE_PAGE:
        return False
    named, name = media.get("_mimetype"), media.get("filename")
    guessed = mimetypes.guess_type(name)[0] if isinstance(name, str) else None
    return str(named or guessed or "").startswith(_SHOWS)


def _kept(media: Mapping[str, object]) -> Kept:
    urls = _texts(media.get("urls"))
    paths = [*_texts([media.get("_key"), media.get("key")]), *urls, *_texts([media.get("filename")])]
    digest = _of(media, "hash")
    return Kept(_names(paths), *_hash(digest if isinstance(digest, str) else ""), _first_link(urls))


def _moment(said: object) -> str | None:
    """The instant of a ``datetime`` in UTC; one without a time zone is in UTC as well."""
    if said is None:
        return None
    if isinstance(said, str):
        return _instant(said)
    if not isinstance(said, Called) or said.name != "datetime.datetime":
        raise Refused("_processed_at is no time as Python writes it")
    zone = said.named.get("tzinfo")
    numbers = [part for part in said.given if isinstance(part, int)]
    in_utc = zone is None or (isinstance(zone, Called) and zone.name in _UTC)
    if not in_utc or len(numbers) != len(said.given) or len(numbers) > _TIME_PARTS:
        raise Refused("_processed_at is no time in UTC")
    try:
        return _written(datetime(*numbers, tzinfo=UTC))  # type: ignore[arg-type,misc]  # seven numbers at most
    except (TypeError, ValueError, OverflowError):
        raise Refused("_processed_at is a time that there is not") from None


# The sheet


def _of_sheet(place: str, cells: Cells) -> Look | None:
    if not cells[_LINK]:
        return None
    outcome = outcome_of(cells[_STATUS])
    places = cells.get(_PLACE, "").split()
    hashed = _hash(cells.get(_HASH, ""))
    return Look(
        place,
        _links(cells[_LINK]),
        outcome,
        health_of(outcome, shows=True, something=bool(places)),
        _instant(cells[_DATE]) if cells.get(_DATE) else None,
        _first_link(places),
        (Kept(_names(places), *hashed, _first_link(places)),) if places else (),
    )


# Both


def _links(*said: object) -> tuple[str, ...]:
    """The link, by each of its spellings. Errors: Refused where there is none, or one that is no link."""
    links = dict.fromkeys(checked_url(one, "link", MAX_URL) for one in said if isinstance(one, str) and one)
    if not links:
        raise Refused("no link")
    return tuple(links)


def _first_link(places: Iterable[object]) -> str | None:
    """The first of some places that is an http or https link; others are files of the archiver's own machine."""
    for one in places:
        if isinstance(one, str):
            with suppress(Refused):
                return checked_url(one, "archived", MAX_URL)
    return None


def _names(paths: Iterable[str]) -> tuple[str, ...]:
    """The names of files without their folders, whichever way these are written."""
    found: dict[str, None] = {}
    for path in paths:
        is_link = path.casefold().startswith(("http://", "https://"))
        bare = unquote(re.split("[?#]", path, maxsplit=1)[0]) if is_link else path
        name = re.split(r"[/\\]", bare)[-1]
        if name not in ("", ".", "..") and name.isprintable():
            found[name] = None
    return tuple(found)


def _hash(said: str) -> tuple[str | None, str | None]:
    """The algorithm and the digest that a text names: "SHA-256:0a1b...", or the digest alone; none for neither.

    Errors: Refused for what is no digest of an algorithm that the archiver has.
    """
    if said in _NO_HASH:
        return None, None
    name, colon, digest = said.rpartition(":")
    digest = digest.lower()
    algorithm = _HASH_LENGTHS.get(len(digest))
    if algorithm is None or not _HEX.fullmatch(digest) or (colon and _HASH_NAMES.get(name) != algorithm):
        raise Refused(f"hash {quoted(shortened(said, _SHOWN))} is no SHA-256 and no SHA3-512")
    return algorithm, digest


def _instant(said: str) -> str:
    """A moment in ISO form as an instant; one without a time zone is in UTC. Errors: Refused for what is none."""
    try:
        when = datetime.fromisoformat(said)
        return _written(when if when.tzinfo else when.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise Refused(f"archive date {quoted(shortened(said, _SHOWN))} is no time in ISO form") from None


def _written(when: datetime) -> str:
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _texts(said: object) -> list[str]:
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
