"""What heads and proofs cost in a large ledger, and how large a proof is; whole processes, start included.

    python -m benchmarks.proofs [--entries N] [--ledger FILE]

A list is entered as an import does it, two entries a loss; then one loss is verified, moves on, and is noted upon, so
that it has four entries. Its proof must hold. Beside it stand a tally, which reads no hash, and, where it is asked for,
the audit, which reads everything.
"""

import argparse
import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks.bulk import enter, furnish
from benchmarks.timing import cost, print_table, run
from lossledger.db.engine import open_engine
from lossledger.ledger.journal import recording


def main() -> None:
    """Make the ledger, unless there is one, and measure."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--entries", type=int, default=1_000_000, help="how many entries the ledger has, about")
    options.add_argument("--ledger", type=Path, help="where the ledger is made, or is already; else it is thrown away")
    options.add_argument("--audit", action="store_true", help="measure the audit as well, which takes minutes")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="lossledger-bench-") as folder:
        ledger = chosen.ledger or Path(folder) / "ledger.db"
        if not ledger.exists():
            make(ledger, chosen.entries)
        measure(ledger, Path(folder), audit=chosen.audit)


def make(ledger: Path, entries: int) -> None:
    """A ledger of about so many entries, in which nothing is made up but the losses."""
    url = f"sqlite:///{ledger}"
    types = furnish(url)
    with recording(open_engine(url), actor="benchmark", reason="a made-up list") as journal:
        enter(journal, entries // 2, types)


def measure(ledger: Path, folder: Path, *, audit: bool) -> None:
    """Print what each command costs, and how large what it wrote is."""
    program = [sys.executable, "-m", "lossledger", "--db", str(ledger)]

    def said(*args: str) -> str:
        return run([*program, *args], dict(os.environ)).printed.strip()

    with closing(sqlite3.connect(ledger)) as connection:
        [loss] = connection.execute(
            "SELECT uid FROM loss WHERE verification = 'confirmed' ORDER BY id LIMIT 1"
        ).fetchone()
    earlier = said("audit", "--head")
    said("verify", loss, "--as", "claimed", "--reason", "another place")
    said("event", loss, "--status", "captured", "--date", "2024-05-01", "--reason", "a later picture")
    said("note", loss, "seen again on the road", "--reason", "a reader wrote")
    proof, continued = folder / "proof.json", folder / "continued.json"
    head = said("audit", "--head")
    commands = {
        "tally": (["tally"], None),
        "audit --head": (["audit", "--head"], None),
        "export --proof": (["export", "--proof", loss, "-o", str(proof)], proof),
        "prove, a loss": (["prove", str(proof), "--head", head], None),
        "audit --consistency": (["audit", "--consistency", earlier, "-o", str(continued)], continued),
        "prove, a continuation": (["prove", str(continued), "--from", earlier, "--head", head], None),
    }
    if audit:
        commands["audit"] = (["audit"], None)
    rows = []
    for name, (args, written) in commands.items():
        spent = cost([*program, *args])
        size = f"{written.stat().st_size:,} bytes" if written else ""
        rows.append((name, f"{spent.wall:.2f} s", f"{spent.cpu:.2f} s", f"{spent.peak:.0f} MB", size))
    print(f"\na ledger of {int(head.partition(':')[0]):,} entries, {ledger.stat().st_size / 1e6:,.0f} MB\n")
    print_table(("", "wall", "CPU", "most memory", "file"), rows)


if __name__ == "__main__":
    main()
