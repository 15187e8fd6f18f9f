"""`plot`: pictures with all that has to be known of them inside, and nothing that is alive."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lossledger import __version__
from tests.cli.conftest import Run

EVIL = "<script>document.title='caught'</script><img src=x onerror=alert(1)>"


def texts(svg: str) -> list[str]:
    """The texts of a picture in the order in which they are drawn."""
    return [unescape(text) for text in re.findall(r"<(?:text|tspan)\b[^>]*>([^<]+)<", svg)]


def test_a_timeline_can_be_passed_on_alone(served: Run) -> None:
    """In it: what it shows, what is counted, as of when, what is not drawn, the head, whom to credit."""
    head = served("audit", "--head").stdout.strip()
    result = served("plot", "timeline", "--format", "svg")
    assert (result.exit_code, result.stderr) == (0, "")
    said = texts(result.stdout)
    for line in (
        "Documented losses over time: Valley War, all days",
        "Confirmed only. Redland 2, of which 2 itemised; Blueland 2, of which 2 itemised.",
        "Running totals by month. The ledger as it stood on 2021-06-02.",
        "Redland 2",
        "Blueland 1",
        "Redland, in each month; most 2 in 2020-10",
        "Not placed in time: 1 of 4, with no day or none that tells the month.",
        "Redland with North Redland.",
        "Not counted: 13 claimed, 0 disputed, 1 merged into another loss.",
        "Days: 0 inferred, 1 undated.",
        "Source: Own entries; licence: not stated",
    ):
        assert line in said
    number, hash_ = head.split(":")[:2]
    assert f"Head of the ledger: {number}:{hash_}. Drawn by lossledger {__version__}." in " ".join(said)


def test_names_from_right_to_left_move_no_number(run: Run) -> None:
    """They are isolated wherever they stand in a picture: in its caption, its notes, at its lines."""
    assert run("side", "rename", "blueland", "الأرض الزرقاء", "--reason", "their own").exit_code == 0
    said = texts(run("plot", "timeline", "--format", "svg").stdout)
    name = "\u2068الأرض الزرقاء\u2069"
    assert f"{name} 1" in said
    assert f"Confirmed only. Redland 2, of which 2 itemised; {name} 2, of which 2 itemised." in said
    assert f"{name}, in each month; most 1 in 2020-10" in said


def test_a_source_names_its_address_once(run: Run) -> None:
    for name, value in (("credit", "The Counters, https://example.org/"), ("url", "https://example.org")):
        assert run("feed", "change", "a-list", f"--{name}", value, "--reason", "as they ask").exit_code == 0
    run("unmerge", "tank4", "--reason", "look again")
    run("verify", "tank4", "--reason", "seen")
    said = " ".join(texts(run("plot", "statuses", "--feed", "a-list", "--format", "svg").stdout))
    assert "Source: The Counters, https://example.org/; licence: CC BY 4.0" in said


def test_two_sides_with_their_ratio(run: Run) -> None:
    for side, quantity in (("red", "60"), ("blue", "40")):
        what = [
            "--side",
            side,
            "--type",
            "D-30",
            "--status",
            "destroyed",
            "--date",
            "2020-11-05",
            "--quantity",
            quantity,
        ]
        assert run("add", *what, "--source", "https://example.org/p", "--verification", "confirmed").exit_code == 0
    said = texts(run("plot", "compare", "--format", "svg").stdout)
    for line in ("Redland", "Blueland", "Ratio", "Towed Artillery", "60", "40", "1.50", "Redland 62", "Blueland 42"):
        assert line in said
    over_time = texts(run("plot", "compare", "--every", "week", "--format", "svg").stdout)
    assert "Ratio: line, of all so far; rings, of each week alone" in over_time


def test_what_became_of_each_sides_losses(run: Run) -> None:
    """A part that is wide enough has its number in it; the whole stands at the end."""
    said = texts(run("plot", "statuses", "--format", "svg", "--verification", "claimed,confirmed").stdout)
    first = said.index("Redland")
    assert said[first:][:1] == ["Redland"]
    for line in ("destroyed", "abandoned", "captured", "lost", "Towed Artillery", "10", "All", "12"):
        assert line in said
    assert "Bars are shares of what was lost under each heading; their numbers are losses." in said


def test_claims_beside_what_is_documented(run: Run) -> None:
    for day, number in (("2020-10-07", "100"), ("2020-10-20", "150")):
        run("published", "add", "--side", "redland", "--counted-by", "Staff of Blueland", "--category", "tanks",
            "--as-of", day, "--count", number)  # fmt: skip
    said = texts(run("plot", "claims", "--format", "svg").stdout)
    for line in ("Claimed and documented: Valley War", "Staff of Blueland on Redland: tanks", "claimed 150"):
        assert line in said
    assert "documented 1" in said


@pytest.mark.parametrize(
    ("ending", "begins"), [("png", b"\x89PNG\r\n\x1a\n"), ("svg", b"<svg "), ("html", b"<!DOCTYPE html>")]
)
def test_the_files_name_says_what_it_is(run: Run, tmp_path: Path, ending: str, begins: bytes) -> None:
    """It is written once, and not over another unasked."""
    file = tmp_path / f"picture.{ending}"
    result = run("plot", "timeline", "-o", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{file}: {file.stat().st_size:,} bytes\n"
    assert file.read_bytes().startswith(begins)
    again = run("plot", "timeline", "-o", str(file))
    assert (again.exit_code, again.stderr) == (2, f"lossledger: {file} is there already; replace it with --force\n")


def test_a_picture_shows_the_public_view(run: Run) -> None:
    """What is under embargo is not drawn; where all is, nothing can be."""
    run("setting", "public.embargo", "1", "--reason", "caution")
    wanted = "Running totals by month. The ledger as it stood on 2021-06-01."
    assert wanted in texts(run("plot", "timeline", "--format", "svg").stdout)
    run("setting", "public.embargo", "30", "--reason", "more caution")
    hidden = run("plot", "timeline", "--format", "svg")
    assert (hidden.exit_code, hidden.stdout) == (1, "")
    assert hidden.stderr.startswith("lossledger: nothing in this ledger is public yet")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["timeline", "-o", "x.gif"], 2, "a picture ends in .png, .svg, .html, or say which with --format"),
        (["timeline", "--side", "nowhere", "--format", "svg"], 2, "no side 'nowhere'"),
        (["timeline", "--category", "jeeps", "--format", "svg"], 1, "none of these losses has a day that tells the"),
        (["compare", "--every", "month", "--by", "type", "--format", "svg"], 2, "leave one of them out"),
        (["compare", "--every", "month", "--category", "jeeps,tanks", "--type", "t-72,ural-4320", "--format", "svg",
          "--until", "2020-10-04"], 2, "two sides are compared, and none has losses"),
        (["statuses", "--type", "su-25", "--format", "svg"], 1, "nothing of this is counted"),
        (["claims", "--format", "svg"], 1, "no claim is chosen that can be compared"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn(run: Run, options: list[str], code: int, said: str) -> None:
    result = run("plot", *options)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_without_the_packages_it_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "lossledger.exports.pictures", raising=False)
    monkeypatch.delattr("lossledger.exports.pictures", raising=False)
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    result = run("plot", "timeline", "--format", "svg")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "lossledger: drawing needs two more packages: pip install 'lossledger[plot]'\n"


@pytest.mark.parametrize("what", [["timeline"], ["compare"], ["statuses"], ["compare", "--every", "week"]])
def test_a_page_asks_for_nothing_and_runs_no_text(run: Run, tmp_path: Path, browser: Browser, what: list[str]) -> None:
    """A side with markup for a name is shown as it is called, in the drawing and where it is pointed at."""
    assert run("side", "rename", "redland", EVIL, "--reason", "they call themselves so").exit_code == 0
    file = tmp_path / "chart.html"
    assert run("plot", *what, "-o", str(file)).exit_code == 0
    page = browser.new_page()
    asked: list[str] = []
    trouble: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.goto(file.as_uri())
    page.wait_for_selector("#chart svg")
    assert page.title() == page.locator("#chart svg text", has_text="Valley War").first.text_content()
    assert page.locator("#chart svg text", has_text="<script>").count() > 0
    for mark in page.locator("#chart svg .mark-rect path, #chart svg .mark-symbol path").all()[:4]:
        mark.hover(force=True)
        page.wait_for_timeout(50)
    assert page.locator("script:not([type]), script[src], img").count() == 1  # the library that draws, and nothing else
    assert (asked, trouble) == ([file.as_uri()], [])
    page.close()


def test_a_page_can_be_read_on_a_phone(run: Run, tmp_path: Path, browser: Browser) -> None:
    """Moved sideways within the page, rather than so small that nobody reads its words."""
    file = tmp_path / "chart.html"
    assert run("plot", "timeline", "-o", str(file)).exit_code == 0
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(file.as_uri())
    page.wait_for_selector("#chart svg")
    width, drawn, scrolled = page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelector('#chart svg').getBoundingClientRect().width,"
        " document.getElementById('chart').scrollWidth]"
    )
    page.close()
    assert (width, drawn) == (390, 640)
    assert scrolled >= 640


def test_a_picture_runs_no_text_either(run: Run) -> None:
    run("side", "rename", "redland", EVIL, "--reason", "they call themselves so")
    svg = run("plot", "timeline", "--format", "svg").stdout
    assert "<script" not in svg
    assert "<img" not in svg
    assert any("<script>" in text for text in texts(svg))


def test_what_draws_is_loaded_only_to_draw() -> None:
    """Nobody waits for it who only counts, or asks for help."""
    loaded = (
        "import lossledger.cli.plot, lossledger.cli.compare, sys; print({'altair', 'vl_convert'} & set(sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "set()\n"
    )
