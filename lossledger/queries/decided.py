"""What was decided on a loss: who believed it, merged it, withdrew it, judged its evidence; when and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from lossledger.core.fields import children
from lossledger.core.vocabulary import Act, Verification
from lossledger.db.tables import SUBJECTS
from lossledger.queries.lineage import Change, Step, lineage, steps

Record = dict[str, Any]


class Kind(StrEnum):
    """What a decision was about."""

    ENTERED = "entered"
    """It entered the ledger as more than a claim."""
    BELIEVED = "believed"
    LEFT = "left"
    """It was looked at, and stays as far believed as it was."""
    DISPUTED = "disputed"
    SETTLED = "settled"
    """It says by now what a source said against it."""
    JUDGED = "judged"
    MERGED = "merged"
    UNMERGED = "unmerged"
    TOLD_APART = "told apart"
    TAKEN = "taken"
    """A list's word stands now."""
    KEPT = "kept"
    """It stays as it is here, against a list's word."""
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. What does not belong to its kind is None."""

    entry: int
    recorded_at: str
    actor: str
    reason: str | None
    kind: Kind
    loss: str | None = None
    """The loss that it was taken on, where that is another one: the whole, or what was merged into this one."""
    field: str | None = None
    old: str | None = None
    new: str | None = None
    by: str | None = None
    """Who was named as believing it."""
    source: str | None = None
    other: str | None = None
    """The other loss of two."""
    feed: str | None = None
    undone: Record | None = None
    """The entry that took it back, with who did that, when and why."""


def decisions(connection: Connection, uid: str, evidence: Iterable[Record]) -> list[Decision]:
    """The decisions on a loss in their order, those undone marked; of a part, those on its whole before the split.

    ``evidence`` are its pieces, each with its source, who ``brought`` it, and whether what it disputes is ``settled``.
    """
    pieces = list(evidence)
    own = lineage(connection, uid)
    merged = [step for other in merged_into(connection, uid) for step in steps(connection, "loss", other)]
    judged = [step for one in _once(pieces) for step in steps(connection, "source", one)]
    found = chain(_of_losses(uid, own), _of_merged(uid, merged), _of_sources(judged))
    undone = {change.new: step for step in (*own, *merged, *judged) for change in _said(step, "undoes")}
    standing = [step for step in own if step.act_id not in undone and step.act != Act.UNDO]
    marked = [replace(decision, undone=_undone(undone.get(act_id))) for act_id, decision in found]
    return sorted([*marked, *_settling(pieces, standing)], key=lambda decision: decision.entry)


def _once(pieces: Iterable[Record]) -> Iterable[str]:
    return dict.fromkeys(str(piece["source"]["id"]) for piece in pieces)


def _said(step: Step, field: str) -> Iterator[Change]:
    return (change for change in step.changes if change.field == field)


def _undone(step: Step | None) -> Record | None:
    if step is None:
        return None
    return {"entry": step.number, "recorded_at": step.recorded_at, "actor": step.actor, "reason": step.reason}


Found = Iterator[tuple[str, Decision]]
"""Decisions, each with the id of the act that it was part of."""


def _decision(step: Step, kind: Kind, **about: Any) -> tuple[str, Decision]:
    return step.act_id, Decision(step.number, step.recorded_at, step.actor, step.reason, kind, **about)


def _of_losses(uid: str, found: Sequence[Step]) -> Found:
    """What was decided on a loss, and on its whole before it."""
    withdrawing = {step.act_id for step in found if step.act == Act.WITHDRAW}
    verification: str | None = None
    sources: dict[str, str] = {}
    for step in found:
        changes = {change.field: change for change in step.changes}
        before = verification
        verification = changes["verification"].new if "verification" in changes else before
        for path, change in changes.items():
            if path.startswith("evidence.") and path.endswith(".source") and change.new:
                sources[path.split(".")[1]] = change.new
        if step.act == Act.UNDO:
            continue
        lists = _on_lists(step, changes, withdraws=step.act_id in withdrawing)
        for act_id, decision in chain(
            _belief(step, changes, before, verification), _judged(step, changes, sources), lists, _standing(step)
        ):
            yield act_id, replace(decision, loss=None if step.subject == uid else step.subject)


def _belief(step: Step, changes: Mapping[str, Change], old: str | None, new: str | None) -> Found:
    """How far it was believed before and is now, and who is named for it."""
    by = changes["verified_by"].new if "verified_by" in changes else None
    if step.act == Act.DISPUTE:
        yield from _disputed(step, old, new)
    elif step.act == Act.VERIFY and changes.keys().isdisjoint(("verification", "verified_by")):
        yield _decision(step, Kind.LEFT, field="verification", old=old, new=new)
    elif step.act == Act.VERIFY or (old is not None and old != new):
        yield _decision(step, Kind.BELIEVED, field="verification", old=old, new=new, by=by)
    elif old is None and new != Verification.CLAIMED:
        yield _decision(step, Kind.ENTERED, field="verification", new=new, by=by)


def _disputed(step: Step, old: str | None, new: str | None) -> Found:
    """What a source disputes: the loss itself or a field of it."""
    said = {change.field: change.new for change in step.changes if change.new is not None}
    for piece in children(said, "evidence").values():
        yield _decision(step, Kind.DISPUTED, source=piece["source"], field=piece.get("field"), old=old, new=new)


def _judged(step: Step, changes: Mapping[str, Change], sources: Mapping[str, str]) -> Found:
    """How credible it was found what a source says; not what came with the evidence itself."""
    for path, change in changes.items():
        piece, _, name = path.rpartition(".")
        if name == "credibility" and f"{piece}.relation" not in changes:
            source = sources[piece.split(".")[1]]
            yield _decision(step, Kind.JUDGED, source=source, field=name, old=change.old, new=change.new)


def _on_lists(step: Step, changes: Mapping[str, Change], *, withdraws: bool) -> Found:
    """What a person decided on a list's word, which an import that hears the list again does not."""
    for path, change in changes.items():
        row, _, name = path.rpartition(".")
        if name == "held" and row and change.new is None and f"{row}.run" not in changes:
            taken = withdraws or any(not other.startswith("row.") for other in changes)
            yield _decision(step, Kind.TAKEN if taken else Kind.KEPT, feed=row.partition(".")[2])


