"""Trouble from outside the program, with real processes: a full disk, a closed pipe, an interrupt, a lock."""

import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

# A shell sets interrupts aside for what it runs in the background, and so for the tests and all that they start.
INTERRUPTIBLE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
PROGRAM = [sys.executable, "-c", f"{INTERRUPTIBLE}; from lossledger.cli.main import main; main()"]
ADD = ["add", "--side", "redland", "--type", "T-72B", "--source", "https://example.org/post"]


def start(ledger: Path | str, *args: str, **how: Any) -> subprocess.Popen[str]:
    """Start the program on a ledger; what it prints can be read."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how
    return subprocess.Popen([*PROGRAM, "--db", str(ledger), *args], text=True, **pipes)


def entries(ledger: Path) -> int:
    """How many entries a ledger has, asked of SQLite itself, which finds the file sound."""
    connection = sqlite3.connect(ledger)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (number,) = connection.execute("SELECT count(*) FROM entry").fetchone()
    finally:
        connection.close()
    return int(number)


def test_a_full_disk_leaves_the_ledger_as_it_was(ledger: Path) -> None:
    """A write that does not fit is taken back whole: one line, code 5, and the next write is fine."""
    size = ledger.stat().st_size
    before = entries(ledger)

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    note = ["note", "tank222222", "x" * 15_000, "--reason", "r"]
    full = start(ledger, *note, preexec_fn=small)
    out, err = full.communicate(timeout=60)
    assert (full.returncode, out) == (5, "")
    assert err.count("\n") == 1
    assert "disk" in err
    assert entries(ledger) == before
    again = start(ledger, *note)
    again.communicate(timeout=60)
    assert again.returncode == 0
    assert entries(ledger) == before + 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to write to")
def test_output_that_cannot_be_written_is_said(ledger: Path) -> None:
    """A redirect onto a full disk fails aloud: a table half written is no table."""
    with Path("/dev/full").open("w") as full:
        tally = start(ledger, "tally", stdout=full)
        _, err = tally.communicate(timeout=60)
    assert (tally.returncode, err) == (5, "lossledger: output: No space left on device\n")


def test_a_closed_pipe_is_no_trouble(ledger: Path) -> None:
    """Whoever reads has seen enough: no traceback, no complaint."""
    tally = start(ledger, "list", "--format", "csv")
    assert tally.stdout is not None
    assert tally.stderr is not None
    tally.stdout.close()
    assert (tally.stderr.read(), tally.wait(60)) == ("", 0)
    tally.stderr.close()


def test_an_interrupt_while_waiting_for_a_lock(ledger: Path) -> None:
    """Interrupted, the program says so, ends with 130, and has done nothing."""
    before = entries(ledger)
    other = sqlite3.connect(ledger, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    adding = start(ledger, *ADD)
    time.sleep(2)
    adding.send_signal(signal.SIGINT)
    other.execute("ROLLBACK")
    other.close()
    out, err = adding.communicate(timeout=60)
    assert (adding.returncode, out, err.lstrip()) == (130, "", "lossledger: interrupted; nothing more was done\n")
    assert entries(ledger) == before


def test_a_lock_that_is_not_given_up(ledger: Path) -> None:
    """A writer that waits in vain says who is in the way, and ends with 5."""
    before = entries(ledger)
    other = sqlite3.connect(ledger, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    adding = start(f"sqlite:///{ledger}?timeout=0.5", *ADD)
    out, err = adding.communicate(timeout=60)
    other.execute("ROLLBACK")
    other.close()
    line = f"lossledger: {ledger}: another process is writing and did not finish in time; try again\n"
    assert (adding.returncode, out, err) == (5, "", line)
    assert entries(ledger) == before
