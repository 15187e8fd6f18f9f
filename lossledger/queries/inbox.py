"""The inbox: posts that wait to be looked at, and what has become of those that were."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from lossledger.core.links import canonical, link_key
from lossledger.core.records import KINDS
from lossledger.core.text import quoted
from lossledger.core.vocabulary import Relation
from lossledger.db.tables import evidence, loss, post, post_loss, scene, source
from lossledger.errors import NothingFound
from lossledger.queries.names import whole_uid
from lossledger.queries.told import Record, fields_of, read

FIELDS = ("id", *(field.name for field in KINDS["post"].fields), "losses")
"""What is told of a post: its id, every field, and the losses that were recorded from it, between bars."""

OPEN = "open"
"""The state of a post that is not closed; the others are as what it is closed."""

_AT_ONCE = 1_000
"""How many keys are asked for in one statement."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts are listed; an empty tuple means any state. ``scene`` is a uid."""

    states: tuple[str, ...] = (OPEN,)
    assigned_to: str | None = None
    nobody: bool = False
    """Only those that are assigned to nobody."""
    scene: str | None = None


def posts(connection: Connection, wanted: Wanted, limit: int | None = None) -> list[Record]:
    """The posts that are wanted, the oldest first, each with the `FIELDS`; a scene is told by its name."""
    return _told(connection, fields_of("post", post.c.id, post.c.uid).where(*_conditions(wanted)).limit(limit))


def the_record(connection: Connection, uid: str) -> Record:
    """One post with its `FIELDS`."""
    [record] = _told(connection, fields_of("post", post.c.id, post.c.uid).where(post.c.uid == uid))
    return record


def _told(connection: Connection, statement: Select[Any]) -> list[Record]:
    rows = connection.execute(statement.order_by(post.c.id)).all()
    losses = _recorded(connection, {row[0] for row in rows})
    return [
        {"id": uid, **read("post", fields, {}), "losses": "|".join(losses[row_id]) or None}
        for row_id, uid, *fields in rows
    ]


def losses_seen_on(connection: Connection, uid: str) -> list[str]:
    """The losses that a post was closed with, and those that rest on its link."""
    row_id, url = connection.execute(select(post.c.id, post.c.url).where(post.c.uid == uid)).one()
    behind = losses_of_links(connection, [url]).get(canonical(url), [])
    return list(dict.fromkeys([*_recorded(connection, [row_id])[row_id], *behind]))


def _recorded(connection: Connection, ids: Collection[int]) -> dict[int, list[str]]:
    """The losses that posts, by row id, were closed with, in the order of their entry; none for a post without any."""
    found: dict[int, list[str]] = {row_id: [] for row_id in ids}
    for some in _some(ids):
        statement = (
            select(post_loss.c.post_id, loss.c.uid)
            .join(loss, loss.c.id == post_loss.c.loss_id)
            .where(post_loss.c.post_id.in_(some))
            .order_by(loss.c.id)
        )
        for row_id, uid in connection.execute(statement):
            found[row_id].append(uid)
    return found


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.states:
        closed = post.c.closed_as.in_([state for state in wanted.states if state != OPEN])
        yield or_(post.c.closed_as.is_(None), closed) if OPEN in wanted.states else closed
    if wanted.assigned_to is not None:
        yield post.c.assigned_to == wanted.assigned_to
    if wanted.nobody:
        yield post.c.assigned_to.is_(None)
    if wanted.scene is not None:
        yield post.c.scene_id == select(scene.c.id).where(scene.c.uid == wanted.scene).scalar_subquery()


def by_state(connection: Connection) -> Counter[str]:
    """How many posts there are in each state."""
    statement = select(post.c.closed_as, func.count()).group_by(post.c.closed_as)
    return Counter({state or OPEN: number for state, number in connection.execute(statement)})


def by_assignee(connection: Connection) -> Counter[str | None]:
    """How many open posts each person has, under None those that are nobody's."""
    statement = select(post.c.assigned_to, func.count()).where(post.c.closed_as.is_(None))
    return Counter(dict(connection.execute(statement.group_by(post.c.assigned_to)).all()))


def next_post(connection: Connection, who: str) -> str | None:
    """The oldest open post that is somebody's or nobody's; None where there is none."""
    theirs = or_(post.c.assigned_to.is_(None), post.c.assigned_to == who)
    found: str | None = connection.scalar(
        select(post.c.uid).where(post.c.closed_as.is_(None), theirs).order_by(post.c.id).limit(1)
    )
    return found


def the_post(connection: Connection, text: str) -> str:
    """The uid of the post that is named by the beginning of its uid, or by its link, however spelt.

    Errors: NothingFound for none, Refused for a beginning that several have.
    """
    if not any(sign in text for sign in ":/."):
        return whole_uid(connection, "post", text)
    found = post_of_link(connection, text)
    if found is None:
        raise NothingFound(f"no post in the inbox has the link {quoted(text)}; add it with: lossledger inbox add")
    return found


def post_of_link(connection: Connection, link: str) -> str | None:
    """The uid of the post with a link, however spelt; None where the inbox never had it."""
    return posts_of_links(connection, [link]).get(canonical(link))


def posts_of_links(connection: Connection, links: Collection[str]) -> dict[str, str]:
    """The posts with these links by the links' canonical form; those that the inbox never had are left out."""
    found: dict[str, str] = {}
    for keys in _some({link_key(link) for link in links}):
        statement = select(post.c.url, post.c.uid).where(post.c.url_key.in_(keys)).order_by(post.c.id)
        for url, uid in connection.execute(statement):
            found.setdefault(canonical(url), uid)
    return found


def losses_of_links(connection: Connection, links: Collection[str]) -> dict[str, list[str]]:
    """The losses that rest on these links by the links' canonical form, in the order of their entry; none withdrawn."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for keys in _some({link_key(link) for link in links}):
        statement = (
            select(source.c.url, loss.c.uid)
            .join(evidence, evidence.c.source_id == source.c.id)
            .join(loss, loss.c.id == evidence.c.loss_id)
            .where(source.c.url_key.in_(keys), evidence.c.relation != Relation.DISPUTES, loss.c.withdrawn.is_(None))
            .order_by(loss.c.id)
        )
        for url, uid in connection.execute(statement):
            found[canonical(url)][uid] = None
    return {link: list(uids) for link, uids in found.items()}


def _some(keys: Collection[int]) -> Iterator[list[int]]:
    """Keys in parts that a statement can take."""
    listed = sorted(keys)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))
