"""Reading a saved page of 10,000 items, beside what two parsers take merely to make a tree of its HTML.

The page is a given one with its list repeated, or one made in its notation. Processor time is taken, and the caches
of what brackets say are emptied before every round, so that each reads as a new process does.
"""

import gc
import gzip
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bs4 import BeautifulSoup
from lxml import etree

from benchmarks.timing import milliseconds, print_table, ratio
from lossledger.core import notation, notation_phrase
from lossledger.core.phrases import bracket
from lossledger.feeds.oryx import read
from lossledger.feeds.records import Item

ITEMS = 10_000
ROUNDS = 9


def repeated(page: bytes, count: int = ITEMS) -> bytes:
    """The page with its list, from the first headline to the last line, repeated until it has so many items."""
    begin, end = page.index(b"<h3"), page.index(b"</li>", page.rindex(b")</a>")) + len(b"</li>")
    once = sum(isinstance(record, Item) for record in read(page).records)
    return page[:end] + page[begin:end] * (-(-count // once) - 1) + page[end:]


def made() -> bytes:
    """A page of a hundred items made in the notation, for want of a given one."""
    link = '<a href="https://i.example.org/{0}/{0}.jpg">{1}</a>'
    links = " ".join(link.format(number, bracket([number], "destroyed")) for number in range(1, 101))
    return (
        "<h3>Ukraine - 100, of which: destroyed: 100</h3><h3>Tanks (100, of which destroyed: 100)</h3>"
        f"<ul><li>100 T-64BV: {links}</li></ul>"
    ).encode()


def given() -> bytes:
    """The page to measure on: the largest in the folder of real data, else a made one."""
    folder = os.environ.get("LOSSLEDGER_DATA")
    page = Path(folder) / "oryx" / "ukraine.html.gz" if folder else None
    return gzip.decompress(page.read_bytes()) if page and page.exists() else made()


def reading(page: bytes) -> int:
    """How many items a first reading of the page gives."""
    return sum(isinstance(record, Item) for record in read(page).records)


def forget() -> None:
    """Empty the caches, as they are when a process begins."""
    for cache in (notation.read_bracket, notation_phrase.read_phrase, notation_phrase.status_of):
        cache.cache_clear()


def taken(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of processor time of every call once a round, round after round, after one to warm up."""
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(1 + rounds):
        for name, call in calls.items():
            forget()
            gc.collect()  # what one call left behind is not the next one's work
            began = time.process_time()
            call()
            if number:
                spent[name].append(time.process_time() - began)
    return spent


def main(rounds: int = ROUNDS) -> None:
    """Print what each takes, and how often the time of lxml's parse that is."""
    page = repeated(given())
    spent = taken(
        {
            "lxml, parse alone": lambda: etree.fromstring(page, etree.HTMLParser(encoding="utf-8")),
            "lossledger, every item": lambda: reading(page),
            "BeautifulSoup (html.parser), parse alone": lambda: BeautifulSoup(page, "html.parser"),
        },
        rounds,
    )
    base = spent["lxml, parse alone"]
    print(f"{reading(page):,} items, {len(page):,} bytes; median of {rounds} rounds, processor time\n")
    print_table(
        ("", "time", "best", "against lxml"),
        [
            (name, milliseconds(times), f"{min(times) * 1000:.1f} ms", f"{ratio(times, base):.1f} x")
            for name, times in spent.items()
        ],
    )
    items = reading(page) / median(spent["lossledger, every item"])
    print(f"\n{items:,.0f} items a second")


if __name__ == "__main__":
    main()
