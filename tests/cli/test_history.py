"""``history`` as a user sees it: what was done, by whom, when and why."""

import csv
import io
import json

from tests.cli.conftest import Run
from tests.cli.screens import screen

MOVED_ON = """\
History of loss blue222222

26  2021-06-01 08:00:00 UTC  report, by ann
    feed          own
    side          Blueland
    type          T-72AV
    category      Tanks
    quantity      1
    counted as    an item
    status        damaged
    earliest      2020-10-05
    latest        2020-10-05
    verification  confirmed
    verified by   ann
    evidence      reports https://example.org/post

29  2021-06-01 08:00:00 UTC  event, by ann
    event 1  status captured; latest 2020-10-10
    reason   a later picture
"""

OF_A_PART = """\
History of loss iwpud3vfue

25  2021-06-01 08:00:00 UTC  report, by ann
    feed          own
    side          Redland
    type          D-30
    category      Towed Artillery
    quantity      10
    counted as    an aggregate
    status        destroyed
    reported      2020-10-20
    verification  claimed
    evidence      reports https://example.org/list

33  2021-06-02 08:00:00 UTC  split, by tester
    quantity   10 -> 7
    split off  iwpud3vfue
    reason     three are shown

Here loss iwpud3vfue was split off; what follows is its own.

34  2021-06-02 08:00:00 UTC  split, by tester
    quantity    10 -> 3
    place       the bridge
    split from  guns222222
    reason      three are shown

35  2021-06-02 08:00:00 UTC  verify, by tester
    verification  claimed -> confirmed
    verified by   tester
    reason        seen
"""


def split(run: Run) -> str:
    """Split three of the ten guns off, and confirm them; the part's id."""
    part = run("split", "guns", "--quantity", "3", "--place", "the bridge", "--reason", "three are shown")
    assert part.exit_code == 0, part.stderr
    uid = part.stdout.strip()
    assert run("verify", uid, "--as", "confirmed", "--reason", "seen").exit_code == 0
    return uid


def test_a_loss_that_moved_on(run: Run) -> None:
    """Every entry, oldest first: its number, time, act, actor, what it changed, and the reason."""
    assert screen(run("history", "blue")) == MOVED_ON


def test_a_part_begins_with_its_whole(run: Run) -> None:
    """Ten claimed guns of which three are shown: one history."""
    assert screen(run("history", split(run))) == OF_A_PART


def test_what_happens_to_the_whole_later_is_not_the_parts(run: Run) -> None:
    part = split(run)
    screen(run("amend", "guns", "--place", "elsewhere", "--reason", "a later report"))
    assert screen(run("history", part)) == OF_A_PART
    assert "place   elsewhere" in screen(run("history", "guns"))


def test_a_row_a_change_for_programs(run: Run) -> None:
    part = split(run)
    rows = json.loads(run("history", part, "--format", "json").stdout)
    assert [row["number"] for row in rows if row["field"] == "quantity"] == [25, 33, 34]
    assert [(row["old"], row["new"]) for row in rows if row["field"] == "quantity"] == [
        (None, "10"),
        ("10", "7"),
        ("10", "3"),
    ]
    written = csv.DictReader(io.StringIO(run("history", part, "--format", "csv").stdout))
    assert [row["act"] for row in written][-1] == "verify"


def test_an_entry_without_a_change_has_a_row(run: Run) -> None:
    screen(run("note", "blue", "seen from the road", "--reason", "r"))
    last = json.loads(run("history", "blue", "--format", "json").stdout)[-1]
    assert (last["act"], last["field"], last["new"]) == ("note", "text", "seen from the road")


def test_old_and_new(run: Run) -> None:
    """A correction shows what stood there before, in people's names for it."""
    screen(run("amend", "tank2", "--type", "T-72B3", "--place", "", "--reason", "the reactive armour"))
    assert screen(run("history", "tank2")).endswith(
        "    type    T-72B -> T-72B3\n    place   the bridge -> (nothing)\n    reason  the reactive armour\n"
    )


def test_redacted_texts(run: Run) -> None:
    """What was taken out is shown as taken out, also where it was changed later."""
    screen(run("amend", "tank2", "--place", "the mill", "--reason", "a better map"))
    screen(run("redact", "tank2", "--field", "place", "--reason", "a private house", "--yes"))
    shown = screen(run("history", "tank2"))
    assert "    place         [redacted]\n" in shown
    assert "    place   [redacted] -> [redacted]\n" in shown
    assert "    takes out  the place of entry 22, the place of entry 33\n" in shown
    assert "bridge" not in shown
    assert "mill" not in shown


def test_evidence_has_its_link(run: Run) -> None:
    """What a source said, and where it stands; also when an undo took it out again."""
    says = ("--field", "type", "--says", "T-72B", "--credibility", "2")
    screen(run("dispute", "blue", *says, "--source", "list", "--reason", "r"))
    screen(run("undo", "--reason", "not so"))
    shown = " ".join(screen(run("history", "blue")).split())
    piece = "disputes https://example.org/list; on type; says “T-72B”; credibility 2"
    assert f"evidence {piece} reason r" in shown
    assert f"evidence no longer: {piece}" in shown


def test_an_undo_names_the_entry_that_it_undoes(run: Run) -> None:
    screen(run("withdraw", "jeep", "--reason", "r"))
    screen(run("undo", "--reason", "not so"))
    assert "    undoes     entry 33\n" in screen(run("history", "jeep"))


def test_no_such_id(run: Run) -> None:
    assert run("history", "zzzzzzzzzz").exit_code == 1


def test_on_each_engine(served: Run) -> None:
    assert screen(served("history", "blue")) == MOVED_ON
