"""``enter`` at a terminal: few keys, nothing lost, readable on a small screen, and without one."""

import os
import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.conftest import Run, runner
from tests.cli.terminal import COLUMNS, LINES, Terminal

ENTER, TAB, LEFT, BACKSPACE, END_OF_INPUT, INTERRUPT, CLEAR, F1 = (
    *(b"\r", b"\t", b"\x1b[D", b"\x7f", b"\x04", b"\x03"),
    *(b"\x15", b"\x1bOP"),
)


@pytest.fixture
def real_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a terminal that can do what terminals can, and tells its size itself."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name)


@pytest.fixture
def terminal_ledger(real_terminal: None, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small ledger, for processes of their own, which go by today's clock."""
    monkeypatch.setenv("LOSSLEDGER_DB", str(ledger))
    return ledger


def enter(*options: str, **variables: str) -> Terminal:
    """Somebody at a terminal who has called ``enter``."""
    return Terminal("enter", *options, environment={**os.environ, **variables})


def masked(screen: str) -> str:
    """A text without its ids, which are others at each run."""
    return re.sub(r"\b(?!lossledger)[a-z2-7]{10}\b", "**********", screen)


FIRST = """\
Paste a link, then type what it shows: 3 T-72B d; BMP-2 c. ? shows help.
> side Red
> @2020-10-08
> https://example.org/1
> 2 t72b d; d30x c
            ^
column 11: no type 'd30x'; did you mean D-30? Or add it with: lossledger type
  add
> 2 t72b d; d30 c
"""


def test_a_sitting(terminal_ledger: Path) -> None:
    """Names are completed, a wrong line is mended where it is wrong, likenesses are told and joined."""
    with enter() as person:
        person.see("no side | no day | no place | claimed | 0 entered | no link")
        person.type("side red")
        person.see("Redland")
        person.press(TAB, ENTER)
        person.see(" Redland | no day")
        person.type("@2020-10-08")
        person.press(ENTER)
        person.see("Redland | 2020-10-08")
        person.paste("https://example.org/1")
        person.press(ENTER)
        person.see("| 0 from example.org/1")
        person.type("2 t72b d; d30x c")
        person.press(ENTER)
        person.see("> 2 t72b d; d30x c", times=2)
        for _ in range(4):
            person.press(b"\x1b[C")
        person.press(BACKSPACE, ENTER)
        screen = person.see("claimed | 3 entered | 3 from example.org/1")
        assert screen.startswith(FIRST)
        lines = masked(screen)[len(FIRST) :].splitlines()
        assert lines[:6] == [
            "2 T-72B of Redland, destroyed on 2020-10-08, claimed: **********, **********",
            "1 D-30 of Redland, captured on 2020-10-08, claimed: **********",
            "********** looks like **********: same side, type and status; same day",
            "merge joins them, < takes the line back",
            ">",
            "",
        ]
        person.type("merge")
        person.press(ENTER)
        person.see("is merged into tank222222, and no longer counts")
        person.type("<")
        person.press(ENTER)
        person.see("taken back: merge")
        person.see("> merge", times=2)
        person.press(CLEAR)
        person.type("<")
        person.press(ENTER)
        person.see("taken back: 2 t72b d; d30 c")
        person.see("> 2 t72b d; d30 c", times=2)
        person.see("claimed | 0 entered | 0 from example.org/1")
        person.press(CLEAR, END_OF_INPUT)
        assert person.end() == 0
        assert "0 losses entered" in person.screen()


def test_everything_fits_the_screen(terminal_ledger: Path) -> None:
    with enter("--side", "red", "--source", "https://example.org/" + "a" * 70, "--place", "ж" * 90) as person:
        person.see("Redland | no day | жжж")
        person.press(F1)
        person.see("the last losses again")
        person.see("LINES")
        person.type("t")
        screen = person.see("T-72B3")
        assert len(screen.splitlines()) <= LINES
        assert len(screen.splitlines()[-1]) < COLUMNS


def test_lines_that_are_pasted_together_are_entered_one_after_the_other(terminal_ledger: Path) -> None:
    with enter() as person:
        person.see("no side")
        person.paste("side red\nhttps://example.org/1\nD-30 d\nD-31 d\nD-30 a")
        person.press(ENTER)
        person.see("no type 'D-31'")
        person.see("> D-31 d\nD-30 a")
        person.see("1 entered")
        person.press(b"\x1b[C", b"\x1b[C", b"\x1b[C", b"\x1b[C", BACKSPACE)
        person.type("0")
        person.press(ENTER)
        person.see("3 entered")


def test_a_killed_terminal_loses_nothing(terminal_ledger: Path, run: Run) -> None:
    """What was entered stands in the ledger; what sticks, and the half-typed line, are offered at the next start."""
    with enter() as person:
        person.see("no side")
        person.paste("side red\n@2020-10-08\nplace the ford\nhttps://example.org/1\nD-30 d")
        person.press(ENTER)
        person.see("1 entered")
        person.type("2 su25 d by a mis")
        person.see("> 2 su25 d by a mis")
        person.kill()
    assert run("list", "--type", "D-30", "--verification", "claimed", "--format", "csv").stdout.count("the ford") == 1
    assert run("audit").exit_code == 0
    with enter() as person:
        person.see("Redland | 2020-10-08 | the ford | claimed | 0 entered | 1 from example.org/1")
        person.see("> 2 su25 d by a mis")
        person.type("sile")
        person.press(ENTER)
        person.see("| 2 entered | 3 from")
        person.see("2 Su-25 of Redland, destroyed on 2020-10-08, claimed")
        assert "looks like" not in person.screen()
        person.press(END_OF_INPUT)
        assert person.end() == 0
    with enter() as person:  # who left on purpose begins anew
        person.see("no side | no day | no place | claimed | 0 entered | no link")


def test_a_closed_window_loses_nothing(terminal_ledger: Path) -> None:
    with enter("--side", "red") as person:
        person.see("Redland")
        person.type("2 su25 d by a mis")
        person.see("> 2 su25 d by a mis")
        person.hang_up()
    with enter() as person:
        person.see("> 2 su25 d by a mis")
        person.see("Redland | no day")


def test_an_interrupted_line_is_offered_again_unless_it_is_to_be_forgotten(terminal_ledger: Path) -> None:
    with enter("--side", "red") as person:
        person.see("Redland")
        person.type("half a line")
        person.see("> half a line")
        person.press(INTERRUPT)
        assert person.end() == 130
        assert "lossledger: interrupted; nothing more was done" in person.screen()
    with enter() as person:
        person.see("> half a line")
        person.see("Redland | no day")
        person.kill()
    with enter("--fresh") as person:
        assert "half" not in person.see("no side")


def test_the_draft_is_the_users_alone(terminal_ledger: Path, tmp_path: Path) -> None:
    with enter() as person:
        person.see("no side")
        person.type("side")
        person.see("> side")
        person.kill()
    (draft,) = (tmp_path / "home" / "state" / "lossledger" / "enter").iterdir()
    assert draft.stat().st_mode & 0o777 == 0o600
    draft.write_text("{no draft")
    with enter() as person:
        person.see("no side")


def test_no_colour_where_none_is_wanted(terminal_ledger: Path) -> None:
    with enter("--side", "red", NO_COLOR="1") as person:
        person.see("Redland")
        person.type("t")
        person.see("T-72B3")
        person.press(TAB)
        person.see("> T-72")
        assert not re.search(rb"\x1b\[[0-9;]*\b(3[0-7]|4[0-7]|38|48|9[0-7])\b[0-9;]*m", person.drawn)


def test_sequences_in_typed_text_do_no_harm(terminal_ledger: Path) -> None:
    """A colour in a text that is not pasted looks to the library like a mouse."""
    with enter() as person:
        person.see("no side")
        person.type("place \x1b[31mred\x1b[0m \x1b[M~~~ford")
        person.press(ENTER)
        screen = person.see("| red ford |")
        assert "ENTER to continue" not in screen
        assert "Traceback" not in person.drawn.decode()


def test_plain_lines_for_a_screen_reader(terminal_ledger: Path) -> None:
    """One line in, one line out: no sequences that move or colour; every change is said."""
    with enter("--plain") as person:
        person.see("Ready. Side not set.")
        for line in ("side red", "@2020-10-08", "https://example.org/1", "2 T-72B d", "T-72X d", "<", "quit"):
            person.type(line)
            person.press(b"\n")
        assert person.end() == 0
    assert b"\x1b" not in person.drawn
    said = masked(person.drawn.decode()).split("\r\n")
    assert [line for line in said if line not in TYPED] == SAID.splitlines()


def test_plain_help_is_a_line_for_each_statement(terminal_ledger: Path) -> None:
    with enter("--plain") as person:
        person.see("Ready.")
        person.type("?\nquit\n")
        assert person.end() == 0
    said = person.drawn.decode().split("\r\n")
    assert "< takes back the last line." in said
    helped = said[said.index("A link, https://... is what shows the losses that come next.") : -1]
    assert all(len(line) <= COLUMNS and "  " not in line for line in helped)


SAID = """\
Ready. Side not set. day not set. place not set. link not set. losses are claimed. Type a line, or ? for help.
Side Redland
day 2020-10-08
link https://example.org/1
2 T-72B of Redland, destroyed on 2020-10-08, claimed: **********, **********. ********** looks like **********: \
same side, type and status; same day. merge joins them, < takes the line back
Not entered. column 1: no type 'T-72X'; did you mean T-72, T-72B, T-72AV? Or add it with: lossledger type add
taken back: 2 T-72B d
Left. 0 losses entered.
"""
TYPED = {"side red", "@2020-10-08", "https://example.org/1", "2 T-72B d", "T-72X d", "<", "quit", ""}


def test_a_terminal_without_the_package_says_what_to_install(
    terminal_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = tmp_path / "absent" / "prompt_toolkit"
    absent.mkdir(parents=True)
    (absent / "__init__.py").write_text("raise ModuleNotFoundError('prompt_toolkit')")
    with enter(PYTHONPATH=f"{absent.parent}:{os.environ.get('PYTHONPATH', '')}") as person:
        assert person.end() == 2
        assert " ".join(person.screen().split()) == (
            "lossledger: entering on a terminal needs one more package: pip install 'lossledger[enter]'; "
            "or do without it, with: lossledger enter --plain"
        )


class Shown(NamedTuple):
    """What one link shows: when and where, and each thing as ``add`` is told of it."""

    link: str
    day: str
    place: str
    things: list[tuple[str, str]]
    typed: str


SIDE = "Russia"
LINKS = [
    Shown(f"https://t.me/front_news/{number}{number * 37}", day, place, things, typed)
    for number, (day, place, things, typed) in enumerate(
        [
            (
                "2022-03-04",
                "Mykolaiv",
                [("BMP-2", "destroyed")] * 2
                + [("T-72B", "destroyed"), ("Ural-4320", "captured"), ("MT-LB", "damaged")],
                "2 bmp2 d; t72b d; ural4320 c; mtlb g",
            ),
            ("2022-03-04", "Mykolaiv", [("T-72B3", "captured")] * 2, "2 t72b3 c"),
            ("2022-03-04", "Mykolaiv", [("BTR-82A", "destroyed")], "btr82a d"),
            ("2022-03-05", "Mykolaiv", [("T-72B|T-72B3", "destroyed"), ("BMP-2", "abandoned")], "t72b|t72b3 d; bmp2 a"),
            ("2022-03-05", "Mykolaiv", [("Ural-4320", "destroyed")] * 3, "3 ural4320 d"),
            ("2022-03-05", "Kharkiv", [("Msta-S", "captured")], "mstas c"),
            ("2022-03-06", "Kharkiv", [("BMP-1|BMP-2", "damaged"), ("T-80U", "captured")], "bmp1|bmp2 g; t80u c"),
            ("2022-03-06", "Kharkiv", [("T-80U", "captured")], "t80u c"),
            ("2022-03-06", "Kharkiv", [("BM-21 Grad", "destroyed")] * 2, "2 grad d"),
            ("2022-03-07", "Kharkiv", [("MT-LB", "destroyed"), ("MT-LB", "captured")], "mtlb d; c"),
            ("2022-03-07", "Kharkiv", [("Mi-8", "destroyed")], "mi8 d"),
            ("2022-03-07", "Kharkiv", [("T-72B3", "destroyed")] * 3, "3 t72b3 d"),
        ],
        11,
    )
]
"""Twelve links with 25 losses: five vehicles in one picture, two uncertain types, and one loss seen twice."""


def command_lines() -> list[str]:
    """What would be typed for the same losses without ``enter``, with links in the place of a paste of two keys."""
    lines = []
    for shown in LINKS:
        for name, status in shown.things:
            options = ["--side", SIDE.lower(), "--type", name, "--status", status, "--date", shown.day]
            lines.append(shlex.join(["lossledger", "add", *options, "--place", shown.place, "--source", "^V"]))
    return lines


@pytest.fixture
def ukraine(tmp_path: Path, real_terminal: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A ledger with the catalogue that comes with the program, and no loss yet."""
    path = tmp_path / "ukraine.db"
    run = runner(str(path))
    run("init")
    assert run("pack", "add", "ukraine-2022").exit_code == 0
    monkeypatch.setenv("LOSSLEDGER_DB", str(path))
    return run


def test_it_takes_fewer_keys_than_a_spreadsheet(ukraine: Run) -> None:
    """Twelve links are entered with a fifth of the keys that the same losses take as commands."""
    with enter() as person:
        person.see("no side")
        person.type("side russia")
        person.press(ENTER)
        person.see("Russia | no day")
        day = place = ""
        entered = 0
        for shown in LINKS:
            if shown.day != day:
                person.type(f"@{shown.day[9:]}" if day else f"@{shown.day}")
                person.press(ENTER)
                person.see(f"| {shown.day} |")
                day = shown.day
            if shown.place != place:
                person.type(f"place {shown.place}")
                person.press(ENTER)
                person.see(f"| {shown.place} |")
                place = shown.place
            person.paste(shown.link)
            person.press(ENTER)
            person.see("| 0 from t.me/front")
            person.type(shown.typed)
            person.press(ENTER)
            entered += len(shown.things)
            screen = person.see(f"| {entered} entered")
            if shown is LINKS[7]:
                assert "same side, type and status; same day" in " ".join(screen.split())
                person.type("merge")
                person.press(ENTER)
                person.see("and no longer counts\n>")
        person.press(END_OF_INPUT)
        assert person.end() == 0
    assert entered == sum(len(shown.things) for shown in LINKS) == 25
    assert len(LINKS) == 12
    rows = ukraine("list", "--verification", "claimed", "--format", "csv").stdout.splitlines()[1:]
    assert len(rows) == 24  # one is merged
    assert ukraine("audit").exit_code == 0
    by_command = sum(len(line) + 1 for line in command_lines())
    print(f"{person.pressed} keys with enter, {by_command} with add")  # noqa: T201 - for `pytest -rP`
    assert person.pressed < 900
    assert person.pressed * 5 < by_command
