"""How a data package lies: which tables it has, what each is drawn from, what names a row and what a row refers to.

Packs, and packages that a ledger exports, are laid out alike. Columns are the fields of `core.records`, so a new field
is a new column.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lossledger.core.fields import Field, Form
from lossledger.core.records import KINDS

DESCRIPTION = "datapackage.json"
"""The file that describes a package."""

MARK = "lossledger"
"""What a package says of itself that a ledger has exported stands in its description under this."""

LIST_SIGN = "|"
"""What stands between the parts of a list within one cell."""

_KEY = "uid"
_IN_MERGES = frozenset(("merged_into", "stands_in"))
"""Fields of a loss that stand in the table of merges, or follow from it."""


@dataclass(frozen=True)
class Layout:
    """One table of a package: the subjects of a kind, or the children of one name that they have."""

    name: str
    title: str
    kind: str
    child: str | None = None

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.csv"

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The fields that it has columns of, by their names."""
        described = KINDS[self.kind]
        if self.child is not None:
            own = next(child.fields for child in described.children if child.name == self.child)
            return {field.name: field for field in own}
        left_out = _IN_MERGES if self.kind == "loss" else frozenset[str]()
        return {field.name: field for field in described.fields if field.name not in left_out}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The columns that say which row it is, and of which subject."""
        if self.child is None:
            return (KINDS[self.kind].key,)
        if self.child == "alias":
            return (self.kind,)
        own = next(child.key for child in KINDS[self.kind].children if child.name == self.child)
        return (own, self.kind) if own == _KEY else (self.kind, own)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All of its columns, in their order."""
        return (*self.keys, *self.fields)

    @cached_property
    def identity(self) -> tuple[str, ...]:
        """The columns that no two rows have alike."""
        if self.child == "alias":
            return (self.kind, "name")
        return (_KEY,) if _KEY in self.keys else self.keys

    @cached_property
    def references(self) -> Mapping[str, str]:
        """The columns that name a row of another table, or of this one, each with that table's name."""
        found = {field.name: table_of(field.ref) for field in self.fields.values() if field.form is Form.REF}
        return found if self.child is None else {self.kind: table_of(self.kind), **found}


TABLES = (
    Layout("conflicts", "The conflicts", "conflict"),
    Layout("conflict_aliases", "Other names of the conflicts", "conflict", "alias"),
    Layout("sides", "Who lost equipment; a side may be part of another", "side"),
    Layout("side_aliases", "Names of the sides", "side", "alias"),
    Layout("categories", "Headings under which losses are counted", "category"),
    Layout("category_aliases", "Names of the categories", "category", "alias"),
    Layout("types", "Types of equipment, parents before their variants", "type"),
    Layout("type_aliases", "Names of the types", "type", "alias"),
    Layout("feeds", "The lists that losses come from", "feed"),
    Layout("sources", "Where reports stand", "source"),
    Layout("losses", "Reported losses, one a row", "loss"),
    Layout("events", "What later became of losses", "loss", "event"),
    Layout("evidence", "What a source does with a loss", "loss", "evidence"),
    Layout("published", "Counts that others published", "published"),
)
"""The tables that are drawn from the records, what is referred to before what refers to it."""

MERGES = "merges"
"""The table of losses that are the same thing as another; packs say why."""

MERGE_COLUMNS = ("loss", "into")


def layout(kind: str, child: str | None = None) -> Layout:
    """The table of a kind, or of a child of it; StopIteration where packages have none."""
    return next(table for table in TABLES if (table.kind, table.child) == (kind, child))


def table_of(kind: str) -> str:
    """The name of the table that holds the subjects of a kind."""
    return layout(kind).name


def referred_first(rows: Iterable[tuple[str, Mapping[str, str]]], kind: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Subjects of a kind, each with its key, so that none comes before one of the same kind that it refers to.

    What refers to nothing that is there, or in a circle, comes last.
    """
    own = [
        field.name for field in KINDS[kind].fields if field.ref == kind and not _is_merge_of_losses(kind, field.name)
    ]
    given: set[str] = set()
    waiting: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for key, fields in rows:
        ready = [(key, fields)]
        while ready:
            one, told = ready.pop()
            missing = next((told[name] for name in own if name in told and told[name] not in given), None)
            if missing is not None:
                waiting.setdefault(missing, []).append((one, told))
                continue
            given.add(one)
            yield one, told
            ready += reversed(waiting.pop(one, []))
    for left in waiting.values():
        yield from left


def _is_merge_of_losses(kind: str, name: str) -> bool:
    return kind == "loss" and name in _IN_MERGES


def cell_of(field: Field, text: str) -> str:
    """A field's text as a cell holds it: a list's parts between bars; where a bar stands in one, the JSON array."""
    if field.form is not Form.LIST:
        return text
    parts = json.loads(text)
    return LIST_SIGN.join(parts) if _can_be_joined(parts) else text


def text_of_cell(field: Field, cell: str) -> str:
    """The field's text that a cell holds; see `cell_of`."""
    if field.form is not Form.LIST or cell.startswith("["):
        return cell
    return json.dumps(cell.split(LIST_SIGN), ensure_ascii=False)


def _can_be_joined(parts: list[str]) -> bool:
    return bool(parts) and all(parts) and not parts[0].startswith("[") and not any(LIST_SIGN in part for part in parts)
