"""``import`` as a user sees it: a small table enters, with whatever it is told about the table."""

import gzip
import json
import re
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.conftest import Run
from tests.cli.looking import rows
from tests.cli.screens import screen, tidy

TABLE = """\
country,system,heading,fate,day,link
Redland,T-72B,Tanks,destroyed,2020-10-08,https://example.org/1
Blueland,Grizzly,Tanks,captured,2020-10-09,https://example.org/2
Blueland,Stork,Unmanned Balloons,damaged,,https://example.org/3
"""
MAP = ("--map", "side=country,type=system,category=heading,status=fate,date=day,source=link")

TAKEN = """\
Import of losses.csv
Feed losses, new: losses

New categories (1)
  Unmanned Balloons

New types (2)
  Tanks (1): Grizzly
  Unmanned Balloons (1): Stork

           Rows
──────────────────────────────────────────────
Added         3  new to the list
Changed       -  follow what the list says now
Unchanged     -  as the list had them
Held          -  a person here says otherwise
Restored      -  were gone and are back
Refused       -  could not be taken
──────────────────────────────────────────────
Rows read     3

Import run RUN. What it changed: lossledger diff RUN
"""

AGAIN = """\
Import of losses.csv
Feed losses: losses

           Rows
──────────────────────────────────────────────
Added         -  new to the list
Changed       -  follow what the list says now
Unchanged     3  as the list had them
Held          -  a person here says otherwise
Restored      -  were gone and are back
Refused       -  could not be taken
──────────────────────────────────────────────
Rows read     3

Nothing was appended: the ledger has all of it already.
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The small table, with columns of its own names."""
    path = tmp_path / "losses.csv"
    path.write_text(TABLE)
    return path


def report(result: Result) -> str:
    """What an import tells, with a word for the run's id, which is another every time."""
    return re.sub(r"(run|diff) [a-z2-7]{10}\b", r"\1 RUN", tidy(result.stdout))


def test_a_table_enters(run: Run, ledger: Path, table: Path) -> None:
    """Every row is a loss of the list's own feed; what is new in the catalogue is told under its heading."""
    assert report(run("import", str(table), *MAP)) == TAKEN
    assert run("list", "--feed", "losses", "--format", "csv").stdout.count("losses,") == 3
    [entered] = rows(ledger, "select file, sha256, rows_read, rows_added from import_run")
    assert entered["file"] == "losses.csv"
    assert (entered["rows_read"], entered["rows_added"]) == (3, 3)
    [last] = rows(ledger, "select value from entry_detail where field = 'reason' order by entry desc limit 1")
    assert last["value"] == "import of losses.csv"


def test_the_same_file_twice_appends_nothing(run: Run, ledger: Path, table: Path) -> None:
    screen(run("import", str(table), *MAP))
    before = ledger.read_bytes()
    assert report(run("import", str(table), *MAP)) == AGAIN
    assert ledger.read_bytes() == before


def test_a_dry_run_gives_the_same_report_and_changes_not_a_byte(run: Run, ledger: Path, table: Path) -> None:
    before = ledger.read_bytes()
    title, _, rest = screen(run("import", str(table), *MAP, "--dry-run")).partition("\n")
    assert title == "Import of losses.csv: a dry run, of which nothing is kept"
    assert f"Import of losses.csv\n{rest}" == TAKEN.partition("\nImport run")[0]
    assert ledger.read_bytes() == before


LIST_TOML = """\
[columns]
side = "country"
type = "system"
status = "fate"
date = "day"
source = "link"

[values.status]
burnt = "destroyed"

[defaults]
category = "Tanks"

[feed]
name = "The Watchers"
publisher = "Watchers of the valley"
verification = "confirmed"
verified_by = "the Watchers"
"""

WATCHED = """\
Import of watched.csv
Feed the-watchers, new: The Watchers

           Rows
──────────────────────────────────────────────
Added         1  new to the list
Changed       -  follow what the list says now
Unchanged     -  as the list had them
Held          -  a person here says otherwise
Restored      -  were gone and are back
Refused       -  could not be taken
──────────────────────────────────────────────
Rows read     1

Import run RUN. What it changed: lossledger diff RUN
"""


