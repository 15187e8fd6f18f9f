"""Files that say they were captured on another day than the loss they show, as ``check`` lists them."""

from typing import TYPE_CHECKING

import click

from lossledger.cli.given_files import DIGITS
from lossledger.cli.render import Column, table
from lossledger.core.days import show_days
from lossledger.core.text import many

if TYPE_CHECKING:
    from lossledger.queries.captured import OtherDay

_COLUMNS = (
    Column("loss", "Loss", whole=True),
    Column("days", "Happened"),
    Column("captured", "Captured"),
    Column("file", "File"),
    Column("source", "Source", whole=True),
)


def print_other_days(found: "list[OtherDay]") -> None:
    """Print the losses and files whose days do not fit each other."""
    rows = [
        (
            one.loss,
            show_days(one.earliest, one.latest, inferred=False),
            one.captured[:10],
            f"{one.name or ''} {one.sha256[:DIGITS]}".strip(),
            one.source,
        )
        for one in found
    ]
    caption = f"{many(len(rows), 'file')} of another day, by its own word: a clock that was wrong, or another loss."
    click.echo()
    table(_COLUMNS, rows, caption, "Files captured on other days than the losses they show", close=True)
