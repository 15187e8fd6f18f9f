"""Writes the tables of columns in ``docs/open-data.md`` from their definitions."""

import re
from pathlib import Path

from lossledger.exports.open_columns import TABLES
from lossledger.exports.tables import Column

TARGET = Path(__file__).parent / "open-data.md"

_WORDS = {"string": "text", "integer": "whole number", "double": "number", "date": "day", "datetime": "instant"}


def filled(page: str) -> str:
    """The page with the tables of columns as they should be."""
    page = page.rstrip("\n") + "\n\n"  # so that the last section has its blank line, too
    for name, columns in TABLES.items():
        section = re.compile(rf"(^### {name}\n\n)(.*?)(?:^\| column .*?)?(?=^#|\Z)", re.MULTILINE | re.DOTALL)
        page = section.sub(lambda found: f"{found[1]}{_with(found[2], columns)}", page, count=1)  # noqa: B023 - used at once
    return page.rstrip("\n") + "\n"


def _with(words: str, columns: tuple[Column, ...]) -> str:
    """The words of a section, and its table under them."""
    lines = ["| column | form | what it says |", "|---|---|---|"]
    lines += [f"| `{one.name}` | {_WORDS.get(one.form, 'true or false')} | {one.meaning} |" for one in columns]
    said = f"{words.strip()}\n\n" if words.strip() else ""
    return said + "\n".join(lines) + "\n\n"


if __name__ == "__main__":
    TARGET.write_text(filled(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
