"""The losses that changed, one by one: what each moved, why, and every field with both values."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lossledger.cli.render import Column, Row
from lossledger.cli.rowwise import LEDGER, LIST
from lossledger.core.days import show_days
from lossledger.core.fields import FLAG, REDACTED, Form
from lossledger.core.records import KINDS
from lossledger.core.text import shortened

if TYPE_CHECKING:
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.changes import Change

PEOPLE = (
    Column("id", "Id", whole=True),
    Column("cause", "Cause"),
    Column("moves", "Items", whole=True),
    Column("loss", "Loss"),
)
PROGRAMS = (
    *("id", "row", "cause", "plus", "minus", "net", "side", "category", "type", "feed"),
    *("told_by", "field", "old", "new", "held"),
)

_SHOWN = 60
"""Characters of a value that a table shows; a program gets all of it."""


def rows(change: "Change", known: "Catalogue") -> Iterator[Row]:
    """A row for each field of a loss that differs, and for each that its list writes otherwise; one where none does."""
    about = [value(name, change.about.get(name), known) for name in ("side", "category", "type", "feed")]
    head = (change.uid, change.row, change.cause, change.plus, change.minus, change.net, *about)
    for field, old, new in change.differences:
        yield (*head, LEDGER, field, value(field, old, known), value(field, new, known), False)
    for field, old, new in change.listed:
        yield (*head, LIST, field, written(field, old), written(field, new), field in change.held)
    if not (change.differences or change.listed):
        yield (*head, None, None, None, None, change.row in change.held)


def told(change: "Change", known: "Catalogue") -> Iterator[Row]:
    """A loss for people: what it moved, what it is; below that, a line each, what changed in it."""
    moves = " ".join(f"{number:+,}" for number in (change.plus, -change.minus) if number)
    about = change.about
    said = [*_here(change, known), *_by_list(change)]
    parts = [value("type", about.get("type"), known) or f"({value('category', about['category'], known)})"]
    parts.append(value("side", about["side"], known) or "")
    came_or_went = change.row in ("new", "restored", "gone") and change.row not in change.held
    if came_or_went or not said:
        parts.append(_standing_as(change))
    yield change.uid, change.cause or change.row, moves, ", ".join(parts)
    for one in said:
        yield None, None, None, f"  {one}"


def _standing_as(change: "Change") -> str:
    """What became of a loss and when, where it came or went as a whole: "destroyed 2020-10-08"."""
    about = change.about
    days = show_days(about.get("earliest"), about.get("latest"), about.get("inferred") == FLAG)
    return " ".join(word for word in (about["status"], days or about.get("loss_day")) if word)


def _here(change: "Change", known: "Catalogue") -> Iterator[str]:
    """What differs in a loss here: "type T-72B -> T-72B3"."""
    for field, old, new in change.differences:
        if field != "withdrawn":
            yield _said(field, value(field, old, known), value(field, new, known))


def _by_list(change: "Change") -> Iterator[str]:
    """What its list says otherwise that made no difference to it: as held, or as another spelling of the same."""
    passed = {"links" if one.field == "evidence" else one.field for one in change.differences}
    for field, old, new in change.listed:
        if field in change.held or field not in passed:
            word = "held" if field in change.held else "as listed"
            yield f"{word}: {_said(field, written(field, old), written(field, new))}"
    if "gone" in change.held:
        yield "held: no longer listed"


def _said(field: str, *both: str | None) -> str:
    old, new = (shortened(text or "(nothing)", _SHOWN) for text in both)
    return f"{field.replace('_', ' ')} {old} -> {new}"


def written(field: str, text: str | None) -> str | None:
    """A value as a list writes it, a list's parts between commas."""
    return ", ".join(json.loads(text)) if text is not None and field in ("tags", "links") else text


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
