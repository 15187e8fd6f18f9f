"""The help: every command is described, with examples, and quickly."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from lossledger.cli.main import SECTIONS, cli

LINES = {name: line for commands in SECTIONS.values() for name, line in commands.items()}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and every command of a group, by what a user types."""
    for name in LINES:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            for sub, its in command.commands.items():
                yield f"{name} {sub}", its


@pytest.mark.parametrize("name", LINES)
def test_the_line_of_help_is_the_programs(name: str) -> None:
    """What ``--help`` of the program says of a command, without loading it, is what the command says."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert command.short_help == LINES[name]


@pytest.mark.parametrize(("typed", "command"), list(commands()), ids=str)
def test_the_help_explains_and_gives_an_example(typed: str, command: click.Command) -> None:
    """Every option is explained, and the command stands in an example as it is typed."""
    shown = CliRunner().invoke(cli, [*typed.split(), "--help"])
    assert shown.exit_code == 0
    assert all(option.help for option in command.params if isinstance(option, click.Option))
    usage, _, rest = shown.stdout.partition("\n")
    assert usage.startswith(f"Usage: lossledger {typed}")
    if not isinstance(command, click.Group):
        assert re.search(f"lossledger (--\\w+ \\S+ )?{typed}\\b", rest)


def test_the_help_of_the_program_names_every_command() -> None:
    shown = CliRunner().invoke(cli, ["--help"]).stdout
    assert all(f"  {name} " in shown for name in LINES)


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["tally", "--help"], ["type", "--help"]], ids=" ".join)
def test_help_is_quick(args: list[str]) -> None:
    """Nothing heavy is loaded for it."""
    code = (
        "import json, sys\n"
        "from lossledger.cli.main import cli\n"
        "try:\n    cli.main(sys.argv[1:], prog_name='lossledger')\n"
        "except SystemExit:\n    pass\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stderr))
    assert loaded & {"sqlalchemy", "rich", "alembic", "orjson", "rapidfuzz", "psycopg"} == set()
