"""Tallies of sides that stand in several feeds: what one list says is not added to what another says."""

from collections.abc import Sequence

from sqlalchemy import Connection

from lossledger.queries.candidates import with_candidates
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import Tally, tally


def by_feed(connection: Connection, scope: Scope, by: Sequence[str]) -> Tally:
    """Count what is in scope, and what may be of its types as well; see ``tallies.tally``.

    Where a side stands in several feeds, the feed is a dimension more, the last, unless the scope has them joined.
    """
    if "feed" in by:
        return with_candidates(connection, tally(connection, scope, by))
    counted = with_candidates(connection, tally(connection, scope, (*by, "feed")))
    return counted if counted.several_feeds and not scope.joined else counted.without("feed")
