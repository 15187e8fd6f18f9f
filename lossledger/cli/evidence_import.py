"""``evidence import``: what Bellingcat's auto-archiver has of the links that losses rest on."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lossledger import config
from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, one_format_option, reason_of
from lossledger.cli.render import Column, Row, table
from lossledger.core.text import inert, many
from lossledger.core.vocabulary import FileFate, LinkFate

if TYPE_CHECKING:
    from lossledger.cli.imported import Refusals
    from lossledger.evidence.store import Taking
    from lossledger.ledger.archived import Report

Fate = TypeVar("Fate", LinkFate, FileFate)


@click.command("import", short_help="Take in what auto-archiver has archived, from its CSV.")
@click.argument("file", metavar="FILE")
@click.option(
    "--files", "folder", metavar="DIR", type=click.Path(), help="The archiver's own files; those that fit are held."
)
@click.option("--inbox", is_flag=True, help="Put links that no loss rests on into the inbox.")
@click.option("--rejects", metavar="FILE", type=click.Path(dir_okay=False), help="Write what is refused to a CSV file.")
@click.option("--reason", metavar="TEXT", help="Why. Default: the file's name.")
@dry_run_option
@one_format_option
@click.pass_context
@pass_app
def command(app: App, ctx: click.Context, /, **given: Any) -> None:
    """Take in what Bellingcat's auto-archiver has archived, from its CSV.

    FILE is what its CSV database wrote, or a sheet that it works on, saved as CSV; one packed with gzip, or - for
    standard input. Of each link that a source has it is entered where the archiver's copy is and what it found, unless
    somebody has looked since. A copy that lies elsewhere is not held: "evidence archive" still fetches it.

    With --files the archiver's files are copied into the store, those whose digest is the one that the archiver gives.
    Exits 3 where something was refused; the rest is in.

    \b
    Examples:
      lossledger evidence import db.csv --dry-run
      lossledger evidence import db.csv --files local_archive
      lossledger evidence import sheet.csv --inbox
    """
    from lossledger.cli.imported import Refusals, refuse_overwriting
    from lossledger.evidence.foreign import Folder
    from lossledger.feeds.auto_archiver import read
    from lossledger.feeds.opening import opened
    from lossledger.ledger.archived import Order, take_over

    dry_run = given["dry_run"]
    refuse_overwriting(given["rejects"], Path(given["file"]), config.ledger_file(app.location))
    refusals = Refusals(given["rejects"])
    folder = Folder(Path(given["folder"])) if given["folder"] else None
    with ExitStack() as done:
        list_ = done.enter_context(opened(given["file"]))
        taking = _taking(app, done) if folder is not None and not dry_run else None
        reason = reason_of(given["reason"]) if given["reason"] else f"archived, by {list_.name}"
        with refusals, app.recording(reason, dry_run=dry_run) as journal:
            report = take_over(journal, read(list_), Order(folder, taking, given["inbox"]), refusals.take)
        if taking is not None:
            taking.keep()
    _tell(report, refusals, list_.name, given)
    if refusals.number:
        ctx.exit(3)


def _taking(app: App, done: ExitStack) -> "Taking":
    from lossledger.ledger.files import known_to

    return done.enter_context(app.store().taking(known_to(app.engine())))


_MEANING = {
    LinkFate.TAKEN: "of a link that a source has",
    LinkFate.KNOWN: "say nothing new",
    LinkFate.OLDER: "somebody has looked since",
    LinkFate.WAITING: "not archived yet",
    LinkFate.UNCITED: "no loss rests on the link",
    LinkFate.REFUSED: "could not be taken",
}
_OF_FILES = {
    FileFate.TAKEN: "held now",
    FileFate.KNOWN: "held before",
    FileFate.ABSENT: "not in the folder",
    FileFate.UNHASHED: "the archiver gives no digest",
    FileFate.REFUSED: "the digest is another",
}


def _tell(report: "Report", refusals: "Refusals", name: str, given: dict[str, Any]) -> None:
    """Show what became of every row, and of every file that was looked for."""
    from lossledger.cli.imported import say_refused

    if given["form"] == "json":
        _print_json(report, refusals, name, given)
        return
    dry_run = ": a dry run, of which nothing is kept" if given["dry_run"] else ""
    click.echo(inert(f"Import of what is archived, {name}{dry_run}\n", lines=True))
    _print_fates("Rows", report.fates, _MEANING)
    if given["folder"]:
        click.echo()
        _print_fates("Files", report.files, _OF_FILES)
    if given["inbox"]:
        click.echo(f"\nPut into the inbox: {many(report.to_inbox, 'link')}.")
    say_refused(refusals)


def _print_fates(title: str, fates: Mapping[Fate, int], meaning: Mapping[Fate, str]) -> None:
    rows: list[Row] = [(fate.capitalize(), fates[fate], said) for fate, said in meaning.items()]
    rows.append(("Read" if title == "Rows" else "Named", sum(fates.values()), ""))
    table((Column("fate", ""), Column("number", title, number=True), Column("meaning", "")), rows, totals=1, close=True)


def _print_json(report: "Report", refusals: "Refusals", name: str, given: dict[str, Any]) -> None:
    import orjson

    said = {
        "file": name,
        "dry_run": given["dry_run"],
        "read": report.read,
        "rows": {fate.value: report.fates[fate] for fate in LinkFate},
        "files": {fate.value: report.files[fate] for fate in FileFate} if given["folder"] else None,
        "put_into_the_inbox": report.to_inbox,
        "refused": [
            {"reason": row.reason, "number": number, "first": {"place": row.place, "row": row.text}}
            for row, number in refusals.reasons
        ],
    }
    click.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2).decode())
