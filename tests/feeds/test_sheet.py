"""Sheets as they come back: however a spreadsheet wrote them, and whatever was put into them."""

import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from lossledger.errors import BadData, LedgerError
from lossledger.feeds import sheet, workbook
from lossledger.feeds.records import Unread
from lossledger.feeds.sheet import SheetRow, read

HEAD = ["id", "revision", "place", "date", "quantity"]
ROW = ["k3j2", "r1.00000000", "a hill", "2020-10-08", "2"]


def _csv(folder: Path, content: bytes) -> str:
    path = folder / "sheet.csv"
    path.write_bytes(content)
    return str(path)


def _xlsx(folder: Path, fill: Callable[[Any], None]) -> str:
    book = Workbook()
    book.active.title = "Losses"  # type: ignore[union-attr]
    fill(book.active)
    path = folder / "sheet.xlsx"
    book.save(path)
    return str(path)


def _refused(path: str) -> str:
    with pytest.raises(LedgerError) as caught:
        read(path)
    return str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_is_read_however_a_spreadsheet_wrote_it(tmp_path: Path, delimiter: str, end: str, encoding: str) -> None:
    lines = [HEAD, ["k3j2", "r1.00000000", '"Ağdam\n""north"""', "2020-10-08", "'=1+1"], ["", "", "", " ", ""]]
    text = end.join(delimiter.join(line) for line in lines) + end
    found = read(_csv(tmp_path, text.encode(encoding)))
    cells = dict(zip(HEAD, ["k3j2", "r1.00000000", 'Ağdam\n"north"', "2020-10-08", "=1+1"], strict=True))
    assert found == ("sheet.csv", tuple(HEAD), (), (SheetRow("line 2", cells),))


def test_titles_are_known_in_any_case_and_order_and_others_are_told(tmp_path: Path) -> None:
    found = read(_csv(tmp_path, b"Colour,REVISION, Day (read-only) ,id,\nred,r1,2020-10-08,k3j2,x\n"))
    assert (found.columns, found.left_out) == (("revision", "day", "id"), ("Colour",))
    assert found.rows == (SheetRow("line 2", {"revision": "r1", "day": "2020-10-08", "id": "k3j2"}),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"place,id\nx,y\n", "sheet.csv: no column 'revision'; a sheet that comes back is one that `sheet out` wrote"),
        (b"id,revision,Place,place\n", "sheet.csv: two columns are called 'place'; rename or remove one"),
        (b"", "sheet.csv: the file is empty"),
        ("id;revision;place\nä".encode("cp1252"), "sheet.csv: byte 19 (line 2) is no UTF-8; save the file as UTF-8"),
        ("id,revision\n".encode("utf-16"), "sheet.csv: this is UTF-16; save it as UTF-8"),
        (b'id,revision\n"x,y\n', "sheet.csv:2: a quote is opened here and never closed"),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    assert _refused(_csv(tmp_path, content)) == said


def test_a_row_of_another_length_is_unread(tmp_path: Path) -> None:
    found = read(_csv(tmp_path, b"id,revision,place\na,b,c\na,b\nd,e,f\n"))
    assert found.rows[1] == Unread("line 3", "a,b", "2 columns, where the header has 3")


def test_cells_of_a_workbook_are_read_as_somebody_would_type_them(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        page.append([*HEAD, "note", None, "colour"])
        page.append(["k3j2", "r1", "'=1+1", datetime(2020, 10, 8), 2.0, "00123", None, "red"])  # noqa: DTZ001
        page.append([])
        page.append(["k3j3", "r1", 46.25, datetime(2020, 10, 8, 14, 30), 3, True])  # noqa: DTZ001

    found = read(_xlsx(tmp_path, fill))
    assert found.left_out == ("colour",)
    assert [row for row in found.rows if isinstance(row, SheetRow)] == [
        ("row 2", dict(zip([*HEAD, "note"], ["k3j2", "r1", "=1+1", "2020-10-08", "2", "00123"], strict=True))),
        ("row 4", dict(zip([*HEAD, "note"], ["k3j3", "r1", "46.25", "2020-10-08T14:30:00", "3", "yes"], strict=True))),
    ]


def test_formulas_and_errors_in_a_workbook_are_unread(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        page.append(HEAD)
        page.append(["k3j2", "r1", '=HYPERLINK("http://x")', "", "2"])
        page.append(["k3j3", "r1", "#N/A", "", "2"])
        page.append(["k3j4", "r1", "#N/A", "", "2"])
        page["C4"].data_type = "s"

    assert read(_xlsx(tmp_path, fill)).rows[:2] == (
        Unread("row 2", "k3j2, r1", "C2 holds a formula; put its value there"),
        Unread("row 3", "k3j3, r1", "C3 holds an error of the spreadsheet: #N/A"),
    )


def _part(path: str, name: str, content: bytes) -> str:
    """The workbook with another content in one of its parts."""
    with zipfile.ZipFile(path) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, text in {**parts, name: content}.items():
            packed.writestr(part, text)
    return path


PAGE = "xl/worksheets/sheet1.xml"
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def test_a_workbook_that_claims_lines_without_end_is_read_in_time(tmp_path: Path) -> None:
    cell = '<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'
    heads = "".join(cell.format(at=f"{letter}1", text=text) for letter, text in (("A", "id"), ("B", "revision")))
    rows = f'<row r="1">{heads}</row><row r="99999999999">{cell.format(at="A99999999999", text="k3j2")}</row>'
    path = _xlsx(tmp_path, lambda page: page.append(HEAD))
    found = read(_part(path, PAGE, f'<worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData></worksheet>'.encode()))
    assert (found.columns, found.rows) == (("id", "revision"), ())


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_PAGE", 1_000_000)
    path = _part(_xlsx(tmp_path, lambda page: page.append(HEAD)), "xl/bomb.xml", b"<x>" + b" " * 2_000_000 + b"</x>")
    assert _refused(path) == "sheet.xlsx: unpacked, this is more than 1,000,000 bytes; bring it back in parts"


def test_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    path = _part(_xlsx(tmp_path, lambda page: page.append(HEAD)), PAGE, laughs)
    assert _refused(path) == f"sheet.xlsx: {PAGE} defines a document type, which no workbook does"


@pytest.mark.parametrize("content", [b"<worksheet", b"\x00\xff", b"<worksheet xmlns='x'><row r='a'/></worksheet>"])
def test_a_broken_workbook_is_refused_in_a_line(tmp_path: Path, content: bytes) -> None:
    said = _refused(_part(_xlsx(tmp_path, lambda page: page.append(HEAD)), PAGE, content))
    assert said.startswith("sheet.xlsx: ")
    assert "\n" not in said


def test_what_is_packed_and_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("content.xml", "<x/>")
    assert _refused(str(path)) == "sheet.xlsx: a zip archive, but no xlsx workbook; save it as .xlsx or as CSV"
    path.write_bytes(path.read_bytes()[:-30])
    assert _refused(str(path)).startswith("sheet.xlsx: the workbook is broken or protected by a password: ")


def test_without_openpyxl_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _xlsx(tmp_path, lambda page: page.append(HEAD))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert _refused(path) == "workbooks need openpyxl: pip install 'lossledger[sheet]', or save it as CSV"


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 2)
    with pytest.raises(BadData, match="more than 2 rows; bring it back in parts"):
        read(_csv(tmp_path, b"id,revision\n" + b"a,b\n" * 3))
