"""``compare``: sides, claims and captures against each other."""

from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.counting import caption_of, counted_scope, joined_option
from lossledger.cli.options import format_option, words
from lossledger.cli.scope import known_options, scope_options, timeless_options
from lossledger.core.days import UNITS
from lossledger.core.vocabulary import Status
from lossledger.errors import NothingFound, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.claims import Claim
    from lossledger.queries.compare import Pair, Sides
    from lossledger.queries.scope import Scope
    from lossledger.queries.tallies import Tally

BY = ("category", "group", "type", "status")
"""What two sides are compared by; feeds and verifications are never summed, and so have no total."""

CAPTURED_BY = BY[:3]

sides_option = click.option(
    "--sides", metavar="NAME,NAME", help="Which two; by default those that lost the most, in the catalogue's order."
)


@click.group("compare", short_help="Hold sides, claims and captures against each other.")
def command() -> None:
    """Hold sides, claims and captures against each other.

    Every figure comes with its formula, and with what it cannot say: documented losses are what was seen and found,
    not what was lost, and one side may be seen better than the other.
    """


@command.command("sides", short_help="Two sides: what each lost, and one by the other.")
@sides_option
@click.option("--by", metavar="WORD,...", multiple=True, help=f"A row for each of: {', '.join(BY)}. Default: category.")
@click.option("--every", type=click.Choice(UNITS), help="A row for each period, with the running ratio.")
@scope_options
@joined_option
@format_option()
@pass_app
def sides(app: App, /, **given: Any) -> None:
    """Two sides against each other: what each lost, and one by the other.

    By heading or by whatever --by names; with --every by period, each with its own ratio and with that of all that
    had happened by its end. No ratio is given where either number is below 20.

    \b
    Examples:
      lossledger compare sides
      lossledger compare sides --by group --since 2024-01 --until 2024-06
      lossledger compare sides --every month --category tanks
    """
    from lossledger.cli import compare_shown

    with app.reading() as connection:
        found = read_sides(connection, given)
        over, under = caption_of(connection, found.counted, given)
    compare_shown.show_sides(found, given["form"], over, under)


@command.command("claims", short_help="What is claimed, beside what is documented.")
@timeless_options
@click.option("--counted-by", metavar="TEXT", help="Only claims of those whose name contains this.")
@click.option("--latest", is_flag=True, help="Of each series of claims only the last.")
@joined_option
@format_option()
@pass_app
def claims(app: App, /, **given: Any) -> None:
    """What is claimed, day by day, beside what is documented as of the same day.

    --side, --category, --type, --group and --status choose claims that speak of just that, --since and --until their
    days; --feed and --verification say which losses count as documented. A claim is compared where it has a day and
    says what it counts in headings of the ledger. Claims are added to nothing.

    \b
    Examples:
      lossledger compare claims --side azerbaijan
      lossledger compare claims --side russia --category tanks --since 2023
      lossledger compare claims --latest --format csv
    """
    from lossledger.cli import claims_shown

    with app.reading() as connection:
        found, scope, counted = read_claims(connection, given)
    claims_shown.show(found, scope, counted, given["form"])


@command.command("captured", short_help="What two sides captured from each other.")
@sides_option
@click.option(
    "--by", metavar="WORD,...", multiple=True, help=f"A row for each of: {', '.join(CAPTURED_BY)}. Default: category."
)
@timeless_options
@click.option("--as-of", metavar="DAY", help="As things stood at the end of this day.")
@known_options
@joined_option
@format_option()
@pass_app
def captured(app: App, /, **given: Any) -> None:
    """What two sides captured from each other, and the net of it.

    Counted is what stands as captured: what was captured and later destroyed or won back is counted under what
    became of it last. Where a captor is named it is taken at its word; between two sides, a captor who is not named
    is the other side, and the table says of how many that is assumed. With --known-on or --release what was counted
    then is compared; captors are those that are named today.

    \b
    Examples:
      lossledger compare captured
      lossledger compare captured --by type --category tanks
    """
    from lossledger.cli import compare_shown
    from lossledger.queries.captures import captures

    with app.reading() as connection:
        by = words(given["by"], CAPTURED_BY, "--by") or ("category",)
        if set(words(given["statuses"], Status, "status")) - {Status.CAPTURED}:
            raise Refused("what is captured is compared, and nothing of another status: leave --status out")
        counted, pair = _counted_pair(connection, given, ("side", "status"))
        known = counted.catalogue
        found = captures(connection, counted.scope, by, pair, known)
        over, under = caption_of(connection, counted, given)
    compare_shown.show_captures(found, counted, given["form"], over, under)


