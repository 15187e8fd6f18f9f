"""`timeline`: running totals, a row a period or a row a series, and what is not placed in time."""

import json
from pathlib import Path

import pytest

from lossledger.cli.timeline_shown import bar, course
from tests.cli.conftest import Run

BARE = """\
Documented losses: Valley War, all days, by month

Month           Redland   +                   Blueland   +
────────────────────────────────────────────────────────────────────
2020-10               2   2   █████████████          1   1   ██████▌
day not given             -                              1
────────────────────────────────────────────────────────────────────
Total                 2                              2

Confirmed only. Redland 2, of which 2 itemised; Blueland 2, of which 2 itemised.
Redland with North Redland.
Not counted: 13 claimed, 0 disputed, 1 merged into another loss.
Days: 0 inferred, 1 undated.
Not placed in time: 1 of 4, with no day or none that tells the month.
Delay from event to record: not measured, of 4 items with an exact day, recorded
in the 90 days up to 2021-06-01; it takes 20.
"""

COURSES = """\
Documented losses: Valley War, all days, by day

Category            Side           Total  No day  Most  2020-10-05 to 2020-10-30
────────────────────────────────────────────────────────────────────────────────
Tanks               Redland            1       -     1  ·█···········
Tanks               North Redland      1       1     -  ·············
Tanks               Blueland           1       -     1  █············
Towed Artillery     Redland           10       -    10  ·······█·····
Trucks, Vehicles,   Blueland           1       1     -  ·············
and Jeeps
Type not given      Blueland           3       -     3  ············█

A sign of the course: 2 days, each row to its own height; most: what one sign
has.
Claimed and confirmed. Redland 12, of which 2 itemised; Blueland 5, of which 5
itemised.
Redland with North Redland.
Not counted: 0 disputed, 1 merged into another loss.
Days: 0 inferred, 1 undated.
Not placed in time: 2 of 17, with no day or none that tells the day.
Placed by the last day on which it can have happened, the first not known: 13 of
17.
Delay from event to record: not measured, of 4 items with an exact day, recorded
in the 90 days up to 2021-06-01; it takes 20.
"""

AS_OF = """\
Documented losses: Valley War, Blueland, as of 2020-10-09, by day

Day          damaged   +
───────────────────────────────────────────────
2020-10-05         1   1   ████████████████████
───────────────────────────────────────────────
Total              1

Confirmed only. Blueland 1, of which 1 itemised.
Not counted: 0 claimed, 0 disputed, 0 merged into another loss, 1 undated.
Days: 0 inferred.
Each loss stands on its own day, under the status that it had by 2020-10-09.
Delay from event to record: not measured, of 4 items with an exact day, recorded
in the 90 days up to 2021-06-01; it takes 20.
"""

UNDATED = """\
Documented losses: Valley War, all days, by month

Month           Blueland   +
───────────────────────────────
day not given              1
───────────────────────────────
Total                  1

Confirmed only. Blueland 1, of which 1 itemised.
Only: Trucks, Vehicles, and Jeeps.
Not counted: 0 claimed, 0 disputed, 0 merged into another loss.
Days: 0 inferred, 1 undated.
Not placed in time: 1 of 1, with no day or none that tells the month.
"""

ROWS = """\
side,period,begins,increment,total,incomplete
Redland,2020-W41,2020-10-05,1,1,false
North Redland,2020-W41,2020-10-05,0,0,false
North Redland,day not given,,1,,
Blueland,2020-W41,2020-10-05,1,1,false
Blueland,day not given,,1,,
"""

UNDER_ROWS = """\
Documented losses: Valley War, all days, by week
Confirmed only. Redland 2, of which 2 itemised; Blueland 2, of which 2 itemised.
Redland with North Redland.
Not counted: 13 claimed, 0 disputed, 1 merged into another loss.
Days: 0 inferred, 1 undated.
Not placed in time: 2 of 4, with no day or none that tells the week.
Delay from event to record: not measured, of 4 items with an exact day, recorded \
in the 90 days up to 2021-06-01; it takes 20.
"""


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ([], BARE),
        (["--by", "category,side", "--verification", "claimed,confirmed", "--every", "day"], COURSES),
        (["--category", "jeeps"], UNDATED),
        (["--by", "status", "--side", "blueland", "--every", "day", "--as-of", "2020-10-09"], AS_OF),
    ],
)
def test_for_people(served: Run, options: list[str], wanted: str) -> None:
    """A bar for each period, or the course of many series; under it what is not placed, and whose status it is."""
    result = served("timeline", *options)
    assert (result.exit_code, result.stdout, result.stderr) == (0, wanted, "")


def test_what_is_placed_by_another_day_than_its_own(served: Run, tmp_path: Path) -> None:
    """As it is now, and as it was known then."""
    date = ("--date", "..2020-10-15", "--source", "https://example.org/1")
    uid = served("add", "--side", "blueland", "--type", "T-72B", "--verification", "confirmed", *date).stdout.strip()
    (tmp_path / "new.csv").write_text("side,type,status\nRedland,T-72B,destroyed\n", encoding="utf-8")
    (tmp_path / "new.toml").write_text(
        '[columns]\nside = "side"\ntype = "type"\nstatus = "status"\n'
        '[feed]\nname = "New"\nlicence = "CC0"\nverification = "confirmed"\nverified_by = "New"\n',
        encoding="utf-8",
    )
    file = (str(tmp_path / "new.csv"), "--map", str(tmp_path / "new.toml"), "--dated", "2020-10-31")
    assert served("import", *file).exit_code == 0
    head = json.loads(served("info", "--format", "json").stdout)["head"].split(":")[0]
    served("amend", uid, "--date", "2020-10-14", "--reason", "the picture's day")

    def placed(*options: str) -> list[str]:
        said = served("timeline", "--format", "csv", *options).stderr
        return [line for line in said.splitlines() if line.startswith("Placed")]

    listed = "Placed by the day of its list, with none of its own: 1 of 6."
    assert placed() == [listed]
    assert placed("--known-on", head) == [
        "Placed by the last day on which it can have happened, the first not known: 1 of 6.",
        listed,
    ]


