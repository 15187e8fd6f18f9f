"""What is drawn of a timeline, a comparison or the statuses, and the words that stand in the picture."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from lossledger import __version__
from lossledger.cli.claims_shown import formulas as claim_formulas
from lossledger.cli.compare_shown import formulas as side_formulas
from lossledger.cli.compare_shown import shown_ratio
from lossledger.cli.counting import counted_scope
from lossledger.cli.layouts import name_of, named
from lossledger.cli.press import what_counted
from lossledger.cli.timeline_shown import notes
from lossledger.core.text import many
from lossledger.errors import NothingFound, Refused
from lossledger.exports import chart_bars, chart_lines
from lossledger.exports.chart_frame import Spec, Words

if TYPE_CHECKING:
    from lossledger.ledger.public_copy import PublicCopy
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.claims import Claim
    from lossledger.queries.compare import Sides
    from lossledger.queries.credits import Credit
    from lossledger.queries.scope import Scope
    from lossledger.queries.tallies import Tally
    from lossledger.queries.timeline import Series, Timeline

_SHADED, _CUT = "Shaded as incomplete", "Incomplete"

_FEW = 3
"""So many lines that cannot be drawn are named."""

_MOST_SERIES = 6
"""So many series of claims have a panel each."""


def of_timeline(public: "PublicCopy", found: "Timeline", given: dict[str, Any]) -> Spec:
    """Running totals of the longest lines. Errors: NothingFound where nothing can be placed in time."""
    lines, left_out = _lines(found)
    incomplete_from = found.delay.incomplete_from if found.late else None
    words = _words(
        public,
        found.tally,
        given,
        "Documented losses over time",
        f"Running totals by {found.every}.",
        [*left_out, *notes(found, _SHADED, _CUT)],
    )
    return chart_lines.running_totals(lines, found.every, incomplete_from, words)


def _lines(found: "Timeline") -> tuple[list[chart_lines.Line], list[str]]:
    """The lines of a timeline that are drawn, in its order, and which are not in words."""
    placed = sorted((one for one in found.series if one.placed), key=lambda one: -one.placed)
    if not placed:
        raise NothingFound(f"none of these losses has a day that tells the {found.every}; see: lossledger timeline")
    drawn = placed[: chart_lines.MOST_LINES]
    names = {id(one): ", ".join(_known_names(found, one)) for one in found.series}
    lines = [
        chart_lines.Line(
            names[id(one)] or "All",
            [
                chart_lines.Point(period.name, period.begins, period.ends, increment, total)
                for period, increment, total in zip(found.periods, one.increments, one.totals, strict=True)
            ],
        )
        for one in found.series
        if one in drawn
    ]
    rest = placed[chart_lines.MOST_LINES :]
    said = [f"Not drawn: {many(len(rest), 'more line')} of {sum(one.placed for one in rest):,} losses together."]
    without = [names[id(one)] for one in found.series if not one.placed]
    if 0 < len(without) <= _FEW:
        return lines, [*(said if rest else ()), f"None with a day that tells the {found.every}: {'; '.join(without)}."]
    return lines, said if rest else []


def _known_names(found: "Timeline", one: "Series") -> list[str]:
    return [str(name) for name in named(found.tally.catalogue, found.by, one.key, people=True)]


def of_ratios(public: "PublicCopy", found: "Sides", given: dict[str, Any]) -> Spec:
    """Two sides over time, with the one by the other. Errors: NothingFound where nothing can be placed in time."""
    assert found.timeline is not None  # noqa: S101 - sides compared by period have one
    known, every = found.counted.catalogue, found.timeline.every
    placed = [row for row in found.rows if row.period is not None and row.running is not None]
    for place, side in enumerate(found.pair):
        if not any((row.one, row.other)[place] for row in placed):
            raise NothingFound(f"none of the losses of {known.name('side', side)} has a day that tells the {every}")
    lines = []
    for place, side in enumerate(found.pair):
        points = [
            chart_lines.Point(row.period.name, row.period.begins, row.period.ends, (row.one, row.other)[place], both)
            for row in placed
            if row.period and row.running
            for both in [row.running[place]]
        ]
        lines.append(chart_lines.Line(known.name("side", side), points))
    ratios = [
        chart_lines.Ratio(row.period.ends, row.period.name, row.running_ratio, row.ratio)
        for row in placed
        if row.period
    ]
    said = [*side_formulas(found, table=False), *notes(found.timeline, _SHADED, _CUT)]
    words = _words(public, found.counted, given, "Documented losses side by side", f"Running totals by {every}.", said)
    incomplete_from = found.timeline.delay.incomplete_from if found.timeline.late else None
    return chart_lines.running_totals(lines, every, incomplete_from, words, ratios)


def of_sides(public: "PublicCopy", found: "Sides", given: dict[str, Any]) -> Spec:
    """Two bars for each heading, the largest first where there are too many."""
    known = found.counted.catalogue
    chosen = sorted(found.rows, key=lambda row: -(row.one + row.other))[: chart_bars.MOST_ROWS]
    rows = [
        chart_bars.Two(
            ", ".join(str(name) for name in named(known, found.by, row.key, people=True)),
            row.one,
            row.other,
            shown_ratio(row.ratio) or "",
        )
        for row in found.rows
        if row in chosen
    ]
    total = found.total
    everything = chart_bars.Two("All", total.one, total.other, shown_ratio(total.ratio) or "")
    said = [*_not_drawn(len(found.rows) - len(chosen), found.by), *side_formulas(found)]
    one, other = (known.name("side", side) for side in found.pair)
    words = _words(
        public,
        found.counted,
        given,
        "Documented losses side by side",
        f"{one} and {other} by {' and '.join(found.by)}.",
        said,
    )
    return chart_bars.two_sides(rows, everything, (one, other), words)


def of_statuses(public: "PublicCopy", given: dict[str, Any]) -> Spec:
    """What became of each side's losses. Errors: Refused for lists that would be added; NothingFound for no losses."""
    from lossledger.cli.compare import refuse_several_feeds
    from lossledger.queries.by_feed import by_feed
    from lossledger.queries.points import top_of

    by = given["by"]
    scope = counted_scope(public.connection, given, ())
    counted = by_feed(public.connection, scope, ("side", by, "status"))
    refuse_several_feeds(counted)
    if not counted.cells:
        raise NothingFound("nothing of this is counted; see: lossledger tally")
    known, top = counted.catalogue, top_of(counted.scope, counted.catalogue)
    sides: dict[str, dict[str | None, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for (lost_by, part, status), quantity in counted.cells:
        sides[top(str(lost_by))][part][str(status)] += quantity
    most = max(6, chart_bars.MOST_ROWS // len(sides))
    panels, left_out = [], 0
    for side in known.ordered("side", sides):
        parts = sides[side.slug]
        chosen = sorted(parts, key=lambda part: -parts[part].total())[:most]
        left_out += len(parts) - len(chosen)
        rows = [
            chart_bars.Became(name_of(known, by, part) or "not given", parts[part]) for part in parts if part in chosen
        ]
        everything = sum((parts[part] for part in parts), Counter[str]())
        panels.append((side.name, [*rows, chart_bars.Became("All", everything)]))
    at = f" by {scope.as_of}" if scope.as_of else " by now"
    said = [
        *_not_drawn(left_out, (by,)),
        "Bars are shares of what was lost under each heading; their numbers are losses.",
        f"What became of each{at}: what was damaged first and captured later is captured.",
    ]
    return chart_bars.statuses(panels, _words(public, counted, given, "What became of documented losses", "", said))


def _not_drawn(number: int, by: tuple[str, ...]) -> list[str]:
    """That the smallest rows are left out, which stand in the sums all the same."""
    rows = f"{many(number, 'smaller row')} by {' and '.join(by)}"
    return [f"Not drawn, and counted under All: {rows}."] if number else []


def of_claims(public: "PublicCopy", found: list["Claim"], scope: "Scope", counted: "Tally") -> Spec:
    """Claims over time beside what is documented. Errors: Refused for too many series, NothingFound for none."""
    from lossledger.queries.claims import credits_of_claims, series

    runs: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for one in found:
        # Claims of all that was lost, unless claims of a status are asked for: their lines would lie over each other.
        if one.documented is not None and bool(one.published.statuses) == bool(scope.statuses):
            runs[series(one.published)].append(one)
    known = counted.catalogue
    if not runs:
        raise NothingFound("no claim is chosen that can be compared; see: lossledger compare claims")
    if len(runs) > _MOST_SERIES:
        raise Refused(
            f"{len(runs)} series of claims are more than the {_MOST_SERIES} that a picture holds; "
            "choose by --side, --category, --status, --counted-by"
        )
    drawn = [one for run in runs.values() for one in run]
    panels = [(_series_name(run[0], known), _by_day(run)) for run in runs.values()]
    words = Words(
        f"Claimed and documented: {known.name('conflict', scope.conflict)}",
        (_standing(public),),
        tuple(claim_formulas(drawn, scope, counted, shares=False)),
        _source(public, [*credits_of_claims(public.connection, drawn), *_credits(public, counted)]),
    )
    return chart_lines.claims(panels, words)


def _series_name(one: "Claim", known: "Catalogue") -> str:
    published = one.published
    side = known.name("side", published.side) if published.side else "no side"
    what = (
        what_counted(published, known).partition(" (line ")[0] if published.of_list else what_counted(published, known)
    )
    return f"{published.counted_by} on {side}: {what}"


def _by_day(run: list["Claim"]) -> list[chart_lines.Claimed]:
    """The last claim of each day."""
    days = {
        str(one.published.as_of): chart_lines.Claimed(
            str(one.published.as_of), one.published.quantity or 0, one.documented or 0
        )
        for one in run
    }
    return list(days.values())


def _words(
    public: "PublicCopy", counted: "Tally", given: dict[str, Any], what: str, how: str, said: list[str]
) -> Words:
    """The words of a picture of a tally: its title and caption, with what is said of this picture alone."""
    from lossledger.cli.counting import caption_of

    over, under = caption_of(public.connection, counted, given)
    first, *rest = under.split("\n")
    return Words(
        title=over.replace("Documented losses", what, 1),
        subtitle=(first, f"{how} {_standing(public)}".strip()),
        notes=(*said, *rest),
        source=_source(public, _credits(public, counted)),
    )


def _standing(public: "PublicCopy") -> str:
    return f"The ledger as it stood on {public.as_of[:10]}."


def _credits(public: "PublicCopy", counted: "Tally") -> list["Credit"]:
    """Whom to name for what is counted."""
    from lossledger.queries.credits import credits_of

    feeds = {feed for (_, feed), quantity in counted.beside.feeds.items() if quantity}
    return credits_of(public.connection, counted.scope.conflict, feeds) if feeds else []


def _source(public: "PublicCopy", credited: list["Credit"]) -> tuple[str, ...]:
    """Whom to credit, and which state of which ledger this is."""
    return (
        *(f"Source: {one.line}" for one in credited),
        f"Head of the ledger: {public.head}. Drawn by lossledger {__version__}.",
    )
