"""Every benchmark, one after the other: what ``make bench`` runs."""

import subprocess
import sys

for name in (
    "startup",
    "tally",
    "reading_pages",
    "importing",
    "duplicates",
    "likeness",
    "proofs",
    "publish",
    "site_browser",
):
    print(f"\n== {name} ==\n", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
