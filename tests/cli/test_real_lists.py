"""Real lists, from the file to the figure: every cell of the pages, every row of the snapshots."""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.cli.conftest import Run, runner

STATUSES = ("destroyed", "damaged", "abandoned", "captured")


@pytest.fixture
def war(tmp_path: Path) -> Run:
    """A ledger of the war that the real lists are about, with nothing in it."""
    run = runner(str(tmp_path / "war.db"))
    assert run("init", "--pack", "ukraine-2022").exit_code == 0
    return run


def page(data_dir: Path, name: str) -> str:
    return str(data_dir / "oryx" / f"{name}.html.gz")


def snapshot(data_dir: Path, year: int) -> str:
    return str(data_dir / "warspotting" / f"warspotting-{year}.csv.gz")


def expected(data_dir: Path, name: str) -> Counter[tuple[str, str, str]]:
    """What a page says, read twice independently: side, heading and status to how many."""
    with (data_dir / "oryx" / "expected.csv").open(encoding="utf-8", newline="") as stream:
        return Counter(
            {
                (row["side"], row["category"], status): int(row[status])
                for row in csv.DictReader(stream)
                if row["page"] == name
                for status in STATUSES
                if int(row[status])
            }
        )


def tallied(run: Run, *more: str) -> Counter[tuple[str, str, str]]:
    rows = json.loads(run("tally", "--by", "side,category,status", "--format", "json", *more).stdout)
    return Counter({(row["side"], row["category"], row["status"]): row["quantity"] for row in rows})


def imported(run: Run, file: str, *more: str) -> dict[str, Any]:
    """The report of an import."""
    result = run("import", file, "--format", "json", *more)
    assert result.exit_code == 0, result.output
    said: dict[str, Any] = json.loads(result.stdout)
    return said


def rows(report: Mapping[str, Any]) -> dict[str, int]:
    return {fate: number for fate, number in report["rows"].items() if number}


def entries(run: Run) -> str:
    return run("audit", "--head").stdout


@pytest.mark.parametrize(("name", "items"), [("ukraine", 3204), ("naval", 39)])
def test_a_page_is_read_to_the_last_item(war: Run, data_dir: Path, name: str, items: int) -> None:
    report = imported(war, page(data_dir, name))
    assert (report["read"], rows(report), report["refused"]) == (items, {"added": items}, [])
    assert tallied(war) == expected(data_dir, name)
    head = entries(war)
    assert rows(imported(war, page(data_dir, name), "--snapshot")) == {"unchanged": items}
    assert entries(war) == head
    assert war("audit").exit_code == 0


def test_check_lists_where_a_page_disagrees_with_itself(war: Run, data_dir: Path) -> None:
    imported(war, page(data_dir, "ukraine"))
    result = war("check", "--format", "json")
    found = json.loads(result.stdout)
    headline = "Ukraine - 3204, of which: destroyed: 2067, damaged: 184, abandoned: 88, captured: 865"
    assert sorted((row["theirs"], row["verdict"]) for row in found if row["wording"] == headline) == [
        (88, "holds"),
        (184, "holds"),
        (865, "holds"),
        (2067, "holds"),
        (3204, "holds"),
    ]
    off = {
        row["wording"].partition(" (")[0]
        for row in found
        if row["verdict"] == "differs" and "of which" in row["wording"]
    }
    assert off == {
        "Aircraft",
        "Infantry Fighting Vehicles",
        "Infantry Mobility Vehicles",
        "Reconnaissance Unmanned Aerial Vehicles",
        "Self-Propelled Artillery",
        "Tanks",
    }
    assert all(row["place"].startswith("line ") for row in found)
    assert result.exit_code == 1


def test_the_ships_of_two_pages_are_joined(war: Run, data_dir: Path) -> None:
    """They stand on both pages under other headings and types; one that is on one page alone stays alone."""
    imported(war, page(data_dir, "ukraine"))
    imported(war, page(data_dir, "naval"))
    apart = json.loads(war("tally", "--side", "ukraine", "--by", "side", "--format", "json").stdout)
    assert sorted(row["quantity"] for row in apart) == [27, 3204]
    result = war("duplicates", "--merge", "exact")
    assert result.exit_code == 0, result.output
    joined = json.loads(war("tally", "--side", "ukraine", "--by", "side", "--joined", "--format", "json").stdout)
    assert [row["quantity"] for row in joined] == [3204 + 27 - 26]
    head = entries(war)
    for name, items in (("ukraine", 3204), ("naval", 39)):
        assert rows(imported(war, page(data_dir, name), "--snapshot")) == {"unchanged": items}
    assert entries(war) == head
    assert war("audit").exit_code == 0


def raw(data_dir: Path, year: int) -> "pd.DataFrame":
    """A snapshot as pandas reads it, by id, with the coordinates as numbers."""
    frame = pd.read_csv(snapshot(data_dir, year), dtype=str, keep_default_na=False).set_index("id")
    return frame.rename(columns={"geolocation": "geo", "Latitude": "latitude", "Longitude": "longitude"})


def test_two_snapshots_are_followed_as_pandas_finds(war: Run, data_dir: Path) -> None:
    old, new = raw(data_dir, 2024), raw(data_dir, 2026)
    first = imported(war, snapshot(data_dir, 2024))
    assert rows(first) == {"added": len(old)}
    second = imported(war, snapshot(data_dir, 2026), "--snapshot")
    assert second["rows"]["added"] == len(new.index.difference(old.index))
    assert second["rows"]["gone"] == len(old.index.difference(new.index))
    assert second["read"] == len(new)
    by_status = json.loads(
        war("tally", "--by", "status", "--known-on", str(second["first_entry"] - 1), "--format", "json").stdout
    )
    assert {row["status"]: row["quantity"] for row in by_status} == dict(
        Counter(status.casefold() for status in old["status"])
    )
    assert war("audit").exit_code == 0
