"""``sheet out`` and ``sheet in`` as a user sees them, with other programs changing the files in between."""

import csv
import io
import json
import re
import sys
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from lossledger.core.sheet import COLUMNS
from tests.cli.conftest import Run
from tests.cli.dialogue import Terminal
from tests.cli.looking import entries, loss, rows
from tests.cli.screens import tidy

HEAD = (
    "id,revision,side,type,category,quantity,counts,status,phrase,date,reported,place,coordinates,unit,tags,cause,"
    "captor,name,fittings,circumstance,note,verification,sources,day (read-only),verified by (read-only),"
    "feed (read-only),merged into (read-only),withdrawn (read-only),trail (read-only)"
)
TANKS = f"""\
{HEAD}
tank333333,REVISION,North Redland,T-72,Tanks,1,item,captured,,2020-10,,,"40.1, 47.05",,,,,,,,Seen from the road.,\
confirmed,https://example.org/post,2020-10-31,ann,own,,,captured 2020-10
"""


def anyhow(text: str) -> str:
    """A text without revisions, which differ from ledger to ledger."""
    return re.sub(r"r[0-9]+\.[0-9a-f]{8}", "REVISION", text)


def frame(path: Path) -> pd.DataFrame:
    """A sheet as pandas reads it, all of it texts."""
    return pd.read_csv(path, dtype=str, keep_default_na=False).set_index("id", drop=False)


def test_losses_go_out_with_the_options_of_a_list(served: Run) -> None:
    told = served("sheet", "out", "-", "--side", "red north", "--since", "2020-10")
    assert (told.exit_code, anyhow(told.stdout), told.stderr) == (0, TANKS, "1 loss in the sheet\n")
    ids = [row["id"] for row in csv.DictReader(io.StringIO(served("sheet", "out", "-", "--merged").stdout))]
    assert ids == [row["id"] for row in json.loads(served("list", "--merged", "--format", "json").stdout)]


def test_a_sheet_without_a_loss_has_its_titles(run: Run) -> None:
    told = run("sheet", "out", "-", "--type", "T-72B3")
    assert (told.exit_code, told.stdout, told.stderr) == (0, f"{HEAD}\n", "0 losses in the sheet\n")


def test_what_pandas_changed_in_a_csv_comes_back(served: Run, tmp_path: Path) -> None:
    path = tmp_path / "losses.csv"
    assert served("sheet", "out", str(path), "--merged").stderr == f"7 losses in {path}\n"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,")
    table = frame(path)
    table.loc["tank222222", "place"] = "the ford"
    table.loc["blue222222", ["type", "verification"]] = ["D30", "disputed"]
    table.loc["tank333333", ["status", "note"]] = ["burnt", ""]
    table.loc["new"] = {"id": "", "revision": "", "side": "Blue", "type": "Su-25", "sources": "https://example.org/new"}
    table.fillna("").to_csv(path, index=False, sep=";", lineterminator="\r\n")
    told = served("sheet", "in", str(path), "--reason", "new pictures")
    assert told.exit_code == 3
    assert tidy(told.stdout) == CHANGED
    assert told.stderr.splitlines()[0] == (
        "refused, line 7: status: 'burnt' is not one of: destroyed, damaged, abandoned, captured, lost"
    )
    shown = json.loads(served("show", "blue222222", "--format", "json").stdout)
    assert (shown["type"], shown["verification"]) == ("D-30", "disputed")
    assert served("undo", "--reason", "the wrong file").exit_code == 0
    assert served("audit").exit_code == 0
    assert json.loads(served("show", "blue222222", "--format", "json").stdout)["type"] == "T-72AV"


CHANGED = """\
Sheet losses.csv

Id          Field         Was         Becomes
─────────────────────────────────────────────────────────────
blue222222  type          T-72AV      D-30
blue222222  category      Tanks       Towed Artillery
blue222222  verification  confirmed   disputed
tank222222  place         the bridge  the ford
(new)       side          none        Blueland
(new)       type          none        Su-25
(new)       category      none        Aircraft
(new)       quantity      none        1
(new)       counts        none        item
(new)       status        none        lost
(new)       verification  none        claimed
(new)       sources       none        https://example.org/new

2 losses amended, 1 entered, 4 rows unchanged, 1 refused. Recorded as one act;
all of it back: lossledger undo.
"""


