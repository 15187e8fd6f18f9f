"""Rows written for other programs: JSON, CSV, TSV and Markdown.

Every function takes the columns' names, the rows, and the text stream to write to. Only Markdown, which sets
numbers to the right, needs to see all rows before it writes the first.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TextIO

from lossledger.core.formulas import TEXT_FOLLOWS, is_formula
from lossledger.core.text import inert

Cell = str | int | float | bool | None
Row = Sequence[Cell]
Writer = Callable[[Sequence[str], Iterable[Row], TextIO], None]

_NEEDS_QUOTES = re.compile(r'[",\r\n]')
_TSV_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

_MARKDOWN_ESCAPES = str.maketrans(
    {sign: "\\" + sign for sign in "\\|[]!*`~$"} | {"<": "&lt;", "&": "&amp;", "\n": "<br>", "\t": " "}
)
# Within a word an underscore means nothing in Markdown, and a backslash would break the link it stands in.
_MARKDOWN_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")


def write_json(header: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """One array with an object a row, each on a line of its own, as ``grep`` and ``diff`` like it."""
    import orjson  # here, since the other formats do without it

    between = "[\n"
    for row in rows:
        out.write(between + orjson.dumps(dict(zip(header, row, strict=True))).decode())
        between = ",\n"
    out.write("[]\n" if between == "[\n" else "\n]\n")
    out.flush()


def write_csv(header: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """Comma-separated values (RFC 4180, but lines end with LF), in which no text is a formula."""
    _write_lines(map(csv_cells, _inert_cells(header, rows)), out)


def csv_line(row: Row) -> str:
    """One row of such values with its end, for what is written as it comes."""
    return csv_cells(_inert(row)) + "\n"


def write_tsv(header: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    r"""Tab-separated values: a line is a row, a tab ends a cell; those in a text become ``\n`` and ``\t``."""
    cells = _inert_cells(header, rows)
    _write_lines(("\t".join(cell.translate(_TSV_ESCAPES) for cell in row) for row in cells), out)


def write_markdown(header: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """A table for a README or an issue, numbers to the right; what looks like markup in a text stays text."""
    body = [tuple(row) for row in rows]
    rules = ["---:" if _is_numeric(column) else "---" for column in zip(*body, strict=True)]
    lines = [
        map(_markdown, header),
        rules or ["---"] * len(header),
        *(map(_markdown, row) for row in body),
    ]
    _write_lines((f"| {' | '.join(line)} |" for line in lines), out)


FORMATS: Mapping[str, Writer] = {
    "json": write_json,
    "csv": write_csv,
    "tsv": write_tsv,
    "markdown": write_markdown,
}
"""The formats rows can be written in, by the name a user gives."""


def _write_lines(lines: Iterable[str], out: TextIO) -> None:
    out.writelines(line + "\n" for line in lines)
    out.flush()


def _inert_cells(header: Sequence[str], rows: Iterable[Row]) -> Iterable[list[str]]:
    yield _inert(header)
    yield from map(_inert, rows)


def _inert(row: Row) -> list[str]:
    return [_no_formula(cell) if isinstance(cell, str) else _plain(cell) for cell in row]


def csv_cells(cells: Iterable[str]) -> str:
    """Texts as one row of CSV without its end, just as they are: whatever could be a formula has been dealt with."""
    return ",".join(map(_quoted, cells)) or '""'


def _no_formula(text: str) -> str:
    """A text that a spreadsheet shows and does not run; a number such as "-77.03" stays one."""
    return TEXT_FOLLOWS + text if is_formula(text) else text


def _plain(value: float | bool | None) -> str:  # noqa: FBT001 - a cell, whatever is in it
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def _is_numeric(column: Iterable[Cell]) -> bool:
    """Whether a column holds numbers and nothing else, gaps aside."""
    kinds = {type(value) for value in column if value is not None}
    return bool(kinds) and kinds <= {int, float}


def _markdown(cell: Cell) -> str:
    if not isinstance(cell, str):
        return _plain(cell)
    return _MARKDOWN_UNDERSCORE.sub(r"\\_", inert(cell, lines=True).translate(_MARKDOWN_ESCAPES))
