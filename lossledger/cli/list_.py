"""``list``: losses one by one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import format_option
from lossledger.cli.render import Column, Row, screen_width, table, write
from lossledger.cli.scope import loss_options, scope_of
from lossledger.cli.where import FIELDS as SEARCHED
from lossledger.cli.where import NOTES, asked, conditions, said, where_options
from lossledger.core.days import show_days
from lossledger.core.text import many
from lossledger.core.vocabulary import OUTCOMES, Verification
from lossledger.errors import NothingFound

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.held import HeldLoss
    from lossledger.queries.losses import Listing, Summary

_COLUMNS = (
    Column("id", "Id", whole=True),
    Column("day", "Day", whole=True),
    Column("side", "Side"),
    Column("type", "Type"),
    Column("quantity", "Items", number=True),
    Column("outcome", "Status", whole=True),
    Column("verification", "Belief", whole=True),
)
_WIDER = (Column("place", "Place"), Column("feed", "Feed", whole=True))
_HELD = Column("held", "Held")
_ASKING_FOR = {"merged": ("merged", "merged_into"), "withdrawn": ("withdrawn",)}
"""The fields that only losses have which a list leaves out unasked: who asks for one asks for these losses."""

_WIDE = 110
"""From this width on there is room for more columns."""


_EPILOG = "\n".join(
    ["\b", "Fields of --where:", *(f"  {title}: {names}" for title, names in SEARCHED.items()), "", "\b", *NOTES]
)


@click.command("list", short_help="List losses.", epilog=_EPILOG)
@loss_options
@where_options
@click.option("--merged", is_flag=True, help="Also those merged into another.")
@click.option("--withdrawn", is_flag=True, help="Also those withdrawn.")
@click.option("--held", is_flag=True, help="Only those of which a list now says otherwise than a person here.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1, max=1_000_000_000), help="At most so many.")
@format_option()
@pass_app
def command(app: App, /, **given: Any) -> None:
    """List losses.

    They come by day and as they were entered, the undated last, whatever is believed of them. The status is what has
    become of a loss by now; with --as-of, by that day. A table shows the main columns; every other format has all
    fields.

    Any field narrows the list with --where. Texts match in any spelling; a side, a heading or a type with what stands
    under it; days and numbers as a range, 2020-10-05..2020-10-08 or 10.. . Conditions given together all hold; --by,
    --did and --changed-since hold for one and the same entry of the journal.

    \b
    Examples:
      lossledger list --side armenia --category tanks
      lossledger list --verification claimed --since 2020-10-08
      lossledger list --merged --withdrawn --format csv > losses.csv
      lossledger list --held
      lossledger list --where "unit~10th" --where host=example.org --where '!coordinates'
      lossledger list --near 39.7581,46.7499,5 --where quantity=2..
      lossledger list --by ann --did verify --changed-since 2020-11-01
      lossledger list --verification confirmed --where voices=1 --where parties=1
      lossledger list --where '!file' --where health=gone --where reliability=not-judged
    """
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.held import held_losses
    from lossledger.queries.losses import FIELDS, Listing, summary

    with app.reading() as connection:
        scope = scope_of(connection, given, tuple(Verification), OUTCOMES)
        held = held_losses(connection) if given["held"] else None
        only = None if held is None else [loss.id for loss in held]
        known, fields = catalogue(connection), asked(given)
        where = conditions(connection, known, scope.conflict, given, fields)
        wanted = {one.field for one in fields if not one.negated}
        merged, withdrawn = (given[name] or not wanted.isdisjoint(asking) for name, asking in _ASKING_FOR.items())
        listing = Listing(scope, known, merged, withdrawn, only, where)
        found = summary(connection, listing)
        rows = _read(connection, listing, given["limit"], held)
        if given["form"] != "table":
            names = (*FIELDS, *(() if held is None else (_HELD.key,)))
            cells = (tuple(row[name] for name in names) for row in rows)
            caption = caption_of(found, given["limit"]) if found.losses else ""
            write(given["form"], [Column(name, name) for name in names], cells, caption)
        elif found.losses:
            _print(list(rows), listing, caption_of(found, given["limit"]), said(given))
    if not found.losses:
        raise NothingFound(f"no loss matches{_left_out(found, '; not listed: ')}")


def _read(
    connection: "Connection", listing: "Listing", limit: int | None, held: "list[HeldLoss] | None"
) -> Iterator[dict[str, Any]]:
    """The losses, read once they are asked for; each with the fields of which a list says otherwise, where wanted."""
    from lossledger.queries.losses import losses

    fields = {loss.uid: "|".join(loss.fields) for loss in held or ()}
    for row in losses(connection, listing, limit):
        yield row if held is None else row | {_HELD.key: fields[row["id"]]}


def _print(rows: list[dict[str, Any]], listing: "Listing", caption: str, only: list[str]) -> None:
    title = f"Losses: {listing.known.name('conflict', listing.scope.conflict)}"
    columns = _COLUMNS + (_WIDER if screen_width() >= _WIDE else ())
    if listing.only is not None:
        title, columns = f"{title}, held for review", (*columns, _HELD)
        caption += "\nBoth words, the list's and the one that stands here: lossledger show ID"
    for key in ("side", "verification"):
        said = {str(row[key]) for row in rows}
        if len(said) == 1:
            # What is the same in every row needs no column.
            title += f", {said.pop()}"
            columns = tuple(column for column in columns if column.key != key)
    caption += f"\nOnly: {'; '.join(only)}." if only else ""
    table(columns, [_row(row, columns) for row in rows], caption, title, close=True)


def _row(loss: dict[str, Any], columns: tuple[Column, ...]) -> Row:
    """A loss for people: its heading where it has no type, its days, a word for what is not counted."""
    shown = loss | {
        "type": _type(loss),
        "day": _day(loss),
        "outcome": " ".join((loss["outcome"], *_asides(loss))),
        "held": loss.get("held", "").replace("|", ", "),
    }
    return tuple(shown[column.key] for column in columns)


def _type(loss: dict[str, Any]) -> str:
    """What was lost: "T-72B", "(Tanks)" where the type is not given, "T-72 (T-72A or T-72B)" where it is open."""
    if loss["candidates"]:
        return f"{loss['type']} ({loss['candidates'].replace('|', ' or ')})"
    return str(loss["type"] or f"({loss['category']})")


def _day(loss: dict[str, Any]) -> str:
    """The days on which a loss can have happened, marked where they are inferred; where none is known, its list's."""
    last = loss["latest"] or loss["reported"]
    if not (loss["earliest"] or last):
        return show_days(loss["day"], loss["day"], inferred=True)
    return show_days(loss["earliest"], last, inferred=loss["inferred"] or not last)


