"""Losses as rows of a workbook (xlsx), with what helps to change them: lists of words, locked columns, a page on it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from lossledger.core.formulas import guarded
from lossledger.core.sheet import COLUMNS, ID, MAX_ROWS, REVISION, Column
from lossledger.core.vocabulary import Counts, Status, Verification
from lossledger.errors import Refused
from lossledger.exports.sheet import Cells

MISSING = "workbooks need openpyxl: pip install 'lossledger[sheet]', or use a file that ends in .csv"

LOSSES, ABOUT, NAMES = "Losses", "About", "Names"
"""What the pages of a workbook are called."""

_AS_TEXT = "@"
_SHADE, _HEAD = "FFE7E6E6", "FFD9E1F2"
_NUMBER = "quantity"
_WORDS = {"counts": Counts, "status": Status, "verification": Verification}


def write_workbook(
    rows: Iterable[Cells], about: Sequence[tuple[str, str]], known: Mapping[str, Sequence[str]], out: IO[bytes]
) -> None:
    """Write rows, and a page of what the workbook is.

    Args:
        rows: losses, as `core.sheet.cells` tells them.
        about: what stands on the second page, a line each.
        known: the names that a column's list offers, by the column.
        out: where it goes.

    Errors: Refused where openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise Refused(MISSING) from None
    book = Workbook(write_only=True)
    _Losses(book).write(rows, known)
    write_about(book, about)
    _write_names(book, known)
    book.save(out)


class _Losses:
    """The first page: a row a loss."""

    def __init__(self, book: Any) -> None:
        self._page = book.create_sheet(LOSSES)
        self._looks = [self._look(column) for column in COLUMNS]

    def write(self, rows: Iterable[Cells], known: Mapping[str, Sequence[str]]) -> None:
        """Write the titles, the rows, and the rules of the columns."""
        from openpyxl.utils import get_column_letter

        last = get_column_letter(len(COLUMNS))
        self._page.freeze_panes = "C2"
        for number, column in enumerate(COLUMNS, start=1):
            self._dress(get_column_letter(number), column)
        self._page.append([self._title(column) for column in COLUMNS])
        written = 1
        for row in rows:
            self._page.append([self._cell(at, row.get(column.name)) for at, column in enumerate(COLUMNS)])
            written += 1
        self._page.auto_filter.ref = f"A1:{last}{written}"
        self._protect()
        self._offer(known)

    def _dress(self, letter: str, column: Column) -> None:
        """Have a column's empty cells look and behave like the others: what is typed there stays text."""
        drawn = self._page.column_dimensions[letter]
        drawn.width = column.width
        drawn._style = self._looks[COLUMNS.index(column)]  # noqa: SLF001 - openpyxl has no other way to share one

    def _look(self, column: Column) -> Any:
        """How the cells of a column look: shaded and locked where they are told for information alone."""
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import PatternFill, Protection

        model: Any = WriteOnlyCell(self._page)
        if column.name != _NUMBER:
            model.number_format = _AS_TEXT
        if column.fixed or column.name in (ID, REVISION):
            model.fill = PatternFill("solid", fgColor=_SHADE)
        else:
            model.protection = Protection(locked=False)
        return model._style  # noqa: SLF001

    def _title(self, column: Column) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font, PatternFill

        cell = WriteOnlyCell(self._page, column.title)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=_HEAD)
        return cell

    def _cell(self, at: int, text: str | None) -> Any:
        from openpyxl.cell import WriteOnlyCell

        if text is None:
            return None
        cell: Any
        if COLUMNS[at].name == _NUMBER:
            cell = WriteOnlyCell(self._page, int(text))
        else:
            cell = WriteOnlyCell(self._page, guarded(text))
            cell.data_type = "s"  # else "#N/A" were an error
        cell._style = self._looks[at]  # noqa: SLF001
        return cell

    def _protect(self) -> None:
        """Lock the fixed cells, without a password; rows may be added, filtered and made to look otherwise."""
        guard = self._page.protection
        guard.sheet = True
        for allowed in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
            setattr(guard, allowed, False)

    def _offer(self, known: Mapping[str, Sequence[str]]) -> None:
        """Give columns with few words a list to choose from."""
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        for number, column in enumerate(COLUMNS, start=1):
            letter = get_column_letter(number)
            if column.name in _WORDS:
                rule = DataValidation("list", formula1=f'"{",".join(_WORDS[column.name])}"', allow_blank=True)
            elif known.get(column.name):
                place = get_column_letter(1 + list(known).index(column.name))
                end = 1 + len(known[column.name])
                rule = DataValidation("list", formula1=f"{NAMES}!${place}$2:${place}${end}", allow_blank=True)
                rule.errorStyle = "warning"  # any other name of it will do as well
            else:
                continue
            rule.add(f"{letter}2:{letter}{MAX_ROWS}")
            self._page.data_validations.append(rule)


def write_about(book: Any, about: Sequence[tuple[str, str]]) -> None:
    """Write the page of what a workbook is, a line each."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    page = book.create_sheet(ABOUT)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 22, 90
    for name, said in about:
        head, text = WriteOnlyCell(page, guarded(name)), WriteOnlyCell(page, guarded(said))
        head.font, text.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        text.data_type = "s"
        page.append([head, text])


def _write_names(book: Any, known: Mapping[str, Sequence[str]]) -> None:
    """The names that lists offer, on a page of their own that is not shown."""
    page = book.create_sheet(NAMES)
    page.sheet_state = "hidden"
    page.append(list(known))
    for at in range(max(map(len, known.values()), default=0)):
        page.append([guarded(names[at]) if at < len(names) else None for names in known.values()])
