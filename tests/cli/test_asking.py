"""``add`` on a terminal asks for what is missing: driven through a real one."""

import time
from pathlib import Path

import pytest

from tests.cli.dialogue import Terminal
from tests.cli.looking import entries, loss, newest_source


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
