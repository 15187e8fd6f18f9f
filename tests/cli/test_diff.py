"""``diff`` as a user sees it: a table of causes with both tallies, the rows field by field, loss by loss."""

import json
from pathlib import Path

import pytest

from lossledger.core.vocabulary import Act
from lossledger.db.engine import open_engine
from lossledger.ledger import losses
from lossledger.ledger.journal import recording
from tests.cli.conftest import BLUELAND, POST, REDLAND, Run, runner
from tests.cli.screens import screen

RUN = "runaaaaaaa"
JEEPS = "Trucks, Vehicles, and Jeeps"
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
As recorded here   Rows   Newly set   Moved the tally   Moved nothing
─────────────────────────────────────────────────────────────────────
new                   2           -                 2               -
gone                  1           -                 1               -
changed               2           1                 1               1
  type                1           -                 1               -
  place               2           1                 1               1

Rows of these sides, headings, types and feeds, whatever is believed of them.
Changed: in any of its fields. Newly set: only where nothing stood before.
"""

ITEMS = """\
Id          Cause        Items  Loss
─────────────────────────────────────────────────────────────────────
jets222222  new          +1     Su-25, Blueland, destroyed 2020-11-02
guns333333  back-filled  +2     D-30, Redland, destroyed 2020-10-04
tank333333  gone         -1     T-72, North Redland, captured 2020-10
tank222222  retyped      +1 -1  T-72B3, Redland
                                  type T-72B -> T-72B3
                                  place the bridge -> the ford
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
    "points",
    [[RUN], ["runa"], [str(HEAD), RUN], ["2021-06-01"], ["2021-06-01", "2021-06-02"], ["2021-06-01T23:00Z", "38"]],
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
                "guns333333,new,back-filled,2,0,2,Redland,Towed Artillery,D-30,own,,,,,false",
                "tank333333,gone,gone,0,1,-1,North Redland,Tanks,T-72,own,ledger,withdrawn,,yes,false",
                "tank222222,changed,retyped,1,1,0,Redland,Tanks,T-72B3,own,ledger,type,T-72B,T-72B3,false",
                "tank222222,changed,retyped,1,1,0,Redland,Tanks,T-72B3,own,ledger,place,the bridge,the ford,false",
            ],
        ),
        (
            ["--items", "--type", "Ural-4320"],
            [f'jeep222222,changed,,0,0,0,Blueland,"{JEEPS}",Ural-4320,own,ledger,place,,a yard,false'],
        ),
        (
            ["--fields"],
            [
                "ledger,new,,2,0,2,0",
                "ledger,gone,,1,0,1,0",
                "ledger,changed,,2,1,1,0",
                "ledger,changed,type,1,0,1,0",
                "ledger,changed,place,2,1,1,0",
            ],
        ),
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

Id          Cause           Items  Loss
─────────────────────────────────────────────────────────────────
blue222222  status changed  +1 -1  T-72AV, Blueland
                                     stood as damaged -> captured
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
        (["20", "10"], 2, "FROM, entry 20, lies after TO, entry 10; give the earlier one first"),
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


JUNE = """\
no,country,system,heading,fate,day,where,link
1,Redland,T-72B,Tanks,destroyed,2020-10-08,the mill,https://example.org/1
2,Redland,T-72B,Tanks,destroyed,2020-10-08,,https://example.org/2
3,Redland,D-30,Towed Artillery,damaged,2020-10-09,the ford,https://example.org/3
4,Blueland,Su-25,Aircraft,destroyed,2020-10-10,,https://example.org/4
5,Blueland,T-72AV,Tanks,captured,2020-10-11,,https://example.org/5
6,Blueland,T-72AV,Tanks,captured,2020-10-12,the mill,https://example.org/6
"""
JULY = """\
no,country,system,heading,fate,day,where,link
1,Redland,T 72b,Tanks,destroyed,2020-10-08,the old mill,https://example.org/1
2,Redland,T-72B3,Tanks,destroyed,2020-10,the bridge,https://example.org/2
3,Redland,D-30,Towed Artillery,destroyed,2020-10-09,the ford,https://example.org/3 https://example.org/3b
5,Blueland,T-72AV,Tanks,captured,2020-10-11,a hill,https://example.org/5
6,Blueland,T-72AV,Tanks,captured,2020-10-12,the mill,https://example.org/6
7,Blueland,Su-25,Aircraft,destroyed,2020-11-02,,https://example.org/7
"""
MAP = "id=no,side=country,type=system,category=heading,status=fate,date=day,place=where,source=link"


