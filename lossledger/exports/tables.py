"""Tables as open data: rows under columns that have a type and a meaning, for writers of any format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from lossledger.exports.rows import Cell


class Form(StrEnum):
    """How a column's cells read, in the words of CSV on the Web; what is not known is an empty cell."""

    TEXT = "string"
    WHOLE = "integer"
    DEGREES = "double"
    DAY = "date"
    INSTANT = "datetime"
    FLAG = "boolean"


class Column(NamedTuple):
    """A column: its name, how its cells read, what they mean."""

    name: str
    form: Form
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is to be written. Its rows are read as they are written, and only once."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)
