"""The program's one door: finds the command, loads it alone, and turns every error into a line and a code."""

import gc
import importlib
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from lossledger import __version__
from lossledger.cli.voice import say
from lossledger.core.text import inert
from lossledger.errors import LedgerError, UnknownName

SECTIONS: dict[str, dict[str, str]] = {
    "Start": {
        "demo": "Make a small ledger to look around in, and show its tally.",
        "init": "Start a ledger of your own.",
        "info": "Show where a ledger stands.",
    },
    "Count": {
        "tally": "Count documented losses.",
        "timeline": "Count losses over time, with running totals.",
        "compare": "Hold sides, claims and captures against each other.",
        "diff": "Explain what changed a tally.",
        "check": "Compare published counts with the ledger.",
        "list": "List losses.",
        "duplicates": "Find losses that stand in the ledger twice, and join them.",
        "show": "Show one loss with all that is known of it.",
        "history": "Show what was done to a loss, by whom and why.",
    },
    "Record": {
        "add": "Enter one loss.",
        "enter": "Enter losses quickly, line after line.",
        "amend": "Correct what was entered wrongly.",
        "event": "Record what later became of a loss.",
        "review": "Go through what waits for a decision.",
        "verify": "Say how far a loss is believed.",
        "evidence": "What sources say of a loss, and the files held of them.",
        "dispute": "Record that a source disputes a loss.",
        "note": "Add a note to a loss's case file.",
        "link": "Say that two losses may be the same.",
        "itemise": "Take what was found one by one out of an aggregate.",
        "split": "Make a part of a loss one of its own.",
        "merge": "Say that two losses are the same.",
        "unmerge": "Let a merged loss stand for itself again.",
        "withdraw": "Take a loss out of the count.",
        "reinstate": "Let a withdrawn loss count again.",
        "undo": "Reverse your latest act.",
        "redact": "Take a text out of the ledger for good.",
    },
    "Inbox": {
        "inbox": "Posts to look at: add, list, next, assign, close, reopen.",
        "scene": "Scenes: list, show, add, join, leave, rename, merge.",
    },
    "Lists": {
        "import": "Take in a list: an Oryx page, WarSpotting, any table.",
        "sheet": "Losses as rows of a spreadsheet: out, and back in with what was changed.",
        "feed": "Feeds, the lists that losses come from: list, show, runs, change.",
    },
    "Catalogue": {
        "conflict": "Conflicts: list, show, add, alias, rename, change.",
        "side": "Sides: list, show, add, alias, rename, change, merge.",
        "category": "Categories: list, show, add, alias, rename, change, merge.",
        "type": "Types: list, show, add, alias, rename, change, merge.",
        "source": "Sources: list, show, add, change, merge.",
        "published": "Published tallies: list, show, add, accept.",
        "pack": "Packs of data that come with the program: list, add.",
        "setting": "Show or change a setting of the ledger.",
    },
    "Share": {
        "release": "Releases, tallies frozen for good: create, list, show, withdraw.",
        "cite": "Print a citation of a tally.",
        "plot": "Draw a timeline, a comparison or the statuses.",
        "export": "Write what stands in the ledger for others: open data, and proofs of losses.",
        "prove": "Verify a proof without any ledger.",
        "publish": "Write the public site into a folder.",
    },
    "Look after": {
        "audit": "Prove that nothing in the ledger was altered unseen.",
        "db": "The database: upgrade, current, backup, restore.",
    },
}
"""Every command with its one line of help, so that ``--help`` need not load them."""

_MODULES = {"list": "list_", "type": "type_", "import": "import_"}


class Program(click.Group):
    """The commands by section, each loaded from its own file when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which the help shows them."""
        return [name for commands in SECTIONS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None where there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"lossledger.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant. Errors: UnknownName with those that come near, none of which is loaded."""
        if args[0] not in self.list_commands(ctx):
            from lossledger.core.names import near

            raise UnknownName("command", args[0], near(args[0], self.list_commands(ctx)), "see: lossledger --help")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their lines of help, a section each."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()), col_max=14)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command line and leave with its exit code: the one place where errors become codes."""
        extra["standalone_mode"] = False
        sys.exit(_code(partial(super().main, *args, **extra)))


class Terminated(KeyboardInterrupt):
    """The system, or whoever started the program, wants it to end: all is left as after an interruption."""


def _terminate(_signal: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # what is being put in order is not to be broken off again
    raise Terminated


def _code(run: Callable[[], object]) -> int:
    try:
        done = run()
        sys.stdout.flush()
    except LedgerError as error:
        return _fail(str(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _fail(_in_one_line(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort, EOFError) as error:
        if isinstance(error.__cause__, Terminated):  # Click makes every interruption its own
            return _fail("terminated; nothing more was done", 128 + signal.SIGTERM)
        return _fail("interrupted; nothing more was done", 130)
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has seen enough (Click and Rich leave by themselves then); Python must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _fail(f"{error.filename or 'output'}: {error.strerror}", 5)
    return done if isinstance(done, int) else 0


def _in_one_line(error: click.ClickException) -> str:
    """What Click has to say of wrong use, and where the right use is described."""
    near = getattr(error, "possibilities", None)
    said = " ".join((error.message if near else error.format_message()).split())
    line = f"{said[:1].lower()}{said[1:].rstrip('.')}"
    context = getattr(error, "ctx", None)
    if context is None:
        return line
    meant = f"; did you mean {', '.join(near)}? See" if near else "; see"
    return f"{line}{meant}: {context.command_path} --help"


def _fail(line: str, code: int) -> int:
    say(f"lossledger: {inert(line)}")
    return code


@click.group(
    cls=Program,
    name="lossledger",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: lossledger tally --side armenia --by type",
)
@click.option("--db", metavar="PATH|URL", help="The ledger: a file or a database URL. Default: $LOSSLEDGER_DB.")
@click.option("--store", metavar="PATH", help="The folder of its files. Default: $LOSSLEDGER_STORE, else beside it.")
@click.option("--actor", metavar="NAME", help="Who acts. Default: $LOSSLEDGER_ACTOR, else your login.")
@click.version_option(__version__, message="lossledger %(version)s")
@click.pass_context
def cli(ctx: click.Context, db: str | None, store: str | None, actor: str | None) -> None:
    """Keep a ledger of equipment losses, and count what can be stood behind.

    A ledger is a list of entries; a tally is a sum. Nothing recorded is ever edited.
    """
    from lossledger.cli.app import App

    ctx.obj = App(db, actor, store)
    if ctx.invoked_subcommand is None:
        from lossledger.cli.info import first_screen

        first_screen(ctx.obj)


def main() -> None:
    """Run the program, and leave at once: in a life so short, collecting garbage would only cost time."""
    gc.disable()
    signal.signal(signal.SIGTERM, _terminate)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller: there is nobody to read, and nobody to tell
            setattr(sys, name, Path(os.devnull).open("r+"))  # noqa: SIM115 - open as long as we live
    try:
        cli.main(prog_name="lossledger")
    except SystemExit as done:
        # What was to be written is written, and every connection closed; taking Python apart takes as long as a tally.
        sys.stderr.flush()
        os._exit(done.code if isinstance(done.code, int) else 0)
