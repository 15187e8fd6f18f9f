"""``diff`` as a user sees it: a table of causes with both tallies, the rows field by field, loss by loss."""

import json
from pathlib import Path

import pytest

from lossledger.core.vocabulary import Act
from lossledger.db.engine import open_engine
from lossledger.ledger import losses
from lossledger.ledger.journal import recording
from tests.cli.conftest import BLUELAND, POST, REDLAND, Run, runner

RUN = "runaaaaaaa"
HEAD = 32
"""The last entry of the small ledger; the import comes after it."""

CAUSES = """\
Changes: Valley War, Redland, from entry 32 to now (entry 38)

Cause             Losses   +   -   Net
──────────────────────────────────────
back-filled            1   2   -    +2
gone                   1   -   1    -1
retyped                1   1   1     0
──────────────────────────────────────
tally, entry 32                      2
change                 3   3   2    +1
tally, entry 38                      3

Changes: Valley War, Blueland, from entry 32 to now (entry 38)

Cause             Losses   +   -   Net
──────────────────────────────────────
new                    1   1   -    +1
──────────────────────────────────────
tally, entry 32                      2
change                 1   1   -    +1
tally, entry 38                      3

Confirmed only.
Back-filled: entered since, of a day up to 2020-10-31, the last that the first
tally has.
What only moved within the tally adds as much as it takes.
"""

ROWS = """\
Rows      Losses   Moved the tally   Moved nothing
──────────────────────────────────────────────────
new            2                 2               -
gone           1                 1               -
changed        2                 1               1
  type         1                 1               -
  place        2                 1               1

Losses of these sides, headings, types and feeds, whatever is believed of them.
"""

ITEMS = """\
Id          Cause        Items  Loss                 Change
────────────────────────────────────────────────────────────────────────────────
jets222222  new          +1     Su-25, Blueland      destroyed 2020-11-02
guns333333  back-filled  +2     D-30, Redland        destroyed 2020-10-04
tank333333  gone         -1     T-72, North Redland  captured 2020-10
tank222222  retyped      +1 -1  T-72B3, Redland      type T-72B -> T-72B3; place
                                                     the bridge -> the ford
"""


@pytest.fixture
def followed(ledger: Path) -> Run:
    """The small ledger after an import: two new losses, two that changed, one that its list no longer has."""
    engine = open_engine(f"sqlite:///{ledger}")
    report = {
        "status": "destroyed", "verification": "confirmed",
        "evidence.aaaa222222.source": POST, "evidence.aaaa222222.relation": "reports",
    }  # fmt: skip
    late = {"earliest": "2020-10-04", "latest": "2020-10-04"}
    since = {"earliest": "2020-11-02", "latest": "2020-11-02"}
    gone = {"withdrawn": "yes", "row.own.run": RUN, "row.own.gone": "yes"}
    with recording(engine, actor="feed", reason="import") as journal:
        journal.append(Act.CATALOGUE, "import", RUN, {"feed": "a-list"}, new=True)
        losses.amend(journal, "tank222222", {"type": "t-72b3", "place": "the ford"})
        losses.amend(journal, "jeep222222", {"place": "a yard"})
        journal.append(Act.WITHDRAW, "loss", "tank333333", gone)
        losses.report(journal, {"side": REDLAND, "type": "d-30", "quantity": "2"} | report | late, uid="guns333333")
        more = {path.replace("aaaa", "bbbb"): value for path, value in report.items()}
        losses.report(journal, {"side": BLUELAND, "type": "su-25"} | more | since, uid="jets222222")
    engine.dispose()
    return runner(str(ledger))


def test_causes_rows_and_items(followed: Run) -> None:
    """A table a side with both tallies, then the rows field by field, then the few losses one by one."""
    result = followed("diff", str(HEAD))
    hint = "\nAlso those that moved nothing (1): --items.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{CAUSES}\n{ROWS}\n{ITEMS}{hint}", "")


def test_the_feet_are_what_tally_says(followed: Run) -> None:
    """Before and after are the two tallies, side by side with what changed."""
    rows = json.loads(followed("diff", str(HEAD), "--format", "json").stdout)
    assert rows[0] == {
        "side": "Redland", "cause": "back-filled", "losses": 1, "plus": 2, "minus": 0, "net": 2,
        "before": 2, "after": 3,
    }  # fmt: skip
    for known_on, name in ((str(HEAD), "before"), (str(HEAD + 6), "after")):
        for side in ("Redland", "Blueland"):
            counted = json.loads(followed("tally", "--side", side, "--known-on", known_on, "--format", "json").stdout)
            assert {row[name] for row in rows if row["side"] == side} == {sum(row["quantity"] for row in counted)}


