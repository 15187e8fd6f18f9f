"""The case file of one loss: what became of it, what vouches for it, what was noted, what it is tied to."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from lossledger.core.fields import FLAG, REDACTED, Form, State, children
from lossledger.core.fold import fold
from lossledger.core.records import KINDS
from lossledger.core.trail import events
from lossledger.core.vocabulary import Act, Relation
from lossledger.db.tables import evidence_file, loss, source
from lossledger.queries.brought import brought
from lossledger.queries.catalogue import Catalogue, catalogue
from lossledger.queries.decided import Decision, decisions, merged_into
from lossledger.queries.disputed import settled
from lossledger.queries.held import LISTED, held_of
from lossledger.queries.history import of_subject
from lossledger.queries.imports import run
from lossledger.queries.lineage import Step, steps, with_parts
from lossledger.queries.losses import one
from lossledger.queries.reviewed import SECOND_REVIEWED
from lossledger.queries.told import LIST_OF

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One loss with all that is known of it. Losses are named by id, everything else by name."""

    conflict: str
    loss: Record
    trail: list[Record]
    """What became of it, first status first, each with its days."""
    evidence: list[Record]
    """What each source does with it, by stance, with the source itself, the files held of it and who ``brought`` it.

    ``settled`` tells of one that disputes a field whether the loss says by now what the source said."""
    second_reviewed: bool
    """Whether who confirmed it is another than who entered it, or whose list it is from."""
    decided: list[Decision]
    """What was decided on it, oldest first, with what was undone."""
    notes: list[Record]
    links: list[Record]
    """The losses that it is possibly the same as."""
    apart: list[Record]
    """The losses that somebody has found it not to be the same as."""
    held: list[Record]
    """What lists now say where a person here has said otherwise, an import each: its fields, both values of each."""
    merged_with: list[str]
    """The other losses of its group: the one that is kept first."""
    parts: list[Record]
    """The losses split off it, with how many items each has now."""


def case(connection: Connection, uid: str) -> Case:
    """The case file of a loss that the ledger has."""
    state = _state(connection, uid)
    found = with_parts(connection, uid, steps(connection, "loss", uid))
    undone = {change.new for step in found if step.act == Act.UNDO for change in step.changes}
    standing = [step for step in found if step.act_id not in undone]
    known = catalogue(connection)
    told = one(connection, uid, known)
    evidence = _evidence(connection, state, told, brought(connection, found))
    return Case(
        conflict=_conflict(known, state["side"]),
        loss=told,
        trail=_trail(state),
        evidence=evidence,
        second_reviewed=connection.scalar(select(SECOND_REVIEWED).where(loss.c.uid == uid)) in (True, 1),
        decided=decisions(connection, uid, evidence),
        notes=_said(standing, Act.NOTE, "text"),
        links=_said((step for step in standing if not _tells_apart(step)), Act.LINK, "to"),
        apart=_said(filter(_tells_apart, standing), Act.LINK, "to"),
        held=_held(connection, state, known),
        merged_with=_group(connection, told["merged_into"] or uid, uid),
        parts=_parts(connection, [part for step in standing for part in step.parts]),
    )


def _state(connection: Connection, uid: str) -> State:
    state: State = {}
    for _, of_entry, _ in of_subject(connection, "loss", uid):
        state = fold(state, of_entry)
    return state


def _conflict(known: Catalogue, side: str) -> str:
    return known.name("conflict", str(known.terms["side"][side].within))


def _trail(state: State) -> list[Record]:
    """The first status, then the events, each with its days and what was said of it."""
    fields = ("status", "earliest", "latest", "inferred", "phrase", "note")
    # The loss's own note is about the loss, not about its first status.
    first = {name: state[name] for name in fields if name in state and name != "note"}
    return [_flagged({name: step.get(name) for name in fields}) for step in (first, *events(state))]


