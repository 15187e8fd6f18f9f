"""The map as SVG: every place is in one mark, marks are links, and outlines are those of where the places are."""

import json
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossledger.publish import map as maps
from lossledger.publish.map import Place
from lossledger.publish.outlines.reading import Box, area, outlines, thinned

SVG = "{http://www.w3.org/2000/svg}"

SHUSHA = Place(39.76, 46.75, "side-1", 1, "destroyed", "aaaaaaaaaa", "Redland", "T-72B", "1 Oct 2020")
HADRUT = Place(39.52, 47.03, "side-2", 3, "captured", "bbbbbbbbbb", "Blueland", "BMP-2", "")

places = st.lists(
    st.builds(
        Place,
        latitude=st.floats(min_value=-80, max_value=80),
        longitude=st.floats(min_value=-179, max_value=179),
        tone=st.sampled_from(["side-1", "side-2"]),
        quantity=st.integers(min_value=1, max_value=40),
        status=st.sampled_from(["destroyed", "damaged", "abandoned", "captured", "lost"]),
        uid=st.just("cccccccccc"),
        side=st.just("Redland"),
        type=st.just("T-72B"),
        day=st.just("1 Oct 2020"),
    ),
    min_size=1,
    max_size=60,
)


def marks(markup: str) -> list[ET.Element]:
    whole = ET.fromstring(markup)
    return list(next(one for one in whole.iter(f"{SVG}g") if one.get("class") == "marks"))


def says(mark: ET.Element) -> str:
    return mark.findtext(f"{SVG}title") or ""


def test_one_loss_is_a_mark_by_its_status_that_leads_to_it() -> None:
    markup = maps.svg([SHUSHA, HADRUT], "Losses with a place", "../")
    told = {says(mark): mark for mark in marks(markup)}
    assert set(told) == {"T-72B, Redland, destroyed, 1 Oct 2020", "3 BMP-2, Blueland, captured, day not known"}
    mark = told["T-72B, Redland, destroyed, 1 Oct 2020"]
    assert mark.get("href") == "../loss/aaaaaaaaaa.html"
    assert [(one.get("href"), one.get("class")) for one in mark.iter(f"{SVG}use")] == [("#mark-destroyed", "side-1")]


def test_what_is_near_is_one_mark_with_its_number() -> None:
    markup = maps.svg([SHUSHA, SHUSHA._replace(uid="dddddddddd"), HADRUT], "Losses")
    heap = next(mark for mark in marks(markup) if mark.find(f"{SVG}circle") is not None)
    assert says(heap) == "2 losses: Redland 2"
    assert heap.findtext(f"{SVG}text") == "2"
    west, south, east, north = map(float, (heap.get("href") or "").split("box=")[1].split(","))
    assert west <= SHUSHA.longitude <= east
    assert south <= SHUSHA.latitude <= north


@settings(max_examples=15)  # each draws a map
@given(places)
def test_every_place_in_the_frame_is_in_one_mark(found: Sequence[Place]) -> None:
    markup = maps.svg(found, "Losses")
    shown = 0
    for mark in marks(markup):
        number = mark.findtext(f"{SVG}text")
        shown += int(number) if number else (1 if says(mark).startswith("T-72B") else int(says(mark).split(" ")[0]))
    assert shown == sum(place.quantity for place in found)


def test_thousands_of_places_stay_a_light_picture() -> None:
    many = [SHUSHA._replace(latitude=45 + n % 97 / 20, longitude=30 + n % 211 / 20) for n in range(20_000)]
    markup = maps.svg(many, "Losses")
    assert len(marks(markup)) <= 200
    assert len(markup) < 60_000


def test_one_wrong_sign_does_not_shrink_the_rest() -> None:
    many = [SHUSHA._replace(latitude=39 + n / 1000, longitude=46 + n / 1000) for n in range(1000)]
    with_one_astray = maps.svg([*many, SHUSHA._replace(latitude=-39.0)], "Losses")
    assert 'data-north="4' in with_one_astray


@pytest.mark.parametrize("large", [False, True])
def test_what_the_map_leaves_out_is_told(large: bool) -> None:
    many = [SHUSHA._replace(latitude=39 + n / 1000, longitude=46 + n / 1000) for n in range(1000)]
    astray = [SHUSHA._replace(latitude=-39.0, uid="eeeeeeeeee"), HADRUT._replace(longitude=-47.03)]
    assert maps.outside([*many, *astray], large=large) == astray
    assert maps.outside(many, large=large) == []
    assert maps.outside([], large=large) == []


def test_countries_in_view_are_named() -> None:
    markup = maps.svg([SHUSHA, HADRUT], "Losses")
    named = {one.text for one in ET.fromstring(markup).iter(f"{SVG}text") if one.get("class") == "country"}
    assert {"Armenia", "Azerbaijan"} <= named


def test_names_of_places_cannot_be_markup() -> None:
    mean = SHUSHA._replace(type="<script>alert(1)</script>", side="\"'><b>")
    markup = maps.svg([mean], "<b>")
    assert "<script" not in markup
    assert "<b>" not in markup
    assert "style=" not in markup


def test_the_script_holds_every_place() -> None:
    text = maps.script([SHUSHA, HADRUT])
    columns = json.loads(text.removeprefix("lossledger.places(").removesuffix(");\n"))
    assert columns["uid"] == "aaaaaaaaaabbbbbbbbbb"
    assert columns["latitude"] == [39.76, 39.52]
    assert [columns["types"][at] for at in columns["type"]] == ["T-72B", "BMP-2"]
    assert [columns["sides"][at] for at in columns["side"]] == [["Redland", "side-1"], ["Blueland", "side-2"]]
    assert columns["day"] == ["1 Oct 2020", None]


def test_no_places_no_map() -> None:
    assert maps.svg([], "Losses") == ""


# The outlines


def test_land_and_borders_are_those_of_the_box() -> None:
    caucasus = outlines(Box(43, 38, 50, 42), 0.01)
    names = {name for name, _ in caucasus.countries}
    assert {"Armenia", "Azerbaijan", "Georgia", "Iran"} <= names
    assert not names & {"Ukraine", "France"}
    assert all(43 <= x <= 50 and 38 <= y <= 42 for ring in caucasus.land for x, y in ring)


def test_what_is_disputed_is_drawn_apart_and_bears_no_name() -> None:
    crimea = outlines(Box(31, 44, 37, 47), 0.01)
    assert crimea.disputed
    assert "Kosovo" not in {name for name, _ in outlines(Box(19, 41, 22, 44), 0.01).countries}


def test_a_thinned_line_keeps_its_ends() -> None:
    line = [(0.0, 0.0), (0.001, 0.0), (0.5, 0.0), (0.501, 0.0), (1.0, 0.0)]
    assert thinned(line, 0.1) == [(0.0, 0.0), (0.5, 0.0), (1.0, 0.0)]


def test_the_area_of_a_square() -> None:
    assert area([(0, 0), (2, 0), (2, 2), (0, 2)]) == 4
