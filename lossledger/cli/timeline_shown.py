"""How a timeline is shown: a row a period with a bar, a row a series with its course, or a row a cell."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lossledger.cli.layouts import named
from lossledger.cli.render import Column, Row, fits, screen_width, table, write
from lossledger.core.text import many

if TYPE_CHECKING:
    from lossledger.queries.timeline import Series, Timeline

BESIDE = 3
"""So many series stand beside each other, each with three columns."""

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = "▁▂▃▄▅▆▇█"
_NOTHING = "·"

_BARS = (6, 20)
_COURSES = (16, 60)
"""Between how many signs wide a bar, and the course of a series, may be."""


def show(found: "Timeline", form: str, title: str, caption: str) -> None:
    """Print a timeline; ``caption`` is what stands under the tally that it was laid out from."""
    said = "\n".join([caption, *notes(found)])
    if form != "table":
        write(form, _columns(found), _rows(found), f"{title}\n{said}")
        return
    # Where nothing is placed in time, what is not is all that there is to show.
    placed = [one for one in found.series if one.placed] or list(found.series)
    if len(placed) <= BESIDE:
        columns, rows = _beside(found, placed, bars=True)
        if not fits(columns, rows):
            columns, rows = _beside(found, placed, bars=False)
        if fits(columns, rows):
            table(columns, rows, said, title, totals=1 if placed else 0)
            return
    columns, rows, sign = _courses(found)
    table(columns, rows, f"{sign}\n{said}", title)


def notes(found: "Timeline", incomplete: str = "* incomplete", cut: str = "* incomplete") -> list[str]:
    """What a timeline has to say beside its tally's caption: what it does not show, and what it marks as incomplete.

    ``incomplete`` is how what is late is marked, and ``cut`` a last period that is not told of to its end.
    """
    said = []
    if found.not_placed:
        said.append(
            f"Not placed in time: {found.not_placed:,} of {found.tally.total:,}, "
            f"with no day or none that tells the {found.every}."
        )
    said += found.placed_by
    if "status" in found.by:
        when = f"had by {found.tally.scope.as_of}" if found.tally.scope.as_of else "has now"
        said.append(f"Each loss stands on its own day, under the status that it {when}.")
    last = found.periods[-1].name if found.periods else ""
    if found.asked_until:
        said.append(f"{cut}: {last} goes to {found.asked_until}, the last day asked for.")
    if found.lists_end:
        said.append(f"{cut}: within {last} a list ends, with {found.lists_end}.")
    if found.late:
        said.append(f"{incomplete}: {_spans(found)}. {found.delay.said}")
    elif found.periods and found.delay.most is None:
        said.append(found.delay.said)
    return said


def _spans(found: "Timeline") -> str:
    names = [one.name for one in found.periods if one.name in found.late]
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def _columns(found: "Timeline") -> list[Column]:
    plain = ("period", "begins", "increment", "total", "incomplete")
    numbers = ("increment", "total")
    return [Column(name, name.capitalize(), number=name in numbers) for name in (*found.by, *plain)]


def _rows(found: "Timeline") -> Iterator[Row]:
    from lossledger.queries.cells import DAY_NOT_GIVEN

    for row in found.rows():
        period = (row.period.name, row.period.begins) if row.period else (DAY_NOT_GIVEN, None)
        key = named(found.tally.catalogue, found.by, row.key, people=False)
        yield (*key, *period, row.increment, row.total, row.incomplete if row.period else None)


def _beside(found: "Timeline", placed: Sequence["Series"], *, bars: bool) -> tuple[list[Column], list[Row]]:
    """A row a period; of each series the running total, the increment, and a bar for it where there is room."""
    room = (screen_width() - 14) // max(1, len(placed)) - 20
    width = min(_BARS[1], max(_BARS[0], room))
    most = max((number for one in placed for number in one.increments), default=0)
    columns = [Column("period", found.every.capitalize(), whole=True)]
    for place, one in enumerate(placed):
        title = _title(found, one) if found.by else "Total"
        columns += [Column(f"total {place}", title, number=True), Column(f"increment {place}", "+", number=True)]
        columns += [Column(f"bar {place}", "", whole=True)] if bars else []
    rows: list[Row] = []
    running = [one.totals for one in placed]
    for at, period in enumerate(found.periods):
        row: list[str | int | None] = [f"{period.name}{'*' if period.name in found.incomplete else ''}"]
        for one, totals in zip(placed, running, strict=True):
            row += [totals[at], one.increments[at]]
            row += [bar(one.increments[at], most, width)] if bars else []
        rows.append(row)
    for label, numbers in (
        ("day not given", [(None, one.not_placed) for one in placed]),
        ("Total", [(one.total, None) for one in placed]),
    ):
        if label != "Total" and not any(number for _, number in numbers):
            continue
        ends = ((*pair, None) if bars else pair for pair in numbers)
        rows.append([label, *(part for end in ends for part in end)])
    return columns, rows if placed else []


def _courses(found: "Timeline") -> tuple[list[Column], list[Row], str]:
    """A row a series with its course over all periods; with what one sign of it means."""
    wide = min(_COURSES[1], max(_COURSES[0], screen_width() - 60))
    several = max(1, -(-len(found.periods) // wide))
    columns = [Column(name, name.capitalize()) for name in found.by]
    columns += [
        Column("total", "Total", number=True),
        Column("not_placed", "No day", number=True),
        Column("most", "Most", number=True),
        Column("course", _over(found), whole=True),
    ]
    rows: list[Row] = []
    for one in found.series:
        chunks = [sum(one.increments[at : at + several]) for at in range(0, len(one.increments), several)]
        key = named(found.tally.catalogue, found.by, one.key, people=True)
        rows.append((*key, one.total, one.not_placed, max(chunks, default=0), course(chunks)))
    sign = f"A sign of the course: {many(several, found.every)}, each row to its own height; most: what one sign has."
    return columns, rows, sign


def _over(found: "Timeline") -> str:
    if not found.periods:
        return "Course"
    return f"{found.periods[0].name} to {found.periods[-1].name}"


def _title(found: "Timeline", one: "Series") -> str:
    return ", ".join(str(name) for name in named(found.tally.catalogue, found.by, one.key, people=True))


def bar(number: int, most: int, width: int) -> str:
    """A number as a bar; ``most`` is as wide as there is room, and what is more than nothing is seen."""
    eighths = max(1, round(number * width * 8 / most)) if number else 0
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def course(numbers: Sequence[int]) -> str:
    """Numbers as a row of small columns, the largest as high as a line; nothing is a dot."""
    most = max(numbers, default=0)
    return "".join(_HEIGHTS[(number * 8 - 1) // most] if number else _NOTHING for number in numbers)
