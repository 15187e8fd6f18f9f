"""`compare`: sides, claims and captures against each other, every figure with its formula under it."""

import json

import pytest

from tests.cli.conftest import Run

SIDES = """\
Documented losses: Valley War, all days: Redland against Blueland

Category                      Redland   Blueland   Ratio
────────────────────────────────────────────────────────
Tanks                               2          1
Trucks, Vehicles, and Jeeps         -          1
────────────────────────────────────────────────────────
Total                               2          2

Ratio = documented losses of Redland / documented losses of Blueland; none where
either is below 20.
Documented is what was seen and found, not what was lost. One side may be seen
better than the other, and at some times better than at others.
Confirmed only. Redland 2, of which 2 itemised; Blueland 2, of which 2 itemised.
Redland with North Redland.
Not counted: 13 claimed, 0 disputed, 1 merged into another loss.
Days: 0 inferred, 1 undated.
"""

BY_MONTH = """\
Documented losses: Valley War, all days: Redland against Blueland

Month           Redland   Blueland   Ratio   To date
────────────────────────────────────────────────────
2020-10              12          4
day not given         -          1
────────────────────────────────────────────────────
Total                12          5

Ratio = documented losses of Redland / documented losses of Blueland; none where
either is below 20.
To date: the same, of all from the first period to the end of this one.
Documented is what was seen and found, not what was lost. One side may be seen
better than the other, and at some times better than at others.
Not placed in time: 1 of 17, with no day or none that tells the month.
Placed by the last day on which it can have happened, the first not known: 13 of
17.
Delay from event to record: not measured, of 4 items with an exact day, recorded
in the 90 days up to 2021-06-01; it takes 20.
Claimed and confirmed. Redland 12, of which 2 itemised; Blueland 5, of which 5
itemised.
Redland with North Redland.
Not counted: 0 disputed, 1 merged into another loss.
Days: 0 inferred, 1 undated.
"""

ROWS = """\
period,begins,group,side,against,lost,lost_against,ratio,total,total_against,total_ratio,incomplete
2020-10,2020-10-01,armoured,Redland,Blueland,2,1,,2,1,,false
2020-10,2020-10-01,light-vehicles,Redland,Blueland,0,0,,0,0,,false
day not given,,light-vehicles,Redland,Blueland,0,1,,,,,
"""

CLAIMS = """\
Claimed and documented: Valley War

Day          Claimed by, what              Claimed   Doc.   Share
─────────────────────────────────────────────────────────────────
             Losses of Redland
2020-10-31   Blueland's ministry: losses      200+

Claimed: what a party said; it is added to nothing. Doc.: confirmed losses that
are documented of the same side and headings, as of the same day.
Share = documented / claimed, of claims of 20 and more. It is no measure of
truth: not everything that is lost is seen, and a claim may count what no list
does.
Nothing beside it: 1, without a day, a side, or headings of the ledger.
Days of what is documented: 0 inferred.
"""

OF_STATUS = """\
Claimed and documented: Valley War

Day          Claimed by, what    Status      Claimed   Doc.   Share
───────────────────────────────────────────────────────────────────
             Losses of Redland
2020-11-30   Staff: tanks        destroyed       200      1

Claimed: what a party said; it is added to nothing. Doc.: confirmed losses that
are documented of the same side and headings, as of the same day.
Share = documented / claimed, of claims of 20 and more. It is no measure of
truth: not everything that is lost is seen, and a claim may count what no list
does.
Documented losses of which it is not told what became, beside claims of a
status, are in no figure: up to 60 of one claim's kind; no share where they are
more than the others.
Days of what is documented: 0 inferred.
"""

CAPTURED = """\
Documented losses: Valley War, all days: what Redland and Blueland captured from
each other

Category   From Redland   assumed   From Blueland   assumed   Net Blueland
──────────────────────────────────────────────────────────────────────────
Tanks                 1         1               1         1              0
──────────────────────────────────────────────────────────────────────────
Total                 1         1               1         1              0

From Redland: documented losses of Redland that stand as captured, by Blueland;
from Blueland: likewise.
assumed: of these, those whose captor is not named; between two sides that is
taken to be the other.
Net Blueland = from Redland - from Blueland: what Blueland gained; below nought,
what Redland gained.
What was captured and later destroyed or won back counts under what became of it
last, and not here.
Documented is what was seen and found, not what was lost. One side may be seen
better than the other, and at some times better than at others.
Confirmed only. Redland 2, of which 2 itemised; Blueland 2, of which 2 itemised.
Redland with North Redland.
Not counted: 13 claimed, 0 disputed, 1 merged into another loss.
Days: 0 inferred, 1 undated.
"""


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["sides"], SIDES),
        (["sides", "--every", "month", "--verification", "claimed,confirmed"], BY_MONTH),
        (["claims"], CLAIMS),
        (["captured"], CAPTURED),
    ],
)
def test_for_people(served: Run, options: list[str], wanted: str) -> None:
    result = served("compare", *options)
    assert (result.exit_code, result.stdout, result.stderr) == (0, wanted, "")


def test_for_programs(run: Run) -> None:
    """The same columns whoever the sides are; what is said under a table stands on standard error."""
    result = run("compare", "sides", "--every", "month", "--by", "group", "--format", "csv")
    assert (result.exit_code, result.stdout) == (0, ROWS)
    assert "Ratio = documented losses of Redland / documented losses of Blueland" in result.stderr
    captured = json.loads(run("compare", "captured", "--by", "type", "--format", "json").stdout)
    assert [tuple(row.values()) for row in captured] == [
        ("T-72", "Redland", "Blueland", 0, 1, 0, 0, 0, 0, 1),
        ("T-72AV", "Redland", "Blueland", 0, 0, 0, 0, 1, 0, -1),
    ]
    assert [*captured[0]][3:6] == ["from_side_named", "from_side_captor_not_named", "from_side_other_captors"]


def test_numbers_that_are_large_enough_have_a_ratio(run: Run) -> None:
    """In whichever order the sides are asked for; of a period alone, and of all that was by its end."""
    for side, day, quantity in (("red", "2020-11-05", 60), ("blue", "2020-11-06", 40), ("red", "2020-12-01", 30)):
        what = ["--side", side, "--type", "D-30", "--status", "destroyed", "--date", day, "--quantity", str(quantity)]
        added = run("add", *what, "--source", "https://example.org/post", "--verification", "confirmed")
        assert added.exit_code == 0, added.stderr
    options = ["--every", "month", "--category", "guns", "--format", "json"]
    rows = json.loads(run("compare", "sides", "--sides", "blue,red", *options).stdout)
    assert [tuple(row.values())[:1] + tuple(row.values())[2:] for row in rows] == [
        ("2020-11", "Blueland", "Redland", 40, 60, 0.6667, 40, 60, 0.6667, False),
        ("2020-12", "Blueland", "Redland", 0, 30, None, 40, 90, 0.4444, False),
    ]


def test_lists_are_not_added_unasked(run: Run) -> None:
    run("unmerge", "tank444444", "--reason", "not the same")
    run("verify", "tank444444", "--reason", "seen")
    for what in ("sides", "captured", "claims"):
        result = run("compare", what)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == (
            "lossledger: Redland stands in several feeds (a-list, own), which are not added unasked; "
            "choose with --feed, or sum what is not merged with --joined\n"
        )
        assert run("compare", what, "--joined").exit_code == 0


def test_sides_of_different_lists_are_said_to_be_so(run: Run) -> None:
    run("unmerge", "tank444444", "--reason", "not the same")
    run("verify", "tank444444", "--reason", "seen")
    run("withdraw", "tank222222", "--reason", "elsewhere")
    run("withdraw", "tank333333", "--reason", "elsewhere")
    for what in ("sides", "captured"):
        said = run("compare", what).stdout.replace("\n", " ")
        assert "Redland is counted from a-list, Blueland from own: lists have rules and headings of their own." in said


