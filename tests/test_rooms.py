import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("core", "db", "queries", "feeds", "evidence", "exports", "ledger", "checks", "publish", "cli")
LAYERS = "A room imports those below it, never one above"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    # A process of its own, since the linter looks the package up along the module path.
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    arguments = ["--no-logo", "--no-cache"]
    return subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_rooms_keep_to_their_order() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The package with next to nothing in its rooms, under the same contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in ROOMS:
        (tmp_path / "lossledger" / room).mkdir(parents=True)
        (tmp_path / "lossledger" / room / "__init__.py").touch()
    for module in ("__init__", "errors", "config", "resources"):
        (tmp_path / "lossledger" / f"{module}.py").touch()
    (tmp_path / "lossledger" / "cli" / "__init__.py").write_text("import click, prompt_toolkit, rich\n")
    return tmp_path


def test_an_empty_house_is_in_order(house: Path) -> None:
    assert lint_imports(house).returncode == 0


@pytest.mark.parametrize(
    ("room", "code", "contract"),
    [
        ("queries", "def late():\n    from lossledger import ledger", LAYERS),
        ("exports", "import lossledger.feeds", LAYERS),
        ("attic", "", LAYERS),
        ("core", "import sqlalchemy", "The core is plain Python"),
        ("ledger", "from rich.table import Table", "Only cli knows Click, Rich and prompt_toolkit"),
    ],
    ids=["upwards", "sideways", "no place", "database in core", "terminal outside cli"],
)
def test_a_breach_is_found(house: Path, room: str, code: str, contract: str) -> None:
    (house / "lossledger" / room).mkdir(exist_ok=True)
    (house / "lossledger" / room / "__init__.py").write_text(code)

    result = lint_imports(house)

    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout
