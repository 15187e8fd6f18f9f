"""`evidence`: files taken in, listed, marked, copied out and verified, as the user sees it."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run, runner
from tests.evidence.test_media import picture

TANK = picture("JPEG", "2020:10:03 14:22:11", "+04:00")
DIGEST = hashlib.sha256(TANK).hexdigest()
SIZE = len(TANK)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working folder, with a picture and a text in it."""
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "tank.jpg").write_bytes(TANK)
    (folder / "note.txt").write_text("what was seen\n")
    monkeypatch.chdir(folder)
    yield folder
    for path in tmp_path.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


def held(run: Run, *args: str) -> list[dict[str, object]]:
    """What `evidence files` lists, as programs have it."""
    rows: list[dict[str, object]] = json.loads(run("evidence", "files", *args, "--format", "json").stdout)
    return rows


def source_in(said: str) -> str:
    """The id of the source that a message names."""
    found = re.search(r"source ([a-z2-7]{10})", said)
    assert found
    return found[1]


def test_a_file_is_a_source_of_its_own_given_by_the_actor(run: Run, ledger: Path) -> None:
    added = run("evidence", "add", "tank2", "tank.jpg", "--reason", "sent by a reader")
    source = source_in(added.stderr)
    file = f"tank.jpg, image/jpeg, {SIZE} bytes, sha256 {DIGEST[:12]}"
    assert added.stderr == f"loss tank222222: source {source} (new) reports it; held: {file}\n"
    (row,) = held(run, "tank2")
    assert row == {
        "sha256": DIGEST,
        "name": "tank.jpg",
        "media_type": "image/jpeg",
        "size": SIZE,
        "captured": "2020-10-03T14:22:11+04:00",
        "graphic": False,
        "origin": "given",
        "url": None,
        "record": None,
        "source": source,
        "losses": "tank222222",
    }
    assert json.loads(run("source", "show", source, "--format", "json").stdout) | {"history": 0} == {
        **json.loads(run("source", "show", source, "--format", "json").stdout),
        "title": "tank.jpg",
        "author": "tester",
        "kind": "image",
        "history": 0,
    }
    stored = ledger.parent / "valley.evidence" / DIGEST[:2] / DIGEST
    assert stored.read_bytes() == TANK
    assert stored.stat().st_mode & 0o222 == 0


def test_the_same_file_again_appends_nothing_and_mends_the_store(run: Run, ledger: Path) -> None:
    source = source_in(run("evidence", "add", "tank2", "tank.jpg", "--reason", "r").stderr)
    head = run("audit", "--head").stdout
    again = run("evidence", "add", "tank2", "tank.jpg", "tank.jpg", "--reason", "r")
    file = f"tank.jpg, image/jpeg, {SIZE} bytes, sha256 {DIGEST[:12]}"
    assert again.stderr == f"{file}: held of source {source} already\n"
    (ledger.parent / "valley.evidence" / DIGEST[:2] / DIGEST).unlink()
    again = run("evidence", "add", "tank2", "tank.jpg", "--reason", "r")
    assert again.stderr == (
        f"{file}: held of source {source} already; it was missing from the store, and is there again\n"
    )
    assert run("audit", "--head").stdout == head
    assert run("evidence", "verify").exit_code == 0
    other = run("evidence", "add", "blue2", "tank.jpg", "--reason", "r").stderr
    assert other == f"loss blue222222: source {source} reports it\n{file}: held of source {source} already\n"


def test_with_a_source_the_file_is_held_of_it(served: Run) -> None:
    added = served(
        "evidence", "add", "tank2", "tank.jpg", "note.txt", "--source", "list2", "--graphic", "--reason", "saved"
    )
    assert added.exit_code == 0, added.stderr
    assert sorted((row["name"], row["source"], row["graphic"]) for row in held(served, "list2")) == [
        ("note.txt", "list222222", True),
        ("tank.jpg", "list222222", True),
    ]
    assert "list222222 reports it; held: tank.jpg" in added.stderr
    again = served("evidence", "add", "tank2", "note.txt", "--source", "list2", "--credibility", "2", "--reason", "r")
    assert "held of source list222222 already" in again.stderr
    new = served("evidence", "add", "blue2", "note.txt", "--source", "https://example.org/new", "--reason", "r")
    assert re.search(r"source [a-z2-7]{10} \(new\) reports it; held: note.txt, text/plain", new.stderr)
    assert [row["graphic"] for row in held(served, "blue2")] == [True]  # wherever it is held
    assert served("audit").exit_code == 0
    assert served("evidence", "verify").stderr == "2 files read, 0 findings.\n"