def test_for_programs(run: Run) -> None:
    """Every period of every series; what is not placed stands in a row without a running total."""
    result = run("timeline", "--every", "week", "--format", "csv")
    assert (result.exit_code, result.stdout, result.stderr) == (0, ROWS, UNDER_ROWS)


def test_the_rows_of_a_timeline_add_up_to_the_tally(run: Run) -> None:
    """Whatever it is by, and whatever the period."""
    options = ["--verification", "claimed,confirmed", "--format", "json"]
    counted = sum(row["quantity"] for row in json.loads(run("tally", *options).stdout))
    for every in ("day", "week", "month", "year"):
        rows = json.loads(run("timeline", "--every", every, "--by", "type,status", *options).stdout)
        assert sum(row["increment"] for row in rows) == counted == 17


def test_a_side_in_two_feeds_has_a_series_for_each(run: Run) -> None:
    """Until they are joined."""
    run("unmerge", "tank444444", "--reason", "not the same")
    options = ["--side", "redland", "--verification", "claimed,confirmed", "--format", "json", "--category", "tanks"]
    apart = json.loads(run("timeline", *options).stdout)
    assert [(row["feed"], row["period"], row["increment"]) for row in apart] == [
        ("a-list", "2020-10", 1),
        ("own", "2020-10", 2),
    ]
    joined = json.loads(run("timeline", "--joined", *options).stdout)
    assert [(row["period"], row["increment"]) for row in joined] == [("2020-10", 3)]


def test_verifications_are_never_summed(run: Run) -> None:
    rows = json.loads(run("timeline", "--by", "verification", "--format", "json").stdout)
    assert [(row["verification"], row["period"], row["increment"]) for row in rows] == [
        ("confirmed", "2020-10", 3),
        ("confirmed", "day not given", 1),
        ("claimed", "2020-10", 13),
    ]


def test_no_period_is_left_out_between_the_first_and_the_last(run: Run) -> None:
    rows = json.loads(run("timeline", "--every", "day", "--side", "blueland", "--own", "--format", "json",
                          "--verification", "claimed,confirmed").stdout)  # fmt: skip
    assert [row["period"] for row in rows][:3] == ["2020-10-05", "2020-10-06", "2020-10-07"]
    assert [row["total"] for row in rows] == [*[1] * 25, 4, None]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--by", "month"], "--by 'month' is not one of: side, category, group, type, status, verification, feed"),
        (["--side", "nowhere"], "no side 'nowhere'"),
        (["--every", "decade"], "invalid value for '--every'"),
    ],
)
def test_wrong_use(run: Run, options: list[str], said: str) -> None:
    result = run("timeline", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_timeline_ends_on_the_day_asked_for(run: Run) -> None:
    """Its last period is marked as one that is not told of whole."""
    people = run("timeline", "--side", "blueland", "--as-of", "2020-10-09").stdout
    assert "\n2020-10*       1   1" in people
    assert "* incomplete: 2020-10 goes to 2020-10-09, the last day asked for.\n" in people
    [row] = json.loads(run("timeline", "--side", "blueland", "--until", "2020-10-09", "--format", "json").stdout)
    assert (row["period"], row["increment"], row["incomplete"]) == ("2020-10", 1, True)
    exported = run("export", "csv", "timeline", "--side", "blueland", "--as-of", "2020-10-09").stdout
    assert "Blueland,own,2020-10,2020-10-01,2020-10-09,1,1,true" in exported
    assert "* incomplete" not in run("timeline", "--side", "blueland", "--as-of", "2020-10-31").stdout


def test_the_period_in_which_a_list_ends_is_marked(run: Run, tmp_path: Path) -> None:
    """Where nothing tells of a delay, and long after the list was made."""
    rows = tmp_path / "rows.csv"
    rows.write_text("side,type,status,date\nRedland,T-72B,destroyed,2021-02-03\nRedland,D-30,damaged,2021-03-10\n")
    columns = "side=side,type=type,status=status,date=date"
    done = run("import", str(rows), "--map", columns, "--feed", "Rows")
    assert done.exit_code == 0, done.stderr
    said = run("timeline", "--feed", "rows", "--verification", "claimed").stdout
    assert "\n2021-03*" in said
    assert (
        "* incomplete: within 2021-03 a list ends, with 2021-03-10.\nDelay from event to record: not measured" in said
    )


def test_bars_and_courses() -> None:
    """What is more than nothing is seen; the largest fills its room; nothing is a dot, not a gap."""
    assert [bar(number, 80, 10) for number in (0, 1, 40, 44, 80)] == ["", "▏", "█████", "█████▌", "██████████"]
    assert course([0, 1, 40, 80]) == "·▁▄█"
    assert course([]) == ""
