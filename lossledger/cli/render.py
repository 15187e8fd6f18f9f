"""How rows look: as a table on the screen, or written for other programs."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from lossledger.core.text import inert

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDE = 100_000
"""The width of a table that goes into a pipe: it is cut nowhere."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key for programs, its title for people, numbers set to the right."""

    key: str
    title: str
    number: bool = False
    whole: bool = False
    """Never broken over two lines, such as an id or a day."""


Cell = str | int | float | bool | None
Row = Sequence[Cell]


def write(
    form: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    caption: str = "",
    title: str = "",
    *,
    close: bool = False,
) -> None:
    """Write rows in the form asked for. A program's rows have the caption on standard error."""
    if form == "table":
        table(columns, list(rows), caption, title, close=close)
        return
    from lossledger.exports.rows import FORMATS

    FORMATS[form]([column.key for column in columns], rows, sys.stdout)
    if caption and form == "markdown":
        click.echo("\n" + inert(caption, lines=True))
    elif caption:
        click.echo(inert(caption, lines=True), err=True)


def table(
    columns: Sequence[Column],
    rows: Sequence[Row],
    caption: str = "",
    title: str = "",
    *,
    totals: int = 0,
    heads: frozenset[int] = frozenset(),
    close: bool = False,
) -> None:
    """Print a table, its columns closer together with ``close``, or where it would be too wide.

    The last ``totals`` rows are set off; rows in ``heads`` are headings of those that follow.
    """
    from rich.box import Box
    from rich.constrain import Constrain
    from rich.table import Table
    from rich.text import Text

    # A line under the heading and one over the totals; nothing else that would have to be looked past.
    plain = Box("    \n    \n ── \n    \n ── \n    \n    \n    \n")
    close = close or not fits(columns, rows, gap=3)
    drawn = Table(
        box=plain, show_edge=False, pad_edge=False, padding=(0, 1), collapse_padding=close, header_style="bold"
    )
    for place, column in enumerate(columns):
        drawn.add_column(
            Text(inert(column.title)),
            justify="right" if column.number else "left",
            no_wrap=column.number or column.whole,
            overflow="fold",
            min_width=_longest_word(column.title, *(row[place] for row in rows)),
        )
    first_total = len(rows) - totals
    for place, row in enumerate(rows):
        style = "bold" if place >= first_total or place in heads else ""
        if totals and place == first_total:
            drawn.add_section()
        drawn.add_row(*map(_drawn, row), style=style)
    above = [Text(inert(title) + "\n", style="bold")] if title else []
    below = [Text("\n" + inert(caption, lines=True), style="dim")] if caption else []
    room = screen_width()
    if close and not fits(columns, rows):
        # Rich may give the last column of a close table two more than there are.
        room = next((less for less in (room, room - 2) if not _loses_signs(Constrain(drawn, less), columns, rows)), 0)
        if not room:
            room = screen_width()
            for place, width in enumerate(_narrowed(columns, rows, room - 2 * len(columns))):
                one = drawn.columns[place]
                one.width, one.min_width, one.no_wrap = width, None, False
    _print(*above, Constrain(drawn, room), *below)


def _narrowed(columns: Sequence[Column], rows: Sequence[Row], room: int) -> list[int]:
    """How wide columns are that have so much room together: the widest gives first, what is whole gives last."""
    cells = [[column.title, *(row[place] for row in rows)] for place, column in enumerate(columns)]
    widths = [max(len(shown(cell)) for cell in column) for column in cells]
    whole = [column.number or column.whole for column in columns]
    words = [
        width if kept else _longest_word(*column) for column, width, kept in zip(cells, widths, whole, strict=True)
    ]
    parts = [width if kept else 1 for width, kept in zip(widths, whole, strict=True)]
    for least in (words, parts, [1] * len(columns)):
        while sum(widths) > room and (more := [place for place, width in enumerate(widths) if width > least[place]]):
            widest = max(more, key=lambda place: widths[place])
            widths[widest] = min(widths[widest] - 1, max(room, least[widest]))
    return widths


def _loses_signs(drawn: "RenderableType", columns: Sequence[Column], rows: Sequence[Row]) -> bool:
    """Whether Rich cuts signs off, as it does where columns are to be wider together than the screen."""
    from rich.console import Console

    lines = Console(width=screen_width(), markup=False).render_lines(drawn)
    printed = sum(sign not in " ─" for line in lines for part in line for sign in part.text)
    cells = (cell for row in rows for cell in row)
    wanted = "".join([*(inert(column.title) for column in columns), *map(shown, cells)])
    return printed < sum(not sign.isspace() and sign != "─" for sign in wanted)


_WORD = 14
"""A longer word may be broken over two lines."""


def _longest_word(*cells: Cell) -> int:
    """How wide a column must be to break no word, within reason."""
    return min(_WORD, max(len(word) for cell in cells for word in (shown(cell).split() or [""])))


def _drawn(cell: Cell) -> "RenderableType":
    """A cell as Rich draws it: what is set in by two spaces stays set in where it wraps."""
    from rich.padding import Padding
    from rich.text import Text

    text = shown(cell)
    return Padding(Text(text.lstrip()), (0, 0, 0, 2)) if text.startswith("  ") else Text(text)


def fits(columns: Sequence[Column], rows: Sequence[Row], gap: int = 2) -> bool:
    """Whether a table fits on the screen without a line being broken."""
    widths = (
        max(len(text) for text in (column.title, *(shown(row[place]) for row in rows)))
        for place, column in enumerate(columns)
    )
    return sum(widths) + gap * (len(columns) - 1) <= screen_width()


def shown(cell: Cell) -> str:
    """A cell for people: thousands set apart, nothing as a dash for a number and as space for a text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}" if cell else "-"
    return inert(str(cell))


def facts(pairs: Iterable[tuple[str, Cell]], indent: int = 0) -> None:
    """Print names and values below each other, those without a value left out."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    drawn = Table.grid(padding=(0, 2))
    drawn.add_column(no_wrap=True, style="bold")
    drawn.add_column(overflow="fold")
    for name, value in pairs:
        if value not in (None, ""):
            drawn.add_row(Text(inert(name)), Text(inert(str(value), lines=True)))
    _print(Padding(drawn, (0, 0, 0, indent), expand=False))


def heading(text: str) -> None:
    """Print a heading over what follows."""
    click.echo(f"\n{inert(text)}")


def screen_width() -> int:
    """How many columns there are to fill: the terminal's, or those in COLUMNS; a pipe has as many as are needed."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        return shutil.get_terminal_size().columns
    return WIDE


def _print(*parts: "RenderableType") -> None:
    """Print one part below the other. No line ends in spaces where a program reads it."""
    from rich.console import Console, Group

    screen = Console(markup=False, highlight=False, emoji=False, width=screen_width(), soft_wrap=False)
    if screen.is_terminal:
        screen.print(Group(*parts))
        return
    with screen.capture() as printed:
        screen.print(Group(*parts))
    click.echo("\n".join(line.rstrip() for line in printed.get().split("\n")), nl=False)