def test_a_map_in_a_file_says_whose_table_it_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(LIST_TOML)
    (tmp_path / "watched.csv").write_text(
        "country,system,fate,day,link\nRedland,T-72B,burnt,2020-10-08,https://w.example/1\n"
    )
    assert report(run("import", str(tmp_path / "watched.csv"), "--map", str(tmp_path / "map.toml"))) == WATCHED
    [loss] = json.loads(run("list", "--feed", "the-watchers", "--format", "json").stdout)
    told = {name: loss[name] for name in ("status", "category", "verification", "verified_by", "day")}
    assert told == {
        "status": "destroyed",
        "category": "Tanks",
        "verification": "confirmed",
        "verified_by": "the Watchers",
        "day": "2020-10-08",
    }


FAULTY = """\
country,system,heading,fate,day,link
Redland,T-72B,Tanks,destroyed,2020-10-08,https://example.org/1
Redland,T-72B,Tanks,exploded,2020-10-08,https://example.org/2
Redland,=cmd|'/c calc'!A1,Tanks,exploded,2020-10-08,https://example.org/3
Atlantis,T-72B,Tanks,destroyed,2020-10-08,https://example.org/4
"""

NO_STATUS = "status 'exploded' is none of destroyed, damaged, abandoned, captured, lost"
NO_SIDE = "no side 'Atlantis' in conflict valley; have it made with --create-sides, or add it with: lossledger side add"


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A table of which three rows cannot be taken, two of them for the same reason."""
    path = tmp_path / "faulty.csv"
    path.write_text(FAULTY)
    return path


def test_refused_rows_are_told_and_the_good_ones_are_in(run: Run, faulty: Path) -> None:
    """Each reason is told once, with its first row; the exit code is 3."""
    result = run("import", str(faulty), *MAP)
    assert result.exit_code == 3
    assert "\nAdded         1  new" in result.stdout
    assert "\nRefused       3  could not be taken\n" in result.stdout
    assert result.stderr == (
        f"refused, line 3: {NO_STATUS}\n"
        "    Redland,T-72B,Tanks,exploded,2020-10-08,https://example.org/2\n"
        "    and 1 more row for the same reason\n"
        f"refused, line 5: {NO_SIDE}\n"
        "    Atlantis, Tanks, T-72B, destroyed, https://example.org/4\n"
        "write all of them to a file with --rejects FILE\n"
    )
    assert "example.org/1" in run("list", "--feed", "faulty", "--format", "csv").stdout


def test_a_side_is_made_where_that_is_asked_for(run: Run, faulty: Path) -> None:
    result = run("import", str(faulty), *MAP, "--create-sides")
    assert result.exit_code == 3
    assert "New sides (1)\n  Atlantis\n" in result.stdout
    assert NO_SIDE not in result.stderr
    assert "1 T-72B of Atlantis" in run("show", _id_of(run, "atlantis")).stdout


def _id_of(run: Run, side: str) -> str:
    [loss] = json.loads(run("list", "--side", side, "--format", "json").stdout)
    return str(loss["id"])


def test_refused_rows_go_to_a_file_in_which_no_text_is_a_formula(run: Run, faulty: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    result = run("import", str(faulty), *MAP, "--rejects", str(rejects))
    assert (result.exit_code, result.stderr) == (3, f"3 refused rows in {rejects}\n")
    assert rejects.read_text() == (
        "place,reason,row\n"
        f'line 3,"{NO_STATUS}","Redland,T-72B,Tanks,exploded,2020-10-08,https://example.org/2"\n'
        f'line 4,"{NO_STATUS}","Redland,=cmd|\'/c calc\'!A1,Tanks,exploded,2020-10-08,https://example.org/3"\n'
        f'line 5,"{NO_SIDE}","Atlantis, Tanks, T-72B, destroyed, https://example.org/4"\n'
    )


def test_a_row_that_begins_as_a_formula(run: Run, tmp_path: Path) -> None:
    """The row's own text is a cell of the file of refused rows; it stays a text there."""
    path, rejects = tmp_path / "formula.csv", tmp_path / "rejects.csv"
    path.write_text("side,type,status\n=HYPERLINK(1),T-72B,exploded\n")
    assert run("import", str(path), "--rejects", str(rejects)).exit_code == 3
    assert rejects.read_text().endswith(',"\'=HYPERLINK(1),T-72B,exploded"\n')


