"""``category``: the headings under which losses are counted, each in one group."""

from typing import Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.catalogue import Book, alias_option, group, note_option, optional_reason
from lossledger.cli.options import dry_run_option, reason_option
from lossledger.cli.render import Column
from lossledger.cli.terms import add_term, change_term

_BOOK = Book(
    "category",
    "categories",
    (
        Column("name", "Name"),
        Column("group", "Group", whole=True),
        Column("position", "Position", number=True),
        Column("aliases", "Also called"),
    ),
    "tanks",
)

command = group(_BOOK, "Categories: list, show, add, alias, rename, change, merge.")

_position = click.option("--position", metavar="N", type=click.IntRange(min=0), help="Where it stands in a table.")


@command.command("add", short_help="Add a heading.")
@click.argument("name")
@click.option("--group", metavar="WORD", required=True, help="The group that it belongs to: armoured, artillery, ...")
@_position
@alias_option
@note_option
@optional_reason
@dry_run_option
@pass_app
def add(app: App, /, **given: Any) -> None:
    """Add a heading; its slug is printed, alone on standard output.

    \b
    Example:
      lossledger category add "Mine Ploughs" --group engineering --position 215
    """
    add_term(app, "category", given)


@command.command("change", short_help="Change its other fields.")
@click.argument("name")
@click.option("--group", metavar="WORD", help="The group that it belongs to.")
@_position
@note_option
@reason_option
@dry_run_option
@pass_app
def change(app: App, /, name: str, **given: Any) -> None:
    """Change a heading's group, position or note; an empty text clears one.

    \b
    Example:
      lossledger category change "Mine Ploughs" --position 90 --reason "as the list has it now"
    """
    change_term(app, "category", name, given)
