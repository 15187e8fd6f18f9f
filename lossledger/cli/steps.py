"""How the steps of a history are shown: each with who, when and why, and what it changed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from lossledger.cli.render import Column, Row, facts, write
from lossledger.core.fields import REDACTED, Form, generic
from lossledger.core.records import ACT_FIELDS, KINDS
from lossledger.core.text import inert, shortened
from lossledger.core.vocabulary import Act, Counts

if TYPE_CHECKING:
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.lineage import Change, Step

_COLUMNS = ("number", "recorded_at", "subject", "actor", "act", "field", "old", "new", "reason", "part")
_SAID = {"to": "perhaps the same as", "held": "its feed now says", "counts": "counted as"}
"""How fields read where their names do not say it."""

_COUNTED_AS = {Counts.ITEM.value: "an item", Counts.AGGREGATE.value: "an aggregate"}

Line = tuple[str, str]
Numbers = Mapping[str, int]
"""Acts by their ids, as the number of the entry in which a history shows them."""


def write_steps(form: str, steps: Iterable["Step"], kind: str, known: "Catalogue") -> None:
    """Write a row a change; an entry that changed no field has one row."""
    columns = [Column(name, name) for name in _COLUMNS]
    write(form, columns, (row for step in steps for row in _rows(step, kind, known)))


def print_steps(
    steps: Sequence["Step"], kind: str, known: "Catalogue", sources: Mapping[str, str] | None = None
) -> None:
    """Print the steps as blocks, with a line that says so where they pass from a loss to a part of it.

    ``sources`` has the links of sources by their ids.
    """
    subject = steps[0].subject if steps else ""
    numbers = {step.act_id: step.number for step in steps}
    known_by = _with_pieces(steps, sources or {})
    for place, step in enumerate(steps):
        if step.subject != subject:
            subject = step.subject
            click.echo(inert(f"\nHere {kind} {subject} was split off; what follows is its own.", lines=True))
        act = _act(step, first=place == 0)
        click.echo(inert(f"\n{step.number}  {_time(step.recorded_at)}  {act}, by {step.actor}", lines=True))
        facts(_lines(step, kind, known, known_by, numbers), 4)


def _with_pieces(steps: Iterable["Step"], sources: Mapping[str, str]) -> dict[str, str]:
    """What sources are known by, also by the ids of the pieces of evidence that are theirs."""
    cited = (change for step in steps for change in step.changes if change.field.endswith(".source") and change.new)
    pieces = {_child(change)[1]: sources.get(str(change.new)) for change in cited}
    return {**sources, **{key: link for key, link in pieces.items() if link}}


def _act(step: "Step", *, first: bool) -> str:
    """What an act is called: the journal has one word for all that is done to the catalogue."""
    if step.act != Act.CATALOGUE:
        return step.act
    if any(change.field == "accepted" for change in step.changes):
        return "accept"
    return "enter" if first else "change"


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


def _lines(step: "Step", kind: str, known: "Catalogue", sources: Mapping[str, str], numbers: Numbers) -> list[Line]:
    """What a step changed, a line each: what was there, and what is; a child's fields in one line."""
    shown: list[Line] = []
    for (child, key), group in groupby(step.changes, key=_child):
        changes = {change.field.rpartition(".")[2]: change for change in group}
        if not child:
            shown += [_line(kind, change, known, numbers) for change in changes.values()]
        elif child == "evidence" and (piece := _piece(changes, sources)):
            shown.append(("evidence", piece))
        elif child == "evidence" and key in sources:
            parts = (f"{_words(name)} {_change(kind, change, known)}" for name, change in changes.items())
            shown.append(("evidence", f"{sources[key]}: {'; '.join(parts)}"))
        elif child == "loss":
            shown.append(("loss", _change(kind, changes["loss"], known)))
        elif child == "row":
            shown += _row_of_list(key, changes)
        else:
            parts = (f"{_words(name)} {_change(kind, change, known)}" for name, change in changes.items())
            shown.append((_words(f"{child} {key}"), "; ".join(parts)))
    shown += [("split off", part) for part in step.parts]
    if step.act == Act.LINK and any(change.field == "text" for change in step.changes):
        shown = [("not the same as", change.new or "") for change in step.changes if change.field == "to"]
    said_already = any(change.new == step.reason for change in step.changes)
    return [*shown, ("reason", step.reason)] if step.reason and not said_already else shown


