"""What a sheet that comes back asks for, and what became of each of its rows."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from lossledger.core.text import quoted
from lossledger.feeds.records import Unread
from lossledger.queries.revisions import Setter

Settle = Literal["mine", "theirs"]
"""Whose word stands where both have changed a cell: the sheet's, or the ledger's."""


class Order(NamedTuple):
    """What was asked for: who confirms what the sheet confirms, how clashes are settled, where new losses belong."""

    by: str | None = None
    settle: Settle | None = None
    conflict: str | None = None


class Change(NamedTuple):
    """A cell that was changed, as people read it; ``uid`` is None in a row that is new."""

    place: str
    uid: str | None
    column: str
    was: str
    becomes: str


class Clash(NamedTuple):
    """A cell that was changed in the sheet and in the ledger, to different values; and who did so here."""

    place: str
    uid: str
    column: str
    was: str
    sheet: str
    ledger: str
    setter: Setter

    def __str__(self) -> str:
        """Who says what, in a line."""
        return (
            f"{self.column}: the sheet says {quoted(self.sheet or 'nothing')}, the ledger "
            f"{quoted(self.ledger or 'nothing')}, set by {self.setter.actor} on {self.setter.recorded_at[:10]}"
        )


@dataclass(slots=True)
class Report:
    """What became of every row of a sheet."""

    changes: list[Change] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    refused: list[Unread] = field(default_factory=list)
    """Rows of which nothing was taken, those with clashes among them."""
    amended: int = 0
    entered: list[str] = field(default_factory=list)
    """The new losses."""
    unchanged: int = 0
    clashing: int = 0
    fixed: Counter[str] = field(default_factory=Counter)
    """Cells that were changed in columns that are told for information alone: they were not taken."""
    redacted: list[str] = field(default_factory=list)
    """Cells with a text that was redacted after the sheet was written, by place and column: they were not taken."""
