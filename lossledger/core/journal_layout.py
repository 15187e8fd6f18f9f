"""How a package takes a journal along: the entries with their details and their postings, just as they are hashed."""

from collections.abc import Mapping
from dataclasses import dataclass

from lossledger.core.digest import Entry
from lossledger.core.trail import Posting

CLEARED = "cleared"


@dataclass(frozen=True)
class JournalTable:
    """A table of the journal: the type of each of its columns, "!" before one that has to have a value."""

    name: str
    title: str
    types: Mapping[str, str]
    identity: tuple[str, ...]
    references: Mapping[str, tuple[str, str]]

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that have to have a value."""
        return tuple(name for name, kind in self.types.items() if kind.startswith("!"))


_NUMBERS = frozenset(("number", "format", "quantity", "span", "inferred"))
_MAY_LACK = frozenset(("origin", "type", "day", "loss_day"))


def _type(name: str) -> str:
    needed = "" if name in _MAY_LACK else "!"
    return needed + ("integer" if name in _NUMBERS else "date" if name in ("day", "loss_day") else "string")


_OF_ENTRY = {"entry": ("journal_entries", "number")}

ENTRIES = JournalTable(
    "journal_entries",
    "The journal: every act on a subject, in order, each with its hash",
    {name: _type(name) for name in Entry._fields},
    ("number",),
    {},
)
DETAILS = JournalTable(
    "journal_details",
    "What each entry says, a field a row; of what is withheld or redacted, the digest",
    {
        "entry": "!integer",
        "field": "!string",
        "value": "string",
        CLEARED: "string",
        "salt": "string",
        "digest": "string",
    },
    ("entry", "field"),
    _OF_ENTRY,
)
POSTINGS = JournalTable(
    "journal_postings",
    "What each entry adds to and takes from the sums",
    {"entry": "!integer", "line": "!integer", **{name: _type(name) for name in Posting._fields}},
    ("entry", "line"),
    _OF_ENTRY,
)
JOURNAL = (ENTRIES, DETAILS, POSTINGS)
