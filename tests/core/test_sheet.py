"""Cells and revisions of a sheet."""

import pytest

from lossledger.core.sheet import revision, revision_number, same


@pytest.mark.parametrize(
    ("cell", "written", "is_same"),
    [
        ("one\r\ntwo ", "one\ntwo", True),
        ("_x0041_", "_x005F_x0041_", True),  # as a workbook's table of texts is read
        ("", "  ", True),
        ("one two", "one\ntwo", False),
        ("One", "one", False),
    ],
)
def test_what_spreadsheets_do_to_a_text_is_no_change(cell: str, written: str, is_same: bool) -> None:
    assert same(cell, written) is is_same


def test_a_revision_is_of_one_loss_and_one_journal() -> None:
    token = revision(12, b"\x01" * 32, "k3j2aaaaaa")
    assert revision_number(f" {token} ") == 12
    assert token not in (revision(12, b"\x01" * 32, "k3j2aaaaab"), revision(12, b"\x02" * 32, "k3j2aaaaaa"))
    assert [revision_number(text) for text in ("", "12", "r12", "r12.zzzzzzzz")] == [None] * 4
