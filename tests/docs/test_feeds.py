"""The page on lists tells of every format and of everything that may become of a row."""

import re
from pathlib import Path

from lossledger.core.vocabulary import FORMATS, Fate
from lossledger.feeds.mapping import NAMES

PAGE = (Path(__file__).parents[2] / "docs" / "feeds.md").read_text(encoding="utf-8")


def test_every_format_has_a_section() -> None:
    assert set(FORMATS) <= set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE))


def test_every_fate_is_told() -> None:
    table = PAGE[PAGE.index("| | what became of it |") :].split("\n\n")[0]
    told = re.findall(r"^\| (\w+) \|", table, re.MULTILINE)
    assert set(told) == {str(fate) for fate in Fate if fate is not Fate.GONE}
    assert f"Rows **{Fate.GONE}**" in PAGE


def test_every_name_of_a_tables_columns_is_told() -> None:
    section = PAGE[PAGE.index("\n## table\n") : PAGE.index("\n## package\n")]
    rows = re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)
    assert sorted(name for row in rows for name in re.findall(r"`(\w+)`", row)) == sorted(NAMES)