def _asides(loss: dict[str, Any]) -> Iterator[str]:
    if loss["withdrawn"]:
        yield "(withdrawn)"
    if loss["merged_into"] and not loss["stands_in"]:
        yield "(merged)"


def caption_of(found: "Summary", limit: int | None) -> str:
    """What is listed, how much of it counts, and what is left out with the way to see it."""
    items = ", ".join(f"{found.items[word]:,} {word}" for word in Verification if found.items[word]) or "none"
    first = f"The first {limit:,} of " if limit is not None and limit < found.losses else ""
    uncounted = ((found.merged, "merged into another"), (found.withdrawn, "withdrawn"))
    of_which = ", ".join(f"{number:,} {why}" for number, why in uncounted if number)
    number = many(found.losses, "loss", "losses") + (f", of which {of_which}" if of_which else "")
    left_out = _left_out(found, " Not listed: ")
    return f"{first}{number}. Items: {items}.{left_out}{'.' if left_out else ''}"


_WHY = {"merged": "merged into another (--merged)", "withdrawn": "withdrawn (--withdrawn)", "undated": "undated"}
"""Why losses are left out, and the way to see them."""


def _left_out(found: "Summary", before: str) -> str:
    """What a list leaves out, with the way to see it; nothing where it leaves out nothing."""
    said = ", ".join(f"{number:,} {said}" for why, said in _WHY.items() if (number := found.left_out[why]))
    return before + said if said else ""
