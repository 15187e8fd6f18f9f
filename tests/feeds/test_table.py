"""Any table of losses by a map of its columns, and data packages."""

import csv
import json
import tracemalloc
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.core.vocabulary import Verification
from lossledger.errors import BadData, LedgerError, Refused, UnknownName
from lossledger.feeds import package, table
from lossledger.feeds.mapping import ColumnMap, load_map, parse_map
from lossledger.feeds.opening import opened
from lossledger.feeds.records import Item, Record, Source, Unread
from lossledger.resources import folder


def _read(place: Path, text: str, columns: ColumnMap | None = None, name: str = "Our list.csv") -> list[Record]:
    path = place / name
    path.write_text(text, encoding="utf-8", newline="")
    with opened(str(path)) as found:
        return list(table.read(found, columns).records)


def _map(folder: Path, text: str) -> ColumnMap:
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return load_map(path)


FULL = {
    "id": "17",
    "Side": "Armenia",
    "category": "Naval Ships",
    "type": "Project 1204",
    "origin": "Soviet Union",
    "quantity": "1",
    "status": "Damaged and captured",
    "cause": "drone",
    "captor": "Azerbaijan",
    "name": "No. 5",
    "fittings": "a crane",
    "circumstance": "at anchor",
    "date": "~2020-10-05..2020-10",
    "reported": "2020-11-02 00:00:00",
    "place": "Shushi, east",
    "coordinates": "39.7500, -0.0",
    "unit": "2nd Corps",
    "tags": "Z,, on fire,",
    "note": 'said "so"\nand so',
    "source": "https://t.me/a/1 https://t.me/a/2, https://t.me/a/1",
    "their own": "left out",
}

ITEM = Item(
    "line 2",
    "Armenia",
    "Naval Ships",
    "Project 1204",
    {
        "quantity": "1",
        "counts": "item",
        "status": "captured",
        "phrase": "Damaged and captured",
        "earliest": "2020-10-05",
        "latest": "2020-10-31",
        "inferred": "yes",
        "reported": "2020-11-02",
        "latitude": "39.75",
        "longitude": "0",
        "tags": '["Z", "on fire"]',
        "cause": "drone",
        "captor": "Azerbaijan",
        "name": "No. 5",
        "fittings": "a crane",
        "circumstance": "at anchor",
        "place": "Shushi, east",
        "unit": "2nd Corps",
        "note": 'said "so"\nand so',
    },
    ("https://t.me/a/1", "https://t.me/a/2"),
    "17",
    "Soviet Union",
)


def _delimited(rows: list[dict[str, str]], delimiter: str) -> str:
    def cell(text: str) -> str:
        return '"{}"'.format(text.replace('"', '""'))

    return "".join(
        delimiter.join(map(cell, row)) + "\r\n" for row in [list(rows[0]), *(list(row.values()) for row in rows)]
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("before", ["", "\ufeff", "\r\n"])
def test_columns_with_the_fields_own_names_need_no_map(tmp_path: Path, delimiter: str, before: str) -> None:
    place = "line 3" if before == "\r\n" else "line 2"
    assert _read(tmp_path, before + _delimited([FULL], delimiter)) == [ITEM._replace(place=place)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (json.dumps(FULL), ["line 1"]),
        (json.dumps([FULL, FULL], indent=1), ["item 1", "item 2"]),
        (
            json.dumps(
                FULL | {"quantity": 1, "tags": ["Z", "on fire"], "source": ["https://t.me/a/1", "https://t.me/a/2"]}
            ),
            ["line 1"],
        ),
        (f'{{"Side": "x", "type": "y", "status": ""}}\r\n\r\n{json.dumps(FULL)}\r\n', ["line 1", "line 3"]),
    ],
    ids=["object a line", "list", "with lists", "keys that come late"],
)
def test_json_is_read_as_a_table(tmp_path: Path, text: str, places: list[str]) -> None:
    records = _read(tmp_path, text)
    assert [record.place for record in records] == places
    assert records[-1] == ITEM._replace(place=places[-1])


