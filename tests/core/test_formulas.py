"""Texts that a spreadsheet would run, and the sign that keeps them from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lossledger.core.formulas import guarded, is_formula, unguarded

LIKELY = some.text(some.sampled_from("'=+-@1 \tab＝"), max_size=8)


@given(some.text() | LIKELY)
def test_the_guard_comes_off_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not is_formula(guarded(text))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        (" @SUM(A1)", "' @SUM(A1)"),
        ("-77.03", "-77.03"),
        ("-5 tanks", "'-5 tanks"),
        ("'quoted'", "'quoted'"),
        ("'", "'"),
    ],
)
def test_what_stands_in_a_cell(text: str, cell: str) -> None:
    assert guarded(text) == cell


def test_what_a_person_typed_without_a_guard_stays() -> None:
    assert unguarded("- burnt out") == "- burnt out"
