"""``export`` of open data as a user sees it, read by the programs that others read it with."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from openpyxl import load_workbook

from lossledger.exports.open_columns import LOSSES, TABLES
from tests.cli.conftest import Run, runner
from tests.cli.screens import screen

VIEW = (
    "Public view: coordinates rounded to 2 decimals (about 1 km); without the names of those who keep the ledger; "
    "without their notes and reasons.\n"
)
BLUE = """\
id,side,type,candidates,category,group,quantity,counts,status,outcome,counted,verification,verified_by,day,\
day_inferred,earliest,latest,reported,place,latitude,longitude,unit,cause,captor,name,fittings,circumstance,phrase,\
tags,note,sources,links,held,feed,feed_key,merged_into,split_from,withdrawn
blue222222,Blueland,T-72AV,,Tanks,armoured,1,item,damaged,captured,true,confirmed,,2020-10-05,false,2020-10-05,\
2020-10-05,,,,,,,,,,,,,,1,https://example.org/post,false,own,,,,false
none222222,Blueland,,,Type not given,not-given,3,item,lost,lost,true,claimed,,2020-10-30,false,,,2020-10-30,\
,,,,,,,,,,,,1,https://example.org/post,false,own,,,,false
jeep222222,Blueland,Ural-4320,,"Trucks, Vehicles, and Jeeps",light-vehicles,1,item,abandoned,abandoned,true,confirmed\
,,,false,,,,,,,,,,,,,,,,1,https://example.org/post,false,own,,,,false
"""


@pytest.fixture
def head(run: Run) -> str:
    """The end of the ledger's chain."""
    return ":".join(run("audit", "--head").stdout.strip().split(":")[:2])


def wrote(run: Run, *args: str) -> str:
    """What is said of an export that was written."""
    done = run("export", *args)
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    return done.stderr


def counted(run: Run) -> dict[str, int]:
    """What ``tally`` counts, by side."""
    told = json.loads(run("tally", "--by", "side", "--format", "json").stdout)
    return {row["side"]: row["quantity"] for row in told}


def test_losses_as_csv(run: Run, head: str) -> None:
    """The table alone on standard output, and what it is on standard error."""
    done = run("export", "csv", "--side", "blueland")
    assert (done.exit_code, done.stdout) == (0, BLUE)
    assert done.stderr == f"3 losses. Items: 2 confirmed, 3 claimed.\n{VIEW}head {head}\n"
    assert run("export", "csv", "losses", "--where", "type=t-72av").stdout == "".join(BLUE.splitlines(True)[:2])


def test_what_describes_a_csv_file(run: Run, head: str, tmp_path: Path) -> None:
    """It stands beside the file, as CSV on the Web has it."""
    place = tmp_path / "blue.csv"
    said = wrote(run, "csv", "--side", "blueland", "--since", "2020", "-o", str(place))
    assert said.startswith(f"{place}: ")
    told = json.loads((tmp_path / "blue.csv-metadata.json").read_text())
    assert (told["@context"][0], told["url"]) == ("http://www.w3.org/ns/csvw", "blue.csv")
    assert told["notes"] == [
        {
            "title": "Losses: Valley War",
            "made": "2021-06-02T08:00:00.000000Z",
            "as_of": "2021-06-02T08:00:00.000000Z",
            "counted": ["2 losses. Items: 1 confirmed, 3 claimed. Not listed: 1 undated."],
            "filters": ["Blueland", "since 2020-01-01"],
            "remarks": [],
            "public_view": VIEW.removeprefix("Public view: ").removesuffix(".\n").split("; "),
            "licences": ["CC BY 4.0"],
            "credits": [
                {
                    "feed": "a-list",
                    "name": "A list",
                    "publisher": "The Counters",
                    "licence": "CC BY 4.0",
                    "credit": None,
                    "url": None,
                },
                {"feed": "own", "name": "Own entries", **dict.fromkeys(("publisher", "licence", "credit", "url"))},
            ],
            "head": head,
            "program": "lossledger 0.1.0",
        }
    ]
    columns = told["tableSchema"]["columns"]
    assert [one["name"] for one in columns] == next(csv.reader(place.read_text().splitlines()))
    assert {
        one["name"]: one["datatype"] for one in columns if one["name"] in ("quantity", "day", "held", "latitude")
    } == {
        "quantity": "integer",
        "day": "date",
        "latitude": "double",
        "held": {"base": "boolean", "format": "true|false"},
    }


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_pandas_and_duckdb_count_as_the_tally_does(run: Run, tmp_path: Path, form: str) -> None:
    """Of the losses that count and are confirmed; a heading of the tables that others make of them."""
    place = tmp_path / f"losses.{form}"
    wrote(run, form, "--merged", "--withdrawn", "-o", str(place))
    read: Any = pd.read_csv if form == "csv" else pd.read_parquet
    frame = read(place)
    confirmed = frame[frame["counted"] & (frame["verification"] == "confirmed")]
    assert confirmed.groupby("side")["quantity"].sum().to_dict() == counted(run)
    statement = "SELECT side, sum(quantity)::INT FROM '{}' WHERE counted AND verification = 'confirmed' GROUP BY side"
    assert dict(duckdb.execute(statement.format(place)).fetchall()) == counted(run)


