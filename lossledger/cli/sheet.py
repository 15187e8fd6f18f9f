"""``sheet``: losses go out as rows of a spreadsheet, and what was changed there comes back."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lossledger import config
from lossledger.cli.app import App, pass_app
from lossledger.cli.files import appearing, new_file
from lossledger.cli.options import conflict_option, dry_run_option, format_option, reason_of
from lossledger.cli.scope import loss_options, scope_of
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked, many
from lossledger.core.vocabulary import OUTCOMES, Verification
from lossledger.errors import Refused

if TYPE_CHECKING:
    from lossledger.feeds.sheet import Sheet
    from lossledger.ledger.returned import Order, Report

_FORMS = (".csv", ".xlsx")


@click.group("sheet", short_help="Losses as rows of a spreadsheet: out, and back in with what was changed.")
def command() -> None:
    """Losses as rows of a spreadsheet: out, and back in with what was changed."""


@command.command("out")
@click.argument("file", metavar="FILE")
@loss_options
@click.option("--merged", is_flag=True, help="Also those merged into another.")
@click.option("--withdrawn", is_flag=True, help="Also those withdrawn.")
@click.option("--force", is_flag=True, help="Replace the file where there is one.")
@pass_app
def out(app: App, /, file: str, **given: Any) -> None:
    """Write losses to a spreadsheet: FILE ends in .csv or .xlsx, or is - for CSV on standard output.

    A row is a loss. Columns marked read-only are told for information. What is changed in the others comes back with
    sheet in: so can new rows, which have neither id nor revision. A row that is taken out of the sheet means nothing.

    \b
    Examples:
      lossledger sheet out tanks.xlsx --side armenia --category tanks
      lossledger sheet out - --since 2020-10-08 --verification claimed > losses.csv
    """
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.losses import Listing, uids
    from lossledger.queries.revisions import sheet_rows

    place = None if file == "-" else _place(Path(file), force=given["force"])
    with app.reading() as connection:
        scope = scope_of(connection, given, tuple(Verification), OUTCOMES)
        listing = Listing(scope, catalogue(connection), given["merged"], given["withdrawn"])
        found = uids(connection, listing)
        rows = sheet_rows(connection, found)
        if place is None:
            from lossledger.exports.sheet import write_csv

            write_csv(rows, sys.stdout)
        elif place.suffix.lower() == ".xlsx":
            from lossledger.checks.chain import head_line
            from lossledger.cli.sheeted import about, offered
            from lossledger.exports.workbook import write_workbook

            told = about(listing, given, len(found), head_line(connection))
            with appearing(place) as out_file:
                write_workbook(rows, told, offered(listing), out_file)
        else:
            _write_csv(rows, place)
    app.say(f"{many(len(found), 'loss', 'losses')} in {file if place is not None else 'the sheet'}")


def _place(path: Path, *, force: bool) -> Path:
    """Where the sheet goes. Errors: Refused for what is no place for one."""
    if path.suffix.lower() not in _FORMS:
        raise Refused(f"{path}: a sheet's name ends in {' or '.join(_FORMS)}")
    return new_file(path, "a sheet", "bring it back with sheet in, or replace it with --force", force=force)


def _write_csv(rows: "Iterator[dict[str, str]]", place: Path) -> None:
    from io import TextIOWrapper

    from lossledger.exports.sheet import write_csv

    with appearing(place) as file:
        # With its mark, for else some spreadsheets take UTF-8 for something else.
        text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
        write_csv(rows, text)
        text.detach()


@command.command("in")
@click.argument("file", metavar="FILE")
@click.option("--mine", is_flag=True, help="Where the ledger was changed, too: the sheet's word stands.")
@click.option("--theirs", is_flag=True, help="Where the ledger was changed, too: the ledger's word stands.")
@click.option("--all-or-nothing", is_flag=True, help="Record nothing where any row cannot be taken.")
@click.option("--by", metavar="NAME", help="Who confirms, disputes or rejects what the sheet says so of. Default: you.")
@click.option("--rejects", metavar="FILE", type=click.Path(dir_okay=False), help="Write refused rows to a CSV file.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is right so.")
@conflict_option
@click.option("--reason", metavar="TEXT", help="Why. Default: the file's name.")
@dry_run_option
@format_option()
@click.pass_context
@pass_app
def in_(app: App, ctx: click.Context, /, file: str, **given: Any) -> None:
    """Bring a sheet back: changed cells are amendments, rows without an id are new losses.

    Each row is compared with its loss as it was when the sheet was written, and as it is now. What was changed in the
    ledger since and not in the sheet stays. What was changed in both, to different values, is a conflict: nothing of
    such a row is taken, unless --mine or --theirs settles it. An empty cell clears a field; a column or a row that
    the file lacks says nothing. A new link or source id among the sources adds evidence; none is taken away.

    All of it is one act, which one undo takes back. On a terminal the changes are shown first, and you are asked.
    Exits 3 where rows were refused or in conflict; the others are in.

    \b
    Examples:
      lossledger sheet in tanks.xlsx --dry-run
      lossledger sheet in tanks.xlsx --reason "seen through with the new pictures"
      lossledger sheet in losses.csv --mine --yes --rejects refused.csv
    """
    from lossledger.cli.imported import refuse_overwriting
    from lossledger.cli.sheeted import print_refused, print_report, summary
    from lossledger.feeds.sheet import read

    order, reason = _order(given), reason_of(given["reason"]) if given["reason"] is not None else None
    refuse_overwriting(given["rejects"], Path(file), config.ledger_file(app.location))
    sheet = read(file)
    dry_run, strict = given["dry_run"], given["all_or_nothing"]
    asked = not (dry_run or given["yes"]) and sys.stdin.isatty() and sys.stderr.isatty()

    def bring(*, keep: bool) -> "Report":
        return _brought(app, sheet, order, reason or f"sheet {sheet.name}", strict=strict, keep=keep)

    report = bring(keep=not (dry_run or asked))
    kept = not (dry_run or asked or (strict and report.refused))
    print_report(report, sheet, given["form"], kept=kept)
    if asked and report.changes and not (strict and report.refused):
        if not click.confirm("Record this?", err=True):
            app.say("nothing was done")
            ctx.exit(1)
        report = bring(keep=True)
        app.say(summary(report, kept=not (strict and report.refused)))
    print_refused(report, given["rejects"])
    if report.refused:
        ctx.exit(3)


def _order(given: dict[str, Any]) -> "Order":
    from lossledger.ledger.returned import Order

    if given["mine"] and given["theirs"]:
        raise Refused("--mine and --theirs settle a conflict differently; give one")
    by = checked(given["by"], "by", MAX_LINE, lines=False) if given["by"] else None
    return Order(by, "mine" if given["mine"] else "theirs" if given["theirs"] else None, given["conflict"])


class _NotAllOfIt(Exception):
    """A row cannot be taken, and none is to be taken then."""


def _brought(app: App, sheet: "Sheet", order: "Order", reason: str, *, strict: bool, keep: bool) -> "Report":
    """What became of each row; of a strict return with a row that cannot be taken nothing is kept."""
    from lossledger.ledger.sheet import bring_back

    with suppress(_NotAllOfIt), app.recording(reason, dry_run=not keep) as journal:
        report = bring_back(journal, sheet, order)
        if strict and report.refused:
            raise _NotAllOfIt
    return report
