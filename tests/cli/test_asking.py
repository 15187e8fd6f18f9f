"""``add`` on a terminal asks for what is missing: driven through a real one."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.looking import entries, loss, newest_source

# The terminal has to be the program's own for Ctrl-C to reach it, and whoever runs the tests in the background has
# the shell set interrupts aside.
PROGRAM = """
import fcntl, signal, termios
signal.signal(signal.SIGINT, signal.default_int_handler)
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from lossledger.cli.main import main
main()
"""
PATIENCE = 30.0


class Terminal:
    """A program in a pseudo-terminal: says what it shows, types what it is told."""

    def __init__(self, *args: str) -> None:
        self.shown = ""
        self._end, inner = pty.openpty()
        command = [sys.executable, "-c", PROGRAM, *args]
        self._process = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, start_new_session=True)
        os.close(inner)

    def until(self, text: str) -> str:
        """Wait until the program shows a text; what it showed since the last one."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < deadline, f"{text!r} is not in {self.shown!r}"
            if not self._read():
                break
        assert text in self.shown
        before, _, self.shown = self.shown.partition(text)
        return before

    def type(self, text: str) -> None:
        """Type a line, or a control character by itself."""
        os.write(self._end, text.encode())

    def end(self) -> int:
        """Wait for the program's end; its exit code."""
        while self._read():
            pass
        os.close(self._end)
        return self._process.wait(PATIENCE)

    def _read(self) -> bool:
        if not select.select([self._end], [], [], PATIENCE)[0]:
            return False
        try:
            found = os.read(self._end, 4096)
        except OSError:  # Linux says so when the program has gone
            return False
        self.shown += found.decode()
        return bool(found)


def test_it_asks_for_what_is_missing_until_the_answer_can_be(ledger: Path) -> None:
    terminal = Terminal("--db", str(ledger), "add", "--place", "the ford")
    terminal.until("Side (Redland, North Redland, Blueland, Unknown): ")
    terminal.type("readland\n")
    terminal.until("no side 'readland'; did you mean Redland")
    terminal.until("Side (")
    terminal.type("red north\n")
    terminal.until("Type (Enter where it is not given): ")
    terminal.type("T72BB\n")
    terminal.until("did you mean T-72B, T-72B3, T-72?")
    terminal.until("Type (")
    terminal.type("t72b\n")
    terminal.until("Status (destroyed, damaged, abandoned, captured, lost; Enter: lost): ")
    terminal.type("gone\n")
    terminal.until("status 'gone' is not one of")
    terminal.until("Status (")
    terminal.type("captured\n")
    terminal.until("Enter where it is not known): ")
    terminal.type("2020-02-30\n")
    terminal.until("is no day that can be read")
    terminal.until("Date (")
    terminal.type("2020-10\n")
    terminal.until("Source (a link, or the id of a source): ")
    terminal.type("example.org\n")
    terminal.until("source is no http or https link: 'example.org'")
    terminal.until("Source (")
    terminal.type("https://example.org/new\n")
    terminal.until("captured in 2020-10, claimed; source")
    assert terminal.end() == 0
    uid = terminal.shown.split()[-1]
    row = loss(ledger, uid)
    assert (row["side"], row["type"], row["status"], row["latest"], row["place"]) == (
        "valley/redland-north",
        "t-72b",
        "captured",
        "2020-10-31",
        "the ford",
    )
    assert newest_source(ledger)["url"] == "https://example.org/new"


def test_where_no_type_is_given_it_asks_for_the_category(ledger: Path) -> None:
    terminal = Terminal("--db", str(ledger), "add", "--side", "blue", "--source", "post", "--date", "2020")
    terminal.until("Type (Enter where it is not given): ")
    terminal.type("\n")
    terminal.until("Category (")
    terminal.type("\n")
    terminal.until("Category (")
    terminal.type("Tanks\n")
    terminal.until("Status (")
    terminal.type("\n")
    terminal.until("1 (Tanks, type not given) of Blueland, lost in 2020, claimed;")
    assert terminal.end() == 0


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_whoever_gives_up_has_entered_nothing(ledger: Path, key: str) -> None:
    before = entries(ledger)
    terminal = Terminal("--db", str(ledger), "add")
    terminal.until("Unknown): ")
    # Nobody is quicker than this; Python misses an interrupt between writing a prompt and waiting for the answer.
    time.sleep(0.5)
    terminal.type(key)
    terminal.until("interrupted; nothing more was done")
    assert terminal.end() == 130
    assert entries(ledger) == before


def test_redact_asks_whether_it_is_meant(ledger: Path) -> None:
    args = ("--db", str(ledger), "redact", "tank3", "--field", "note", "--reason", "because")
    terminal = Terminal(*args)
    terminal.until("Take note of loss tank3 out of the ledger for good? [y/N]: ")
    terminal.type("n\n")
    assert terminal.end() == 130
    assert loss(ledger, "tank333333")["note"] == "Seen from the road."
    terminal = Terminal(*args)
    terminal.until("[y/N]: ")
    terminal.type("y\n")
    terminal.until("1 detail of note redacted")
    assert terminal.end() == 0
    assert loss(ledger, "tank333333")["note"] == "[redacted]"
