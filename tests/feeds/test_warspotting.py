"""WarSpotting's list: both layouts of its tables, and what its programming interface returns."""

import csv
import gzip
import json
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.core.vocabulary import Verification
from lossledger.errors import BadData, UnknownName
from lossledger.feeds import warspotting
from lossledger.feeds.opening import opened
from lossledger.feeds.records import Item, Record, Source, Unread

OLD = "id,type,model,status,lost_by,date,nearest_location,geolocation,unit,oryx_url,Latitude,Longitude\n"
NEW = "id,date,type,model,status,lost_by,nearest_location,geo,latitude,longitude,unit,tags,comment,sources,photos\n"
FEW = "id,type,model,status,lost_by,date\n"

RUSSIA = Source(
    slug="warspotting-russia",
    name="WarSpotting: losses of Russia",
    publisher="WarSpotting",
    credit="WarSpotting, https://ukr.warspotting.net/",
    url="https://ukr.warspotting.net/",
    verification=Verification.CONFIRMED,
    verified_by="WarSpotting",
)


def _read(folder: Path, text: str) -> tuple[Source, list[Record]]:
    path = folder / "list"
    path.write_text(text, encoding="utf-8", newline="")
    with opened(str(path)) as found:
        source, records = warspotting.read(found).source, warspotting.read(found).records
        return source, list(records)


def test_the_table_of_2024(tmp_path: Path) -> None:
    rows = (
        '7,Tanks,T-72B,Destroyed,Russia,2022-03-16,"Bilohorivka, Luhansk","48.92, 38.250",1st Brigade,'
        "https://i.postimg.cc/a/1.jpg,48.92,38.25\n"
        "9,Transport,Ural-4320,Captured,Russia,,,,,,,\n"
    )
    assert _read(tmp_path, OLD + rows) == (
        RUSSIA,
        [
            Item(
                "line 2",
                "Russia",
                "Tanks",
                "T-72B",
                {
                    "status": "destroyed",
                    "earliest": "2022-03-16",
                    "latest": "2022-03-16",
                    "latitude": "48.92",
                    "longitude": "38.25",
                    "place": "Bilohorivka, Luhansk",
                    "unit": "1st Brigade",
                },
                ("https://i.postimg.cc/a/1.jpg",),
                "7",
            ),
            Item("line 3", "Russia", "Transport", "Ural-4320", {"status": "captured"}, (), "9"),
        ],
    )


def test_the_table_of_2026(tmp_path: Path) -> None:
    row = (
        "7,2022-03-16,Tanks,T-72B,Damaged,Russia,,,48.920,38.25,,"
        '"Z, Cope cage",Hit twice,"https://t.me/a/1,https://t.me/b?x=1,2\nhttps://t.me/a/1","https://x.com/p.jpg  https://x.com/q.jpg"\n'
    )
    assert _read(tmp_path, NEW + row)[1] == [
        Item(
            "line 2",
            "Russia",
            "Tanks",
            "T-72B",
            {
                "status": "damaged",
                "earliest": "2022-03-16",
                "latest": "2022-03-16",
                "latitude": "48.92",
                "longitude": "38.25",
                "note": "Hit twice",
                "tags": '["Z", "Cope cage"]',
            },
            ("https://t.me/a/1", "https://t.me/b?x=1,2", "https://x.com/p.jpg", "https://x.com/q.jpg"),
            "7",
        )
    ]


LOSS = {
    "id": 31,
    "date": "2023-05-01",
    "type": "Tanks",
    "model": "T-90M",
    "status": "Abandoned",
    "lost_by": "Russia",
    "nearest_location": None,
    "geo": "-1.50,0.0",
    "unit": None,
    "tags": "Jammer",
    "sources": ["https://t.me/a/1", "https://t.me/a/2"],
    "photos": [],
}
FIELDS = {
    "status": "abandoned",
    "earliest": "2023-05-01",
    "latest": "2023-05-01",
    "latitude": "-1.5",
    "longitude": "0",
    "tags": '["Jammer"]',
}
LINKS = ("https://t.me/a/1", "https://t.me/a/2")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (json.dumps({"losses": [LOSS]}), ["line 1"]),
        (json.dumps({"losses": [LOSS, LOSS]}, indent=1), ["item 1", "item 2"]),
        (json.dumps([LOSS, LOSS]), ["line 1, item 1", "line 1, item 2"]),
        (json.dumps([LOSS], indent=2), ["item 1"]),
        (f"{json.dumps(LOSS)}\n\n{json.dumps(LOSS)}", ["line 1", "line 3"]),
        (
            f"{json.dumps({'losses': [LOSS, LOSS]})}\n{json.dumps({'losses': [LOSS]})}\n",
            ["line 1, item 1", "line 1, item 2", "line 2"],
        ),
    ],
    ids=["page", "page on many lines", "list", "list on many lines", "object a line", "page a line"],
)
def test_what_the_programming_interface_returns(tmp_path: Path, text: str, places: list[str]) -> None:
    assert _read(tmp_path, text) == (
        RUSSIA,
        [Item(place, "Russia", "Tanks", "T-90M", FIELDS, LINKS, "31") for place in places],
    )


