"""``tally``: documented losses, counted."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.counting import caption_of, counted_scope, joined_option, sides_apart
from lossledger.cli.options import format_option, words
from lossledger.cli.scope import scope_options
from lossledger.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.scope import Scope
    from lossledger.queries.tallies import Tally

DIMENSIONS = ("side", "category", "group", "type", "status", "verification", "feed", "day", "week", "month", "year")


@click.command("tally", short_help="Count documented losses.")
@click.option("--by", metavar="WORD,...", multiple=True, help=f"Count by any of: {', '.join(DIMENSIONS)}.")
@scope_options
@joined_option
@click.option("--sure", is_flag=True, help="Say how firm the figures are, in place of the table.")
@format_option("oryx")
@pass_app
def command(app: App, /, **given: Any) -> None:
    """Count documented losses.

    Without options: headings by side, confirmed losses only. With --side: that side by heading and status. A side's
    count includes the sides under it, unless --own. Rows --by side are disjoint.

    With --type, losses that may be of that type and are counted under another make the upper end: "14 certain, up to
    19". With --sure: how many there are at least, if possible duplicates are the same; how many with claims; and of how
    many there is an exact day, a place, a held file, a second reviewer.

    \b
    Examples:
      lossledger tally
      lossledger tally --side armenia --by type
      lossledger tally --by side,category,status --format json
      lossledger tally --as-of 2020-10-12 --verification claimed
      lossledger tally --sure --by category
      lossledger tally --release "Spring 2021"
    """
    with app.reading() as connection:
        show_tally(connection, given)


def show_tally(connection: "Connection", given: dict[str, Any]) -> None:
    """Count and print; ``given`` holds the command's options by name.

    Errors: Refused for a name, word or day that cannot be.
    """
    from lossledger.queries.by_feed import by_feed

    if given["sure"]:
        _refuse_unsure(given)
    by = words(given["by"], DIMENSIONS, "--by")
    scope = counted_scope(connection, given, by)
    layout = _firm_layout(scope, by, given["form"]) if given["sure"] else _layout(scope, by, given["form"])
    counted = by_feed(connection, scope, layout)
    over, under = caption_of(connection, counted, given)
    if given["sure"]:
        from lossledger.cli import firm

        firm.show(connection, counted, by, given["form"], over, under)
    else:
        _print(counted, by, given["form"], over, under)


def _layout(scope: "Scope", by: tuple[str, ...], form: str) -> tuple[str, ...]:
    """The dimensions to count by: those asked for, or those of the table that nobody had to describe."""
    if form == "oryx":
        return ("side", "category", *(("type",) if "type" in by else ()), "status")
    if form == "table" and by in ((), ("type",)):
        return ("category", *by, "status" if scope.side else "side")
    if form == "table":
        return sides_apart(scope, by)
    return by or (("category", "status") if scope.side else ("side", "category"))


def _refuse_unsure(given: Mapping[str, Any]) -> None:
    """Refuse what cannot be said of how firm a figure is."""
    for option in ("known_on", "release"):
        if given[option]:
            raise Refused(f"--sure looks at the losses as they are now; leave --{option.replace('_', '-')} out")
    if given["form"] == "oryx":
        raise Refused("--sure has no form in the list's notation; choose another --format")


def _firm_layout(scope: "Scope", by: tuple[str, ...], form: str) -> tuple[str, ...]:
    """The dimensions whose cells are looked at: those asked for, and for people each side by itself."""
    return (sides_apart(scope, by) if form == "table" else by) or ("side",)


def _print(counted: "Tally", by: tuple[str, ...], form: str, over: str, under: str) -> None:
    from lossledger.cli import layouts

    if form == "oryx":
        layouts.oryx(counted, over, under)
    elif form == "table" and by in ((), ("type",)):
        layouts.crossed(counted, over, under)
    elif form == "table" and "side" not in by:
        layouts.apart(counted, by, over, under)
    else:
        layouts.cells(counted, form, over, under)
