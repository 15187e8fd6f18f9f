"""What publishing a site costs, whole processes: the first time, again unchanged, and again after ten changes.

    python -m benchmarks.publish [--losses N] [--rounds N] [--keep FOLDER]

A table of losses with links and places goes into a new ledger in three versions, each of which corrects some of what
the one before said, so that losses have a history. Each round begins with an empty folder; ten losses are amended by
hand before the site is written again, which is compared with the first time in the same round.
"""

import argparse
import csv
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.timing import Spent, compile_program, print_table, run

_KINDS = (
    ("Tanks", "T-72B"),
    ("Tanks", "T-80BV"),
    ("Infantry Fighting Vehicles", "BMP-2"),
    ("Armoured Fighting Vehicles", "MT-LB"),
    ("Towed Artillery", "2A65 Msta-B"),
    ("Self-Propelled Artillery", "2S3 Akatsiya"),
    ("Surface-To-Air Missile Systems", "9K37 Buk-M1"),
    ("Helicopters", "Mi-8"),
    ("Trucks, Vehicles, and Jeeps", "Ural-4320"),
)
_COLUMNS = ("id", "side", "category", "type", "status", "date", "source", "place", "latitude", "longitude")
_VERSIONS = 3
_CHANGED = 0.4
"""How many of its rows each later version says otherwise."""

_AMENDED = 10

_MAPPING = """[feed]
name = "A list of losses"
verification = "confirmed"
verified_by = "Its editors"

[columns]
""" + "".join(f'{name} = "{name}"\n' for name in _COLUMNS)


def main() -> None:
    """Measure, and print a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--losses", type=int, default=30_000)
    options.add_argument("--rounds", type=int, default=3, help="rounds from an empty folder on")
    options.add_argument("--keep", type=Path, help="a folder in which ledger and site stay, for a look at them")
    chosen = options.parse_args()
    compile_program()
    with tempfile.TemporaryDirectory(prefix="lossledger-bench-") as folder:
        place = chosen.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        _measure(place, chosen.losses, chosen.rounds)


def _measure(folder: Path, losses: int, rounds: int) -> None:
    ledger = folder / "publish.db"
    make_ledger(folder, ledger, losses)
    first, unchanged, changed = [], [], []
    for number in range(rounds):
        site = folder / "site"
        shutil.rmtree(site, ignore_errors=True)
        publish = _program(ledger, "publish", str(site))
        first.append(_spent(publish))
        unchanged.append(_spent(publish))
        _amend(ledger, number)
        changed.append(_spent(publish))
    rows = [
        _row("the first time", first, first),
        _row("again, unchanged", unchanged, first),
        _row(f"again, after {_AMENDED} changes", changed, first),
    ]
    files = sum(1 for path in site.rglob("*") if path.is_file())
    print(f"\na site of {losses:,} losses, {files:,} files; whole processes, medians of {rounds} rounds\n")
    print_table(("", "wall", "of the first", "CPU", "of the first"), rows)


def _row(name: str, spent: Sequence[Spent], first: Sequence[Spent]) -> tuple[str, ...]:
    """A row of the table: what was spent, and what that is of the first time, in the same round each."""
    pairs = list(zip(spent, first, strict=True))
    wall, cpu = median(one.wall for one in spent), median(one.cpu for one in spent)
    of_wall, of_cpu = median(one.wall / it.wall for one, it in pairs), median(one.cpu / it.cpu for one, it in pairs)
    return name, f"{wall:.2f} s", f"{of_wall:.3f}", f"{cpu:.2f} s", f"{of_cpu:.3f}"


def make_ledger(folder: Path, ledger: Path, losses: int) -> None:
    """A ledger with the losses of a table that came in several versions; the same at every run but for its ids."""
    ledger.unlink(missing_ok=True)
    _spent(_program(ledger, "init", "--pack", "ukraine-2022"))
    table, mapping = folder / "table.csv", folder / "map.toml"
    mapping.write_text(_MAPPING, encoding="utf-8")
    for version in range(_VERSIONS):
        _write_table(table, losses, version)
        _spent(_program(ledger, "import", str(table), "--map", str(mapping)))


def _write_table(path: Path, number: int, version: int) -> None:
    random, later = Random(number), Random(version)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_COLUMNS)
        for row in range(number):
            category, kind = random.choice(_KINDS)
            day = f"202{random.randrange(2, 6)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
            link = f"https://pictures.example/{random.getrandbits(40):x}/{row}.jpg"
            side = random.choice(("Russia", "Ukraine"))
            place = (random.uniform(46.5, 50.2), random.uniform(32.5, 38.5))
            status, village = random.choice(("destroyed", "captured", "damaged")), f"Village {random.randrange(2_000)}"
            if version and later.random() < _CHANGED:
                village = f"{village}, by version {version}"
            writer.writerow((row + 1, side, category, kind, status, day, link, village, *place))


def _amend(ledger: Path, number: int) -> None:
    """Change ten losses, in an act each, as people do."""
    with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as connection:
        chosen = connection.execute("SELECT uid FROM loss ORDER BY id LIMIT ? OFFSET ?", (_AMENDED, number * 977))
        uids = [uid for (uid,) in chosen]
    for uid in uids:
        _spent(_program(ledger, "amend", uid, "--place", f"Ford {number}", "--reason", "looked at again"))


def _program(ledger: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "lossledger", "--db", str(ledger), "--actor", "benchmark", *arguments]


def _spent(command: Sequence[str]) -> Spent:
    return run(command, dict(os.environ))


if __name__ == "__main__":
    main()
