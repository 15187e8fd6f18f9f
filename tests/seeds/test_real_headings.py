"""The catalogue knows the headings of real pages."""

import csv
from pathlib import Path

from lossledger.core.names import fold
from lossledger.resources import folder


def test_every_heading_of_real_pages_is_in_the_catalogue(data_dir: Path) -> None:
    """What two whole pages count under is known by name or by alias, whatever its spelling."""
    pack = folder("seeds") / "catalogue"
    named = column(pack / "categories.csv", "name") | column(pack / "category_aliases.csv", "name")
    known = {fold(name) for name in named}
    headings = column(data_dir / "oryx" / "expected.csv", "category")
    assert {heading for heading in headings if fold(heading) not in known} == set()
    assert len(headings) > 20


def column(path: Path, name: str) -> set[str]:
    """What stands in one column of a file."""
    with path.open(encoding="utf-8") as stream:
        return {row[name] for row in csv.DictReader(stream)}