def test_a_claim_with_headings_is_compared(run: Run) -> None:
    """As of its day, and only the latest of a series where that is asked for."""
    for day, number in (("2020-10-07", "100"), ("2020-10-20", "150+")):
        run("published", "add", "--side", "redland", "--counted-by", "Staff of Blueland", "--category", "tanks",
            "--as-of", day, "--count", number)  # fmt: skip
    options = ["compare", "claims", "--counted-by", "STAFF", "--format", "json"]
    found = [
        [(row["day"], row["claimed"], row["bound"], row["documented"], row["share"]) for row in json.loads(out)]
        for out in (run(*options).stdout, run(*options, "--latest").stdout)
    ]
    assert found[0] == [("2020-10-07", 100, "exact", 0, 0.0), ("2020-10-20", 150, "at least", 1, 0.0067)]
    assert found[1] == found[0][1:]


def _add(run: Run, *more: str) -> None:
    """Enter sixty confirmed tanks of Redland of which no fate is told, or as more options say."""
    added = run("add", "--side", "red", "--type", "T-72B", "--quantity", "60", "--verification", "confirmed",
                "--source", "https://example.org/post", *more)  # fmt: skip
    assert added.exit_code == 0, added.stderr


def _claim(run: Run, *more: str) -> None:
    """Enter what the staff claims of Redland's tanks."""
    added = run("published", "add", "--side", "redland", "--counted-by", "Staff", "--category", "tanks",
                "--as-of", "2020-11-30", "--count", "200", "--wording", "tanks", *more)  # fmt: skip
    assert added.exit_code == 0, added.stderr


def test_a_claim_of_a_status_has_no_share_where_no_fate_is_told(served: Run) -> None:
    """Sixty of which it is not told what became may all be of those that are claimed."""
    _add(served, "--status", "lost", "--date", "2020-11-05")
    _claim(served, "--status", "destroyed")
    claims = served("compare", "claims", "--counted-by", "staff")
    assert (claims.exit_code, claims.stdout, claims.stderr) == (0, OF_STATUS, "")
    [row] = json.loads(served("compare", "claims", "--counted-by", "staff", "--format", "json").stdout)
    assert (row["documented"], row["share"], row["fate_not_told"]) == (1, None, 60)


def test_a_claim_has_no_share_where_every_day_is_inferred(run: Run) -> None:
    for uid in ("tank222222", "tank333333"):
        run("withdraw", uid, "--reason", "elsewhere")
    _add(run, "--status", "destroyed", "--date", "~2020-11-05")
    _claim(run)
    said = run("compare", "claims", "--counted-by", "staff").stdout
    assert "Staff: tanks" in said
    assert "No share where every day of what is documented is inferred: 1 claim." in said
    assert "Days of what is documented: 60 inferred." in said
    [row] = json.loads(run("compare", "claims", "--counted-by", "staff", "--format", "json").stdout)
    assert (row["documented"], row["share"], row["inferred"]) == (60, None, 60)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["claims", "--counted-by", "nobody"], 1, "no claim is chosen by these options"),
        (["sides", "--side", "redland"], 2, "name them with --sides NAME,NAME instead of --side"),
        (["sides", "--sides", "red,north redland"], 2, "--sides: Redland and North Redland are counted together"),
        (["sides", "--sides", "red"], 2, "--sides takes two names with a comma between them"),
        (["sides", "--feed", "own", "--type", "d-30"], 2, "two sides are compared, and none has losses"),
        (["sides", "--by", "feed"], 2, "--by 'feed' is not one of: category, group, type, status"),
        (["captured", "--status", "destroyed"], 2, "nothing of another status: leave --status out"),
        (["captured", "--by", "status"], 2, "--by 'status' is not one of: category, group, type"),
    ],
)
def test_what_cannot_be_compared(run: Run, options: list[str], code: int, said: str) -> None:
    result = run("compare", *options)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_what_was_captured_as_it_was_known(run: Run) -> None:
    """By an entry or by a release; what was taken out since is in it, and the title says as of when."""
    run("release", "create", "Spring")
    run("withdraw", "blue222222", "--reason", "another war")
    asked = ("compare", "captured", "--by", "type", "--format", "csv")
    then = run(*asked, "--release", "spring")
    assert "T-72AV" in then.stdout
    assert "Documented losses: Valley War, all days, release 'Spring' (entry 32): what" in then.stderr
    assert "Captors are those that are named today.\n" in then.stderr
    assert run(*asked, "--known-on", "32").stdout == then.stdout
    now = run(*asked)
    assert "T-72AV" not in now.stdout
    assert "named today" not in now.stderr
