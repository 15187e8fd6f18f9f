"""What a whole import costs, process start included, beside what others need merely to read or to store the same.

    python -m benchmarks.importing [--rounds N] [--items N] [--rows N]

A page of a list, repeated to some ten thousand items, goes into a new ledger; beside it BeautifulSoup parses its HTML
with ``html.parser`` and does nothing else. A table of a million rows goes into a new ledger, each row with an id, a
day and a link of its own; beside it sqlite-utils stores the same rows in one table, without journal, chain, evidence
or sums. The pages need LOSSLEDGER_DATA, the folder of real lists.
"""

import argparse
import csv
import os
import sqlite3
import sys
import tempfile
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.pages import repeated
from benchmarks.timing import compile_program, cost, interleaved, print_table, ratio, run

_KINDS = (
    ("Tanks", "T-72B"),
    ("Tanks", "T-80BV"),
    ("Infantry Fighting Vehicles", "BMP-2"),
    ("Armoured Fighting Vehicles", "MT-LB"),
    ("Towed Artillery", "2A65 Msta-B"),
    ("Trucks, Vehicles, and Jeeps", "Ural-4320"),
)
_COLUMNS = ("id", "side", "category", "type", "status", "date", "source")


def main() -> None:
    """Measure both, and print a table of each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5, help="rounds of the page's import")
    options.add_argument("--items", type=int, default=10_000, help="items of the page")
    options.add_argument("--rows", type=int, default=1_000_000, help="rows of the largest table")
    chosen = options.parse_args()
    compile_program()
    with tempfile.TemporaryDirectory(prefix="lossledger-bench-") as folder:
        _pages(Path(folder), chosen.items, chosen.rounds)
        _tables(Path(folder), chosen.rows)


def _pages(folder: Path, items: int, rounds: int) -> None:
    data = os.environ.get("LOSSLEDGER_DATA")
    if not data:
        print("pages: left out, LOSSLEDGER_DATA names no folder of real lists")
        return
    page = folder / "page.html"
    page.write_bytes(repeated(Path(data) / "oryx" / "ukraine.html.gz", items))
    empty = _empty_ledger(folder)
    ledger = folder / "page.db"
    script = (
        "import shutil, subprocess, sys; shutil.copyfile(sys.argv[1], sys.argv[2]); "
        "sys.exit(subprocess.run([*sys.argv[3:]]).returncode)"
    )
    program = [sys.executable, "-m", "lossledger"]
    soup = f"import bs4; bs4.BeautifulSoup(open({str(page)!r}, 'rb').read(), 'html.parser')"
    lxml = f"import lxml.html; lxml.html.document_fromstring(open({str(page)!r}, 'rb').read())"
    commands = {
        "lossledger import": [
            sys.executable, "-c", script, str(empty), str(ledger),
            *program, "--db", str(ledger), "import", str(page), "--format", "json",
        ],
        "BeautifulSoup, parse alone": [sys.executable, "-c", soup],
        "lxml, parse alone": [sys.executable, "-c", lxml],
        "start of Python alone": [sys.executable, "-c", "import shutil, subprocess"],
    }  # fmt: skip
    spent = interleaved(commands, dict(os.environ), rounds)
    floor = spent["BeautifulSoup, parse alone"]
    print(f"\na page of {items:,} items, {page.stat().st_size / 1e6:.1f} MB; whole processes, {rounds} rounds\n")
    rows = [
        (
            name,
            f"{median(one.wall for one in costs):.2f} s",
            f"{ratio([one.wall for one in costs], [one.wall for one in floor]):.2f}",
            f"{median(one.cpu for one in costs):.2f} s",
            f"{ratio([one.cpu for one in costs], [one.cpu for one in floor]):.2f}",
        )
        for name, costs in spent.items()
    ]
    print_table(("", "wall", "x BeautifulSoup", "CPU", "x BeautifulSoup"), rows)
    with sqlite3.connect(ledger) as connection:
        print(f"\nlosses in the ledger: {connection.execute('SELECT count(*) FROM loss').fetchone()[0]:,}")


def _tables(folder: Path, largest: int) -> None:
    empty = _empty_ledger(folder)
    rows = []
    for number in (largest // 10, largest):
        table = folder / "table.csv"
        _write_table(table, number)
        ours = folder / "table.db"
        ours.unlink(missing_ok=True)
        ours.write_bytes(empty.read_bytes())
        program = [sys.executable, "-m", "lossledger", "--db", str(ours), "import", str(table), "--format", "json"]
        theirs = [
            sys.executable,
            "-m",
            "sqlite_utils",
            "insert",
            str(folder / "theirs.db"),
            "rows",
            str(table),
            "--csv",
        ]
        (folder / "theirs.db").unlink(missing_ok=True)
        beside = cost(theirs)
        spent = cost(program)
        with sqlite3.connect(ours) as connection:
            (losses,) = connection.execute("SELECT count(*) FROM loss").fetchone()
        if losses != number:
            raise RuntimeError(f"{number:,} rows became {losses:,} losses")
        rows.append(
            (
                f"{number:,} rows",
                f"{number / spent.wall:,.0f} a second",
                f"{spent.cpu / number * 1e6:.0f} µs",
                f"{spent.peak:.0f} MB",
                f"{number / beside.wall:,.0f} a second",
                f"{spent.wall / beside.wall:.1f}",
            )
        )
    print("\na table of losses, each with a link of its own; whole processes\n")
    print_table(("", "lossledger import", "CPU a row", "most memory", "sqlite-utils insert", "x sqlite-utils"), rows)


def _write_table(path: Path, number: int) -> None:
    random = Random(number)  # the same table at every run
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_COLUMNS)
        for row in range(number):
            category, kind = random.choice(_KINDS)
            day = f"202{random.randrange(2, 6)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
            status = random.choice(("destroyed", "destroyed", "captured", "damaged", "abandoned"))
            link = f"https://pictures.example/{random.getrandbits(40):x}/{row}.jpg"
            writer.writerow((row + 1, random.choice(("Russia", "Ukraine")), category, kind, status, day, link))


def _empty_ledger(folder: Path) -> Path:
    """A ledger with the catalogue and the sides of a war, and no losses."""
    path = folder / "empty.db"
    if not path.exists():
        run([sys.executable, "-m", "lossledger", "--db", str(path), "init", "--pack", "ukraine-2022"], dict(os.environ))
    return path


if __name__ == "__main__":
    main()
