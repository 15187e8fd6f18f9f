"""``duplicates`` as a user sees it: pairs with their reasons, and the joining of the certain ones."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import Run, runner
from tests.cli.screens import screen

WHY = ("--reason", "because")

NEAR = """\
Possible duplicates

Score  Id          Other       Side     Type   Status     Why
────────────────────────────────────────────────────────────────────────────────
   60  tank222222  tank444444  Redland  T-72B  destroyed  same side, type and
                                                          status; same day

1 pair.
"""


@pytest.fixture
def twice(run: Run) -> Run:
    """The small ledger, in which a tank stands both among our own and in a list."""
    assert run("unmerge", "tank4", *WHY).exit_code == 0
    return run


def test_nothing_is_good_news(run: Run) -> None:
    """It is said, and the exit code is 0."""
    assert screen(run("duplicates")) == "No possible duplicates.\n"
    rows = run("duplicates", "--format", "json")
    assert (rows.exit_code, rows.stdout, rows.stderr) == (0, "[]\n", "No possible duplicates.\n")


def test_pairs_for_people(twice: Run) -> None:
    assert screen(twice("duplicates")) == NEAR


def test_pairs_for_programs(twice: Run) -> None:
    """Every column of both, whatever is the same."""
    [row] = json.loads(twice("duplicates", "--format", "json").stdout)
    assert row == {
        "score": 60,
        "certain": False,
        "why": "same side, type and status; same day",
        "id": "tank222222",
        "other": "tank444444",
        "feed": "own",
        "other_feed": "a-list",
        "side": "Redland",
        "other_side": "Redland",
        "type": "T-72B",
        "other_type": "T-72B",
        "outcome": "destroyed",
        "other_outcome": "destroyed",
        "day": "2020-10-08",
        "other_day": "2020-10-08",
    }


def test_how_near_is_near(twice: Run) -> None:
    """A day more than is allowed, and the two are no pair."""
    twice("amend", "tank4", "--date", "2020-10-10", *WHY)
    assert screen(twice("duplicates")) == "No possible duplicates.\n"
    assert "2 days apart" in " ".join(screen(twice("duplicates", "--days", "2")).split())


def test_the_certain_ones_are_joined_and_undone(run: Run, tmp_path: Path) -> None:
    """One act; the one that is confirmed is kept, and the reason stands in the history."""
    (tmp_path / "list.csv").write_text(
        "side,type,status,source\nRedland,T-72B,destroyed,http://www.example.org/post?utm_source=a\n", encoding="utf-8"
    )
    assert run("import", str(tmp_path / "list.csv")).exit_code == 0
    [row] = json.loads(run("duplicates", "--format", "json").stdout)
    uid = row["other"]
    assert (row["score"], row["certain"], row["id"]) == (100, True, "tank222222")
    shown = screen(run("duplicates"))
    assert shown.endswith("1 pair, 1 of them certain; join these with: lossledger duplicates --merge exact\n")
    dry = run("duplicates", "--merge", "exact", "--dry-run")
    assert (dry.exit_code, dry.stdout) == (0, "")
    assert dry.stderr == "would record: 1 loss merged into the same one in another list\n"
    assert len(json.loads(run("duplicates", "--format", "json").stdout)) == 1
    done = run("duplicates", "--merge", "exact", "--format", "csv")
    assert (done.exit_code, done.stdout) == (0, f"id,merged_into\n{uid},tank222222\n")
    assert done.stderr == "1 loss merged into the same one in another list\n"
    assert "same link, side and status in two lists" in run("history", uid).stdout
    again = run("duplicates", "--merge", "exact")
    assert (again.exit_code, again.stderr) == (0, "nothing certain to join\n")
    assert f"{uid} counts again" in run("undo", *WHY).stderr


def test_what_is_left_is_said(twice: Run) -> None:
    """With the reason: what was unmerged is not joined again unasked."""
    added = twice("evidence", "add", "tank4", "--source", "http://example.org/post", *WHY)
    assert added.exit_code == 0, added.stderr
    said = twice("duplicates", "--merge", "exact").stderr
    assert said == "nothing certain to join\nleft for you to decide: 1 where one was unmerged before\n"
    twice("amend", "tank4", "--quantity", "2", *WHY)
    said = twice("duplicates", "--merge", "exact").stderr
    assert said == "nothing certain to join\nleft for you to decide: 1 where the quantities are unequal\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--merge", "exact", "--limit", "3"), "--limit is for the list of pairs; --merge exact joins all"),
        (("--dry-run",), "--dry-run and --reason go with --merge exact; without it nothing is joined"),
        (("--merge", "all"), "merge 'all' is not one of: exact"),
        (("--side", "Grenland"), "no side 'Grenland'"),
    ],
)
def test_wrong_use(run: Run, typed: tuple[str, ...], said: str) -> None:
    result = run("duplicates", *typed)
    assert (result.exit_code, said in result.stderr) == (2, True)


def test_ships_that_stand_on_two_pages_are_counted_once(data_dir: Path, tmp_path: Path) -> None:
    """Whatever the pages call their types and headings; reading either page again changes nothing."""
    run = runner(str(tmp_path / "war.db"))
    pages = [str(data_dir / "oryx" / f"{name}.html.gz") for name in ("ukraine", "naval")]
    assert run("init", "--pack", "ukraine-2022").exit_code == 0
    for page in pages:
        assert run("import", page).exit_code == 0
    assert run("duplicates", "--merge", "exact").stderr.splitlines()[0].startswith("26 losses merged")
    sums: Counter[str] = Counter()
    with (data_dir / "oryx" / "expected.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            sums[row["side"]] += int(row["total"])
    wanted = sums - Counter({"Ukraine": 26})

    def joined() -> Counter[str]:
        rows = json.loads(run("tally", "--joined", "--by", "side", "--format", "json").stdout)
        return Counter({row["side"]: row["quantity"] for row in rows})

    assert joined() == wanted
    for page in pages:
        assert run("import", page).exit_code == 0
    assert joined() == wanted
    assert run("duplicates", "--merge", "exact").stderr == "nothing certain to join\n"
    assert run("audit").exit_code == 0