@pytest.mark.parametrize("where", ["the list", "the ledger", "no folder"])
def test_a_file_for_refused_rows_that_cannot_be(
    run: Run, ledger: Path, faulty: Path, tmp_path: Path, where: str
) -> None:
    """It is never the list itself or the ledger; nothing is imported, and nothing is overwritten."""
    path = {"the list": faulty, "the ledger": ledger, "no folder": tmp_path / "none" / "rejects.csv"}[where]
    before = ledger.read_bytes()
    result = run("import", str(faulty), *MAP, "--rejects", str(path))
    said = {
        "the list": f"--rejects {faulty}: this would overwrite {faulty}; name another file",
        "the ledger": f"--rejects {ledger}: this would overwrite {ledger}; name another file",
        "no folder": f"{path}: cannot be written: No such file or directory",
    }[where]
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"lossledger: {said}\n")
    assert (ledger.read_bytes(), faulty.read_text()) == (before, FAULTY)


def test_standard_input_and_a_packed_file(run: Run, table: Path, tmp_path: Path) -> None:
    """The same list from anywhere is the same list."""
    packed = tmp_path / "losses.csv.gz"
    packed.write_bytes(gzip.compress(TABLE.encode()))
    assert report(run("import", str(packed), *MAP)) == TAKEN.replace("losses.csv", "losses.csv.gz")
    assert report(run("import", str(table), *MAP)) == AGAIN
    piped = report(run("import", "-", *MAP, "--feed", "losses", input=TABLE))
    assert piped == AGAIN.replace("losses.csv", "standard input")


def test_a_feed_that_the_user_names(run: Run, table: Path) -> None:
    """One that is known by its name or its slug, else a new one."""
    assert "Feed a-list: A list\n" in screen(run("import", str(table), *MAP, "--feed", "a LIST", "--dry-run"))
    assert "Feed a-list: A list\n" in screen(run("import", str(table), *MAP, "--feed", "a-list", "--dry-run"))
    new = screen(run("import", str(table), *MAP, "--feed", "Counts of June"))
    assert "Feed counts-of-june, new: Counts of June\n" in new


def test_the_day_of_the_file_dates_rows_without_one(run: Run, table: Path) -> None:
    """Marked as inferred."""
    said = screen(run("import", str(table), *MAP, "--dated", "2020-12-01"))
    assert "Dated by the file's day, marked inferred: 1 row without a day of its own.\n" in said
    assert "  ~2020-12-01  " in screen(run("list", "--feed", "losses"))


SHORTER = TABLE.replace("Blueland,Grizzly", "Blueland,T-72AV").partition("Blueland,Stork")[0]

FOLLOWED = """\
Import of losses.csv
Feed losses: losses

           Rows
─────────────────────────────────────────────────────────────────
Added         -  new to the list
Changed       -  follow what the list says now
Unchanged     1  as the list had them
Held          1  a person here says otherwise
Restored      -  were gone and are back
Refused       -  could not be taken
─────────────────────────────────────────────────────────────────
Rows read     2
Gone          -  no longer listed: withdrawn
Held          1  no longer listed: a person here vouches for them

Held for review: lossledger list --held
Import run RUN. What it changed: lossledger diff RUN
"""


def test_a_snapshot_withdraws_what_it_lacks_and_holds_what_a_person_said(run: Run, ledger: Path, table: Path) -> None:
    screen(run("import", str(table), *MAP))
    by_type = {
        loss["type"]: loss["id"] for loss in json.loads(run("list", "--feed", "losses", "--format", "json").stdout)
    }
    screen(run("amend", by_type["Grizzly"], "--type", "T-72", "--reason", "seen closely"))
    screen(run("verify", by_type["Stork"], "--reason", "I saw it"))
    table.write_text(SHORTER)
    before = ledger.read_bytes()
    refused = run("import", str(table), *MAP, "--snapshot")
    assert (refused.exit_code, refused.stdout, refused.stderr) == (
        2,
        "",
        (
            "lossledger: the file lacks 1 of the 3 rows that its list held, over a fifth: it looks like a part of the "
            "list; import it without --snapshot, or say --anyway\n"
        ),
    )
    assert ledger.read_bytes() == before
    assert report(run("import", str(table), *MAP, "--snapshot", "--anyway")) == FOLLOWED


def test_a_snapshot_older_than_the_last(run: Run, ledger: Path, table: Path) -> None:
    screen(run("import", str(table), *MAP, "--dated", "2020-12-01"))
    before = ledger.read_bytes()
    older = run("import", str(table), *MAP, "--snapshot", "--dated", "2020-11-01")
    assert (older.exit_code, older.stdout, older.stderr) == (
        2,
        "",
        (
            "lossledger: the snapshot is dated 2020-11-01, but the file imported last is dated 2020-12-01: it is "
            "older; import it without --snapshot, or say --anyway\n"
        ),
    )
    assert ledger.read_bytes() == before
    assert run("import", str(table), *MAP, "--snapshot", "--dated", "2020-11-01", "--anyway").exit_code == 0


