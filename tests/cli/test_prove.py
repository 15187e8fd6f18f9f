"""``export --proof``, ``audit --consistency`` and ``prove`` as a user sees them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete

from lossledger.db.engine import open_engine
from lossledger.db.tables import entry, entry_detail
from tests.checks.tamper import guarded, rehash, rows, unguarded
from tests.cli.conftest import Run, open_view, runner
from tests.cli.screens import screen, tidy
from tests.proof.perl import perl


@pytest.fixture
def run(run: Run) -> Run:
    """A ledger whose public view tells all that it can."""
    open_view(run)
    return run


@pytest.fixture
def served(served: Run) -> Run:
    """The same on each engine."""
    open_view(served)
    return served


def head_of(run: Run) -> str:
    return run("audit", "--head").stdout.strip()


def proof_of(run: Run, *args: str) -> str:
    done = run("export", "--proof", *args)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_the_head_in_one_word_and_in_its_parts(served: Run) -> None:
    told = served("audit", "--head")
    size, chain, root = told.stdout.strip().split(":")
    assert told.stderr == f"  size        {size} entries\n  chain hash  {chain}\n  tree root   {root}\n"
    assert json.loads(served("audit", "--head", "--format", "json").stdout) == {
        "size": int(size),
        "chain_hash": chain,
        "tree_root": root,
        "head": told.stdout.strip(),
    }
    assert (
        served("audit", "--head", "--format", "csv").stdout.splitlines()[1]
        == f"{size},{chain},{root},{size}:{chain}:{root}"
    )
    for kept in (told.stdout, f"{size}:{chain}"):
        assert served("audit", "--expect-head", kept).exit_code == 0
    wrong = served("audit", "--expect-head", f"{size}:{chain}:{'0' * 64}", "--format", "csv")
    assert (wrong.exit_code, wrong.stdout.splitlines()[1]) == (
        1,
        f"head,entry {size},the root of the tree over the entries up to it is not the one expected",
    )


PROVED = """\
Loss blue222222, as its 3 entries here leave it
  category                      tanks
  counts                        item
  earliest                      2020-10-05
  evidence.blueev2222.relation  reports
  evidence.blueev2222.source    post222222
  feed                          own
  latest                        2020-10-05
  quantity                      1
  side                          valley/blueland
  status                        damaged
  type                          t-72av
  verification                  confirmed
  verified_by                   [withheld]
  event.1.latest                2020-10-10
  event.1.status                captured
  outcome                       captured
  day                           2020-10-05

ENTRY  2021-06-01 08:00:00 UTC  report, by ann
    category                      tanks
    counts                        item
    earliest                      2020-10-05
    evidence.blueev2222.relation  reports
    evidence.blueev2222.source    post222222
    feed                          own
    latest                        2020-10-05
    quantity                      1
    side                          valley/blueland
    status                        damaged
    type                          t-72av
    verification                  confirmed
    verified_by                   [withheld]
    adds                          1 damaged, confirmed, from 2020-10-05; t-72av,
                                  tanks, valley/blueland, feed own

ENTRY  2021-06-01 08:00:00 UTC  event, by ann
    event.1.latest  2020-10-10
    event.1.status  captured
    reason          a later picture
    takes back      1 damaged, confirmed, from 2020-10-10; t-72av, tanks,
                    valley/blueland, feed own
    adds            1 captured, confirmed, from 2020-10-10; t-72av, tanks,
                    valley/blueland, feed own

ENTRY  2021-06-02 08:00:00 UTC  note, by tester
    text    [bold]red
    reason  seen

Proved      3 entries of the SIZE under the given head, word for word as in the
            file
Not proved  that these are all entries of the loss: others may have been left
            out, and later ones may have followed. Nor who acted: a name is
            given, not proved