LISTED_ROWS = """\
As lists write them   Rows   Newly set   Moved the tally   Moved nothing   Held
───────────────────────────────────────────────────────────────────────────────
new                      1           -                 1               -      -
gone                     1           -                 1               -      1
changed                  4           1                 2               2      1
  type                   2           -                 1               1      -
  status                 1           -                 1               -      -
  date                   1           -                 1               -      -
  place                  3           2                 1               2      1
  links                  1           -                 1               -      -

As recorded here   Rows   Newly set   Moved the tally   Moved nothing   Held
────────────────────────────────────────────────────────────────────────────
changed               1           -                 -               1      -
  place               1           -                 -               1      -

Rows of these sides, headings, types and feeds, whatever is believed of them.
Changed: in any of its fields. Newly set: only where nothing stood before.
Held: a person here has said otherwise; the list's word waits.
"""

LISTED_ITEMS = """\
Id          Cause                 Items  Loss
────────────────────────────────────────────────────────────────────────────────
dqsehiczkz  new                   +1     Su-25, Blueland, destroyed 2020-11-02
ohq4vvsjah  retyped               +1 -1  T-72B3, Redland
                                           type T-72B -> T-72B3
                                           date 2020-10-08 -> 2020-10
                                           place (nothing) -> the bridge
wqn3uambsp  status changed        +1 -1  D-30, Redland
                                           status damaged -> destroyed
                                           evidence (nothing) -> reports
                                           https://example.org/3b
qqbbxckwq3  verification changed  +1 -1  Su-25, Blueland
                                           verification claimed -> confirmed
                                           verified by (nothing) -> tester
                                           held: no longer listed
froemyrqxd  changed                      T-72AV, Blueland
                                           place (nothing) -> the dam
                                           held: place (nothing) -> a hill
rls3clbgga  changed                      T-72AV, Blueland
                                           place the mill -> the dam
iwpud3vfue  changed                      T-72B, Redland
                                           place the mill -> the old mill
                                           as listed: type T-72B -> T 72b
"""


def entered(run: Run, folder: Path, text: str) -> str:
    """Import a state of the list and give the id of the run."""
    (folder / "list.csv").write_text(text)
    result = run("import", str(folder / "list.csv"), "--map", MAP, "--snapshot", "--anyway", "--format", "json")
    assert result.exit_code == 0, result.output
    return str(json.loads(result.stdout)["run"])


REDACTED = {
    "ohq4vvsjah": [
        "ledger,type,T-72B,T-72B3,false", "ledger,date,2020-10-08,2020-10,false", "ledger,place,,[redacted],false",
    ],
    "iwpud3vfue": [],
}  # fmt: skip
"""What is left to tell of two losses when their place is redacted."""

BELIEVED = ("--verification", "claimed,confirmed")


@pytest.fixture
def listed(served: Run, tmp_path: Path) -> tuple[Run, str, str]:
    """The ledger after two states of a list, and what a person said in between; with the ids of both runs."""
    june = entered(served, tmp_path, JUNE)
    ids = [loss["id"] for loss in json.loads(served("list", "--feed", "list", "--format", "json").stdout)]
    for words in (["amend", ids[4], "--place", "the dam"], ["amend", ids[5], "--place", "the dam"], ["verify", ids[3]]):
        result = served(*words, "--reason", "I saw it")
        assert result.exit_code == 0, result.output
    return served, june, entered(served, tmp_path, JULY)


