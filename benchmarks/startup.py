"""What a whole run of the program costs, as multiples of importing the libraries that it stands on.

    python -m benchmarks.startup [--rounds N]

The same tally is printed by sqlite-utils and by pandas from the same file, and all must show the same figures.
"""

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.timing import Spent, compile_program, interleaved, milliseconds, print_table, ratio
from lossledger.db.engine import open_engine
from lossledger.ledger.setup import create

PACK = "nagorno-karabakh-2020"
FLOOR = "import of the libraries"
HELP, TABLE, JSON = "lossledger --help", "lossledger tally", "lossledger tally --format json"
SQLITE_UTILS, PANDAS = "sqlite-utils query", "pandas"

TARGETS = {HELP: 0.4, TABLE: 1.2, JSON: 1.1}
"""Multiples of the floor that each may cost."""

STATEMENT = """
SELECT side.name AS side, category.name AS category, SUM(posting.quantity) AS quantity
FROM posting JOIN side ON side.id = posting.side_id JOIN category ON category.id = posting.category_id
WHERE posting.verification = 'confirmed'
GROUP BY side.id, category.id HAVING SUM(posting.quantity) <> 0
ORDER BY side.position, category.position
"""

Figures = set[tuple[str, str, int]]


def commands(ledger: Path) -> dict[str, Sequence[str]]:
    """What is run, by the name under which it is reported; programs are those of this Python."""
    beside = Path(sys.executable).parent
    program = str(beside / "lossledger")
    with_pandas = Path(__file__).with_name("tally_by_pandas.py")
    return {
        FLOOR: [sys.executable, "-c", "import sqlalchemy, click, rich.console, rich.table"],
        HELP: [program, "--help"],
        TABLE: [program, "tally"],
        JSON: [program, "tally", "--format", "json"],
        SQLITE_UTILS: [str(beside / "sqlite-utils"), "query", str(ledger), STATEMENT],
        PANDAS: [sys.executable, str(with_pandas), str(ledger)],
    }


def figures(name: str, printed: str) -> Figures:
    """The cells that a tally shows, those of nothing aside."""
    if name == TABLE:
        return _of_table(printed)
    return {(row["side"], row["category"], row["quantity"]) for row in json.loads(printed)}


def _of_table(printed: str) -> Figures:
    """The cells of a table of headings against sides. Right for a pack that gives no losses to sides under others."""
    lines = [re.split(r"\s{2,}", line.strip()) for line in printed.splitlines()]
    sides = next(line[1:] for line in lines if line[0] == "Category")
    return {
        (side, line[0], int(number.replace(",", "")))
        for line in lines
        if len(line) == len(sides) + 1 and line[0] not in ("Category", "Total")
        for side, number in zip(sides, line[1:], strict=True)
        if number != "-"
    }


def check_same(spent: dict[str, list[Spent]]) -> int:
    """How many cells each tally shows. Raises: RuntimeError where they do not show the same."""
    shown = {name: figures(name, spent[name][0].printed) for name in (TABLE, JSON, SQLITE_UTILS, PANDAS)}
    different = [name for name, cells in shown.items() if cells != shown[JSON]]
    if different:
        raise RuntimeError(f"not the figures of {JSON}: {', '.join(different)}")
    return len(shown[JSON])


def report(spent: dict[str, list[Spent]]) -> None:
    """Print the medians, the multiples of the floor, and whether the targets hold."""
    rows = []
    for name, runs in spent.items():
        of_cpu = ratio([one.cpu for one in runs], [one.cpu for one in spent[FLOOR]])
        of_wall = ratio([one.wall for one in runs], [one.wall for one in spent[FLOOR]])
        target = TARGETS.get(name)
        holds = "" if target is None else f"under {target}: {'holds' if of_cpu < target else 'MISSED'}"
        cpu, wall = milliseconds([one.cpu for one in runs]), milliseconds([one.wall for one in runs])
        rows.append((name, cpu, f"{of_cpu:.2f}", wall, f"{of_wall:.2f}", holds))
    print_table(("", "CPU", "x floor", "wall", "x floor", "target (CPU)"), rows)


def main() -> None:
    """Make a ledger, run everything in turn, report."""
    parser = argparse.ArgumentParser(description="What a whole run of the program costs.")
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    compile_program()
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger.db"
        create(open_engine(f"sqlite:///{ledger}"), "benchmark", [PACK])
        environment = {**os.environ, "LOSSLEDGER_DB": str(ledger)}
        environment.pop("COLUMNS", None)
        spent = interleaved(commands(ledger), environment, rounds)
    cells = check_same(spent)
    report(spent)
    least = median(one.cpu for one in spent[FLOOR])
    print(
        f"\n{rounds} rounds of whole processes; floor {least * 1000:.0f} ms; all tallies show the same {cells} cells."
    )


if __name__ == "__main__":
    main()
