"""Saved pages of Oryx's lists: what is read from them, and what is said of what cannot be."""

import csv
import gzip
import html
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lossledger.core.phrases import bracket, heading, headline, phrase_of
from lossledger.core.vocabulary import Status, Verification
from lossledger.errors import BadData, LedgerError
from lossledger.feeds.oryx import is_page, read
from lossledger.feeds.records import Figure, Item, Record, Source, Unread

FLAG = '<img alt="" class="thumbborder" src="https://example.org/thumb/Flag_of_the_Soviet_Union.svg/23px-x.svg.png"/>'
ADDRESS = "<link href='https://www.oryxspioenkop.com/2023/05/list-of-made-up-losses.html' rel='canonical'/>"


def records(page: str) -> list[Record]:
    return list(read(page.encode()).records)


def items(page: str) -> list[tuple[str | None, str | None, str, tuple[str, ...]]]:
    """Category, type, phrase and links of every item; fails where anything is unread."""
    found = records(page)
    assert not [record for record in found if isinstance(record, Unread)]
    return [(one.category, one.type, one.fields["phrase"], one.links) for one in found if isinstance(one, Item)]


def unread(page: str) -> list[tuple[str, str]]:
    return [(record.text, record.reason) for record in records(page) if isinstance(record, Unread)]


PAGE = f"""<html><head>{ADDRESS}<title>
List Of Made-Up Losses - Oryx
</title></head><body><h2>Thursday, 24 March 2022</h2><div>(Click on the numbers to get a picture)</div>
<h3><span>Ukraine - </span><span>4, of which: destroyed: 3, captured: 1<br/></span></h3>
<h3>
</h3><h3><span>Naval&nbsp;Ships</span> (4, of which
destroyed: 3, captured: 1)</h3>
<ul><li>{FLAG} 1&nbsp;Made-class frigate 'Example': <a href=" https://e.org/1 ">(1, sunk by Neptune AShM)</a></li>
<li><span>{FLAG}</span>
3 Small boat (Sea Guard):&nbsp;<a href="https://e.org/2">(1 and 2, destroyed)</a>
<a href="https://e.org/3">(3, BG 118, captured)</a></li></ul>
<h2>Archive</h2><ul><li>2023 (12)</li><li><a href="/x">Something Else</a></li></ul></body></html>
"""


def test_a_page_in_its_order() -> None:
    reading = read(PAGE.encode())

    assert reading.source == Source(
        slug="oryx-made-up",
        name="List Of Made-Up Losses",
        publisher="Oryx",
        credit="Losses documented by Oryx (oryxspioenkop.com)",
        url="https://www.oryxspioenkop.com/2023/05/list-of-made-up-losses.html",
        verification=Verification.CONFIRMED,
        verified_by="Oryx",
    )
    ships = "Naval Ships (4, of which destroyed: 3, captured: 1)"
    whole = "Ukraine - 4, of which: destroyed: 3, captured: 1"
    frigate, boat = "Made-class frigate 'Example'", "Small boat (Sea Guard)"
    two = Item(
        "line 9",
        "Ukraine",
        "Naval Ships",
        boat,
        {"status": "destroyed", "phrase": "destroyed"},
        ("https://e.org/2",),
        None,
        "Soviet Union",
    )
    assert list(reading.records) == [
        Figure("line 4", whole, 4, "Ukraine"),
        Figure("line 4", whole, 3, "Ukraine", status=Status.DESTROYED),
        Figure("line 4", whole, 1, "Ukraine", status=Status.CAPTURED),
        Figure("line 6", ships, 4, "Ukraine", ("Naval Ships",)),
        Figure("line 6", ships, 3, "Ukraine", ("Naval Ships",), status=Status.DESTROYED),
        Figure("line 6", ships, 1, "Ukraine", ("Naval Ships",), status=Status.CAPTURED),
        Figure("line 8", f"1 {frigate}", 1, "Ukraine", ("Naval Ships",), frigate),
        Item(
            "line 8",
            "Ukraine",
            "Naval Ships",
            frigate,
            {"status": "destroyed", "cause": "Neptune AShM", "phrase": "sunk by Neptune AShM", "name": "Example"},
            ("https://e.org/1",),
            None,
            "Soviet Union",
        ),
        Figure("line 9", f"3 {boat}", 3, "Ukraine", ("Naval Ships",), boat),
        two._replace(place="line 10"),
        two._replace(place="line 10"),
        Item(
            "line 11",
            "Ukraine",
            "Naval Ships",
            boat,
            {"status": "captured", "name": "BG 118", "phrase": "BG 118, captured"},
            ("https://e.org/3",),
            None,
            "Soviet Union",
        ),
    ]


