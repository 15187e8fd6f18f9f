"""``init``, ``demo``, ``pack`` and ``setting`` as a user sees them: a ledger begins."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lossledger.cli.main import cli
from lossledger.ledger import setup
from lossledger.ledger.packs import packs
from tests.cli.conftest import Run, runner
from tests.cli.screens import screen

DEMO = """\
Documented losses: Nagorno-Karabakh 2020, all days

Category                 Armenia   Azerbaijan
─────────────────────────────────────────────
Tanks                         63           21
Aircraft                       1            5
Helicopters                    -            1
Drones, Kind Not Given         -            8
Type Not Given                22           25
─────────────────────────────────────────────
Total                         86           60

Confirmed only. Armenia 86, of which 0 itemised; Azerbaijan 60, of which 0
itemised.
Armenia with Artsakh.
Not counted: 53 claimed, 0 disputed, 1 merged into another loss.
Days: 146 inferred, 0 undated.
"""

SETTINGS = """\
Name       Value    What it is
──────────────────────────────────────────────────────────────────
conflict   valley   the conflict that is meant where none is named
"""


def bare(*args: str) -> Result:
    """Run a command line that names no ledger."""
    result = CliRunner().invoke(cli, args)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_a_ledger_begins_with_the_catalogue(tmp_path: Path) -> None:
    """The folders are made, and what to do next is said."""
    file = tmp_path / "some" / "where" / "losses.db"
    made = runner(str(file))("init")
    assert (made.exit_code, made.stdout) == (0, "")
    assert made.stderr.startswith(f"ledger at {file}: 58 categories, ")
    assert made.stderr.endswith("see: lossledger pack list, or add it with: lossledger conflict add\n")
    assert list(file.parent.iterdir()) == [file]
    assert runner(str(file))("audit").exit_code == 0


def test_a_ledger_begins_with_packs(tmp_path: Path) -> None:
    run = runner(str(tmp_path / "losses.db"))
    made = run("init", "--pack", "ukraine-2022", "--pack", "nagorno-karabakh-2020")
    assert "2 conflicts, 8 sides" in made.stderr
    assert len(made.stderr.splitlines()) == 1


def test_where_something_is_no_ledger_begins(run: Run, ledger: Path, tmp_path: Path) -> None:
    """What is there stays as it is: a ledger, another file, a folder."""
    other = tmp_path / "letter.txt"
    other.write_text("Dear Ann")
    for place, line in ((ledger, "is there already"), (other, "is there already"), (tmp_path, "is a folder")):
        before = place.read_bytes() if place.is_file() else b""
        refused = runner(str(place))("init")
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert line in refused.stderr
        assert not before or place.read_bytes() == before


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, RuntimeError], ids=["interrupted", "failed"])
def test_what_does_not_succeed_leaves_nothing(
    trouble: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the file nor the folders that were made for it; an empty file that was there stays."""

    def stop(*_: object) -> Counter[str]:
        raise trouble

    monkeypatch.setattr(setup, "add_pack", stop)
    for place in (tmp_path / "some" / "where" / "losses.db", tmp_path / "losses.db"):
        result = CliRunner().invoke(cli, ["--db", str(place), "init"])
        assert result.exit_code == (130 if trouble is KeyboardInterrupt else 1)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "losses.db").touch()
    CliRunner().invoke(cli, ["--db", str(tmp_path / "losses.db"), "init"])
    assert (tmp_path / "losses.db").stat().st_size == 0


