"""``export oryx``: the losses as a page in the form of Oryx's lists."""

import io
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.files import destination, output_options, put
from lossledger.cli.scope import scope_of, term_options
from lossledger.core.text import many
from lossledger.core.vocabulary import OWN_FEED
from lossledger.errors import NothingFound, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.exports.oryx_page import Line, PageAbout
    from lossledger.ledger.public_copy import PublicCopy
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.page_items import Kind
    from lossledger.queries.scope import Scope


@click.command("oryx", short_help="A page in the form of Oryx's lists: an item a bracket, with its link.")
@term_options
@click.option("--joined", is_flag=True, help="Put losses of several feeds on one page, where they are not merged.")
@output_options
@pass_app
def command(app: App, /, *, joined: bool, output: str | None, force: bool, **given: Any) -> None:
    """Write the confirmed losses as a page in the form of Oryx's lists.

    It has each side's figures, the headings with their sums, a line for each type, and every item with its status and
    its links, as things stand now. "lossledger import" reads it back. What has no place in that notation (numbers
    without items, losses of which no status is given, days, places, notes) is said at its end.

    \b
    Examples:
      lossledger export oryx --side redland -o redland.html
      lossledger export oryx --feed oryx-ukrainian -o ukraine.html
    """
    from lossledger.exports.oryx_page import write_page
    from lossledger.ledger.public_copy import public_copy
    from lossledger.queries.catalogue import catalogue

    place = destination(output, "a page", force=force)
    page = io.StringIO()
    with public_copy(app.engine()) as public:
        scope = scope_of(public.connection, given, ("confirmed",))
        known = catalogue(public.connection)
        feeds = _feeds(public.connection, scope, joined=joined)
        lines = _lines(public.connection, scope, known)
        left_out = write_page(lines, _about(public, scope, known, feeds), page)
    text = page.getvalue()
    put(text, place)
    app.say(f"{place or 'page'}: {len(text.encode()):,} bytes")
    for told in left_out.words():
        app.say(told)


def _lines(connection: "Connection", scope: "Scope", known: "Catalogue") -> "list[Line]":
    """The lines of the page. Errors: NothingFound where there is nothing to put on it."""
    from lossledger.exports.oryx_page import Line
    from lossledger.queries.page_items import page_items

    def named(kind: "Kind") -> tuple[str, str, str | None, str | None]:
        return known.name("side", kind.side), known.name("category", kind.category), kind.name, kind.origin

    lines = [Line(*named(kind), things) for kind, things in page_items(connection, scope, known)]
    if not lines:
        raise NothingFound("there is no confirmed item in this scope; a page would be empty")
    return lines


def _feeds(connection: "Connection", scope: "Scope", *, joined: bool) -> list[str]:
    """The feeds whose losses are on the page. Errors: Refused where a side's come from several, unless joined."""
    from lossledger.queries.tallies import tally

    counted = tally(connection, scope, ("side", "feed"))
    feeds = [feed for (feed,) in counted.sums("feed") if feed is not None]
    if counted.several_feeds and not joined:
        raise Refused(
            f"one side's losses come from several feeds ({', '.join(feeds)}), which may tell of the same ones: choose "
            "with --feed, or put those that are not merged on one page with --joined"
        )
    return feeds


def _about(public: "PublicCopy", scope: "Scope", known: "Catalogue", feeds: list[str]) -> "PageAbout":
    from lossledger.exports.about import PROGRAM
    from lossledger.exports.oryx_page import PageAbout
    from lossledger.queries.page_items import aggregates
    from lossledger.queries.whole import subjects

    told = [fields | {"slug": slug} for slug, fields in subjects(public.connection, "feed") if slug in feeds]
    # Own entries are no list that a page could be of: elsewhere they are somebody else's own.
    lists = [one for one in told if one["slug"] != OWN_FEED]
    own = {name: told[0][name] for name in _OF_FEED if name in told[0]} if len(told) == len(lists) == 1 else {}
    credit = dict.fromkeys(one["credit"] for one in told if "credit" in one)
    numbers = aggregates(public.connection, scope, known)
    title = own.get("name") or f"Documented losses of equipment: {known.name('conflict', scope.conflict)}"
    return PageAbout(
        title=title,
        program=PROGRAM,
        feed={"name": title, **({"credit": "; ".join(credit)} if credit else {}), **own},
        lines=(
            f"As the ledger stood on {public.as_of[:10]}. Counted are confirmed losses that are told one by one.",
            *credit,
            *(one for one in dict.fromkeys(f"Terms: {one['licence']}" for one in told if "licence" in one)),
        ),
        remarks=(
            *(
                (f"Not on this page: {many(numbers, 'item')} told as numbers with no items behind them.",)
                * bool(numbers)
            ),
            "Claims, merged and withdrawn losses do not count. Days, places and notes have no place in this notation.",
            f"Public view: {', '.join(public.view.words)}.",
            f"Written by {PROGRAM} from a ledger with the head {public.head}.",
        ),
    )


_OF_FEED = ("slug", "name", "publisher", "licence", "credit", "url", "verified_by")
"""What a page of one feed says of it, so that its losses come back to that feed."""
