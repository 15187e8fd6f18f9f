"""``feed`` as a user sees it: the lists that losses come from, their imports, and what is known of them."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.screens import screen

TABLE = """\
side,type,status,date,source
Redland,T-72B,destroyed,2020-10-08,https://example.org/1
Blueland,T-72AV,captured,2020-10-09,https://example.org/2
"""
NEWER = """\
side,type,status,date,source
Redland,T-72B,destroyed,2020-10-08,https://example.org/1
Blueland,T-72AV,captured,2020-10-12,https://example.org/2
Blueland,T-72AV,exploded,2020-10-12,https://example.org/3
"""


@pytest.fixture
def imported(run: Run, tmp_path: Path) -> Run:
    """The small ledger after two imports of a list called June."""
    path = tmp_path / "june.csv"
    path.write_text(TABLE)
    screen(run("import", str(path), "--feed", "June", "--dated", "2020-11-01"))
    path.write_text(NEWER)
    assert run("import", str(path), "--feed", "June").exit_code == 3
    return run


LISTED = """\
Feed    Name         Publisher     Rows enter as  Losses  Last import
──────────────────────────────────────────────────────────────────────────────
a-list  A list       The Counters  claimed             1
june    June                       claimed             2  2021-06-02: june.csv
own     Own entries                claimed             6

3 feeds.
"""

LISTED_WIDE = """\
june
  name           Losses of the war in the valley as of June
  rows enter as  claimed
  losses         2
  last import    2021-06-02: june.csv

1 feed.
"""

SHOWN = """\
Feed June

slug              june
name              June
verification      claimed
losses            2
no longer listed  0

Imports: 2

Run         Imported    File                      Rows  What became of them
────────────────────────────────────────────────────────────────────────────────
RUN-------  2021-06-02  june.csv                     3  1 changed, 1 unchanged,
                                                        1 refused
RUN-------  2021-06-02  june.csv, dated              2  2 added
                        2020-11-01

History

33  2021-06-02 08:00:00 UTC  enter, by tester
    name          June
    verification  claimed
    reason        import of june.csv
"""

RUNS = """\
Run         Imported    File                      Rows  What became of them
────────────────────────────────────────────────────────────────────────────────
RUN-------  2021-06-02  june.csv                     3  1 changed, 1 unchanged,
                                                        1 refused
RUN-------  2021-06-02  june.csv, dated              2  2 added
                        2020-11-01

