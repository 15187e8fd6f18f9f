"""``list`` as a user sees it: which losses, in which order, what is left out."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.screens import screen

ALL = """\
Losses: Valley War

Id          Day           Side         Type          Items  Status     Belief
────────────────────────────────────────────────────────────────────────────────
blue222222  2020-10-05    Blueland     T-72AV            1  captured   confirmed
tank222222  2020-10-08    Redland      T-72B             1  destroyed  confirmed
guns222222  ..2020-10-20  Redland      D-30             10  destroyed  claimed
none222222  ..2020-10-30  Blueland     (Type not         3  lost       claimed
                                       given)
tank333333  2020-10       North        T-72              1  captured   confirmed
                          Redland
jeep222222                Blueland     Ural-4320         1  abandoned  confirmed

6 losses. Items: 4 confirmed, 13 claimed. Not listed: 1 merged into another
(--merged).
"""

OF_A_PERIOD = """\
Losses: Valley War

Id          Day         Side      Type    Items  Status              Belief
──────────────────────────────────────────────────────────────────────────────
blue222222  2020-10-05  Blueland  T-72AV      1  captured            confirmed
tank222222  2020-10-08  Redland   T-72B       1  destroyed           confirmed
tank444444  2020-10-08  Redland   T-72B       1  destroyed (merged)  claimed

3 losses, of which 1 merged into another. Items: 2 confirmed. Not listed: 1
undated.
"""

WIDE = """\
Losses: Valley War, Redland, confirmed

Id          Day         Type   Items  Status     Place       Feed
─────────────────────────────────────────────────────────────────
tank222222  2020-10-08  T-72B      1  destroyed  the bridge  own

1 loss. Items: 1 confirmed. Not listed: 1 merged into another (--merged).
"""


def ids(run: Run, *args: str) -> list[str]:
    return [row["id"] for row in json.loads(run("list", *args, "--format", "json").stdout)]


def test_all_losses_by_day(run: Run) -> None:
    """Without options: whatever is believed of them, by day, the undated last; merged ones are left out, and said."""
    assert screen(run("list")) == ALL


def test_days_are_shown_as_they_are_known(run: Run) -> None:
    """A month is no day, and a last day is not the day."""
    for date in ("2021-02", "..2021-03-05", "~2020"):
        run("add", "--side", "redland", "--type", "T-72B", "--date", date, "--source", "https://example.org/1")
    run("add", "--side", "redland", "--type", "T-72B", "--reported", "2021-04-05", "--source", "https://example.org/1")
    rows = screen(run("list", "--type", "T-72B", "--since", "2020-12-31")).splitlines()[4:8]
    assert [row.split()[1] for row in rows] == ["~2020", "2021-02", "..2021-03-05", "..2021-04-05"]


def test_a_period_with_merged_losses(run: Run) -> None:
    """A period leaves out what is undated, and says so; a merged loss is marked."""
    assert screen(run("list", "--merged", "--since", "2020-10-01", "--until", "2020-10-08")) == OF_A_PERIOD


def test_a_wide_screen_has_more_columns(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """From 110 columns on there is room for place and feed; what is the same in all rows goes into the title."""
    monkeypatch.setenv("COLUMNS", "200")
    assert screen(run("list", "--type", "T-72B", "--side", "redland", "--own")) == WIDE


def test_a_pipe_is_not_cut(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody says how wide the screen is, nothing is broken over two lines."""
    monkeypatch.delenv("COLUMNS")
    assert "none222222  ..2020-10-30  Blueland       (Type not given)" in run("list").stdout


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("--side", "redland"), ["tank222222", "guns222222", "tank333333"]),
        (("--side", "redland", "--own"), ["tank222222", "guns222222"]),
        (("--type", "T-72"), ["blue222222", "tank222222", "tank333333"]),
        (("--category", "Trucks, Vehicles, and Jeeps"), ["jeep222222"]),
        (("--group", "armoured", "--verification", "claimed", "--merged"), ["tank444444"]),
        (("--feed", "a-list", "--merged"), ["tank444444"]),
        (("--status", "captured"), ["blue222222", "tank333333"]),
        (("--as-of", "2020-10-06"), ["blue222222"]),
        (("--as-of", "2020-10-06", "--status", "damaged"), ["blue222222"]),
        (("--limit", "2"), ["blue222222", "tank222222"]),
    ],
)
def test_what_is_listed(run: Run, args: tuple[str, ...], expected: list[str]) -> None:
    """The options mean what they mean for a tally; the status is that of the day asked for."""
    assert ids(run, *args) == expected


