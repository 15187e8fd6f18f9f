"""``type``: types of equipment, with their headings, their parents and their many names."""

from typing import Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.catalogue import Book, alias_option, group, note_option, optional_reason
from lossledger.cli.options import dry_run_option, reason_option
from lossledger.cli.render import Column
from lossledger.cli.terms import add_term, change_term

_BOOK = Book(
    "type",
    "types",
    (
        Column("name", "Name"),
        Column("origin", "Origin"),
        Column("category", "Category"),
        Column("parent", "Variant of"),
        Column("aliases", "Also called"),
    ),
    "T-72B",
)

command = group(_BOOK, "Types: list, show, add, alias, rename, change, merge.")

_origin = click.option("--origin", metavar="TEXT", help="The country that it comes from.")
_parent = click.option("--parent", metavar="TYPE", help="The type that it is a variant of.")


@command.command("add", short_help="Add a type of equipment.")
@click.argument("name")
@click.option("--category", metavar="NAME", required=True, help="The heading that it usually counts under.")
@_origin
@_parent
@alias_option
@note_option
@optional_reason
@dry_run_option
@pass_app
def add(app: App, /, **given: Any) -> None:
    """Add a type of equipment; its slug is printed, alone on standard output.

    \b
    Example:
      lossledger type add T-72B3M --category tanks --origin Russia --parent T-72B3 --alias "T-72B3 Obr. 2016"
    """
    add_term(app, "type", given)


@command.command("change", short_help="Change its other fields.")
@click.argument("name")
@click.option("--category", metavar="NAME", help="The heading that it usually counts under; its losses move along.")
@_origin
@_parent
@note_option
@reason_option
@dry_run_option
@pass_app
def change(app: App, /, name: str, **given: Any) -> None:
    """Change a type's category, origin, parent or note; an empty text clears one.

    With a new category, the losses under the old one are reposted under it; see how many with --dry-run.

    \b
    Example:
      lossledger type change MT-LB --category apc --reason "as the list has it" --dry-run
    """
    change_term(app, "type", name, given)
