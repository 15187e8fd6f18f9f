"""Open data as a workbook (xlsx): a page a table, typed cells, no formulas, and a page of what it is."""

from collections.abc import Iterable
from datetime import date
from typing import IO, Any

from lossledger.core.formulas import guarded
from lossledger.errors import Refused
from lossledger.exports.about import About
from lossledger.exports.rows import Cell
from lossledger.exports.tables import Form, Table
from lossledger.exports.workbook import MISSING, write_about

_MOST_ROWS = 1_048_576
_MOST_CHARACTERS = 32_767
"""As many as a page and a cell can hold."""

_WIDTHS = {Form.TEXT: 18, Form.WHOLE: 10, Form.DEGREES: 11, Form.DAY: 12, Form.INSTANT: 24, Form.FLAG: 10}


def write_workbook(tables: Iterable[Table], about: About, out: IO[bytes]) -> None:
    """Write tables. Errors: Refused where openpyxl is not installed, or for more rows than a page can have."""
    try:
        from openpyxl import Workbook
    except ImportError:
        raise Refused(MISSING) from None
    book = Workbook(write_only=True)
    for table in tables:
        _write(book, table)
    write_about(book, about.rows())
    book.save(out)


def _write(book: Any, table: Table) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(table.name.capitalize())
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}1"
    heads = []
    for number, column in enumerate(table.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = _WIDTHS[column.form]
        head = WriteOnlyCell(page, column.name)
        head.font = Font(bold=True)
        heads.append(head)
    page.append(heads)
    forms = [column.form for column in table.columns]
    for number, row in enumerate(table.rows, start=2):
        if number > _MOST_ROWS:
            raise Refused(
                f"{table.name}: more rows than a page of a workbook can have ({_MOST_ROWS:,}); use csv or parquet"
            )
        page.append([_cell(page, form, cell) for form, cell in zip(forms, row, strict=True)])


def _cell(page: Any, form: Form, cell: Cell) -> Any:
    if not isinstance(cell, str):
        return cell
    return date.fromisoformat(cell) if form is Form.DAY else _text(page, cell)


def _text(page: Any, text: str) -> Any:
    """A text as a cell that is never run, without the signs that a workbook cannot hold."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    shown = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", guarded(text))[:_MOST_CHARACTERS]
    if not shown.startswith(("#", "=")):
        return shown
    marked: Any = WriteOnlyCell(page, shown)
    marked.data_type = "s"  # else "#N/A" were an error
    return marked
