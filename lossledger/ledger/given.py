"""A row of a list in the list's own words, as it is kept to compare the next one with."""

import orjson

from lossledger.core.fields import State
from lossledger.core.forms import check_forms
from lossledger.core.records import KINDS
from lossledger.core.rules import check_loss
from lossledger.core.vocabulary import Counts, Status
from lossledger.errors import Refused
from lossledger.feeds.records import Item
from lossledger.ledger.terms import Terms, nameable

Given = dict[str, object]
"""A row by field: ``side``, ``category``, ``type``, ``origin``, ``links`` and the fields of a loss."""

_NAMES = ("side", "category", "type", "origin")

_NAMED = (*_NAMES, "links")
"""What of a row stands for something else in the ledger."""

OF_ONE = frozenset(
    {"earliest", "latest", "reported", "place", "latitude", "longitude", "name", "fittings", "circumstance", "unit"}
    | {"tags", "note"}
)
"""The fields of which a list says of one loss what it seldom says of another."""

_DEFAULTS = {"quantity": "1", "counts": Counts.ITEM.value, "status": Status.LOST.value}
"""What a loss is where its list does not say."""


def given(item: Item) -> Given:
    """An item as it is kept; what it does not say is left out."""
    row: Given = {name: value for name in _NAMES if (value := getattr(item, name)) is not None}
    if item.links:
        row["links"] = list(item.links)
    row.update(item.fields)
    return row


def written(row: Given) -> str:
    """A row as one text, the same for the same row."""
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS).decode()


def read(text: str) -> Given:
    """The row of such a text; an empty one where the text was redacted."""
    try:
        row = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return row if isinstance(row, dict) else {}


def carried(before: Given, row: Given, stated: frozenset[str]) -> Given:
    """A row with what an earlier file said in fields that this one has no place for."""
    return {name: value for name, value in before.items() if name not in stated} | row


def links(row: Given) -> list[str]:
    """The links of a row."""
    found = row.get("links", [])
    return [str(link) for link in found] if isinstance(found, list) else []


def own_fields(row: Given) -> dict[str, str]:
    """The fields of a row that are a loss's as they stand; what it does not say is as it is by default."""
    return _DEFAULTS | {name: str(value) for name, value in row.items() if name not in _NAMED}


def check_row(row: Given, today: str) -> dict[str, str]:
    """The row's `own_fields`, looked at before anything of it is entered.

    Errors: Refused with the first field that cannot be, or with the first rule that it breaks.
    """
    fields = own_fields(row)
    for name in fields.keys() - _OF_A_LOSS:
        raise Refused(f"a loss has no field {name!r}")
    check_forms("loss", fields)
    # Its evidence is entered with it; there always is some.
    check_loss({**fields, "evidence.0.source": ""}, today)
    for kind in ("category", "type"):
        if kind in row:
            nameable(kind, str(row[kind]))
    return fields


def check_own(own: State, today: str) -> None:
    """Look at those of a row's fields that are `OF_ONE` loss alone, as `check_row` looks at the whole row."""
    check_forms("loss", own)
    check_loss({**_DEFAULTS, **own, "evidence.0.source": ""}, today)


_OF_A_LOSS = {field.name for field in KINDS["loss"].fields}


def loss_fields(row: Given, fields: dict[str, str], terms: Terms) -> dict[str, str]:
    """The fields of a loss that a row means here: its own, and its names as slugs.

    Errors: Refused for a side that the ledger lacks, or a row with neither a type nor a heading.
    """
    found = {**fields, "side": terms.side(str(row.get("side", "")))}
    heading, name = row.get("category"), row.get("type")
    category = terms.category(str(heading)) if heading else None
    if name:
        kind = terms.type(str(name), category, str(row["origin"]) if "origin" in row else None)
        found["type"] = kind.type
        category = category or terms.usual(kind.type)
        if kind.candidates:
            found["candidates"] = orjson.dumps(list(kind.candidates)).decode()
    if category is None:
        raise Refused("the row gives neither a type nor a heading")
    found["category"] = category
    return found


def day_of(fields: State) -> str | None:
    """The last day that a row speaks of: when it happened at the latest, or was reported."""
    latest, reported = fields.get("latest"), fields.get("reported")
    return max(latest, reported) if latest and reported else latest or reported


def words(item: Item) -> str:
    """An item in short, for people: "Redland, Tanks, T-72B, destroyed"."""
    parts = (item.side, item.category, item.type, item.fields.get("phrase") or item.fields.get("status"), item.key)
    return ", ".join(part for part in (*parts, *item.links[:1]) if part)
