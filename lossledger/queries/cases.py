"""The case files of many losses at once, in a few statements for all of them: what a page for each shows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, select

from lossledger.core.vocabulary import Relation, Verification
from lossledger.db.tables import CHILDREN, evidence, evidence_file, loss, source
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.history import told
from lossledger.queries.lineage import Step, steps_of
from lossledger.queries.losses import Listing, among, losses
from lossledger.queries.reviewed import SECOND_REVIEWED
from lossledger.queries.scope import Scope
from lossledger.queries.told import Record

CHUNK = 1_000
"""How many losses are read at once."""


@dataclass(slots=True)
class Brief:
    """One loss with what a reader asks of it. Other losses are named by id, everything else by name."""

    loss: Record
    heading: str
    """The slug of its heading, as ``side`` is that of its side."""
    side: str
    trail: list[Record]
    """What became of it, first status first, each with its days."""
    evidence: list[Record]
    """What each source does with it, by stance, with the source's own fields and how many files are ``held`` of it."""
    steps: list[Step]
    second_reviewed: bool
    merged_here: list[str] = field(default_factory=list)
    """The losses merged into it."""
    parts: list[str] = field(default_factory=list)
    """The losses split off it."""


def briefs(connection: Connection, conflict: str, known: Catalogue, ids: Sequence[int]) -> Iterator[Brief]:
    """The losses of some row ids, a chunk after the other; in each, by day and then as they were entered."""
    for start in range(0, len(ids), CHUNK):
        yield from _read(connection, conflict, known, ids[start : start + CHUNK])


def _read(connection: Connection, conflict: str, known: Catalogue, ids: Sequence[int]) -> Iterator[Brief]:
    everything = Scope(conflict, verifications=tuple(word.value for word in Verification))
    listing = Listing(everything, known, merged=True, withdrawn=True, only=ids)
    records = list(losses(connection, listing))
    keys = {uid: (row_id, category, side) for uid, row_id, category, side in connection.execute(_keys(ids))}
    second = set(connection.scalars(select(loss.c.id).where(among(loss.c.id, ids), SECOND_REVIEWED)))
    trails, pieces = _trails(connection, ids), _evidence(connection, ids)
    merged, parts = _others(connection, "merged_into", ids), _others(connection, "split_from", ids)
    history = _steps(connection, [record["id"] for record in records])
    headings, sides = ({term.id: term.slug for term in known.terms[kind].values()} for kind in ("category", "side"))
    for record in records:
        row_id, category, side = keys[record["id"]]
        first = {name: record[name] for name in _EVENT if name != "note"} | {"note": None}
        yield Brief(
            record,
            headings[category],
            sides[side],
            [first, *trails[row_id]],
            pieces[row_id],
            history.get(record["id"], []),
            row_id in second,
            merged[row_id],
            parts[row_id],
        )


_EVENT = ("status", "phrase", "earliest", "latest", "inferred", "note")


def _keys(ids: Iterable[int]) -> Select[Any]:
    return select(loss.c.uid, loss.c.id, loss.c.category_id, loss.c.side_id).where(among(loss.c.id, ids))


def _trails(connection: Connection, ids: Iterable[int]) -> dict[int, list[Record]]:
    """The events of each loss after its first status."""
    events = CHILDREN["loss", "event"]
    statement = (
        select(events.c.loss_id, *(events.c[name] for name in _EVENT))
        .where(among(events.c.loss_id, ids))
        .order_by(events.c.loss_id, events.c.position)
    )
    found: dict[int, list[Record]] = defaultdict(list)
    for loss_id, *row in connection.execute(statement):
        found[loss_id].append(dict(zip(_EVENT, row, strict=True)))
    return found


_PIECE = ("relation", "field", "says", "credibility", "note")
_SOURCE = (
    *("uid", "title", "url", "publisher", "author", "party", "kind", "reliability", "archived"),
    *("earliest", "latest", "inferred", "health", "looked_at", "gone_on"),
)


def _evidence(connection: Connection, ids: Sequence[int]) -> dict[int, list[Record]]:
    """The pieces of evidence of each loss, by stance and then as the sources came."""
    held = _held(connection, ids)
    statement = (
        select(
            evidence.c.loss_id,
            source.c.id,
            *(evidence.c[name] for name in _PIECE),
            *(source.c[name].label(f"source_{name}") for name in _SOURCE),
        )
        .join(source, source.c.id == evidence.c.source_id)
        .where(among(evidence.c.loss_id, ids))
        .order_by(evidence.c.loss_id, source.c.id, evidence.c.uid)
    )
    names = (*_PIECE, *_SOURCE)
    found: dict[int, list[Record]] = defaultdict(list)
    for loss_id, source_id, *row in connection.execute(statement):
        piece = dict(zip(names, row, strict=True))
        piece["about"] = piece.pop("field")
        found[loss_id].append(piece | {"held": held.get(source_id, 0)})
    for pieces in found.values():
        pieces.sort(key=lambda piece: _STANCES.index(piece["relation"]))
    return found


_STANCES = tuple(Relation)


def _held(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """How many files are held of each source that some losses rest on."""
    rests = select(evidence.c.source_id).where(among(evidence.c.loss_id, ids))
    statement = select(evidence_file.c.source_id).where(evidence_file.c.source_id.in_(rests))
    return {one: len(list(group)) for one, group in groupby(sorted(connection.scalars(statement)))}


def _others(connection: Connection, field_name: str, ids: Iterable[int]) -> dict[int, list[str]]:
    """The losses that point to each of some losses by a field of theirs."""
    column = loss.c[f"{field_name}_id"]
    found: dict[int, list[str]] = defaultdict(list)
    for other, uid in connection.execute(select(column, loss.c.uid).where(among(column, ids)).order_by(loss.c.id)):
        found[other].append(uid)
    return found


def _steps(connection: Connection, uids: Iterable[str]) -> dict[str, list[Step]]:
    mine = (entries.c.kind == "loss") & entries.c.subject.in_(sorted(uids))
    statement = select(entries).where(mine).order_by(entries.c.subject, entries.c.number, details.c.field)
    by_subject = groupby(told(connection, statement), key=lambda one: one.entry.subject)
    return {uid: steps_of(group, {}) for uid, group in by_subject}
