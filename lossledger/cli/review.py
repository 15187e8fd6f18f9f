"""``review``: what waits for a decision, one at a time; as a list, or as a page to decide on elsewhere."""

import sys
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import format_option, reason_of, words
from lossledger.cli.render import Column, write
from lossledger.cli.scope import scope_of, term_options
from lossledger.core.text import many
from lossledger.core.vocabulary import Verification
from lossledger.errors import NothingFound, Refused

if TYPE_CHECKING:
    from lossledger.queries.waiting import Waits

_COLUMNS = (Column("item", "Item"), Column("since", "Since", whole=True), Column("line", "What waits"))
_WAITS_FOR = Column("waits_for", "Waits for")
_PROGRAMS = ("item", "kind", "losses", "since", "since_entry", "seen", "waits_for", "line")

REASON = "reviewed"
"""Why a decision was made, where whoever made it does not say."""


@click.command("review", short_help="Go through what waits for a decision.")
@term_options
@click.option("--kind", "kinds", metavar="WORD,...", multiple=True, help="Only: claim, dispute, held, pair.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1, max=1_000_000_000), help="At most so many.")
@click.option(
    "--reason", metavar="TEXT", help=f"Why, for each decision that gets no reason of its own. Default: {REASON}."
)
@click.option("--plain", is_flag=True, help="In words, line by line, for a screen reader; on a terminal only.")
@click.option(
    "--board", metavar="FILE", help="Write a page to decide on, with the pictures side by side; - is standard output."
)
@click.option("--pictures", metavar="FOLDER", help="With --board: pictures to put into the page.")
@format_option()
@pass_app
def command(app: App, /, **given: Any) -> None:
    """Go through what waits for a decision.

    Claimed losses with evidence that nobody has judged, disputes, what a list says otherwise than a person here, and
    losses that may be the same. On a terminal each is shown with both sides next to each other, and decided by a key;
    ? says what the keys mean. Every decision is an act of its own, u takes the last one back, and what was decided by
    somebody else meanwhile is not decided again. Elsewhere the items are listed, and nothing is asked.

    A page written by --board needs no network. Decisions made on it are saved as a file for: lossledger verify --batch.

    \b
    Examples:
      lossledger review --kind claim --side ukraine
      lossledger review --plain --reason "second look"
      lossledger review --board board.html --pictures saved/
      lossledger review --format csv > waiting.csv
    """
    from lossledger.queries.waiting import KINDS, waiting

    kinds = words(given["kinds"], KINDS, "kind") or tuple(KINDS)
    reason = reason_of(given["reason"] or REASON)
    if given["pictures"] and not given["board"]:
        raise Refused("--pictures are put into a page; name it with --board FILE")
    with app.reading() as connection:
        found = waiting(connection, scope_of(connection, given, tuple(Verification)), kinds)
    if not found:
        raise NothingFound("nothing waits for a decision")
    if given["board"]:
        from lossledger.cli.board import write_board

        write_board(app, found[: given["limit"]], given["board"], given["pictures"])
    elif given["form"] == "table" and sys.stdin.isatty() and sys.stdout.isatty():
        _review(app, found, given["limit"], reason, plain=given["plain"])
    else:
        _list(found, given["form"], given["limit"])


def _review(app: App, found: list["Waits"], limit: int | None, reason: str, *, plain: bool) -> None:
    """Ask about each item that the actor may decide; say how many wait for others."""
    from lossledger.cli.faces import Lines, Screen
    from lossledger.cli.reviewing import Review
    from lossledger.cli.skipped import Skipped
    from lossledger.db.engine import place

    mine = [waits for waits in found if waits.is_for(app.actor)]
    if len(mine) < len(found):
        number = len(found) - len(mine)
        app.say(f"{many(number, 'item waits', 'items wait')} for somebody else, as you alone reported what it is about")
    face = Lines() if plain else Screen()
    skipped = Skipped(place(app.engine()), app.actor)
    Review(app, mine[:limit], face, skipped, reason).run()


def _list(found: list["Waits"], form: str, limit: int | None) -> None:
    from lossledger.queries.waiting import ANYONE

    shown = found[:limit]
    first = f"The first {limit:,} of " if limit is not None and limit < len(found) else ""
    caption = f"{first}{many(len(found), 'item')}. Decide on a terminal with: lossledger review"
    if form == "table":
        for_some = any(one.waits_for != ANYONE for one in shown)
        rows = [
            (one.item.id, one.item.since_at[:10], one.item.line, *([one.waits_for] if for_some else []))
            for one in shown
        ]
        columns = (*_COLUMNS, *([_WAITS_FOR] if for_some else []))
        write(form, columns, rows, caption, "What waits for a decision", close=True)
        return
    write(form, [Column(name, name) for name in _PROGRAMS], map(_row, shown), caption)


def _row(waits: "Waits") -> tuple[str | int, ...]:
    item = waits.item
    return (
        *(item.id, item.kind, "|".join(item.losses), item.since_at, item.since),
        *(item.seen, waits.waits_for, item.line),
    )
