"""``pack``: data that comes with the program."""

from collections import Counter

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, format_option, reason_of
from lossledger.cli.render import Column, write
from lossledger.cli.telling import tell
from lossledger.core.text import many
from lossledger.core.vocabulary import SPOKEN

_COLUMNS = (
    Column("name", "Name", whole=True),
    Column("title", "Title"),
    Column("version", "Version", whole=True),
    Column("held", "In the ledger"),
)
_KINDS = {
    "conflict": "conflicts",
    "side": "sides",
    "category": "categories",
    "type": "types",
    "feed": "feeds",
    "source": "sources",
    "loss": "losses",
    "merge": "merges",
    "published": "published tallies",
}


@click.group("pack", short_help="Packs of data that come with the program: list, add.")
def command() -> None:
    """Packs of data that come with the program: list, add."""


@command.command("list")
@format_option()
@pass_app
def list_(app: App, /, form: str) -> None:
    """List the packs, and whether the ledger holds them; it need not exist.

    \b
    Example:
      lossledger pack list
    """
    from lossledger.ledger.packs import packs

    known = packs()
    held = _held(app) if app.exists else {}
    rows = [(pack.name, pack.title, pack.version, held.get(pack.name, "no ledger")) for pack in known]
    write(form, _COLUMNS, rows)


def _held(app: App) -> dict[str, str]:
    """How much of each pack the ledger holds."""
    from lossledger.ledger.packs import held, packs

    with app.reading() as connection:
        return {pack.name: _share(*held(connection, pack)) for pack in packs()}


def _share(there: int, of_all: int) -> str:
    if there == of_all:
        return "yes"
    return f"{there:,} of {of_all:,}" if there else "no"


@command.command("add")
@click.argument("name", metavar="NAME|PATH")
@click.option("--reason", metavar="TEXT", help="Why. Default: the pack's name and version.")
@dry_run_option
@pass_app
def add(app: App, /, name: str, reason: str | None, dry_run: bool) -> None:
    """Enter what the ledger does not hold yet of a pack: one of the program's, a folder of your own, or a zip.

    \b
    Examples:
      lossledger pack add ukraine-2022
      lossledger pack add ./my-pack --dry-run
    """
    take(app, name, reason, dry_run=dry_run)


def take(app: App, name: str, reason: str | None, *, dry_run: bool) -> None:
    """Enter a pack or a package, and say what of it was new."""
    from lossledger.ledger.packs import opened
    from lossledger.ledger.setup import add_pack

    with opened(name) as pack:
        why = reason_of(reason or f"pack {pack.name} {pack.version}")
        with app.recording(why, dry_run=dry_run) as journal:
            added = add_pack(journal, pack)
    tell(app, f"pack {pack.name}: {entered(added)}", dry_run=dry_run)


def entered(added: Counter[str]) -> str:
    """What was entered, in words: "3 sides, 399 types"."""
    parts = [
        many(number, SPOKEN.get(kind, kind), several) for kind, several in _KINDS.items() if (number := added[kind])
    ]
    return ", ".join(parts) or "nothing new; the ledger holds all of it"
