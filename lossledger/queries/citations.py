"""What a tally is cited by: its figures in words, the entry that fixes them, and whom to credit."""

import json
from dataclasses import fields
from hashlib import sha256

from sqlalchemy import Connection, select

from lossledger import __version__
from lossledger.core.citation import Citation
from lossledger.core.days import utc_now
from lossledger.core.fields import State
from lossledger.core.names import slug
from lossledger.core.site import PUBLISHER, TITLE, URL
from lossledger.db.tables import SUBJECTS
from lossledger.db.tables import entry as entries
from lossledger.queries import caption
from lossledger.queries.catalogue import states
from lossledger.queries.history import head
from lossledger.queries.releases import withdrawal
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import Tally


def citation(connection: Connection, tally: Tally) -> Citation:
    """The citation of a tally that was taken by feed at least, as of the ledger's last entry or of that which it is."""
    scope, release = tally.scope, tally.scope.release
    number, hash_, recorded_at = _entry(connection, scope.known_on)
    settings = _settings(connection)
    ended = withdrawal(connection, release) if release else None
    joined = ("Feeds joined, merged losses once.",) if scope.joined else ()
    return Citation(
        key=_key(scope, number),
        title=caption.what(tally),
        within=settings.get(TITLE),
        publisher=settings.get(PUBLISHER),
        days=", ".join(caption.days(tally)),
        figures=(*caption.figures(tally), *joined),
        release=release.name if release else None,
        # Why is told where it is withdrawn; a citation goes out into the world, which need not know.
        withdrawn=f"withdrawn on {ended.recorded_at[:10]}" if ended else None,
        entry=number,
        hash=hash_,
        recorded=recorded_at[:10],
        credits=_credits(connection, tally),
        accessed=utc_now()[:10],
        url=settings.get(URL),
        program=f"lossledger {__version__}",
    )


def _key(scope: Scope, number: int) -> str:
    """What tells a citation from others: the conflict, the release or entry, and a digest of what it is narrowed to."""
    whole = f"{slug(scope.conflict)}-{scope.release.id if scope.release else number}"
    everything = Scope(scope.conflict)
    narrowed = {
        name: sorted(asked) if isinstance(asked, tuple) else asked
        for name in _NARROWED
        if (asked := getattr(scope, name)) != getattr(everything, name)
    }
    return f"{whole}-{sha256(json.dumps(narrowed).encode()).hexdigest()[:8]}" if narrowed else whole


_NARROWED = tuple(one.name for one in fields(Scope) if one.name not in ("conflict", "known_on", "release"))
"""What narrows a scope, beside the conflict and the state of the ledger."""


def _entry(connection: Connection, number: int | None) -> tuple[int, str, str]:
    """The number of the last entry that is counted, its hash, when it was recorded."""
    if number is None:
        last = head(connection)
        number = last.number if last else 0
    statement = select(entries.c.hash, entries.c.recorded_at).where(entries.c.number == number)
    hash_, recorded_at = connection.execute(statement).one()
    return number, hash_.hex(), recorded_at


def _settings(connection: Connection) -> dict[str, str]:
    table = SUBJECTS["setting"]
    return dict(connection.execute(select(table.c.slug, table.c.value)).all())


def _credits(connection: Connection, tally: Tally) -> tuple[str, ...]:
    """How each list that was counted asks to be credited; of one that does not say, its publisher and its name."""
    known = states(connection, "feed", tally.scope.known_on)
    counted = sorted(str(feed) for (feed,) in tally.sums("feed"))
    return tuple(dict.fromkeys(credit for feed in counted if (credit := _credit(known[feed]))))


def _credit(feed: State) -> str:
    line = feed.get("credit") or ", ".join(feed[name] for name in ("publisher", "name") if "publisher" in feed)
    licence = feed.get("licence", "")
    return f"{line} ({licence})" if line and licence and licence not in line else line