def test_a_dry_run_keeps_nothing(run: Run) -> None:
    head = run("audit", "--head").stdout
    said = run("evidence", "add", "tank2", "tank.jpg", "--reason", "r", "--dry-run").stderr
    assert said.startswith("would record: loss tank222222: a new source reports it; held: tank.jpg, image/jpeg")
    assert run("audit", "--head").stdout == head
    assert held(run) == []
    assert run("evidence", "verify").stderr == "0 files read, 0 findings.\n"


def test_a_dry_run_brings_nothing_back(run: Run, ledger: Path) -> None:
    """A file of the journal's that the store has lost: a trial says what would be, and leaves the store as it is."""
    source = source_in(run("evidence", "add", "tank2", "tank.jpg", "--reason", "r").stderr)
    stored = ledger.parent / "valley.evidence" / DIGEST[:2] / DIGEST
    stored.unlink()
    said = run("evidence", "add", "tank2", "tank.jpg", "--reason", "r", "--dry-run").stderr
    file = f"tank.jpg, image/jpeg, {SIZE} bytes, sha256 {DIGEST[:12]}"
    assert said == f"{file}: held of source {source} already; it is missing from the store, and would be there again\n"
    assert not stored.exists()


def test_standard_input_needs_a_name(run: Run) -> None:
    assert run("evidence", "add", "tank2", "-", "--reason", "r", input="seen").stderr == (
        "lossledger: standard input has no name; give one with --name\n"
    )
    said = run("evidence", "add", "tank2", "-", "--name", "seen.txt", "--reason", "r", input="seen").stderr
    assert "held: seen.txt, text/plain, 4 bytes" in said
    empty = run("evidence", "add", "tank2", "-", "--name", "nothing.txt", "--reason", "r", input="")
    assert (empty.exit_code, empty.stderr) == (
        2,
        "lossledger: nothing.txt is empty; there is nothing to hold\n",
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["."], ". is a folder; name the files in it"),
        (["nothing.jpg"], "nothing.jpg: No such file or directory"),
        (["empty.jpg"], "empty.jpg is empty; there is nothing to hold"),
        (["pipe"], "pipe is no file but a device or a pipe; pipe what it says into: - --name NAME"),
        (["tank.jpg", "note.txt", "--name", "x"], "--name is the name of one file; give one"),
        (["--graphic"], "--name and --graphic are said of files; name one"),
        ([], "give a file, or name a source with --source: its link, or its id"),
        (["a\0b"], "a\\x00b: embedded null byte"),
    ],
)
def test_what_is_no_file_is_refused_in_a_line(run: Run, here: Path, args: list[str], said: str) -> None:
    (here / "empty.jpg").write_bytes(b"")
    os.mkfifo(here / "pipe")
    refused = run("evidence", "add", "tank2", *args, "--reason", "r")
    assert (refused.exit_code, refused.stderr) == (2, f"lossledger: {said}\n")
    assert held(run) == []


def test_a_name_from_outside_does_nothing_to_the_terminal(run: Run, here: Path) -> None:
    (here / "a\x1b[31m.txt").write_text("red")
    said = run("evidence", "add", "tank2", "a\x1b[31m.txt", "--reason", "r").stderr
    assert "held: a\\x1b[31m.txt, text/plain" in said
    (row,) = held(run)
    assert row["name"] == "a\\x1b[31m.txt"


def test_an_unknown_loss_takes_nothing_in(run: Run, ledger: Path) -> None:
    refused = run("evidence", "add", "nosuch", "tank.jpg", "--reason", "r")
    assert (refused.exit_code, refused.stderr) == (1, "lossledger: no loss has the id 'nosuch'\n")
    assert [path for path in (ledger.parent / "valley.evidence").rglob("*") if path.is_file()] == [
        ledger.parent / "valley.evidence" / ".staging" / ".lock"
    ]


def test_what_is_held_is_listed_at_80_columns(run: Run) -> None:
    run("evidence", "add", "tank2", "tank.jpg", "--source", "list2", "--graphic", "--reason", "r")
    assert run("evidence", "files").stdout == (
        "SHA-256       File           Size       Captured      Source      Losses\n"
        "────────────────────────────────────────────────────────────────────────────────\n"
        f"{DIGEST[:12]}  tank.jpg,      {SIZE} bytes  2020-10-03    list222222  tank222222,\n"
        "              image/jpeg,               14:22:11                  tank444444,\n"
        "              graphic                   +04:00                    guns222222\n"
        "\n"
        f"1 file, {SIZE} bytes.\n"
    )
    nothing = run("evidence", "files", "blue2")
    assert (nothing.exit_code, nothing.stderr) == (1, "lossledger: nothing is held for blue2\n")
    assert run("evidence", "files", "").stderr == "lossledger: no loss and no source has the id ''\n"
    assert run("evidence", "files", "nosuch").stderr == "lossledger: no loss and no source has the id 'nosuch'\n"