def test_a_map_names_the_columns(tmp_path: Path) -> None:
    columns = parse_map("side = Country, type=system,source=url,number=item, latitude=lat,longitude=Long")
    text = (
        "Country,system,url,item,lat,long,country\n"
        "Armenia,T-72B,https://a.org/1.jpg,2,+39.50,0.0,not read\n"
        "Armenia,T-72A,,,,,\n"
    )
    assert _read(tmp_path, text, columns) == [
        Item(
            "line 2",
            "Armenia",
            None,
            "T-72B",
            {"latitude": "39.5", "longitude": "0"},
            ("https://a.org/1.jpg",),
            "https://a.org/1.jpg 2",
        ),
        Item("line 3", "Armenia", None, "T-72A", {}),
    ]


MAP = """
[columns]
type = "what"
status = "fate"
date = "when"
quantity = "how many"

[values.status]
"Kaputt" = "destroyed"
"?" = ""

[values.type]
"tank 72" = "T-72"

[defaults]
side = "Armenia"
category = "Tanks"
date = "2020-10"

[feed]
name = "Die Liste"
publisher = "Ein Verlag"
licence = "CC0"
credit = "Ein Verlag, 2020"
url = "https://example.org/liste"
verification = "confirmed"
verified_by = "Ein Verlag"
"""


def test_a_map_in_a_file_gives_meanings_defaults_and_the_feed(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("what,fate,when,how many\nTank 72,kaputt,2020-10-03T10:00:00Z,12\nT-90,?,,\n", encoding="utf-8")
    with opened(str(path)) as found:
        reading = table.read(found, _map(tmp_path, MAP))
        assert set(reading.fields or ()) == {
            *("side", "category", "type", "status", "phrase", "earliest", "latest", "inferred", "quantity", "counts")
        }
        assert reading.source == Source(
            slug="die-liste",
            name="Die Liste",
            publisher="Ein Verlag",
            licence="CC0",
            credit="Ein Verlag, 2020",
            url="https://example.org/liste",
            verification=Verification.CONFIRMED,
            verified_by="Ein Verlag",
        )
        assert list(reading.records) == [
            Item(
                "line 2",
                "Armenia",
                "Tanks",
                "T-72",
                {
                    "status": "destroyed",
                    "earliest": "2020-10-03",
                    "latest": "2020-10-03",
                    "quantity": "12",
                    "counts": "aggregate",
                },
            ),
            Item(
                "line 3",
                "Armenia",
                "Tanks",
                "T-90",
                {"earliest": "2020-10-01", "latest": "2020-10-31"},
            ),
        ]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Our list.csv", Source("our-list", "Our list")),
        ("losses.csv.gz", Source("losses", "losses")),
        ("Список", Source("table", "Список")),
    ],
)
def test_a_table_that_says_nothing_of_itself_is_called_after_its_file(
    tmp_path: Path, name: str, source: Source
) -> None:
    (tmp_path / name).write_text("side,type\n", encoding="utf-8")
    with opened(str(tmp_path / name)) as found:
        assert table.read(found).source == source


@pytest.mark.parametrize(
    ("status", "phrase", "fields"),
    [
        ("destroyed", "", {"status": "destroyed"}),
        ("LOST", "", {"status": "lost"}),
        ("damagd", "", {"status": "damaged", "phrase": "damagd"}),
        ("", "captured and later sunk", {"status": "destroyed", "phrase": "captured and later sunk"}),
        ("", "stripped", {"phrase": "stripped"}),
        ("Damaged and abandoned", "left behind", {"status": "abandoned", "phrase": "left behind"}),
    ],
)
def test_what_became_of_it(tmp_path: Path, status: str, phrase: str, fields: dict[str, str]) -> None:
    assert _read(tmp_path, f"side,type,status,phrase\nArmenia,T-72,{status},{phrase}\n") == [
        Item("line 2", "Armenia", None, "T-72", fields)
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"side": ""}, "it has no side"),
        ({"type": ""}, "it has neither a type nor a category"),
        ({"status": "gone"}, "status 'gone' is none of destroyed, damaged, abandoned, captured, lost"),
        ({"quantity": "0"}, "quantity '0' is no whole number from 1"),
        ({"quantity": "1.5"}, "quantity '1.5' is no whole number from 1"),
        ({"quantity": "-3"}, "quantity '-3' is no whole number from 1"),
        ({"latitude": "39"}, "it has only one of latitude and longitude"),
        ({"latitude": "39", "longitude": "181"}, "longitude 181 is not between -180 and 180"),
        ({"source": "see the paper"}, "source 'see the paper' is no http or https link"),
        ({"reported": "2020"}, "'2020' is no day that can be read; write 2020-10-08"),
        ({"note": "n" * 20_001}, f"note is too long: 20,001 characters, at most 20,000: '{'n' * 59}…'"),
        ({"type": "t" * 501}, f"type is too long: 501 characters, at most 500: '{'t' * 59}…'"),
    ],
    ids=str,
)
def test_a_row_that_tells_no_loss(tmp_path: Path, cells: dict[str, str], reason: str) -> None:
    given = dict.fromkeys(("latitude", "longitude", "quantity", "status", "source", "reported", "note"), "")
    good = {"side": "Armenia", "type": "T-72"} | given
    records = _read(tmp_path, _delimited([good, good | cells, good], ","))
    assert [type(record) for record in records] == [Item, Unread, Item]
    assert (records[1].place, records[1].reason) == ("line 3", reason)  # type: ignore[union-attr]