def test_parquet_has_types_and_says_what_it_is(run: Run, head: str, tmp_path: Path) -> None:
    """Days are days and numbers numbers; the metadata stand in the file."""
    place = tmp_path / "losses.parquet"
    wrote(run, "parquet", "--where", "coordinates", "-o", str(place))
    table = pq.read_table(place)
    assert {name: str(table.schema.field(name).type) for name in ("id", "quantity", "day", "latitude", "held")} == {
        "id": "string",
        "quantity": "int64",
        "day": "date32[day]",
        "latitude": "double",
        "held": "bool",
    }
    assert table.column_names == [column.name for column in LOSSES]
    [only] = table.to_pylist()
    assert (only["id"], only["latest"], only["latitude"]) == ("tank333333", date(2020, 10, 31), 40.1)
    told = json.loads(table.schema.metadata[b"lossledger"])
    assert (told["head"], told["filters"], told["title"]) == (head, ["coordinates"], "Losses: Valley War")
    assert table.schema.field("day").metadata == {b"description": b"the day that it goes by"}
    wrote(run, "parquet", "sources", "-o", str(tmp_path / "sources.parquet"))
    assert str(pq.read_schema(tmp_path / "sources.parquet").field("looked_at").type) == "timestamp[us, tz=UTC]"


def test_geojson_is_read_by_gdal(run: Run, head: str, tmp_path: Path) -> None:
    """A feature a loss that has coordinates, longitude first; how many have none is said in it."""
    run("amend", "tank222222", "--at", "-12.5,170.25", "--reason", "from the map")
    place = tmp_path / "losses.geojson"
    wrote(run, "geojson", "-o", str(place))
    told = pyogrio.read_info(place)
    assert (told["driver"], told["features"], told["geometry_type"], told["crs"]) == (
        "GeoJSON",
        2,
        "Point",
        "EPSG:4326",
    )
    _, _, _, fields = pyogrio.raw.read(place, columns=["id"])
    assert [list(ids) for ids in fields] == [["tank222222", "tank333333"]]
    collection = json.loads(place.read_text())
    assert [one["geometry"]["coordinates"] for one in collection["features"]] == [[170.25, -12.5], [47.05, 40.1]]
    assert "latitude" not in collection["features"][0]["properties"]
    about = collection["metadata"]
    assert (about["features"], about["without_coordinates"]) == (2, 4)
    assert about["remarks"] == ["4 losses without coordinates left out"]
    assert about["properties"]["quantity"] == "how many"


def test_a_workbook_is_read_by_openpyxl(run: Run, tmp_path: Path) -> None:
    """A page a table and one of what it is; typed cells, and no formula, whatever a text begins with."""
    run("amend", "blue222222", "--place", "=1+1", "--name", "#N/A", "--reason", "as reported")
    place = tmp_path / "all.xlsx"
    wrote(run, "xlsx", "all", "-o", str(place))
    book = load_workbook(place)
    assert book.sheetnames == ["Losses", "Evidence", "Sources", "Tally", "Timeline", "Published", "About"]
    rows = [[cell.value for cell in row] for row in book["Losses"].iter_rows()]
    assert rows[0] == [column.name for column in LOSSES]
    blue: dict[Any, Any] = dict(zip(rows[0], next(row for row in rows if row[0] == "blue222222"), strict=True))
    assert (blue["place"], blue["name"], blue["quantity"], blue["counted"]) == ("'=1+1", "#N/A", 1, True)
    assert str(blue["day"]) == "2020-10-05 00:00:00"
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type in ("f", "e")]
    about = [[cell.value for cell in row] for row in book["About"].iter_rows()]
    assert ["Title", "Open data: Valley War"] in about
    assert ["Credit", "A list, The Counters; licence: CC BY 4.0"] in about