HEAD = "<h3>Unknown - 9, of which: destroyed: 9</h3><h3>Tanks (9, of which destroyed: 9)</h3>"
ONE = ("Tanks", "T-64A", "destroyed", ("x",))


@pytest.mark.parametrize(
    "line",
    [
        "<li>1 T-64A: <a href='x'>(1, destroyed)</a></li>",
        "<li>1&nbsp;T-64A:&nbsp;<a href='x'>(1,&nbsp;destroyed)</a><br/></li>",
        "<li>1\nT-64A:\n<a href='x'>(1,\ndestroyed)</a></li>",
        "<li>1 T-64A: <b><a href='x'><i>(1, <u>destroyed</u>)</i></a></b></li>",
        "<li><p>1 T-64A:</p> <div><a href='x'>(1, destroyed)</a></div></li>",
        "<li>1 T-64A: <!-- note --> <a href='x'>(1, destr<!-- o -->oyed)</a></li>",
        "<li>1 T-64A: <a href='x'>(1, destroyed</a><a href='x'>)</a></li>",
        "<li>1 T-64A: <a href='x'>(</a><a href='x'>1, destroyed</a><a href='x'>)</a></li>",
        "<li>1 T-64A: (<a href='x'>1, destroyed</a>)</li>",
        "<li>1 T-64A <a href='x'>(1, destroyed)</a></li>",
        "<li><font><span>1 </span>T-64A: <a href='x'>(1, destroyed)</a></font></li>",
        "<p>1 T-64A: <a href='x'>(1, destroyed)</a></p>",
        "<div>Some words<br/>1 T-64A: <a href='x'>(1, destroyed)</a></div>",
        "<details><summary>1 T-64A:</summary><a href='x'>(1, destroyed)</a></details>",
        "<table><tr><td>1 T-64A: <a href='x'>(1, destroyed)</a></td></tr></table>",
        "<p>A word of our own (12), destroyed.</p><li>1 T-64A: <a href='x'>(1, destroyed)</a></li><p>Thanks!</p>",
    ],
)
def test_an_item_however_it_is_marked_up(line: str) -> None:
    assert items(HEAD + line) == [ONE]


def test_several_lines_in_one_element_are_several() -> None:
    both = [("Tanks", "T-64A", "destroyed", ("x",)), ("Tanks", "T-72", "captured", ("y",))]

    assert (
        items(f"{HEAD}<p>1 T-64A: <a href='x'>(1, destroyed)</a><br>1 T-72: <a href='y'>(1, captured)</a></p>") == both
    )
    assert (
        items(f"{HEAD}<li>1 T-64A: <a href='x'>(1, destroyed)</a> {FLAG} 1 T-72: <a href='y'>(1, captured)</a>") == both
    )


def test_sides_and_headings_of_any_level_and_form() -> None:
    line = "<ul><li>1 T-64A: <a href='x'>(1, destroyed)</a></li></ul>"
    page = (
        f"<h2>Russia – 12,001, of which: destroyed: 12,001</h2><h4>Tanks (1, of which destroyd: 1</h4>{line}"
        f"<p><b>Guns (1, of which destroyed: 1)</b></p>{line}<h3>Ships</h3>{line}"
        f"<h2>Unknown - 1</h2><h3>Tanks (1)</h3>{line}<h4>Comments (12)</h4>"
    )

    found = records(page)

    assert [(one.side, one.category) for one in found if isinstance(one, Item)] == [
        ("Russia", "Tanks"),
        ("Russia", "Guns"),
        ("Russia", "Ships"),
        ("Unknown", "Tanks"),
    ]
    assert [(one.side, one.categories, one.quantity) for one in found if isinstance(one, Figure) and not one.type] == [
        ("Russia", (), 12001),
        ("Russia", (), 12001),
        ("Russia", ("Tanks",), 1),
        ("Russia", ("Tanks",), 1),
        ("Russia", ("Guns",), 1),
        ("Russia", ("Guns",), 1),
        ("Unknown", (), 1),
        ("Unknown", ("Tanks",), 1),
    ]


