"""The notation of the lists: what is printed, and how a phrase is counted."""

import pytest

from lossledger.core.phrases import heading, headline, last_status, model_line
from lossledger.core.vocabulary import Status

UKRAINE = {"captured": 865, "destroyed": 2067, "damaged": 184, "abandoned": 88}


@pytest.mark.parametrize(
    ("by_status", "in_headline", "in_heading", "in_line"),
    [
        (
            UKRAINE,
            "X - 3204, of which: destroyed: 2067, damaged: 184, abandoned: 88, captured: 865",
            "X (3204, of which destroyed: 2067, damaged: 184, abandoned: 88, captured: 865)",
            "3204 X: 2067 destroyed, 184 damaged, 88 abandoned, 865 captured",
        ),
        (
            {Status.DESTROYED: 40, Status.DAMAGED: 0, Status.CAPTURED: 23},
            "X - 63, of which: destroyed: 40, captured: 23",
            "X (63, of which destroyed: 40, captured: 23)",
            "63 X: 40 destroyed, 23 captured",
        ),
        (
            {"lost": 63},
            "X - 63, of which: status not given: 63",
            "X (63, of which status not given: 63)",
            "63 X: 63 status not given",
        ),
        ({"destroyed": 0}, "X - 0", "X (0)", "0 X"),
        ({}, "X - 0", "X (0)", "0 X"),
    ],
)
def test_sums_in_the_notation_of_the_lists(
    by_status: dict[str, int], in_headline: str, in_heading: str, in_line: str
) -> None:
    """Statuses stand in the lists' order, those without losses are left out, and every line adds up."""
    assert headline("X", by_status) == in_headline
    assert heading("X", by_status) == in_heading
    assert model_line("X", by_status) == in_line


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("destroyed", Status.DESTROYED),
        ("1, Captured", Status.CAPTURED),
        ("damaged and captured", Status.CAPTURED),
        ("abandoned and later destroyed", Status.DESTROYED),
        ("captured and stripped", Status.CAPTURED),
        ("damaged beyond economical repair", Status.DAMAGED),
        ("destroyed in a non-combat related incident", Status.DESTROYED),
        ("with ZU-23 AA gun, damaged", Status.DAMAGED),
        ("BG-32 'Donbass' sunk", Status.DESTROYED),
        ("scuttled to prevent capture by Russia", Status.DESTROYED),
        ("sunk but later raised by Russia", Status.DESTROYED),
        ("abanonded", Status.ABANDONED),
        ("aboned", Status.ABANDONED),
        ("damagd", Status.DAMAGED),
        ("damaged and capured", Status.CAPTURED),
        ("destoryed", Status.DESTROYED),
        ("5 abandoned", Status.ABANDONED),
        ("stripped", None),
        ("recaptured", None),
        ("undamaged", None),
        ("deployed", None),
        ("", None),
    ],
)
def test_last_status(phrase: str, expected: Status | None) -> None:
    """The last status word counts, misspelt or not; other words tell none."""
    assert last_status(phrase) == expected
