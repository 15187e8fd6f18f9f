"""The daily totals: which count each row becomes, and what its headings cover."""

from collections import Counter
from pathlib import Path

import pytest

from lossledger.core.vocabulary import PublishedKind, Status, Verification
from lossledger.errors import BadData, UnknownName
from lossledger.feeds import oryx_daily
from lossledger.feeds.opening import opened
from lossledger.feeds.records import Figure, Reading, Record, Source, Unread

COUNTS = "destroyed,abandoned,captured,damaged,type_total"
HEADER = f"country,equipment_type,{COUNTS},date_recorded,destroyed_diff,type_total_diff\n"
ARMOURED = (
    "Tanks",
    "Armoured Fighting Vehicles",
    "Infantry Fighting Vehicles",
    "Armoured Personnel Carriers",
    "Mine-Resistant Ambush Protected",
)
CLAIM = PublishedKind.CLAIM


def _read(folder: Path, rows: str) -> tuple[Source, list[Record]]:
    path = folder / "daily.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with opened(str(path)) as found:
        reading: Reading = oryx_daily.read(found)
        return reading.source, list(reading.records)


def _figures(
    place: str, wording: str, categories: tuple[str, ...], by_status: dict[Status | None, int]
) -> list[Figure]:
    return [
        Figure(place, wording, number, "Russia", categories, None, status, "2024-05-01", CLAIM)
        for status, number in by_status.items()
    ]


def test_every_row_is_its_total_and_the_statuses_above_nothing(tmp_path: Path) -> None:
    rows = (
        "Russia,Aircraft,3,0,0,1,4,2024-05-01,-2,-2\n"
        'Russia,"Surface-To-Air Missile Systems\n",0,0,0,0,0,2024-05-01,0,0\n'
        "Russia,All Types,3,2,0,1,6,2024-05-01,0,0\n"
    )
    source, records = _read(tmp_path, rows)
    assert source == Source(
        slug="oryx-daily",
        name="Oryx, daily totals as collected in oryx_data",
        publisher="scarnecchia/oryx_data",
        licence="CC BY 4.0",
        credit="Oryx, by way of https://github.com/scarnecchia/oryx_data (CC BY 4.0)",
        url="https://github.com/scarnecchia/oryx_data",
        verification=Verification.CLAIMED,
    )
    assert records == [
        *_figures(
            "line 2",
            "Aircraft (4, of which destroyed: 3, damaged: 1)",
            ("Aircraft",),
            {None: 4, Status.DESTROYED: 3, Status.DAMAGED: 1},
        ),
        *_figures("line 3", "Surface-To-Air Missile Systems (0)", ("Surface-To-Air Missile Systems",), {None: 0}),
        *_figures(
            "line 5",
            "All Types (6, of which destroyed: 3, damaged: 1, abandoned: 2)",
            (),
            {None: 6, Status.DESTROYED: 3, Status.ABANDONED: 2, Status.DAMAGED: 1},
        ),
    ]


