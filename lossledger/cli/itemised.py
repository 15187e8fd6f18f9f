"""The losses that changed, one by one: what each moved, why, and every field with both values."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lossledger.cli.render import Column, Row
from lossledger.core.days import show_days
from lossledger.core.fields import FLAG, REDACTED, Form
from lossledger.core.records import KINDS
from lossledger.core.text import shortened

if TYPE_CHECKING:
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.causes import Difference
    from lossledger.queries.changes import Change

PEOPLE = (
    Column("id", "Id", whole=True),
    Column("cause", "Cause"),
    Column("moves", "Items", whole=True),
    Column("loss", "Loss"),
    Column("change", "Change"),
)
PROGRAMS = ("id", "row", "cause", "plus", "minus", "net", "side", "category", "type", "feed", "field", "old", "new")

_SHOWN = 60
"""Characters of a value that a table shows; a program gets all of it."""


def rows(change: "Change", known: "Catalogue") -> Iterator[Row]:
    """A row for each field of a loss that differs, for programs; one row where none does."""
    about = [value(name, change.about.get(name), known) for name in ("side", "category", "type", "feed")]
    head = (change.uid, change.row, change.cause, change.plus, change.minus, change.net, *about)
    for field, old, new in change.differences:
        yield (*head, field, value(field, old, known), value(field, new, known))
    if not change.differences:
        yield (*head, None, None, None)


def line(change: "Change", known: "Catalogue") -> Row:
    """A loss for people: what it moved, what it is, what changed in it."""
    moves = " ".join(f"{number:+,}" for number in (change.plus, -change.minus) if number)
    thing = value("type", change.about.get("type"), known) or f"({value('category', change.about['category'], known)})"
    said = [_said(difference, known) for difference in change.differences if difference.field != "withdrawn"]
    if change.row in ("new", "restored", "gone") or not said:
        said.insert(0, _standing_as(change))
    side = value("side", change.about["side"], known)
    return change.uid, change.cause or change.row, moves, f"{thing}, {side}", "; ".join(said)


def _standing_as(change: "Change") -> str:
    """What became of a loss and when, where it came or went as a whole: "destroyed 2020-10-08"."""
    about = change.about
    days = show_days(about.get("earliest"), about.get("latest"), about.get("inferred") == FLAG)
    return " ".join(word for word in (about["status"], days or about.get("loss_day")) if word)


def _said(difference: "Difference", known: "Catalogue") -> str:
    field, *both = difference
    old, new = (shortened(value(field, text, known) or "(nothing)", _SHOWN) for text in both)
    return f"{field.replace('_', ' ')} {old} -> {new}"


def value(field: str, text: str | None, known: "Catalogue") -> str | None:
    """A value as people read it: terms of the catalogue by name, a list's parts between commas."""
    if text is None or text == REDACTED or field not in _FORMS:
        return text
    form, ref = _FORMS[field]
    if form is Form.LIST:
        return ", ".join(json.loads(text))
    term = known.terms[ref].get(text) if ref in ("side", "category", "type") else None
    return term.name if term else text


_FORMS = {field.name: (field.form, field.ref) for field in KINDS["loss"].fields}