def test_as_of_tells_the_status_of_that_day(run: Run) -> None:
    [then] = json.loads(run("list", "--as-of", "2020-10-06", "--format", "json").stdout)
    [now] = json.loads(run("list", "--type", "T-72AV", "--format", "json").stdout)
    assert (then["outcome"], now["outcome"]) == ("damaged", "captured")


def test_withdrawn_losses_are_listed_when_asked_for(run: Run) -> None:
    screen(run("withdraw", "jeep", "--reason", "a photo of another war"))
    assert "jeep222222" not in ids(run)
    assert "abandoned (withdrawn)" in run("list", "--withdrawn").stdout
    assert "Not listed: 1 merged into another (--merged), 1 withdrawn" in " ".join(run("list").stdout.split())


def test_what_does_not_count_is_not_summed(run: Run) -> None:
    """The items of merged and of withdrawn losses are in no tally, and not in the caption either."""
    screen(run("withdraw", "jeep", "--reason", "a photo of another war"))
    assert run("list", "--merged", "--withdrawn", "--format", "csv").stderr == (
        "7 losses, of which 1 merged into another, 1 withdrawn. Items: 3 confirmed, 13 claimed.\n"
    )
    assert run("list", "--feed", "a-list", "--merged", "--format", "csv").stderr == (
        "1 loss, of which 1 merged into another. Items: none.\n"
    )


def test_losses_of_a_day_stand_as_they_were_entered(run: Run) -> None:
    new = ("--side", "redland", "--type", "D-30", "--source", "post")
    days = (("--date", "2020-10-05"), (), ("--date", "2020-10-05"), ("--date", "2020-10-05"))
    first, undated, *more = (run("add", *new, *day).stdout.strip() for day in days)
    assert ids(run)[:4] == ["blue222222", first, *more]
    assert ids(run)[-2:] == ["jeep222222", undated]


def test_what_was_recovered_can_be_asked_for(run: Run) -> None:
    screen(run("event", "tank3", "--status", "recovered", "--date", "2020-11-02", "--reason", "taken back"))
    assert ids(run, "--status", "recovered") == ["tank333333"]


def test_programs_get_every_field(run: Run) -> None:
    """One row a loss with all its fields, in every format; flags are truths, numbers numbers."""
    [row] = json.loads(run("list", "--type", "D-30", "--format", "json").stdout)
    assert {name: value for name, value in row.items() if value not in (None, False)} == {
        "id": "guns222222",
        "day": "2020-10-20",
        "outcome": "destroyed",
        "feed": "own",
        "side": "Redland",
        "type": "D-30",
        "category": "Towed Artillery",
        "quantity": 10,
        "counts": "aggregate",
        "status": "destroyed",
        "reported": "2020-10-20",
        "verification": "claimed",
    }
    [written] = csv.DictReader(io.StringIO(run("list", "--type", "D-30", "--format", "csv").stdout))
    assert list(written) == list(row)


def test_the_caption_of_rows_goes_to_stderr(run: Run) -> None:
    result = run("list", "--limit", "1", "--format", "json")
    assert result.stderr == (
        "The first 1 of 6 losses. Items: 4 confirmed, 13 claimed. Not listed: 1 merged into another (--merged).\n"
    )