def test_what_openpyxl_changed_in_a_workbook_comes_back(run: Run, ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "losses.xlsx"
    assert run("sheet", "out", str(path), "--side", "redland").stderr == f"3 losses in {path}\n"
    book = load_workbook(path)
    about: dict[object, object] = {row[0]: row[1] for row in book["About"].values}
    assert about["What"] == "3 losses: Valley War"
    assert about["Filters"] == "side redland"
    assert about["Head of the ledger"] == run("audit", "--head").stdout.rpartition(":")[0]
    page = book["Losses"]
    at = {column.name: number for number, column in enumerate(COLUMNS, start=1)}
    [row] = [line for line in range(2, 5) if page.cell(line, 1).value == "tank222222"]
    page.cell(row, at["place"]).value = None
    page.cell(row, at["date"]).value = "2020-10"
    book.save(path)
    was = entries(ledger)
    told = run("sheet", "in", str(path), "--dry-run", "--format", "csv")
    assert told.exit_code == 0
    assert told.stdout == (
        "place,id,fate,field,was,becomes,ledger,set_by,set_at,reason\n"
        f"row {row},tank222222,amended,date,2020-10-08,2020-10,,,,\n"
        f"row {row},tank222222,amended,place,the bridge,,,,,\n"
    )
    assert told.stderr == "1 loss amended, 0 entered, 2 rows unchanged. Nothing is recorded.\n"
    assert entries(ledger) == was
    assert run("sheet", "in", str(path), "--yes").exit_code == 0
    assert (loss(ledger, "tank222222")["earliest"], "place" in loss(ledger, "tank222222")) == ("2020-10-01", False)
    [reason] = rows(ledger, "select value from entry_detail where field = 'reason' and entry = ?", was + 1)
    assert reason == {"value": "sheet losses.xlsx"}


def test_conflicts_are_shown_and_settled(run: Run, ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "losses.csv"
    run("sheet", "out", str(path), "--side", "red")
    table = frame(path)
    table.loc["tank222222", ["place", "unit"]] = ["a hill", "1st"]
    table.loc["guns222222", "quantity"] = "11"
    table.to_csv(path, index=False)
    run("amend", "tank222222", "--place", "the ford", "--reason", "seen")
    refused = tmp_path / "refused.csv"
    told = run("sheet", "in", str(path), "--dry-run", "--rejects", str(refused))
    assert told.exit_code == 3
    assert tidy(told.stdout) == CONFLICT
    assert told.stderr == f"1 refused row in {refused}\n"
    assert list(csv.reader(io.StringIO(refused.read_text())))[1][1] == (
        "changed in the ledger, too: place: the sheet says 'a hill', the ledger 'the ford', set by tester on 2021-06-02"
    )
    was = entries(ledger)
    strict = run("sheet", "in", str(path), "--all-or-nothing", "--format", "json")
    assert (strict.exit_code, entries(ledger)) == (3, was)
    assert [(row["fate"], row["field"], row["ledger"]) for row in json.loads(strict.stdout)] == [
        ("amended", "quantity", None),
        ("conflict", "place", "the ford"),
    ]
    assert "Nothing is recorded." in strict.stderr
    assert run("sheet", "in", str(path), "--mine").exit_code == 0
    assert (loss(ledger, "tank222222")["place"], loss(ledger, "guns222222")["quantity"]) == ("a hill", 11)
    assert run("sheet", "in", str(path)).stdout.endswith("3 rows unchanged. There is nothing to record.\n")


CONFLICT = """\
In conflict: changed in the sheet and in the ledger

Id          Field  Was         Sheet   Ledger    Set by  On
───────────────────────────────────────────────────────────────────
tank222222  place  the bridge  a hill  the ford  tester  2021-06-02

Sheet losses.csv: nothing of this is recorded yet

Id          Field     Was  Becomes
──────────────────────────────────
guns222222  quantity  10   11

1 loss amended, 0 entered, 1 row unchanged, 1 in conflict. Nothing is recorded.
Of rows in conflict nothing is taken; settle them with --mine or --theirs, or in
the sheet.
"""


def test_what_is_not_read_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "losses.csv"
    run("sheet", "out", str(path), "--side", "red north")
    table = frame(path)
    table["colour"] = "red"
    table["day (read-only)"] = "2020-01-01"
    table.to_csv(path, index=False)
    assert tidy(run("sheet", "in", str(path)).stdout) == (
        "Sheet losses.csv\n\n"
        "0 losses amended, 0 entered, 1 row unchanged. There is nothing to record.\n"
        "Columns not read: colour.\n"
        "Changed in read-only columns, not taken: day (1 row).\n"
    )


def test_standard_input_is_a_sheet_too(run: Run, ledger: Path) -> None:
    sheet = run("sheet", "out", "-").stdout.replace("the bridge", "the ford")
    assert run("sheet", "in", "-", input=sheet).exit_code == 0
    assert loss(ledger, "tank222222")["place"] == "the ford"


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("out", "losses.ods"), 2, "losses.ods: a sheet's name ends in .csv or .xlsx"),
        (("out", "no/where.csv"), 2, "there is no folder FOLDER/no"),
        (("out", "old.csv"), 2, "old.csv is there already; bring it back with sheet in, or replace it with --force"),
        (("out", "-", "--side", "Red!"), 2, "no side 'Red!'; did you mean Red"),
        (("in", "none.csv"), 3, "none.csv: there is no such file"),
        (("in", "none.xlsx"), 3, "none.xlsx: there is no such file"),
        (("in", "old.csv"), 3, "old.csv: no column 'id'; a sheet that comes back is one that `sheet out` wrote"),
        (("in", "old.csv", "--mine", "--theirs"), 2, "--mine and --theirs settle a conflict differently; give one"),
        (("in", "old.csv", "--rejects", "old.csv"), 2, "--rejects old.csv: this would overwrite old.csv; name another"),
        (("in", "old.csv", "--reason", " "), 2, "reason is empty"),
    ],
)
def test_wrong_use_is_told_in_a_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old.csv").write_text("place\nx\n")
    told = run("sheet", *typed)
    assert (told.exit_code, told.stdout) == (code, "")
    assert told.stderr.startswith(f"lossledger: {said.replace('FOLDER', str(tmp_path))}")
    assert told.stderr.count("\n") == 1