def test_rows_of_another_length_are_not_read_and_the_others_are(tmp_path: Path) -> None:
    text = 'side,type,note\nArmenia,T-72,"two\nlines"\nArmenia,T-72\n\nArmenia,T-72,a,b\nArmenia,T-72,\nArmenia,T-72,\n'
    assert [(type(one), one.place, getattr(one, "reason", "")) for one in _read(tmp_path, text)] == [
        (Item, "line 2", ""),
        (Unread, "line 4", "2 columns, where the header has 3"),
        (Unread, "line 6", "4 columns, where the header has 3"),
        (Item, "line 7", ""),
        (Item, "line 8", ""),
    ]


@pytest.mark.parametrize(
    ("text", "columns", "error", "says"),
    [
        (
            "country,system\n",
            None,
            Refused,
            "Our list.csv: which columns are the side, and the type or the category? Give a map: side=country,",
        ),
        ("country,system\n", "side=country,place=x", Refused, "Our list.csv: which columns are the side, and the type"),
        (
            "country,system\n",
            "side=contry,type=system",
            UnknownName,
            "no column in Our list.csv called 'contry'; did you mean country? The columns are: country, system",
        ),
        ("a,a,b\n", "side=a,type=b", Refused, "Our list.csv: 2 columns are called 'a'; rename one"),
        ('side,type\nx,y\nx,"y\nx,y\n', None, BadData, "Our list.csv:3: a quote is opened here and never closed"),
        ('side,type\nx,y\nx,"y" z\n', None, BadData, "Our list.csv:3: a quote stands within a quoted cell"),
        (
            'side,type\nx,"' + "y\n" * 70_000,
            None,
            BadData,
            "Our list.csv:2: a cell is longer than 131,072 characters; a quote before it may never be closed",
        ),
        (
            "side,type\n" + "x\n" * 2000,
            None,
            BadData,
            "Our list.csv: 1,000 of 1,000 rows cannot be read; line 1001: 1 columns, where the header has 2",
        ),
        (
            '{"side": "x", "type": "y"}\n{"side"\n{"type"\n',
            None,
            BadData,
            "Our list.csv: 2 of 3 rows cannot be read; line 3: no JSON: ",
        ),
    ],
    ids=str,
)
def test_a_table_that_cannot_be_read(
    tmp_path: Path, text: str, columns: str | None, error: type[LedgerError], says: str
) -> None:
    with pytest.raises(error) as caught:
        _read(tmp_path, text, parse_map(columns) if columns else None)
    assert str(caught.value).startswith(says)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("side=a,typ=b", "no field 'typ'; did you mean type? A map's fields are: id, side, "),
        ("side", "'side' in the map is no field=column; write side=country,type=system"),
        ("", "'' in the map is no field=column"),
        ("side=a,side=b", "the map gives side twice"),
    ],
)
def test_a_map_that_cannot_be(text: str, says: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_map(text)
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[columns]\nsidde = 'a'", "no field 'sidde'; did you mean side?"),
        ("[colums]\nside = 'a'", "no section 'colums'; did you mean columns?"),
        ("[columns]\nside = 1", '{path}: side in [columns] is no text; write side = "..."'),
        ("columns = 3", "{path}: columns is no table of TOML; write [columns]"),
        ("[values]\nstatus = 'x'", "{path}: status is no table of TOML; write [status]"),
        ("[values.fate]\na = 'x'", "no field 'fate'"),
        ("[feed]\nlicense = 'x'", "no key of [feed] 'license'; did you mean licence?"),
        ("[feed]\nverification = 'sure'", "{path}: verification 'sure' in [feed] is none of confirmed, claimed"),
        ("[feed]\nurl = 'javascript:1'", "{path}: url in [feed] is no http or https link: 'javascript:1'"),
        ("side = ", "{path}: Invalid value (at end of document)"),
    ],
)
def test_a_map_file_that_cannot_be(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(LedgerError) as caught:
        _map(tmp_path, text)
    assert str(caught.value).startswith(says.format(path=tmp_path / "map.toml"))


def test_a_map_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"map.toml: cannot be read: No such file or directory"):
        load_map(tmp_path / "map.toml")


