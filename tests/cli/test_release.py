"""``release`` as a user sees it, and ``tally`` of one."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from lossledger.db import triggers
from lossledger.db.engine import open_engine
from tests.cli.conftest import Run
from tests.cli.screens import screen

LISTED = """\
Release      Entry  As of                 Counted    State
───────────────────────────────────────────────────────────
Spring 2021     32  2021-06-01 08:00 UTC  confirmed  stands

1 release of valley.
"""

SHOWN = """\
Release Spring 2021

id        spring-2021
state     stands
entry     32
hash      HASH
as of     2021-06-01 08:00 UTC
conflict  Valley War
counted   confirmed (rules 1)
note      for the report

Figures, counted now as they were then

Side       Then   Now   Change
──────────────────────────────
Redland       2    12      +10
Blueland      2     2        -

Since then: 2 entries; 1 loss changed the tally: 1 verification changed.
Each of them: lossledger diff release:spring-2021

History

33  2021-06-02 08:00:00 UTC  enter, by tester
    name           Spring 2021
    entry          32
"""

TALLY = """\
Documented losses: Valley War, all days, release 'Spring 2021' (entry 32)

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
"""


def head(run: Run) -> str:
    """The hash of the last entry."""
    return str(json.loads(run("info", "--format", "json").stdout)["head"]).split(":")[1]


def test_a_release_is_made_listed_and_shown(served: Run) -> None:
    """Its figures then and now, and what changed them."""
    hash_ = head(served)
    made = served("release", "create", "Spring 2021", "--note", "for the report")
    assert made.stderr == f"release 'Spring 2021': entry 32, hash {hash_}\n"
    assert screen(served("release", "list")) == LISTED
    served("verify", "guns2", "--reason", "a picture")
    shown = screen(served("release", "show", "spring 2021"))
    assert shown.startswith(SHOWN.replace("HASH", hash_))
    assert screen(served("tally", "--release", "spring-2021")) == TALLY
    assert served("audit").exit_code == 0
    told = json.loads(served("release", "show", "Spring 2021", "--format", "json").stdout)
    assert told["figures"][0] == {"conflict": "valley", "side": "Redland", "feed": None, "then": 2, "now": 12}
    assert (told["entries_since"], told["causes"]) == (
        2,
        [{"conflict": "valley", "cause": "verification changed", "losses": 1}],
    )


def test_diff_takes_a_release_for_an_entry(run: Run) -> None:
    run("release", "create", "Spring")
    run("verify", "guns2", "--reason", "a picture")
    said = screen(run("diff", "release:spring", "--by", "status"))
    assert said.startswith("Changes: Valley War, Redland, from release 'Spring' (entry 32) to now (entry 34)\n")


def test_a_release_counts_as_it_was_told_to(run: Run) -> None:
    """What is believed, whether with the sides under a side, feeds summed; but what is asked for counts."""
    options = ("--verification", "claimed,confirmed", "--own", "--joined")
    run("release", "create", "Everything", *options)
    now = run("tally", *options, "--by", "side", "--format", "csv")
    then = run("tally", "--release", "everything", "--by", "side", "--format", "csv")
    assert then.stdout == now.stdout == "side,quantity\nRedland,11\nNorth Redland,1\nBlueland,5\n"
    asked = run("tally", "--release", "everything", "--verification", "confirmed", "--by", "side", "--format", "csv")
    assert asked.stdout == "side,quantity\nRedland,1\nNorth Redland,1\nBlueland,2\n"
    by = run("tally", "--release", "everything", "--by", "verification", "--side", "red", "--format", "csv")
    assert by.stdout == "verification,quantity\nconfirmed,1\nclaimed,10\n"


def test_a_release_keeps_its_conflict(run: Run) -> None:
    """Whatever is the default by now; names are those of its time."""
    run("release", "create", "Spring")
    run("conflict", "add", "Other War", "--reason", "one more")
    run("setting", "conflict", "other-war", "--reason", "the new one")
    run("side", "rename", "Redland", "Crimson", "--conflict", "valley", "--reason", "so it is called now")
    said = screen(run("tally", "--release", "spring"))
    assert said.startswith("Documented losses: Valley War, all days, release 'Spring' (entry 32)\n")
    assert "Redland 2" in said
    other = run("tally", "--release", "spring", "--conflict", "other war")
    line = "lossledger: release 'Spring' is of conflict valley, not of other-war\n"
    assert (other.exit_code, other.stderr) == (2, line)


def test_a_release_of_several_conflicts_asks_which(run: Run) -> None:
    run("conflict", "add", "Other War", "--reason", "one more")
    run("release", "create", "Both")
    run("setting", "conflict", "valley", "--reason", "the first one")
    refused = run("tally", "--release", "both")
    assert refused.stderr == "lossledger: release 'Both' is of several conflicts; choose with --conflict\n"
    assert "Redland 2" in screen(run("tally", "--release", "both", "--conflict", "valley"))
    assert "conflict  Valley War, Other War" in screen(run("release", "show", "both")).replace(
        "Other War, Valley War", "Valley War, Other War"
    )


def test_a_release_is_made_once(run: Run) -> None:
    """Its name means nothing else ever, and nobody takes it back; it can be withdrawn."""
    run("release", "create", "Spring")
    taken = (
        "lossledger: there is a release 'Spring' already, of entry 32; a release is made once, choose another name\n"
    )
    assert run("release", "create", "SPRING").stderr == taken
    undone = run("undo", "--reason", "a slip")
    assert undone.exit_code == 2
    assert "cannot be undone: a release is for good; withdraw it with: lossledger release withdraw" in undone.stderr
    withdrawn = run("release", "withdraw", "spring", "--reason", "a list was in it twice")
    assert withdrawn.stderr == "release 'Spring': withdrawn\n"
    assert run("release", "create", "spring").stderr == taken
    again = run("release", "withdraw", "spring", "--reason", "still")
    assert again.stderr == "lossledger: release 'Spring' is withdrawn already\n"
    assert "\nRelease 'Spring' was withdrawn.\n" in screen(run("tally", "--release", "spring"))
    [row] = json.loads(run("release", "list", "--format", "json").stdout)
    assert row["state"] == "withdrawn"
    assert row["why"] == "a list was in it twice"
    said = "withdrawn on 2021-06-02: a list was in it twice"
    assert f"\n1 release of valley.\n'Spring': {said}.\n" in screen(run("release", "list"))
    assert f"\nstate     {said}\n" in screen(run("release", "show", "spring"))
    told = json.loads(run("release", "show", "spring", "--format", "json").stdout)
    assert told["withdrawn_because"] == "a list was in it twice"
    assert run("audit").exit_code == 0


@pytest.mark.parametrize(
    ("args", "code", "line"),
    [
        (("tally", "--release", "Sprung"), 2, "no release 'Sprung'; did you mean Spring? See: lossledger release list"),
        (("tally", "--release", "x", "--known-on", "3"), 2, "--release and --known-on both say what was known; "),
        (("tally", "--release", "spring", "--sure"), 2, "--sure looks at the losses as they are now; leave --release "),
        (("release", "create", "..."), 2, "'...' has no letter or digit that a release could be known by"),
        (("release", "create", "a", "--verification", "maybe"), 2, "verification 'maybe' is not one of: "),
        (("release", "show", "nope"), 2, "no release 'nope'; see: lossledger release list"),
        (("diff", "release:nope"), 2, "no release 'nope'; see: lossledger release list"),
    ],
)
def test_what_cannot_be_ends_in_one_line(run: Run, args: tuple[str, ...], code: int, line: str) -> None:
    run("release", "create", "Spring")
    result = run(*args)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(f"lossledger: {line}")
    assert result.stderr.count("\n") == 1


def test_a_dry_run_makes_none(run: Run) -> None:
    assert run("release", "create", "Spring", "--dry-run").stderr.startswith("would record: release 'Spring': entry 32")
    assert screen(run("release", "list")) == "No release yet; make one with: lossledger release create\n"


def test_a_history_that_was_rewritten_is_refused(run: Run, ledger: Path) -> None:
    """A tally of the release would be another than the one it was; the list says so, and the audit."""
    run("release", "create", "Spring")
    with open_engine(str(ledger)).begin() as connection:
        triggers.lift(connection)
        connection.execute(text("UPDATE entry SET hash = zeroblob(32) WHERE number = 32"))
        triggers.install(connection)
    refused = run("tally", "--release", "spring")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == (
        "lossledger: release 'Spring': entry 32 is not the one it was made of: the journal was written anew; "
        "see: lossledger audit\n"
    )
    [row] = json.loads(run("release", "list", "--format", "json").stdout)
    assert row["state"] == "altered"
    found = json.loads(run("audit", "--format", "json").stdout)
    wrong = "entry 32 is not the one it was made of: the journal was written anew"
    assert {"check": "releases", "place": "release spring", "wrong": wrong} in found


@pytest.mark.parametrize(
    "command", [("timeline",), ("timeline", "--by", "category", "--every", "week"), ("compare", "sides")]
)
def test_whatever_counts_takes_a_release(run: Run, command: tuple[str, ...]) -> None:
    """It gives what it gave before, but for what the release believes unasked."""
    before = run(*command, "--verification", "confirmed,claimed", "--joined", "--format", "csv").stdout
    run("release", "create", "Spring", "--verification", "confirmed,claimed", "--joined")
    run("verify", "guns2", "--reason", "a picture")
    run("withdraw", "tank3", "--reason", "a mistake")
    run("side", "rename", "Redland", "Crimson", "--reason", "so it is called now")
    assert run(*command, "--release", "spring", "--format", "csv").stdout == before
    assert run(*command, "--verification", "confirmed,claimed", "--joined", "--format", "csv").stdout != before
