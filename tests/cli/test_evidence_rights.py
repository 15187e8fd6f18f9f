"""`evidence` on a store of which some cannot be written to, or not be read: by somebody whom the system stops."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_trouble import PROGRAM

TANK = b"a picture of a tank"
DIGEST = hashlib.sha256(TANK).hexdigest()

_POWERS = "--bounding-set=-dac_override,-dac_read_search"
"""What lets root write and read everywhere."""


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The store's folder; there are two files to hold."""
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root is stopped nowhere, and there is no setpriv to have it so")
    monkeypatch.chdir(tmp_path)
    Path("tank.jpg").write_bytes(TANK)
    Path("note.txt").write_text("what was seen\n")
    yield tmp_path / "valley.evidence"
    for folder, _, _ in os.walk(tmp_path):
        Path(folder).chmod(0o755)
        for below in Path(folder).iterdir():
            if below.is_dir():
                below.chmod(0o755)


def stopped(ledger: Path, *args: str) -> tuple[int, str, str]:
    """Run the program as one whom the rights of files and folders stop; its exit code and what it prints."""
    root = os.geteuid() == 0
    line = [*(["setpriv", _POWERS] if root else []), *PROGRAM, "--db", str(ledger), *args]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def add(ledger: Path, *args: str) -> tuple[int, str, str]:
    return stopped(ledger, "evidence", "add", "tank2", "tank.jpg", "--source", "list2", "--reason", "r", *args)


@pytest.mark.parametrize("closed", ["", ".staging", DIGEST[:2]])
def test_what_could_not_be_kept_is_not_entered(run: Run, ledger: Path, store: Path, closed: str) -> None:
    """Neither is anything left that would stop those who read."""
    (store / ".staging").mkdir(parents=True)
    (store / DIGEST[:2]).mkdir()
    if not closed:
        (store / DIGEST[:2]).rmdir()
    (store / closed).chmod(0o555)
    head = run("audit", "--head").stdout
    code, out, said = add(ledger)
    words = {
        "": f"{store}: this folder of the store cannot be written to; nothing was taken in",
        ".staging": f"{store}: the store cannot be written to: Permission denied; nothing was taken in",
        DIGEST[:2]: f"{store / closed}: this folder of the store cannot be written to; nothing was taken in",
    }
    assert (code, out, said) == (5, "", f"lossledger: {words[closed]}\n")
    assert run("audit", "--head").stdout == head
    assert stopped(ledger, "audit")[0] == 0
    assert stopped(ledger, "evidence", "verify") == (0, "", "0 files read, 0 findings.\n")


def test_what_waits_is_said_and_stops_no_reader(run: Run, ledger: Path, store: Path) -> None:
    """A command that was killed between its commit and the store leaves what others cannot move, if they may not."""
    run("evidence", "add", "tank2", "tank.jpg", "note.txt", "--source", "list2", "--reason", "r")
    waiting = store / ".staging" / ("0" * 16)
    waiting.mkdir()
    (waiting / ".lock").touch()
    (store / DIGEST[:2] / DIGEST).rename(waiting / DIGEST)
    (store / DIGEST[:2]).chmod(0o555)
    left = (
        f"{store}: the store cannot be written to: Permission denied; what commands that broke off have left waits in "
        "its .staging; once it can be written to, run: lossledger evidence verify\n"
    )
    code, out, said = stopped(ledger, "evidence", "verify", "--format", "json")
    assert (code, [row["found"] for row in json.loads(out)], said) == (
        1,
        ["missing"],
        f"{left}1 of 2 files read, 1 finding.\n",
    )
    code, out, said = stopped(ledger, "audit")
    assert (code, said) == (1, left)
    assert "it is missing" in out
    got = stopped(ledger, "evidence", "get", hashlib.sha256(b"what was seen\n").hexdigest(), "-o", "-")
    assert got == (0, "what was seen\n", left)
    (store / DIGEST[:2]).chmod(0o755)
    assert stopped(ledger, "evidence", "verify") == (0, "", "2 files read, 0 findings.\n")


def test_a_folder_that_cannot_be_read_hides_no_other(run: Run, ledger: Path, store: Path) -> None:
    run("evidence", "add", "tank2", "tank.jpg", "note.txt", "--source", "list2", "--reason", "r")
    note = hashlib.sha256(b"what was seen\n").hexdigest()
    (store / note[:2] / note).unlink()
    (store / DIGEST[:2]).chmod(0)
    code, out, _ = stopped(ledger, "evidence", "verify", "--format", "json")
    assert code == 1
    assert {(row["place"], row["found"], row["said"]) for row in json.loads(out)} == {
        (DIGEST, "unreadable", "it cannot be read: Permission denied"),
        (DIGEST[:2], "unreadable", "this folder cannot be looked into"),
        (note, "missing", "it is missing"),
    }
    code, out, said = stopped(ledger, "audit", "--format", "json")
    assert (code, {row["wrong"] for row in json.loads(out)}) == (
        1,
        {"it cannot be read: Permission denied", "this folder cannot be looked into", "it is missing"},
    ), said
    path = store / DIGEST[:2] / DIGEST
    got = stopped(ledger, "evidence", "get", DIGEST, "-o", "copy.jpg")
    assert got == (5, "", f"lossledger: {path}: it cannot be read: Permission denied\n")
    again = add(ledger)
    advice = "see to it that it can be, and add the file again"
    assert again == (5, "", f"lossledger: {path}: it cannot be read: Permission denied; {advice}\n")
