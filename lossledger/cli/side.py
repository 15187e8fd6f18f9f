"""``side``: who loses things, as a tree within a conflict."""

from typing import Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.catalogue import Book, alias_option, group, note_option, optional_reason
from lossledger.cli.options import conflict_option, dry_run_option, reason_option
from lossledger.cli.render import Column
from lossledger.cli.terms import add_term, change_term

_BOOK = Book(
    "side",
    "sides",
    (
        Column("name", "Name"),
        Column("parent", "Under"),
        Column("conflict", "Conflict"),
        Column("aliases", "Also called"),
    ),
    "armenia",
)

command = group(_BOOK, "Sides: list, show, add, alias, rename, change, merge.")

_parent = click.option("--parent", metavar="SIDE", help="The side that it is counted with.")
_position = click.option("--position", metavar="N", type=click.IntRange(min=0), help="Where it stands in a table.")


@command.command("add", short_help="Add a side to a conflict.")
@click.argument("name")
@conflict_option
@_parent
@_position
@alias_option
@note_option
@optional_reason
@dry_run_option
@pass_app
def add(app: App, /, **given: Any) -> None:
    """Add a side to a conflict; its slug is printed, alone on standard output.

    \b
    Example:
      lossledger side add Artsakh --parent armenia --alias "Nagorno-Karabakh"
    """
    add_term(app, "side", given)


@command.command("change", short_help="Change its other fields.")
@click.argument("name")
@conflict_option
@_parent
@_position
@note_option
@reason_option
@dry_run_option
@pass_app
def change(app: App, /, name: str, **given: Any) -> None:
    """Change what a side stands under, its position or its note; an empty text clears one.

    \b
    Example:
      lossledger side change artsakh --parent "" --reason "to be counted by itself"
    """
    change_term(app, "side", name, given)
