"""How a tally is laid out: headings against sides or statuses, a row a cell, or the Oryx notation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import click

from lossledger.cli.render import Column, Row, fits, table, write
from lossledger.core.text import inert
from lossledger.core.vocabulary import TYPE_NOT_GIVEN, Status

if TYPE_CHECKING:
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.cells import Key
    from lossledger.queries.tallies import Cell, Tally


def crossed(tally: "Tally", title: str, caption: str) -> None:
    """Print headings (and types under them) against statuses where one side is asked for, else against sides."""
    _fitting(tally, title, caption, _crossed)


def _fitting(tally: "Tally", title: str, caption: str, draw: Callable[["Tally", str], "Drawn"]) -> None:
    """Print one table; where feeds have columns of their own that do not fit on the screen, a table a feed."""
    drawn = draw(tally, title)
    feeds = [feed for (feed,) in tally.sums("feed")] if "feed" in tally.by else []
    if len(feeds) < 2 or drawn.fits:
        drawn.print(caption)
        return
    for feed in feeds:
        at = tally.by.index("feed")
        alone = replace(tally, cells=tuple(cell for cell in tally.cells if cell.key[at] == feed)).without("feed")
        draw(alone, f"{title}, feed {feed}").print(caption if feed == feeds[-1] else "")
        if feed != feeds[-1]:
            click.echo()


class Drawn(NamedTuple):
    """A table that is ready to be printed."""

    columns: list[Column]
    rows: list[Row]
    title: str
    totals: int
    heads: frozenset[int] = frozenset()

    @property
    def fits(self) -> bool:
        """Whether it fits on the screen without a line being broken."""
        return fits(self.columns, self.rows)

    def print(self, caption: str) -> None:
        """Print it with what is to be said under it."""
        table(self.columns, self.rows, caption, self.title, totals=self.totals, heads=self.heads)


def _crossed(tally: "Tally", title: str) -> Drawn:
    heads = _columns(tally, "status" if tally.scope.side else "side")
    columns = [Column("category", "Category"), *(Column(name, name, number=True) for name in heads)]
    rows: list[Row] = []
    bold: set[int] = set()
    for category, cells in _under(tally, tally.cells, "category"):
        rows.append((_name(tally, "category", category), *_across(tally, cells, heads)))
        if "type" in tally.by:
            bold.add(len(rows) - 1)
            rows += [
                (f"  {_name(tally, 'type', type_)}", *_across(tally, of_type, heads))
                for type_, of_type in _under(tally, cells, "type")
            ]
    rows.append(("Total", *_across(tally, tally.cells, heads)))
    return Drawn(columns, rows, title, 1, frozenset(bold))


Where = dict[str, str | None]


def _columns(tally: "Tally", across: str, *, feeds_apart: bool = True) -> dict[str, list[Where]]:
    """The columns by their titles, each with the cells it sums: those that meet any of its conditions.

    ``across`` is what has a column each: the sides, the statuses with their total, or nothing: one of items.
    """
    feeds = [feed for (feed,) in tally.sums("feed")] if feeds_apart and "feed" in tally.by else [None]
    heads: dict[str, list[Where]] = {}
    for feed in feeds:
        of_feed: Where = {"feed": feed} if feed else {}
        suffix = f" ({feed})" if feed else ""
        if across == "side":
            heads |= {f"{name}{suffix}": [{"side": side, **of_feed} for side in below] for name, below in _sides(tally)}
        elif across == "status":
            heads |= {f"{word}{suffix}": [{"status": word, **of_feed}] for word in _statuses(tally)}
            heads[f"total{suffix}"] = [of_feed]
        else:
            heads[f"Items{suffix}"] = [of_feed]
    if across != "side" or not tally.cells:
        return heads
    return {name: where for name, where in heads.items() if _sum(tally, tally.cells, where)}


def _statuses(tally: "Tally") -> list[str]:
    """The statuses that have a column: the four of the list, and "lost" where it occurs."""
    wanted = tally.scope.statuses or tuple(Status)
    present = {status for (status,) in tally.sums("status")}
    return [word for word in Status if word in wanted and (word != Status.LOST or word in present)]


def _sides(tally: "Tally") -> Iterable[tuple[str, set[str]]]:
    """The sides that have a column, with those counted under them: each alone with ``--own``."""
    known, scope = tally.catalogue, tally.scope
    for side in known.ordered("side"):
        if side.within != scope.conflict or side.merged_into is not None:
            continue
        if scope.own:
            yield side.name, {side.slug}
        elif side.parent is None:
            yield side.name, known.below("side", side.slug)


def _under(tally: "Tally", cells: Iterable["Cell"], kind: str) -> Iterable[tuple[str | None, list["Cell"]]]:
    """Cells by heading or by type, in the catalogue's order; the type that is not given comes last."""
    at = tally.by.index(kind)
    found: dict[str | None, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.key[at], []).append(cell)
    for term in tally.catalogue.ordered(kind, filter(None, found)):
        yield term.slug, found[term.slug]
    if None in found:
        yield None, found[None]


def _across(tally: "Tally", cells: Sequence["Cell"], heads: dict[str, list[Where]]) -> list[int]:
    return [_sum(tally, cells, either) for either in heads.values()]


