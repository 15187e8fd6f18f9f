"""``tally`` as a user sees it: whole tables, whole captions, rows for programs."""

import json
import shutil
from pathlib import Path

import pytest

from lossledger.db.engine import open_engine
from lossledger.ledger import setup
from tests.cli.conftest import Run, runner

BARE = """\
Documented losses: Valley War, all days

Category                      Redland   Blueland
────────────────────────────────────────────────
Tanks                               2          1
Trucks, Vehicles, and Jeeps         -          1
────────────────────────────────────────────────
Total                               2          2

Confirmed only. Redland 2, of which 2 itemised; Blueland 2, of which 2 itemised.
Redland with North Redland.
Not counted: 13 claimed, 0 disputed, 1 merged into another loss.
Days: 0 inferred, 1 undated.
"""

OF_A_SIDE = """\
Documented losses: Valley War, Redland, losses since 2020-10-01 up to 2020-10-31

Category   destroyed   damaged   abandoned   captured   total
─────────────────────────────────────────────────────────────
Tanks              1         -           -          1       2
  T-72             -         -           -          1       1
  T-72B            1         -           -          -       1
─────────────────────────────────────────────────────────────
Total              1         -           -          1       2

Confirmed only. Redland 2, of which 2 itemised.
Redland with North Redland.
Not counted: 10 claimed, 0 disputed, 1 merged into another loss, 0 undated.
Days: 0 inferred.
"""

ORYX = """\
Redland - 12, of which: destroyed: 11, captured: 1

Tanks (2, of which destroyed: 1, captured: 1)
1 T-72: 1 captured
1 T-72B: 1 destroyed

Towed Artillery (10, of which destroyed: 10)
10 D-30: 10 destroyed

"""


def test_headings_by_side(run: Run) -> None:
    """Without options: headings against sides, a side with those under it, what is not counted in the caption."""
    result = run("tally")
    assert (result.exit_code, result.stdout, result.stderr) == (0, BARE, "")


def test_one_side_by_status_and_type(run: Run) -> None:
    """With a side: statuses across, types under their headings, the period in the title."""
    result = run("tally", "--side", "redland", "--by", "type", "--since", "2020-10", "--until", "2020-10")
    assert (result.exit_code, result.stdout, result.stderr) == (0, OF_A_SIDE, "")


BY_MONTH = """\
Documented losses: Valley War, all days, as known on 2021-06-01 (entry {entry})

Month           Redland   Blueland
──────────────────────────────────
2020-10               2          1
day not given         -          1
──────────────────────────────────
Total                 2          2
"""


def test_enemies_are_never_summed(run: Run) -> None:
    """Whatever a table is by, the sides have columns of their own; the title says what was known."""
    last = run("audit", "--head").stdout.partition(":")[0]
    result = run("tally", "--by", "month", "--known-on", "2021-06-01")
    assert result.stdout.startswith(BY_MONTH.format(entry=last))


