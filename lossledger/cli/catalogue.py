"""The subcommands that the groups of the catalogue have in common: list, show, alias, rename, merge."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import (
    Word,
    conflict_option,
    dry_run_option,
    format_option,
    one_format_option,
    reason_of,
    reason_option,
)
from lossledger.cli.render import Cell, Column, write
from lossledger.cli.telling import tell
from lossledger.cli.terms import find, reposted
from lossledger.core.fields import MAX_LINE
from lossledger.core.names import fold
from lossledger.core.text import checked, many, quoted
from lossledger.core.vocabulary import AliasKind
from lossledger.errors import NothingFound

if TYPE_CHECKING:
    from lossledger.queries.told import Record

Command = Callable[..., Any]
_ALIASES = 40
"""How many characters of other names a list shows; ``show`` has all of them."""

_LAST = 1_000_000
"""Where a term without a position stands."""

optional_reason = click.option("--reason", metavar="TEXT", help="Why, if that needs saying.")
note_option = click.option("--note", metavar="TEXT", help="Whatever else should be known.")
alias_option = click.option("--alias", "aliases", metavar="NAME", multiple=True, help="Another name; may be repeated.")


@dataclass(frozen=True)
class Book:
    """One kind of the catalogue as its group of commands presents it."""

    kind: str
    many: str
    columns: tuple[Column, ...]
    example: str
    """A name of this kind, for the examples in the help."""

    @property
    def within_conflict(self) -> Command:
        """The option by which a name is looked for in one conflict, where names are known within one."""
        return conflict_option if self.kind == "side" else _nothing


def _nothing(command: Command) -> Command:
    return command


def group(book: Book, summary: str) -> click.Group:
    """The group of commands of a kind, with those that every kind with names has."""
    made = click.Group(book.kind, short_help=summary, help=summary)
    commands = [_list(book), _show(book), _alias(book), _rename(book)]
    if book.kind != "conflict":
        commands.append(_merge(book))
    for command in commands:
        made.add_command(command)
    return made


def examples(*lines: str) -> str:
    """Examples under a command's help, a line each."""
    title = "Example:" if len(lines) == 1 else "Examples:"
    return "\n".join(["\b", title, *(f"  lossledger {line}" for line in lines)])


def _list(book: Book) -> click.Command:
    @click.command(
        "list", help=f"List {book.many}.\n\n{examples(f'{book.kind} list', f'{book.kind} list --format csv')}"
    )
    @click.argument("text", required=False)
    @click.option("--merged", is_flag=True, help="Also those merged into another.")
    @format_option()
    @pass_app
    def command(app: App, /, text: str | None, merged: bool, form: str) -> None:
        from lossledger.queries.told import subjects

        with app.reading() as connection:
            found = subjects(connection, book.kind)
        chosen = [
            {"slug": slug, **record}
            for slug, record in sorted(found.items(), key=lambda item: _order(item[1]))
            if (merged or not record.get("merged_into")) and _matches(record, text)
        ]
        columns = book.columns if form == "table" else _every_column(chosen, book)
        rows = [tuple(_cell(record, column.key, form) for column in columns) for record in chosen]
        write(form, columns, rows, f"{many(len(rows), book.kind, book.many)}.", close=True)
        if text and not rows:
            raise NothingFound(f"no {book.kind} has {quoted(text)} in its names")

    return command


def _order(record: "Record") -> tuple[int, str]:
    position = record.get("position")
    return (_LAST if position is None else position, record["name"])


def _matches(record: "Record", text: str | None) -> bool:
    return not text or any(fold(text) in fold(name) for name in (record["name"], *record["aliases"].split("|")))


def _every_column(chosen: list["Record"], book: Book) -> list[Column]:
    return [Column(name, name) for name in chosen[0]] if chosen else list(book.columns)


def _cell(record: "Record", key: str, form: str) -> Cell:
    value: Cell = record[key]
    if form != "table" or not isinstance(value, str):
        return value
    return _other_names(record["name"], value.split("|")) if key == "aliases" else value.replace("|", ", ")