@pytest.mark.parametrize(
    ("subtotal", "covered"),
    [
        (
            "Losses excluding Recon Drones and Trucks",
            ("Tanks", "Infantry Fighting Vehicles", MRAP := "Mine-Resistant (MRAP) Vehicles"),
        ),
        ("Losses of Armoured Combat Vehicles [Tanks, IFVs, and MRAPs]", ("Tanks", "Infantry Fighting Vehicles", MRAP)),
        ("Losses of Trucks", ("Trucks, Vehicles, and Jeeps",)),
    ],
)
def test_a_subtotal_covers_the_headings_it_names(subtotal: str, covered: tuple[str, ...]) -> None:
    page = f"<h3>Russia - 5, of which: destroyed: 5</h3><h3>{subtotal} - 3, of which: destroyed: 3</h3>"
    for name in ("Tanks", "Infantry Fighting Vehicles", MRAP, "Reconnaissance Unmanned Aerial Vehicles"):
        page += f"<h3>{name} (1, of which destroyed: 1)</h3>"
    page += "<h3>Trucks, Vehicles, and Jeeps (1, of which destroyed: 1)</h3>"

    found = [one for one in records(page) if isinstance(one, Figure) and one.wording.startswith("Losses")]

    assert [(one.quantity, one.categories, one.status) for one in found] == [
        (3, covered, None),
        (3, covered, Status.DESTROYED),
    ]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (
            f"{HEAD}<li>2 T-64A:</li><li>1 T-72: <a href='x'>(1, destroyed)</a></li>",
            [("2 T-64A:", "a line without items")],
        ),
        (f"{HEAD}<li>1 T-72: <a href='x'>(1, stripped)</a></li>", [("(1, stripped)", "tells no status")]),
        (
            f"{HEAD}<li>1 T-72: <a href='x'>(1, destroyed)</a> <a href='y'>here</a></li>",
            [("here", "tells no status")],
        ),
        (
            f"{HEAD}<li>1 T-72: <a href='x'>(1, destroyed)</a> as we heard</li>",
            [("as we heard", "neither an item nor a model")],
        ),
        (
            "<li>1 T-72: <a href='x'>(1, destroyed)</a></li>",
            [("(1, destroyed)", "no headline names the side before it")],
        ),
        (f"{HEAD}<li><a href='x'>(1, destroyed)</a></li>", [("(1, destroyed)", "no model stands before it")]),
        (
            f"{HEAD}<p>We saw <a href='x'>(1, destroyed)</a></p><h3>Guns (1, of which destroyed: 1)</h3>",
            [("We saw (1, destroyed)", "items without a count and a model before them")],
        ),
        (
            f"{HEAD}<h3>Guns (3, of which destroyed: 1, raised: 2)</h3>",
            [("raised: 2", "a share whose status cannot be read")],
        ),
        (
            f"<h3>X - 2, of which: destroyed: 2</h3><h3>Losses of Boats - 2, of which: destroyed: 2</h3>{HEAD}",
            [("Losses of Boats - 2, of which: destroyed: 2", "a subtotal of headings that the page lacks")],
        ),
    ],
)
def test_what_cannot_be_read_is_said(page: str, expected: list[tuple[str, str]]) -> None:
    assert unread(page) == expected