def test_gone_and_back(run: Run, table: Path) -> None:
    screen(run("import", str(table), *MAP))
    table.write_text(TABLE.partition("Blueland,Stork")[0])
    gone = screen(run("import", str(table), *MAP, "--snapshot", "--anyway"))
    assert "\nRows read     2\nGone          1  no longer listed: withdrawn\n\nImport run" in gone
    table.write_text(TABLE)
    assert "\nRestored      1  were gone and are back\n" in screen(run("import", str(table), *MAP))


def test_one_object_for_programs(run: Run, faulty: Path) -> None:
    """All of the report, with every new name."""
    result = run("import", str(faulty), *MAP, "--create-sides", "--format", "json", "--dated", "2020-12-01")
    told = json.loads(result.stdout)
    assert told == {
        "file": "faulty.csv",
        "dry_run": False,
        "feed": "faulty",
        "feed_name": "faulty",
        "new_feed": True,
        "run": told["run"],
        "read": 4,
        "rows": {"added": 2, "changed": 0, "unchanged": 0, "held": 0, "gone": 0, "restored": 0, "refused": 2},
        "no_longer_listed_but_held": 0,
        "figures": 0,
        "figures_refused": 0,
        "inferred": 0,
        "older": False,
        "columns_not_read": [],
        "made": [{"kind": "side", "key": "valley/atlantis", "name": "Atlantis", "under": None}],
        "refused": [
            {
                "reason": NO_STATUS,
                "rows": 2,
                "first": {
                    "place": "line 3",
                    "row": "Redland,T-72B,Tanks,exploded,2020-10-08,https://example.org/2",
                },
            }
        ],
    }


def test_hundreds_of_new_types(run: Run, tmp_path: Path) -> None:
    """So many are named under a heading as can be read; programs get all of them."""
    path = tmp_path / "many.csv"
    path.write_text("side,category,type\n" + "".join(f"Redland,Tanks,Tank {number}\n" for number in range(100, 345)))
    said = screen(run("import", str(path), "--dry-run"))
    assert "\nNew types (245)\n  Tanks (245): Tank 100; Tank 101; " in said
    assert " 139; and 205 more, see: lossledger type list\n" in said
    assert max(map(len, said.splitlines())) <= 80
    made = json.loads(run("import", str(path), "--dry-run", "--format", "json").stdout)["made"]
    assert [one["name"] for one in made] == [f"Tank {number}" for number in range(100, 345)]