@pytest.mark.parametrize(
    "points", [[RUN], ["runa"], [RUN, RUN], ["2021-06-01"], ["2021-06-01", "2021-06-02"], ["2021-06-01T23:00Z", "38"]]
)
def test_entries_days_times_and_runs_say_the_same(followed: Run, points: list[str]) -> None:
    """However the two ends are named, the same changes lie between them."""
    rows = followed("diff", str(HEAD), "--format", "csv").stdout
    assert rows.count("\n") == 5
    assert followed("diff", *points, "--format", "csv").stdout == rows


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (
            ["--items", "--side", "redland"],
            [
                "guns333333,new,back-filled,2,0,2,Redland,Towed Artillery,D-30,own,,,",
                "tank333333,gone,gone,0,1,-1,North Redland,Tanks,T-72,own,withdrawn,,yes",
                "tank222222,changed,retyped,1,1,0,Redland,Tanks,T-72B3,own,type,T-72B,T-72B3",
                "tank222222,changed,retyped,1,1,0,Redland,Tanks,T-72B3,own,place,the bridge,the ford",
            ],
        ),
        (
            ["--items", "--type", "Ural-4320"],
            ['jeep222222,changed,,0,0,0,Blueland,"Trucks, Vehicles, and Jeeps",Ural-4320,own,place,,a yard'],
        ),
        (["--fields"], ["new,,2,2", "gone,,1,1", "changed,,2,1", "changed,type,1,1", "changed,place,2,1"]),
        (
            ["--by", "type", "--side", "redland", "--category", "tanks"],
            ["Redland,T-72,1,0,1,-1,2,1", "Redland,T-72B,1,0,1,-1,2,1", "Redland,T-72B3,1,1,0,1,2,1"],
        ),
        (
            ["--own", "--verification", "confirmed"],
            [
                "Redland,back-filled,1,2,0,2,1,3",
                "Redland,retyped,1,1,1,0,1,3",
                "North Redland,gone,1,0,1,-1,1,0",
                "Blueland,new,1,1,0,1,2,3",
            ],
        ),
        (["--category", "aircraft", "--verification", "claimed"], []),
    ],
)
def test_rows_for_programs(followed: Run, options: list[str], rows: list[str]) -> None:
    """A row for each field of each loss; a row a field; a row a type."""
    result = followed("diff", str(HEAD), *options, "--format", "csv")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[1:] == rows


WAR = """\
Changes: Valley War, Blueland, as known now, from 2020-10-06 to 2020-10-31

Cause               Losses   +   -   Net
────────────────────────────────────────
status changed           1   1   1     0
────────────────────────────────────────
tally, 2020-10-06                      1
change                   1   1   1     0
tally, 2020-10-31                      1

Confirmed only.
What only moved within the tally adds as much as it takes.

Id          Cause           Items  Loss              Change
────────────────────────────────────────────────────────────────────────────────
blue222222  status changed  +1 -1  T-72AV, Blueland  stood as damaged ->
                                                     captured
"""


def test_two_days_of_the_war(run: Run) -> None:
    """A month means its end; nothing was entered between, so no rows are told."""
    result = run("diff", "--as-of", "2020-10-06..2020-10", "--side", "blueland")
    assert (result.exit_code, result.stdout, result.stderr) == (0, WAR, "")


NOTHING = """\
Nothing changed.
Changes: Valley War, as known on 2021-06-02 (entry 32)
Redland: 2 at both.
Blueland: 2 at both.
No entry was recorded between them. Two days of the war: --as-of 2021-06-01..2021-06-02
"""


def test_nothing_changed(run: Run) -> None:
    """It is said, with what stands; days between which nobody wrote may have been meant as days of the war."""
    result = run("diff", "2021-06-01", "2021-06-02")
    assert (result.exit_code, result.stdout, result.stderr) == (0, NOTHING, "")
    assert run("diff", "32", "--format", "json").stdout == "[]\n"


TWO_POINTS = "diff needs two points: FROM and TO, or two days of the war with --as-of DAY..DAY"
NO_POINT = (
    "'2020-13-01' is no day that can be read; write an entry's number, a day (2020-10-08) or a time (2020-10-08T14:30Z)"
)
NO_ENTRY = "TO 2020-10-09: the ledger had no entry by then; two days of the war: --as-of 2020-10-06..2020-10-09"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, TWO_POINTS),
        (["--as-of", "2020-10-06"], 2, TWO_POINTS),
        (["20", "10"], 2, "FROM (entry 20) lies after TO (entry 10); give the earlier one first"),
        (["10", "99"], 1, "TO 99: the ledger's last entry is 32"),
        (["runb"], 1, "no import run has the id 'runb'"),
        (["1", "2020-13-01"], 2, NO_POINT),
        (["2020-10-06", "2020-10-09"], 1, NO_ENTRY),
        (["--as-of", "2020-10-09..2020-10-06"], 2, "--as-of '2020-10-09..2020-10-06' ends before it begins"),
        (["--as-of", "2020-10-09.."], 2, "'' is no day that can be read; write 2020-10-08, 2020-10 or 2020"),
        (["1", "--items", "--fields"], 2, "--items and --fields are two lists; ask for one of them"),
        (["1", "--by", "month"], 2, "--by 'month' is not one of: cause, category, group, type, status, verification"),
    ],
)  # fmt: skip
def test_what_cannot_be(run: Run, words: list[str], code: int, said: str) -> None:
    """One line that says what was wrong and what to do."""
    result = run("diff", *words)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", f"lossledger: {said}\n")
