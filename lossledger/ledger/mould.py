"""Moulds: a list says the same of thousands of its losses, and what follows from that is worked out once.

A new subject is cast from the mould of what it has alike with others, such as its side, type and status, and from what
is its own, such as its day and its link. It is what `Journal.append` would make of all its fields.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import Table

from lossledger.core.fields import Field, State, child_path
from lossledger.core.fold import is_private, pack, split
from lossledger.core.trail import Posting, loss_day, moved_to, outcome, trail
from lossledger.core.vocabulary import Relation
from lossledger.db.bulk import AnyRow
from lossledger.ledger.batch import posting_row
from lossledger.ledger.projection import (
    IdOf,
    Placed,
    Values,
    derived,
    derived_of_loss,
    filled,
    placed,
    read,
    shape,
    shapes_of_children,
)

_REPORTS = Relation.REPORTS.value

_OF_A_DAY = 4
"""How many of a posting's columns, its last, follow from the day of the loss."""


class Cast(NamedTuple):
    """A new subject: its rows, its own first, the details of its entry, its postings, and what is stored of those."""

    rows: list[Placed]
    details: Mapping[str, str]
    lines: Sequence[Posting]
    postings: Sequence[AnyRow]


class _Place(NamedTuple):
    """Where the text of a field goes: into which of the rows, where in it and read how; and whether it stays apart."""

    row: int
    at: int
    field: Field | None
    private: bool


class Mould:
    """What new subjects of a kind have alike; losses all but their days, events and evidence, or nothing."""

    def __init__(self, kind: str, fields: State, id_of: IdOf) -> None:
        self.kind = kind
        self._fields = fields
        self._id_of = id_of
        self._rows = placed(kind, filled(kind, fields, id_of))
        self._places = _places(kind) | _places_of_children(kind, self._rows[1:])
        self._apart, self._public = split(kind, fields)
        self._outcome = outcome(fields) if kind == "loss" else ""
        self._lines = trail(fields) if kind == "loss" else []
        self._postings = [posting_row(id_of, line)[:-_OF_A_DAY] for line in self._lines]

    def cast(self, own: State, evidence: Mapping[str, str]) -> Cast:
        """The new subject that has these fields beside those of the mould, and as a loss this evidence.

        The fields are the subject's, or of children that the mould has; their forms were looked at before. The
        evidence is given as the sources that report the loss, by the uids that the pieces get.
        """
        rows = [(table, values.copy()) for table, values in self._rows]
        apart, public = self._apart.copy(), self._public.copy()
        for path, text in own.items():
            row, at, field, private = self._places[path]
            rows[row][1][at] = text if field is None else read(field, text, self._id_of)
            (apart if private else public)[path] = text
        for uid, source in evidence.items():
            public[child_path("evidence", uid, "source")] = source
            public[child_path("evidence", uid, "relation")] = _REPORTS
            rows.append(self._piece(uid, source))
        details = pack(apart, public)
        values = rows[0][1]
        if self.kind != "loss":
            if last := derived(self.kind, {**self._fields, **own}):
                values[-len(last) :] = last
            return Cast(rows, details, [], [])
        day = loss_day(own if "inferred" not in self._fields else {**self._fields, **own})
        last = derived_of_loss(day, self._outcome, own.get("feed_key"))
        values[-len(last) :] = last
        lines = [moved_to(line, day) for line in self._lines]
        postings = [(*said, *line[-_OF_A_DAY:]) for said, line in zip(self._postings, lines, strict=True)]
        return Cast(rows, details, lines, postings)

    def _piece(self, uid: str, source: str) -> Placed:
        table, empty, source_at, relation_at = _piece_of_evidence()
        values = empty.copy()
        values[1] = uid
        values[source_at] = self._id_of("source", source)
        values[relation_at] = _REPORTS
        return table, values


@cache
def _piece_of_evidence() -> tuple[Table, Values, int, int]:
    """The table of evidence, an empty row of it, and where in it the source and its relation stand."""
    of = shapes_of_children("loss")["evidence"]
    return of.table, of.empty, of.fields["source"][0], of.fields["relation"][0]


@cache
def _places(kind: str) -> dict[str, _Place]:
    """Where the fields of a subject go."""
    return {path: _Place(0, *place, is_private(kind, path)) for path, place in shape(kind).fields.items()}


def _places_of_children(kind: str, rows: list[Placed]) -> dict[str, _Place]:
    """Where the fields of children go that have these rows after the subject's own, by their paths."""
    names = {of.table: name for name, of in shapes_of_children(kind).items()}
    found = {}
    for number, (table, values) in enumerate(rows, start=1):
        name = names[table]
        for field, place in shapes_of_children(kind)[name].fields.items():
            path = child_path(name, str(values[1]), field)
            found[path] = _Place(number, *place, is_private(kind, path))
    return found