def test_a_database_is_read_by_sqlite(run: Run, head: str, tmp_path: Path) -> None:
    """It is sound, says what it is, and is a ledger that counts the same, now and before."""
    place = tmp_path / "public.db"
    wrote(run, "sqlite", "-o", str(place))
    with closing(sqlite3.connect(place)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        about = database.execute("SELECT name, text FROM about ORDER BY line").fetchall()
        assert ("Head", head) in about
        assert ("Public view", "without their notes and reasons") in about
        sums = database.execute("SELECT sum(quantity) FROM losses WHERE verification = 'confirmed'").fetchone()
    copy = runner(str(place))
    assert sums == (sum(counted(run).values()),)
    for args in ((), ("--known-on", "20"), ("--as-of", "2020-10-08", "--side", "blueland")):
        assert copy("tally", *args).stdout == run("tally", *args).stdout


def test_json_lines(run: Run, tmp_path: Path) -> None:
    """An object a row, with every column; what describes it is beside it."""
    place = tmp_path / "said.jsonl"
    wrote(run, "jsonl", "published", "-o", str(place))
    rows = [json.loads(line) for line in place.read_text().splitlines()]
    assert [(row["counted_by"], row["quantity"], row["ours"], row["verdict"]) for row in rows] == [
        ("The Counters", 2, 2, "holds"),
        ("Blueland's ministry", 200, None, "claim"),
    ]
    assert json.loads((tmp_path / "said.jsonl-metadata.json").read_text())["notes"][0]["remarks"] == [
        "Published counts: all of the conflict, whatever the losses are narrowed to."
    ]


def test_a_tally_is_that_of_tally(run: Run) -> None:
    """Each feed by itself, for one loss may stand in several."""
    told = run("export", "csv", "tally", "--by", "category", "--verification", "claimed,confirmed")
    assert told.stdout == (
        "category,feed,quantity\nTanks,own,3\nTowed Artillery,own,10\n"
        '"Trucks, Vehicles, and Jeeps",own,1\nType not given,own,3\n'
    )
    bounded = run("export", "csv", "tally", "--by", "type", "--type", "t-72b")
    assert bounded.stdout == "type,feed,quantity,up_to\nT-72B,own,1,1\n"
    assert run("export", "csv", "tally", "--known-on", "20").stdout == "side,category,status,feed,quantity\n"


def test_a_timeline_adds_up_to_the_tally(run: Run) -> None:
    """A row for each period of each series, and one for what is not dated so finely."""
    told = run("export", "csv", "timeline", "--side", "blueland", "--every", "week")
    assert told.stdout == (
        "side,feed,period,begins,ends,increment,total,incomplete\n"
        "Blueland,own,2020-W41,2020-10-05,2020-10-11,1,1,false\n"
        "Blueland,own,,,,1,,false\n"
    )
    assert "Documented losses" not in told.stdout
    monthly = run("export", "jsonl", "timeline", "--by", "side,status")
    rows = [json.loads(line) for line in monthly.stdout.splitlines()]
    assert {side: sum(row["increment"] for row in rows if row["side"] == side) for side in counted(run)} == counted(run)


def test_everything_in_a_folder(run: Run, tmp_path: Path) -> None:
    """A file a table. What is there already is replaced only when that is asked for."""
    folder = tmp_path / "data"
    said = wrote(run, "csv", "all", "-o", str(folder))
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(f"{table}.csv{more}" for table in TABLES for more in ("", "-metadata.json"))
    assert said.splitlines()[0] == f"{folder}/losses.csv"
    heads = {table: (folder / f"{table}.csv").read_text().partition("\n")[0].split(",") for table in TABLES}
    assert heads == {table: [column.name for column in columns] for table, columns in TABLES.items()}
    again = run("export", "csv", "all", "-o", str(folder))
    assert (again.exit_code, again.stderr) == (
        2,
        f"lossledger: there is something in {folder} already; replace what has the same name with --force\n",
    )
    assert run("export", "csv", "all", "-o", str(folder), "--force").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "valley.db"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["parquet"], "parquet goes to a file; name one with -o FILE"),
        (["csv", "all"], "all of it are several files; name a folder: export csv all -o FOLDER"),
        (
            ["csv", "everything"],
            "what to export 'everything' is not one of: losses, evidence, sources, tally, timeline, published, all",
        ),
        (["csv", "--known-on", "3"], "--known-on is for tallies; losses are told as they are now: leave it out"),
        (["csv", "--release", "r"], "--release is for tallies; losses are told as they are now: leave it out"),
        (
            ["csv", "tally", "--where", "place=x"],
            "--where is for losses, evidence and sources; tallies are narrowed by the other options",
        ),
        (["csv", "--side", "greenland"], "no side 'greenland'"),
        (["--proof", "tank", "csv"], "give the options of csv after it; a proof is no csv"),
        (["xlsx", "-o", "no folder/x.xlsx"], "there is no folder "),
    ],
)
def test_wrong_use(run: Run, args: list[str], said: str) -> None:
    """It is told in one line, and nothing is written."""
    done = run("export", *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"lossledger: {said}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("form", "module", "extra"), [("parquet", "pyarrow", "parquet"), ("xlsx", "openpyxl", "sheet")]
)
def test_what_is_not_installed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, module: str, extra: str
) -> None:
    """The extra that has it is named, and nothing is left behind."""
    monkeypatch.setitem(sys.modules, module, None)
    done = run("export", form, "-o", str(tmp_path / "losses"))
    assert done.exit_code == 2
    assert f"pip install 'lossledger[{extra}]'" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["valley.db"]


