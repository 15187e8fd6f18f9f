"""A ledger's losses as a page in the form of the lists, and back."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run, runner
from tests.cli.test_real_lists import page

BY_ALL = ("tally", "--by", "side,category,type,status,verification,feed", "--format", "csv")


def test_a_page_of_the_small_ledger(run: Run, tmp_path: Path) -> None:
    """Its confirmed items, told one by one; what has no place on it is said on the screen and on the page."""
    place = tmp_path / "page.html"

    result = run("export", "oryx", "--joined", "-o", str(place))

    text = place.read_text()
    assert result.exit_code == 0, result.stderr
    assert [line for line in text.splitlines() if line.startswith("<h")][-1].startswith("<h3>")
    assert "Documented losses of equipment: Valley War" in text
    assert run("export", "oryx", "--joined", "-o", str(place)).exit_code == 2


@pytest.mark.parametrize("name", ["ukraine", "naval"])
def test_a_real_page_comes_back_the_same(data_dir: Path, tmp_path: Path, name: str) -> None:
    """Imported, exported, imported elsewhere: every cell of the tally is the same, and the page agrees with itself."""
    first, second = (runner(str(tmp_path / f"{ledger}.db")) for ledger in ("first", "second"))
    for run in (first, second):
        run("init", "--pack", "ukraine-2022")
    first("import", page(data_dir, name))

    exported = first("export", "oryx", "-o", str(tmp_path / "page.html"))
    taken = second("import", str(tmp_path / "page.html"))

    assert (exported.exit_code, taken.exit_code) == (0, 0)
    assert second(*BY_ALL).stdout == first(*BY_ALL).stdout
    assert second("check").exit_code == 0
