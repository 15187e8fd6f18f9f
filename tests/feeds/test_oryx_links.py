"""Lines and links that are taken out of a page before it is parsed: they read as they would in the page's tree."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.errors import BadData
from lossledger.feeds.oryx import read
from lossledger.feeds.oryx_links import TAKEN
from lossledger.feeds.records import Item, Record, Unread

HEAD = "<h3>Unknown - 9, of which: destroyed: 9</h3><h3>Tanks (9, of which destroyed: 9)</h3>"
FLAG = '<img alt="" class="thumbborder" src="https://example.org/Flag_of_Poland.svg" />'
LINK = '<a href="https://e.org/1">(1, destroyed)</a>'
LINE = f"<li>{FLAG} 1 T-64A: {LINK}</li>"


def records(page: str) -> list[Record]:
    """The page's records; of what is unread, spaces between brackets may be missing: none are compared."""
    found = read(page.encode()).records
    return [one._replace(text=one.text.replace(" ", "")[:100]) if isinstance(one, Unread) else one for one in found]


def in_the_tree(page: str) -> list[Record]:
    """The records where nothing is taken out: a page that has the mark of a stub itself is parsed as it stands."""
    return records(f"{page}<!-- {TAKEN} -->")


BEGINNINGS = st.sampled_from(
    [
        f"<li>{FLAG} 3 T-64A:&nbsp;",
        "<li>3 T-72M/M1(R): ",
        '<li><img src="Flag_of_Italy.svg"/> <img src="Flag_of_Norway.svg">\n3 Small boat:\n',
        f"<li>{FLAG} 1 Made-class frigate 'Example': ",
        "<li><b>3 T&amp;64</b> ",
        "<li>",
        "<p>3 T-64A: ",
        '<li class="x">3 T-64A: ',
        "<li>3 T-64A (1, damaged): ",
        "<a href='z'><li>3 T-64A: ",
    ]
)
PIECES = st.sampled_from(
    [
        LINK,
        '<a href="https://e.org/2?a=1&amp;b=2">(2 and 3, with ZU-23 AA gun, captured)</a>',
        '<a href="https://e.org/3?a=1&b=2" target="_blank">(4,&nbsp;destroyed)</a>',
        '<a href="https://e.org/4?a&copy">(5, sunk)</a>',
        '<a href="https://e.org/ü">(5, sunk)</a>',
        '<a class="x" href="https://e.org/5">(6, damaged)</a>',
        '<a href="https://e.org/6" title="a > b">(7, damaged)</a>',
        '<a href="">(7, damaged)</a>',
        '<a href="https://e.org/7">(8,\ndestroyed)</a>',
        '<a href="https://e.org/8">(9, destroyed</a><a href="https://e.org/8">)</a>',
        '<a href="https://e.org/9">(10, stripped)</a>',
        '<a href="https://e.org/10">(11, "Example", damaged &amp; captured)</a>',
        '<a HREF="https://e.org/11"><b>(12, destroyed)</b></a>',
        "(13, destroyed)",
        "<br>",
        FLAG,
    ]
)
GAPS = st.sampled_from(["", " ", "&nbsp;", "\n", " &#160; ", " as we heard ", "<br />", "; "])
ENDS = st.sampled_from(["</li>", "<br /></li>", " and more</li>", "</p>", "", "</a></li>", "<p></p></li>"])
HIDDEN = st.sampled_from(
    [
        "{}",
        "{}",
        "{}",
        "<!-- {} -->",
        "<script>{}</script>",
        "<textarea>{}</textarea>",
        "<template>{}</template>",
        "<div title='{}'>",
        "<div {}",
        "<![CDATA[ {}",
        "</x {}",
        "<details><summary>{}</details>",
    ]
)
LINES = st.tuples(HIDDEN, BEGINNINGS, st.lists(st.tuples(PIECES, GAPS), max_size=5), ENDS).map(
    lambda drawn: drawn[0].format(drawn[1] + "".join(map("".join, drawn[2])) + drawn[3])
)


@given(st.lists(LINES, min_size=1, max_size=4))
def test_a_line_reads_the_same_taken_out_or_parsed(lines: list[str]) -> None:
    page = HEAD + "\n".join(lines) + "\n" + LINE
    assert records(page) == in_the_tree(page)


def test_a_line_in_its_usual_form() -> None:
    page = f"{HEAD}\n<ul>\n{LINE}\n</ul>"

    assert [record for record in records(page) if isinstance(record, Item)] == [
        Item(
            "line 3",
            "Unknown",
            "Tanks",
            "T-64A",
            {"status": "destroyed", "phrase": "destroyed"},
            ("https://e.org/1",),
            None,
            "Poland",
        )
    ]


@pytest.mark.parametrize("hidden", ["<!-- {} -->", "<script>'{}'</script>", "<template>{}</template>"])
def test_what_a_browser_hides_is_no_line(hidden: str) -> None:
    shown = LINE.replace("e.org/1", "e.org/2")

    found = records(HEAD + hidden.format(LINE) + shown)

    assert [one.links for one in found if isinstance(one, Item)] == [("https://e.org/2",)]


@pytest.mark.parametrize("broken", ["<div class='x' ", "<![CDATA[ ", "</x "])
def test_a_line_after_a_broken_tag_is_not_lost(broken: str) -> None:
    found = records(f"{HEAD}<ul>{LINE}{broken}<li>1 T-72: {LINK}</li>")
    assert sum(isinstance(one, Item | Unread) for one in found) == 2


def test_a_line_beyond_65535_keeps_its_number() -> None:
    page = f"{HEAD}{LINE}" + "\n" * 70_000 + LINE
    assert [one.place for one in records(page) if isinstance(one, Item)] == ["line 1", "line 70001"]


def test_a_page_of_too_many_tags_is_refused() -> None:
    with pytest.raises(BadData) as refused:
        records(HEAD + "<p>" * 5_000_000)
    assert str(refused.value) == "the page has 5,000,004 tags, and no list has more than 500,000"


@pytest.mark.parametrize("name", ["naval", "ukraine"])
def test_real_pages_read_the_same(data_dir: Path, name: str) -> None:
    page = gzip.decompress((data_dir / "oryx" / f"{name}.html.gz").read_bytes()).decode()
    assert records(page) == in_the_tree(page)