def _child(change: "Change") -> tuple[str, str]:
    """The kind and the key of the child that a change is about; empty for a field of the subject itself."""
    child, _, key = change.field.rpartition(".")[0].partition(".")
    return child, key


def _words(name: str) -> str:
    return name.replace("_", " ")


def _line(kind: str, change: "Change", known: "Catalogue", numbers: Numbers) -> Line:
    """A change of a field, or what an act says of itself."""
    name = change.field
    said = _change(kind, change, known)
    if name == "redacts":
        taken = (part.partition(":") for part in said.split(", "))
        texts = (f"the {_words(generic(field)).replace('.', ' ')} of entry {number}" for number, _, field in taken)
        return "takes out", ", ".join(texts)
    if name == "undoes":
        return "undoes", f"entry {numbers[said]}" if said in numbers else f"act {said}"
    return (_SAID.get(name) or _words(name)), said


def _row_of_list(feed: str, changes: Mapping[str, "Change"]) -> Iterable[Line]:
    """What a list did with its row; the row itself is told by the fields that it changed."""
    if "run" in changes and changes["run"].new is not None:
        yield f"import of {feed}", changes["run"].new
    if "gone" in changes:
        yield f"in {feed}", "no longer listed" if changes["gone"].new else "listed again"


def _piece(changes: Mapping[str, "Change"], sources: Mapping[str, str]) -> str:
    """A piece of evidence that came or went, with the link of its source; nothing where one was only changed."""
    came, went = ({name: getattr(change, side) for name, change in changes.items()} for side in ("new", "old"))
    fields = came if not any(went.values()) else went if not any(came.values()) else {}
    if not fields.get("source") or not fields.get("relation"):
        return ""
    about = {"field": "on {}", "says": "says “{}”", "credibility": "credibility {}", "note": "{}"}
    parts = [form.format(fields[name]) for name, form in about.items() if fields.get(name)]
    link = sources.get(fields["source"]) or f"source {fields['source']}"
    return "; ".join([f"{'' if fields is came else 'no longer: '}{fields['relation']} {link}", *parts])


def _change(kind: str, change: "Change", known: "Catalogue") -> str:
    old, new = (_value(kind, change.field, value, known) for value in (change.old, change.new))
    if change.field == "counts":
        old, new = (_COUNTED_AS.get(value or "", value) for value in (old, new))
    return str(new) if old is None else f"{old} -> {'(nothing)' if new is None else new}"


def _value(kind: str, path: str, value: str | None, known: "Catalogue") -> str | None:
    """A value as people read it: terms of the catalogue by name, a list's parts between commas, no likeness whole."""
    if value is not None and generic(path) == "file.likeness":
        return shortened(value, _LIKENESS)
    if value in (None, REDACTED) or path in ACT_FIELDS:
        return value
    field = KINDS[kind].field(generic(path) if "." not in path else path)
    if field.form is Form.LIST:
        from lossledger.queries.told import LIST_OF

        kind = LIST_OF.get(field.name, "")
        return ", ".join(_name(kind, part, known) for part in json.loads(value))
    return _name(field.ref, value, known) if field.ref in known.terms and field.ref != "feed" else value


_LIKENESS = 12
"""How much is shown of what only programs compare."""


def _name(kind: str, slug: str, known: "Catalogue") -> str:
    term = known.terms.get(kind, {}).get(slug)
    return slug if term is None else term.name
