"""Losses as rows of a spreadsheet: CSV, in which no text is a formula; for workbooks see `exports.workbook`."""

from collections.abc import Iterable, Mapping
from typing import TextIO

from lossledger.core.formulas import guarded
from lossledger.core.sheet import COLUMNS
from lossledger.exports.rows import csv_line

Cells = Mapping[str, str]
"""A row: texts by the names of their columns, empty ones left out."""


def write_csv(rows: Iterable[Cells], out: TextIO) -> None:
    """Write rows under the sheet's own titles."""
    out.write(csv_line([column.title for column in COLUMNS]))
    out.writelines(csv_line([guarded(row.get(column.name, "")) for column in COLUMNS]) for row in rows)
    out.flush()