def test_a_copy_is_handed_out_by_its_name(run: Run, here: Path) -> None:
    run("evidence", "add", "tank2", "tank.jpg", "--source", "list2", "--reason", "r")
    there = run("evidence", "get", DIGEST[:6])
    assert (there.exit_code, there.stderr) == (
        2,
        "lossledger: tank.jpg is there already; name another with -o, or replace it with --force\n",
    )
    (here / "tank.jpg").unlink()
    assert run("evidence", "get", DIGEST[:6].upper()).stderr == f"tank.jpg: {SIZE} bytes, sha256 {DIGEST}\n"
    assert (here / "tank.jpg").read_bytes() == TANK
    assert run("evidence", "get", DIGEST, "-o", "-").stdout_bytes == TANK
    assert run("evidence", "get", "ffffff").exit_code == 1


def test_a_name_as_long_as_names_can_be_is_kept(run: Run, here: Path) -> None:
    name = "a" * 250 + ".jpg"
    run("evidence", "add", "tank2", "tank.jpg", "--name", name, "--reason", "r")
    assert run("evidence", "get", DIGEST).stderr == f"{name}: {SIZE} bytes, sha256 {DIGEST}\n"
    assert (here / name).read_bytes() == TANK


def test_a_changed_file_is_handed_out_to_no_file(run: Run, ledger: Path, here: Path) -> None:
    run("evidence", "add", "tank2", "tank.jpg", "--source", "list2", "--reason", "r")
    stored = ledger.parent / "valley.evidence" / DIGEST[:2] / DIGEST
    stored.chmod(0o644)
    stored.write_bytes(TANK[:-1] + b"?")
    got = run("evidence", "get", DIGEST, "-o", "copy.jpg")
    assert (got.exit_code, got.stderr) == (
        5,
        f"lossledger: {stored}: it was changed: what it holds has another digest\n",
    )
    assert sorted(path.name for path in here.iterdir()) == ["note.txt", "tank.jpg"]
    piped = run("evidence", "get", DIGEST, "-o", "-")
    assert (piped.exit_code, piped.stdout_bytes, piped.stderr) == (got.exit_code, b"", got.stderr)


def test_a_graphic_file_is_handed_out_only_when_asked_for(run: Run, here: Path) -> None:
    run("evidence", "add", "tank2", "tank.jpg", "--source", "list2", "--reason", "r")
    marked = run("evidence", "mark", DIGEST[:6], "--graphic", "--reason", "shows the crew")
    assert marked.stderr == f"tank.jpg, image/jpeg, {SIZE} bytes, sha256 {DIGEST[:12]}: graphic\n"
    refused = run("evidence", "get", DIGEST, "-o", "copy.jpg")
    assert (refused.exit_code, refused.stderr) == (
        2,
        f"lossledger: {DIGEST[:12]} is marked as graphic; if you want to see it, say --graphic\n",
    )
    assert run("evidence", "get", DIGEST, "-o", "copy.jpg", "--graphic").exit_code == 0
    assert "graphic already" in run("evidence", "mark", DIGEST, "--graphic", "--reason", "r").stderr
    run("evidence", "mark", DIGEST, "--not-graphic", "--reason", "r")
    assert run("evidence", "get", DIGEST, "-o", "copy.jpg", "--force").exit_code == 0


def test_nobody_marks_a_file_without_saying_as_what(run: Run) -> None:
    """Left out, the word must not count for one of the two."""
    run("evidence", "add", "tank2", "tank.jpg", "--graphic", "--reason", "r")
    refused = run("evidence", "mark", DIGEST, "--reason", "oops")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "missing option '--graphic'" in refused.stderr.lower()
    assert [row["graphic"] for row in held(run)] == [True]


def test_a_name_leads_nowhere_else(run: Run, here: Path) -> None:
    run("evidence", "add", "tank2", "-", "--name", "../../.bashrc", "--reason", "r", input="evil")
    (row,) = held(run)
    assert run("evidence", "get", str(row["sha256"])).stderr.startswith("_.._.bashrc: 4 bytes")
    assert not (here.parent.parent / ".bashrc").exists()