_WORD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
_NAMED = _WORD.filter(str.strip)


@given(
    st.lists(st.tuples(_NAMED, _NAMED, _WORD, _WORD), min_size=1),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.permutations(range(4)),
)
def test_rows_written_as_csv_come_back_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, ...]],
    delimiter: str,
    quoting: Literal[0, 1],
    order: list[int],
) -> None:
    path = tmp_path_factory.mktemp("rows") / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=quoting)
        writer.writerows([row[at] for at in order] for row in [("side", "type", "place", "note"), *rows])
    with opened(str(path)) as found:
        records = list(table.read(found).records)
    assert [record._replace(place="") for record in records] == [
        Item(
            "",
            side.strip(),
            None,
            kind.strip(),
            {name: text.strip() for name, text in (("place", place), ("note", note)) if text.strip()},
        )
        for side, kind, place, note in rows
    ]


@given(st.lists(st.tuples(_NAMED, _NAMED, _WORD), min_size=1))
def test_rows_written_as_json_come_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "list.ndjson"
    lines = [json.dumps(dict(zip(("side", "type", "note"), row, strict=True))) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    with opened(str(path)) as found:
        records = list(table.read(found).records)
    assert [(one.side, one.type, one.fields.get("note", "")) for one in records if isinstance(one, Item)] == [
        tuple(text.strip() for text in row) for row in rows
    ]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("side,type,date,note\n", "Armenia,T-72,2020-10-05,{}\n"),
        ("", '{{"side": "Armenia", "type": "T-72", "date": "2020-10-05", "note": "{}"}}\n'),
    ],
    ids=["csv", "ndjson"],
)
def test_memory_does_not_grow_with_the_file(tmp_path: Path, header: str, row: str) -> None:
    path = tmp_path / "list"
    path.write_text(header + "".join(row.format(str(number) * 20) for number in range(30_000)), encoding="utf-8")
    with opened(str(path)) as found:
        tracemalloc.start()
        try:
            read = sum(isinstance(one, Item) for one in table.read(found).records)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert read == 30_000
    assert most < found.size / 6


# Data packages

PACKAGE = {
    "datapackage.json": '{"name": "our-package", "title": "Our package", "resources": []}',
    "feeds.csv": "slug,name,publisher,licence,verification,verified_by\nour,Our feed,We,CC0,confirmed,We\n",
    "sides.csv": "slug,conflict,name\nwar/armenia,war,Armenia\n",
    "categories.csv": "slug,name\ntanks,Tanks\n",
    "types.csv": "slug,name,origin,category\nt-72b,T-72B,Soviet Union,tanks\n",
    "sources.csv": "uid,url,title\ns1,https://a.org/1,\ns2,https://a.org/2,\ns3,,A paper\n",
    "evidence.csv": (
        "uid,loss,source,relation\ne1,l1,s1,reports\ne2,l1,s3,reports\ne3,l1,s2,disputes\ne4,l2,s2,confirms\n"
    ),
    "losses.csv": (
        "uid,feed_key,side,type,category,quantity,counts,status,latest,tags,verification,merged_into,withdrawn\n"
        "l1,k,war/armenia,t-72b,tanks,1,item,destroyed,2020-10-01,Z|burnt out,claimed,,\n"
        "l2,,war/artsakh,,tanks,63,aggregate,lost,,,,,\n"
        "l3,,war/armenia,t-72b,tanks,1,item,destroyed,,,,l1,\n"
        "l4,,war/armenia,t-72b,tanks,1,item,destroyed,,,,,yes\n"
        "l5,,war/armenia,t-72b,tanks,1,item,destroyed,,,,,\n"
        "l6,,war/armenia,t-72b,tanks,1,item,gone,,,,,\n"
        "l7,,war/armenia,,,1,item,lost,,,,,\n"
        "l8,,war/armenia,,tanks,2,item,lost,2020-02-30,,,,\n"
        ",,war/armenia,,tanks,2,item,lost,,,,,\n"
        f"l10,,{'a' * 501},,tanks,2,item,lost,,,,,\n" + "l9,,war/armenia,,tanks,1,item,lost,,,,,\n" * 8
    ),
    "merges.csv": "loss,into,reason\nl5,l1,the same\n",
}