def _standing(step: Step) -> Found:
    """Whether it stands for itself, and whether at all."""
    for change in step.changes:
        if change.field == "withdrawn":
            yield _decision(step, Kind.WITHDRAWN if change.new else Kind.REINSTATED)
        elif change.field == "merged_into":
            yield _decision(step, Kind.MERGED if change.new else Kind.UNMERGED, other=change.new or change.old)
        elif change.field == "to" and any(_said(step, "text")):
            yield _decision(step, Kind.TOLD_APART, other=change.new)


def _of_merged(uid: str, found: Iterable[Step]) -> Found:
    """What was merged into a loss, and taken out again: that stands in the entries of the other one."""
    for step in found:
        for change in _said(step, "merged_into"):
            if uid in (change.old, change.new) and step.act != Act.UNDO:
                kind = Kind.MERGED if change.new == uid else Kind.UNMERGED
                yield _decision(step, kind, loss=step.subject, other=uid)


def _of_sources(found: Iterable[Step]) -> Found:
    """How the reliability of sources was judged anew."""
    for step in found:
        for change in _said(step, "reliability"):
            judged_anew = not any(one.field == "url" and one.old is None for one in step.changes)
            if step.act != Act.UNDO and judged_anew:
                about = {"source": step.subject, "field": "reliability", "old": change.old, "new": change.new}
                yield _decision(step, Kind.JUDGED, **about)


_FIELDS_OF = {"date": ("earliest", "latest", "inferred"), "type": ("type", "candidates")}
"""The fields that say what a source disputes, where it is not one of the same name."""


def _settling(pieces: Iterable[Record], standing: list[Step]) -> Iterator[Decision]:
    """Of each dispute that is settled the last change of what it is about: since then the loss says so, too."""
    for piece in pieces:
        if not piece["settled"]:
            continue
        wanted = _FIELDS_OF.get(piece["field"], (piece["field"],))
        since = piece["brought"]["entry"] if piece["brought"] else 0
        changing = (
            step
            for step in reversed(standing)
            if step.number > since and any(_speaks_of(change.field, wanted) for change in step.changes)
        )
        for step in list(changing)[:1]:
            about = {"source": piece["source"]["id"], "field": piece["field"], "new": piece["says"]}
            yield _decision(step, Kind.SETTLED, **about)[1]


def _speaks_of(field: str, wanted: Iterable[str]) -> bool:
    """Whether a change of a field is one of what is wanted; what becomes of a loss is told by events as well."""
    return field in wanted or ("status" in wanted and field.startswith("event.") and field.endswith(".status"))


def merged_into(connection: Connection, uid: str) -> list[str]:
    """What is merged into a loss, in the order in which it was entered."""
    losses = SUBJECTS["loss"]
    kept = losses.alias()
    statement = select(losses.c.uid).join(kept, kept.c.id == losses.c.merged_into_id).where(kept.c.uid == uid)
    return list(connection.scalars(statement.order_by(losses.c.id)))