def test_a_page_without_losses(tmp_path: Path) -> None:
    source, records = _read(tmp_path, '{"losses": []}')
    assert (source.slug, source.name, records) == ("warspotting", "WarSpotting", [])


NO_DAY = (
    "'2022-02-30' is no day that can be read; write 2020-10-08, 2020-10, 2020, 2020-10-05..2020-10-08, or ~2020-10-08 "
    "where it is inferred"
)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("7,Tanks,T-72B,Lost,Russia,2022-03-16", "status 'Lost' is none of destroyed, damaged, abandoned, captured"),
        ("7,Tanks,T-72B,,Russia,2022-03-16", "status is empty"),
        (",Tanks,T-72B,Destroyed,Russia,2022-03-16", "id is empty"),
        ("7,Tanks,T-72B,Destroyed,,2022-03-16", "lost_by is empty"),
        (
            "7,Tanks,T-72B,Destroyed,Russia,2022-02-30",
            NO_DAY,
        ),
        ("7,Tanks,T-72B,Destroyed,Russia", "5 columns, where the header has 6"),
        ("7,Tanks,T-72B,Destroyed,Russia,2022-03-16,", "7 columns, where the header has 6"),
        (
            f"7,Tanks,{'T' * 501},Destroyed,Russia,2022-03-16",
            f"type is too long: 501 characters, at most 500: '{'T' * 59}…'",
        ),
    ],
)
def test_a_row_that_tells_no_loss(tmp_path: Path, row: str, reason: str) -> None:
    good = "8,Tanks,T-72B,Destroyed,Russia,2022-03-16\n"
    text = row if len(row) <= 200 else row[:199] + "…"
    before, unread, after = _read(tmp_path, f"{FEW}{good}{row}\n{good}")[1]
    assert unread == Unread("line 3", text, reason)
    assert isinstance(before, Item)
    assert after == before._replace(place="line 4")


@pytest.mark.parametrize(
    ("geo", "reason"),
    [
        ("91.5,38", "latitude 91.5 is not between -90 and 90"),
        ("48,-180.5", "longitude -180.5 is not between -180 and 180"),
        ("48", "coordinates '48' are not a latitude and a longitude: 47.10,37.52"),
        ("48.1,38.2,5", "coordinates '48.1,38.2,5' are not a latitude and a longitude: 47.10,37.52"),
        ("48.1,east", "longitude 'east' is no decimal number of degrees"),
        ("nan,38.2", "latitude 'nan' is no decimal number of degrees"),
    ],
)
def test_coordinates_that_cannot_be(tmp_path: Path, geo: str, reason: str) -> None:
    line = json.dumps(LOSS | {"geo": geo})
    records = _read(tmp_path, f"{json.dumps(LOSS)}\n{line}\n")[1]
    assert [record.reason for record in records if isinstance(record, Unread)] == [reason]


def test_a_link_that_is_none(tmp_path: Path) -> None:
    records = _read(tmp_path, f"{json.dumps(LOSS)}\n{json.dumps(LOSS | {'photos': ['ttps://t.me/1']})}\n")[1]
    assert [record.reason for record in records if isinstance(record, Unread)] == [
        "source 'ttps://t.me/1' is no http or https link"
    ]


