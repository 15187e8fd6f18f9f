"""Real lists, from the file to the figure: every cell of the pages, every row of the snapshots."""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.cli import looking
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


FIELDS = {
    "lost_by": "side",
    "model": "type",
    "type": "category",
    "status": "status",
    "date": "date",
    "nearest_location": "place",
    "geo": "coordinates",
    "unit": "unit",
    "tags": "tags",
    "comment": "note",
}
"""The columns of the newer snapshot, but for those made of others and those with nothing in them, as ``diff`` names
them. A column that the older one lacks counts as empty there."""


def raw(data_dir: Path, year: int) -> "pd.DataFrame":
    """A snapshot as pandas reads it, by id: the newer one's columns, with the coordinates as pairs of numbers."""
    frame = pd.read_csv(snapshot(data_dir, year), dtype=str, keep_default_na=False).set_index("id")
    frame = frame.rename(columns={"geolocation": "geo"})
    frame["geo"] = frame["geo"].map(lambda text: text and tuple(map(float, text.split(","))))
    return frame.reindex(columns=list(FIELDS), fill_value="").rename(columns=FIELDS)


def moved(ledger: Path, after: int) -> set[str]:
    """The ids, in the list, of the losses of which the postings after an entry leave something."""
    place = "side_id, category_id, type_id, status, verification, feed_id, counts, loss_day, span"
    net = f"select loss_id from posting where entry > ? group by loss_id, {place} having sum(quantity) <> 0"
    found = looking.rows(ledger, f"select feed_key from loss where id in ({net})", after)
    return {row["feed_key"] for row in found}


def expected_lines(old: "pd.DataFrame", new: "pd.DataFrame", moved: set[str]) -> list[dict[str, Any]]:
    """What ``diff --fields`` should give, worked out from the two snapshots and the ids that moved the tally."""
    both = old.index.intersection(new.index)
    differs = old.loc[both] != new.loc[both]
    newly_set = differs & (old.loc[both] == "")
    counted: dict[tuple[str, str | None], tuple[set[str], int]] = {
        ("new", None): (set(new.index.difference(old.index)), 0),
        ("gone", None): (set(old.index.difference(new.index)), 0),
        ("changed", None): (
            set(both[differs.any(axis=1)]),
            int((differs.any(axis=1) & (differs == newly_set).all(axis=1)).sum()),
        ),
    }
    for field in FIELDS.values():
        counted["changed", field] = set(both[differs[field]]), int(newly_set[field].sum())
    return [
        {
            "told_by": "list", "row": row, "field": field, "losses": len(ids), "newly_set": new_ones,
            "moved": len(ids & moved), "held": 0,
        }
        for (row, field), (ids, new_ones) in counted.items()
        if ids
    ]  # fmt: skip


def test_two_snapshots_are_followed_as_pandas_finds(war: Run, data_dir: Path, tmp_path: Path) -> None:
    """Row by row and field by field as the list writes them; and how many of them moved the tally."""
    old, new = raw(data_dir, 2024), raw(data_dir, 2026)
    first = imported(war, snapshot(data_dir, 2024))
    assert rows(first) == {"added": len(old)}
    dimensions = ("--by", "side,category,type,status,feed", "--format", "json")
    then = war("tally", *dimensions).stdout
    between = int(entries(war).partition(":")[0])
    second = imported(war, snapshot(data_dir, 2026), "--snapshot")

    ids = moved(tmp_path / "war.db", between)
    lines = json.loads(war("diff", first["run"], second["run"], "--fields", "--format", "json").stdout)
    wanted = expected_lines(old, new, ids)
    assert lines == wanted
    totals = {line["row"]: line["losses"] for line in wanted if line["field"] is None}
    read = {fate: second["rows"][fate] for fate in ("added", "gone", "changed", "unchanged")}
    assert read == {
        "added": totals["new"], "gone": totals["gone"], "changed": totals["changed"],
        "unchanged": len(new) - totals["new"] - totals["changed"],
    }  # fmt: skip
    causes = json.loads(war("diff", second["run"], "--format", "json").stdout)
    assert sum(cause["losses"] for cause in causes) == len(ids)
    assert {(cause["before"], cause["after"]) for cause in causes} == {(len(old), len(new))}
    assert sum(cause["net"] for cause in causes) == len(new) - len(old)

    known_on = ("--known-on", str(between))
    assert war("tally", *dimensions, *known_on).stdout == then
    by_status = json.loads(war("tally", "--by", "month,status", *known_on, "--format", "json").stdout)
    assert {(row["month"], row["status"]): row["quantity"] for row in by_status} == dict(
        Counter(zip(old["date"].str[:7], old["status"].str.casefold(), strict=True))
    )
    assert war("audit").exit_code == 0