2 imports of june. What one changed: lossledger diff RUN
"""


def without_ids(text: str) -> str:
    """A table of runs with a word for each id, which is another every time."""
    return re.sub(r"^[a-z2-7]{10} ", "RUN------- ", text, flags=re.MULTILINE)


def test_the_feeds_with_what_each_has(imported: Run) -> None:
    assert screen(imported("feed", "list")) == LISTED


def test_a_list_that_is_too_wide_is_a_block_a_feed(imported: Run) -> None:
    """No slug is broken: it is there to be copied."""
    screen(imported("feed", "change", "june", "--name", "Losses of the war in the valley as of June", "--reason", "r"))
    assert screen(imported("feed", "list", "june")) == LISTED_WIDE


def test_the_feeds_for_programs(imported: Run) -> None:
    told = {feed["slug"]: feed for feed in json.loads(imported("feed", "list", "--format", "json").stdout)}
    assert list(told) == ["a-list", "june", "own"]
    june = told["june"]
    assert (june["losses"], june["imports"], june["last_imported_at"][:10], june["last_file"]) == (
        2,
        2,
        "2021-06-02",
        "june.csv",
    )
    assert (told["own"]["losses"], told["own"]["imports"], told["own"]["last_file"]) == (6, 0, None)
    assert imported("feed", "list", "counters", "--format", "csv").stdout.count("\n") == 2


def test_no_feed_of_that_name(run: Run) -> None:
    result = run("feed", "list", "zebra")
    assert (result.exit_code, result.stderr) == (1, "lossledger: no feed has 'zebra' in its name or publisher\n")
    result = run("feed", "show", "zebra")
    assert (result.exit_code, result.stderr) == (2, "lossledger: no feed 'zebra'; there are: a-list, own\n")


def test_a_feed_with_its_imports_and_its_history(imported: Run) -> None:
    assert without_ids(screen(imported("feed", "show", "June"))) == SHOWN


def test_one_feed_for_programs(imported: Run) -> None:
    told = json.loads(imported("feed", "show", "june", "--format", "json").stdout)
    assert (told["slug"], told["name"], told["losses"], told["no_longer_listed"]) == ("june", "June", 2, 0)
    assert [(run["file"], run["dated"], run["rows_added"]) for run in told["runs"]] == [
        ("june.csv", None, 0),
        ("june.csv", "2020-11-01", 2),
    ]
    assert [step["act"] for step in told["history"]] == ["catalogue"]


def test_the_imports_of_a_feed(imported: Run) -> None:
    assert without_ids(screen(imported("feed", "runs", "june"))) == RUNS
    told = json.loads(imported("feed", "runs", "june", "--format", "json").stdout)
    assert [run["rows_read"] for run in told] == [3, 2]


def test_many_imports_are_shown_in_part(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "june.csv"
    for number in range(12):
        path.write_text(f"side,type,source\nRedland,T-72B,https://example.org/{number}\n")
        screen(run("import", str(path)))
    shown = screen(run("feed", "show", "june"))
    assert "\nImports: the latest 10 of 12; all of them: lossledger feed runs june\n" in shown
    assert shown.count(" june.csv ") == 10
    assert screen(run("feed", "runs", "june")).count(" june.csv ") == 12


def test_a_feed_into_which_nothing_was_imported(run: Run) -> None:
    assert "Imports" not in screen(run("feed", "show", "own"))
    result = run("feed", "runs", "own")
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        "lossledger: nothing was imported into feed own\n",
    )


def test_what_is_no_longer_listed(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "june.csv"
    path.write_text(TABLE)
    screen(run("import", str(path)))
    path.write_text(TABLE.partition("Blueland")[0])
    screen(run("import", str(path), "--snapshot", "--anyway"))
    assert "\nlosses            1\nno longer listed  1\n" in screen(run("feed", "show", "june"))


def test_change_every_field(imported: Run) -> None:
    given = {
        "name": "June and July",
        "publisher": "The Monthly",
        "licence": "CC0",
        "credit": "by the Monthly",
        "url": "https://monthly.example/list",
        "verification": "confirmed",
        "verified-by": "the Monthly",
        "note": "on paper, too",
    }
    options = (part for name, value in given.items() for part in (f"--{name}", value))
    result = imported("feed", "change", "june", *options, "--reason", "they said so")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "feed june: name June -> June and July, publisher none -> The Monthly, licence none -> CC0, credit none -> by "
        "the Monthly, url none -> https://monthly.example/list, verification claimed -> confirmed, verified by none -> "
        "the Monthly, note none -> on paper, too\n"
    )
    told = json.loads(imported("feed", "show", "june", "--format", "json").stdout)
    assert {name: told[name.replace("-", "_")] for name in given} == given
    assert imported("feed", "change", "june", "--licence", "", "--reason", "none after all").exit_code == 0
    assert json.loads(imported("feed", "show", "june", "--format", "json").stdout)["licence"] is None


def test_another_verification_goes_for_rows_that_enter_from_then_on(imported: Run, tmp_path: Path) -> None:
    change = ("feed", "change", "june", "--verification", "confirmed", "--verified-by", "June's editors")
    assert imported(*change, "--reason", "they look at pictures").exit_code == 0
    path = tmp_path / "june.csv"
    path.write_text(NEWER.replace("exploded", "destroyed"))
    screen(imported("import", str(path)))
    told = json.loads(imported("list", "--feed", "june", "--format", "json").stdout)
    assert [(loss["status"], loss["verification"], loss["verified_by"]) for loss in told] == [
        ("destroyed", "claimed", None),
        ("captured", "claimed", None),
        ("destroyed", "confirmed", "June's editors"),
    ]


def test_a_renamed_feed_is_the_same_list(imported: Run, tmp_path: Path) -> None:
    """Its slug stays, and a file of its old name still belongs to it."""
    assert imported("feed", "change", "june", "--name", "Summer", "--reason", "r").exit_code == 0
    said = imported("import", str(tmp_path / "june.csv"))
    assert "Feed june: Summer\n" in said.stdout
    assert "Feed june: Summer\n" in imported("import", str(tmp_path / "june.csv"), "--feed", "summer").stdout


REFUSED = {
    "a name that is taken": (("--name", "a LIST"), "feed a-list is called 'a LIST' already"),
    "a slug that is taken": (("--name", "a-list"), "feed a-list is called 'a-list' already"),
    "no name": (("--name", ""), "a feed cannot be without a name"),
    "no link": (("--url", "example.org"), "url is no http or https link: 'example.org'"),
    "an unknown word": (
        ("--verification", "sure"),
        "verification 'sure' is not one of: confirmed, claimed, disputed, rejected",
    ),
    "confirmed by somebody, but claimed": (
        ("--verified-by", "Ann"),
        "--verified-by says who confirmed, disputed or rejected its rows; give --verification, too",
    ),
    "nothing": ((), "feed own already says so; nothing to change"),
}


@pytest.mark.parametrize(("args", "line"), REFUSED.values(), ids=REFUSED)
def test_changes_that_cannot_be(run: Run, ledger: Path, args: tuple[str, ...], line: str) -> None:
    before = ledger.read_bytes()
    result = run("feed", "change", "own", *args, "--reason", "r")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"lossledger: {line}\n")
    assert ledger.read_bytes() == before


def test_a_link_that_another_feed_has(run: Run) -> None:
    assert run("feed", "change", "a-list", "--url", "https://www.list.example/", "--reason", "r").exit_code == 0
    result = run("feed", "change", "own", "--url", "http://list.example", "--reason", "r")
    assert (result.exit_code, result.stderr) == (2, "lossledger: feed a-list has this link already\n")


def test_a_dry_run(run: Run, ledger: Path) -> None:
    before = ledger.read_bytes()
    result = run("feed", "change", "own", "--credit", "Ann", "--reason", "r", "--dry-run")
    assert (result.exit_code, result.stderr) == (0, "would record: feed own: credit none -> Ann\n")
    assert ledger.read_bytes() == before


def test_on_each_engine(served: Run, tmp_path: Path) -> None:
    (tmp_path / "june.csv").write_text(TABLE)
    screen(served("import", str(tmp_path / "june.csv"), "--feed", "June", "--dated", "2020-11-01"))
    assert "\njune\n  name           June\n" in screen(served("feed", "list"))
    assert "  june.csv, dated 2020-11-01     2  2 added\n" in screen(served("feed", "runs", "june"))
