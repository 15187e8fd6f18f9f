"""What spreadsheets make of days."""

import pytest

from lossledger.core.entered import spreadsheet_day
from lossledger.errors import Refused


@pytest.mark.parametrize(
    ("cell", "written", "day"),
    [
        ("25/10/2022", "", "2022-10-25"),
        ("10/25/2022", "", "2022-10-25"),
        ("05.05.2022", "", "2022-05-05"),
        ("3/4/2022", "2022-04-03", "2022-04-03"),
        ("3/4/2022", "2022-03-04", "2022-03-04"),
        ("2022-10-25 00:00:00", "", "2022-10-25"),
        ("2022-10", "", "2022-10"),
        ("13/13/2022", "", "13/13/2022"),
    ],
)
def test_a_day_that_a_spreadsheet_wrote_its_own_way(cell: str, written: str, day: str) -> None:
    assert spreadsheet_day(cell, written) == day


def test_which_of_two_days_is_not_guessed() -> None:
    with pytest.raises(Refused) as caught:
        spreadsheet_day("03/04/2022", "2022-05-01")
    assert str(caught.value) == "'03/04/2022' may be either of 2022-03-04 and 2022-04-03; write one of these"
