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
