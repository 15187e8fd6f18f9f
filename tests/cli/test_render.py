"""Tables at any width: no sign of a cell is lost where the screen is narrow."""

import pytest

from lossledger.cli.render import Column, table

COLUMNS = (
    Column("score", "Score", number=True),
    Column("id", "Id", whole=True),
    Column("other", "Other", whole=True),
    Column("side", "Side"),
    Column("type", "Type"),
    Column("outcome", "Status"),
    Column("why", "Why"),
)
ROW = (
    100,
    "xgvq44vaxx",
    "xayepnajs2",
    "Ukraine",
    "Gyurza-M-class gunboat",
    "destroyed",
    "same link, side, type and status",
)


@pytest.mark.parametrize("width", range(77, 110))
def test_the_last_column_is_broken_between_words(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    table(COLUMNS, [ROW], close=True)
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= width
    assert sorted(printed.split()[8:]) == sorted(" ".join(map(str, ROW)).split())


@pytest.mark.parametrize("width", range(40, 121))
def test_no_sign_is_cut_off_at_any_width(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    why = "near-identical picture (distance 6); other side and status; same day, 0.4 km apart"
    row = (60, "ynwguozo2d", "h6yixbetts", "Redland / Blueland", "T-72B3 / T-72B", "destroyed / lost", why)
    table(COLUMNS, [row], close=True)
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= width
    titles = "".join(column.title for column in COLUMNS)
    assert sorted("".join(printed.replace("─", "").split())) == sorted(titles + "".join("".join(map(str, row)).split()))
    if width >= 76:  # no word is broken where there is room for the longest of each column
        assert sorted(printed.split()[8:]) == sorted(" ".join(map(str, row)).split())