def _sum(tally: "Tally", cells: Iterable["Cell"], either: list[Where]) -> int:
    """The sum of those cells that meet one of several conditions."""
    return sum(cell.quantity for cell in cells if _meets(tally, cell, either))


def _meets(tally: "Tally", cell: "Cell", either: list[Where]) -> bool:
    return any(all(cell.key[tally.by.index(name)] == value for name, value in where.items()) for where in either)


def _name(tally: "Tally", dimension: str, part: str | None) -> str | None:
    return name_of(tally.catalogue, dimension, part)


def name_of(known: "Catalogue", dimension: str, part: str | None) -> str | None:
    """What a part of a key is called: terms by their names, words as they are."""
    if part is None:
        return TYPE_NOT_GIVEN if dimension == "type" else None
    if dimension in ("side", "category", "type"):
        return known.name(dimension, part)
    return part


def apart(tally: "Tally", by: Sequence[str], title: str, caption: str) -> None:
    """Print a row for each of some dimensions, the sides in columns: who lost what is never summed over enemies."""
    if "feed" in by:  # a row for each, which no table of its own is needed for
        _apart(tally, title, by).print(caption)
        return
    _fitting(tally, title, caption, partial(_apart, by=by))


def _apart(tally: "Tally", title: str, by: Sequence[str]) -> Drawn:
    heads = _columns(tally, "" if tally.scope.side else "side", feeds_apart="feed" not in by)
    columns = [*(Column(dimension, dimension.capitalize()) for dimension in by)]
    columns += [Column(name, name, number=True) for name in heads]
    at = [tally.by.index(dimension) for dimension in by]
    rows: list[Row] = []
    for key, group in _together(tally.cells, at).items():
        named = [_name(tally, dimension, part) for dimension, part in zip(by, key, strict=True)]
        rows.append((*named, *_across(tally, group, heads)))
    summed = bool(rows) and not {"verification", "feed"} & set(by)
    if summed:
        rows.append(("Total", *[None] * (len(by) - 1), *_across(tally, tally.cells, heads)))
    return Drawn(columns, rows, title, int(summed))


def _together(cells: Iterable["Cell"], at: Sequence[int]) -> dict[tuple[str | None, ...], list["Cell"]]:
    """Cells that agree in some places of their keys, in the order in which the first of them came."""
    found: dict[tuple[str | None, ...], list[Cell]] = {}
    for cell in cells:
        found.setdefault(tuple(cell.key[place] for place in at), []).append(cell)
    return found


def cells(tally: "Tally", form: str, title: str, caption: str) -> None:
    """Write a row a cell; of some types with a column for how many of them there may be at most."""
    columns = [Column(dimension, dimension.capitalize()) for dimension in tally.by]
    columns.append(Column("quantity", "Items", number=True))
    if tally.scope.types:
        columns.append(Column("up_to", "Up to", number=True))
    rows: list[Row] = []
    for key, *numbers in tally.bounds() if tally.scope.types else tally.cells:
        rows.append((*names(tally, key, form), *numbers))
    if form == "table":
        table(columns, rows, caption, title)
    else:
        write(form, columns, rows, f"{title}\n{caption}")


def names(tally: "Tally", key: "Key", form: str) -> list[str | None]:
    """What the parts of a tally's key are called in a format."""
    return named(tally.catalogue, tally.by, key, people=form == "table")


def named(known: "Catalogue", by: Sequence[str], key: "Key", *, people: bool) -> list[str | None]:
    """What the parts of a key are called; what is not given is nothing for programs, and said to people."""
    parts = zip(by, key, strict=True)
    return [None if part is None and not people else name_of(known, dimension, part) for dimension, part in parts]


def oryx(tally: "Tally", title: str, caption: str) -> None:
    """Write the list's own notation: a side's headline, its headings, and with types its model lines."""
    from lossledger.core.phrases import heading, headline, model_line

    feeds = [feed for (feed,) in tally.sums("feed")] if "feed" in tally.by else [None]
    sides = [(tally.catalogue.name("side", tally.scope.side), None)] if tally.scope.side else list(_sides(tally))
    for name, below in sides:
        for feed in feeds:
            mine: list[Where] = [{"side": side} for side in below] if below is not None else [{}]
            either: list[Where] = [where | ({"feed": feed} if feed else {}) for where in mine]
            cells = [cell for cell in tally.cells if _meets(tally, cell, either)]
            if not cells:
                continue
            click.echo(inert(headline(name, _by_status(tally, cells))) + (f" ({inert(feed)})" if feed else ""))
            for category, under in _under(tally, cells, "category"):
                click.echo("\n" + inert(heading(str(_name(tally, "category", category)), _by_status(tally, under))))
                for type_, of_type in _under(tally, under, "type") if "type" in tally.by else ():
                    click.echo(inert(model_line(str(_name(tally, "type", type_)), _by_status(tally, of_type))))
            click.echo()
    click.echo(inert(f"{title}\n{caption}", lines=True), err=True)


def _by_status(tally: "Tally", cells: Sequence["Cell"]) -> dict[str, int]:
    return {word: _sum(tally, cells, [{"status": word}]) for word in Status}
