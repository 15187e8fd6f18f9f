"""The site in a real browser: what it shows is what `tally` says, and it works by mouse, by keyboard and offline."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import DESKTOP, PHONE
from tests.publish.reader import Reader, reader, until
from tests.publish.sites import command, publishing_valley

EACH_KIND = ("index.html", "items.html", "map.html", "method.html", "corrections.html", "downloads.html", "cite.html")


def some_of(folder: Path) -> list[str]:
    """An address of each kind of page."""
    kinds = (*EACH_KIND, "category/*.html", "category/*.*.html", "loss/*.html", "embed/*.html")
    return [min(folder.glob(kind)).relative_to(folder).as_posix() for kind in kinds if any(folder.glob(kind))]


def ready(opened: Reader, address: str = "items.html") -> Page:
    """The page of all items, when its filter has been applied for the first time."""
    page = opened.open(address)
    until(page, "performance.getEntriesByName('lossledger:filter').length > 0")
    return page


# What it says


def test_headline_figures_are_those_of_tally(browser: Browser, base: str, valley: Path) -> None:
    rows = command(valley.parent / "valley.db", "tally", "--by", "side,status", "--format", "csv").splitlines()[1:]
    told = {tuple(row.split(",")[:2]): int(row.split(",")[2]) for row in rows}
    with reader(browser, base) as opened:
        page = opened.open()
        sides = page.locator("#headline article.side")
        shown = {}
        for at in range(sides.count()):
            side = sides.nth(at)
            name = side.locator("h3, h2").inner_text()
            total = int(side.locator(".figure data").get_attribute("value") or "")
            assert total == sum(number for (one, _), number in told.items() if one == name)
            for status in ("destroyed", "damaged", "abandoned", "captured"):
                value = side.locator(f".status.{status} data").get_attribute("value")
                shown[name, status] = int(value or "")
        assert shown == told
        assert opened.wrong == []


def test_every_kind_of_page_is_whole_offline(browser: Browser, base: str, valley: Path) -> None:
    with reader(browser, base) as opened:
        for address in some_of(valley):
            page = opened.open(address)
            page.wait_for_load_state("load")
            assert page.locator("main").count() == 1, address
            assert opened.wrong == [], address


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_page_is_wider_than_the_screen(browser: Browser, valley: Path, size: tuple[int, int]) -> None:
    with reader(browser, f"{valley.as_uri()}/", size) as opened:
        for address in some_of(valley):
            page = ready(opened) if address == "items.html" else opened.open(address)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, address


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_jumps_while_loading(browser: Browser, valley: Path, size: tuple[int, int]) -> None:
    watch = """
        window.shifts = [];
        new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) => entry.value)))
            .observe({ type: "layout-shift", buffered: true });
    """
    with reader(browser, f"{valley.as_uri()}/", size) as opened:
        opened.context.add_init_script(watch)
        for address in some_of(valley):
            page = opened.open(address)
            page.wait_for_timeout(300)
            assert page.evaluate("window.shifts") == [], address


def test_corrections_stand_beside_the_margin_line(browser: Browser, valley: Path) -> None:
    with reader(browser, f"{valley.as_uri()}/", (1280, 900)) as opened:
        page = opened.open("corrections.html")
        title, row = (page.locator(what).first.bounding_box() for what in ("h1", "ol.corrections li"))
        assert title
        assert row
        assert row["x"] == title["x"]


def test_a_page_reads_without_script(browser: Browser, valley: Path) -> None:
    with reader(browser, f"{valley.as_uri()}/", script=False) as opened:
        page = opened.open()
        assert page.locator("#headline .figure data").count() == 2
        assert page.locator("figure.chart svg.wide").first.is_visible()
        assert page.locator("figure.map svg .marks a").count() > 0
        page.locator("#categories tbody a").first.click()
        assert "/category/" in page.url


# All items


def test_search_and_filters_by_keyboard(browser: Browser, base: str) -> None:
    with reader(browser, base) as opened:
        page = ready(opened)
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.type("fuzuli t-72")  # as typed: the place is written Füzuli
        rows = page.locator("#items tbody tr")
        assert rows.count() > 3
        for text in rows.all_inner_texts():
            assert "Füzuli" in text
            assert "T-72B" in text
        assert page.locator("#found").inner_text().startswith(f"{rows.count()} of 402 entries")
        page.keyboard.press("ArrowDown")
        first = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.textContent") != first
        page.keyboard.press("Enter")
        page.wait_for_url("**/loss/*.html")
        assert opened.wrong == []


def test_the_address_carries_the_filter(browser: Browser, base: str) -> None:
    with reader(browser, base) as opened:
        page = ready(opened)
        page.select_option("#f-side", label="Redland")
        page.select_option("#f-status", "captured")
        page.fill("#f-since", "2020-10-10")
        shown = page.locator("#found").inner_text()
        address = page.url.removeprefix(base)
        again = ready(opened, address)
        assert again.locator("#found").inner_text() == shown
        for text in again.locator("#items tbody tr").all_inner_texts():
            assert "Redland" in text
            assert "captured" in text
            assert text[:10] >= "2020-10-10"
        again.locator("#filters button[type=reset]").click()
        until(again, "document.getElementById('found').textContent.startsWith('402 of 402')")


def test_a_filter_that_nothing_has_is_said_and_matches_nothing(browser: Browser, valley: Path) -> None:
    with reader(browser, f"{valley.as_uri()}/") as opened:
        for address, said in (("side=nobody", "unknown side: nobody"), ("since=soon", "unknown from: soon")):
            page = ready(opened, f"items.html#{address}&status=captured")
            assert page.locator("#found").inner_text() == f"{said}; 0 of 402 entries"
            assert page.locator("#items tbody tr").count() == 0
            assert address in page.url
        page = ready(opened, "items.html#side=nobody")
        page.select_option("#f-side", label="Redland")
        assert "unknown" not in page.locator("#found").inner_text()
        assert page.locator("#items tbody tr").count() > 3
        page = ready(opened, "items.html#state=doubted")
        page.locator("#filters button[type=reset]").click()
        until(page, "document.getElementById('found').textContent.startsWith('402 of 402')")


def test_every_filter_agrees_with_tally(browser: Browser, valley: Path) -> None:
    ledger = valley.parent / "valley.db"

    def total(*words: str) -> int:
        rows = command(ledger, "tally", "--by", "side", "--format", "csv", *words).splitlines()[1:]
        return sum(int(row.split(",")[1]) for row in rows)

    asked = {
        "status=captured": ("--status", "captured"),
        "type=D-30": ("--type", "D-30"),
        "category=tanks": ("--category", "tanks"),
        "since=2020-10-01&until=2020-10-05": ("--since", "2020-10-01", "--until", "2020-10-05"),
        "category=tanks&status=damaged": ("--category", "tanks", "--status", "damaged"),
    }
    with reader(browser, f"{valley.as_uri()}/") as opened:
        for address, words in asked.items():
            page = ready(opened, f"items.html#{address}")
            assert page.locator("#found").inner_text().startswith(f"{total(*words)} of 402 entries"), address


def test_sorting_and_pages(browser: Browser, valley: Path) -> None:
    with reader(browser, f"{valley.as_uri()}/") as opened:
        page = ready(opened)
        days = [text[:10] for text in page.locator("#items tbody tr").all_inner_texts()]
        assert days == sorted(days, reverse=True)
        page.locator("#items th[data-sort=day] button").click()
        days = [text[:10] for text in page.locator("#items tbody tr").all_inner_texts()]
        assert days == sorted(days)
        assert page.locator("#items th[data-sort=day]").get_attribute("aria-sort") == "ascending"
        seen: set[str] = set()
        for _ in range(5):
            seen.update(page.locator("#items tbody a").all_inner_texts())
            if page.locator("#pager button", has_text="Next").is_enabled():
                page.locator("#pager button", has_text="Next").click()
        assert len(seen) == 402
        assert "not known" in page.locator("#items tbody tr").last.inner_text()  # undated ones come last


# Charts and map


def test_a_chart_says_in_words_what_it_shows(browser: Browser, valley: Path) -> None:
    with reader(browser, f"{valley.as_uri()}/") as opened:
        page = opened.open()
        chart = page.locator("#chart-running-total svg.wide")
        description = chart.locator("desc").text_content() or ""
        for side in page.locator("#headline article.side").all():
            name = side.locator("h3, h2").inner_text()
            assert re.search(rf"{name}: \d+ by ", description)
            assert chart.locator("text", has_text=name).count() == 1  # the line bears its name
        assert page.locator("#chart-running-total details.chart-data tbody tr").count() > 3


def test_a_chart_becomes_a_picture(browser: Browser, base: str) -> None:
    with reader(browser, base) as opened:
        page = opened.open()
        button = page.locator("#chart-running-total button[data-png]")
        button.focus()
        with page.expect_download() as waiting:
            page.keyboard.press("Enter")
        assert waiting.value.suggested_filename == "running-total.png"
        picture = waiting.value.path().read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) > 10_000
        assert opened.wrong == []


def test_the_map_by_keyboard(browser: Browser, base: str) -> None:
    with reader(browser, base) as opened:
        page = opened.open("map.html")
        stops = page.locator("figure.map .marks a[tabindex='0']")
        assert stops.count() == 1
        stops.focus()
        told = page.locator(".map-detail")
        before = told.inner_text()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowDown")
        assert told.inner_text() != before
        marks = page.locator("figure.map .marks a").count()
        for _ in range(3):
            page.keyboard.press("+")
        until(page, "document.querySelector('svg.map').viewBox.baseVal.width < 400")
        until(page, "document.querySelector('.marks a').places !== undefined")  # the places have come
        assert "marks" in page.evaluate("document.activeElement.parentElement.className.baseVal")
        page.keyboard.press("Escape")
        assert page.locator("figure.map .marks a").count() == marks
        assert opened.wrong == []


def test_the_map_by_mouse(browser: Browser, base: str) -> None:
    with reader(browser, base) as opened:
        page = opened.open("map.html")
        closer = page.get_by_label("Look closer")
        for _ in range(6):
            closer.click()
        until(page, "document.querySelector('.marks a')?.places !== undefined")
        frame = page.locator("svg.map").bounding_box()
        assert frame
        middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
        single = min(
            (box for mark in page.locator("figure.map .marks use").all() if (box := mark.bounding_box())),
            key=lambda box: abs(box["x"] - middle[0]) + abs(box["y"] - middle[1]),
        )
        page.mouse.move(single["x"] + single["width"] / 2, single["y"] + single["height"] / 2)
        assert re.search(
            r"(Redland|Blueland), (destroyed|damaged|abandoned|captured), ", page.locator(".map-detail").inner_text()
        )
        page.locator(".map-detail a").first.click()
        page.wait_for_url("**/loss/*.html")
        assert opened.wrong == []


def test_a_mark_of_several_comes_apart(browser: Browser, valley: Path) -> None:
    with reader(browser, f"{valley.as_uri()}/") as opened:
        page = opened.open("map.html")
        page.locator("figure.map .marks a:has(.heap)").first.click(force=True)
        until(page, "document.querySelector('.marks a')?.places !== undefined")
        assert page.evaluate("document.querySelector('svg.map').viewBox.baseVal.width") < 1000
        assert "/map.html" in page.url


def test_what_a_mark_stands_for_is_in_the_list(browser: Browser, valley: Path) -> None:
    with reader(browser, f"{valley.as_uri()}/") as opened:
        page = opened.open("map.html")
        mark = page.locator("figure.map .marks a:has(.heap)").first
        losses = int((mark.locator("title").text_content() or "").split(" ")[0])
        address = (mark.get_attribute("href") or "").removeprefix("../")
        listed = ready(opened, address)
        assert listed.locator("#found").inner_text().startswith(f"{losses} of 402 entries")


# What outsiders write


def test_mischief_stays_text(browser: Browser, base: str, valley: Path) -> None:
    with reader(browser, base) as opened:
        page = ready(opened, "items.html#q=script")
        rows = page.locator("#items tbody tr")
        assert rows.count() == 2
        uids = rows.locator("a.id").all_inner_texts()
        assert "<script>" in rows.first.inner_text()
        for address in ("index.html", "map.html", *(f"loss/{uid}.html" for uid in uids), *some_of(valley)):
            page = opened.open(address)
            assert page.title() != "taken"
            assert page.locator("main img[src='x']").count() == 0
            links = page.locator("a").evaluate_all(
                "links => links.map(link => new URL(link.href.baseVal ?? link.href, location).protocol)"
            )
            assert set(links) <= {"file:", "http:", "https:", "mailto:"}, address
        assert opened.wrong == []


def test_a_link_that_would_run_is_no_link(browser: Browser, tmp_path: Path) -> None:
    """None is taken in by the program; here one was put into the database behind its back."""
    would_run = "javascript:document.title='taken'"
    with publishing_valley(tmp_path, mischief=False) as ledger, closing(sqlite3.connect(ledger)) as database:
        changed = database.execute("UPDATE source SET url = ? WHERE url = 'https://example.org/11'", (would_run,))
        assert changed.rowcount == 1
        database.commit()
    site = tmp_path / "site"
    pages = [page for page in site.rglob("*.html") if would_run.replace("'", "&#39;") in page.read_text("utf-8")]
    assert [page.parent.name for page in pages] == ["loss"]
    with reader(browser, f"{site.as_uri()}/") as opened:
        for written in pages:
            page = opened.open(written.relative_to(site).as_posix())
            shown = page.get_by_text(would_run).first
            shown.click()
            assert page.title() != "taken"
            assert page.locator("a[href^='javascript' i]").count() == 0
        assert opened.wrong == []


def test_links_that_lead_away_say_so(browser: Browser, valley: Path) -> None:
    loss = next(valley.glob("loss/*.html")).relative_to(valley).as_posix()
    with reader(browser, f"{valley.as_uri()}/") as opened:
        away = opened.open(loss).locator("main a[href^='http']")
        assert away.count() > 0
        for link in away.all():
            assert {"noopener", "nofollow"} <= set((link.get_attribute("rel") or "").split())


# Readers of many kinds


def test_on_paper_there_are_figures_and_no_controls(browser: Browser, valley: Path) -> None:
    with reader(browser, f"{valley.as_uri()}/") as opened:
        page = opened.open()
        page.emulate_media(media="print")
        assert page.locator("#headline .figure").first.is_visible()
        assert page.locator("svg.wide").first.is_visible()
        assert not page.locator(".site-nav").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_nothing_moves_for_whoever_asks_for_that(browser: Browser, valley: Path) -> None:
    moving = """
        document.getAnimations().length +
        [...document.querySelectorAll("*")].filter((one) => getComputedStyle(one).transitionDuration !== "0s").length
    """
    with reader(browser, f"{valley.as_uri()}/", still=True) as opened:
        for address in some_of(valley):
            assert opened.open(address).evaluate(moving) == 0, address


def test_days_and_lists_as_they_are_known(browser: Browser, tmp_path: Path) -> None:
    """A month is no day of it; a side that stands in several lists is found in all of them, or in one."""
    with publishing_valley(tmp_path, mischief=False) as ledger:
        uid = command(ledger, "list", "--type", "P-18", "--format", "csv").splitlines()[2].split(",")[0]
        command(ledger, "amend", uid, "--date", "~2020-10", "--reason", "the list says no more")
        (tmp_path / "second.csv").write_text("id,side,category,type,status\nx,Redland,Tanks,T-90,captured\n")
        columns = "\n".join(f'{name} = "{name}"' for name in ("id", "side", "category", "type", "status"))
        feed = 'name = "Second"\nlicence = "CC0"\nverification = "confirmed"\nverified_by = "Second"'
        (tmp_path / "second.toml").write_text(f"[columns]\n{columns}\n[feed]\n{feed}\n")
        command(ledger, "import", str(tmp_path / "second.csv"), "--map", str(tmp_path / "second.toml"))
    with reader(browser, f"{(tmp_path / 'site').as_uri()}/") as opened:

        def found(address: str) -> int:
            said = ready(opened, f"items.html#{address}").locator("#found").inner_text()
            assert "unknown" not in said
            return int(said.split(" of ")[0])

        assert found("side=redland") == found("side=redland.the-list") + found("side=redland.second")
        assert found("side=redland.second") == 1
        assert found("side=blueland.the-list") == found("side=blueland") > 1
        page = ready(opened, f"items.html#q={uid}")
        assert page.locator("#f-side option").all_inner_texts()[:2] == ["all", "Redland, all lists"]
        assert page.locator("#items tbody td.day").all_inner_texts() == ["2020-10*"]
        assert opened.wrong == []
