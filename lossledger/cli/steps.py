"""How the steps of a history are shown: each with who, when and why, and what it changed."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from lossledger.cli.render import Column, Row, facts, write
from lossledger.core.fields import REDACTED, Form, generic
from lossledger.core.records import ACT_FIELDS, KINDS
from lossledger.core.text import inert

if TYPE_CHECKING:
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.lineage import Change, Step

_COLUMNS = ("number", "recorded_at", "subject", "actor", "act", "field", "old", "new", "reason", "part")
_SAID = {"to": "perhaps the same as", "held": "its feed now says", "undoes": "undoes act", "redacts": "takes out"}
"""How the fields of an act read, where their names do not say it."""


def write_steps(form: str, steps: Iterable["Step"], kind: str, known: "Catalogue") -> None:
    """Write a row a change; an entry that changed no field has one row."""
    columns = [Column(name, name) for name in _COLUMNS]
    write(form, columns, (row for step in steps for row in _rows(step, kind, known)))


def print_steps(steps: Sequence["Step"], kind: str, known: "Catalogue") -> None:
    """Print the steps as blocks, with a line that says so where they pass from a loss to a part of it."""
    subject = steps[0].subject if steps else ""
    for step in steps:
        if step.subject != subject:
            subject = step.subject
            click.echo(inert(f"\nHere {kind} {subject} was split off; what follows is its own.", lines=True))
        click.echo(inert(f"\n{step.number}  {_time(step.recorded_at)}  {step.act}, by {step.actor}", lines=True))
        facts(_lines(step, kind, known), 4)


def _time(instant: str) -> str:
    """An instant of the journal to the second."""
    return f"{instant[:10]} {instant[11:19]} UTC"


def _rows(step: "Step", kind: str, known: "Catalogue") -> Iterable[Row]:
    head = (step.number, step.recorded_at, step.subject, step.actor, step.act)
    tail = (step.reason, "|".join(step.parts) or None)
    for change in step.changes:
        old, new = (_value(kind, change.field, value, known) for value in (change.old, change.new))
        yield (*head, change.field, old, new, *tail)
    if not step.changes:
        yield (*head, None, None, None, *tail)


def _lines(step: "Step", kind: str, known: "Catalogue") -> list[tuple[str, str]]:
    """What a step changed, a line each: what was there, and what is; a new child's fields in one line."""
    lines: dict[str, list[str]] = {}
    for change in step.changes:
        child, _, key = change.field.rpartition(".")[0].partition(".")
        name = change.field.rpartition(".")[2]
        title = _SAID.get(name, name) if change.field in ACT_FIELDS else f"{child} {key}" if child else name
        said = _change(kind, change, known)
        lines.setdefault(title.replace("_", " "), []).append(f"{name.replace('_', ' ')} {said}" if child else said)
    shown = [(title, "; ".join(said)) for title, said in lines.items()]
    shown += [("split off", part) for part in step.parts]
    return [*shown, ("reason", step.reason)] if step.reason else shown


def _change(kind: str, change: "Change", known: "Catalogue") -> str:
    old, new = (_value(kind, change.field, value, known) for value in (change.old, change.new))
    return str(new) if old is None else f"{old} -> {'(nothing)' if new is None else new}"


def _value(kind: str, path: str, value: str | None, known: "Catalogue") -> str | None:
    """A value as people read it: terms of the catalogue by name, a list's parts between commas."""
    if value in (None, REDACTED) or path in ACT_FIELDS:
        return value
    field = KINDS[kind].field(generic(path) if "." not in path else path)
    if field.form is Form.LIST:
        from lossledger.queries.told import LIST_OF

        kind = LIST_OF.get(field.name, "")
        return ", ".join(_name(kind, part, known) for part in json.loads(value))
    return _name(field.ref, value, known) if field.ref in known.terms and field.ref != "feed" else value


def _name(kind: str, slug: str, known: "Catalogue") -> str:
    term = known.terms.get(kind, {}).get(slug)
    return slug if term is None else term.name