def read_sides(connection: "Connection", given: dict[str, Any]) -> "Sides":
    """Two sides compared as the command's options ask. Errors: Refused for what cannot be compared."""
    from lossledger.queries.compare import compare_periods, compare_sides
    from lossledger.queries.delay import delay
    from lossledger.queries.timeline import laid_out

    by = words(given["by"], BY, "--by")
    if not given["every"]:
        counted, pair = _counted_pair(connection, given, (*(by or ("category",)), "side"))
        return compare_sides(counted, pair)
    counted, pair = _counted_pair(connection, given, (*by, "side", given["every"]))
    measured = delay(connection, counted.scope, counted.catalogue)
    return compare_periods(laid_out(connection, counted, measured), pair)


def _counted_pair(connection: "Connection", given: dict[str, Any], by: tuple[str, ...]) -> tuple["Tally", "Pair"]:
    """What is counted, and the two sides of it. Errors: Refused where lists would have to be added unasked."""
    from lossledger.queries.by_feed import by_feed
    from lossledger.queries.compare import pair_of

    if given["side"]:
        raise Refused("two sides are compared; name them with --sides NAME,NAME instead of --side")
    scope = counted_scope(connection, given, by)
    counted = by_feed(connection, scope, by)
    refuse_several_feeds(counted)
    return counted, _named_pair(connection, given["sides"], counted) or pair_of(counted)


def refuse_several_feeds(counted: "Tally") -> None:
    """Refuse to compare a side that stands in several lists, whose counts are never added unasked."""
    if not counted.several_feeds or counted.scope.joined:
        return
    known = counted.catalogue
    feeds: dict[str, set[str]] = {}
    for (side, feed), quantity in counted.beside.feeds.items():
        if quantity:
            feeds.setdefault(side, set()).add(feed)
    side, several = next((side, sorted(found)) for side, found in feeds.items() if len(found) > 1)
    raise Refused(
        f"{known.name('side', side)} stands in several feeds ({', '.join(several)}), which are not added unasked; "
        "choose with --feed, or sum what is not merged with --joined"
    )


def _named_pair(connection: "Connection", text: str | None, counted: "Tally") -> "Pair | None":
    from lossledger.queries.compare import Pair
    from lossledger.queries.names import resolve

    if text is None:
        return None
    names = [name.strip() for name in text.split(",")]
    if len(names) != 2:
        raise Refused("--sides takes two names with a comma between them: --sides armenia,azerbaijan")
    one, other = (resolve(connection, "side", name, counted.scope.conflict) for name in names)
    known = counted.catalogue
    if known.below("side", one) & known.below("side", other):
        raise Refused(f"--sides: {known.name('side', one)} and {known.name('side', other)} are counted together")
    return Pair(one, other)


def read_claims(connection: "Connection", given: dict[str, Any]) -> tuple[list["Claim"], "Scope", "Tally"]:
    """The claims that the command's options ask for, with their scope and a tally of what is documented in it.

    Errors: NothingFound where there is none; Refused where lists would have to be added unasked.
    """
    from dataclasses import replace

    from lossledger.queries.by_feed import by_feed
    from lossledger.queries.claims import claims as all_claims
    from lossledger.queries.claims import last_of_series

    scope = counted_scope(connection, given, ())
    counted = by_feed(connection, replace(scope, statuses=(), since=None, until=None), ("side",))
    refuse_several_feeds(counted)
    found = all_claims(connection, scope, counted.catalogue)
    wanted = (given["counted_by"] or "").casefold()
    found = [one for one in found if wanted in one.published.counted_by.casefold()]
    if not found:
        raise NothingFound("no claim is chosen by these options; see: lossledger published list --kind claim")
    return last_of_series(found) if given["latest"] else found, scope, counted
