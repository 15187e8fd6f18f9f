"""The page on open data tells of every setting and column, as they are."""

from docs.build_open_data import TARGET, filled
from lossledger.cli.export import command
from lossledger.core.public_view import SETTINGS

PAGE = TARGET.read_text(encoding="utf-8")


def test_the_columns_are_those_that_are_written() -> None:
    assert filled(PAGE) == PAGE, "out of date: run 'make docs'"


def test_every_setting_and_format_is_told() -> None:
    assert [name for name in SETTINGS if f"| `{name}` |" not in PAGE] == []
    open_data = ("csv", "jsonl", "geojson", "parquet", "xlsx", "sqlite")
    assert [name for name in open_data if f"| `{name}` |" not in PAGE or name not in command.commands] == []
