"""``review``: what waits as a list, and one at a time in a terminal."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, select

from lossledger.checks.audit import audit
from lossledger.cli.question import openable
from lossledger.db.engine import open_engine, reading
from lossledger.db.tables import entry as entries
from tests.cli.conftest import Run, furnish, runner
from tests.cli.dialogue import Terminal
from tests.cli.looking import entries as number_of_entries
from tests.cli.looking import loss
from tests.cli.screens import screen

KEYS = "? help"
"""The last of the keys at the bottom of a screen."""


def terminal(ledger: Path, *args: str, actor: str = "ben") -> Terminal:
    return Terminal("--db", str(ledger), "--actor", actor, "review", *args)


def test_without_a_terminal_it_lists_and_asks_nothing(run: Run, ledger: Path) -> None:
    before = number_of_entries(ledger)
    shown = screen(run("review"))
    assert shown.splitlines()[4:6] == [
        "claim:guns222222  2021-06-01  10 D-30 of Redland, destroyed 2020-10-20, claimed",
        "claim:none222222  2021-06-01  3 (Type not given) of Blueland, lost 2020-10-30,",
    ]
    assert shown.endswith("2 items. Decide on a terminal with: lossledger review\n")
    assert number_of_entries(ledger) == before


def test_rows_for_programs_have_what_a_batch_needs(served: Run) -> None:
    [first, second] = json.loads(served("review", "--format", "json").stdout)
    assert first == {
        "item": "claim:guns222222",
        "kind": "claim",
        "losses": "guns222222",
        "since": "2021-06-01T08:00:00.000000Z",
        "since_entry": first["since_entry"],
        "seen": first["since_entry"],
        "waits_for": "anyone",
        "line": "10 D-30 of Redland, destroyed 2020-10-20, claimed",
    }
    assert second["item"] == "claim:none222222"
    assert (
        served("review", "--format", "csv", "--side", "redland").stdout.splitlines()[1].startswith("claim:guns222222,")
    )
    assert served("review", "--kind", "held,pair").exit_code == 1
    assert served("review", "--kind", "scenes").stderr == (
        "lossledger: kind 'scenes' is not one of: claim, dispute, held, pair\n"
    )


def test_what_somebody_alone_reported_is_said_to_wait_for_others(run: Run) -> None:
    run("setting", "review.second-person", "yes", "--reason", "four eyes")
    assert {row["waits_for"] for row in json.loads(run("review", "--format", "json").stdout)} == {"not ann"}
    refused = run("--actor", "ann", "verify", "guns", "--reason", "mine")
    said = (
        "lossledger: loss guns222222 was reported by ann alone, and this ledger asks for a second person "
        "(setting review.second-person): have somebody else confirm it\n"
    )
    assert (refused.exit_code, refused.stderr) == (2, said)
    assert run("--actor", "ben", "verify", "guns", "--reason", "seen").exit_code == 0


def test_a_session_decides_takes_back_and_skips(ledger: Path) -> None:
    at = terminal(ledger)
    first = at.until(KEYS)
    for line in ("2 left  Is it confirmed?", "claim:guns222222, since 2021-06-01", "reported by   ann", "[1] reports:"):
        assert line in first
    assert "y confirm  r reject  d dispute  k keep  space skip  o open  w why  u undo" in first
    assert at.press("x", KEYS).lstrip() == first  # which means nothing: the same again
    assert "confirm: it is believed, and counts" in at.press("?", "any key: back")
    at.press("x", KEYS)
    at.press("w", "why: ")
    at.type("two pictures\n")
    at.until(KEYS)
    assert "loss guns222222: confirmed" in at.press("y", KEYS)
    assert loss(ledger, "guns222222")["verification"] == "confirmed"
    assert "claim:guns222222: taken back" in at.press("u", KEYS)
    assert loss(ledger, "guns222222")["verification"] == "claimed"
    assert "nothing left to take back" in at.press("u", KEYS)
    assert "claim:none222222" in at.press(" ", KEYS)
    shown = at.press("r", KEYS)
    assert "loss none222222: rejected" in shown
    assert "claim:guns222222" in shown
    at.press("q", "1 decision; 1 left")
    assert at.end() == 0


def test_every_screen_fits_a_small_terminal(ledger: Path, run: Run) -> None:
    for number in range(8):
        run(
            "evidence",
            "add",
            "guns",
            "--source",
            f"https://example.org/{number}",
            "--note",
            "word " * 60,
            "--reason",
            "r",
        )
    at = terminal(ledger, "--side", "redland")
    pages = [at.until(KEYS), *(at.press("m", KEYS) for _ in range(3))]
    pages = [page.rpartition("\x1b[1;1H")[2] + KEYS for page in pages]
    at.press("q", "1 left")
    assert at.end() == 0
    assert len(set(pages)) == 4
    for page in pages:
        lines = page.splitlines()
        assert len(lines) <= 24
        assert max(map(len, lines)) <= 80


def test_nothing_is_decided_on_a_screen_that_does_not_show_it(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    at = terminal(ledger)
    at.resize(80, 24)
    at.until(KEYS)
    for columns, lines in ((80, 9), (39, 24), (40, 10)):
        at.resize(columns, lines)
        at.press("x", "window too small;")
        at.press("y", "(q leaves)")
        at.press("y", "(q leaves)")
    at.resize(40, 14)
    shown = at.press("x", KEYS)
    assert "Is it confirmed?" in shown
    assert "Redland" in shown
    assert loss(ledger, "guns222222")["verification"] == "claimed"
    at.resize(20, 5)
    at.press("x", "(q leaves)")
    at.press("q", "0 decisions; 2 left")
    assert at.end() == 0


def test_what_was_skipped_comes_last_the_next_time(ledger: Path) -> None:
    at = terminal(ledger)
    assert "claim:guns222222" in at.until(KEYS)
    at.press(" ", KEYS)
    at.press("q", "2 left")
    assert at.end() == 0
    again = terminal(ledger)
    assert "claim:none222222" in again.until(KEYS)
    again.press("q", "2 left")
    assert again.end() == 0
    somebody_else = terminal(ledger, actor="cal")
    assert "claim:guns222222" in somebody_else.until(KEYS)
    somebody_else.press("\x03", "interrupted")
    assert somebody_else.end() == 130


def test_a_line_out_and_a_line_in(ledger: Path) -> None:
    at = terminal(ledger, "--plain")
    said = at.until("undo, quit: ")
    assert "\x1b" not in said
    assert said.startswith(
        "2 left: claim, 10 D-30 of Redland, destroyed 2020-10-20, claimed.\r\nEvidence: reports, link 1, "
    )
    at.type("?\n")
    meant = at.until("undo, quit: ").splitlines()
    assert "skip: it comes again at the end; Enter does the same" in meant
    assert "open a link of the evidence in your browser" in meant
    assert "A reason may follow the word." in meant
    at.type("what\n")
    assert "what is none of: confirm, reject," in at.until("skip, open, undo, quit\r\n")
    at.until("quit: ")
    at.type("reject the picture is of 2016\n")
    at.until("loss guns222222: rejected")
    at.until("quit: ")
    at.type("quit\n")
    at.until("1 decision; 1 left")
    assert at.end() == 0


def test_what_others_decided_meanwhile_is_told(ledger: Path, run: Run) -> None:
    at = terminal(ledger)
    at.until(KEYS)
    run("--actor", "ann", "verify", "guns", "--as", "rejected", "--reason", "r")
    shown = at.press("y", KEYS)
    assert "not done: claim:guns222222: ann rejected loss guns222222" in " ".join(shown.split())
    assert "claim:none222222, since" in shown
    at.press("q", "0 decisions, 1 by others; 1 left")
    assert at.end() == 0
    assert loss(ledger, "guns222222")["verification"] == "rejected"


def test_a_link_is_opened_when_asked_for(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And never before; what is no link to a page is not offered."""
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/opened\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(opener.parent), prepend=os.pathsep)
    at = terminal(ledger, "--side", "redland")
    at.until(KEYS)
    assert not (tmp_path / "opened").exists()
    at.press("o", KEYS)
    at.press("q", "1 left")
    assert at.end() == 0
    assert (tmp_path / "opened").read_text() == "https://example.org/list\n"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://a b", "-x", "https:", None])
