"""``conflict``: the wars that lists are about."""

from typing import Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.catalogue import Book, alias_option, group, note_option, optional_reason
from lossledger.cli.options import dry_run_option, reason_option
from lossledger.cli.render import Column
from lossledger.cli.terms import add_term, change_term

_BOOK = Book(
    "conflict",
    "conflicts",
    (
        Column("name", "Name"),
        Column("starts", "From", whole=True),
        Column("ends", "To", whole=True),
        Column("slug", "Slug", whole=True),
        Column("aliases", "Also called"),
    ),
    "nagorno-karabakh-2020",
)

command = group(_BOOK, "Conflicts: list, show, add, alias, rename, change.")

_starts = click.option("--starts", metavar="DAY", help="Its first day.")
_ends = click.option("--ends", metavar="DAY", help="Its last day.")


@command.command("add", short_help="Add a conflict.")
@click.argument("name")
@_starts
@_ends
@alias_option
@note_option
@optional_reason
@dry_run_option
@pass_app
def add(app: App, /, **given: Any) -> None:
    """Add a conflict; its slug is printed, alone on standard output.

    \b
    Example:
      lossledger conflict add "Sudan 2023" --starts 2023-04-15
    """
    add_term(app, "conflict", given)


@command.command("change", short_help="Change its other fields.")
@click.argument("name")
@_starts
@_ends
@note_option
@reason_option
@dry_run_option
@pass_app
def change(app: App, /, name: str, **given: Any) -> None:
    """Change its days or its note; an empty text clears one.

    \b
    Example:
      lossledger conflict change sudan-2023 --ends "" --reason "it is not over"
    """
    change_term(app, "conflict", name, given)
