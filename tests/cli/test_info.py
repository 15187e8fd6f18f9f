"""``info`` and the bare program as a user sees them: where a ledger stands."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lossledger.cli.main import cli
from tests.cli.conftest import Run
from tests.cli.screens import screen, tidy

BEGIN = """\
lossledger keeps a ledger of equipment losses. There is none yet at
  {place}

Look around in a demonstration:
  lossledger demo

Start a ledger of your own:
  lossledger init

All commands:
  lossledger --help
"""

STANDS = """\
engine             SQLite VERSION
schema             0005
entries            32, the last of 2021-06-01 08:00:00 UTC
losses             7, of which 1 merged
sources            2
published tallies  2
types              7
feeds              a-list, own
head HEAD

Items that stand, by how far they are believed

Conflict     Losses   Confirmed   Claimed   Disputed   Rejected
───────────────────────────────────────────────────────────────
Valley War        6           4        13          -          -

Waiting for you: 2 claimed losses; see:
lossledger review
Possible duplicates: lossledger duplicates
"""

BARE = """\
Documented losses: Valley War, all days

Category                      Redland   Blueland
────────────────────────────────────────────────
Tanks                               2          1
Trucks, Vehicles, and Jeeps         -          1
────────────────────────────────────────────────
Total                               2          2

Confirmed only. Redland 2, of which 2 itemised; Blueland 2, of which 2 itemised.
Redland with North Redland.
Not counted: 13 claimed, 0 disputed, 1 merged into another loss.
Days: 0 inferred, 1 undated.

Waiting for you: 2 claimed losses; see:
lossledger review
Possible duplicates: lossledger duplicates

All commands: lossledger --help
"""

SEVERAL = """\
Conflict                      Losses   Confirmed   Claimed   Disputed   Rejected
────────────────────────────────────────────────────────────────────────────────
Russian invasion of Ukraine        -           -         -          -          -
Valley War                         6           4        13          -          -

Waiting for you: 2 claimed losses; see:
lossledger review --conflict valley
Possible duplicates: lossledger duplicates

All commands: lossledger --help
"""


def test_where_a_ledger_stands(run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    told = json.loads(run("info", "--format", "json").stdout)
    expected = STANDS.replace("SQLite VERSION", told["engine"]).replace("HEAD", told["head"])
    first, _, rest = screen(run("info")).partition("\n")
    assert first.split() == ["ledger", *str(ledger).split()]
    assert rest == expected
    assert told["head"] == run("audit", "--head").stdout.rpartition(":")[0]
    assert (told["ledger"], told["entries"], told["loss"], told["merged"], told["withdrawn"]) == (
        *(str(ledger), 32),
        *(7, 1, 0),
    )
    assert told["conflicts"] == [
        {
            "conflict": "valley",
            "name": "Valley War",
            "losses": 6,
            "confirmed": 4,
            "claimed": 13,
            "disputed": 0,
            "rejected": 0,
        }
    ]


def test_what_waits_for_whom(run: Run) -> None:
    """Where the ledger asks for a second person, what somebody alone reported waits for others."""
    run("setting", "review.second-person", "yes", "--reason", "four eyes")
    run("dispute", "jeep", "--source", "https://example.org/3", "--reason", "still in service")
    whole = screen(run("--actor", "ann"))
    assert whole.partition(" undated.\n\n")[2] == (
        "Waiting for others, as you alone reported them: 2 claimed losses, 1 dispute.\n"
        "Possible duplicates: lossledger duplicates\n\nAll commands: lossledger --help\n"
    )
    assert json.loads(run("--actor", "ann", "info", "--format", "json").stdout)["waiting"] == [
        {"kind": "claim", "number": 2, "for_you": 0, "for_others": 2},
        {"kind": "dispute", "number": 1, "for_you": 0, "for_others": 1},
        {"kind": "held", "number": 0, "for_you": 0, "for_others": 0},
    ]
    for uid in ("guns", "none"):
        run("--actor", "ben", "verify", uid, "--reason", "seen")
    run("--actor", "ben", "verify", "jeep", "--as", "rejected", "--reason", "seen")
    assert "Nothing waits for a decision.\nPossible duplicates: lossledger duplicates\n" in screen(run())


def test_losses_that_do_not_stand_are_said(run: Run) -> None:
    """So that the number of losses and the table under it can be reconciled."""
    run("withdraw", "tank4", "--reason", "r")
    assert "losses             7, of which 1 withdrawn\n" in screen(run("info"))
    run("withdraw", "jeep", "--reason", "r")
    run("reinstate", "tank4", "--reason", "r")
    assert "losses             7, of which 1 merged, 1 withdrawn\n" in screen(run("info"))


def test_the_bare_program_without_a_ledger(tmp_path: Path) -> None:
    """It says what to type, and makes nothing."""
    place = tmp_path / "home" / "data" / "lossledger" / "lossledger.db"
    result = CliRunner().invoke(cli, [])
    assert (result.exit_code, result.stdout) == (0, BEGIN.format(place=place))
    assert not place.parent.exists()


def test_the_bare_program_on_a_ledger(run: Run) -> None:
    """The tally with its caveats, and what waits."""
    assert screen(run()) == BARE


def test_the_bare_program_with_several_conflicts(run: Run) -> None:
    """Every conflict in a row; the one that is set is shown by its tally."""
    run("pack", "add", "ukraine-2022")
    assert screen(run()) == SEVERAL
    run("setting", "conflict", "valley", "--reason", "the one we work on")
    assert screen(run()) == BARE


def test_the_bare_program_before_the_first_conflict(tmp_path: Path) -> None:
    place = str(tmp_path / "new.db")
    CliRunner().invoke(cli, ["--db", place, "init"])
    result = CliRunner().invoke(cli, ["--db", place])
    assert tidy(result.stdout) == (
        "this ledger has no conflict yet; see: lossledger pack list, or add it with: lossledger conflict add\n"
        "\nAll commands: lossledger --help\n"
    )


def test_on_each_engine(served: Run) -> None:
    assert screen(served()) == BARE
    assert served("info").exit_code == 0
