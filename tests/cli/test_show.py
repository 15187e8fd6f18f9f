"""``show`` as a user sees it: everything of one loss."""

import json
from pathlib import Path

import pytest

from lossledger.core.fields import child_path
from lossledger.core.vocabulary import Act
from lossledger.db.engine import open_engine
from lossledger.ledger.journal import recording
from tests.cli.conftest import POST, Run
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


OF_A_PART = """\
verification  confirmed, by ben, a second person
counted       yes

What became of it
  by 2020-10-20  destroyed

Sources
  reports   The Counters, 2020-10-20, blog
            Losses in the valley
            https://example.org/list
            judged B-: usually reliable, credibility not judged; nothing held
            source list222222, entered by ann on 2021-06-01

  disputes  @eyewitness, post, on place
            “the ford”
            https://example.org/post
            not judged; nothing held
            source post222222, entered by carl on 2021-06-02

Decided
  2021-06-02  dora  guns222222, of which this was part: stays claimed: too early
  2021-06-02  carl  guns222222, of which this was part: place disputed by
                    @eyewitness: not there
  2021-06-02  ben   claimed -> confirmed: three are shown
  2021-06-02  ben   withdrawn: the wrong three
                    undone by ben on 2021-06-02: no, the right ones

Tied to
  split from  guns222222
"""

HELD_FILES = """\
Sources
  reports  @eyewitness, post
           https://example.org/post
           archived https://archive.example/1
           not judged; its link gone since 2021-05-30
           held: tank.jpg, image/jpeg, 1.2 MB, sha256 3fa93fa93fa9, captured
           2020-10-08T11:02:13, graphic
           held: a file, sha256 abababababab
           source post222222, entered by ann on 2021-06-01
"""


def test_a_part_and_what_was_decided_on_its_whole(served: Run) -> None:
    """Its evidence was brought by whoever brought that of the whole; what was undone stands as such."""
    decisions = "item,decision,reason\nclaim:guns222222,keep,too early\n"
    screen(served("--actor", "dora", "verify", "--batch", "-", "--reason", "r", input=decisions))
    because = ("--source", "post", "--field", "place", "--says", "the ford", "--reason", "not there")
    screen(served("--actor", "carl", "dispute", "guns", *because))
    three = ("--quantity", "3", "--item", "--reason", "three are shown")
    part = screen(served("--actor", "ben", "verify", "guns", *three)).strip()
    screen(served("--actor", "ben", "withdraw", part, "--reason", "the wrong three"))
    screen(served("--actor", "ben", "undo", "--reason", "no, the right ones"))
    assert screen(served("show", part)).endswith(OF_A_PART)


def test_what_is_held_of_a_source_and_how_its_link_is(run: Run, ledger: Path) -> None:
    files = (
        {"sha256": "3fa9" * 16, "name": "tank.jpg", "media_type": "image/jpeg", "size": "1234567", "graphic": "yes"},
        {"sha256": "ab" * 32},
    )
    held: dict[str, str] = {"archived": "https://archive.example/1"}
    held |= {"health": "gone", "looked_at": "2021-06-01T08:00:00.000000Z", "gone_on": "2021-05-30"}
    for number, file in enumerate(files, 1):
        told = {"origin": "fetched", **file}
        held |= {child_path("file", f"file{number}22222", name): value for name, value in told.items()}
    held[child_path("file", "file122222", "captured")] = "2020-10-08T11:02:13"
    engine = open_engine(f"sqlite:///{ledger}")
    with recording(engine, actor="ann") as journal:
        journal.append(Act.EVIDENCE, "source", POST, held)
    engine.dispose()
    assert HELD_FILES in screen(run("show", "jeep"))
    [piece] = json.loads(run("show", "jeep", "--format", "json").stdout)["evidence"]
    assert [(file["name"], file["size"], file["graphic"]) for file in piece["source"]["files"]] == [
        ("tank.jpg", 1234567, True),
        (None, None, False),
    ]


@pytest.mark.parametrize(
    ("decision", "said"), [("keep", "stays as it is here, against june: r"), ("take", "as june says: r")]
)
def test_what_was_decided_on_the_word_of_a_list(run: Run, tmp_path: Path, decision: str, said: str) -> None:
    uid = _followed(run, tmp_path)
    batch = f"item,decision\nheld:{uid}:june,{decision}\n"
    screen(run("--actor", "ben", "verify", "--batch", "-", "--reason", "r", input=batch))
    assert screen(run("show", uid)).endswith(f"\nDecided\n  2021-06-02  ben  {said}\n")


def test_decisions_for_programs(run: Run) -> None:
    """One record each with the same keys; what does not belong to its kind is null."""
    screen(run("merge", "tank3", "tank222222", "--reason", "the same"))
    told = json.loads(run("show", "tank333333", "--format", "json").stdout)
    assert told["second_reviewed"] is False
    assert [piece["brought"] for piece in told["evidence"]] == [
        {"entry": told["evidence"][0]["brought"]["entry"], "recorded_at": WHEN, "actor": "ann", "feed": None}
    ]
    none = dict.fromkeys(("loss", "field", "old", "new", "by", "source", "other", "feed", "undone"))
    first, second = told["decided"]
    assert first == none | {
        **{name: first[name] for name in ("entry", "recorded_at")},
        "actor": "ann",
        "reason": None,
        "kind": "entered",
        "field": "verification",
        "new": "confirmed",
        "by": "ann",
    }
    assert second == none | {
        **{name: second[name] for name in ("entry", "recorded_at")},
        "actor": "tester",
        "reason": "the same",
        "kind": "merged",
        "other": "tank222222",
    }


WHEN = "2021-06-01T08:00:00.000000Z"

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