"""


def test_a_loss_is_proved_without_a_ledger(served: Run, tmp_path: Path) -> None:
    served("note", "blue222222", "[bold]red", "--reason", "seen")
    head = head_of(served)
    file = tmp_path / "blue.json"
    told = served("export", "--proof", "blue", "--withhold", "verified-by", "-o", str(file))
    assert (told.exit_code, told.stdout) == (0, "")
    assert told.stderr == (
        f"loss blue222222: 3 entries, {file.stat().st_size:,} bytes; not told: verified_by\n"
        f"head {head}\n"
        f"verify it with: lossledger prove {file} --head HEAD, the head from where you trust it\n"
    )
    expected = PROVED.replace("SIZE", head.partition(":")[0])
    for one in json.loads(file.read_text())["entries"]:
        expected = expected.replace("ENTRY", str(one["entry"][1]), 1)
    elsewhere = runner(str(tmp_path / "no ledger.db"))
    assert screen(elsewhere("prove", str(file), "--head", head)) == expected
    assert perl(file, head) == "proved"


def test_a_loss_is_proved_to_a_program(run: Run) -> None:
    head = head_of(run)
    told = run("prove", "-", "--head", head, "--format", "json", input=proof_of(run, "jeep222222"))
    answer = json.loads(told.stdout)
    assert (told.exit_code, answer["proved"], answer["faults"], answer["head"]) == (0, True, [], head)
    assert (answer["state"]["status"], answer["outcome"], answer["day"]["day"]) == ("abandoned", "abandoned", None)
    [only] = answer["entries"]
    assert (only["act"], only["actor"], only["reason"]) == ("report", "ann", None)
    assert [(line["quantity"], line["day"]) for line in only["postings"]] == [(1, None)]


def test_texts_are_shown_inert(run: Run) -> None:
    """From outside may come what would do something to a terminal; typed by hand it is refused."""
    proof = proof_of(run, "jeep222222")
    forged = json.loads(proof) | {"loss": "[red]\x1b[2J" * 100}
    told = run("prove", "-", "--head", head_of(run), input=json.dumps(forged))
    assert told.exit_code == 1
    assert "\x1b" not in told.stdout
    assert "[red]\\x1b[2J" in told.stdout


def test_redacted_and_withheld_texts_are_told_apart(served: Run, tmp_path: Path) -> None:
    served("redact", "tank333333", "--field", "note,actor", "--yes", "--reason", "asked for")
    head, file = head_of(served), tmp_path / "tank.json"
    file.write_text(proof_of(served, "tank333333", "--withhold", "latitude", "--withhold", "longitude"))
    answer = json.loads(served("prove", str(file), "--head", head, "--format", "json").stdout)
    assert {name: answer["state"][name] for name in ("note", "latitude", "longitude", "status")} == {
        "note": "[redacted]",
        "latitude": "[withheld]",
        "longitude": "[withheld]",
        "status": "captured",
    }
    assert [step["actor"] for step in answer["entries"]] == ["[redacted]", "tester"]
    assert "40.1" not in file.read_text()
    assert perl(file, head) == "proved"


def test_what_a_list_said_word_for_word_is_in_no_proof(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("id,side,type,status,place,source\n1,Redland,T-72B,destroyed,the mill,https://example.org/9\n")
    assert run("import", str(table), "--feed", "A list").exit_code == 0
    uid = json.loads(
        run("list", "--where", "place=the mill", "--verification", "claimed,confirmed", "--format", "json").stdout
    )[0]["id"]
    assert proof_of(run, uid).count("the mill") == 1
    hidden = proof_of(run, uid, "--withhold", "place")
    assert "the mill" not in hidden
    assert run("prove", "-", "--head", head_of(run), input=hidden).exit_code == 0


def test_texts_that_no_two_writers_of_json_escape_alike(run: Run, tmp_path: Path) -> None:
    r"""U+007F cannot be typed, but a backslash before ``u007f`` can, and an astral sign."""
    run("note", "tank222222", 'a "quote" \\u007f ünï ☂ 🚜 </script>', "--reason", "tabs\tand\nlines")
    earlier = head_of(run)
    run("amend", "tank222222", "--place", "a \\ b", "--reason", "seen again")
    head, loss, continued = head_of(run), tmp_path / "loss.json", tmp_path / "continued.json"
    run("export", "--proof", "tank222222", "-o", str(loss))
    run("audit", "--consistency", earlier, "-o", str(continued))
    assert (perl(loss, head), perl(continued, head, earlier)) == ("proved", "proved")
    assert run("prove", str(loss), "--head", head).exit_code == 0
    loss.write_text(loss.read_text().replace("u007f", "u007e"))
    assert perl(loss, head).endswith(": details")


def _silence(connection: Connection, uid: str) -> None:
    """Have the entries of a loss not say who acted, as where only the first entry of an act does."""
    unguarded(connection)
    own = [row for row in rows(connection, entry) if row["subject"] == uid]
    of_the_act = entry_detail.c.field.in_(("actor", "reason"))
    connection.execute(delete(entry_detail).where(entry_detail.c.entry.in_(one["number"] for one in own), of_the_act))
    rehash(connection, own[0]["number"])
    guarded(connection)


def test_who_acted_is_told_by_the_entry_that_begins_the_act(served: Run, ledger_url: str, tmp_path: Path) -> None:
    part = served("split", "guns222222", "--quantity", "4", "--reason", "four can be told").stdout.strip()
    engine = open_engine(ledger_url)
    with engine.begin() as connection:
        _silence(connection, part)
    engine.dispose()
    head, file = head_of(served), tmp_path / "part.json"
    told = served("export", "--proof", part, "-o", str(file))
    assert told.stderr.splitlines()[0].endswith("; not told: quantity")
    first, own = json.loads(file.read_text())["entries"]
    assert (first["of"], first["entry"][5], own["of"], own["entry"][5]) == ("act", "guns222222", "loss", part)
    assert [detail[-2] if len(detail) == 3 else detail[0] for detail in first["details"]] == [
        "actor",
        "quantity",
        "reason",
    ]
    answer = json.loads(served("prove", str(file), "--head", head, "--format", "json").stdout)
    assert [(step["actor"], step["reason"]) for step in answer["entries"]] == [("tester", "four can be told")]
    assert perl(file, head) == "proved"
    for left_out, said in ((0, "the entry of its act that says who acted was left out"), (1, "none of its entries")):
        kept = json.loads(file.read_text())
        del kept["entries"][left_out]
        failed = served("prove", "-", "--head", head, "--format", "json", input=json.dumps(kept))
        assert failed.exit_code == 1
        assert any(said in fault["wrong"] for fault in json.loads(failed.stdout)["faults"])
    hidden = json.loads(proof_of(served, part, "--withhold", "actor"))
    shown = served("prove", "-", "--head", head, "--format", "json", input=json.dumps(hidden))
    assert [step["actor"] for step in json.loads(shown.stdout)["entries"]] == ["[withheld]"]


def test_a_later_head_continues_an_earlier_one(served: Run, tmp_path: Path) -> None:
    earlier = head_of(served)
    served("note", "tank222222", "one more", "--reason", "seen")
    later, file = head_of(served), tmp_path / "continued.json"
    told = served("audit", "--consistency", earlier, "-o", str(file))
    assert (told.exit_code, told.stdout) == (0, "")
    assert told.stderr.startswith(f"head {later}\ncontinues {earlier}\n")
    size, more = (text.partition(":")[0] for text in (earlier, later))
    for known in (earlier, earlier.rpartition(":")[0]):
        shown = served("prove", str(file), "--from", known, "--head", later)
        assert screen(shown) == (
            f"Proved  the ledger of {more} entries begins with the {size} of the earlier head,\n        unaltered\n"
        )
        assert perl(file, later, known) == "proved"
    same = served("audit", "--consistency", later).stdout
    assert served("prove", "-", "--from", later, "--head", later, input=same).exit_code == 0


def test_a_head_of_another_ledger_is_not_continued(run: Run, tmp_path: Path) -> None:
    size, chain, _ = head_of(run).split(":")
    for other, wrong in (
        (f"{size}:{'0' * 64}", "its hash is not the one expected: the journal was written anew"),
        (f"{int(size) + 1}:{chain}", "it is missing: the end of the journal was cut off"),
        (f"{size}:{chain}:{'0' * 64}", "the root of the tree over the entries up to it is not the one expected"),
    ):
        file = tmp_path / "continued.json"
        told = run("audit", "--consistency", other, "-o", str(file), "--format", "json")
        assert (told.exit_code, [finding["wrong"] for finding in json.loads(told.stdout)]) == (1, [wrong])
        assert not file.exists()


FAILED = """\
Where     Step     What is wrong
────────────────────────────────────────────────────────────────────────────────
entry 23  details  one was altered, left out or added: they do not give the
                   entry's digest

