"""``evidence archive``: fetching what links show, before they show it no more."""

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.archived import Entered, Tally, printed_waiting, say_line, written
from lossledger.cli.options import dry_run_option, format_option
from lossledger.cli.progress import Tell, progress
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked, many
from lossledger.errors import LedgerError, NothingFound, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.evidence.archiver import Archiver
    from lossledger.evidence.fetching import Outcome
    from lossledger.queries.unheld import Link, Wanted

_INTERRUPTED = 130


@click.command("archive", short_help="Fetch what links show, and hold it.")
@click.argument("uids", metavar="[ID]...", nargs=-1)
@click.option("--feed", metavar="NAME", help="Only links of this feed's losses.")
@click.option("--host", metavar="HOST", help="Only links to this host, and to those below it.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Look at no more than so many links.")
@click.option("--again", is_flag=True, help="Also links found gone, behind a login or refused before.")
@click.option("--jobs", type=click.IntRange(1, 32), default=4, show_default=True, help="Links looked at at once.")
@click.option(
    "--delay",
    type=click.FloatRange(0, 3600),
    default=1.0,
    show_default=True,
    help="Seconds between two requests to a host; waiting to try again begins with twice as many.",
)
@click.option("--tries", type=click.IntRange(1, 20), default=3, show_default=True, help="Tries for each link.")
@click.option(
    "--max-size", metavar="MB", type=click.IntRange(min=1), default=200, show_default=True, help="Largest file taken."
)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=300.0,
    show_default=True,
    help="Longest time for one answer.",
)
@click.option("--contact", metavar="TEXT", help="Where hosts can reach you: an address, told with each request.")
@click.option(
    "--allow-host", metavar="HOST[:PORT]", multiple=True, help="Fetch from it though it is no public address."
)
@dry_run_option
@format_option()
@click.pass_context
@pass_app
def command(app: App, ctx: click.Context, /, **given: Any) -> None:
    """Fetch what the links of losses show, and hold it with a record of how it came.

    Looks at every link that a loss rests on and of which nothing is held; those nobody has looked at come first. What
    was found is entered link by link, so it can be interrupted and run again at any time. Links that could not be
    reached are looked at again at the next run, the others with --again. ID names losses.

    \b
    Examples:
      lossledger evidence archive --limit 1000 --contact me@example.org
      lossledger evidence archive --feed oryx-russia --host postimg.cc
      lossledger evidence archive --dry-run
    """
    from lossledger.queries.unheld import all_unheld

    with app.reading() as connection:
        wanted = _wanted(connection, given)
        waiting = Counter(link.host for link in all_unheld(connection, wanted))
    if not waiting and (given["uids"] or given["feed"] or given["host"]):
        looked_at = "what was found gone, behind a login or refused is looked at anew with --again"
        raise NothingFound(f"no such link waits to be archived; {looked_at}; see: lossledger evidence links")
    if given["dry_run"]:
        printed_waiting(given["form"], waiting, given["delay"])
        return
    stop = threading.Event()
    archiver, tally = _archiver(given, stop), Tally(waiting.total())
    links = islice(_links(app, wanted), given["limit"])
    with _interruptible(stop) as interrupted, progress(min(tally.waited, given["limit"] or tally.waited)) as tell:
        written(given["form"], _entered(app, archiver.outcomes(links), tally, tell))
    tally.cut_off = archiver.cut_off
    tally.tell(given["form"], archiver.given_up)
    if interrupted.is_set():
        app.say("interrupted; what is counted above is entered, and nothing else was done")
        ctx.exit(_INTERRUPTED)


def _wanted(connection: "Connection", given: dict[str, Any]) -> "Wanted":
    from lossledger.core.days import utc_now
    from lossledger.queries.names import resolve, whole_uid
    from lossledger.queries.unheld import Wanted

    return Wanted(
        before=utc_now(),
        feed=resolve(connection, "feed", given["feed"]) if given["feed"] else None,
        losses=tuple(whole_uid(connection, "loss", uid) for uid in given["uids"]),
        host=given["host"],
        again=given["again"],
    )


def _archiver(given: dict[str, Any], stop: threading.Event) -> "Archiver":
    try:
        from lossledger.evidence.archiver import Archiver, Manner
        from lossledger.evidence.asking import MEBIBYTE, Limits
        from lossledger.evidence.fetching import Fetcher
        from lossledger.evidence.guard import Guard
        from lossledger.evidence.hosts import Hosts
    except ModuleNotFoundError:
        raise LedgerError("fetching needs a few more packages: pip install 'lossledger[evidence]'") from None
    contact = checked(given["contact"], "contact", MAX_LINE, lines=False) if given["contact"] else None
    if contact and not contact.isascii():
        raise Refused("contact must be ASCII, for it stands in the head of each request")
    limits = Limits(size=given["max_size"] * MEBIBYTE, answer=given["timeout"])
    hosts = Hosts(given["delay"], stop)
    fetcher = Fetcher(Guard(given["allow_host"]), hosts, limits, stop, contact)
    return Archiver(fetcher.look, hosts, Manner(given["jobs"], given["delay"], given["tries"]), stop)


def _links(app: App, wanted: "Wanted") -> "Iterator[Link]":
    """The links that are wanted, some at a time: nothing is being read while something is entered."""
    from lossledger.queries.unheld import Place, unheld

    place: Place | None = Place()
    while place is not None:
        with app.reading() as connection:
            links, place = unheld(connection, wanted, place)
        yield from links


def _entered(app: App, outcomes: "Iterator[tuple[Link, Outcome]]", tally: Tally, tell: Tell) -> Iterator[Entered]:
    """Enter what was found, link by link; each is handed out once it is in the journal and in the store."""
    from lossledger.ledger.archiving import archive

    engine, store, actor = app.engine(), app.store(), app.actor
    for link, outcome in outcomes:
        with closing(outcome):
            held = archive(engine, store, actor, link, outcome)
        if held is None:
            tally.changed += 1
            continue
        tally.found[outcome.health] += 1
        entered = Entered(link.source, link.url, outcome.health, outcome.said, tuple(file.sha256 for file in held))
        yield entered
        say_line(entered)
        tell(tally.found.total(), many(tally.found.total(), "link"))


@contextmanager
def _interruptible(stop: threading.Event) -> Iterator[threading.Event]:
    """Have Ctrl-C end the work after what is being entered, instead of in the midst of it."""
    interrupted = threading.Event()

    def interrupt(_signal: int, _frame: object) -> None:
        interrupted.set()
        stop.set()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
