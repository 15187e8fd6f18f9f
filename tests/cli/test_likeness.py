"""Likenesses of held pictures, and what `duplicates` and `review` make of them, as the user sees it."""

import json
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.pictures import ALTERATIONS, encoded, picture
from tests.cli.conftest import Run
from tests.cli.screens import screen

WHY = ("--reason", "because")
NONE_WITHOUT = "no held picture is without a likeness\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a picture, a cut of it, the same place with another tank, and a black frame."""
    folder = tmp_path / "here"
    folder.mkdir()
    tank, another = picture(1, 8), picture(1, 9)
    (folder / "tank.png").write_bytes(encoded(tank))
    (folder / "cut.jpg").write_bytes(encoded(ALTERATIONS["4 % off two sides"](tank), "JPEG"))
    (folder / "another.png").write_bytes(encoded(another))
    (folder / "black.png").write_bytes(encoded(Image.new("RGB", tank.size)))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("LOSSLEDGER_STORE", str(tmp_path / "store"))
    return folder


def add(run: Run, side: str, kind: str, *files: str, graphic: bool = False) -> str:
    """A loss with files, each a source of its own; its id."""
    link = f"https://example.org/{side}/{kind}/{'/'.join(files)}"
    added = run("add", "--side", side, "--type", kind, "--status", "destroyed", "--source", link, *WHY)
    assert added.exit_code == 0, added.stderr
    uid = added.stdout.split()[-1]
    flag = ("--graphic",) if graphic else ()
    for file in files:
        held = run("evidence", "add", uid, file, *flag, *WHY)
        assert held.exit_code == 0, held.stderr
    return uid


def found(run: Run) -> list[tuple[str, str, str]]:
    """The pairs that rest on what is held, with their reasons."""
    rows = json.loads(run("duplicates", "--format", "json").stdout)
    return [(row["id"], row["other"], row["why"]) for row in rows if "file" in row["why"] or "picture" in row["why"]]


def test_a_cut_copy_is_found_and_another_tank_at_the_place_is_not(served: Run) -> None:
    """It is known from the beginning; nothing is left to be done."""
    one = add(served, "redland", "T-72B", "tank.png")
    other = add(served, "blueland", "T-72B", "cut.jpg")
    add(served, "redland", "T-72B", "another.png", "black.png")
    [(first, second, why)] = found(served)
    assert (first, second) == (one, other)
    assert why.startswith("near-identical picture (distance ")
    assert why.endswith("); same type and status; other side")
    assert served("duplicates", "--merge", "exact").stderr == "nothing certain to join\n"
    said = served("evidence", "likeness")
    assert (said.exit_code, said.stderr) == (
        0,
        "1 picture without a likeness: too plain, too small or large, or not to be read\n",
    )


def test_graphic_pictures_are_opened_only_when_asked(served: Run) -> None:
    """Then as one act, which undo takes back; a dry run enters nothing."""
    one = add(served, "redland", "T-72B", "tank.png", graphic=True)
    other = add(served, "redland", "T-72B", "cut.jpg", graphic=True)
    assert found(served) == []
    assert served("evidence", "likeness").stderr == NONE_WITHOUT
    dry = served("evidence", "likeness", "--graphic", "--dry-run")
    assert dry.stderr.startswith("would record: 2 pictures can be compared now")
    assert found(served) == []
    done = served("evidence", "likeness", "--graphic")
    assert done.stderr == "2 pictures can be compared now; see: lossledger duplicates\n"
    [(first, second, _)] = found(served)
    assert (first, second) == (one, other)
    assert served("evidence", "likeness", "--graphic").stderr == NONE_WITHOUT
    assert served("undo", *WHY).exit_code == 0
    assert found(served) == []


def test_pictures_that_are_not_in_the_store_are_told(served: Run, tmp_path: Path) -> None:
    add(served, "redland", "T-72B", "tank.png", "cut.jpg", graphic=True)
    for path in (tmp_path / "store").rglob("*"):
        if path.is_file() and len(path.name) == 64:
            path.chmod(0o644)
            path.unlink()
    said = served("evidence", "likeness", "--graphic")
    assert (said.exit_code, said.stderr) == (0, "2 pictures not in the store; see: lossledger evidence verify\n")


def test_the_history_of_a_picture_shows_no_more_of_its_likeness_than_says_there_is_one(run: Run) -> None:
    uid = add(run, "redland", "T-72B", "tank.png")
    (row,) = json.loads(run("evidence", "files", uid, "--format", "json").stdout)
    shown = run("source", "show", row["source"]).stdout
    (line,) = (line for line in shown.splitlines() if "likeness" in line)
    said = line.partition("likeness ")[2].partition(";")[0]
    assert (len(said), said[-1]) == (12, "…")


def test_one_file_of_two_losses_waits_for_a_decision(run: Run) -> None:
    """In the queue of the review, until somebody says that they are two."""
    source = ("--source", "https://example.org/elsewhere")
    one = add(run, "redland", "T-72B", "tank.png")
    other = add(run, "redland", "D-30")
    assert run("evidence", "add", other, "tank.png", *source, *WHY).exit_code == 0
    assert [why for *_, why in found(run)] == ["same file, side and status; other type"]
    waiting = run("review", "--kind", "pair", "--format", "json")
    assert "same file, side and status; other type" in waiting.stdout
    assert run("link", one, other, "--not-same", *WHY).exit_code == 0
    assert found(run) == []


def test_pairs_of_pictures_fit_a_narrow_screen(run: Run) -> None:
    one = add(run, "redland", "T-72B", "tank.png")
    other = add(run, "blueland", "T-72B", "cut.jpg")
    shown = screen(run("duplicates"))
    assert max(map(len, shown.splitlines())) <= 80
    assert one in shown
    assert other in shown
