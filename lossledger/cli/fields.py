"""The fields of a loss as options, and how their words become fields of the journal."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.options import Word, as_list, parts
from lossledger.core.days import Days, last_day_not_future, parse_day, parse_days, refuse_future
from lossledger.core.fields import FLAG, MAX_LINE, MAX_TEXT
from lossledger.core.rules import MAX_QUANTITY
from lossledger.core.text import checked, quoted
from lossledger.core.vocabulary import Counts, Status
from lossledger.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

Fields = dict[str, str | None]
"""Fields of a loss by path, None for one to be cleared."""

DATE_FORMS = "2020-10-08, 2020-10, 2020 or 2020-10-05..2020-10-08; ~2020-10-08 where it is inferred."

_OPTIONS = {
    "side": click.option("--side", metavar="NAME", help="Who lost it."),
    "type": click.option(
        "--type", metavar="NAME", help='What was lost. Where it may be any of several: "T-72B|T-72B3".'
    ),
    "category": click.option("--category", metavar="NAME", help="The heading, where it is not the type's own."),
    "quantity": click.option("--quantity", metavar="N", help="How many."),
    "counts": click.option(
        "--aggregate/--item", "aggregate", default=None, help="A number that somebody gave, or things seen."
    ),
    "status": click.option("--status", type=Word(Status, "status"), help=f"What became of it: {', '.join(Status)}."),
    "date": click.option("--date", metavar="DAYS", help=f"When it happened: {DATE_FORMS}"),
    "reported": click.option("--reported", metavar="DAY", help="The day on which it was reported."),
    "place": click.option("--place", metavar="TEXT", help="Where it happened, in words."),
    "at": click.option("--at", metavar="LAT,LON", help="Where it happened, in degrees: 39.7581,46.7499."),
    "unit": click.option("--unit", metavar="TEXT", help="The military unit that lost it."),
    "name": click.option("--name", metavar="TEXT", help="Name or number of the very thing."),
    "fittings": click.option("--fittings", metavar="TEXT", help="What was fitted to it: a mine plough, a cage."),
    "phrase": click.option("--phrase", metavar="TEXT", help="The report's own words for the status."),
    "cause": click.option("--cause", metavar="TEXT", help="What destroyed or damaged it."),
    "captor": click.option("--captor", metavar="TEXT", help="Who captured it, where that is not the other side."),
    "circumstance": click.option("--circumstance", metavar="TEXT", help="How it came about."),
    "tag": click.option("--tag", metavar="WORD,...", multiple=True, help="Your own words to find it by."),
    "note": click.option("--note", metavar="TEXT", help="Whatever else should be known."),
}
"""The option of each field, in the order in which the help shows them."""

_PATHS = {
    "side": ("side",),
    "type": ("type", "candidates"),
    "category": ("category",),
    "quantity": ("quantity",),
    "aggregate": ("counts",),
    "status": ("status",),
    "date": ("earliest", "latest", "inferred"),
    "reported": ("reported",),
    "at": ("latitude", "longitude"),
    "tag": ("tags",),
    "note": ("note",),
    **{name: (name,) for name in ("place", "unit", "name", "fittings", "phrase", "cause", "captor", "circumstance")},
}
"""The fields that each option sets, by the option's name in a command."""

_REQUIRED = ("side", "category", "quantity", "status")
"""What a loss cannot be without."""

_WHOLE = re.compile(r"[0-9]{1,18}")
_DEGREES = re.compile(r"([+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?)\s*,\s*([+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?)")


def field_options(*without: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command an option for each field of a loss, but for those named."""

    def give(command: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(_OPTIONS):
            if name not in without:
                command = _OPTIONS[name](command)
        return command

    return give


def loss_fields(connection: "Connection", given: Mapping[str, Any], conflict: str) -> Fields:
    """The fields that a command's options mean; an empty text clears a field. ``conflict`` is the sides' own.

    Errors: UnknownName for a name that the ledger does not know, Refused for a value that cannot be.
    """
    fields: Fields = {}
    for option, paths in _PATHS.items():
        text = given.get(option)
        if text in ("", ("",)):
            if option in _REQUIRED:
                raise Refused(f"a loss cannot be without a {option}")
            fields |= dict.fromkeys(paths)
        elif text not in (None, ()):
            fields |= dict(zip(paths, _values(connection, option, text, conflict), strict=True))
    return fields


def _values(connection: "Connection", option: str, text: Any, conflict: str) -> tuple[str | None, ...]:
    """What an option's text means for each of its fields."""
    from lossledger.queries.names import resolve

    if option in ("side", "category"):
        return (resolve(connection, option, text, conflict),)
    if option == "type":
        return _type(connection, text)
    if option in _READ:
        return _READ[option](text)
    return (checked(text, option, MAX_LINE, lines=False),)


def _type(connection: "Connection", text: str) -> tuple[str, str | None]:
    """A type, or of several candidates what they count under, with the candidates."""
    from lossledger.queries.names import type_meant

    meant = type_meant(connection, text)
    return meant.type, as_list(meant.candidates) if meant.candidates else None


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


def _degrees(text: str) -> tuple[str, str]:
    found = _DEGREES.fullmatch(text.strip())
    if not found:
        raise Refused(f"{quoted(text)} is no LAT,LON in degrees; write --at 39.7581,46.7499")
    return found[1].removeprefix("+"), found[2].removeprefix("+")


def _date(text: str) -> tuple[str | None, ...]:
    days = past_days(text, "date")
    return days.earliest, days.latest, FLAG if days.inferred else None


def _reported(text: str) -> tuple[str]:
    day = parse_day(text)
    refuse_future(day, today=last_day_not_future(), what="reported")
    return (day,)


def _tags(given: tuple[str, ...]) -> tuple[str]:
    return (as_list(checked(tag, "tag", MAX_LINE, lines=False) for tag in parts(given)),)


_READ: dict[str, Callable[[Any], tuple[str | None, ...]]] = {
    "quantity": lambda text: (str(whole_number(text, "quantity")),),
    "aggregate": lambda chosen: (Counts.AGGREGATE.value if chosen else Counts.ITEM.value,),
    "status": lambda word: (word,),
    "date": _date,
    "reported": _reported,
    "at": _degrees,
    "tag": _tags,
    "note": lambda text: (checked(text, "note", MAX_TEXT, lines=True),),
}
"""How the options are read that are neither names nor plain lines."""
