"""What a chart shows: lines of points by day, and claims beside them."""

from typing import NamedTuple


class Point(NamedTuple):
    """A value at the end of a period; ``day`` is the period's last. None where there is none to give."""

    day: str
    value: float | None
    incomplete: bool = False
    """Whether more is yet to be recorded of its period than of others, by the measured delay."""


class Line(NamedTuple):
    """One line, with the class that gives it its colour."""

    key: str
    name: str
    tone: str
    points: tuple[Point, ...]


class Claim(NamedTuple):
    """Somebody else's count, shown beside a line."""

    day: str
    quantity: int
    bound: str
    by: str
    wording: str
    tone: str


class Row(NamedTuple):
    """What two sides lost of one category."""

    name: str
    first: int
    second: int


class Chart(NamedTuple):
    """A chart: ``kind`` is running, ratio or claimed; ``step`` how long its periods are.

    A ratio by category has ``rows`` instead of lines, and the names and tones of its two sides.
    """

    key: str
    kind: str
    title: str
    unit: str
    as_of: str
    note: str
    lines: tuple[Line, ...]
    claims: tuple[Claim, ...] = ()
    step: str = "week"
    rows: tuple[Row, ...] = ()
    sides: tuple[tuple[str, str], ...] = ()
