"""What users install is built, looked into, and run in a place that knows nothing of the checkout."""

import os
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]

# One worker builds for all of them.
pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a source distribution, so that both are known to be whole."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel and its core dependencies: the folder of its programs."""
    environment = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(environment, symlinks=os.name == "posix")  # without pip, which takes longer than all the rest
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", programs / "python")
    run(*pip, "install", "--quiet", "--no-compile", wheel)
    return programs


def run(*command: str | Path, cwd: Path | None = None) -> str:
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}"
    return result.stdout


def test_nothing_lands_beside_other_packages(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        top = {name.split("/")[0] for name in archive.namelist()}

    assert top == {"lossledger", f"{'-'.join(wheel.name.split('-')[:2])}.dist-info"}


def test_migrations_and_packs_are_inside(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())

    for folder in ("migrations", "seeds"):
        expected = {
            f"lossledger/{path.relative_to(ROOT).as_posix()}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert expected, f"there are no {folder} in the checkout"
        assert expected <= names


def test_the_parts_of_the_site_are_inside(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())

    room = ROOT / "lossledger" / "publish"
    for folder in ("templates", "assets", "outlines"):
        expected = {
            path.relative_to(ROOT).as_posix()
            for path in (room / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert expected, folder
        assert expected <= names


def test_the_parts_of_the_page_are_inside(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())

    assert {f"lossledger/exports/board/board.{ending}" for ending in ("html", "css", "js")} <= names


def test_a_fresh_install_makes_a_ledger_and_counts(installed: Path, tmp_path: Path) -> None:
    program, ledger = installed / "lossledger", tmp_path / "ledger.db"

    run(program, "--db", ledger, "init", "--pack", "nagorno-karabakh-2020", cwd=tmp_path)
    tally = run(program, "--db", ledger, "tally", cwd=tmp_path)

    for word in ("Armenia", "86", "60"):
        assert word in tally
