"""Reading a saved page of 10,000 items, beside what two parsers take merely to make a tree of its HTML.

    python -m benchmarks.reading_pages [--rounds N] [--items N]

The page is the largest in LOSSLEDGER_DATA, the folder of real lists, with its list repeated; else one made in the
notation. Processor time is taken. Garbage collection is off for every contender alike, as the command line has it:
on, all three take longer. What brackets say is forgotten before every round, so that each reads as a new process does.
"""

import argparse
import gc
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from bs4 import BeautifulSoup
from lxml import etree

from benchmarks.pages import lengthened, made, repeated
from benchmarks.timing import milliseconds, print_table, ratio
from lossledger.core import notation, notation_phrase
from lossledger.feeds.oryx import read
from lossledger.feeds.records import Item

_LXML = "lxml, parse alone"
_SOUP = "BeautifulSoup (html.parser), parse alone"
_OURS = "lossledger, every item"


def main() -> None:
    """Print what each takes, and how often the time of either parse that is."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--items", type=int, default=10_000, help="items that the page has at least")
    chosen = options.parse_args()
    page = _page(chosen.items)
    items = _reading(page)
    spent = _taken(
        {
            _LXML: lambda: etree.fromstring(page, etree.HTMLParser(encoding="utf-8")),
            _OURS: lambda: _reading(page),
            _SOUP: lambda: BeautifulSoup(page, "html.parser"),
        },
        chosen.rounds,
    )
    print(
        f"{items:,} items, {len(page):,} bytes; processor time of {chosen.rounds} rounds, garbage collection off "
        "for all; ratios are medians of those within a round\n"
    )
    print_table(
        ("", "median", "best", "x lxml", "x lxml, of the best", "x BeautifulSoup"),
        [_row(name, spent) for name in spent],
    )
    print(f"\n{items / median(spent[_OURS]):,.0f} items a second")


def _row(name: str, spent: Mapping[str, list[float]]) -> tuple[str, ...]:
    times, best = spent[name], min(spent[name])
    return (
        name,
        milliseconds(times),
        milliseconds([best]),
        f"{ratio(times, spent[_LXML]):.2f}",
        f"{best / min(spent[_LXML]):.2f}",
        f"{ratio(times, spent[_SOUP]):.3f}",
    )


def _page(items: int) -> bytes:
    folder = os.environ.get("LOSSLEDGER_DATA")
    given = Path(folder) / "oryx" / "ukraine.html.gz" if folder else None
    return repeated(given, items) if given and given.exists() else lengthened(made(), items)


def _reading(page: bytes) -> int:
    """How many items a first reading of the page gives."""
    return sum(isinstance(record, Item) for record in read(page).records)


def _taken(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of processor time of every call once a round, round after round, after one to warm up."""
    spent: dict[str, list[float]] = {name: [] for name in calls}
    gc.disable()
    for number in range(1 + rounds):
        for name, call in calls.items():
            _forget()
            gc.collect()  # what one call left behind is not the next one's work
            began = time.process_time()
            call()
            if number:
                spent[name].append(time.process_time() - began)
    return spent


def _forget() -> None:
    """Empty the caches, as they are when a process begins."""
    for cache in (notation.read_bracket, notation_phrase.read_phrase, notation_phrase.status_of):
        cache.cache_clear()


if __name__ == "__main__":
    main()
