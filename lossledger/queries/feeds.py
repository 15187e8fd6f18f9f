"""What the ledger holds of a foreign list: its rows as they were last given, its import runs, who set which field."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from lossledger.core.digest import Detail
from lossledger.core.fields import State
from lossledger.core.fold import fold, spread
from lossledger.core.links import canonical, link_key
from lossledger.core.names import fold as folded_name
from lossledger.core.records import ACT_FIELDS
from lossledger.db.tables import CHILDREN, SUBJECTS, loss, source
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.names import kept

_rows = CHILDREN["loss", "row"]
_runs = SUBJECTS["import"]
_feeds = SUBJECTS["feed"]

_AT_ONCE = 1_000
"""How many keys are asked for in one statement."""


class Known(NamedTuple):
    """A row of a list as the ledger knows it: the loss it became, and the row as the list last gave it."""

    id: int
    uid: str
    key: str
    given: str
    gone: bool
    withdrawn: bool
    """Whether it is out of the count, by whoever."""


class Imported(NamedTuple):
    """The last that was imported of a list: the file's digest, the day it was dated, its latest row's day."""

    sha256: str | None
    dated: str | None
    latest: str | None


class Touched(NamedTuple):
    """A loss with who last set each of its fields: for every field the act that did."""

    state: State
    acts: dict[str, str]


def feed_of(connection: Connection, slug: str, url: str | None, name: str) -> str | None:
    """The feed that a list is: by its address, else by its slug or its name; None where there is none yet.

    Two lists of one name that have addresses, and other ones, are two.
    """
    known = connection.execute(select(_feeds.c.slug, _feeds.c.url, _feeds.c.name).order_by(_feeds.c.id)).all()
    if url is not None:
        wanted = canonical(url)
        found = next((one.slug for one in known if one.url is not None and canonical(one.url) == wanted), None)
        if found is not None:
            return str(found)
    called = folded_name(name)
    alike = (one for one in known if one.slug == slug or folded_name(one.name) == called)
    return next((str(one.slug) for one in alike if url is None or one.url is None), None)


def known_rows(connection: Connection, feed: str, hashes: Collection[int]) -> dict[str, list[Known]]:
    """The rows that a feed once gave under keys of these hashes: key to rows, in the order in which they came."""
    found: dict[str, list[Known]] = {}
    feed_id = select(_feeds.c.id).where(_feeds.c.slug == feed).scalar_subquery()
    wanted = list(hashes)
    for start in range(0, len(wanted), _AT_ONCE):
        chosen = loss.c.feed_hash.in_(wanted[start : start + _AT_ONCE])
        statement = _known(feed).where(loss.c.feed_id == feed_id, chosen).order_by(loss.c.id)
        for row in map(_read, connection.execute(statement)):
            found.setdefault(row.key, []).append(row)
    return found


def rows(connection: Connection, feed: str) -> Iterator[Known]:
    """Every row that a feed ever gave, in the order in which they came; they are read as they are asked for."""
    return map(_read, connection.execute(_known(feed).order_by(loss.c.id), execution_options={"yield_per": _AT_ONCE}))


def _known(feed: str) -> Select[Any]:
    return (
        select(loss.c.id, loss.c.uid, loss.c.feed_key, _rows.c.given, _rows.c.gone, loss.c.withdrawn)
        .join(_rows, _rows.c.loss_id == loss.c.id)
        .where(_rows.c.feed == feed)
    )


def _read(row: Any) -> Known:
    return Known(row[0], row[1], row[2], row[3], row[4] is not None, row[5] is not None)


def last_run(connection: Connection, feed: str) -> Imported | None:
    """What was last imported of a feed; None where nothing was."""
    statement = (
        select(_runs.c.sha256, _runs.c.dated, _runs.c.latest)
        .join(_feeds, _feeds.c.id == _runs.c.feed_id)
        .where(_feeds.c.slug == feed)
        .order_by(_runs.c.id.desc())
        .limit(1)
    )
    row = connection.execute(statement).first()
    return None if row is None else Imported(*row)


def last_loss(connection: Connection) -> int:
    """The row id of the loss that was entered last; 0 where there is none."""
    return connection.scalar(select(func.max(loss.c.id))) or 0


def acts_of_lists(connection: Connection) -> set[str]:
    """The acts by which lists speak: every import run."""
    return set(connection.scalars(select(entries.c.act_id).where(entries.c.kind == "import")))


def touched(connection: Connection, uids: Collection[str]) -> dict[str, Touched]:
    """Losses as their entries leave them, each with the act that last set every field and was not undone."""
    found: dict[str, Touched] = {}
    wanted = list(uids)
    for start in range(0, len(wanted), _AT_ONCE):
        statement = (
            select(
                entries.c.subject,
                entries.c.act_id,
                entries.c.number,
                details.c.field,
                details.c.value,
                details.c.salt,
                details.c.digest,
            )
            .join(details, details.c.entry == entries.c.number)
            .where(entries.c.kind == "loss", entries.c.subject.in_(wanted[start : start + _AT_ONCE]))
            .order_by(entries.c.subject, entries.c.number)
        )
        for uid, told in groupby(connection.execute(statement), key=lambda row: row[0]):
            state: State = {}
            setters: dict[str, list[str]] = {}
            for act_id, of_act in groupby(told, key=lambda line: line.act_id):
                own = list(spread(Detail(*line[3:]) for line in of_act))
                state = fold(state, own)
                _set_by(setters, str(act_id), own)
            found[str(uid)] = Touched(state, {field: acts[-1] for field, acts in setters.items() if acts})
    return found


def _set_by(setters: dict[str, list[str]], act_id: str, details_: Collection[Detail]) -> None:
    """Note for every field which act has set it; what undoes an act takes it out again."""
    undoes = next((detail.value for detail in details_ if detail.field == "undoes"), None)
    for detail in details_:
        if detail.field in ACT_FIELDS:
            continue
        acts = setters.setdefault(detail.field, [])
        if undoes is None:
            acts.append(act_id)
        else:
            acts[:] = [act for act in acts if act != undoes]


def catalogue_acts(connection: Connection, act_ids: Collection[str]) -> set[str]:
    """Those of the acts that changed the catalogue: what they did to a loss is no word on that loss."""
    terms = entries.c.kind.in_(("side", "category", "type"))
    return set(connection.scalars(select(entries.c.act_id).where(terms, entries.c.act_id.in_(list(act_ids)))))


def sources_of(connection: Connection, links: Collection[str]) -> dict[str, str]:
    """The sources that stand under links, by the links' canonical form; those without one are left out."""
    found: dict[str, str] = {}
    wanted = list({link_key(link) for link in links})
    for start in range(0, len(wanted), _AT_ONCE):
        chosen = source.c.url_key.in_(wanted[start : start + _AT_ONCE])
        statement = select(source.c.url, source.c.uid, source.c.merged_into_id).where(chosen).order_by(source.c.id)
        for url, uid, merged in connection.execute(statement):
            found.setdefault(canonical(url), uid if merged is None else kept(connection, "source", uid))
    return found


def source_keys(connection: Connection) -> Iterator[int]:
    """The keys of all links that sources stand under (`core.links.link_key`)."""
    statement = select(source.c.url_key).where(source.c.url_key.is_not(None))
    return iter(connection.scalars(statement, execution_options={"yield_per": _AT_ONCE}))


def merged_into(connection: Connection, ids: Collection[int]) -> set[int]:
    """Those of the losses (by row id) that others are merged into, or that are merged themselves."""
    found: set[int] = set()
    wanted = list(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        found |= set(connection.scalars(select(loss.c.merged_into_id).where(loss.c.merged_into_id.in_(some))))
        found |= set(
            connection.scalars(select(loss.c.id).where(loss.c.id.in_(some), loss.c.merged_into_id.is_not(None)))
        )
    return found


def source_titled(connection: Connection, title: str) -> str | None:
    """The source without a link that has a title; None where there is none."""
    statement = select(source.c.uid).where(source.c.url.is_(None), source.c.title == title).order_by(source.c.id)
    found = connection.scalar(statement.limit(1))
    return None if found is None else kept(connection, "source", found)