def test_nothing_matched(run: Run) -> None:
    """Exit 1 with a line that says what was left out; a program still gets a list, an empty one."""
    result = run("list", "--feed", "a-list")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "lossledger: no loss matches; not listed: 1 merged into another (--merged)\n"
    result = run("list", "--status", "lost", "--side", "redland", "--format", "json")
    assert (result.exit_code, result.stdout) == (1, "[]\n")


def test_known_on_is_not_offered(run: Run) -> None:
    """A list shows losses as they are now: it does not take an option that it would ignore."""
    assert run("list", "--known-on", "5").exit_code == 2


def test_text_from_outside_is_inert(run: Run, ledger: Path) -> None:
    """Markup is no markup, and a formula no formula."""
    added = run("add", "--side", "redland", "--type", "D-30", "--source", "post", "--place", "=1+[bold]x[/]")
    assert added.exit_code == 0, added.stderr
    assert "'=1+[bold]x[/]" in run("list", "--format", "csv").stdout


def test_on_each_engine(served: Run) -> None:
    assert screen(served("list")) == ALL
    assert ids(served, "--as-of", "2020-10-06", "--status", "damaged") == ["blue222222"]


def test_what_was_recovered_is_listed_and_not_summed(run: Run) -> None:
    """Its owner has it back: the list shows it, no sum holds it any more, in `list`, `info` and `tally` alike."""
    done = run("event", "tank222222", "--status", "recovered", "--date", "2020-11-01", "--reason", "towed home")
    assert done.exit_code == 0, done.stderr
    assert "Items: 1 confirmed" in run("list", "--side", "redland", "--verification", "confirmed").stdout
    assert '"quantity":1}' in run("tally", "--by", "category", "--side", "redland", "--format", "json").stdout


HELD = """\
Losses: Valley War, held for review, Redland, claimed

Id          Day  Type    Items  Status     Held
───────────────────────────────────────────────
ID-------1       T-72B3      1  destroyed  type
ID-------2       T-72B3      1  destroyed  type

2 losses. Items: 2 claimed.
Both words, the list's and the one that stands here: lossledger show ID
"""


def test_what_a_list_says_otherwise(served: Run, tmp_path: Path) -> None:
    """Only the losses with a difference that still stands, each with the fields that differ."""
    path, form = tmp_path / "june.csv", "Redland,{},destroyed,https://example.org/{}\n"
    path.write_text("side,type,status,source\n" + "".join(form.format("T-72B", number) for number in (1, 2, 3)))
    screen(served("import", str(path)))
    uids = [loss["id"] for loss in json.loads(served("list", "--feed", "june", "--format", "json").stdout)]
    for uid in uids[:2]:
        screen(served("amend", uid, "--type", "T-72B3", "--reason", "seen closely"))
    path.write_text("side,type,status,source\n" + "".join(form.format("T-72AV", number) for number in (1, 2, 3)))
    screen(served("import", str(path)))
    shown = screen(served("list", "--held"))
    assert shown.replace(uids[0], "ID-------1").replace(uids[1], "ID-------2") == HELD
    told = json.loads(served("list", "--held", "--format", "json").stdout)
    assert [(loss["id"], loss["type"], loss["held"]) for loss in told] == [(uid, "T-72B3", "type") for uid in uids[:2]]
    screen(served("amend", uids[0], "--type", "T-72AV", "--reason", "the list is right"))
    [left] = json.loads(served("list", "--held", "--format", "json").stdout)
    assert left["id"] == uids[1]
    screen(served("withdraw", uids[1], "--reason", "seen twice"))
    none = served("list", "--held")
    assert (none.exit_code, none.stderr) == (
        1,
        "lossledger: no loss matches; not listed: 1 withdrawn (--withdrawn)\n",
    )


def test_nothing_is_held(run: Run) -> None:
    result = run("list", "--held")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "lossledger: no loss matches\n")