def test_what_was_done_to_the_store_is_named(run: Run, ledger: Path) -> None:
    run("evidence", "add", "tank2", "tank.jpg", "note.txt", "--source", "list2", "--reason", "r")
    store = ledger.parent / "valley.evidence"
    (store / DIGEST[:2] / DIGEST).unlink()
    (store / "stray.txt").write_text("?")
    found = run("evidence", "verify", "--format", "json")
    assert found.exit_code == 1
    assert found.stderr == "1 of 2 files read, 2 findings.\n"
    assert json.loads(found.stdout) == [
        {
            "found": "missing",
            "place": DIGEST,
            "said": "it is missing",
            "name": "tank.jpg",
            "source": "list222222",
            "losses": "tank222222|tank444444|guns222222",
        },
        {
            "found": "unknown",
            "place": "stray.txt",
            "said": "it is no file of the store",
            "name": None,
            "source": None,
            "losses": None,
        },
    ]
    audited = run("audit", "--format", "json")
    assert audited.exit_code == 1
    assert [(row["check"], row["wrong"]) for row in json.loads(audited.stdout)] == [
        ("store", "it is missing"),
        ("store", "it is no file of the store"),
    ]


def test_what_is_held_no_more_is_told_at_80_columns(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("evidence", "add", "tank2", "tank.jpg", "--source", "list2", "--reason", "r")
    run("undo", "--reason", "the wrong loss")
    monkeypatch.setenv("COLUMNS", "80")
    told = run("evidence", "verify")
    assert (told.exit_code, told.stderr) == (0, "0 files read, 0 findings, 1 remark.\n")
    assert told.stdout == (
        "Found                  SHA-256       What is wrong          Name  Source  Losses\n"
        "────────────────────────────────────────────────────────────────────────────────\n"
        f"no longer referred to  {DIGEST[:12]}  nothing refers to it\n"
        "                                     any more: what held\n"
        "                                     it was undone\n"
    )


def test_a_store_that_is_elsewhere_is_said_to_be(run: Run, ledger: Path) -> None:
    run("evidence", "add", "tank2", "tank.jpg", "--source", "list2", "--reason", "r")
    store, elsewhere = ledger.parent / "valley.evidence", ledger.parent / "elsewhere"
    store.rename(elsewhere)
    audited = run("audit")
    assert audited.exit_code == 0
    assert audited.stderr == (
        f"the files were not looked at: 1 file is held, and there is no {store}; name the store with --store\n"
    )
    missing = run("evidence", "verify")
    assert (missing.exit_code, missing.stderr) == (
        4,
        f"lossledger: no store at {store}, though 1 file is held; name it with --store\n",
    )
    assert f"{store}, which is not there" in run("info").stdout.replace("\n                   ", "")
    named = runner(str(ledger))
    assert named("--store", str(elsewhere), "evidence", "verify").stderr == "1 file read, 0 findings.\n"
    assert named("--store", str(elsewhere), "audit").stderr == ""


def test_what_says_it_was_captured_on_another_day_is_listed_and_no_finding(served: Run) -> None:
    """The picture is of 3 October 2020: it fits a loss within that month, and not one of the 8th."""
    for loss in ("tank2", "tank3", "none2"):
        served("evidence", "add", loss, "tank.jpg", "--reason", "r")
    source = held(served, "tank2")[0]["source"]
    listed = served("check").stdout.partition("\n\nFiles captured")[2]
    assert listed == (
        " on other days than the losses they show\n"
        "\n"
        "Loss        Happened    Captured    File                   Source\n"
        "─────────────────────────────────────────────────────────────────────\n"
        f"tank222222  2020-10-08  2020-10-03  tank.jpg {DIGEST[:12]}  {source}\n"
        "\n"
        "1 file of another day, by its own word: a clock that was wrong, or another loss.\n"
    )
    without = served("check", "--kind", "claim").stdout
    assert "Files captured" not in without
    assert served("check").exit_code == served("check", "--format", "json").exit_code


def test_a_backup_says_that_the_files_are_elsewhere(run: Run, ledger: Path) -> None:
    run("evidence", "add", "tank2", "tank.jpg", "--reason", "r")
    said = run("db", "backup", "copy.db").stderr
    folder = ledger.parent / "valley.evidence"
    assert said.endswith(f"the files that are held are not in it; copy their folder, too: {folder}\n")