def test_rows_of_lists_are_told_as_the_lists_write_them(listed: tuple[Run, str, str]) -> None:
    """Another spelling of the same type is a change of the row, and moves nothing; what a person has set is held."""
    run, june, july = listed
    rows = screen(run("diff", june, july, *BELIEVED, "--fields"))
    title, _, rest = rows.partition("\n\n")
    assert title == f"Changes: Valley War, from import {june} (entry 47) to import {july}\n(entry 60)"
    assert rest == LISTED_ROWS
    assert screen(run("diff", june, july, *BELIEVED, "--items")).endswith(f"\n{LISTED_ROWS}\n{LISTED_ITEMS}")


def test_two_runs_are_two_states_of_the_ledger_and_one_is_what_it_did(listed: tuple[Run, str, str]) -> None:
    """What was done by hand between two imports is no doing of the second."""
    run, june, july = listed

    def told(*points: str) -> str:
        return run("diff", *points, *BELIEVED, "--items", "--format", "csv").stdout

    assert told(june, july) == told("47", "60") == told(june, "60") == told("47", july)
    assert told(july) == told("50", "60") != told("47", "60")
    assert told(june) == told("32", "47")
    assert told(june, june).count("\n") == 1
    nothing = run("diff", june, june).stdout.splitlines()
    assert nothing[0] == "Nothing changed."
    assert nothing[-1] == f"What an import changed is told where it is named alone: lossledger diff {june}"
    wrong = f"FROM, import {july} (entry 60), lies after TO, import {june} (entry 47); give the earlier one first"
    assert run("diff", july, june).stderr == f"lossledger: {wrong}\n"


def test_a_row_that_is_gone_comes_back(listed: tuple[Run, str, str], tmp_path: Path) -> None:
    """As its list tells it, where nothing moved, too: the loss that a person vouches for had stayed."""
    run, _, _ = listed
    back = entered(run, tmp_path, JUNE)
    lines = run("diff", back, "--fields", "--side", "blueland", "--format", "csv").stdout.splitlines()
    assert lines[1:] == [
        "list,restored,,1,0,0,0",
        "list,gone,,1,0,0,0",
        "list,changed,,1,0,0,1",
        "list,changed,place,1,0,0,1",
    ]


@pytest.mark.parametrize("loss", ["ohq4vvsjah", "iwpud3vfue"])
def test_a_row_with_a_redacted_text_is_told_by_its_fields_here(listed: tuple[Run, str, str], loss: str) -> None:
    """What a list wrote of it is gone with the text, at one end or at both, and cannot be compared."""
    run, june, july = listed

    def told() -> list[str]:
        rows = run("diff", june, july, "--items", "--format", "csv", *BELIEVED).stdout.splitlines()
        return [row.partition(",list,")[2] for row in rows if row.startswith(loss)]

    assert {line.partition(",")[0] for line in told()} == {"ledger", "list"}
    redacted = run("redact", loss, "--field", "place", "--reason", "a private house", "--yes")
    assert redacted.exit_code == 0, redacted.output
    assert told() == REDACTED[loss]


def test_an_id_of_digits_alone(ledger: Path) -> None:
    """Digits are an entry's number, unless they are the whole id of an import."""
    engine = open_engine(f"sqlite:///{ledger}")
    with recording(engine, actor="feed", reason="import") as journal:
        journal.append(Act.CATALOGUE, "import", "2345672345", {"feed": "a-list"}, new=True)
        losses.amend(journal, "tank222222", {"place": "the ford"})
    engine.dispose()
    run = runner(str(ledger))
    assert "by import 2345672345 (entries 33 to 34)" in run("diff", "2345672345").stdout
    assert run("diff", "23").stdout.startswith("Changes: Valley War")
    assert "from entry 23 to" in run("diff", "23").stdout
    assert run("diff", "2345672344").stderr == "lossledger: FROM 2345672344: the ledger's last entry is 34\n"
