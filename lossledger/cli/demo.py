"""``demo``: a small ledger to look around in."""

import shlex
import shutil
import sys
from pathlib import Path

import click

from lossledger.cli.app import App, pass_app
from lossledger.errors import Refused

_PACK = "nagorno-karabakh-2020"
_FOLDER = "lossledger-demo"


@click.command("demo", short_help="Make a small ledger to look around in, and show its tally.")
@click.option(
    "--into",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    default=_FOLDER,
    show_default=True,
    help="Where it is made.",
)
@click.pass_context
@pass_app
def command(app: App, ctx: click.Context, /, folder: Path) -> None:
    """Make a small ledger to look around in, and show its tally.

    It holds what five press reports say of the war of 2020 over Nagorno-Karabakh. Where it has been made already it
    is only shown.

    \b
    Examples:
      lossledger demo
      lossledger demo --into /tmp/look-around
    """
    from lossledger.cli.init import make
    from lossledger.cli.tally import command as tally
    from lossledger.cli.tally import show_tally

    if ctx.parent is not None and ctx.parent.params.get("db"):
        raise Refused("the demonstration is a ledger of its own; say where with --into, and leave --db out")
    shown = App(str(folder / "lossledger.db"), app.actor)
    if not shown.exists:
        make(shown, [_PACK])
        app.say(f"made {shown.location} from the pack {_PACK}")
    with shown.reading() as connection:
        show_tally(connection, tally.make_context("tally", []).params)
    here = f"{_called()} --db {shlex.quote(shown.location)}"
    app.say(f"\nGo on with:\n  {here} list\n  {here} tally --side armenia --by type")


def _called() -> str:
    """How the program was called: by its name where the shell finds it so, else as it was typed."""
    typed = Path(sys.argv[0])
    found = shutil.which(typed.name)
    if found is not None and typed.exists() and Path(found).samefile(typed):
        return shlex.quote(typed.name)
    return shlex.quote(sys.argv[0])
