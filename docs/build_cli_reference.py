"""Writes ``docs/cli.md`` from the commands themselves; a test fails where the two differ."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from lossledger.cli.main import SECTIONS, cli

TARGET = Path(__file__).parent / "cli.md"
WIDTH = 100

HEAD = """# The command line

Written from the program's own help by `make docs`.

Exit codes: 0 done; 1 a check found something, or nothing matched where a match was asked for; 2 wrong use, unknown
names included; 3 a file with refused or bad data; 4 no ledger, or a schema older or newer than the program; 5 the
database cannot be had (locked, full, read-only, corrupt); 130 interrupted.

```text
{help}
```
"""


def reference() -> str:
    """The whole reference as Markdown: the program, then every command in the order of its help."""
    program = _context(cli, None, "lossledger")
    parts = [HEAD.format(help=cli.get_help(program))]
    for title, commands in SECTIONS.items():
        parts.append(f"## {title}\n")
        for name in commands:
            command = cli.get_command(program, name)
            if command is not None:
                parts += _command(command, _context(command, program, name))
    return "\n".join(parts)


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    """A command's section, then those of its subcommands."""
    yield f"### {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from _command(below, _context(below, context, name))


def _context(command: click.Command, parent: click.Context | None, name: str) -> click.Context:
    return click.Context(
        command,
        parent=parent,
        info_name=name,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=cli.context_settings["help_option_names"],
    )


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
    sys.stderr.write(f"wrote {TARGET.name}\n")
