"""What a workbook of losses offers whoever changes it, as another program reads it."""

import sys
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from lossledger.core.sheet import COLUMNS, EDITABLE
from lossledger.errors import Refused
from lossledger.exports.workbook import write_workbook

ROW = {
    "id": "2e34567777",
    "revision": "r7.01234567",
    "side": "Red",
    "quantity": "2",
    "status": "destroyed",
    "date": "2022-03",
    "reported": "2022-03-04",
    "name": "00123",
    "unit": "1-2",
    "place": "=HYPERLINK()",
    "cause": "#N/A",
    "coordinates": "-77.03, 10",
    "day": "2022-03-04",
}


@pytest.fixture(scope="module")
def book() -> Any:
    file = BytesIO()
    known = {"side": ["Red", "Blue"], "category": ["Tanks", "=Guns"]}
    write_workbook([ROW], [("What", "1 loss"), ("Filters", "side red")], known, file)
    return load_workbook(file)


def column(name: str) -> int:
    return 1 + [one.name for one in COLUMNS].index(name)


def test_texts_stay_texts_and_no_cell_is_a_formula(book: Any) -> None:
    cells = {one.name: book["Losses"].cell(2, column(one.name)) for one in COLUMNS}
    assert {name: cell.value for name, cell in cells.items() if cell.value is not None} == {
        **ROW,
        "quantity": 2,
        "place": "'=HYPERLINK()",
        "coordinates": "'-77.03, 10",
    }
    assert {cell.data_type for name, cell in cells.items() if cell.value is not None and name != "quantity"} == {"s"}
    assert {cell.number_format for name, cell in cells.items() if cell.value is not None and name != "quantity"} == {
        "@"
    }


def test_what_is_typed_below_stays_text_too(book: Any) -> None:
    page = book["Losses"]
    assert {page.column_dimensions[letter].number_format for letter in "ACJ"} == {"@"}
    assert page.column_dimensions["F"].number_format == "General"
    assert [page.column_dimensions[letter].width for letter in "ABC"] == [12, 14, 16]


def test_titles_stand_still_and_filter(book: Any) -> None:
    page = book["Losses"]
    assert [cell.value for cell in page[1]] == [one.title for one in COLUMNS]
    assert (page.freeze_panes, page.auto_filter.ref) == ("C2", "A1:AC2")


def test_columns_for_information_are_shaded_and_locked(book: Any) -> None:
    page = book["Losses"]
    assert page.protection.sheet
    assert not page.protection.password
    assert not page.protection.autoFilter
    editable = {one.name for one in EDITABLE}
    for name in ("id", "revision", "side", "date", "quantity", "day"):
        cell = page.cell(2, column(name))
        assert (cell.protection.locked, cell.fill.fill_type) == (
            (False, None) if name in editable else (True, "solid")
        ), name


def test_words_and_names_are_offered(book: Any) -> None:
    offered = {str(rule.sqref): rule.formula1 for rule in book["Losses"].data_validations.dataValidation}
    assert offered == {
        "C2:C250000": "Names!$A$2:$A$3",
        "E2:E250000": "Names!$B$2:$B$3",
        "G2:G250000": '"item,aggregate"',
        "H2:H250000": '"destroyed,damaged,abandoned,captured,lost"',
        "V2:V250000": '"confirmed,claimed,disputed,rejected"',
    }
    assert list(book["Names"].values) == [("side", "category"), ("Red", "Tanks"), ("Blue", "'=Guns")]
    assert book["Names"].sheet_state == "hidden"
    assert list(book["About"].values) == [("What", "1 loss"), ("Filters", "side red")]


def test_without_openpyxl_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(Refused) as caught:
        write_workbook([], [], {}, BytesIO())
    assert str(caught.value) == (
        "workbooks need openpyxl: pip install 'lossledger[sheet]', or use a file that ends in .csv"
    )
