"""``review --board``: one page, which fetches nothing unasked and lets nothing from outside run."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lossledger.core.links import link_name
from tests.cli.conftest import Run

PICTURE = b"\x89PNG\r\n\x1a\nand so on"
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


class Page(HTMLParser):
    """The elements of a page by name, each with its attributes; the texts of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, str] = {}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        if self._open in ("script", "style"):
            self.inside[self._open] = self.inside.get(self._open, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def board(run: Run, target: Path, *more: str) -> Page:
    result = run("--actor", "ben", "review", "--board", str(target), *more)
    assert result.exit_code == 0, result.stderr
    return Page(target.read_text(encoding="utf-8"))


def test_to_standard_output(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As every command takes "-": no file is called so."""
    monkeypatch.chdir(tmp_path)
    there = set(tmp_path.iterdir())
    result = run("--actor", "ben", "review", "--board", "-")
    assert result.stdout == (board_text(run, tmp_path / "board.html"))
    assert result.stderr.startswith("standard output: ")
    assert set(tmp_path.iterdir()) - there == {tmp_path / "board.html"}


def board_text(run: Run, target: Path) -> str:
    assert run("--actor", "ben", "review", "--board", str(target)).exit_code == 0
    return target.read_text(encoding="utf-8")


def test_its_own_script_and_style_are_all_that_may_run(run: Run, tmp_path: Path) -> None:
    page = board(run, tmp_path / "board.html")
    [policy] = [one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    hashes = {
        name: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for name, text in page.inside.items()
    }
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{hashes['script']}'; style-src 'sha256-{hashes['style']}'; "
        "img-src data: https: http:; base-uri 'none'; form-action 'none'"
    )
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.found for name in attributes)


def test_what_comes_from_outside_is_text(run: Run, tmp_path: Path) -> None:
    run("amend", "guns", "--place", HOSTILE, "--note", HOSTILE, "--reason", "r")
    run(
        "evidence", "add", "guns", "--source", 'https://example.org/"><script>', "--publisher", HOSTILE, "--reason", "r"
    )
    page = board(run, tmp_path / "board.html")
    assert len(page.all("script")) == 1
    assert {"x", "alert(1)"}.isdisjoint({one.get("src") for one in page.all("img")})
    for one in page.all("a"):
        assert one["href"] is not None
        assert re.match("https?://", one["href"])
        assert (one["rel"], one["target"]) == ("noopener nofollow noreferrer", "_blank")


def test_every_item_has_its_decisions(run: Run, tmp_path: Path) -> None:
    page = board(run, tmp_path / "board.html", "--side", "redland")
    [card] = page.all("article")
    assert card["data-item"] == "claim:guns222222"
    assert card["data-seen"] is not None
    assert card["data-seen"].isdecimal()
    keys = {one["data-decision"]: one["data-key"] for one in page.all("button") if "data-decision" in one}
    assert keys == {"confirm": "y", "reject": "r", "dispute": "d", "keep": "k"}


def test_a_picture_elsewhere_is_not_loaded_unasked(run: Run, tmp_path: Path) -> None:
    run("evidence", "add", "guns", "--source", "https://example.org/a.JPG", "--reason", "r")
    page = board(run, tmp_path / "board.html", "--side", "redland")
    [picture] = page.all("img")
    assert "src" not in picture
    assert (picture["data-src"], picture["loading"], picture["referrerpolicy"]) == (
        *("https://example.org/a.JPG", "lazy"),
        "no-referrer",
    )
    assert [one for one in page.all("button") if one.get("class") == "load"]


def test_pictures_of_a_folder_are_put_into_the_page(run: Run, tmp_path: Path) -> None:
    """By the name of their link, or by a file's name that only one link has."""
    links = ("https://example.org/a.png", "https://example.org/b/same.png", "https://example.org/c/same.png")
    for link in links:
        run("evidence", "add", "guns", "--source", link, "--reason", "r")
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "a.png").write_bytes(PICTURE)
    (folder / "same.png").write_bytes(PICTURE)
    (folder / f"{link_name('https://example.org/list')}-2.txt").write_bytes(b"GIF89a")
    (folder / f"{link_name('https://example.org/list')}.png").write_bytes(b"<svg onload=alert(1)>")
    result = run("--actor", "ben", "review", "--board", str(tmp_path / "b.html"), "--pictures", str(folder))
    assert f"{folder}/{link_name('https://example.org/list')}.png, which is no JPEG" in result.stderr
    shown = [one.get("src") for one in Page((tmp_path / "b.html").read_text()).all("img") if "src" in one]
    assert shown == [
        "data:image/gif;base64,R0lGODlh",
        "data:image/png;base64," + base64.b64encode(PICTURE).decode(),
    ]


def test_it_writes_over_nothing_but_an_earlier_page(run: Run, ledger: Path, tmp_path: Path) -> None:
    board(run, tmp_path / "board.html")
    board(run, tmp_path / "board.html")
    for there in (ledger, tmp_path):
        result = run("review", "--board", str(there))
        assert (result.exit_code, result.stderr) == (
            2,
            f"lossledger: --board {there}: there is something else already; name another file\n",
        )
    assert run("review", "--board", str(tmp_path / "no" / "b.html")).exit_code == 2
    assert run("review", "--pictures", str(tmp_path)).exit_code == 2
    assert run("review", "--board", str(tmp_path / "b.html"), "--pictures", str(ledger)).exit_code == 2