Not proved: 1 fault. Nothing that the file says is to be trusted.
"""


def test_what_was_altered_is_named(run: Run) -> None:
    altered = proof_of(run, "tank333333").replace("Seen from the road.", "Seen from the air.")
    told = run("prove", "-", "--head", head_of(run), input=altered)
    assert (told.exit_code, tidy(told.stdout)) == (1, FAILED)


def test_a_proof_under_a_head_that_has_moved_on_says_what_to_do(run: Run) -> None:
    proof = proof_of(run, "tank333333")
    run("note", "tank222222", "one more", "--reason", "seen")
    told = run("prove", "-", "--head", head_of(run), input=proof)
    assert told.exit_code == 1
    assert "The ledger has grown between the two heads" in told.stdout


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("prove", "loss.json", "--head", "17:abc"), 2, "'17:abc' is no head; give N:HASH or N:HASH:ROOT"),
        (("prove", "loss.json", "--head", f"17:{'0' * 64}"), 2, "--head has no root: a hash of the chain alone proves"),
        (("prove", "loss.json"), 2, "missing option '--head'"),
        (
            ("prove", "loss.json", "--head", "HEAD", "--from", "HEAD"),
            2,
            "--from is for the proof that a head continues",
        ),
        (("prove", "continued.json", "--head", "HEAD"), 2, "this file proves that a head continues another; give that"),
        (("prove", "none.json", "--head", "HEAD"), 3, "none.json: cannot be read: No such file or directory"),
        (("prove", ".", "--head", "HEAD"), 3, ".: cannot be read: Is a directory"),
        (("prove", "/dev/zero", "--head", "HEAD"), 3, "/dev/zero: it has more than 8,388,608 bytes; no proof is so"),
        (("export",), 2, "Usage: lossledger export"),
        (
            ("export", "--withhold", "place"),
            2,
            "say what to export: a format, or --proof ID; see: lossledger export --help",
        ),
        (("export", "--proof", "nope"), 1, "no loss has the id 'nope'"),
        (("export", "--proof", "tank2", "--withhold", "plaice"), 2, "no field 'plaice'; did you mean place?"),
        (("export", "--proof", "tank2", "--withhold", "quantity"), 2, "quantity cannot be withheld: counts rest on it"),
        (("export", "--proof", "tank2", "-o", "loss.json"), 2, "loss.json is there already; replace it with --force"),
        (("export", "--proof", "tank2", "-o", "no/where.json"), 2, "there is no folder FOLDER/no"),
        (("export", "--proof", "tank2", "-o", "."), 2, ". is no file; a proof goes to a file of its own"),
        (("audit", "--consistency", f"0:{'0' * 64}"), 2, "every ledger continues an empty one; give the head of one"),
        (("audit", "--consistency", "HEAD", "--head"), 2, "--head and --consistency are asked for one at a time"),
        (("audit", "--consistency", "HEAD", "-o", "loss.json"), 2, "loss.json is there already; replace it with --f"),
        (("audit", "--expect-head", ""), 2, "'' is no head; give N:HASH or N:HASH:ROOT"),
        (("audit", "--expect-head", "", "--head"), 2, "--head and --expect-head are asked for one at a time"),
        (("audit", "--head", "-o", "head.txt"), 2, "--output is where the proof of --consistency goes; there is none"),
    ],
)
def test_wrong_use_is_told_in_a_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    head = head_of(run)
    Path("loss.json").write_text(proof_of(run, "tank222222"))
    Path("continued.json").write_text(run("audit", "--consistency", head).stdout)
    before = Path("loss.json").read_text()
    told = run(*(head if word == "HEAD" else word for word in typed))
    assert told.exit_code == code
    assert told.stdout == ""
    assert said.replace("FOLDER", str(tmp_path)) in told.stderr
    assert Path("loss.json").read_text() == before


def test_force_replaces_the_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "loss.json"
    file.write_text("something else")
    assert run("export", "--proof", "tank222222", "-o", str(file), "--force").exit_code == 0
    assert run("prove", str(file), "--head", head_of(run)).exit_code == 0


def test_an_entry_that_is_missing_from_the_ledger_leaves_no_tree(run: Run, ledger: Path) -> None:
    engine = open_engine(f"sqlite:///{ledger}")
    with engine.begin() as connection:
        unguarded(connection)
        connection.execute(delete(entry_detail).where(entry_detail.c.entry == 3))
        connection.execute(delete(entry).where(entry.c.number == 3))
        guarded(connection)
    engine.dispose()
    for args in (("audit", "--head"), ("export", "--proof", "tank222222")):
        told = run(*args)
        assert (told.exit_code, told.stderr) == (
            3,
            "lossledger: entry 3 is missing: no tree without it; see: lossledger audit\n",
        )


def test_neither_a_tally_nor_the_first_screen_loads_what_proofs_are_made_of(ledger: Path, tmp_path: Path) -> None:
    """And to verify one, no database is loaded."""
    code = (
        "import sys\nfrom lossledger.cli.main import cli\n"
        "try:\n    cli.main(sys.argv[1:], prog_name='lossledger')\nexcept SystemExit:\n    pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)\n"
    )

    def loaded(*args: str) -> set[str]:
        done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True)
        return set(done.stderr.split())

    of_proofs = {
        "lossledger.core.merkle",
        "lossledger.core.proof",
        "lossledger.core.proving",
        "lossledger.queries.proofs",
    }
    for args in (("tally",), ("info",)):
        assert loaded("--db", str(ledger), *args) & of_proofs == set()
    run = runner(str(ledger))
    file = tmp_path / "loss.json"
    file.write_text(proof_of(run, "tank222222"))
    verifying = loaded("prove", str(file), "--head", head_of(run))
    assert "lossledger.core.proving" in verifying
    assert "sqlalchemy" not in verifying
