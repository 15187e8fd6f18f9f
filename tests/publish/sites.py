"""Sites for the tests, published from small ledgers through the program's own commands."""

import csv
import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from click.testing import CliRunner

from lossledger.cli.main import cli

SIDES = ("Redland", "Blueland")
TYPES = {
    "Tanks": ("T-72B", "T-90"),
    "Infantry Fighting Vehicles": ("BMP-2", "BMP-1"),
    "Towed Artillery": ("D-30",),
    "Radars": ("P-18",),
}
STATUSES = ("destroyed", "destroyed", "destroyed", "captured", "damaged", "abandoned")
PLACES = (("Füzuli", 39.60, 47.15), ("Shusha", 39.76, 46.75), ("Hadrut", 39.52, 47.03), ("Lachin", 39.64, 46.55))

COLUMNS = ("id", "side", "category", "type", "status", "date", "place", "latitude", "longitude", "name", "source")

_MAP = "\n".join(
    (
        "[columns]",
        *(f'{name} = "{name}"' for name in COLUMNS),
        "[feed]",
        'name = "The list"',
        'licence = "CC BY 4.0"',
        'verification = "confirmed"',
        'verified_by = "The list"',
    )
)

MISCHIEF = "<script>document.title='taken'</script><img src=x onerror=document.title='taken'>"
"""A text that would run where it is taken for markup."""


def command(ledger: Path, *words: str, given: str | None = None) -> str:
    """What a command prints, on the ledger of a site; a failure is the test's."""
    done = CliRunner().invoke(cli, ["--db", str(ledger), "--actor", "ann", *words], input=given)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, f"{words}: {done.output}"
    return done.stdout


def publish_valley(folder: Path, *, mischief: bool = True) -> Path:
    """Make the ledger valley.db in a folder, publish it to site/ beside it, and give that."""
    with publishing_valley(folder, mischief=mischief):
        return folder / "site"


@contextmanager
def publishing_valley(folder: Path, *, mischief: bool = True) -> Iterator[Path]:
    """Make the ledger valley.db in a folder, have whatever is wanted done to it, and publish it to site/ beside it."""
    ledger = folder / "valley.db"
    command(ledger, "init", "--pack", "catalogue")
    command(ledger, "conflict", "add", "Valley")
    (folder / "losses.csv").write_text(_losses(mischief=mischief), encoding="utf-8")
    (folder / "list.toml").write_text(_MAP, encoding="utf-8")
    command(ledger, "import", str(folder / "losses.csv"), "--map", str(folder / "list.toml"), "--create-sides")
    uid = command(ledger, "list", "--type", "P-18", "--format", "csv").splitlines()[1].split(",")[0]
    command(ledger, "amend", uid, "--place", "Hadrut, north", "--reason", "seen on a second picture")
    yield ledger
    command(ledger, "publish", str(folder / "site"))


def _losses(*, mischief: bool) -> str:
    """Four hundred rows of a list, the same at every run; two more are mischief."""
    chance = random.Random("valley")
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for number in range(400):
        category = chance.choices(list(TYPES), (6, 5, 3, 1))[0]
        place, latitude, longitude = chance.choice(PLACES)
        day = date(2020, 9, 27) + timedelta(chance.randrange(44))
        placed = number % 5 != 0
        rows.writerow(
            (
                f"r{number}",
                chance.choices(SIDES, (3, 2))[0],
                category,
                chance.choice(TYPES[category]),
                chance.choice(STATUSES),
                "" if number % 40 == 7 else day,
                place,
                round(latitude + chance.gauss(0, 0.06), 4) if placed else "",
                round(longitude + chance.gauss(0, 0.06), 4) if placed else "",
                "",
                f"https://example.org/{number}",
            )
        )
    if not mischief:
        return written.getvalue()
    spot = ("Shusha", 39.76, 46.75)
    rows.writerow(
        ("m1", "Redland", "Tanks", MISCHIEF, "destroyed", "2020-10-01", *spot, MISCHIEF, "https://example.org/m1")
    )
    rows.writerow(
        (
            "m2",
            "Blueland",
            "Tanks",
            "T-90",
            "captured",
            "2020-10-02",
            MISCHIEF,
            39.7,
            46.7,
            "",
            "https://example.org/m2",
        )
    )
    return written.getvalue()
