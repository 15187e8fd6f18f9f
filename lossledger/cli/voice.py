"""The program's voice on standard error: lines that a terminal shows without breaking a word."""

import os
import sys
import textwrap
from contextlib import suppress

import click

from lossledger.core.text import inert

_INDENT = "  "
_USUAL = 80
"""A terminal's width where it does not tell."""


def say(text: str) -> None:
    """Say something that is no data. On a terminal, lines too long for it go on in the next, set in by two spaces.

    A line that is set in already holds something to be copied, or a text as it is: it stays whole.
    """
    lines = inert(text, lines=True).split("\n")
    if sys.stderr.isatty():
        width = _width()
        lines = [line if line.startswith(_INDENT) else _wrapped(line, width) for line in lines]
    # What cannot be told, on a full disk say, changes nothing of what was done.
    with suppress(OSError):
        click.echo("\n".join(lines), err=True)


def _wrapped(line: str, width: int) -> str:
    """A line broken between words; a word too long for a line of its own, such as a link, stays whole."""
    return textwrap.fill(
        line,
        width,
        subsequent_indent=_INDENT,
        expand_tabs=False,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _width() -> int:
    """The width of the terminal at standard error, or COLUMNS."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL
    except (OSError, ValueError):
        return _USUAL
