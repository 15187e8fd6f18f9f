"""What a person enters for a loss, on the command line or in a sheet, as its fields."""

import json
import re
from collections.abc import Iterable

from lossledger.core.days import Days, last_day_not_future, parse_day, parse_days, refuse_future
from lossledger.core.fields import MAX_LINE
from lossledger.core.rules import MAX_QUANTITY
from lossledger.core.text import checked, quoted
from lossledger.errors import Refused

_WHOLE = re.compile(r"[0-9]{1,18}")
_MIDNIGHT = re.compile(r"\s*([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]0?0:00(?::00(?:\.0+)?)?\s*")
_DAY_OF_PLACE = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_DEGREES = re.compile(r"([+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?)\s*,\s*([+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?)")


def whole_number(text: str, what: str) -> int:
    """A number of items. Errors: Refused for what is no whole number, or more than any report can mean."""
    number = int(text) if _WHOLE.fullmatch(text.strip()) else 0
    if not 0 < number <= MAX_QUANTITY:
        raise Refused(f"{what} {quoted(text)} is no whole number from 1 to {MAX_QUANTITY:,}")
    return number


def past_days(text: str, what: str) -> Days:
    """The days that a text means. Of a month or year that is not over yet, the days up to today.

    Errors: Refused for what is no day, or lies in the future.
    """
    days = parse_days(text)
    today = last_day_not_future()
    refuse_future(days.earliest, today=today, what=what)
    if ".." in text:
        refuse_future(days.latest, today=today, what=what)
    return days._replace(latest=min(days.latest, today) if days.latest else None)


def past_day(text: str, what: str) -> str:
    """The one day that a text means. Errors: Refused for what is no exact day, or lies in the future."""
    day = parse_day(text)
    refuse_future(day, today=last_day_not_future(), what=what)
    return day


def spreadsheet_day(text: str, written: str) -> str:
    """A day as the ledger writes it, from what a spreadsheet may have made of it; other texts stay.

    ``3/4/2022`` is one of two days: where the cell held either, nobody changed it.
    Errors: Refused where it is not known which of two days is meant.
    """
    if exact := _MIDNIGHT.fullmatch(text):
        return exact[1]
    if not (found := _DAY_OF_PLACE.fullmatch(text.strip())):
        return text
    one, other, year = found.groups()
    readings = {f"{year}-{month:0>2}-{day:0>2}" for day, month in ((one, other), (other, one)) if int(month) <= 12}
    if written in readings:
        return written
    if len(readings) > 1:
        raise Refused(f"{quoted(text)} may be either of {' and '.join(sorted(readings))}; write one of these")
    return readings.pop() if readings else text


def degrees(text: str) -> tuple[str, str]:
    """A latitude and a longitude as they are written. Errors: Refused for anything else."""
    found = _DEGREES.fullmatch(text.strip())
    if not found:
        raise Refused(f"{quoted(text)} is no LAT,LON in degrees; write 39.7581,46.7499")
    return found[1].removeprefix("+"), found[2].removeprefix("+")


def tags(words: Iterable[str]) -> str:
    """Words to find a loss by, as its field holds them. Errors: Refused for one that cannot be."""
    return as_list(checked(word, "tag", MAX_LINE, lines=False) for word in words)


def as_list(values: Iterable[str]) -> str:
    """Several values as one field of the journal holds them."""
    return json.dumps(list(values), ensure_ascii=False)