def test_what_no_browser_is_given(url: str | None) -> None:
    assert openable(url) is None


def test_those_who_reported_all_of_it_are_asked_nothing(ledger: Path, run: Run) -> None:
    run("setting", "review.second-person", "yes", "--reason", "four eyes")
    at = terminal(ledger, actor="ann")
    at.until("2 items wait for somebody else")
    at.until("0 decisions; 0 left")
    assert at.end() == 0


def test_somebodys_later_act_is_not_taken_back_for_theirs(ledger: Path, run: Run) -> None:
    at = terminal(ledger)
    at.until(KEYS)
    at.press("y", KEYS)
    run("--actor", "ben", "note", "tank2", "a note", "--reason", "r")
    assert "not undone: ben has done something else since" in at.press("u", KEYS)
    at.press("q", "1 left")
    assert at.end() == 0
    assert loss(ledger, "guns222222")["verification"] == "confirmed"


@pytest.fixture
def many_claims(ledger_url: str) -> Iterator[str]:
    """A ledger on each engine with ten claims."""
    engine = open_engine(ledger_url)
    furnish(engine)
    for number in range(8):
        args = ("--side", "blue", "--type", "Su-25", "--source", f"https://example.org/{number}")
        runner(ledger_url)("add", *args, "--date", f"2020-10-{number + 1:02}")
    yield ledger_url
    engine.dispose()


def test_two_who_review_at_once_decide_everything_once(many_claims: str) -> None:
    both = [Terminal("--db", many_claims, "--actor", name, "review", "--kind", "claim") for name in ("ben", "cal")]
    for at in both:  # both have seen the first one before either decides it
        at.until(KEYS)

    def confirm(at: Terminal) -> None:
        while at.pressed("y", KEYS):
            pass

    working = [Thread(target=confirm, args=(at,)) for at in both]
    for thread in working:
        thread.start()
    for thread in working:
        thread.join()
    assert [at.end() for at in both] == [0, 0]
    engine = open_engine(many_claims)
    with reading(engine) as connection:
        decided = connection.execute(
            select(entries.c.subject, func.count()).where(entries.c.act == "verify").group_by(entries.c.subject)
        ).all()
        assert [number for _, number in decided] == [1] * 10
        assert audit(connection).findings == ()
    engine.dispose()
    assert runner(many_claims)("review", "--kind", "claim").exit_code == 1


def test_losses_that_are_two_are_no_duplicates_any_more(served: Run) -> None:
    for number in (1, 2):
        args = ("--side", "blue", "--type", "Su-25", "--status", "destroyed", "--date", "2020-10-01")
        served("add", *args, "--source", f"https://example.org/{number}")
    [pair] = json.loads(served("duplicates", "--format", "json").stdout)
    done = served("link", pair["id"], pair["other"], "--not-same", "--reason", "other wheels")
    assert done.stderr == f"losses {pair['id']} and {pair['other']}: not the same\n"
    assert json.loads(served("duplicates", "--format", "json").stdout) == []
    assert f"not the same as {pair['other']}: other wheels" in screen(served("show", pair["id"]))
    told = screen(served("history", pair["id"]))
    assert f"not the same as  {pair['other']}" in told
    assert "perhaps the same as" not in told
