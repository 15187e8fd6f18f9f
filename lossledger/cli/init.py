"""``init``: a ledger of one's own."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from lossledger import config
from lossledger.cli.app import App, pass_app
from lossledger.errors import Refused


@click.command("init", short_help="Start a ledger of your own.")
@click.option("--pack", "packs", metavar="NAME", multiple=True, help="A pack to begin with; may be repeated.")
@pass_app
def command(app: App, /, packs: tuple[str, ...]) -> None:
    """Start a ledger of your own.

    It begins with the catalogue of categories and types. The packs that come with the program bring more: see
    "lossledger pack list".

    \b
    Examples:
      lossledger init
      lossledger --db losses.db init --pack ukraine-2022
    """
    from lossledger.cli.pack import entered
    from lossledger.db.engine import place
    from lossledger.queries.names import NO_CONFLICT

    added = make(app, packs)
    app.say(f"ledger at {place(app.engine())}: {entered(added)}")
    if not added["conflict"]:
        app.say(NO_CONFLICT)


def make(app: App, packs: Sequence[str]) -> Counter[str]:
    """Make a ledger with the catalogue and the packs; returns how many of each kind were entered.

    Errors: Refused where there is something already. Whatever fails leaves nothing behind that was made here.
    """
    from lossledger.ledger.packs import find
    from lossledger.ledger.setup import create

    for name in packs:
        find(name)  # before anything is made
    actor = app.actor
    with _room_for(config.ledger_file(app.location)):
        return create(app.engine(new=True), actor, packs)


@contextmanager
def _room_for(file: Path | None) -> Iterator[None]:
    """An empty file for a new ledger, with its folders; what was made of them goes again where the rest fails."""
    if file is None:
        yield
        return
    missing = [folder for folder in file.parents if not folder.exists()]
    file.parent.mkdir(parents=True, exist_ok=True)
    made = _claim(file)
    try:
        yield
    except BaseException:
        if made:
            file.unlink(missing_ok=True)
            for folder in missing:
                folder.rmdir()
        raise


def _claim(file: Path) -> bool:
    """Make the file, so that of two who begin at once only one takes it for its own; whether it was made."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except FileExistsError:
        if file.is_dir():
            raise Refused(f"{file} is a folder; give a file in it") from None
        if file.stat().st_size:
            raise Refused(f"{file} is there already; a ledger begins in a new file") from None
        return False
    return True
