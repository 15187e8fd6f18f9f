"""What a list states of itself, and what its own rows come to: where the two disagree, the list does."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, select

from lossledger.core.fields import REDACTED
from lossledger.core.vocabulary import Status
from lossledger.db.tables import SUBJECTS
from lossledger.queries.feeds import rows
from lossledger.queries.spellings import Spellings

_published, _sides, _feeds = (SUBJECTS[kind] for kind in ("published", "side", "feed"))


class Counted(NamedTuple):
    """What a count of a list is a count of, by slugs; it is the same count from one file to the next."""

    kind: str
    side: str
    categories: tuple[str, ...]
    types: tuple[str, ...]
    statuses: tuple[str, ...]
    as_of: str | None


class Stated(NamedTuple):
    """A count as it stands in the ledger."""

    uid: str
    quantity: int | None
    wording: str | None


def stated(connection: Connection, feed: str) -> dict[Counted, Stated]:
    """The counts that a feed's files stated."""
    statement = (
        select(_published, _sides.c.slug.label("side"))
        .join(_sides, _sides.c.id == _published.c.side_id)
        .join(_feeds, _feeds.c.id == _published.c.feed_id)
        .where(_feeds.c.slug == feed, _published.c.place.is_not(None))
        .order_by(_published.c.id)
    )
    found: dict[Counted, Stated] = {}
    for row in connection.execute(statement).mappings():
        categories, types, statuses = (
            tuple(json.loads(row[name] or "[]")) for name in ("categories", "types", "statuses")
        )
        counted = Counted(row["kind"], row["side"], categories, types, statuses, row["as_of"])
        found[counted] = Stated(row["uid"], row["quantity"], row["wording"])
    return found


class Rows:
    """The rows of a feed as its latest file gave them, counted: what persons changed since is left aside.

    ``whole`` is false where what the list said is not there to be counted: it was redacted, or is not public.
    """

    def __init__(self, connection: Connection, feed: str, spellings: Spellings) -> None:
        self._cells: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
        self.whole = True
        once: dict[tuple[str, str], str] = {}

        def slug(kind: str, name: str) -> str:
            """What a name means; itself where nothing bears it any more."""
            found = once.get((kind, name))
            if found is None:
                meant = spellings.type(name) if kind == "type" else None
                found = once[kind, name] = meant.type if meant else spellings.find(kind, name) or name
            return found

        for known in rows(connection, feed):
            if known.gone:
                continue
            if known.given in (None, REDACTED):
                self.whole = False
                continue
            row = orjson.loads(known.given)
            heading = slug("category", row["category"]) if "category" in row else ""
            cell = self._cells.setdefault((slug("side", row["side"]), heading), Counter())
            number = int(row.get("quantity", 1))
            cell[slug("type", row["type"]) if "type" in row else "", row.get("status", Status.LOST)] += number

    def count(self, sides: Iterable[str], counted: Counted) -> int:
        """How many items the rows come to in the scope of a count; its types are meant without their variants."""
        wanted = set(sides)
        return sum(
            number
            for (side, category), cell in self._cells.items()
            if side in wanted and (not counted.categories or category in counted.categories)
            for (type_slug, status), number in cell.items()
            if (not counted.types or type_slug in counted.types)
            and (not counted.statuses or status in counted.statuses)
        )
