"""Moulds: a list says the same of thousands of its losses, and what follows from that is worked out once.

A new subject is cast from the mould of what it has alike with others, such as its side, type and status, and from what
is its own, such as its day and its link. It is what `Journal.append` would make of all its fields.
"""

from collections.abc import Mapping
from typing import NamedTuple

from lossledger.core.fields import State
from lossledger.core.fold import pack, split
from lossledger.core.trail import Posting, moved_to, trail
from lossledger.ledger.projection import Filled, IdOf, derive, filled


class Cast(NamedTuple):
    """A new subject: its rows, the details of its entry, and its postings."""

    rows: Filled
    details: Mapping[str, str]
    postings: list[Posting]


class Mould:
    """What new subjects of a kind have alike; losses all but their days, events and evidence, or nothing."""

    def __init__(self, kind: str, fields: State, id_of: IdOf) -> None:
        self.kind = kind
        self._fields = fields
        self._id_of = id_of
        self._rows = filled(kind, fields, id_of)
        self._apart, self._public = split(kind, fields)
        self._lines = trail(fields) if kind == "loss" else []

    def cast(self, own: State) -> Cast:
        """The new subject that has these fields beside those of the mould. Their forms were looked at before."""
        whole = {**self._fields, **own}
        apart, public = split(self.kind, own)
        rows = filled(self.kind, own, self._id_of, self._rows)
        derive(self.kind, rows, whole)
        return Cast(
            rows,
            pack({**self._apart, **apart}, {**self._public, **public}),
            [moved_to(line, whole) for line in self._lines],
        )