def test_a_file_that_is_there(run: Run, tmp_path: Path) -> None:
    """It stays, and so does what describes it, unless it is to be replaced."""
    place = tmp_path / "losses.csv"
    beside = tmp_path / "losses.csv-metadata.json"
    beside.write_text("mine")
    assert run("export", "csv", "-o", str(place)).stderr == (
        f"lossledger: {beside} is there already; replace it with --force\n"
    )
    assert (place.exists(), beside.read_text()) == (False, "mine")
    wrote(run, "csv", "-o", str(place), "--force")
    assert place.read_text().startswith("id,side")


def test_an_embargo(run: Run, tmp_path: Path) -> None:
    """What was recorded yesterday is out, what today is not, in exports and in proofs."""
    run("setting", "public.embargo", "1", "--reason", "crews first")
    new = run(
        *("add", "--side", "blueland", "--type", "su-25", "--status", "destroyed"),
        *("--source", "https://example.org/new", "--reason", "seen"),
    ).stdout.strip()
    done = run("export", "csv", "--side", "blueland")
    assert done.stdout == BLUE
    assert "Public view: as the ledger stood 1 day ago; " in done.stderr
    last = done.stderr.rpartition("head ")[2].strip()
    proof = run("export", "--proof", "blue", "-o", str(tmp_path / "blue.json"))
    head = proof.stderr.partition("head ")[2].partition("\n")[0]
    assert head.startswith(f"{last}:")
    assert "Proved" in screen(run("prove", str(tmp_path / "blue.json"), "--head", head))
    young = run("export", "--proof", new)
    assert (young.exit_code, young.stderr) == (
        2,
        f"lossledger: loss {new} is not public yet: it was recorded less than 1 day ago (setting public.embargo)\n",
    )
    unknown = run("export", "--proof", "zzzzzzzz")
    assert (unknown.exit_code, "not public" in unknown.stderr) == (1, False)


def test_a_ledger_on_each_engine(served: Run, tmp_path: Path) -> None:
    """The same rows from a server."""
    assert served("export", "csv", "--side", "blueland").stdout == BLUE
    wrote(served, "sqlite", "-o", str(tmp_path / "public.db"))
    assert runner(str(tmp_path / "public.db"))("tally").stdout == served("tally").stdout


@pytest.mark.parametrize("what", [("csv",), ("csv", "tally"), ("jsonl",), ("geojson",)])
def test_a_reader_that_has_seen_enough_is_no_fault(ledger: Path, what: tuple[str, ...]) -> None:
    """As with ``| head``: whoever reads has gone, and the program ends without a word of it."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "lossledger", "--db", str(ledger), "export", *what],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("csv", "--by", "category"), "--by is for tally and timeline, not for losses: leave it out"),
        (("jsonl", "evidence", "--every", "day"), "--every is for timeline, not for evidence: leave it out"),
        (("csv", "tally", "--every", "day"), "--every is for timeline, not for tally: leave it out"),
        (("geojson", "--every", "month"), "--every is for timeline, not for losses: leave it out"),
    ],
)
def test_an_option_that_says_nothing_of_what_is_exported_is_refused(
    run: Run, options: tuple[str, ...], said: str
) -> None:
    result = run("export", *options)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"lossledger: {said}\n")
