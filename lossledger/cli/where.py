"""The options by which a list of losses is narrowed further: any field, a circle on the map, who did what and when."""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.options import Word
from lossledger.core.days import changed_since
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked, quoted
from lossledger.core.vocabulary import Act
from lossledger.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from lossledger.queries.around import Circle
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.matching import Asked

FIELDS = {
    "what": "side type candidates category group quantity counts name fittings feed feed_key",
    "when": "day earliest latest reported feed_day exact_day inferred",
    "became": "status outcome event phrase cause captor circumstance",
    "where": "place coordinates unit",
    "rests on": "source host url title publisher author party kind relation disputed reliability credibility archived",
    "kept": "file media_type health looked_at gone_on",
    "spoken for by": "sources publishers parties voices",
    "by whom": "reported_by decided_by verified_by second_reviewed",
    "stands": "verification merged merged_into split_from withdrawn held gone tag note",
}
"""The fields that a list can be narrowed by, for the help; `queries.filters` knows what each means."""

NOTES = (
    "reliability, credibility: a sign, A..B for B or better, or not-judged",
    "sources, publishers, parties, voices: how many speak for it; 2.. is at least two",
    "health: media, page, login, gone, unreachable, refused, or never looked at",
    "with a stance before it, of the sources that take it: admits.party, disputes.sources",
)
"""What is not said by the names of the fields."""

_CONDITION = re.compile(r"(!?)\s*([A-Za-z_.-]+)\s*(?:([=~])(.*))?", re.DOTALL)
_CIRCLE = re.compile(r"\s*,\s*".join([r"([+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?)"] * 2 + [r"([0-9]{1,5}(?:\.[0-9]{1,6})?)"]))

_ON_LOSSES = [act for act in Act if act not in (Act.CATALOGUE, Act.SETTING)]

where_option = click.option(
    "--where",
    metavar="CONDITION",
    multiple=True,
    help="FIELD=VALUE, FIELD~TEXT (contains), FIELD (there is one), each with ! before it for the opposite.",
)

_OPTIONS = (
    where_option,
    click.option("--place", metavar="TEXT", help="The place contains this text; in any spelling."),
    click.option("--near", metavar="LAT,LON,KM", help="Within so many kilometres of a point."),
    click.option("--by", metavar="ACTOR", help="Something was done to it by this actor."),
    click.option("--did", type=Word(_ON_LOSSES, "act"), help=f"This was done to it: {', '.join(_ON_LOSSES)}."),
    click.option(
        "--changed-since", metavar="TIME|N", help="Something was done to it since a UTC time, a day, or an entry."
    ),
)


def where_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options by which a list is narrowed further."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked(given: dict[str, Any]) -> "list[Asked]":
    """The conditions on fields that are asked for. Errors: Refused for what is none."""
    from lossledger.queries.matching import Asked

    found = conditions_of(given["where"])
    if given["place"] is not None:
        found.append(Asked("place", containing=given["place"]))
    return found


def conditions_of(texts: Iterable[str]) -> "list[Asked]":
    """The conditions of ``--where``. Errors: Refused for a text that is none."""
    return [_asked(text) for text in texts]


def conditions(
    connection: "Connection", known: "Catalogue", conflict: str, given: dict[str, Any], fields: "list[Asked]"
) -> "list[ColumnElement[bool]]":
    """All that the options mean for a loss.

    Errors: UnknownName for a field or a name that there is none of, Refused for a value that cannot be.
    """
    from lossledger.db.tables import loss
    from lossledger.queries import filters
    from lossledger.queries.around import within
    from lossledger.queries.history import losses_touched

    found = filters.conditions(connection, known, conflict, fields)
    if given["near"] is not None:
        found.append(within(connection, _circle(given["near"])))
    actor = checked(given["by"], "by", MAX_LINE, lines=False) if given["by"] else None
    act = Act(given["did"]) if given["did"] else None
    since = changed_since(given["changed_since"]) if given["changed_since"] else None
    if (actor, act, since) != (None, None, None):
        found.append(loss.c.uid.in_(losses_touched(actor, act, since)))
    return found


def said(given: dict[str, Any]) -> list[str]:
    """What a list is narrowed to by these options, as it was typed."""
    words = {"place": "place~{}", "near": "near {} km", "by": "by {}", "did": "{}", "changed_since": "changed since {}"}
    return [*given["where"], *(form.format(given[name]) for name, form in words.items() if given[name])]


def _asked(text: str) -> "Asked":
    from lossledger.queries.matching import Asked

    parsed = _CONDITION.fullmatch(text.strip())
    if not parsed:
        raise Refused(f"{quoted(text)} is no condition; write FIELD=VALUE, FIELD~TEXT, FIELD or !FIELD")
    negation, field, sign, value = parsed.groups()
    equal, containing = (value if sign == one else None for one in "=~")
    return Asked(field.lower().replace("-", "_"), equal, containing, negated=bool(negation))


def _circle(text: str) -> "Circle":
    from lossledger.queries.around import Circle

    found = _CIRCLE.fullmatch(text.strip())
    numbers = [float(part) for part in found.groups()] if found else []
    if not numbers or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        raise Refused(f"--near {quoted(text)} is no point with a distance; write --near 39.7581,46.7499,5")
    return Circle(*numbers)