def _other_names(name: str, aliases: list[str]) -> str:
    """The other names that say more than the name itself, the shortest first, as many as two short lines hold."""
    told: list[str] = []
    for alias in sorted(filter(None, aliases), key=len):
        if not any(fold(known) in fold(alias) for known in (name, *told)):
            told.append(alias)
    fitting = [alias for place, alias in enumerate(told) if sum(map(len, told[: place + 1])) <= _ALIASES or not place]
    return ", ".join(fitting) + (", …" if len(fitting) < len(told) else "")


def _show(book: Book) -> click.Command:
    @click.command(
        "show",
        help=f"Show one, with its other names and its history.\n\n{examples(f'{book.kind} show {book.example}')}",
    )
    @click.argument("name")
    @book.within_conflict
    @one_format_option
    @pass_app
    def command(app: App, /, name: str, form: str, conflict: str | None = None) -> None:
        from lossledger.cli.dossier import show_subject

        with app.reading() as connection:
            show_subject(connection, book.kind, find(connection, book.kind, name, conflict), form)

    return command


def _alias(book: Book) -> click.Command:
    shown = examples(f'{book.kind} alias {book.example} "another name" --reason "so the press calls it"')
    kind_option: Command = _kind_option if book.kind == "type" else _nothing

    @click.command("alias", help=f"Give another name, under which it will be known as well.\n\n{shown}")
    @click.argument("name")
    @click.argument("alias")
    @kind_option
    @book.within_conflict
    @reason_option
    @dry_run_option
    @pass_app
    def command(
        app: App,
        /,
        name: str,
        alias: str,
        reason: str,
        dry_run: bool,
        conflict: str | None = None,
        why: str | None = None,
    ) -> None:
        from lossledger.ledger import catalogue

        with app.recording(reason_of(reason), dry_run=dry_run) as journal:
            key = find(journal.connection, book.kind, name, conflict)
            spelt = checked(alias, "alias", MAX_LINE, lines=False)
            catalogue.alias(journal, book.kind, key, spelt, why)
            known = journal.state(book.kind, key)["name"]
        tell(app, f"{book.kind} {known}: also called {spelt}", dry_run=dry_run)

    return command


_kind_option = click.option(
    "--kind", "why", type=Word(AliasKind, "kind of alias"), help=f"Why it is one: {', '.join(AliasKind)}."
)


def _rename(book: Book) -> click.Command:
    shown = examples(f'{book.kind} rename {book.example} "New name" --reason "its name was misspelt"')

    @click.command("rename", help=f"Give a new name; the old one goes on working.\n\n{shown}")
    @click.argument("name")
    @click.argument("new")
    @book.within_conflict
    @reason_option
    @dry_run_option
    @pass_app
    def command(app: App, /, name: str, new: str, reason: str, dry_run: bool, conflict: str | None = None) -> None:
        from lossledger.ledger import catalogue

        with app.recording(reason_of(reason), dry_run=dry_run) as journal:
            key = find(journal.connection, book.kind, name, conflict)
            old = journal.state(book.kind, key)["name"]
            spelt = checked(new, "name", MAX_LINE, lines=False)
            catalogue.rename(journal, book.kind, key, spelt)
        tell(app, f"{book.kind} {old}: now called {spelt}", dry_run=dry_run)

    return command


def _merge(book: Book) -> click.Command:
    shown = examples(f'{book.kind} merge duplicate {book.example} --reason "the same under two names"')

    @click.command("merge", help=f"Say that two are one: names and losses go to the one kept.\n\n{shown}")
    @click.argument("duplicate")
    @click.argument("kept")
    @book.within_conflict
    @reason_option
    @dry_run_option
    @pass_app
    def command(
        app: App, /, duplicate: str, kept: str, reason: str, dry_run: bool, conflict: str | None = None
    ) -> None:
        from lossledger.ledger import catalogue

        with app.recording(reason_of(reason), dry_run=dry_run) as journal:
            keys = [find(journal.connection, book.kind, name, conflict) for name in (duplicate, kept)]
            names = [journal.state(book.kind, key)["name"] for key in keys]
            catalogue.merge(journal, book.kind, *keys)
            moved = reposted(journal)
        tell(app, f"{book.kind} {names[0]}: merged into {names[1]}{moved}", dry_run=dry_run)

    return command
