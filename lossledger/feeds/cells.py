"""What a cell of a table says, as fields of a loss in the form of the journal.

Each function refuses, with the reason, a text that says nothing of its kind.
"""

import json
import re

from lossledger.core.days import parse_day, parse_days
from lossledger.core.fields import FLAG, LIMITS, MAX_LINE, MAX_TEXT, MAX_URL
from lossledger.core.package_layout import LIST_SIGN
from lossledger.core.phrases import last_status
from lossledger.core.records import KINDS
from lossledger.core.text import quoted
from lossledger.core.vocabulary import Counts, Status
from lossledger.errors import Refused
from lossledger.feeds.records import Item

Fields = dict[str, str]

_DECIMAL = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,30})?")
_PAIR = re.compile(r"\s*[,;\s]\s*")
_WHOLE = re.compile(r"([0-9]{1,9})(?:\.0+)?")
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}\S*")
_BETWEEN_LINKS = re.compile(r"[\s,;|]+(?=https?://)", re.IGNORECASE)
_ONE_LINK = re.compile(r"https?://[^\s/,;|][^\s,;|]*", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_STATUSES = frozenset(map(str, Status))
_FORMS = {field.name: field.form for field in KINDS["loss"].fields}
_LIMITS = {"latitude": 90.0, "longitude": 180.0}


def status(text: str) -> Fields:
    """The status that a text names, or that a phrase of the lists counts as; then the phrase is kept too."""
    word = text.casefold()
    if word in _STATUSES:
        return {"status": word}
    counted = last_status(text)
    if counted is None:
        raise Refused(f"status {quoted(text)} is none of {', '.join(Status)}")
    return {"status": str(counted), "phrase": text}


def status_of(phrase: str) -> Fields:
    """The status that a phrase counts as, if it tells one."""
    counted = last_status(phrase)
    return {"status": str(counted)} if counted else {}


def days(text: str) -> Fields:
    """The first and the last day on which it may have happened; a time of the day is left out."""
    exact = _MIDNIGHT.fullmatch(text)
    earliest, latest, inferred = parse_days(exact[1] if exact else text)
    named = {"earliest": earliest, "latest": latest, "inferred": FLAG if inferred else None}
    return {name: day for name, day in named.items() if day}


def reported(text: str) -> Fields:
    """The day of the report."""
    exact = _MIDNIGHT.fullmatch(text)
    return {"reported": parse_day(exact[1] if exact else text)}


def coordinates(text: str) -> Fields:
    """Latitude and longitude in one cell, in this order: "47.10, 37.52"."""
    parts = _PAIR.split(text)
    if len(parts) != 2:
        raise Refused(f"coordinates {quoted(text)} are not a latitude and a longitude: 47.10,37.52")
    return coordinate("latitude", parts[0]) | coordinate("longitude", parts[1])


def coordinate(name: str, text: str) -> Fields:
    """A latitude or a longitude in degrees, as a decimal number without zeros at its end."""
    if not _DECIMAL.fullmatch(text):
        raise Refused(f"{name} {quoted(text)} is no decimal number of degrees")
    if abs(float(text)) > _LIMITS[name]:
        raise Refused(f"{name} {text} is not between -{_LIMITS[name]:g} and {_LIMITS[name]:g}")
    if text[0] == "+":
        text = text[1:]
    if text[-1] == "0" and "." in text:
        text = text.rstrip("0").rstrip(".")
    return {name: "0" if text == "-0" else text}


def tags(text: str) -> Fields:
    """Short labels, with bars between them, or else commas."""
    parts = [part.strip() for part in text.split(LIST_SIGN if LIST_SIGN in text else ",")]
    return {"tags": json.dumps([part for part in parts if part], ensure_ascii=False)}


def quantity(text: str) -> Fields:
    """How many a row is for: one thing seen, or a number somebody gave."""
    found = _WHOLE.fullmatch(text)
    number = int(found[1]) if found else 0
    if not number:
        raise Refused(f"quantity {quoted(text)} is no whole number from 1")
    return {"quantity": str(number), "counts": str(Counts.ITEM if number == 1 else Counts.AGGREGATE)}


def links(text: str) -> tuple[str, ...]:
    """The addresses in a cell, each once, in order; white space, a comma or a bar stands between them."""
    if _ONE_LINK.fullmatch(text):
        return (text,)
    found = [part.strip(" \t\r\n,;|") for part in _BETWEEN_LINKS.split(text)]
    for link in found:
        if not _LINK.fullmatch(link):
            raise Refused(f"source {quoted(link)} is no http or https link")
    return tuple(dict.fromkeys(found))


def check_lengths(item: Item) -> None:
    """Refuse an item with a text that is longer than its field may be."""
    for name, text in item.fields.items():
        _check_length(name, text, LIMITS.get(_FORMS[name], MAX_TEXT))
    named = {"id": item.key, "side": item.side, "category": item.category, "type": item.type, "origin": item.origin}
    for name, part in named.items():
        _check_length(name, part or "", MAX_LINE)
    for link in item.links:
        _check_length("a source", link, MAX_URL)


def _check_length(name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise Refused(f"{name} is too long: {len(text):,} characters, at most {limit:,}: {quoted(text)}")
