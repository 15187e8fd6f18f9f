"""Sheets in tests: written by the program, changed as a user would, and brought back through a file."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from openpyxl import load_workbook
from sqlalchemy import select

from lossledger.core.sheet import COLUMNS
from lossledger.db.tables import loss
from lossledger.exports.sheet import write_csv
from lossledger.exports.workbook import write_workbook
from lossledger.feeds.sheet import Sheet, read
from lossledger.ledger.returned import Order, Report
from lossledger.ledger.sheet import bring_back
from lossledger.queries.revisions import sheet_rows
from tests.ledger.books import Book

Rows = list[dict[str, str]]


def out(book: Book) -> Rows:
    """Every loss as a row, in the order of entry."""
    with book.read() as connection:
        return list(sheet_rows(connection, list(connection.scalars(select(loss.c.uid).order_by(loss.c.id)))))


def as_csv(rows: Rows, edited: Rows, folder: Path) -> Sheet:
    """Rows written as CSV, in which somebody then typed other texts into cells."""
    text = io.StringIO()
    write_csv(rows, text)
    titles, *lines = csv.reader(io.StringIO(text.getvalue()))
    for line, row, new in zip(lines, rows, edited, strict=True):
        for at, column in enumerate(COLUMNS):
            if new.get(column.name, "") != row.get(column.name, ""):
                line[at] = new.get(column.name, "")
    return typed([titles, *lines], folder)


def as_workbook(rows: Rows, edited: Rows, folder: Path) -> Sheet:
    """Rows written as a workbook, in which somebody then typed other texts into cells by another program."""
    path = folder / "sheet.xlsx"
    with path.open("wb") as file:
        write_workbook(rows, [("What", "a test")], {"side": ["Red", "Blue"]}, file)
    if edited != rows:
        book = load_workbook(path)
        for number, (row, new) in enumerate(zip(rows, edited, strict=True), start=2):
            for at, column in enumerate(COLUMNS, start=1):
                if new.get(column.name, "") != row.get(column.name, ""):
                    cell = book["Losses"].cell(number, at)
                    cell.value = new.get(column.name) or None
                    cell.data_type = "s" if cell.value else "n"  # the cell's form is that of a text
        book.save(path)
    return read(str(path))


def typed(lines: Sequence[Sequence[str]], folder: Path, delimiter: str = ",") -> Sheet:
    """A file as a person or another program wrote it, line by line."""
    path = folder / "typed.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows(lines)
    return read(str(path))


def back(book: Book, sheet: Sheet, actor: str = "ann", order: Order | None = None) -> Report:
    """Bring a sheet back; the act is the actor's."""
    with book.act(actor, "a sheet came back") as journal:
        return bring_back(journal, sheet, order or Order())


def changed(rows: Rows, at: int, **cells: str) -> Rows:
    """The rows with other texts in some cells of one of them; a blank in a column's name is an underscore here."""
    copy = [dict(row) for row in rows]
    copy[at] |= {name.replace("_", " "): text for name, text in cells.items()}
    return copy


def refusals(report: Report) -> list[tuple[str, str]]:
    """Where a row was refused, and why."""
    return [(row.place, row.reason) for row in report.refused]


TITLES = [column.title for column in COLUMNS]
