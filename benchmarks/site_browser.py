"""The public site of 30,000 losses beside one page of an Oryx list with the same losses, in a real browser.

Both are opened from a folder, one after the other, round after round, in a new window each. Measured by the browser:
when something is first seen, when the page is done, and how long it takes until only captured tanks are left to look
at: on our page of all items by its filter; on the long page by the best that a script of a few lines could do, hiding
all others and laying the page out anew. What a reader of such a page has in fact is the browser's search.
"""

import csv
import random
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page

from benchmarks.timing import print_table, ratio
from lossledger.core.phrases import bracket
from tests.chromium import DESKTOP, running

LOSSES, ROUNDS = 30_000, 7
SIDES = (("Russia", 7), ("Ukraine", 3))
CATEGORIES = {
    "Tanks": 20,
    "Armoured Fighting Vehicles": 12,
    "Infantry Fighting Vehicles": 30,
    "Armoured Personnel Carriers": 6,
    "Towed Artillery": 6,
    "Self-Propelled Artillery": 8,
    "Helicopters": 2,
    "Trucks, Vehicles, and Jeeps": 16,
}
STATUSES = {"destroyed": 75, "damaged": 8, "abandoned": 4, "captured": 13}

_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_DONE = "performance.getEntriesByType('navigation')[0].loadEventEnd"

_FILTER_ITEMS = """() => {
    const start = performance.now();
    const choose = (id, value) => { document.getElementById(id).value = value; };
    choose("f-category", "tanks");
    choose("f-status", "captured");
    document.getElementById("filters").dispatchEvent(new Event("input"));
    document.body.getBoundingClientRect();
    return performance.now() - start;
}"""

_FILTER_PAGE = """() => {
    const start = performance.now();
    for (const item of document.querySelectorAll("li")) {
        const tanks = item.closest("ul").previousElementSibling.textContent.startsWith("Tanks");
        for (const link of item.querySelectorAll("a")) link.hidden = !(tanks && link.textContent.includes("captured"));
    }
    document.body.getBoundingClientRect();
    return performance.now() - start;
}"""


class Loss(NamedTuple):
    """One made-up loss, as a row of a list."""

    id: int
    side: str
    category: str
    type: str
    status: str
    date: date
    latitude: float
    longitude: float
    source: str


class Seen(NamedTuple):
    """What one opening of a page took, in milliseconds."""

    paint: float
    done: float
    filtered: float


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        losses = list(made())
        page = folder / "page.html"
        page.write_text(as_page(losses), encoding="utf-8")
        site = published(folder, losses)
        opened = {
            "first page of the site": (site / "index.html", None),
            "all items of the site": (site / "items.html", _FILTER_ITEMS),
            "one long page": (page, _FILTER_PAGE),
        }
        seen: dict[str, list[Seen]] = {what: [] for what in opened}
        with running() as browser:
            for number in range(ROUNDS + 1):
                for what, (path, filtering) in opened.items():
                    once = look(browser, path, filtering)
                    if number:  # the first round fills the caches
                        seen[what].append(once)
        report(seen, {what: weight(path) for what, (path, _) in opened.items()})


def made() -> Iterator[Loss]:
    chance = random.Random("site")
    types = {name: [f"{name.split()[0]} {chance.randrange(10, 99)}-{n}" for n in range(24)] for name in CATEGORIES}
    for number in range(LOSSES):
        category = chance.choices(list(CATEGORIES), list(CATEGORIES.values()))[0]
        yield Loss(
            number,
            chance.choices([name for name, _ in SIDES], [share for _, share in SIDES])[0],
            category,
            types[category][min(int(chance.expovariate(0.2)), 23)],
            chance.choices(list(STATUSES), list(STATUSES.values()))[0],
            date(2022, 2, 24) + timedelta(min(int(chance.expovariate(0.002)), 1600)),
            round(chance.gauss(48.5, 0.8), 4),
            round(chance.gauss(37.5, 1.2), 4),
            f"https://i.example.org/{number:07d}/{number:07d}.jpg",
        )


def as_page(losses: list[Loss]) -> str:
    """The losses in the notation of the Oryx lists: headings, a line for each type, a link for each loss."""
    blocks: dict[tuple[str, str], dict[str, list[Loss]]] = defaultdict(lambda: defaultdict(list))
    for loss in losses:
        blocks[loss.side, loss.category][loss.type].append(loss)
    written = []
    for side, _ in SIDES:
        written.append(f"<h3>{side}</h3>")
        for category in CATEGORIES:
            written.append(f"<h3>{escape(category)}</h3><ul>")
            for type_, found in blocks[side, category].items():
                links = " ".join(
                    f'<a href="{one.source}" target="_blank" rel="nofollow">{bracket([at], one.status)}</a>'
                    for at, one in enumerate(found, 1)
                )
                written.append(f"<li>{len(found)} {escape(type_)}: {links}</li>")
            written.append("</ul>")
    return f"<!doctype html><meta charset=utf-8><title>List</title><body>{''.join(written)}</body>"


def published(folder: Path, losses: list[Loss]) -> Path:
    """The site of a ledger that was given the losses as a list."""
    with (folder / "losses.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(Loss._fields)
        rows.writerows(losses)
    columns = "\n".join(f'{name} = "{name}"' for name in Loss._fields)
    feed = '[feed]\nname = "The list"\nverification = "confirmed"\nverified_by = "The list"\n'
    (folder / "list.toml").write_text(f"[columns]\n{columns}\n{feed}")
    for words in (
        ("init", "--pack", "ukraine-2022"),
        ("import", "losses.csv", "--map", "list.toml"),
        ("publish", "site"),
    ):
        command = [sys.executable, "-m", "lossledger", "--db", "ledger.db", "--actor", "bench", *words]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / "site"


def look(browser: Browser, path: Path, filtering: str | None) -> Seen:
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    page = context.new_page()
    page.goto(path.as_uri())
    paint, done = awaited(page, _PAINT), awaited(page, _DONE)
    seen = Seen(paint, done, page.evaluate(filtering) if filtering else 0.0)
    context.close()
    return seen


def awaited(page: Page, measure: str) -> float:
    """A time that the browser gives as soon as it has it."""
    while not (found := page.evaluate(measure)):
        page.wait_for_timeout(20)
    return float(found)


def weight(path: Path) -> int:
    """Bytes of a page with all that it names: what a reader fetches before having seen it whole."""
    text = path.read_text(encoding="utf-8")
    named = (part.split('"')[0].split("?")[0] for part in text.replace('src="', 'href="').split('href="')[1:])
    files = {path.parent / name for name in named if name.endswith((".js", ".css"))}
    return path.stat().st_size + sum(file.stat().st_size for file in files if file.is_file())


def report(seen: dict[str, list[Seen]], weights: dict[str, int]) -> None:
    page = seen["one long page"]
    rows = []
    for what, times in seen.items():
        middle = [f"{statistics.median(column):.0f} ms" for column in zip(*times, strict=True)]
        filters = times[0].filtered > 0
        rows.append(
            (
                what,
                f"{weights[what] / 1000:,.0f} kB",
                middle[0],
                f"{ratio([one.paint for one in times], [one.paint for one in page]):.2f}",
                middle[1],
                f"{ratio([one.done for one in times], [one.done for one in page]):.2f}",
                middle[2] if filters else "-",
                f"{ratio([one.filtered for one in times], [one.filtered for one in page]):.2f}" if filters else "-",
            )
        )
    print_table(("", "weight", "first seen", "ratio", "done", "ratio", "filtered", "ratio"), rows)


if __name__ == "__main__":
    main()
