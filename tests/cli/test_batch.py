"""``verify --batch``: many decisions from a file, as one act."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.looking import entries, loss, rows


def batch(run: Run, text: str, *more: str, actor: str = "ben") -> tuple[int, str]:
    """Have a batch from standard input decided: the exit code, and what is said."""
    result = run("--actor", actor, "verify", "--batch", "-", *more, input=text)
    assert result.stdout == ""
    return result.exit_code, result.stderr


def test_a_table_is_one_act_with_a_reason_for_each(run: Run, ledger: Path) -> None:
    table = "item,decision,reason\nclaim:guns222222,confirm,two pictures\nnone2,REJECT,\n"
    assert batch(run, table, "--reason", "read together") == (
        0,
        "loss guns222222: confirmed\nloss none222222: rejected\n2 items decided, 0 not\n",
    )
    made = rows(
        ledger,
        "select act_id, subject, (select value from entry_detail where field = 'reason' and entry in (number, ("
        "select min(number) from entry as one where one.act_id = entry.act_id)) order by entry desc limit 1) as reason "
        "from entry where act = 'verify'",
    )
    assert len({one["act_id"] for one in made}) == 1
    assert {one["subject"]: one["reason"] for one in made} == {
        "guns222222": "two pictures",
        "none222222": "read together",
    }


@pytest.mark.parametrize("sign", [";", "\t"])
def test_a_table_may_be_as_a_spreadsheet_writes_it(run: Run, sign: str) -> None:
    table = '\ufeffItem,Decision,Reason\r\n\r\nclaim:guns222222,confirm,"one, two"\r\nnone,reject\r\n'
    said = "loss guns222222: confirmed\nloss none222222: rejected\n2 items decided, 0 not\n"
    assert batch(run, table.replace(",", sign)) == (0, said)


def test_on_each_engine_a_page_s_file_is_taken(served: Run) -> None:
    waits = json.loads(served("review", "--format", "json").stdout)
    decisions = [{"item": one["item"], "decision": "confirm", "seen": one["seen"], "reason": ""} for one in waits]
    file = json.dumps({"format": "lossledger-review", "version": 1, "decisions": decisions})
    assert batch(served, file)[0] == 0
    assert served("review").exit_code == 1
    code, said = batch(served, file)
    assert code == 3
    assert said.splitlines() == [
        "0 items decided, 2 not:",
        "  claim:guns222222: ben confirmed loss guns222222 just now",
        "  claim:none222222: ben confirmed loss none222222 just now",
    ]


def test_what_changed_since_is_left_and_the_rest_is_done(run: Run, ledger: Path) -> None:
    waits = json.loads(run("review", "--format", "json").stdout)
    run("--actor", "ann", "note", "guns", "wait", "--reason", "r")
    code, said = batch(run, json.dumps([{**one, "decision": "reject"} for one in waits]))
    assert (code, said.splitlines()) == (
        3,
        [
            "loss none222222: rejected",
            "1 item decided, 1 not:",
            "  claim:guns222222: ann added a note to loss guns222222 just now",
        ],
    )
    assert loss(ledger, "guns222222")["verification"] == "claimed"


def test_rows_that_cannot_be_are_told_with_their_lines(run: Run, ledger: Path) -> None:
    before = entries(ledger)
    table = "id,decision\nguns,maybe\n,confirm\nnobody,confirm\npair:guns222222:none222222,confirm\nclaim:x,keep\n"
    code, said = batch(run, table)
    words = "confirm, reject, dispute, keep, take, same, different"
    assert (code, said.splitlines()) == (
        3,
        [
            "0 items decided, 5 not:",
            f"  line 2: decision 'maybe' is not one of: {words}",
            "  line 3: no item is named",
            "  line 4: no loss has the id 'nobody'",
            "  pair:guns222222:none222222: confirm is no decision on it; there are: same, different",
            "  claim:x: no loss 'x' in this ledger",
        ],
    )
    assert entries(ledger) == before


def test_an_item_that_stands_twice_is_decided_once_or_not_at_all(run: Run, ledger: Path) -> None:
    table = "id,decision,reason\nguns,confirm,a\nnone,confirm,\nclaim:guns222222,confirm,b\nclaim:none222222,reject,\n"
    code, said = batch(run, table)
    assert (code, said.splitlines()) == (
        3,
        [
            "loss guns222222: confirmed",
            "1 item decided, 2 not:",
            "  claim:none222222: confirm: stands twice, with different decisions",
            "  claim:none222222: reject: stands twice, with different decisions",
        ],
    )
    assert loss(ledger, "none222222")["verification"] == "claimed"


def test_a_loss_alone_stands_for_its_dispute_where_that_waits(run: Run, ledger: Path) -> None:
    run("dispute", "jeep", "--source", "https://example.org/3", "--reason", "still in service")
    assert batch(run, "id,decision\njeep,confirm\n")[0] == 0
    assert loss(ledger, "jeep222222")["verification"] == "confirmed"


def test_a_dry_run_keeps_nothing(run: Run, ledger: Path) -> None:
    before = entries(ledger)
    assert batch(run, "id,decision\nguns,confirm\n", "--dry-run") == (
        0,
        "would record: loss guns222222: confirmed\n1 item would be decided, 0 not\n",
    )
    assert entries(ledger) == before


def test_the_second_person_is_asked_for_here_too(run: Run) -> None:
    run("setting", "review.second-person", "yes", "--reason", "four eyes")
    code, said = batch(run, "id,decision\nguns,confirm\nnone,reject\n", actor="ann")
    assert code == 3
    assert said.startswith("loss none222222: rejected\n1 item decided, 1 not:\n  claim:guns222222: loss guns222222 was")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "-: the first line must name the columns item (or id) and decision, and may name reason"),
        ("a,b\n", "-: the first line must name the columns item (or id) and decision, and may name reason"),
        ("id,decision\n", "-: no decision in it"),
        ("{", "-: no JSON: unexpected end of data: line 1 column 2 (char 1)"),
        ("{}", '-: no list of decisions; it is {"decisions": [{"item": ..., "decision": ...}]}'),
        ("[1]", "-: decision 1 is no object with an item and a decision"),
        ('id,decision\n"guns,confirm\n', "-: after line 1: unexpected end of data"),
    ],
)
def test_a_file_that_is_no_batch(run: Run, text: str, said: str) -> None:
    assert batch(run, text) == (3, f"lossledger: {said}\n")


def test_a_batch_and_a_loss_are_not_said_at_once(run: Run) -> None:
    for more in (("guns",), ("--as", "rejected"), ("--item",)):
        result = run("verify", "--batch", "-", *more, input="")
        said = "--batch decides what its file says; give neither an id nor --as, --by, --quantity, --item with it"
        assert (result.exit_code, result.stderr) == (2, f"lossledger: {said}\n")
    assert run("verify", "--reason", "r").stderr == (
        "lossledger: say which loss, by its id, or give a file of decisions with --batch\n"
    )
