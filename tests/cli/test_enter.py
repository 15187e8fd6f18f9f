"""``enter`` from a file or a pipe, and line by line without a screen."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from lossledger.cli.app import App
from lossledger.cli.enter_session import Recording, Reply, Session
from lossledger.core.frame import Frame
from lossledger.core.shorthand_items import Slip
from lossledger.db.engine import open_engine
from lossledger.ledger import losses
from lossledger.ledger.journal import recording
from tests.cli.conftest import CONFLICT, Run

DAY = """\
# a day in the valley
side red
@2020-10-12
place the ford
https://example.org/1

3 T-72B d; D-30 c by infantry
T-72B|T-72AV g+c! with mine plough (in the river)
https://example.org/2
@13
confirmed
=
tanks a?
"""


WRONG = """\
1:1: no side is set yet; type: side NAME
3:6: no side 'grey'; see: lossledger side list, or add it with: lossledger side add
4:2: '2020-13-12' is no day that can be read; write 2020-10-08, 2020-10, 2020, 2020-10-05..2020-10-08, \
or ~2020-10-08 where it is inferred
5:1: no link is set yet; paste one, on a line of its own
8:5: no type 'T-72BX'; did you mean T-72B, T-72B3, T-72? Or add it with: lossledger type add
9:10: T-72B and D-30 are variants of no common type
10:9: 'c' after a status: between two losses stands a semicolon, and before what is told of one stands by, with or (
11:1: < is for a terminal, not for a file
13:2: date 2999-01-01 lies in the future (today is 2021-06-02)
14:8: no source has the id 'zzzz'
"""


def typed(result: Result) -> list[str]:
    """The lines that a command said."""
    return result.stderr.splitlines()


def losses_of(run: Run, *options: str) -> list[dict[str, object]]:
    """The losses at the ford, as rows."""
    options = (*options, "--verification", "claimed,confirmed", "--since", "2020-10-12", "--until", "2020-10-13")
    rows: list[dict[str, object]] = json.loads(run("list", "--format", "json", *options).stdout)
    return rows


def test_a_file_of_lines_is_entered_in_one_act(served: Run, tmp_path: Path) -> None:
    file = tmp_path / "day.txt"
    file.write_text(DAY)
    done = served("enter", "--file", str(file))
    uids = done.stdout.split()
    assert done.exit_code == 0
    assert typed(done) == [
        f"3 T-72B of Redland, destroyed on 2020-10-12, claimed: {', '.join(uids[:3])}",
        f"1 D-30 of Redland, captured on 2020-10-12, claimed: {uids[3]}",
        f"1 T-72B or T-72AV of Redland, captured on 2020-10-12, confirmed: {uids[4]}",
        f"1 T-72B or T-72AV of Redland, captured on 2020-10-13, confirmed: {uids[5]}",
        f"{uids[5]} looks like {uids[4]}, item 5 of its link: same side, type and status; 1 day apart",
        f"1 (Tanks, type not given) of Redland, abandoned on 2020-10-13, claimed: {uids[6]}",
        "7 losses from day.txt",
    ]
    assert [row["id"] for row in losses_of(served)] == uids
    shown = json.loads(served("show", uids[5], "--format", "json").stdout)
    told = ("type", "candidates", "status", "phrase", "captor", "fittings", "circumstance", "place", "verified_by")
    assert {name: shown[name] for name in told} == {
        "type": "T-72",
        "candidates": "T-72B|T-72AV",
        "status": "captured",
        "phrase": "damaged and captured",
        "captor": None,
        "fittings": "mine plough",
        "circumstance": "in the river",
        "place": "the ford",
        "verified_by": "tester",
    }
    captured = json.loads(served("show", uids[3], "--format", "json").stdout)
    assert (captured["captor"], captured["cause"]) == ("infantry", None)
    assert served("audit").exit_code == 0
    assert "7 losses" not in served("undo", "--reason", "wrong day").stderr
    assert losses_of(served) == []


def test_items_of_one_link_are_no_duplicates(served: Run) -> None:
    done = served("enter", input="side red\n@2020-10-12\nhttps://example.org/1\n3 T-72B d\nT-72B d\n")
    assert len(done.stdout.split()) == 4
    assert json.loads(served("duplicates", "--format", "json").stdout) == []


def test_lines_come_from_a_pipe_and_options_begin_the_frame(served: Run) -> None:
    options = ("--side", "red", "--day", "2020-10-12", "--place", "the ford", "--source", "post", "--confirmed")
    done = served("enter", *options, input="T-72B d\r\n2 D-30")
    assert typed(done) == [
        f"1 T-72B of Redland, destroyed on 2020-10-12, confirmed: {done.stdout.split()[0]}",
        f"2 D-30 of Redland, lost on 2020-10-12, confirmed: {', '.join(done.stdout.split()[1:])}",
        "3 losses from standard input",
    ]
    assert {row["place"] for row in losses_of(served)} == {"the ford"}


def test_every_wrong_line_is_told_and_nothing_is_entered(served: Run, tmp_path: Path) -> None:
    file = tmp_path / "day.txt"
    file.write_text(
        "T-72B d\nside red\nside grey\n@2020-13-12\nT-72B d\nhttps://example.org/1\nT-72B d\n  2 T-72BX d\n"
        "T-72B d; T-72B|D-30 c\nT-72B d c\n<\nplace 95,10\n@2999\nsource zzzz\n"
    )
    done = served("enter", "--file", str(file))
    assert (done.exit_code, done.stdout) == (3, "")
    told = [line.removeprefix("day.txt:") for line in typed(done)[:-1]]
    assert [line.partition(" to count under")[0] for line in told] == WRONG.splitlines()
    assert typed(done)[-1] == "lossledger: day.txt: 10 lines cannot be entered; nothing of the file was entered"
    assert losses_of(served) == []


def test_a_place_off_the_map_is_refused_when_a_loss_is_entered_there(served: Run) -> None:
    done = served("enter", "--side", "red", input="https://example.org/1\nplace 95,10\nT-72B d\n")
    assert typed(done)[0] == "standard input:3:1: latitude 95 is not between -90 and 90"


def test_a_dry_run_keeps_nothing(run: Run) -> None:
    done = run("enter", "--side", "red", "--source", "post", "--dry-run", input="2 D-30 d\n")
    assert (done.exit_code, done.stdout) == (0, "")
    assert typed(done)[-1] == "would record: 2 losses from standard input"
    rows = json.loads(run("list", "--verification", "claimed", "--type", "D-30", "--format", "json").stdout)
    assert [row["id"] for row in rows] == ["guns222222"]


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (
            ("--side", "grey"),
            2,
            "--side: no side 'grey'; see: lossledger side list, or add it with: lossledger side add",
        ),
        (("--day", "5"), 2, "--day: the day before it, of which 5 would take month and year, is not set; write it out"),
        (("--file", "nowhere.txt"), 3, "nowhere.txt: there is no such file"),
        ((), 3, "standard input: the file is empty"),
    ],
)
def test_wrong_use(run: Run, arguments: tuple[str, ...], code: int, line: str) -> None:
    done = run("enter", *arguments, input="")
    assert (done.exit_code, typed(done)) == (code, [f"lossledger: {line}"])


@pytest.fixture
def session(ledger_url: str, served: Run) -> Session:
    """A sitting of Ann's at the small ledger, on each engine: Redland, 12 October, at the ford."""
    app = App(ledger_url, "ann")
    return Session(Recording(app.reading, app.recording), CONFLICT, Frame("Redland", "2020-10-12", "the ford"))


def ids(session: Session) -> tuple[str, ...]:
    """What was entered behind the link that is set."""
    return session.shown


def test_each_line_is_an_act_that_can_be_taken_back(session: Session, served: Run) -> None:
    assert session.take("https://example.org/1") == Reply()
    said = session.take("T-72B d; D-30 c").said
    assert said == (
        f"1 T-72B of Redland, destroyed on 2020-10-12, claimed: {ids(session)[0]}",
        f"1 D-30 of Redland, captured on 2020-10-12, claimed: {ids(session)[1]}",
    )
    session.take("@13")
    session.take("D-30 d")
    assert (len(losses_of(served)), session.entered) == (3, 3)
    assert session.take("<") == Reply(("taken back: D-30 d",), "D-30 d")
    assert session.take("<") == Reply(("taken back: @13",), "@13")
    assert session.take("<") == Reply(("taken back: T-72B d; D-30 c",), "T-72B d; D-30 c")
    assert (session.frame.day, session.entered, session.shown) == ("2020-10-12", 0, ())
    assert losses_of(served) == []
    session.take("<")
    with pytest.raises(Slip, match="no line of this sitting is left to take back"):
        session.take("<")


def test_a_line_is_entered_again_for_a_new_link(session: Session, served: Run) -> None:
    with pytest.raises(Slip, match="there is no line of losses yet"):
        session.take("=")
    with pytest.raises(Slip, match="no link is set yet"):
        session.take("2 D-30 d")
    session.take("https://example.org/1")
    assert session.take("=").said[0] == "2 D-30 d"
    session.take("https://example.org/2")
    session.take("=")
    keys = [str(row["feed_key"]).split("/") for row in losses_of(served)]
    assert [number for _, number in keys] == ["1", "2", "1", "2"]
    assert len({source for source, _ in keys}) == 2


def test_a_likeness_is_told_and_merged_and_unmerged_again(session: Session, served: Run) -> None:
    session.take("https://example.org/1")
    session.take("2 T-72B d")
    known = ids(session)
    session.take("https://example.org/2")
    said = session.take("2 T-72B d; D-30 d").said
    new = ids(session)
    assert said[2:] == (
        f"{new[0]} looks like {known[1]}, item 2 of its link: same side, type and status; same day",
        f"{new[1]} looks like {known[0]}, item 1 of its link: same side, type and status; same day",
        "merge joins them, < takes the line back",
    )
    assert session.take("merge").said == (
        f"{new[0]} is merged into {known[1]}, and no longer counts",
        f"{new[1]} is merged into {known[0]}, and no longer counts",
    )
    session.take("<")
    with pytest.raises(Slip, match=f"which of {new[0]}, {new[1]}, {new[2]} is tank222222"):
        session.take("merge tank2")
    assert session.take(f"merge {known[0]}").said == (f"{new[1]} is merged into {known[0]}, and no longer counts",)
    assert served("audit").exit_code == 0


def test_merge_needs_something_to_merge(session: Session) -> None:
    with pytest.raises(Slip, match="no loss was entered yet"):
        session.take("merge")
    session.take("https://example.org/1")
    session.take("Ural-4320 d")
    with pytest.raises(Slip, match="nothing looks like what was entered last"):
        session.take("merge")
    with pytest.raises(Slip, match="no loss has the id 'zzzz'"):
        session.take("merge zzzz")
    assert session.take("merge tank2").said == (f"{ids(session)[0]} is merged into tank222222, and no longer counts",)


def test_a_link_that_is_known_is_said_to_be_and_its_items_are_looked_at(session: Session) -> None:
    assert session.take("https://EXAMPLE.org/list/").said == (
        "this link is in the ledger already, with tank444444, guns222222",
    )
    session.take("https://example.org/1")
    session.take("D-30 a")
    first = ids(session)[0]
    assert session.take("D-30 a").said == (f"1 D-30 of Redland, abandoned on 2020-10-12, claimed: {ids(session)[1]}",)
    assert session.take("https://example.org/1").said[0].startswith("this link is in the ledger already, with ")
    assert f"looks like {first}, item 1 of its link: same link" in session.take("D-30 a").said[1]


def test_what_cannot_be_entered_changes_nothing(session: Session, served: Run) -> None:
    session.take("https://example.org/1")
    with pytest.raises(Slip) as slip:
        session.take("D-30 d;   D-31 d")
    assert slip.value.column == 11
    assert (losses_of(served), session.entered, session.shown) == ([], 0, ())
    assert session.take("<").again == "https://example.org/1"


def test_only_ones_own_latest_act_is_taken_back(session: Session, ledger_url: str) -> None:
    session.take("https://example.org/1")
    session.take("D-30 d")
    (uid,) = ids(session)
    with recording(open_engine(ledger_url), actor="ann") as journal:
        losses.withdraw(journal, "jeep222222")
    with pytest.raises(Slip, match=f"your latest act in this ledger is another one.*withdraw {uid}"):
        session.take("<")
    with recording(open_engine(ledger_url), actor="ben") as journal:
        assert "withdrawn" in journal.state("loss", "jeep222222")


def test_a_line_that_a_rule_refuses_is_told_at_its_beginning(session: Session) -> None:
    session.take("https://example.org/1")
    session.take("place 95,10")
    with pytest.raises(Slip, match="column 1: latitude 95 is not between -90 and 90"):
        session.take("D-30 d")


@pytest.mark.parametrize("line", ["?", "help"])
def test_help_fits_a_small_screen(session: Session, line: str) -> None:
    said = session.take(line).said
    assert len(said) <= 20
    assert max(map(len, said)) < 80


def test_leaving(session: Session) -> None:
    assert session.take("quit") == Reply(leave=True)
    assert session.take("  ") == session.take("# a remark") == Reply()
