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


FIRM = """\
Documented losses: Valley War, all days: how firm

          Redland   Blueland
────────────────────────────
Items           3          2
Least           2          2
+Claims        13          5
Day             2          1
Place           1          -
File            -          -
2nd             1          -
Open            -          -

Confirmed only. Redland 3, of which 3 itemised; Blueland 2, of which 2 itemised.
Redland with North Redland.
Not counted: 13 claimed, 0 disputed, 1 merged into another loss.
Days: 0 inferred, 1 undated.
Items: as a tally counts them. Least: of losses that are possibly the same only
the largest; see: lossledger duplicates. +Claims: with what is claimed, too.
Of the items: Day: it is known, not inferred. Place: has coordinates. File: a
file of its evidence is held. 2nd: confirmed by another than who entered it, or
whose list it is from. Open: may be of any of several types.
"""
SECOND = ("add", "--side", "red", "--type", "T-72B", "--status", "destroyed", "--date", "2020-10-08", *SOURCE)


@pytest.fixture
def firm(run: Run) -> Run:
    """The ledger with one more, confirmed by another than who entered it; perhaps it was there before."""
    run(*SECOND, "--verification", "confirmed", "--verified-by", "ben")
    return run


def test_how_firm_a_figure_is(firm: Run) -> None:
    """A column a side, a row a measure, each with how it is counted."""
    assert screen(firm("tally", "--sure")) == FIRM


BY_HEADING = """\
Documented losses: Valley War, Redland, all days: how firm

Category          Items   Least   +Claims   Day   Place   File   2nd   Open
───────────────────────────────────────────────────────────────────────────
Tanks                 3       2         3     2       1      -     1      -
Towed Artillery       -       -        10     -       -      -     -      -
"""


def test_how_firm_each_heading_is(firm: Run) -> None:
    """What is only claimed has a row as well."""
    assert screen(firm("tally", "--sure", "--side", "red", "--by", "category")).startswith(BY_HEADING)


def test_a_table_a_side_where_they_do_not_fit_beside_each_other(firm: Run) -> None:
    said = screen(firm("tally", "--sure", "--by", "category,status"))
    assert [line for line in said.splitlines() if line.startswith("Documented")] == [
        "Documented losses: Valley War, all days: how firm, Redland",
        "Documented losses: Valley War, all days: how firm, Blueland",
    ]


def test_how_firm_a_figure_is_for_programs(firm: Run) -> None:
    """Sides are disjoint there, as in every tally."""
    rows = json.loads(firm("tally", "--sure", "--side", "red", "--format", "json").stdout)
    measures = [
        *("quantity", "at_least", "with_claims", "exact_day"),
        *("coordinates", "held_file", "second_reviewer", "candidates"),
    ]
    assert rows == [
        {"side": "Redland", **dict(zip(measures, (2, 1, 12, 2, 0, 0, 1, 0), strict=True))},
        {"side": "North Redland", **dict(zip(measures, (1, 1, 1, 0, 1, 0, 0, 0), strict=True))},
    ]
    written = firm("tally", "--sure", "--format", "csv")
    assert written.stdout.splitlines()[0] == f"side,{','.join(measures)}"
    assert "\nItems: as a tally counts them." in written.stderr


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--known-on", "2021-06-01"), "--sure looks at the losses as they are now; leave --known-on out"),
        (("--format", "oryx"), "--sure has no form in the list's notation; choose another --format"),
    ],
)
def test_what_is_not_said_of_how_firm_a_figure_is(run: Run, option: tuple[str, str], said: str) -> None:
    told = run("tally", "--sure", *option)
    assert (told.exit_code, told.stdout, told.stderr) == (2, "", f"lossledger: {said}\n")