def test_a_file_is_replaced_where_it_is_wanted_and_left_where_writing_fails(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "losses.xlsx"
    path.write_text("mine")
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "openpyxl", None)
        told = run("sheet", "out", str(path), "--force")
    assert (told.exit_code, path.read_text()) == (2, "mine")
    assert told.stderr.startswith("lossledger: workbooks need openpyxl: pip install 'lossledger[sheet]'")
    assert run("sheet", "out", str(path), "--force").exit_code == 0
    assert load_workbook(path).sheetnames == ["Losses", "About", "Names"]
    assert [file.name for file in tmp_path.glob(".losses*")] == []


def test_on_a_terminal_it_shows_what_it_would_do_and_asks(run: Run, ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "losses.csv"
    run("sheet", "out", str(path))
    path.write_text(path.read_text("utf-8-sig").replace("the bridge", "the ford"))
    for answer, place, code in (("n\n", "the bridge", 1), ("y\n", "the ford", 0)):
        terminal = Terminal("--db", str(ledger), "sheet", "in", str(path))
        terminal.until("nothing of this is recorded yet")
        terminal.until("the ford")
        terminal.until("Record this? [y/N]: ")
        assert loss(ledger, "tank222222")["place"] == "the bridge"
        terminal.type(answer)
        assert terminal.end() == code
        assert loss(ledger, "tank222222")["place"] == place
    terminal = Terminal("--db", str(ledger), "sheet", "in", str(path))
    terminal.until("There is nothing to record.")
    assert terminal.end() == 0
