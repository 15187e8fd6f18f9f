"""Charts as SVG: what is drawn is what the rows say, in words as well, and nothing a row says becomes markup."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.publish import charts
from lossledger.publish.drawing import apart, steps
from lossledger.publish.series import Chart, Claim, Line, Point, Row

SVG = "{http://www.w3.org/2000/svg}"

RUNNING = Chart(
    key="running-total",
    kind="running",
    title="Running total",
    unit="losses",
    as_of="31 Oct 2020",
    note="Documented losses only.",
    lines=(
        Line(
            "a", "Redland", "side-1", (Point("2020-10-04", 10), Point("2020-10-11", 40), Point("2020-10-18", 50, True))
        ),
        Line(
            "b",
            "Blueland",
            "side-2",
            (Point("2020-10-04", 5), Point("2020-10-11", None), Point("2020-10-18", 20, True)),
        ),
    ),
)
CLAIMED = RUNNING._replace(
    kind="claimed",
    lines=RUNNING.lines[1:],
    claims=(
        Claim("2020-10-05", 30, "exact", "Redland's ministry", "tanks", "side-2"),
        Claim("2020-10-12", 200, "at least", "Redland's ministry", "", "side-2"),
    ),
)
BY_CATEGORY = RUNNING._replace(
    key="ratio",
    kind="ratio",
    lines=(),
    rows=(Row("Tanks", 30, 10), Row("Radars", 1, 4), Row("Aircraft", 0, 2)),
    sides=(("Redland", "side-1"), ("Blueland", "side-2")),
)


def drawn(chart: Chart) -> tuple[ET.Element, ET.Element]:
    """The two pictures of a chart: for a desktop and for a phone."""
    wide, narrow = ET.fromstring(f"<both>{charts.svg(chart)}</both>")
    return wide, narrow


def texts(picture: ET.Element) -> list[str]:
    return [one.text or "" for one in picture.iter(f"{SVG}text")]


def says(picture: ET.Element) -> str:
    return picture.findtext(f"{SVG}desc") or ""


def test_lines_bear_their_names_and_last_figures() -> None:
    for picture in drawn(RUNNING):
        assert {"Redland", "50", "Blueland", "20", "incomplete"} <= set(texts(picture))
        assert says(picture) == (
            "Redland: 50 by 18 Oct 2020. Blueland: 20 by 18 Oct 2020. The last weeks are incomplete."
        )
        assert picture.findtext(f"{SVG}title") == "Running total"


def test_lines_differ_in_grey() -> None:
    wide, _ = drawn(RUNNING)
    first, second = (one for one in wide.iter(f"{SVG}path") if "line" in (one.get("class") or "").split())
    assert first.get("stroke-dasharray") is None
    assert second.get("stroke-dasharray")


def test_of_many_lines_those_are_drawn_whose_names_have_room() -> None:
    """The highest, in their order; all names stand within the plot, and what is left out is said."""
    points = (Point("2020-10-04", 1), Point("2020-10-11", 2))
    many = tuple(
        Line(f"s{n}", f"Side {n}", f"side-{n % 8 + 1}", (*points, Point("2020-10-18", 10 + n))) for n in range(12)
    )
    for picture in drawn(RUNNING._replace(lines=many)):
        names = [one for one in picture.iter(f"{SVG}text") if (one.get("class") or "").startswith("name")]
        assert 6 <= len(names) <= 8
        assert [one.text for one in names] == [f"Side {n}" for n in range(12 - len(names), 12)]
        assert min(float(one.get("y") or 0) for one in names) >= 18
        assert f"{12 - len(names)} lower lines not drawn: see the numbers" in texts(picture)
        assert says(picture).startswith("Side 0: 10 by 18 Oct 2020. Side 1: 11")
    for picture in drawn(RUNNING):
        assert not [words for words in texts(picture) if "not drawn" in words]


def test_nothing_is_drawn_through_a_gap() -> None:
    wide, _ = drawn(RUNNING)
    line = next(one for one in wide.iter(f"{SVG}path") if one.get("class") == "line side-2")
    assert (line.get("d") or "").count("M") == 2


def test_a_settled_chart_has_no_hatching() -> None:
    settled = RUNNING.lines[0]._replace(points=RUNNING.lines[0].points[:2])
    wide, _ = drawn(RUNNING._replace(lines=(settled,)))
    assert wide.find(f".//{SVG}pattern") is None
    assert "incomplete" not in texts(wide)


def test_claims_stand_beside_what_is_documented() -> None:
    wide, _ = drawn(CLAIMED)
    told = [one.text for one in wide.iter(f"{SVG}title")][1:]
    assert told == [
        "5 Oct 2020: 30 claimed by Redland's ministry (tanks)",
        "12 Oct 2020: at least 200 claimed by Redland's ministry",
    ]
    assert {"Claimed ×", "200", "Blueland", "20"} <= set(texts(wide))
    assert says(wide).startswith("Blueland: 20 by 18 Oct 2020. 2 claims; the last, by Redland's ministry: 200.")


def test_a_ratio_stands_between_its_figures() -> None:
    for picture in drawn(BY_CATEGORY):
        columns = [[one.text for one in group] for group in picture.iter(f"{SVG}g") if group.get("text-anchor")]
        assert columns == [
            ["Tanks", "Radars", "Aircraft"],
            ["30", "1", "0"],
            ["10", "4", "2"],
            ["3.0 : 1", "1 : 4.0", "–"],
        ]
        assert says(picture).startswith("Tanks: Redland 30, Blueland 10. Radars:")


def test_ids_of_pictures_on_one_page_differ() -> None:
    page = "".join(charts.svg(chart) for chart in (RUNNING, BY_CATEGORY, CLAIMED._replace(key="claimed-b")))
    ids = [one.get("id") for one in ET.fromstring(f"<page>{page}</page>").iter() if one.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("chart", [RUNNING, CLAIMED, BY_CATEGORY], ids=["running", "claimed", "ratio"])
def test_names_are_text_and_no_style_is_inline(chart: Chart) -> None:
    mean = "<script>alert(1)</script>\"'&"
    chart = chart._replace(
        title=mean,
        note=mean,
        lines=tuple(line._replace(name=mean) for line in chart.lines),
        claims=tuple(claim._replace(by=mean, wording=mean) for claim in chart.claims),
        rows=tuple(row._replace(name=mean) for row in chart.rows),
        sides=tuple((mean, tone) for _, tone in chart.sides),
    )
    for markup in (charts.svg(chart), charts.svg(chart, alone=True)):
        assert "<script" not in markup
        assert "style=" not in markup
        assert "<style" not in markup
        ET.fromstring(f"<page>{markup}</page>")


def test_a_chart_alone_says_what_the_page_would() -> None:
    alone = ET.fromstring(charts.svg(RUNNING, alone=True))
    assert {"Running total", "losses, as of 31 Oct 2020", "Documented losses only.", "Redland"} <= set(texts(alone))


def test_a_chart_of_nothing_says_so() -> None:
    wide, _ = drawn(RUNNING._replace(lines=(Line("a", "Redland", "side-1", ()),)))
    assert texts(wide) == ["No dated figures yet."]


def test_a_bar_has_its_share_of_the_whole() -> None:
    bar = ET.fromstring(charts.bar([("side-1", 30), ("side-2", 20)], 100))
    assert [(one.get("x"), one.get("width"), one.get("class")) for one in bar] == [
        ("0", "30", "side-1"),
        ("30", "20", "side-2"),
    ]
    assert bar.get("aria-hidden") == "true"
    assert [one.get("width") for one in ET.fromstring(charts.bar([("side-1", 0)], 0))] == ["0"]


@given(st.floats(min_value=0, max_value=1e9), st.integers(min_value=2, max_value=8))
def test_ticks_are_round_and_reach_over_the_highest(highest: float, about: int) -> None:
    ticks = steps(highest, about)
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert len(ticks) <= about + 2
    assert all(tick == int(tick) for tick in ticks)


@given(st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=4))
def test_labels_never_lie_on_each_other(wanted: list[float]) -> None:
    placed = apart(wanted, 20, 0, 100)
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    heights = [placed[index] for index in order]
    assert all(below - above >= 20 - 1e-9 for above, below in pairwise(heights))
    assert min(heights) >= 0 or len(wanted) > 5
    assert max(heights) <= 100
