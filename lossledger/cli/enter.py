"""``enter``: losses typed quickly, line after line, on a terminal or from a file."""

import os
import sys

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import conflict_option, dry_run_option
from lossledger.cli.telling import tell
from lossledger.core.frame import Frame
from lossledger.core.shorthand import Set, Sticks
from lossledger.errors import Refused


@click.command(
    "enter",
    short_help="Enter losses quickly, line after line.",
)
@click.option("--side", metavar="NAME", help="Begin with this side.")
@click.option("--day", metavar="DAYS", help="Begin with this day: 2020-10-08, 2020-10, 2020-10-05..2020-10-08.")
@click.option("--place", metavar="TEXT", help="Begin with this place, in words, degrees (LAT,LON), or both.")
@click.option("--source", metavar="URL|ID", help="Begin with this link, or this source of the ledger.")
@click.option("--confirmed", is_flag=True, help="Begin with losses confirmed by you, not claimed.")
@click.option("--file", "path", metavar="FILE", help="Enter the lines of a file; - for standard input.")
@click.option("--fresh", is_flag=True, help="Forget what was left over when you last stopped.")
@click.option("--plain", is_flag=True, help="One line in, one line out: for screen readers.")
@conflict_option
@dry_run_option
@pass_app
def command(app: App, /, path: str | None, fresh: bool, plain: bool, dry_run: bool, **given: str | bool | None) -> None:
    """Enter losses quickly, line after line.

    Side, day, place and link stick from one line to the next. Paste a link, then type what it shows: every thing
    becomes a loss of its own, numbered within the link.

    \b
    What is typed:
      side Russia                   who lost what follows
      @2022-03-04                   the day; then @5 or @04-05 will do
      place Kharkiv                 in words, as LAT,LON, or both
      https://t.me/a/1              a link
      3 T-72B d; BMP-2 c            four losses: d destroyed, g or dm damaged,
                                    a abandoned, c captured, l lost
      T-72B|T-72B3 d! by ATGM       either type; confirmed; the cause
      = < ? merge quit              again, take back, help, join, leave

    On a terminal each line is an act, kept at once; a line that was half typed when the terminal closed is offered
    again. From a file or a pipe all lines are one act: where one is wrong, each wrong line is listed with its
    column, and nothing is entered. The new losses' ids are printed.

    \b
    Examples:
      lossledger enter --side russia --day 2022-03-04
      lossledger enter --file day.txt --dry-run
      lossledger enter --plain
    """
    from lossledger.queries.names import the_conflict

    with app.reading() as connection:
        conflict = the_conflict(connection, str(given["conflict"]) if given["conflict"] else None)
    begins = [
        Set(part, text, 1)
        for part in (Sticks.SIDE, Sticks.DAY, Sticks.PLACE, Sticks.SOURCE)
        if isinstance(text := given[part], str)
    ] + ([Set(Sticks.BELIEF, "confirmed", 1)] if given["confirmed"] else [])
    if path or not (sys.stdin.isatty() and sys.stderr.isatty()):
        _from_file(app, conflict, _begun(app, conflict, Frame(), begins), path or "-", dry_run=dry_run)
        return
    if dry_run:
        raise Refused("--dry-run is for lines from a file or a pipe; on a terminal < takes each line back")
    _on_terminal(app, conflict, begins, plain=plain or os.environ.get("TERM") in ("dumb", "unknown"), fresh=fresh)


def _begun(app: App, conflict: str, frame: Frame, begins: list[Set]) -> Frame:
    """A frame with what the options set. Errors: Refused for what cannot be."""
    from lossledger.cli.enter_desk import framed
    from lossledger.core.shorthand_items import Slip

    with app.reading() as connection:
        for line in begins:
            try:
                frame = framed(connection, conflict, frame, line)
            except Slip as slip:
                raise Refused(f"--{line.what}: {slip.why}") from None
    return frame


def _from_file(app: App, conflict: str, frame: Frame, path: str, *, dry_run: bool) -> None:
    from lossledger.cli.enter_file import Entry, enter_file

    with app.recording(dry_run=dry_run) as journal:
        entry = Entry(journal, conflict, frame)
        done = enter_file(path, entry, app.say)
    tell(app, done, dry_run=dry_run)
    if not dry_run:
        for uid in entry.uids:
            click.echo(uid)


def _on_terminal(app: App, conflict: str, begins: list[Set], *, plain: bool, fresh: bool) -> None:
    from lossledger.cli.enter_draft import Draft, Kept, draft_file
    from lossledger.cli.enter_session import Recording, Session
    from lossledger.db.engine import place

    draft = Draft(draft_file(place(app.engine()), conflict))
    left = None if fresh else draft.load()
    kept = left or Kept(Frame())
    frame = _begun(app, conflict, kept.frame, begins)
    shown = kept.shown if frame.source == kept.frame.source else ()
    session = Session(Recording(app.reading, app.recording), conflict, frame, shown)
    if plain:
        from lossledger.cli.enter_plain import converse

        converse(session, draft, kept.text)
        return
    try:
        from lossledger.cli import enter_terminal
    except ModuleNotFoundError:
        raise Refused(
            "entering on a terminal needs one more package: pip install 'lossledger[enter]'; "
            "or do without it, with: lossledger enter --plain"
        ) from None
    from lossledger.queries.usage import usage

    with app.reading() as connection:
        known = usage(connection, conflict)
    enter_terminal.converse(session, draft, known, kept.text)
