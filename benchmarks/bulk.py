"""What entering many new losses in one act costs, each with a source of its own, as the import of a list does it.

    python -m benchmarks.bulk [--losses N] [--url postgresql://...] [--profile] [--audit]

Every loss has about fourteen fields, a piece of evidence that cites its own link, the row of the list that it came
from, and one posting. The rows are made up as they are needed and their cost is told apart, so that what is left is
the journal's: forms, salts, digests, the chain, the projection, and the database.
"""

import argparse
import cProfile
import gc
import json
import pstats
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from lossledger.checks.audit import audit
from lossledger.core.digest import new_uid
from lossledger.core.vocabulary import Act
from lossledger.db.engine import open_engine, reading
from lossledger.ledger import catalogue
from lossledger.ledger.journal import Journal, recording
from lossledger.ledger.setup import create
from lossledger.queries.catalogue import catalogue as read_catalogue

SIDES = ("made-up-war/north", "made-up-war/south")
FEED = "made-up-list"
FIRST_DAY = date(2014, 3, 1)
STATUSES = ("destroyed", "destroyed", "destroyed", "captured", "damaged", "abandoned")


class Cost(NamedTuple):
    """Microseconds a loss, of processor and wall, and the most memory that the process ever had, in megabytes."""

    cpu: float
    wall: float
    peak: float


def furnish(url: str) -> list[tuple[str, str]]:
    """Make a ledger with a conflict, two sides and a feed; returns its types with their categories."""
    engine = open_engine(url)
    create(engine, "benchmark")
    with recording(engine, actor="benchmark") as journal:
        catalogue.create(journal, "conflict", {"name": "Made-up war"}, "made-up-war")
        for side in SIDES:
            catalogue.create(journal, "side", {"conflict": "made-up-war", "name": side.rpartition("/")[2]}, side)
        catalogue.create(journal, "feed", {"name": "Made-up list"}, FEED)
    with reading(engine) as connection:
        terms = read_catalogue(connection).terms["type"].values()
        return [(term.slug, term.within) for term in terms if term.within][:600]


def rows(losses: int, types: list[tuple[str, str]], run: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """The fields of made-up losses and of their sources; the same each time, but for the uids."""
    random = Random(2022)
    for number in range(losses):
        type_, category = random.choice(types)
        day = (FIRST_DAY + timedelta(days=number * 1_500 // losses)).isoformat()
        given = {"id": number, "model": type_, "lost": day, "note": f"{'row as it stood ' * 9}{number}", "geo": "48.1"}
        link = f"https://postimg.example/{number:08x}{random.getrandbits(40):010x}"
        piece = f"evidence.{new_uid()}."
        loss = {
            "feed": FEED,
            "feed_key": f"{number:07}",
            "side": random.choice(SIDES),
            "type": type_,
            "category": category,
            "quantity": "1",
            "counts": "item",
            "status": random.choice(STATUSES),
            "phrase": f"{number % 977}, destroyed",
            "latest": day,
            "reported": day,
            "latitude": f"{44 + random.random() * 8:.5f}",
            "longitude": f"{22 + random.random() * 18:.5f}",
            "place": f"near place {number % 20_000}",
            "verification": "confirmed",
            "verified_by": "the list",
            f"{piece}relation": "reports",
            f"row.{FEED}.run": run,
            f"row.{FEED}.given": json.dumps(given),
            f"{piece}source": "",
        }
        yield loss, {"url": link, "kind": "image"}


def enter(journal: Journal, losses: int, types: list[tuple[str, str]]) -> None:
    """Enter made-up losses, each with its source, as one import."""
    run = new_uid()
    journal.append(Act.CATALOGUE, "import", run, {"feed": FEED, "file": "made up"}, new=True)
    for loss, source in rows(losses, types, run):
        uid = new_uid()
        journal.append(Act.CATALOGUE, "source", uid, source, new=True)
        cites = next(reversed(loss))
        loss[cites] = uid
        journal.append(Act.REPORT, "loss", new_uid(), loss, new=True)


def measure(url: str, losses: int, types: list[tuple[str, str]]) -> Cost:
    """What entering so many losses costs, commit included, made-up rows not."""
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in rows(losses, types, "importaaaa"):
        for _ in range(2):
            new_uid()
    own = (time.process_time() - cpu, time.perf_counter() - wall)
    cpu, wall = time.process_time(), time.perf_counter()
    with recording(open_engine(url), actor="benchmark", reason="a made-up list") as journal:
        enter(journal, losses, types)
    spent = (time.process_time() - cpu - own[0], time.perf_counter() - wall - own[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(spent[0] / losses * 1e6, spent[1] / losses * 1e6, peak)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--losses", type=int, default=100_000)
    parser.add_argument("--url", help="an empty database; a file of its own where none is given")
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    parser.add_argument("--audit", action="store_true", help="audit what was written")
    parser.add_argument("--no-gc", action="store_true", help="without the garbage collector")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lossledger-bulk-") as folder:
        url = options.url or f"sqlite:///{Path(folder) / 'ledger.db'}"
        types = furnish(url)
        profile = cProfile.Profile()
        if options.no_gc:
            gc.disable()
        if options.profile:
            profile.enable()
        cost = measure(url, options.losses, types)
        profile.disable()
        gc.enable()
        print(
            f"{options.losses:,} losses: {cost.cpu:.1f} us of processor, {cost.wall:.1f} us on the wall a loss,"
            f" {1e6 / cost.wall:,.0f} losses a second; at most {cost.peak:.0f} MB"
        )
        if options.profile:
            pstats.Stats(profile).sort_stats("tottime").print_stats(35)
        if options.audit:
            with reading(open_engine(url)) as connection:
                print("findings:", audit(connection).findings)


if __name__ == "__main__":
    main()
