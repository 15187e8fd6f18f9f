"""Invariant 3, the postings: they are what the acts imply, and their sums are the sums over the losses."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from lossledger.checks.findings import IMPOSSIBLE, Finding, shown, unreadable
from lossledger.checks.subjects import Line, Subject
from lossledger.core.trail import Posting, movement
from lossledger.db.tables import posting
from lossledger.queries.streams import Lines, stream

CHECK = "postings"

_CELL = ("side_id", "category_id", "verification", "status", "feed_id", "type_id", "counts", "inferred")
"""The dimensions that are no days, in the order of the index that tallies read."""

_OWN_DAY = ("loss_day", "span")


def movements(subject: Subject, sums: "Sums") -> Iterator[Finding]:
    """Where the postings of a loss are not those that its entries imply, one entry after the other.

    What they imply goes into the sums; taken together, that is the trail of the loss.
    """
    found: dict[int, list[Line]] = {}
    for line in subject.postings:
        found.setdefault(line.entry, []).append(line)
    for step in subject.steps:
        try:
            implied = movement(step.before, step.after)
        except IMPOSSIBLE as error:
            yield Finding(CHECK, f"entry {step.number}", f"no postings follow from it: {unreadable(error)}")
            continue
        sums.add(implied)
        yield from _differing(step.number, found.pop(step.number, []), implied)
    for number, own in found.items():
        yield from _differing(number, own, [])


def _differing(number: int, found: list[Line], implied: list[Posting]) -> Iterator[Finding]:
    for at, line in enumerate(found):
        place = f"posting {number}/{line.line}"
        if at >= len(implied):
            yield Finding(CHECK, place, "no act implies it")
        elif line.line != at:
            yield Finding(CHECK, place, f"it should be line {at} of its entry")
        elif line.posting != implied[at]:
            yield Finding(CHECK, place, _unlike(line.posting, implied[at]))
    for at in range(len(found), len(implied)):
        yield Finding(CHECK, f"posting {number}/{at}", "it is missing")


def _unlike(found: Posting, implied: Posting) -> str:
    parts = [
        f"{name} is {shown(value)}, but the entries imply {shown(wanted)}"
        for name, value, wanted in zip(Posting._fields, found, implied, strict=True)
        if value != wanted
    ]
    return "; ".join(parts)


class Sums:
    """What the losses' trails add up to in every dimension but the days, to be held against the postings' sums."""

    def __init__(self) -> None:
        self._cells: Counter[tuple[object, ...]] = Counter()

    def add(self, lines: list[Posting]) -> None:
        """Take postings into the sums."""
        for line in lines:
            self._cells[_cell(line)] += line.quantity

    def differences(self, connection: Connection) -> Iterator[Finding]:
        """The cells in which the postings' sum is another than that of the losses."""
        lines = Lines(connection)
        columns = [posting.c[name] for name in _CELL]
        statement = select(*columns, func.sum(posting.c.quantity).label("standing")).group_by(*columns)
        missing = Counter(self._cells)
        for row in stream(connection, statement):
            cell = lines.cell(row)
            expected = missing.pop(cell, 0)
            if row.standing != expected:
                yield _off(cell, row.standing, expected)
        for cell, expected in missing.items():
            if expected:
                yield _off(cell, 0, expected)


def _cell(line: Posting) -> tuple[object, ...]:
    return (
        line.side,
        line.category,
        line.verification,
        line.status,
        line.feed,
        line.type,
        line.counts,
        line.inferred,
    )


def _off(cell: tuple[object, ...], standing: object, expected: int) -> Finding:
    return Finding(CHECK, _place(cell), f"the postings add up to {standing}, the losses to {expected}")


def _place(cell: tuple[object, ...]) -> str:
    return f"sum of {', '.join(shown(part) for part in cell if part is not None)}"


def negative(connection: Connection) -> Iterator[Finding]:
    """Sums that are below nothing as of some day, in every dimension, the losses' own days included."""
    columns = [posting.c[name] for name in (*_CELL, *_OWN_DAY)]
    moved = (
        select(*columns, posting.c.day, func.sum(posting.c.quantity).label("moved"))
        .group_by(*columns, posting.c.day)
        .subquery()
    )
    cell = [moved.c[column.name] for column in columns]
    standing = func.sum(moved.c.moved).over(partition_by=cell, order_by=func.coalesce(moved.c.day, ""))
    running = select(*cell, moved.c.day, standing.label("standing")).subquery()
    lines = Lines(connection)
    for row in stream(connection, select(running).where(running.c.standing < 0)):
        place = f"{_place((*lines.cell(row), row.loss_day))} as of {shown(row.day)}"
        yield Finding(CHECK, place, f"it is {row.standing}, which no count can be")
