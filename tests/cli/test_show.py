"""``show`` as a user sees it: everything of one loss."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.screens import screen

MOVED_ON = """\
Loss blue222222: 1 T-72AV of Blueland, captured

conflict      Valley War
side          Blueland
type          T-72AV
category      Tanks
quantity      1
happened      2020-10-05
day           2020-10-05
feed          own
verification  confirmed, by ann
counted       yes

What became of it
  2020-10-05    damaged
  ..2020-10-10  captured

Sources
  reports  @eyewitness, post
           https://example.org/post
           not judged; nothing held
           source post222222, entered by ann on 2021-06-01

Decided
  2021-06-01  ann  entered as confirmed
"""

MERGED = """\
Loss tank444444: 1 T-72B of Redland, destroyed

conflict      Valley War
side          Redland
type          T-72B
category      Tanks
quantity      1
happened      2020-10-08
day           2020-10-08
feed          a-list
verification  claimed
counted       no: merged into tank222222

What became of it
  2020-10-08  destroyed

Sources
  reports  The Counters, 2020-10-20, blog
           Losses in the valley
           https://example.org/list
           judged B-: usually reliable, credibility not judged; nothing held
           source list222222, entered by ann on 2021-06-01

Decided
  2021-06-01  ann  merged into tank222222: the same picture

Tied to
  the same as  tank222222
"""

WITH_A_CASE_FILE = """\
Notes
  2021-06-02 tester  two of them may be decoys

Tied to
  split off it         PART (3)
  perhaps the same as  none222222: the same day
"""


def test_a_loss_that_moved_on(run: Run) -> None:
    """Its fields, its trail with each status on its day, and what vouches for it."""
    assert screen(run("show", "blue")) == MOVED_ON


def test_a_merged_loss(run: Run) -> None:
    """It says why it does not count, and which loss it is merged into; that one names it, too."""
    assert screen(run("show", "tank444444")) == MERGED
    assert screen(run("show", "tank2")).endswith("Tied to\n  the same as  tank444444\n")


def test_notes_links_and_parts(run: Run) -> None:
    part = screen(run("split", "guns", "--quantity", "3", "--reason", "three are shown")).strip()
    screen(run("note", "guns", "two of them may be decoys", "--reason", "r"))
    screen(run("link", "guns", "none222222", "--reason", "the same day"))
    assert screen(run("show", "guns")).endswith(WITH_A_CASE_FILE.replace("PART", part))


def test_a_note_that_was_undone_is_gone(run: Run) -> None:
    screen(run("note", "blue", "a mistake", "--reason", "r"))
    screen(run("undo", "--reason", "indeed"))
    assert screen(run("show", "blue")) == MOVED_ON


def test_one_object_for_programs(run: Run) -> None:
    told = json.loads(run("show", "blue222222", "--format", "json").stdout)
    assert (told["id"], told["outcome"], told["status"]) == ("blue222222", "captured", "damaged")
    assert [(step["status"], step["latest"]) for step in told["trail"]] == [
        ("damaged", "2020-10-05"),
        ("captured", "2020-10-10"),
    ]
    [piece] = told["evidence"]
    assert (piece["relation"], piece["source"]["url"]) == ("reports", "https://example.org/post")
    assert told["merged_with"] == told["parts"] == told["notes"] == []


def test_a_redacted_text_is_shown_as_such(run: Run) -> None:
    screen(run("redact", "tank3", "--field", "note,latitude,longitude", "--reason", "a private house", "--yes"))
    shown = screen(run("show", "tank3"))
    assert "note          [redacted]\n" in shown
    assert "40.1" not in shown


@pytest.mark.parametrize("wrong", ["zzzzzzzzzz", "x", "", "%"])
def test_no_such_id(run: Run, wrong: str) -> None:
    result = run("show", wrong)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"lossledger: no loss has the id '{wrong}'\n"


def test_several_ids_begin_so(run: Run) -> None:
    result = run("show", "tank")
    assert result.exit_code == 2
    assert "tank222222, tank333333, tank444444; give more letters" in result.stderr


def test_on_each_engine(served: Run) -> None:
    assert screen(served("show", "tank444444")) == MERGED


HELD = """
What june says now (imported on 2021-06-02, from june.csv)
          The list    Here