def _package(folder: Path, **changed: str | None) -> str:
    for name, text in (PACKAGE | {f"{name}.csv": text for name, text in changed.items()}).items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def test_a_data_package(tmp_path: Path) -> None:
    with opened(_package(tmp_path)) as found:
        reading = package.read(found)
        records = list(reading.records)
    assert reading.source == Source(
        "our", "Our feed", "We", "CC0", verification=Verification.CONFIRMED, verified_by="We"
    )
    assert set(reading.fields or ()) == {
        *("side", "category", "type", "quantity", "counts", "status", "latest", "tags", "verification", "links"),
    }
    assert records[:2] == [
        Item(
            "line 2",
            "Armenia",
            "Tanks",
            "T-72B",
            {
                "quantity": "1",
                "counts": "item",
                "status": "destroyed",
                "latest": "2020-10-01",
                "tags": '["Z", "burnt out"]',
                "verification": "claimed",
            },
            ("https://a.org/1",),
            "l1",
            "Soviet Union",
        ),
        Item(
            "line 3",
            "war/artsakh",
            "Tanks",
            None,
            {"quantity": "63", "counts": "aggregate", "status": "lost"},
            ("https://a.org/2",),
            "l2",
        ),
    ]
    assert [(one.place, one.reason) for one in records if isinstance(one, Unread)] == [
        ("line 4", "it is merged into l1 there"),
        ("line 5", "it is withdrawn there"),
        ("line 6", "it is merged into l1 there"),
        ("line 7", "status 'gone' is not one of: destroyed, damaged, abandoned, captured, lost"),
        ("line 8", "it has neither a type nor a category"),
        ("line 9", "latest '2020-02-30' is not a day"),
        ("line 10", "it lacks its uid, its side or its status"),
        ("line 11", f"side is too long: 501 characters, at most 500: '{'a' * 59}…'"),
    ]


def test_a_package_with_losses_alone(tmp_path: Path) -> None:
    losses = "uid,side,type,status\nl1,Armenia,T-72B,lost\n"
    only = dict.fromkeys(("feeds", "sides", "categories", "types", "sources", "evidence", "merges"))
    with opened(_package(tmp_path, losses=losses, **only)) as found:
        reading = package.read(found)
        assert reading.source == Source("our-package", "Our package")
        assert list(reading.records) == [Item("line 2", "Armenia", None, "T-72B", {"status": "lost"}, (), "l1")]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"losses": None}, "{folder}: a data package without losses.csv; there is nothing to import"),
        ({"losses": "uid,side,status,fate\n"}, "{folder}/losses.csv: a loss has no field 'fate'"),
        ({"losses": "uid,side\n"}, "no column in losses.csv called 'status'"),
        ({"sides": "slug,name\n,Armenia\n"}, "{folder}/sides.csv: line 2: slug is empty"),
        ({"sides": "slug,name\nArmenia\n"}, "{folder}/sides.csv: line 2: 1 columns, where the header has 2"),
        ({"feeds": "slug,verification\na,sure\n"}, "{folder}/feeds.csv: verification 'sure' is none of confirmed, "),
    ],
)
def test_a_package_that_cannot_be_read(tmp_path: Path, changed: dict[str, str | None], says: str) -> None:
    with opened(_package(tmp_path, **changed)) as found, pytest.raises(LedgerError) as caught:
        list(package.read(found).records)
    assert str(caught.value).startswith(says.format(folder=tmp_path))


def test_a_pack_of_the_program_is_a_package() -> None:
    with opened(str(folder("seeds") / "nagorno-karabakh-2020")) as found:
        reading = package.read(found)
        items = [record for record in reading.records if isinstance(record, Item)]
    assert reading.source.slug == "nagorno-karabakh-2020"
    assert sum(int(item.fields["quantity"]) for item in items if item.fields["verification"] == "confirmed") == 146