def test_the_lists_own_notation(run: Run) -> None:
    """The Oryx form can be pasted into a list; what it counts is said beside it."""
    result = run(
        "tally", "--side", "Red", "--format", "oryx", "--by", "type", "--verification", "claimed,confirmed", "--joined"
    )
    assert result.stdout == ORYX
    assert "Feeds joined, merged losses once; 0 more are possibly the same." in result.stderr


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (
            ["--by", "side,category,status"],
            [
                ("Redland", "Tanks", "destroyed", 1),
                ("North Redland", "Tanks", "captured", 1),
                ("Blueland", "Tanks", "captured", 1),
                ("Blueland", "Trucks, Vehicles, and Jeeps", "abandoned", 1),
            ],
        ),
        (["--by", "side,status", "--as-of", "2020-10-09", "--side", "blueland"], [("Blueland", "damaged", 1)]),
        (["--by", "side,status", "--as-of", "2020-10-10", "--side", "blue"], [("Blueland", "captured", 1)]),
        (["--by", "side", "--side", "redland", "--own"], [("Redland", 1)]),
        (["--by", "type", "--category", "Tanks"], [("T-72", 1), ("T-72AV", 1), ("T-72B", 1)]),
        (["--by", "group,month"], [("armoured", "2020-10", 3), ("light-vehicles", "day not given", 1)]),
        (
            ["--by", "verification", "--category", "Type not given,Towed Artillery"],
            [("claimed", 13)],
        ),
        (["--by", "type", "--verification", "claimed", "--side", "blueland"], [(None, 3)]),
    ],
)
def test_rows_for_programs(run: Run, options: list[str], rows: list[tuple[str | int | None, ...]]) -> None:
    """A row a cell, keys as in --by and quantity, in the catalogue's order."""
    result = run("tally", *options, "--format", "json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert [tuple(row.values()) for row in found] == rows
    assert [*found[0]] == [*options[1].split(","), "quantity"]


def test_by_week_a_span_within_one_week_stands_in_it(run: Run) -> None:
    """5 and 8 October are one ISO week; a loss known to a month only has no week."""
    rows = json.loads(run("tally", "--by", "week", "--format", "json").stdout)
    assert rows == [{"week": "2020-W41", "quantity": 2}, {"week": "day not given", "quantity": 2}]


def test_a_side_in_two_feeds_has_no_sum(run: Run) -> None:
    """Feeds stand in columns of their own until they are joined; programs get a feed key."""
    run("unmerge", "tank444444", "--reason", "not the same")
    run("verify", "tank444444", "--reason", "seen")
    split = run("tally").stdout
    assert "Redland (own)" in split
    assert "Redland (a-list)" in split
    assert "a column a feed, and no sum" in split
    by_side = json.loads(run("tally", "--by", "side", "--side", "redland", "--own", "--format", "json").stdout)
    assert by_side == [
        {"side": "Redland", "feed": "a-list", "quantity": 1},
        {"side": "Redland", "feed": "own", "quantity": 1},
    ]
    joined = run("tally", "--by", "side", "--side", "redland", "--own", "--joined", "--format", "json")
    assert json.loads(joined.stdout) == [{"side": "Redland", "quantity": 2}]
    assert "1 more are possibly the same" in joined.stderr


def test_a_past_tally_stays_what_it_was(run: Run) -> None:
    """Amending, recategorising, renaming, merging and redacting leave what was known before as it was."""
    last = run("audit", "--head").stdout.partition(":")[0]
    before = run("tally", "--known-on", last, "--by", "side,category,type,status", "--format", "json")
    assert before.exit_code == 0, before.stderr
    for act in (
        ("amend", "tank222222", "--type", "d-30", "--reason", "r"),
        ("type", "change", "t-72", "--category", "Aircraft", "--reason", "r"),
        ("side", "rename", "redland", "Crimsonia", "--reason", "r"),
        ("category", "rename", "tanks", "Panzer", "--reason", "r"),
        ("type", "merge", "t-72av", "t-72", "--reason", "r"),
        ("withdraw", "jeep222222", "--reason", "r"),
        ("redact", "tank222222", "--field", "place", "--yes", "--reason", "r"),
    ):
        done = run(*act)
        assert done.exit_code == 0, done.stderr
    after = run("tally", "--known-on", last, "--by", "side,category,type,status", "--format", "json")
    assert after.stdout == before.stdout
    assert run("tally", "--by", "side,category,type,status", "--format", "json").stdout != before.stdout


@pytest.mark.parametrize(
    ("options", "code", "line"),
    [
        (["--side", "greenland"], 2, "no side 'greenland'; did you mean Redland"),
        (["--by", "colour"], 2, "--by 'colour' is not one of: side, category, group,"),
        (["--as-of", "2020-02-30"], 2, "2020-02-30"),
        (["--since", "2020-11", "--until", "2020-10"], 2, "--since 2020-11 lies after --until 2020-10"),
        (["--known-on", "999999"], 1, "--known-on 999999: the ledger's last entry is "),
        (["--known-on", "2001-01-01"], 1, "--known-on 2001-01-01: the ledger had no entry by then"),
        (["--verification", "sure"], 2, "verification 'sure' is not one of: confirmed, claimed, disputed, rejected"),
        (["--conflict", "hill"], 2, "no conflict 'hill'"),
    ],
)
def test_what_cannot_be_ends_in_one_line(run: Run, options: list[str], code: int, line: str) -> None:
    """One line on standard error, nothing on standard output, and the code that the design gives."""
    result = run("tally", *options)
    assert (result.exit_code, result.stdout) == (code, "")
    assert line in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def war(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with the pack of the war of 2020."""
    path = tmp_path_factory.mktemp("war") / "war.db"
    engine = open_engine(f"sqlite:///{path}")
    setup.create(engine, "tester", ["nagorno-karabakh-2020"])
    engine.dispose()
    return path


@pytest.fixture
def run_war(war: Path, tmp_path: Path) -> Run:
    """Run on a copy of that ledger."""
    shutil.copy(war, tmp_path / "war.db")
    return runner(str(tmp_path / "war.db"))


SEED = """\
Documented losses: Nagorno-Karabakh 2020, all days

Category                 Armenia   Azerbaijan
─────────────────────────────────────────────
Tanks                         63           21
Aircraft                       1            5
Helicopters                    -            1
Drones, Kind Not Given         -            8
Type Not Given                22           25
─────────────────────────────────────────────
Total                         86           60

Confirmed only. Armenia 86, of which 0 itemised; Azerbaijan 60, of which 0 itemised.
Armenia with Artsakh.
Not counted: 53 claimed, 0 disputed, 1 merged into another loss.
Days: 146 inferred, 0 undated.
"""


def test_armenia_86_azerbaijan_60(run_war: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tally that the seed reports speak of, and every view of it agrees."""
    monkeypatch.setenv("COLUMNS", "100")
    assert run_war("tally").stdout == SEED
    armenia = json.loads(run_war("tally", "--side", "armenia", "--format", "json").stdout)
    assert sum(row["quantity"] for row in armenia) == 86
    assert json.loads(run_war("tally", "--side", "artsakh", "--own", "--format", "json").stdout) == []


def test_every_oryx_figure_holds_and_claims_stand_beside(run_war: Run) -> None:
    """All eight are entered from the report itself; no claim is a finding, none is added to anything."""
    result = run_war("check", "--format", "json")
    rows = json.loads(result.stdout)
    assertions = [
        (row["side"], row["theirs"], row["ours"], row["verdict"]) for row in rows if row["kind"] == "assertion"
    ]
    assert result.exit_code == 0
    assert assertions == [
        ("Armenia", 86, 86, "entered from it"),
        ("Armenia", 63, 63, "entered from it"),
        ("Armenia", 1, 1, "entered from it"),
        ("Azerbaijan", 60, 60, "entered from it"),
        ("Azerbaijan", 21, 21, "entered from it"),
        ("Azerbaijan", 8, 8, "entered from it"),
        ("Azerbaijan", 5, 5, "entered from it"),
        ("Azerbaijan", 1, 1, "entered from it"),
    ]
    assert {row["verdict"] for row in rows if row["kind"] == "claim"} == {"claim"}


def test_the_su_25_counts_once(run_war: Run) -> None:
    """Claimed by Armenia and in Oryx's count: merged, so that neither view has two."""
    rows = run_war(
        "tally", "--type", "Su-25", "--verification", "confirmed,claimed", "--by", "side", "--format", "json"
    )
    assert json.loads(rows.stdout) == [{"side": "Armenia", "quantity": 1, "up_to": 1}]


def test_feeds_that_do_not_fit_beside_each_other_have_tables_of_their_own(run_war: Run) -> None:
    """No column is cut off, and no caption sums what the tables keep apart."""
    added = run_war("add", "--side", "armenia", "--type", "T-72B", "--source", "https://example.org/1")
    run_war("verify", added.stdout.strip(), "--reason", "seen")
    said = run_war("tally").stdout
    assert "all days, feed nagorno-karabakh-2020\n\nCategory                 Armenia   Azerbaijan\n" in said
    assert "all days, feed own\n\nCategory   Armenia\n" in said
    assert "Armenia 86 in feed nagorno-karabakh-2020; Armenia 1 in feed own;" in said


def test_feeds_that_are_rows_stand_in_one_table(run_war: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """However narrow the screen is."""
    monkeypatch.setenv("COLUMNS", "60")
    run_war("add", "--side", "armenia", "--type", "T-72B", "--source", "https://example.org/1")
    counted = run_war("tally", "--by", "category,feed", "--verification", "confirmed,claimed")
    assert counted.exit_code == 0
    assert counted.stdout.count("Category") == 1


def test_a_past_tally_is_asked_for_by_the_names_of_its_time(run: Run) -> None:
    """What was merged since is itself again; published counts follow what it was merged into."""
    last = run("audit", "--head").stdout.partition(":")[0]
    by = ("--by", "category", "--format", "json")
    before = run("tally", "--category", "Tanks", "--side", "Redland", *by).stdout
    held = run("check", "--kind", "assertion", "--format", "json").stdout
    for merging in (("category", "merge", "Tanks", "Guns"), ("side", "merge", "North Redland", "Redland")):
        assert run(*merging, "--reason", "r").exit_code == 0
    assert run("tally", "--category", "Tanks", "--side", "Redland", "--known-on", last, *by).stdout == before
    now = json.loads(run("check", "--kind", "assertion", "--format", "json").stdout)
    assert [row["ours"] for row in now] == [row["ours"] for row in json.loads(held)]
    early = run("tally", "--known-on", "0")
    assert early.exit_code == 1