────────────────────────────────
happened  2020-10-12  2020-10-09
type      T-72AV      T-72B3
"""

HELD_STILL = """
What june says now (imported on 2021-06-02, from june.csv)
      The list  Here
──────────────────────
type  T-72AV    T-72B3
"""

HELD_LISTED = """
What june says now (imported on 2021-06-02, from june.csv)
        The list   Here
────────────────────────────────────────────────────
listed  no longer  vouched for: confirmed, by tester
"""


def test_what_a_list_says_otherwise(run: Run, tmp_path: Path) -> None:
    """Both words, by name and as days, with the day of the import; what the list alone has set has followed it."""
    uid = _followed(run, tmp_path)
    shown = screen(run("show", uid))
    assert shown.endswith(HELD)
    assert "1 T-72B3 of Redland, damaged" in shown
    [held] = json.loads(run("show", uid, "--format", "json").stdout)["held"]
    assert (held["feed"], held["imported_at"][:10], held["file"]) == ("june", "2021-06-02", "june.csv")
    assert held["fields"] == [
        {"field": "earliest", "list": "2020-10-12", "here": "2020-10-09"},
        {"field": "latest", "list": "2020-10-12", "here": "2020-10-09"},
        {"field": "type", "list": "T-72AV", "here": "T-72B3"},
    ]


def test_what_agrees_by_now_is_no_longer_shown(run: Run, tmp_path: Path) -> None:
    uid = _followed(run, tmp_path)
    screen(run("amend", uid, "--date", "2020-10-12", "--reason", "the list is right"))
    assert screen(run("show", uid)).endswith(HELD_STILL)
    screen(run("amend", uid, "--type", "T-72AV", "--reason", "here, too"))
    assert "What june says now" not in screen(run("show", uid))


def test_a_list_that_comes_round_says_nothing_otherwise(run: Run, tmp_path: Path) -> None:
    """It is what the list says now that is shown, not what it once said."""
    uid = _followed(run, tmp_path)
    (tmp_path / "june.csv").write_text(LIST.format("T-72AV", "damaged", "2020-10-09"))
    screen(run("import", str(tmp_path / "june.csv")))
    assert screen(run("show", uid)).endswith(HELD_STILL)
    (tmp_path / "june.csv").write_text(LIST.format("T-72B3", "damaged", "2020-10-09"))
    screen(run("import", str(tmp_path / "june.csv")))
    assert "What june says now" not in screen(run("show", uid))


def test_an_import_that_was_undone_says_nothing(run: Run, tmp_path: Path) -> None:
    uid = _followed(run, tmp_path)
    screen(run("undo", "--reason", "the wrong file"))
    assert "What june says now" not in screen(run("show", uid))


def test_what_a_list_no_longer_has_and_a_person_vouches_for(run: Run, tmp_path: Path) -> None:
    uid = _followed(run, tmp_path)
    screen(run("amend", uid, "--date", "2020-10-12", "--type", "T-72AV", "--reason", "the list is right"))
    screen(run("verify", uid, "--reason", "I saw it"))
    (tmp_path / "june.csv").write_text(LIST.format("T-72AV", "damaged", "2020-10-12").replace("/1", "/2"))
    screen(run("import", str(tmp_path / "june.csv"), "--snapshot", "--anyway"))
    assert screen(run("show", uid)).endswith(HELD_LISTED)
    screen(run("withdraw", uid, "--reason", "the list is right"))
    assert "What june says now" not in screen(run("show", uid))


def test_held_on_each_engine(served: Run, tmp_path: Path) -> None:
    assert screen(served("show", _followed(served, tmp_path))).endswith(HELD)


LIST = "side,type,status,date,source\nRedland,{},{},{},https://example.org/1\n"


def _followed(run: Run, tmp_path: Path) -> str:
    """A loss that a person has corrected, and of which its list then says something else again."""
    path = tmp_path / "june.csv"
    path.write_text(LIST.format("T-72B", "destroyed", "2020-10-08"))
    screen(run("import", str(path)))
    [loss] = json.loads(run("list", "--feed", "june", "--format", "json").stdout)
    correction = ("--type", "T-72B3", "--date", "2020-10-09", "--place", "the ford")
    screen(run("amend", loss["id"], *correction, "--reason", "seen closely"))
    path.write_text(LIST.format("T-72AV", "damaged", "2020-10-12"))
    screen(run("import", str(path)))
    return str(loss["id"])