def test_a_missing_column_is_named_with_what_comes_near(tmp_path: Path) -> None:
    with pytest.raises(UnknownName) as caught:
        _read(tmp_path, "id,type,model,status,lostby,date\n1,Tanks,T-72B,Destroyed,Russia,\n")
    assert str(caught.value) == (
        "no column in list called 'lost_by'; did you mean lostby? "
        "The columns are: id, type, model, status, lostby, date"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FEW + '1,Tanks,"T-72,Destroyed,Russia,\n', "list:2: a quote is opened here and never closed"),
        (
            FEW + '\n1,Tanks,"T"72,Destroyed,Russia,\n',
            "list:3: a quote stands within a quoted cell; write it twice there",
        ),
        (FEW + "1,Tanks\n2,Tanks\n", "list: 2 of 2 rows cannot be read; line 3: 2 columns, where the header has 6"),
        (
            '{"losses": [{"id": 1,\n',
            "list: no JSON: Expecting property name enclosed in double quotes: line 2 column 1 (char 22)",
        ),
        ("[" * 100_000, "list: no JSON: nested too deeply"),
        (f"{json.dumps(LOSS)}\n3\n4\n", "list: 2 of 3 rows cannot be read; line 3: no JSON object"),
    ],
)
def test_a_file_that_is_no_such_list(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadData) as caught:
        _read(tmp_path, text)
    assert str(caught.value) == says


def test_a_text_that_no_database_holds_is_refused_for_its_row(tmp_path: Path) -> None:
    bad = json.dumps(LOSS | {"comment": "\ud800"})
    assert _read(tmp_path, f"{json.dumps(LOSS)}\n{bad}\n")[1][1] == Unread(
        "line 2",
        json.dumps(LOSS | {"id": "31", "comment": "\ud800"})[:199] + "…",
        "comment holds half of a surrogate pair (U+D800) at character 1: '\\ud800'",
    )


_WORD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
_ROW = st.tuples(
    st.integers(1, 10**9).map(str),
    _WORD.filter(str.strip),
    _WORD.filter(str.strip),
    st.sampled_from(["Destroyed", "Captured", "Damaged", "Abandoned"]),
    _WORD,
)


@given(st.lists(_ROW, min_size=1), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.permutations(range(6)))
def test_rows_written_as_csv_come_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], quoting: Literal[0, 1], order: list[int]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "list.csv"
    header = ("id", "type", "model", "status", "nearest_location", "lost_by")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=quoting)
        writer.writerow([*(header[at] for at in order), "date"])
        writer.writerows([*((*row, "Russia")[at] for at in order), "2023-01-02"] for row in rows)
    days = {"earliest": "2023-01-02", "latest": "2023-01-02"}
    with opened(str(path)) as found:
        records = list(warspotting.read(found).records)
    assert [record._replace(place="") for record in records] == [
        Item(
            "",
            "Russia",
            category.strip(),
            model.strip(),
            {"status": status.lower()} | days | ({"place": place.strip()} if place.strip() else {}),
            (),
            key,
        )
        for key, category, model, status, place in rows
    ]


@pytest.mark.parametrize(("year", "geo", "tagged"), [("2024", "geolocation", None), ("2026", "geo", "tags")])
def test_the_real_list(data_dir: Path, year: str, geo: str, tagged: str | None) -> None:
    """Every row is a loss, and says what the csv module reads in it."""
    path = data_dir / "warspotting" / f"warspotting-{year}.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with opened(str(path)) as found:
        reading = warspotting.read(found)
        records = list(reading.records)
    assert reading.source == RUSSIA
    assert len(records) == len(rows) > 7000
    for record, row in zip(records, rows, strict=True):
        assert isinstance(record, Item)
        assert (record.key, record.side, record.category, record.type) == (
            row["id"],
            row["lost_by"],
            row["type"],
            row["model"],
        )
        fields = record.fields
        assert (fields["status"], fields["earliest"], fields["latest"]) == (
            row["status"].lower(),
            row["date"],
            row["date"],
        )
        assert (fields.get("place", ""), fields.get("unit", "")) == (row["nearest_location"], row["unit"])
        where = [float(part) for part in row[geo].split(",")] if row[geo] else []
        assert [float(fields[name]) for name in ("latitude", "longitude") if name in fields] == where
        tags = row[tagged].split(", ") if tagged and row[tagged] else []
        assert json.loads(fields.get("tags", "[]")) == tags
        assert record.links == tuple(filter(None, [row.get("oryx_url", "").strip()]))


def test_a_file_tells_what_it_has_a_place_for(tmp_path: Path) -> None:
    """A field that an older table lacks is not cleared by it; nor are links by a column that stands empty."""
    always = {"side", "category", "type", "status", "earliest", "latest"}
    place = {"place", "latitude", "longitude", "unit"}
    stated = {}
    for header in (FEW, OLD, NEW):
        (tmp_path / "list.csv").write_text(header, encoding="utf-8")
        with opened(str(tmp_path / "list.csv")) as found:
            stated[header] = set(warspotting.read(found).fields or ())
    assert stated == {FEW: always, OLD: always | place, NEW: always | place | {"tags", "note"}}
