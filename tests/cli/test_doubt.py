"""What is not certain, as a user sees it: types that are open, sources that contradict."""

import json

import pytest

from tests.cli.conftest import Run
from tests.cli.screens import screen

SOURCE = ("--source", "https://example.org/post")
OPEN = ("add", "--side", "red", "--type", "T-72B|T-72AV", "--verification", "confirmed", *SOURCE)

OF_A_TYPE = """\
Documented losses: Valley War, all days

Category   Redland   Blueland
─────────────────────────────
Tanks            1          1
─────────────────────────────
Total            1          1

Confirmed only. Redland 1, of which 1 itemised; Blueland 1, of which 1 itemised.
T-72B or T-72AV: Redland 1 certain, up to 7.
Redland with North Redland.
Only: T-72B with its variants; T-72AV with its variants.
Not counted: 0 claimed, 0 disputed, 1 merged into another loss.
Days: 0 inferred, 0 undated.
"""


def test_a_tally_of_types_says_how_many_more_may_be(run: Run) -> None:
    """What is counted under their common parent is added to each side for which there is any."""
    run(*OPEN, "--quantity", "6")
    assert screen(run("tally", "--type", "T-72B,T-72AV")) == OF_A_TYPE


def test_rows_of_types_have_both_ends(run: Run) -> None:
    """The uncertain stands in the row of each type that it may be, and in no other."""
    run(*OPEN, "--quantity", "6")
    rows = json.loads(run("tally", "--type", "T-72B,T-72AV", "--by", "side,type", "--format", "json").stdout)
    assert rows == [
        {"side": "Redland", "type": "T-72AV", "quantity": 0, "up_to": 6},
        {"side": "Redland", "type": "T-72B", "quantity": 1, "up_to": 7},
        {"side": "Blueland", "type": "T-72AV", "quantity": 1, "up_to": 1},
    ]


def test_feeds_apart_have_their_own_bounds(run: Run) -> None:
    """As long as feeds are not summed, neither is what may be in them."""
    run(*OPEN, "--quantity", "6", "--feed", "a-list")
    said = run("tally", "--type", "T-72B", "--format", "csv").stderr
    assert "T-72B: Redland 0 certain, up to 6 in feed a-list.\n" in said
    joined = run("tally", "--type", "T-72B", "--joined", "--format", "csv")
    assert joined.stdout == "side,category,quantity,up_to\nRedland,Tanks,1,7\n"
    assert "T-72B: Redland 1 certain, up to 7.\n" in joined.stderr


@pytest.mark.parametrize("command", ["list", "show"])
def test_candidates_are_shown(run: Run, command: str) -> None:
    uid = run(*OPEN).stdout.strip()
    shown = " ".join(run(command, *([uid] if command == "show" else ["--verification", "confirmed"])).stdout.split())
    assert ("T-72 (T-72B or T-72AV)" if command == "list" else "candidates T-72B or T-72AV") in shown


WHY = ("--reason", "the picture")
DISPUTE = ("dispute", "tank2", "--source", "list", *WHY)


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("type", "t72b3", "T-72B3"),
        ("type", "T-72AV | Ural tank", "T-72AV|T-72"),
        ("side", "blue", "Blueland"),
        ("category", "guns", "Towed Artillery"),
        ("status", "captured", "captured"),
        ("date", "2020-10-01..2020-10-31", "2020-10"),
        ("quantity", "2", "2"),
        ("place", "the ford", "the ford"),
    ],
)
def test_what_a_source_says_is_kept_in_the_ledgers_words(run: Run, field: str, given: str, kept: str) -> None:
    told = run(*DISPUTE, "--field", field, "--says", given)
    assert f"disputes {field}, and says {kept}; " in told.stderr
    [piece] = disputes(run)
    assert (piece["field"], piece["says"], piece["settled"]) == (field, kept, False)


def disputes(run: Run) -> list[dict[str, object]]:
    case = json.loads(run("show", "tank2", "--format", "json").stdout)
    return [piece for piece in case["evidence"] if piece["relation"] == "disputes"]


@pytest.mark.parametrize(
    ("field", "says", "said"),
    [
        ("type", "T-99", "no type 'T-99'; see: "),
        ("side", "Greenland", "no side 'Greenland'; "),
        ("status", "exploded", "status 'exploded' is not one of: "),
        ("date", "yesterday", "'yesterday' is no day that can be read"),
        ("quantity", "some", "quantity 'some' is no whole number"),
        ("type", "T-72B", "loss tank222222 says itself that its type is T-72B; there is nothing to dispute"),
        ("place", "The Bridge", "loss tank222222 says itself that its place is The Bridge; "),
    ],
)
def test_what_cannot_be_said_is_refused(run: Run, field: str, says: str, said: str) -> None:
    told = run(*DISPUTE, "--field", field, "--says", says)
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.startswith(f"lossledger: {said}")


@pytest.mark.parametrize(
    ("field", "says", "amended"),
    [
        ("type", "T-72B3|T-72AV", ("--type", "T-72B3|T-72AV")),
        ("date", "2020-10-09", ("--date", "2020-10-09")),
        ("place", "the ford", ("--place", "The ford")),
    ],
)
def test_a_dispute_is_settled_by_an_amendment(run: Run, field: str, says: str, amended: tuple[str, str]) -> None:
    """As soon as the loss says what the source said; undone, it is open again."""
    run(*DISPUTE, "--field", field, "--says", says)
    screen(run("amend", "tank2", *amended, *WHY))
    assert [piece["settled"] for piece in disputes(run)] == [True]
    assert f"on {field}, settled since" in " ".join(run("show", "tank2").stdout.split())
    screen(run("undo", *WHY))
    assert [piece["settled"] for piece in disputes(run)] == [False]


def test_an_event_settles_a_dispute_over_the_status(run: Run) -> None:
    run(*DISPUTE, "--field", "status", "--says", "captured")
    screen(run("event", "tank2", "--status", "captured", "--date", "2020-10-09", *WHY))
    assert [piece["settled"] for piece in disputes(run)] == [True]