def test_a_pipe_gets_whole_lines(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS")
    path = tmp_path / "many.csv"
    path.write_text("side,category,type\n" + "".join(f"Redland,Tanks,Tank {number}\n" for number in range(100, 130)))
    [line] = [line for line in screen(run("import", str(path))).splitlines() if "Tank 100" in line]
    assert line.endswith("Tank 128; Tank 129")


def test_hostile_names_are_shown_inert(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("side,category,type\nRedland,Tanks,[red]T\x1b[31m-1\n\x1b]0;x\x07land,Tanks,T-72\n")
    result = run("import", str(path), "--rejects", str(tmp_path / "rejects.csv"))
    assert "\x1b" not in result.stdout + result.stderr
    assert "  Tanks (1): [red]T\\x1b[31m-1\n" in result.stdout
    told = run("import", str(path))
    assert "\x1b" not in told.stdout + told.stderr
    assert r"no side '\x1b]0;x\x07land'" in told.stderr


DAILY = """\
country,equipment_type,destroyed,abandoned,captured,damaged,type_total,row_id,date_recorded
Redland,Tanks,1,0,1,0,2,Redland Tanks 2022-02-24,2022-02-24
Atlantis,Tanks,1,0,1,0,2,Atlantis Tanks 2022-02-24,2022-02-24
"""

COUNTED = """\
Import of daily_count.csv
Feed oryx-daily, new: Oryx, daily totals as collected in oryx_data

Entered or changed: 3 counts that the list states itself. See: lossledger
  published list
Import run RUN. What it changed: lossledger diff RUN
"""

NOT_COUNTED = """\
Import of daily_count.csv
Feed oryx-daily: Oryx, daily totals as collected in oryx_data

Refused: 3 counts that the list states itself.
Import run RUN. What it changed: lossledger diff RUN
"""


def test_a_list_of_counts(run: Run, tmp_path: Path) -> None:
    """Counts that a list states are published tallies, no losses; those of an unknown side are refused."""
    path = tmp_path / "daily_count.csv"
    path.write_text(DAILY.partition("Atlantis")[0])
    assert report(run("import", str(path))) == COUNTED
    path.write_text(DAILY)
    result = run("import", str(path))
    assert (result.exit_code, report(result)) == (3, NOT_COUNTED)
    assert result.stderr.startswith(f"refused, line 3: {NO_SIDE}\n    Tanks (2, of which destroyed: 1, captured: 1)\n")


def test_a_table_without_rows(run: Run, ledger: Path, table: Path) -> None:
    before = ledger.read_bytes()
    table.write_text(TABLE.partition("\n")[0] + "\n")
    said = screen(run("import", str(table), *MAP))
    assert said.endswith("\nRows read     -\n\nNothing was appended: the file has no rows.\n")
    assert ledger.read_bytes() == before


HELP = """\
Usage: lossledger import [OPTIONS] FILE

  Take in a list: an Oryx page, WarSpotting, any table.

  FILE is a file, one packed with gzip, or - for standard input. Every row
  becomes a loss of the list's feed, follows what the list says by now, or is
  listed as refused; the counts add up to the rows read. What a person here has
  set is never overwritten: the difference is held, for review. Exits 3 where
  rows were refused; the others are in.

  The data package of another ledger (export datapackage), a folder or a zip, is
  entered with its ids and its feeds; what is here already stays as it is.

  Examples:
    lossledger import page.html.gz --dated 2023-08-04
    lossledger import losses.csv --snapshot --dry-run
    lossledger import valley.zip
    lossledger import table.csv --map side=country,type=system,source=url

Options:
  --as WORD              What it is: oryx, oryx-daily, warspotting, table,
                         package. Default: found out.
  --map MAP              A table's columns: side=country,type=system,... or a
                         TOML file.
  --feed NAME            The feed that it belongs to. Default: the list's own.
  --dated DAY            The day of the file; it dates, as inferred, rows
                         without a day.
  --snapshot             It is the whole list: withdraw what it no longer has.
  --anyway               Take a snapshot that is older than the last, or lacks
                         over a fifth.
  --create-sides         Make the sides that the ledger lacks.
  --rejects FILE         Write refused rows to a CSV file.
  --conflict NAME        Which conflict, where the ledger has several.
  --reason TEXT          Why. Default: the file's name.
  --dry-run              Show what would be done, and do nothing.
  --format [table|json]  How it is shown.  [default: table]
  -h, --help             Show this message and exit.
"""


def test_the_help_at_80_columns(run: Run) -> None:
    assert report(run("import", "--help")) == HELP


def test_on_each_engine(served: Run, table: Path) -> None:
    assert report(served("import", str(table), *MAP)) == TAKEN
    assert report(served("import", str(table), *MAP)) == AGAIN
    assert served("audit").exit_code == 0


def test_columns_that_are_not_read_are_named(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("side,type,fate,day\nRedland,T-72B,burnt,2020-10-01\n", encoding="utf-8")
    assert "Columns not read: fate, day.\n" in run("import", str(table)).stdout


def test_an_older_file_is_told_of(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("id,side,type,status\n1,Redland,T-72B,destroyed\n", encoding="utf-8")
    run("import", str(table), "--dated", "2020-10-09")
    table.write_text("id,side,type,status\n1,Redland,T-72B,damaged\n", encoding="utf-8")
    shown = run("import", str(table), "--dated", "2020-10-08").stdout
    assert "Older than the file imported last: where the two differ" in shown


def test_a_table_from_a_pipe_needs_a_feed(run: Run) -> None:
    table = "id,side,type\n1,Redland,T-72B\n"
    result = run("import", "-", input=table)
    assert (result.exit_code, result.stderr) == (
        2,
        "lossledger: standard input has no name that its feed could go by; give one with --feed\n",
    )
    assert run("import", "-", "--feed", "piped", input=table).exit_code == 0


def test_of_two_columns_that_differ_by_case_the_name_itself_is_meant(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("id,side,Side,type\n1,Redland,Blueland,T-72B\n", encoding="utf-8")
    assert "Columns not read: Side.\n" in run("import", str(table)).stdout
    assert '"side":"Redland"' in run("list", "--feed", "list", "--verification", "claimed", "--format", "json").stdout
