"""What sticks from one line to the next."""

import pytest

from lossledger.core.frame import Frame
from lossledger.core.shorthand import Set, Sticks, read
from lossledger.core.shorthand_items import Slip
from lossledger.core.vocabulary import Verification


def after(*lines: str) -> Frame:
    """The frame after some lines that set parts of it."""
    frame = Frame()
    for line in lines:
        told = read(line)
        assert isinstance(told, Set)
        frame = frame.set(told)
    return frame


@pytest.mark.parametrize(
    ("days", "day"),
    [
        (("2022-03-04",), "2022-03-04"),
        (("2022-03-04", "5"), "2022-03-05"),
        (("2022-03-04", "04-05"), "2022-04-05"),
        (("2022-03-04", "4..6"), "2022-03-04..2022-03-06"),
        (("2022-03-04", "2022"), "2022"),
        (("2022-03-04..2022-04-06", "7"), "2022-04-07"),
        (("2022-03", "9"), "2022-03-09"),
        (("2022-03-04", "~9"), "~2022-03-09"),
        (("2022-03-04", "..9"), "..2022-03-09"),
        (("2022-03-04", ""), ""),
    ],
)
def test_a_day_takes_month_and_year_from_the_day_before(days: tuple[str, ...], day: str) -> None:
    assert after(*(f"@{text}" for text in days)).day == day


@pytest.mark.parametrize(
    ("days", "line", "column", "why"),
    [
        ((), "@5", 2, "the day before it, of which 5 would take month and year, is not set; write it out"),
        (("2022-02-04",), "@ 30", 3, "'2022-02-30' is no day that can be read"),
        (("2022-02-04",), "day 2022-13-01", 5, "'2022-13-01' is no day that can be read"),
    ],
)
def test_a_day_that_cannot_be_is_a_slip(days: tuple[str, ...], line: str, column: int, why: str) -> None:
    with pytest.raises(Slip) as slip:
        after(*(f"@{text}" for text in days), line)
    assert (slip.value.column, slip.value.why[: len(why)]) == (column, why)


@pytest.mark.parametrize(
    ("line", "place", "point"),
    [
        ("place Kharkiv", "Kharkiv", ""),
        ("place 49.99,36.23", "", "49.99,36.23"),
        ("place Kharkiv, the ring, 49.99, -36.23", "Kharkiv, the ring", "49.99,-36.23"),
        ("place Hill 122,3", "Hill", "122,3"),
        ("place Height 122", "Height 122", ""),
        ("place Height 122 49.99,36.23", "Height 122", "49.99,36.23"),
        ("place Hill 122, 49.99, 36.23", "Hill 122", "49.99,36.23"),
        ("place 1, 2 and 3 km west", "1, 2 and 3 km west", ""),
        ("place", "", ""),
    ],
)
def test_a_place_is_set_as_a_whole(line: str, place: str, point: str) -> None:
    frame = after("place Elsewhere 1.5,2.5", line)
    assert (frame.place, frame.point) == (place, point)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("place Kharkiv, 49,99, 36,23", 16),
        ("place Kharkiv 49,99 36,23", 15),
        ("place Kharkiv 49,99; 36,23", 15),
        ("place 49,99,-36,23", 7),
        ("place Kharkiv, 49,99, 36", 16),
        ("place Kharkiv, 49.99, 36,23", 16),
    ],
)
def test_degrees_with_commas_in_them_are_a_slip(line: str, column: int) -> None:
    with pytest.raises(Slip) as slip:
        after(line)
    assert (slip.value.column, slip.value.why) == (
        column,
        "more than two numbers; write degrees with a point: 49.99,36.23",
    )


def test_a_frame_is_kept_and_read_again() -> None:
    frame = after("side Russia", "@2022-03-04", "place Kharkiv 49.99,36.23", "https://t.me/a/1", "confirmed")
    assert Frame.of_kept(frame.kept()) == frame
    assert Frame.of_kept(Frame().kept()) == Frame()


def test_what_is_no_part_of_a_frame_is_passed_over() -> None:
    kept: dict[str, object] = {"side": "Russia", "colour": "red", "day": 5, "belief": "certain"}
    assert Frame.of_kept(kept) == Frame(side="Russia", belief=Verification.CLAIMED)


def test_parts_not_set_stay_as_they_are() -> None:
    assert Frame("A", "2022", "B", "1,2", "C").set(Set(Sticks.SIDE, "D")) == Frame("D", "2022", "B", "1,2", "C")
