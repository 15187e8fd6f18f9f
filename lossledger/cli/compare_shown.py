"""How two sides are shown against each other, with every figure's formula and caveat under it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lossledger.cli.layouts import named
from lossledger.cli.render import Column, Row, table, write
from lossledger.cli.timeline_shown import notes

if TYPE_CHECKING:
    from lossledger.queries.captures import Captures
    from lossledger.queries.compare import Pair, Sides
    from lossledger.queries.tallies import Tally

DOCUMENTED = (
    "Documented is what was seen and found, not what was lost. One side may be seen better than the other, "
    "and at some times better than at others."
)


def show_sides(found: "Sides", form: str, title: str, caption: str) -> None:
    """Print two sides compared; title and caption are those of the tally that they were counted in."""
    known = found.counted.catalogue
    one, other = (known.name("side", side) for side in found.pair)
    title = f"{title}: {one} against {other}"
    said = "\n".join([*formulas(found), *(notes(found.timeline) if found.timeline else ()), caption])
    if form != "table":
        columns = [Column(name, name) for name in _columns(found)]
        write(form, columns, _rows(found), f"{title}\n{said}")
        return
    columns = [*(Column(dimension, dimension.capitalize()) for dimension in found.by)]
    if found.timeline:
        columns.insert(0, Column("period", found.timeline.every.capitalize(), whole=True))
    columns += [Column("one", one, number=True), Column("other", other, number=True)]
    columns.append(Column("ratio", "Ratio", number=True))
    if found.timeline:
        columns.append(Column("running", "To date", number=True))
    table(columns, list(_people(found)), said, title, totals=1 if found.rows else 0)


def formulas(found: "Sides", *, table: bool = True) -> list[str]:
    """What the ratio is, and what has to be known of it."""
    from lossledger.queries.compare import FEWEST

    known = found.counted.catalogue
    one, other = (known.name("side", side) for side in found.pair)
    said = [f"Ratio = documented losses of {one} / documented losses of {other}; none where either is below {FEWEST}."]
    if found.timeline and table:
        said.append("To date: the same, of all from the first period to the end of this one.")
    said.append(DOCUMENTED)
    said += _different_lists(found.counted, found.pair)
    left_out = [f"{quantity:,} of {known.name('side', side)}" for side, quantity in sorted(found.left_out.items())]
    return said + ([f"Not compared: {', '.join(left_out)}."] if left_out else [])


def _different_lists(counted: "Tally", pair: "Pair") -> list[str]:
    """The warning that the two sides of a pair are counted by different lists, where they are."""
    from lossledger.queries.compare import feeds_of

    feeds = feeds_of(counted, pair)
    if feeds[0] == feeds[1]:
        return []
    one, other = (counted.catalogue.name("side", side) for side in pair)
    lists, others = (" and ".join(of_side) or "no list" for of_side in feeds)
    return [f"{one} is counted from {lists}, {other} from {others}: lists have rules and headings of their own."]


def _people(found: "Sides") -> Iterator[Row]:
    from lossledger.queries.cells import DAY_NOT_GIVEN

    known = found.counted.catalogue
    for row in found.rows:
        cells: list[str | int | None] = [*named(known, found.by, row.key, people=True), row.one, row.other]
        cells.append(shown_ratio(row.ratio))
        if found.timeline:
            mark = "*" if row.incomplete else ""
            cells.insert(0, f"{row.period.name}{mark}" if row.period else DAY_NOT_GIVEN)
            cells.append(shown_ratio(row.running_ratio))
        yield cells
    if found.rows:
        total = found.total
        before = len(found.by) + bool(found.timeline) - 1
        end = (None,) if found.timeline else ()
        yield ("Total", *[None] * before, total.one, total.other, shown_ratio(total.ratio), *end)


def _columns(found: "Sides") -> tuple[str, ...]:
    compared = (*found.by, "side", "against", "lost", "lost_against", "ratio")
    if not found.timeline:
        return compared
    return ("period", "begins", *compared, "total", "total_against", "total_ratio", "incomplete")


def _rows(found: "Sides") -> Iterator[Row]:
    from lossledger.queries.cells import DAY_NOT_GIVEN

    known = found.counted.catalogue
    sides = [known.name("side", side) for side in found.pair]
    for row in found.rows:
        cells = (*named(known, found.by, row.key, people=False), *sides, row.one, row.other, _rounded(row.ratio))
        if not found.timeline:
            yield cells
        elif row.period is None:
            yield (DAY_NOT_GIVEN, None, *cells, None, None, None, None)
        else:
            running = (*(row.running or ()), _rounded(row.running_ratio), row.incomplete)
            yield (row.period.name, row.period.begins, *cells, *running)


def show_captures(found: "Captures", counted: "Tally", form: str, title: str, caption: str) -> None:
    """Print what two sides captured from each other; title and caption are those of the tally that counted it."""
    known = counted.catalogue
    one, other = (known.name("side", side) for side in found.pair)
    title = f"{title}: what {one} and {other} captured from each other"
    then = ["Captors are those that are named today."] if counted.scope.known_on is not None else []
    made = [*_capture_formulas(found, one, other), *then]
    said = "\n".join([*made, *_different_lists(counted, found.pair), caption])
    if form != "table":
        whose = ("named", "captor_not_named", "other_captors")
        numbers = (f"from_{whom}_{how}" for whom in ("side", "against") for how in whose)
        columns = [Column(name, name) for name in (*found.by, "side", "against", *numbers, "net_against")]
        rows: list[Row] = [
            (*named(known, found.by, row.key, people=False), one, other, *row.from_one, *row.from_other, row.net)
            for row in found.rows
        ]
        write(form, columns, rows, f"{title}\n{said}")
        return
    columns = [*(Column(dimension, dimension.capitalize()) for dimension in found.by)]
    for name in (one, other):
        columns += [Column(f"from {name}", f"From {name}", number=True), Column("assumed", "assumed", number=True)]
    columns.append(Column("net", f"Net {other}", number=True))
    rows = []
    for row in (*found.rows, *([found.total] if found.rows else ())):
        taken = (row.from_one, row.from_other)
        both = (number for one_of in taken for number in (one_of.by_the_other, one_of.not_named))
        rows.append((*named(known, found.by, row.key, people=True), *both, signed(row.net)))
    if rows:
        rows[-1] = ("Total", *[None] * (len(found.by) - 1), *rows[-1][len(found.by) :])
    table(columns, rows, said, title, totals=1 if rows else 0)


def _capture_formulas(found: "Captures", one: str, other: str) -> list[str]:
    total = found.total
    said = [
        f"From {one}: documented losses of {one} that stand as captured, by {other}; from {other}: likewise.",
        "assumed: of these, those whose captor is not named; between two sides that is taken to be the other.",
        f"Net {other} = from {one} - from {other}: what {other} gained; below nought, what {one} gained.",
        "What was captured and later destroyed or won back counts under what became of it last, and not here.",
        DOCUMENTED,
    ]
    others = total.from_one.others + total.from_other.others
    return said + ([f"In no column: {others:,} whose captor is named and is neither of the two."] if others else [])


def shown_ratio(ratio: float | None) -> str | None:
    """A ratio for people, to two decimals."""
    return None if ratio is None else f"{ratio:,.2f}"


def signed(number: int) -> str:
    """A difference with its sign."""
    return f"{number:+,}" if number else "0"


def _rounded(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio, 4)
