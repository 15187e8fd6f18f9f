"""A page in the form of the lists: whatever is put on it, our own reader finds the same."""

import io
from collections import Counter

import hypothesis.strategies as st
from hypothesis import given

from lossledger.core.notation_page import TOLD, Thing, plain
from lossledger.core.vocabulary import Status
from lossledger.exports.oryx_page import LeftOut, Line, PageAbout, write_page
from lossledger.feeds import oryx
from lossledger.feeds.records import Figure, Item, Unread

SIDES = st.sampled_from(["Red", "Blue & Sons", "Unknown"])
CATEGORIES = st.sampled_from(["Tanks", "Trucks, Vehicles, and Jeeps", "Guns (Towed)", "<b>Ships</b>"])
MODELS = st.none() | st.sampled_from(
    [
        "T-72",
        "130mm M-46",
        "S-300PMU(-1)",
        "Slava-class cruiser 'Moskva'",
        "<script>alert(1)</script>",
        "T-72: (1, old)",
    ]
)
TEXTS = st.none() | st.sampled_from(
    [
        "ZU-23 AA gun",
        "a captured T-72",
        "Bayraktar TB2",
        "(1, destroyed)",
        "by night",
        "5",
        "sunk",
        "<i>it</i>",
        "A and B",
    ]
)
LINKS = st.lists(
    st.sampled_from(["https://e.org/1?a=1&b=2", 'https://e.org/"2', "http://e.org/ä", "javascript:alert(1)"]),
    unique=True,
    max_size=3,
)
THINGS = st.builds(
    Thing,
    st.sampled_from(Status),
    st.none() | st.sampled_from(["destroyed by ATGM", "damaged and captured", "stripped", "3, destroyed", "aboned"]),
    st.tuples(*[TEXTS] * 5),
    LINKS.map(tuple),
    st.sampled_from([1, 1, 1, 2, 120]),
)
ORIGINS = st.none() | st.sampled_from(["Soviet Union", "Soviet Union, Poland"])
LINES = st.lists(
    st.builds(Line, SIDES, CATEGORIES, MODELS, ORIGINS, st.lists(THINGS, min_size=1, max_size=5)),
    min_size=1,
    max_size=5,
    unique_by=lambda line: (line.side, line.category, line.model),
).map(lambda lines: sorted(lines, key=lambda line: (line.side, line.category, line.model or "")))

ABOUT = PageAbout("Losses", "lossledger 1", {"slug": "our-list", "name": "Our list", "credit": "Us"}, ("3 words:",))


def written(lines: list[Line]) -> tuple[str, LeftOut]:
    page = io.StringIO()
    left_out = write_page(lines, ABOUT, page)
    return page.getvalue(), left_out


@given(LINES)
def test_what_is_written_is_read(lines: list[Line]) -> None:
    """Every item with its status and its links, what of it is told and no more; every sum that the page states fits."""
    page, left_out = written(lines)
    if "<h3>" not in page:
        return
    records = list(oryx.read(page.encode()).records)
    items = [one for one in records if isinstance(one, Item)]

    put = sum(thing.quantity for line in lines for thing in line.things)
    assert len(items) == put - left_out.without_status - left_out.unreadable
    assert not [one for one in records if isinstance(one, Unread)]
    counts = Counter((one.side, one.category, one.type, one.fields["status"], one.links) for one in items)
    assert counts <= expected(lines)
    known = {text for line in lines for thing in line.things for text in thing.told if text} | {"Moskva"}
    assert {text for one in items for name, text in one.fields.items() if name in TOLD} <= known
    for figure in records:
        if isinstance(figure, Figure):
            assert figure.quantity == sum(counts_in(items, figure))


def expected(lines: list[Line]) -> Counter[tuple[object, ...]]:
    return Counter(
        (line.side, line.category, line.model and plain(line.model), str(thing.status), web(thing))
        for line in lines
        for thing in line.things
        for _ in range(thing.quantity)
    )


def web(thing: Thing) -> tuple[str, ...]:
    return tuple(link for link in thing.links if not link.startswith("javascript"))


def counts_in(items: list[Item], figure: Figure) -> list[int]:
    """One for each item that a figure of the page counts."""
    return [
        1
        for one in items
        if one.side == figure.side
        and (not figure.categories or one.category in figure.categories)
        and (figure.type is None or one.type == figure.type)
        and (figure.status is None or one.fields["status"] == figure.status)
    ]


@given(LINES)
def test_nothing_on_a_page_does_anything(lines: list[Line]) -> None:
    """Names are text, whatever they are called; links lead to the web alone, and say so to search engines."""
    page, _ = written(lines)

    assert "<script" not in page
    assert "javascript:" not in page
    assert page.count("<a ") == page.count('rel="noopener nofollow"')


def test_a_page_as_it_is_written() -> None:
    """Headline, heading, line and brackets add up; a second link of one bracket is a star; what is missing is said."""
    things = [
        Thing(
            Status.DESTROYED,
            "destroyed by ATGM",
            (None, None, "ATGM", None, None),
            ("https://e.org/1", "https://e.org/2"),
        ),
        Thing(Status.CAPTURED, None, (None,) * 5, (), 2),
        Thing(Status.LOST, None, (None,) * 5),
    ]
    page, left_out = written([Line("Red", "Tanks", "T-72", "Soviet Union", things)])
    lines = [line for line in page.splitlines() if line.startswith(("<h2", "<h3", "<li", "<p>Not"))]

    flag = lines[2].partition("> 3 T-72")[0] + ">"
    assert 'alt="Flag of Soviet Union"' in flag
    assert [line.replace(flag, "FLAG") for line in lines] == [
        "<h2>Red - 3, of which: destroyed: 1, captured: 2</h2>",
        "<h3>Tanks (3, of which destroyed: 1, captured: 2)</h3>",
        (
            'FLAG 3 T-72: <a href="https://e.org/1" rel="noopener nofollow">(1, destroyed by ATGM)</a>'
            '<a href="https://e.org/2" rel="noopener nofollow">*</a> (2 and 3, captured)</li>'
        ),
        "<p>Not on this page: 1 item whose status is not given: the notation has no word for that.</p>",
    ]
    assert left_out.without_status == 1


def test_a_page_says_which_list_it_is() -> None:
    """What is read from it belongs to the feed that it was exported from, in that ledger's words."""
    page, _ = written([Line("Red", "Tanks", "T-72", None, [Thing(Status.DESTROYED, None, (None,) * 5)])])
    source = oryx.read(page.encode()).source

    assert (source.slug, source.name, source.credit, source.publisher) == ("our-list", "Our list", "Us", None)
