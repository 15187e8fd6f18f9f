"""What keeps a chart readable: lines of text that fit, names that do not lie over each other, axes that end well."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from lossledger.exports.chart_frame import apart, cut, round_up, text_width, wrapped

_TEXTS = some.text(some.characters(categories=["L", "N", "P", "Zs"]), max_size=200)


@given(_TEXTS, some.integers(40, 400))
def test_wrapped_lines_fit_and_hold_every_sign(text: str, width: int) -> None:
    lines = list(wrapped(text, 11, width))
    assert all(text_width(line, 11) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(_TEXTS, some.integers(20, 400))
def test_a_text_that_is_cut_fits_and_begins_as_it_did(text: str, width: int) -> None:
    short = cut(text, 11, width)
    assert text_width(short, 11) <= width
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(some.lists(some.floats(0, 320), min_size=1, max_size=7))
def test_names_at_the_ends_of_lines_do_not_lie_over_each_other(places: list[float]) -> None:
    """In the order of the lines' ends, inside the drawing."""
    moved = apart(places, 16, 316)
    assert all(after - before >= 15.999 for before, after in pairwise(sorted(moved)))
    assert all(-0.001 <= place <= 316.001 for place in moved)
    order = sorted(range(len(places)), key=lambda at: places[at])
    assert sorted(range(len(places)), key=lambda at: moved[at]) == order


@given(some.integers(0, 10**9))
def test_an_axis_ends_little_above_what_it_shows_in_whole_quarters(number: int) -> None:
    end = round_up(number)
    assert number <= end <= max(4, number * 1.7)
    assert end % 4 == 0
