"""``timeline``: running totals of documented losses."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.counting import caption_of, counted_scope, joined_option, sides_apart
from lossledger.cli.options import format_option, words
from lossledger.cli.scope import scope_options
from lossledger.core.days import UNITS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.timeline import Timeline

GROUPINGS = ("side", "category", "group", "type", "status", "verification", "feed")

every_option = click.option(
    "--every", type=click.Choice(UNITS), default="month", show_default=True, help="The period of a row."
)


@click.command("timeline", short_help="Count losses over time, with running totals.")
@every_option
@click.option("--by", metavar="WORD,...", multiple=True, help=f"A series for each of: {', '.join(GROUPINGS)}.")
@scope_options
@joined_option
@format_option()
@pass_app
def command(app: App, /, **given: Any) -> None:
    """Count documented losses over time, with running totals.

    Each period has what happened in it (+) and the running total at its end. A loss stands on its own day, under the
    status that it has now: what was damaged in March and captured in May is a captured loss of March; with --as-of
    DAY, under the status that it had by that day. So no period ever takes anything away.

    What is not dated finely enough for the periods asked for is counted, but stands in none of them: the row "day not
    given" has it, and the running total at the end with that row is what "lossledger tally" counts. The latest periods
    are marked as incomplete (*) by the delay from event to record, as it was measured on what was recorded lately.

    Up to three series stand beside each other, a row a period. More have a row each, with their course in small; the
    other formats give every period of every series.

    \b
    Examples:
      lossledger timeline
      lossledger timeline --every week --side russia --since 2024
      lossledger timeline --by category --side armenia
      lossledger timeline --every day --by side,category --format csv
    """
    from lossledger.cli import timeline_shown

    with app.reading() as connection:
        found = read_timeline(connection, given, people=given["form"] == "table")
        over, under = caption_of(connection, found.tally, given)
    timeline_shown.show(found, given["form"], f"{over}, by {found.every}", under)


def read_timeline(connection: "Connection", given: Mapping[str, Any], *, people: bool) -> "Timeline":
    """The timeline that a command's options mean; for ``people`` each side by itself, with the sides under it.

    Errors: Refused for a name, word or day that cannot be.
    """
    from lossledger.queries.by_feed import by_feed
    from lossledger.queries.delay import delay
    from lossledger.queries.timeline import laid_out, under_tops

    by = words(given["by"], GROUPINGS, "--by")
    scope = counted_scope(connection, dict(given), by)
    series = sides_apart(scope, by) if people or not by else by
    counted = by_feed(connection, scope, (*series, given["every"]))
    measured = delay(connection, scope, counted.catalogue)
    together = people and "side" not in by
    return laid_out(connection, counted, measured, under_tops(counted) if together else None)