@pytest.mark.parametrize(
    ("image", "origin"),
    [
        ('<img src="https://e.org/23px-Flag_of_the_Soviet_Union.svg.png">', "Soviet Union"),
        ('<img src="Flag_of_Yugoslavia_%281946-1992%29.svg">', "Yugoslavia"),
        ('<img class="thumbborder" src="x.png" alt="Flag of Poland">', "Poland"),
        ('<span><img src="Flag_of_Italy.svg"></span><img src="Flag_of_Norway.svg">', "Italy, Norway"),
        ('<img src="photo.png" alt="A tank">', None),
        ("", None),
    ],
)
def test_the_origin_is_told_by_the_flag(image: str, origin: str | None) -> None:
    found = records(f"{HEAD}<li>{image} 1 T-72: <a href='x'>(1, destroyed)</a></li>")
    assert [one.origin for one in found if isinstance(one, Item)] == [origin]


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ("\ufeff" + HEAD.replace("Unknown", "Ü") + "<li>1 T: (1, destroyed)", "Ü"),
        (f"<meta charset='windows-1252'>{HEAD.replace('Unknown', 'Ü')}<li>1 T: (1, destroyed)".encode("cp1252"), "Ü"),
        (f"<meta charset=iso-8859-1>{HEAD.replace('Unknown', '“Ü”')}<li>1 T: (1, destroyed)".encode("cp1252"), "“Ü”"),
        (f"{HEAD.replace('Unknown', 'Ü')}<li>1 T: (1, destroyed)".encode("utf-16"), "Ü"),
        (f"<meta charset=nonsense>{HEAD.replace('Unknown', 'Ü')}<li>1 T: (1, destroyed)", "Ü"),
    ],
)
def test_the_encoding_is_the_one_a_browser_takes(data: str | bytes, names: str) -> None:
    found = read(data.encode() if isinstance(data, str) else data).records
    assert {one.side for one in found if isinstance(one, Item)} == {names}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the page is empty"),
        (b"<html><p>Hello</p></html>", "the page is no Oryx list: it has no headline, heading or line of a model"),
        (HEAD.encode() + b"\xff", f"the page is not UTF-8 text: byte {len(HEAD) + 1} cannot be read"),
        (HEAD.encode() + b"\0", "the page is not text: it has NUL bytes (if it is UTF-16, save it as UTF-8)"),
        (HEAD.encode("utf-16-le"), "the page is not text: it has NUL bytes (if it is UTF-16, save it as UTF-8)"),
        (b"<div>" * 100_000 + HEAD.encode(), "the page's elements are nested too deeply for any list"),
        (b"<p>" + b"x" * 200_000_000, "the page has 190 MB, and no list has more than 32"),
    ],
    ids=["empty", "no list", "not UTF-8", "NUL", "UTF-16 unmarked", "deep", "200 MB"],
)
def test_what_is_no_list_is_refused_in_a_line(data: bytes, message: str) -> None:
    with pytest.raises(BadData) as refused:
        read(data)
    assert str(refused.value) == message


def test_a_line_beyond_65535_keeps_its_number() -> None:
    page = f"{HEAD}" + "\n" * 70_000 + "<ul><li>1 T: <a href='x'>(1, destroyed)</a></li></ul>"
    assert [one.place for one in records(page) if isinstance(one, Item)] == ["line 70001"]


def test_a_very_long_word_is_said_to_be_none() -> None:
    assert unread(f"{HEAD}<li>1 T: <a href='x'>(1, destroyed)</a>{'(' * 3_000_000}</li>") == [
        ("(" * 199 + "…", "neither an item nor a model")
    ]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<!DOCTYPE html>", True),
        (b"\xef\xbb\xbf \n<html>", True),
        ("<html>".encode("utf-16"), True),
        (b"<h3>", True),
        (b"a,b\n", False),
        (b'{"a": 1}', False),
        (b"", False),
    ],
)
def test_what_looks_like_a_page(head: bytes, expected: bool) -> None:
    assert is_page(head) is expected


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(LedgerError) as refused:
        read(PAGE.encode())
    assert str(refused.value) == "reading Oryx pages needs one more package: pip install 'lossledger[oryx]'"


MODELS = st.sampled_from(
    ["T-72M/M1(R)", "S-300PMU(-1)", "5P85D/S (launcher (S-300PS))", "BMP-1/2", "152mm 2A65 'Msta-B'"]
)
LOSSES = st.tuples(
    st.integers(1, 700),
    st.integers(1, 4),
    st.sampled_from([Status.DESTROYED, Status.DAMAGED, Status.ABANDONED, Status.CAPTURED]),
    st.fixed_dictionaries({}, optional={"fittings": st.just("ZU-23 AA gun"), "cause": st.just("Bayraktar TB2")}),
)
NOISE = st.sampled_from(["", " ", "&nbsp;", "\n", "<br>", " &nbsp; ", "<!-- n -->"])
WRAP = st.sampled_from(["{}", "<b>{}</b>", "<span style='x'>{}</span>", "<i><font>{}</font></i>"])


