"""Whom to name for what stands in a ledger: the lists that its losses come from, with their terms."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, exists, select

from lossledger.db.tables import SUBJECTS, loss

_feeds, _sides, _conflicts = (SUBJECTS[kind] for kind in ("feed", "side", "conflict"))


class Credit(NamedTuple):
    """A list that losses come from, with what its publisher asks of whoever uses it."""

    feed: str
    name: str
    publisher: str | None
    licence: str | None
    credit: str | None
    url: str | None

    @property
    def line(self) -> str:
        """The list in one line: what its publisher asks to be named by, or else its name and publisher."""
        named = self.credit or ", ".join(filter(None, (self.name, self.publisher)))
        url = None if self.url and self.url.rstrip("/") in named else self.url
        return "; ".join(filter(None, (named, url, f"licence: {self.licence or 'not stated'}")))


def credits_of(connection: Connection, conflict: str | None = None, feeds: Collection[str] = ()) -> list[Credit]:
    """The lists that losses come from, of a conflict or of all, or those of some feeds, in the order of their slugs."""
    has_losses = exists().where(loss.c.feed_id == _feeds.c.id, loss.c.side_id == _sides.c.id)
    if conflict is not None:
        has_losses = has_losses.where(_sides.c.conflict_id == _conflicts.c.id, _conflicts.c.slug == conflict)
    columns = (_feeds.c[name] for name in ("slug", "name", "publisher", "licence", "credit", "url"))
    statement = select(*columns).where(has_losses).order_by(_feeds.c.slug)
    if feeds:
        statement = statement.where(_feeds.c.slug.in_(feeds))
    return [Credit(*row) for row in connection.execute(statement)]
