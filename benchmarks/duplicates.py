"""The search for possible duplicates in ledgers of growing size, without scenes and with them.

    python -m benchmarks.duplicates [--largest N] [--rounds N]

Two lists and what was entered by hand tell of one war: every loss rests on a link, has a day and mostly a place near
the front; a link in eight shows several things; one loss in twelve stands in another list, too, behind the same link or
another. With scenes, the posts of such copies are said to show one event.
"""

import argparse
import gc
import sqlite3
import tempfile
import time
from contextlib import closing
from itertools import groupby
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

from sqlalchemy import Connection

from benchmarks.made_ledger import CONFLICT, Size, make
from benchmarks.timing import milliseconds, print_table
from lossledger.core.links import link_key
from lossledger.core.sameness import Ground
from lossledger.core.vocabulary import Verification
from lossledger.db.engine import open_engine, reading
from lossledger.queries.catalogue import catalogue
from lossledger.queries.duplicates import Found, duplicates
from lossledger.queries.scope import Scope

SIZES = (
    Size(3_000, types=400, days=300),
    Size(30_000, types=1_000, days=1_200),
    Size(100_000, types=1_500, days=1_200),
)
SCOPE = Scope(CONFLICT, verifications=tuple(Verification))

Rows = list[tuple[object, ...]]


class Loss(NamedTuple):
    """What a loss has come to, of which its copy in another list says the same."""

    side: int
    type: int | None
    category: int
    quantity: int
    counts: str
    day: str | None
    outcome: str
    place: tuple[float, float] | None
    link: int


def dress(file: Path, random: Random) -> None:
    """Give the losses of a made ledger lists, links and places, and make some of them copies of others."""
    front = [(random.uniform(46.5, 50.2), random.uniform(32.5, 38.5)) for _ in range(60)]
    with closing(sqlite3.connect(file)) as ledger:
        feeds = [row[0] for row in ledger.execute("SELECT id FROM feed ORDER BY id")]
        own, lists = feeds[0], feeds[1:3]
        told: list[Loss] = []
        losses: Rows = []
        links: list[tuple[int, int]] = []
        standing = "SELECT id, side_id, type_id, category_id, quantity, counts, day, outcome FROM loss ORDER BY id"
        for row_id, *known in ledger.execute(standing).fetchall():
            if told and random.random() < 0.08:
                one = random.choice(told[-2_000:])
                one = one._replace(link=one.link if random.random() < 0.5 else row_id)
            else:
                again = told and random.random() < 0.12
                one = Loss._make((*known, _place(random, front), told[-1].link if again else row_id))
            told.append(one)
            feed = random.choices((own, *lists), weights=(1, 2, 2))[0]
            key = None if feed == own else str(row_id)
            losses.append((feed, key, *one[:-2], one.day, *(one.place or (None, None)), row_id))
            links.append((row_id, one.link))
        ledger.executemany(_DRESSED, losses)
        shown = sorted({link for _, link in links})
        ledger.executemany(
            "INSERT INTO source (id, uid, url, url_key) VALUES (?, ?, ?, ?)",
            [(link, f"s{link:09}", url, link_key(url)) for link in shown for url in (_url(link),)],
        )
        ledger.executemany(
            "INSERT INTO evidence (loss_id, uid, source_id, relation) VALUES (?, ?, ?, 'reports')",
            [(row_id, f"e{row_id:09}", link) for row_id, link in links],
        )
        ledger.commit()


def _place(random: Random, front: list[tuple[float, float]]) -> tuple[float, float] | None:
    """Somewhere near the front; one loss in four has no place."""
    if random.random() < 0.25:
        return None
    north, east = random.choice(front)
    return random.gauss(north, 0.08), random.gauss(east, 0.12)


def _url(link: int) -> str:
    return f"https://x.com/observer/status/{link}"


def group(file: Path) -> None:
    """Put the links of losses that agree in side, type, day and place into the inbox, those of each kind as a scene."""
    alike = (
        "SELECT side_id, type_id, day, latitude, source_id FROM loss JOIN evidence ON loss_id = loss.id"
        " WHERE type_id > 0 AND latitude > 0 ORDER BY 1, 2, 3, 4, 5"
    )
    with closing(sqlite3.connect(file)) as ledger:
        scenes = [
            sorted({row[-1] for row in rows})
            for _, told in groupby(ledger.execute(alike).fetchall(), key=lambda row: row[:-1])
            for rows in (list(told),)
        ]
        shown = [(link, number) for number, links in enumerate(scenes, 1) if len(links) > 1 for link in links]
        ledger.executemany(
            "INSERT INTO scene (id, uid, name) VALUES (?, ?, ?)",
            [(number, f"c{number:09}", f"Scene {number}") for number in sorted({number for _, number in shown})],
        )
        ledger.executemany(
            "INSERT INTO post (id, uid, url, url_key, added, closed_as, scene_id)"
            " VALUES (?, ?, ?, ?, '', 'recorded', ?)",
            [
                (place, f"p{place:09}", _url(link), link_key(_url(link)), number)
                for place, (link, number) in enumerate(dict(shown).items(), 1)
            ],
        )
        ledger.commit()


_DRESSED = (
    "UPDATE loss SET feed_id = ?, feed_key = ?, side_id = ?, type_id = ?, category_id = ?, quantity = ?, counts = ?,"
    " day = ?, outcome = ?, latest = ?, latitude = ?, longitude = ?, span = 0 WHERE id = ?"
)


def search(connection: Connection) -> Found:
    """The search, with the catalogue that it needs."""
    return duplicates(connection, SCOPE, catalogue(connection))


def measure(file: Path, size: Size, rounds: int) -> list[str]:
    """One ledger: how long the search takes, and what it finds."""
    with reading(open_engine(f"sqlite:///{file}")) as connection:
        found = search(connection)
        spent = [_processor_time(connection) for _ in range(rounds)]
    shown = (Ground.SCENE, Ground.LINK, Ground.NEAR)  # no source holds anything here
    grounds = [sum(pair.ground is ground for pair in found.pairs) for ground in shown]
    return [milliseconds(spent), f"{median(spent) / size.losses * 1e6:.0f} µs", *(f"{number:,}" for number in grounds)]


def _processor_time(connection: Connection) -> float:
    """What one search takes of one processor, in seconds: it does not wait for others on a busy machine."""
    began = time.process_time()
    search(connection)
    return time.process_time() - began


def main() -> None:
    """The small ledgers first, each without scenes and then with them."""
    parser = argparse.ArgumentParser(description="The search for possible duplicates in ledgers of growing size.")
    parser.add_argument("--largest", type=int, default=SIZES[-1].losses, help="leave out ledgers with more losses")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    gc.disable()  # as the program has it
    rows = []
    for size in SIZES:
        if size.losses > given.largest:
            continue
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "ledger.db"
            make(file, size)
            dress(file, Random(size.losses))
            rows.append([f"{size.losses:,} losses", *measure(file, size, given.rounds)])
            group(file)
            rows.append(["  with scenes", *measure(file, size, given.rounds)])
    print_table(("", "search", "a loss", "by scene", "by link", "by nearness"), rows)


if __name__ == "__main__":
    main()