def _evidence(connection: Connection, state: State, told: Record, by: Mapping[str, Record]) -> list[Record]:
    """Each piece of evidence, by what its source does with the loss, then in the order in which it was added."""
    pieces = children(state, "evidence")
    sources = _sources(connection, {piece["source"] for piece in pieces.values()})
    own = ("relation", "field", "says", "credibility", "note")
    found = (
        {"id": key}
        | {name: piece.get(name) for name in own}
        | {"settled": settled(told, piece.get("field"), piece.get("says"))}
        | {"source": sources[piece["source"]]}
        | {"brought": by.get(key)}
        for key, piece in pieces.items()
    )
    return sorted(found, key=lambda piece: _STANCES.index(piece["relation"]))


_STANCES = tuple(Relation)


def _sources(connection: Connection, uids: Iterable[str]) -> dict[str, Record]:
    """The sources of these uids, without what they were merged into: evidence never points to one that was."""
    names = [field.name for field in KINDS["source"].fields if field.form is not Form.REF]
    statement = select(source.c.uid, *(source.c[name] for name in names)).where(source.c.uid.in_(uids))
    rows = (dict(zip(("id", *names), row, strict=True)) for row in connection.execute(statement))
    files = _files(connection, uids)
    return {row["id"]: _flagged(row) | {"files": files[row["id"]]} for row in rows}


def _files(connection: Connection, uids: Iterable[str]) -> dict[str, list[Record]]:
    """What is held of each of some sources, in the order of the files' ids."""
    names = [field.name for child in KINDS["source"].children for field in child.fields]
    statement = (
        select(source.c.uid, evidence_file.c.uid, *(evidence_file.c[name] for name in names))
        .join(source, source.c.id == evidence_file.c.source_id)
        .where(source.c.uid.in_(uids))
        .order_by(evidence_file.c.uid)
    )
    files: dict[str, list[Record]] = defaultdict(list)
    for uid, *row in connection.execute(statement):
        file = dict(zip(("id", *names), row, strict=True))
        files[uid].append(file | {"graphic": bool(file["graphic"])})
    return files


def _flagged(record: Record) -> Record:
    return record | {"inferred": record["inferred"] in (FLAG, 1)}


def _said(standing: Iterable[Step], act: Act, field: str) -> list[Record]:
    """What entries of one act say, with who said it and when; for a link, why."""
    return [
        {"entry": step.number, "recorded_at": step.recorded_at, "actor": step.actor, "reason": step.reason}
        | {field: next((change.new for change in step.changes if change.field == field), None)}
        for step in standing
        if step.act == act
    ]


def _tells_apart(step: Step) -> bool:
    """Whether an entry says that two losses are two; see `queries.apart`."""
    return step.act == Act.LINK and any(change.field == "text" for change in step.changes)


def _held(connection: Connection, state: State, known: Catalogue) -> list[Record]:
    """What each list says otherwise, and what stands here: terms by name, days and words as they are."""
    found = []
    for feed, uid, said in held_of(state):
        of_run = run(connection, uid)
        fields = [
            {"field": field, "list": _named(field, value, known), "here": _named(field, state.get(field), known)}
            for field, value in said.items()
        ]
        about = {"feed": feed, "run": uid, "imported_at": of_run["imported_at"], "file": of_run["file"]}
        found.append(about | {"fields": fields})
    return found


def _named(path: str, value: str | None, known: Catalogue) -> str | None:
    """A field's value as people read it."""
    if path == LISTED or value in (None, REDACTED):
        return value
    field = KINDS["loss"].field(path)
    if field.form is Form.LIST:
        terms = known.terms.get(LIST_OF.get(path, ""), {})
        return "|".join(terms[part].name if part in terms else part for part in json.loads(str(value)))
    return known.name(field.ref, str(value)) if field.ref in ("side", "type", "category") else value


def _group(connection: Connection, root: str, uid: str) -> list[str]:
    """The kept loss of a group and what was merged into it, but for the one that is asked about."""
    return [one for one in (root, *merged_into(connection, root)) if one != uid]


def _parts(connection: Connection, uids: list[str]) -> list[Record]:
    statement = select(loss.c.uid, loss.c.quantity).where(loss.c.uid.in_(uids)).order_by(loss.c.id)
    return [{"id": uid, "quantity": quantity} for uid, quantity in connection.execute(statement)]