def test_a_subtotal_covers_the_headings_that_it_speaks_of(tmp_path: Path) -> None:
    excluding = "Losses excluding Recon Drones and Trucks - 1,204, of which: destroyed: 1204"
    armoured = "Losses of Armoured Combat Vehicles [Tanks, AFVs, IFVs, APCs, and MRAPs] - 2, of which: destroyed: 2"
    rows = (
        "Russia,All Types,9,0,0,0,9,2024-05-01,0,0\n"
        f'Russia,"{excluding}",1204,0,0,0,1204,2024-05-01,0,0\n'
        f'Russia,"{armoured}",2,0,0,0,2,2024-05-01,0,0\n'
        "Russia,Reconnaissance Unmanned Aerial Vehicles,1,0,0,0,1,2024-05-01,0,0\n"
        "Russia,Tanks,1,0,0,0,1,2024-05-01,0,0\n"
        "Russia,Armoured Fighting Vehicles,1,0,0,0,1,2024-05-01,0,0\n"
        "Russia,Infantry Fighting Vehicles,1,0,0,0,1,2024-05-01,0,0\n"
        "Russia,Armoured Personnel Carriers,1,0,0,0,1,2024-05-01,0,0\n"
        "Russia,Mine-Resistant Ambush Protected,1,0,0,0,1,2024-05-01,0,0\n"
        'Russia,"Trucks, Vehicles, and Jeeps",1,0,0,0,1,2024-05-01,0,0\n'
        'Russia,"Trucks, Vehicles, Jeeps, and Trains",1,0,0,0,1,2025-05-01,0,0\n'
        "Ukraine,Helicopters,1,0,0,0,1,2024-05-01,0,0\n"
        "Russia,Radars,1,0,0,0,1,2025-05-01,0,0\n"
        f'Turkey,"{excluding}",1204,0,0,0,1204,2024-05-01,0,0\n'
        'Russia,"Losses of Boats [All] - 3, of which: destroyed: 3",3,0,0,0,3,2024-05-01,0,0\n'
    )
    records = _read(tmp_path, rows)[1]
    assert [one for one in records if one.place in ("line 3", "line 4")] == [
        *_figures("line 3", excluding, (*ARMOURED, "Radars"), {None: 1204, Status.DESTROYED: 1204}),
        *_figures(
            "line 4",
            armoured,
            ARMOURED,
            {None: 2, Status.DESTROYED: 2},
        ),
    ]
    assert [(one.place, one.reason) for one in records if isinstance(one, Unread)] == [
        ("line 15", "which headings the subtotal 'Losses excluding Recon Drones and Trucks' covers is not known"),
        ("line 16", "which headings the subtotal 'Losses of Boats [All]' covers is not known"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Russia,Tanks,-1,0,0,2,1,2024-05-01,0,0", "destroyed -1 is negative; nothing can be counted so"),
        ("Russia,Tanks,1,0,0,0,2,2024-05-01,0,0", "its statuses add up to 1, its total is 2"),
        ("Russia,Tanks,1,0,x,0,1,2024-05-01,0,0", "captured 'x' is no whole number"),
        ("Russia,Tanks,1,0,0,0,,2024-05-01,0,0", "type_total '' is no whole number"),
        ("Russia,Tanks,1,0,0,0,1,2024-05,0,0", "'2024-05' is no day that can be read; write 2020-10-08"),
        (",Tanks,1,0,0,0,1,2024-05-01,0,0", "it names no country, or nothing that it counts"),
        ("Russia,,1,0,0,0,1,2024-05-01,0,0", "it names no country, or nothing that it counts"),
        ("Russia,Tanks,1", "3 columns, where the header has 10"),
    ],
)
def test_a_row_that_counts_nothing(tmp_path: Path, row: str, reason: str) -> None:
    records = _read(tmp_path, f"Russia,Tanks,1,0,0,0,1,2024-05-01,0,0\n{row}\n")[1]
    assert records[2:] == [Unread("line 3", row, reason)]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "daily.csv"
    path.write_text("country,equipment_type,destroyed\n", encoding="utf-8")
    with opened(str(path)) as found, pytest.raises(UnknownName, match=r"^no column in daily\.csv called 'abandoned'"):
        oryx_daily.read(found)


def test_a_file_of_broken_rows_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(
        BadData, match=r"^daily\.csv: 2 of 3 rows cannot be read; line 4: 1 columns, where the header has 10"
    ):
        _read(tmp_path, "Russia,Tanks,1,0,0,0,1,2024-05-01,0,0\nx\ny\n")


def test_the_real_totals(data_dir: Path) -> None:
    """Every row is read; the sums of its last day are those that the file gives."""
    with opened(str(data_dir / "oryx-csv" / "daily_count.csv.gz")) as found:
        records = list(oryx_daily.read(found).records)
    figures = [one for one in records if isinstance(one, Figure)]
    assert len(figures) == len(records) == 6398
    assert Counter(one.status is None for one in figures) == {True: 1365, False: 5033}
    latest = {
        one.side: one.quantity for one in figures if not one.categories and one.status is None
    }  # rows stand by day
    assert latest == {"Russia": 22381, "Ukraine": 9374}
    covered = {
        one.wording.partition(" - ")[0]: len(one.categories)
        for one in figures
        if one.side == "Russia" and " - " in one.wording
    }
    assert covered == {
        "Losses excluding Recon Drones and Trucks": 24,
        "Losses of Armoured Combat Vehicles [Tanks, AFVs, IFVs, APCs, and MRAPs]": 5,
    }
