"""Rows written for other programs: whole files, and what comes back out of them."""

import csv
import html
import io
import json
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lossledger.exports.rows import FORMATS, Cell

HEADER = ("side", "lost", "share", "latitude", "known")
ROWS: list[tuple[Cell, ...]] = [
    ("Armenia", 63, 0.75, "-77.03", True),
    ('"A", | B\n<C>', -1, None, "=1+1", False),
    ("[x](y) & `z`", None, 2.0, "", None),
]

JSON = """\
[
{"side":"Armenia","lost":63,"share":0.75,"latitude":"-77.03","known":true},
{"side":"\\"A\\", | B\\n<C>","lost":-1,"share":null,"latitude":"=1+1","known":false},
{"side":"[x](y) & `z`","lost":null,"share":2.0,"latitude":"","known":null}
]
"""

CSV = '''\
side,lost,share,latitude,known
Armenia,63,0.75,-77.03,true
"""A"", | B
<C>",-1,,'=1+1,false
[x](y) & `z`,,2.0,,
'''

TSV = """\
side	lost	share	latitude	known
Armenia	63	0.75	-77.03	true
"A", | B\\n<C>	-1		'=1+1	false
[x](y) & `z`		2.0\t\t
"""

MARKDOWN = """\
| side | lost | share | latitude | known |
| --- | ---: | ---: | --- | --- |
| Armenia | 63 | 0.75 | -77.03 | true |
| "A", \\| B<br>&lt;C> | -1 |  | =1+1 | false |
| \\[x\\](y) &amp; \\`z\\` |  | 2.0 |  |  |
"""

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
CELLS = TEXTS | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.none()


def written(name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """What a format makes of rows."""
    out = io.StringIO(newline="")
    FORMATS[name](header, iter(rows), out)
    return out.getvalue()


@pytest.mark.parametrize(("name", "expected"), [("json", JSON), ("csv", CSV), ("tsv", TSV), ("markdown", MARKDOWN)])
def test_a_whole_file(name: str, expected: str) -> None:
    """Every format, to the letter."""
    assert written(name, HEADER, ROWS) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("json", "[]\n"),
        ("csv", "side,lost\n"),
        ("tsv", "side\tlost\n"),
        ("markdown", "| side | lost |\n| --- | --- |\n"),
    ],
)
def test_no_rows(name: str, expected: str) -> None:
    """A file without rows is still a file of its format."""
    assert written(name, ("side", "lost"), []) == expected


@pytest.mark.parametrize("name", ["csv", "tsv"])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+374 10 123456", "'+374 10 123456"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\u3000\ufeff＝1", "'\u3000\ufeff＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠a", "'＠a"),
        ("-77.03", "-77.03"),
        ("+40", "+40"),
        ("-1e-3", "-1e-3"),
        ("-", "'-"),
        ("T-72=B", "T-72=B"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_no_text_is_a_formula(name: str, text: str, shown: str) -> None:
    """A spreadsheet shows the text; a number written as text stays one; a header is no formula either."""
    assert written(name, (text,), [(text,), (-5,), (-0.5,)]) == f"{shown}\n{shown}\n-5\n-0.5\n"


@pytest.mark.parametrize(
    ("text", "in_csv", "in_tsv"),
    [
        ("\ta", "'\ta", "'\\ta"),
        ("\ra", '"\'\ra"', "'\\ra"),
        ("a\tb\\n", "a\tb\\n", "a\\tb\\\\n"),
        ("a\r\nb", '"a\r\nb"', "a\\r\\nb"),
    ],
)
def test_white_space_in_a_cell(text: str, in_csv: str, in_tsv: str) -> None:
    """CSV quotes what would end a row, TSV escapes it, and neither lets a tab or a return lead."""
    assert written("csv", ("a",), [(text,)]) == f"a\n{in_csv}\n"
    assert written("tsv", ("a",), [(text,)]) == f"a\n{in_tsv}\n"


@given(st.lists(st.tuples(CELLS, CELLS)))
def test_json_reads_back_as_it_was(rows: list[tuple[Cell, Cell]]) -> None:
    """JSON loses nothing, and holds a row a line."""
    text = written("json", ("a", "b"), rows)
    assert [(row["a"], row["b"]) for row in json.loads(text)] == rows
    assert text.count("\n") == (len(rows) + 2 if rows else 1)


@given(st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[TEXTS | st.none()] * width), min_size=1)))
def test_csv_reads_back_as_it_was(rows: list[tuple[str | None, ...]]) -> None:
    """A CSV reader finds every text again, an apostrophe before what would be a formula."""
    text = written("csv", ["x"] * len(rows[0]), rows)
    found = list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]
    expected = [[cell or "" for cell in row] for row in rows]
    assert [[cell.removeprefix("'") for cell in row] for row in found] == [
        [cell.removeprefix("'") for cell in row] for row in expected
    ]
    assert not any(re.match(r"\s*[=@＝＋－＠]|[\t\r]", cell) for row in found for cell in row)


@given(st.lists(st.tuples(TEXTS, TEXTS)))
def test_tsv_has_a_line_a_row(rows: list[tuple[str, str]]) -> None:
    """Nothing in a text is taken for the end of a cell or a row."""
    lines = written("tsv", ("a", "b"), rows).split("\n")
    assert len(lines) == len(rows) + 2
    assert {line.count("\t") for line in lines[:-1]} == {1}


MARKUP = st.text(st.sampled_from("ab1 \\|[](){}<>!*_`~&;#:-+.$/=\"'")) | st.sampled_from(
    ["&amp;", "<b>", "[a](b)", "![a](b)", "**a**", "_a_", "a_b", "~~a~~", "`a`", "<!--", "T-72A_1|x\\"]
)


@given(st.lists(st.tuples(MARKUP, MARKUP), min_size=1))
def test_markdown_shows_the_text(rows: list[tuple[str, str]]) -> None:
    """A Markdown reader sees a table with the very texts, and no markup within them."""
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(written("markdown", ("a", "b"), rows))
    shown = re.findall(r"<td>(.*?)</td>", page, re.DOTALL)
    assert [html.unescape(cell) for cell in shown] == [text.strip() for row in rows for text in row]


def test_markdown_controls_no_terminal() -> None:
    """Markdown is read on terminals, too: what would act there is shown."""
    assert written("markdown", ("a",), [("x\x1b[2J\ty",)]) == "| a |\n| --- |\n| x\\\\x1b\\[2J y |\n"
