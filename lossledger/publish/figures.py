"""The numbers of a site: all of them sums of one tally, so that no two pages can disagree."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection

from lossledger.core.vocabulary import TYPE_NOT_GIVEN, Status, Verification
from lossledger.publish.frame import Column, Frame
from lossledger.queries.bearing import Bearing, bearings, summed
from lossledger.queries.tallies import Tally


class Figure(NamedTuple):
    """What one column comes to: its sum, by status, and what is said beside it."""

    column: Column
    total: int
    statuses: Counter[str]
    beside: Counter[str]
    """Of what is counted: itemised, undated, inferred, unplaced; and what is not: claimed, disputed."""


@dataclass(slots=True)
class Row:
    """A row of a table by column: a heading or a type, what it comes to in each column, and what became of it."""

    slug: str
    name: str
    total: Counter[str] = field(default_factory=Counter)
    """By the columns' keys."""
    statuses: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By the columns' keys, then by status."""
    origin: str | None = None


@dataclass(slots=True)
class Heading(Row):
    """A heading with its group and the types under it."""

    group: str = ""
    types: dict[str | None, Row] = field(default_factory=dict)


def figures(connection: Connection, frame: Frame, counted: Tally) -> list[Figure]:
    """The figure of each column."""
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for column, _, _, status, quantity in _cells(frame, counted):
        totals[column.key][status] += quantity
    found: dict[str, list[Bearing]] = defaultdict(list)
    for one in bearings(connection, frame.scope, frame.known):
        if column_ := frame.column(one.side, one.feed):
            found[column_.key].append(one)
    return [_figure(column, totals[column.key], found[column.key]) for column in frame.columns]


def _figure(column: Column, statuses: Counter[str], found: list[Bearing]) -> Figure:
    beside = summed(one for one in found if one.verification == Verification.CONFIRMED)
    for word in (Verification.CLAIMED, Verification.DISPUTED, Verification.REJECTED):
        beside[word.value] = sum(one.items for one in found if one.verification == word)
    return Figure(column, statuses.total(), statuses, beside)


def headings(frame: Frame, counted: Tally) -> list[Heading]:
    """The headings in their publisher's order, each with its types, the commonest first."""
    found: dict[str, Heading] = {}
    for column, category, type_, status, quantity in _cells(frame, counted):
        term = frame.known.terms["category"][category]
        heading = found.setdefault(category, Heading(category, term.name, group=term.within or ""))
        of_type = heading.types.setdefault(type_, _type(frame, type_))
        for row in (heading, of_type):
            row.total[column.key] += quantity
            row.statuses[column.key][status] += quantity
    for heading in found.values():
        heading.types = dict(sorted(heading.types.items(), key=lambda item: _commonest(item[1])))
    return _by_group([found[term.slug] for term in frame.known.ordered("category", found)])


def _by_group(found: list[Heading]) -> list[Heading]:
    """Headings with those of their group, each group where its first heading stands."""
    groups = list(dict.fromkeys(heading.group for heading in found))
    return sorted(found, key=lambda heading: groups.index(heading.group))


def _commonest(row: Row) -> tuple[int, str]:
    return -row.total.total(), row.name


def _type(frame: Frame, slug: str | None) -> Row:
    if slug is None:
        return Row("", TYPE_NOT_GIVEN)
    term = frame.known.terms["type"][slug]
    return Row(slug, term.name, origin=term.origin)


def _cells(frame: Frame, counted: Tally) -> Iterator[tuple[Column, str, str | None, str, int]]:
    for (side, feed, category, type_, status), quantity in counted.cells:
        column = frame.column(str(side), str(feed))
        if column is not None:
            yield column, str(category), type_, str(status), quantity


STATUSES = tuple(word.value for word in Status)
"""The words of what became of a loss, in their order."""
