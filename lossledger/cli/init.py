"""``init``: a ledger of one's own."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from lossledger import config
from lossledger.cli.app import App, pass_app
from lossledger.core.text import many
from lossledger.errors import Refused


@click.command("init", short_help="Start a ledger of your own.")
@click.option("--pack", "packs", metavar="NAME", multiple=True, help="A pack to begin with; may be repeated.")
@click.option("--from", "package", metavar="PACKAGE", help="A data package of another ledger, to begin as its copy.")
@pass_app
def command(app: App, /, packs: tuple[str, ...], package: str | None) -> None:
    """Start a ledger of your own.

    It begins with the catalogue of categories and types. The packs that come with the program bring more: see
    "lossledger pack list".

    With --from, it begins with what a data package holds, and nothing else: the same losses under the same ids. Where
    the package takes the journal along (export datapackage --full), that is verified and restored entry by entry.

    \b
    Examples:
      lossledger init
      lossledger --db copy.db init --from valley.zip
      lossledger --db losses.db init --pack ukraine-2022
    """
    from lossledger.cli.pack import entered
    from lossledger.db.engine import place
    from lossledger.queries.names import NO_CONFLICT

    if package is not None:
        _copy(app, package, packs)
        return
    added = make(app, packs)
    app.say(f"ledger at {place(app.engine())}: {entered(added)}")
    if not added["conflict"]:
        app.say(NO_CONFLICT)


def _copy(app: App, package: str, packs: Sequence[str]) -> None:
    """Make a ledger out of a package. Errors: as `make`; Refused for packs beside it, which `pack add` enters later."""
    from lossledger.cli.pack import entered
    from lossledger.db.engine import place
    from lossledger.ledger.packs import opened
    from lossledger.ledger.setup import create_from

    if packs:
        raise Refused("--from begins with the package alone; add packs afterwards with: lossledger pack add NAME")
    actor = app.actor
    with opened(package) as pack, _room_for(config.ledger_file(app.location)):
        added = create_from(app.engine(new=True), actor, pack)
    made = place(app.engine())
    if pack.journal_head is None:
        app.say(f"ledger at {made}: {entered(added)}")
        return
    app.say(f"ledger at {made}: {many(added['entry'], 'entry', 'entries')} restored, every hash verified")
    app.say(f"prove it with: lossledger audit --expect-head {pack.journal_head}, the head from where you trust it")


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
