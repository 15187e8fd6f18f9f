"""``tally --sure``: how firm a figure is, as a small table of its own."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from lossledger.cli.layouts import Drawn, names
from lossledger.cli.render import Column, Row, write

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.cells import Key
    from lossledger.queries.firmness import Firmness
    from lossledger.queries.tallies import Tally

Cells = dict["Key", "Firmness"]

_MEASURES = (
    Column("quantity", "Items", number=True),
    Column("at_least", "Least", number=True),
    Column("with_claims", "+Claims", number=True),
    Column("exact_day", "Day", number=True),
    Column("coordinates", "Place", number=True),
    Column("held_file", "File", number=True),
    Column("second_reviewer", "2nd", number=True),
    Column("candidates", "Open", number=True),
)
_FORMULAS = (
    "Items: as a tally counts them. Least: of losses that are possibly the same only the largest; "
    "see: lossledger duplicates. +Claims: with what is claimed, too.\n"
    "Of the items: Day: it is known, not inferred. Place: has coordinates. File: a file of its evidence is held. "
    "2nd: confirmed by another than who entered it, or whose list it is from. Open: may be of any of several types."
)


def show(connection: "Connection", counted: "Tally", by: Sequence[str], form: str, title: str, under: str) -> None:
    """Print how firm a tally is: a column a side, or a row for each cell ``by`` the dimensions that were asked for.

    ``title`` and ``under`` are what stands over and under the tally itself.
    """
    from lossledger.queries.firmness import firmness

    found = firmness(connection, counted.scope, counted.by, counted.catalogue, _together(counted, by, form))
    title, under = f"{title}: how firm", f"{under}\n{_FORMULAS}"
    if form != "table":
        drawn = _by_row(title, counted, found, form)
        write(form, drawn.columns, drawn.rows, f"{title}\n{under}")
        return
    draw = _by_row if by else _by_measure
    tables = [(title, counted, found)]
    for dimension in ("feed", "side") if by else ("feed",):
        if dimension in counted.by and dimension not in by and not all(draw(*one).fits for one in tables):
            tables = [part for one in tables for part in _apart(*one, dimension)]
    *first, last = [draw(*one) for one in tables] or [draw(title, counted, found)]
    for drawn in first:
        drawn.print("")
        click.echo()
    last.print(under)


def _together(counted: "Tally", by: Sequence[str], form: str) -> Callable[["Key"], "Key"]:
    """A cell among those that people see as one: a side with the sides under it, unless rows by side are asked for."""
    from lossledger.queries.points import top_of

    if form != "table" or "side" in by or "side" not in counted.by:
        return lambda key: key
    at, top = counted.by.index("side"), top_of(counted.scope, counted.catalogue)
    return lambda key: (*key[:at], top(str(key[at])), *key[at + 1 :])


def _apart(title: str, counted: "Tally", found: Cells, dimension: str) -> list[tuple[str, "Tally", Cells]]:
    """A table for each side or feed, with its title, instead of a column for all of them."""
    at = counted.by.index(dimension)
    apart: dict[str, Cells] = {}
    for key, firm in found.items():
        name = f"feed {key[at]}" if dimension == "feed" else counted.catalogue.name(dimension, str(key[at]))
        apart.setdefault(name, {})[(*key[:at], *key[at + 1 :])] = firm
    return [(f"{title}, {name}", counted.without(dimension), cells) for name, cells in apart.items()]


def _by_row(title: str, counted: "Tally", found: Cells, form: str = "table") -> Drawn:
    """A row a cell, a column a measure."""
    columns = [*(Column(dimension, dimension.capitalize()) for dimension in counted.by), *_MEASURES]
    rows: list[Row] = [(*names(counted, key, form), *firm) for key, firm in found.items()]
    return Drawn(columns, rows, title, 0)


def _by_measure(title: str, counted: "Tally", found: Cells) -> Drawn:
    """A row a measure, a column a side; and a feed, where feeds are apart."""
    heads = [" ".join(str(name) for name in names(counted, key, "table")) for key in found]
    columns = [Column("measure", ""), *(Column(head, head, number=True) for head in heads)]
    rows: list[Row] = [(measure.title, *(firm[at] for firm in found.values())) for at, measure in enumerate(_MEASURES)]
    return Drawn(columns, rows, title, 0)