def test_an_unknown_pack_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    refused = runner(str(tmp_path / "some" / "losses.db"))("init", "--pack", "ukrain-2022")
    assert refused.exit_code == 2
    assert "did you mean ukraine-2022? See: lossledger pack list" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made once, shows its tally, and ends with the very command line to go on with."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["bin/lossledger", "demo"])
    first = bare("demo")
    assert screen(first) == DEMO
    go_on = (
        "\nGo on with:\n"
        "  bin/lossledger --db lossledger-demo/lossledger.db list\n"
        "  bin/lossledger --db lossledger-demo/lossledger.db tally --side armenia --by type\n"
    )
    made = "made lossledger-demo/lossledger.db from the pack nagorno-karabakh-2020\n"
    assert first.stderr == made + go_on
    again = bare("demo")
    assert (screen(again), again.stderr) == (DEMO, go_on)
    assert bare("--db", "lossledger-demo/lossledger.db", "tally", "--side", "armenia").exit_code == 0


def test_the_demonstration_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a space in its name is quoted for the shell; --db is not ignored, but refused."""
    monkeypatch.setattr(sys, "argv", ["lossledger"])
    shown = bare("demo", "--into", str(tmp_path / "my demo"))
    assert f"lossledger --db '{tmp_path}/my demo/lossledger.db' list" in shown.stderr
    assert bare("--db", str(tmp_path / "x.db"), "demo").exit_code == 2
    assert not (tmp_path / "x.db").exists()


def test_the_packs(run: Run) -> None:
    """Whether the ledger holds them is said; a pack is entered once."""
    held = {
        row[0]: row[-1]
        for row in (line.split("\t") for line in run("pack", "list", "--format", "tsv").stdout.splitlines())
    }
    assert held["ukraine-2022"] == "no"
    assert run("pack", "add", "ukraine-2022", "--dry-run").stderr == (
        "would record: pack ukraine-2022: 1 conflict, 5 sides\n"
    )
    assert run("pack", "add", "ukraine-2022").stderr == "pack ukraine-2022: 1 conflict, 5 sides\n"
    assert run("pack", "add", "ukraine-2022").stderr == ("pack ukraine-2022: nothing new; the ledger holds all of it\n")
    assert "ukraine-2022\t" in run("pack", "list", "--format", "tsv").stdout
    assert run("pack", "list", "--format", "tsv").stdout.splitlines()[-1].endswith("\tyes")


def test_the_packs_without_a_ledger(tmp_path: Path) -> None:
    listed = runner(str(tmp_path / "none.db"))("pack", "list", "--format", "json")
    assert listed.exit_code == 0
    assert all(f'"{pack.name}"' in listed.stdout for pack in packs())


def test_a_bad_row_in_a_pack(run: Run, tmp_path: Path) -> None:
    """It is told by file and line, code 3, and nothing of the pack is entered."""
    pack = tmp_path / "mine"
    pack.mkdir()
    (pack / "datapackage.json").write_text('{"title": "Mine", "version": "1"}')
    (pack / "conflicts.csv").write_text("slug,name\nhill,Hill War\nvalley-2,Valley War\n")
    refused = run("pack", "add", str(pack))
    assert refused.exit_code == 3
    assert f"{pack / 'conflicts.csv'}:3: " in refused.stderr
    assert run("conflict", "show", "hill").exit_code == 2


def test_settings(run: Run) -> None:
    """One is shown, changed for a reason, cleared."""
    assert run("setting", "conflict", "valley").exit_code == 2
    told = run("setting", "conflict", "Valley War", "--reason", "the only one")
    assert (told.exit_code, told.stderr) == (0, "setting conflict: valley\n")
    assert screen(run("setting", "conflict")) == SETTINGS
    assert "yes: nobody confirms what they alone reported" in screen(run("setting", "review.second-person"))
    assert run("setting", "conflict", "--clear", "--reason", "r").stderr == "setting conflict: cleared\n"
    assert run("setting", "colour", "red", "--reason", "r").exit_code == 2
    assert run("setting", "colour").exit_code == 2


def test_a_ledger_on_each_engine(ledger_url: str) -> None:
    run = runner(ledger_url)
    assert run("init", "--pack", "nagorno-karabakh-2020").exit_code == 0
    assert screen(run("tally")) == DEMO
    again = run("init")
    assert again.exit_code == 2
    assert "already" in again.stderr
