"""The links that losses rest on and of which nothing is held: what an archiver has to look at."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from lossledger.core.links import host_of, is_of_host
from lossledger.core.vocabulary import Health
from lossledger.db.tables import SUBJECTS, evidence, evidence_file, loss, source
from lossledger.queries.losses import WITHDRAWN, among

_PAGE = 5_000
"""How many links are read at once."""

_looked_at = func.coalesce(source.c.looked_at, "")


class Link(NamedTuple):
    """A source's link."""

    source: str
    """The source's uid."""
    url: str
    host: str


class Place(NamedTuple):
    """Where in the order of `unheld` one stands: links that nobody has looked at first, then the longest unseen."""

    looked_at: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which links are to be looked at; None or an empty tuple means all."""

    before: str
    """The instant of the last look must be before this one; so what was just looked at is not looked at again."""
    feed: str | None = None
    """The slug of the feed of a loss that rests on it."""
    losses: tuple[str, ...] = ()
    """The uids of losses that rest on it."""
    host: str | None = None
    """Its host, or what its host's name ends with: "example.org" is that of "www.example.org" as well."""
    again: bool = False
    """Also those that were found gone, behind a login or not to be fetched; else only the unreachable."""


def unheld(connection: Connection, wanted: Wanted, after: Place | None = None) -> tuple[list[Link], Place | None]:
    """Some of the links that are wanted, and where the next ones begin; None where there are no more.

    Of a source that was merged away or whose link was redacted nothing is wanted, nor where only withdrawn losses
    rest on it.
    """
    at = after or Place()
    beyond = or_(_looked_at > at.looked_at, and_(_looked_at == at.looked_at, source.c.id > at.row))
    rows = connection.execute(_statement(wanted).where(beyond).limit(_PAGE)).all()
    return list(_links(rows, wanted)), Place(rows[-1][0], rows[-1][1]) if len(rows) == _PAGE else None


def all_unheld(connection: Connection, wanted: Wanted) -> Iterator[Link]:
    """All the links that are wanted, as they are in one state of the ledger."""
    yield from _links(connection.execute(_statement(wanted), execution_options={"yield_per": _PAGE}), wanted)


def _statement(wanted: Wanted) -> Select[Any]:
    columns = (_looked_at, source.c.id, source.c.uid, source.c.url)
    return select(*columns).where(*_conditions(wanted)).order_by(_looked_at, source.c.id)


def _links(rows: Iterable[Sequence[Any]], wanted: Wanted) -> Iterator[Link]:
    for _, _, uid, url in rows:
        link = Link(uid, url, host_of(url))
        if wanted.host is None or is_of_host(link.host, wanted.host):
            yield link


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    url = func.lower(source.c.url)
    yield or_(url.like("http://%"), url.like("https://%"))
    yield source.c.merged_into_id.is_(None)
    yield or_(source.c.looked_at.is_(None), source.c.looked_at < wanted.before)
    if not wanted.again:
        yield or_(source.c.health.is_(None), source.c.health.in_((Health.UNREACHABLE, Health.MEDIA, Health.PAGE)))
    yield ~exists().where(evidence_file.c.source_id == source.c.id)
    rests = [evidence.c.source_id == source.c.id, evidence.c.loss_id == loss.c.id, ~WITHDRAWN]
    if wanted.feed is not None:
        feed = SUBJECTS["feed"]
        rests.append(loss.c.feed_id.in_(select(feed.c.id).where(feed.c.slug == wanted.feed)))
    if wanted.losses:
        rests.append(among(loss.c.uid, wanted.losses))
    yield exists().where(*rests)
