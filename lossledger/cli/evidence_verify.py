"""``evidence verify``: every file of the store read anew, and held against the journal."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.given_files import DIGITS
from lossledger.cli.options import format_option
from lossledger.cli.progress import progress
from lossledger.cli.render import Column, write
from lossledger.cli.stored import settled
from lossledger.core.text import many, told_size
from lossledger.errors import NoLedger

if TYPE_CHECKING:
    from lossledger.checks.store import Place, Verified

_COLUMNS = (
    Column("found", "Found", whole=True),
    Column("place", "SHA-256", whole=True),
    Column("said", "What is wrong"),
    Column("name", "Name"),
    Column("source", "Source", whole=True),
    Column("losses", "Losses"),
)


@click.command("verify", short_help="Read every file of the store anew.")
@format_option()
@click.pass_context
@pass_app
def command(app: App, ctx: click.Context, /, form: str) -> None:
    """Read every file of the store anew, and name what is missing, changed or not in the journal.

    Exits 1 where anything is. What nothing refers to any more, and what could be written to, is told beside: nothing is
    lost by it. Without reading the files, audit finds what is missing and what has another size.

    \b
    Examples:
      lossledger evidence verify
      lossledger evidence verify --format json
    """
    from lossledger.checks.store import verified
    from lossledger.queries.files import sizes

    store = settled(app)
    with app.reading() as connection:
        held = sizes(connection)
        if held and not store.exists:
            number = many(len(held), "file is", "files are")
            raise NoLedger(f"no store at {store.folder}, though {number} held; name it with --store")
        with progress(sum(size or 0 for size in held.values())) as shown:
            read = 0

            def tell(bytes_read: int) -> None:
                nonlocal read
                read += bytes_read
                shown(read, told_size(read))

            found = verified(connection, store, held, tell)
    rows = [_row(one, people=form == "table") for one in found.places]
    if rows or form != "table":
        write(form, _COLUMNS, rows)
    app.say(_said(found))
    if found.findings:
        ctx.exit(1)


def _row(one: "Place", *, people: bool) -> tuple[str | None, ...]:
    """A place as a row; people are shown as much of a digest as tells it from any other."""
    from lossledger.evidence.places import is_digest

    place, fault = one.found
    between = ", " if people else "|"
    return (
        fault.word.value,
        place[:DIGITS] if people and is_digest(place) else place,
        fault.said,
        _several(between, (file.name for file in one.files)),
        _several(between, (file.source for file in one.files)),
        _several(between, (loss for file in one.files for loss in file.losses)),
    )


def _several(between: str, names: Iterable[str | None]) -> str | None:
    return between.join(dict.fromkeys(name for name in names if name)) or None


def _said(found: "Verified") -> str:
    remarks = len(found.places) - found.findings
    read = "" if found.read == found.files else f"{found.read:,} of "
    parts = [f"{read}{many(found.files, 'file')} read", many(found.findings, "finding")]
    return f"{', '.join([*parts, *([many(remarks, 'remark')] if remarks else [])])}."