@given(st.data())
def test_a_printed_list_is_read_back(data: st.DataObject) -> None:
    """A random list, printed in the notation and marked up at random, gives the same items."""
    lines = data.draw(st.lists(st.tuples(MODELS, st.lists(LOSSES, min_size=1, max_size=5)), min_size=1, max_size=4))
    draw = data.draw
    page, expected = [headline("Unknown", {"destroyed": 1}), heading("Guns (Towed)", {"destroyed": 1})], []
    page = [f"<h3>{draw(WRAP).format(html.escape(text))}{draw(NOISE)}</h3>" for text in page]
    for number, (model, losses) in enumerate(lines):
        links = []
        for at, (first, many, status, about) in enumerate(losses):
            phrase, link = phrase_of(status, about), f"https://e.org/{number}/{at}?a=1&b=2"
            text = html.escape(bracket(range(first, first + many), phrase))
            text = text.replace(" ", draw(st.sampled_from([" ", "&nbsp;", "\n", " &nbsp;"])))
            links.append(draw(WRAP).format(f'<a href="{html.escape(link)}">{draw(WRAP).format(text)}</a>'))
            expected += [("Guns (Towed)", model, phrase, (link,))] * many
        gaps = [gap + link for gap, link in zip((draw(NOISE) for _ in links), links, strict=True)]
        page.append(
            f"<ul><li>{FLAG}{draw(NOISE)}7 {html.escape(model)}: {''.join(gaps)}{draw(NOISE)}</li></ul>{draw(NOISE)}"
        )

    assert items("".join(page)) == expected


def page_of(data_dir: Path, name: str) -> bytes:
    return gzip.decompress((data_dir / "oryx" / f"{name}.html.gz").read_bytes())


@pytest.mark.parametrize("name", ["naval", "ukraine"])
def test_real_pages_are_read_whole(data_dir: Path, name: str) -> None:
    """Every category of every side by status is what two readers counted, and nothing is left unread."""
    with (data_dir / "oryx" / "expected.csv").open(encoding="utf-8") as file:
        expected = {
            (row["side"], row["category"]): [
                int(row[status]) for status in ("destroyed", "damaged", "abandoned", "captured")
            ]
            for row in csv.DictReader(file)
            if row["page"] == name
        }

    found = list(read(page_of(data_dir, name)).records)

    counted = Counter((one.side, one.category, one.fields["status"]) for one in found if isinstance(one, Item))
    cells = {
        (side, category): [
            counted[side, category, status] for status in ("destroyed", "damaged", "abandoned", "captured")
        ]
        for side, category, _ in counted
    }
    assert cells == expected
    assert [one for one in found if isinstance(one, Unread)] == []


def test_the_headline_of_a_real_page(data_dir: Path) -> None:
    found = list(read(page_of(data_dir, "ukraine")).records)

    stated = {one.status: one.quantity for one in found if isinstance(one, Figure) and not one.categories}
    items = Counter(Status(one.fields["status"]) for one in found if isinstance(one, Item))
    assert stated.pop(None) == items.total()
    assert stated == items
    assert (items.total(), *(items[status] for status in list(Status)[:4])) == (3204, 2067, 184, 88, 865)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_mangled_lines_of_a_real_page_lose_nothing_unsaid(data_dir: Path, data: st.DataObject) -> None:
    """Whatever slip is made in a line, every link in it is still an item's, or said to be unread."""
    lines = re.findall(r"<li>.*?</li>", page_of(data_dir, "ukraine").decode(), re.DOTALL)
    line = data.draw(st.sampled_from([line for line in lines if "destroyed)</a>" in line]))
    texts = [found.span(1) for found in re.finditer(r">([^<>]*)</a>", line)]
    start, end = data.draw(st.sampled_from(texts))
    at = data.draw(st.integers(start, max(start, end - 2)))
    mangled = data.draw(
        st.sampled_from(
            [
                line[:at] + line[at + 1 :],
                line[:at] + line[at] + line[at:],
                line[:at] + line[at + 1] + line[at] + line[at + 2 :],
            ]
        )
    )

    found = records(f"{HEAD}<ul>{mangled}</ul>")

    items = [one for one in found if isinstance(one, Item)]
    unread = [one for one in found if isinstance(one, Unread)]
    links = set(re.findall(r'href="([^"]*)"', line))
    missing = {html.unescape(link).strip() for link in links} - {link for one in items for link in one.links}
    assert len(missing) <= len(unread)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<html><h3>Red - 1</h3>", "the page ends before its </html>: it was cut off; save it again"),
        ("<html></html><HTML ></html>", "there is another page after the end of the first; import them one by one"),
        ("<html><!-- </html>", "the page has a comment that never ends, which would hide the rest of it"),
    ],
)
def test_a_part_of_a_page_is_none(page: str, message: str) -> None:
    with pytest.raises(BadData) as refused:
        read(page.encode())
    assert str(refused.value) == message
