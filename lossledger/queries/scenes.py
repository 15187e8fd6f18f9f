"""Scenes: posts that show one event from several sides, and the losses that belong to it through them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select

from lossledger.core.digest import is_uid_beginning
from lossledger.core.links import canonical
from lossledger.core.names import fold, near
from lossledger.core.vocabulary import Relation
from lossledger.db.tables import evidence, loss, post, post_loss, scene, source
from lossledger.errors import UnknownName
from lossledger.queries.names import kept, whole_uid


class Scene(NamedTuple):
    """A scene with how much there is of it."""

    id: str
    name: str
    posts: int
    open: int
    """Of the posts, those that still wait in the inbox."""
    losses: int
    """The losses that belong to it, merged ones once."""
    note: str | None


class Shown(NamedTuple):
    """A loss on a post, all by row id. What is merged into another is seen as that, though under its own feed."""

    scene: int | None
    post: int
    loss: int
    feed: int


def scenes(connection: Connection) -> list[Scene]:
    """The scenes that were not merged into another, in the order in which they were made."""
    belonging: dict[int, set[int]] = defaultdict(set)
    for one in shown(connection):
        if one.scene is not None:
            belonging[one.scene].add(one.loss)
    statement = (
        select(scene.c.id, scene.c.uid, scene.c.name, func.count(post.c.id), func.count(post.c.closed_as), scene.c.note)
        .join(post, post.c.scene_id == scene.c.id, isouter=True)
        .where(scene.c.merged_into_id.is_(None))
        .group_by(scene.c.id, scene.c.uid, scene.c.name, scene.c.note)
        .order_by(scene.c.id)
    )
    return [
        Scene(uid, name, number, number - closed, len(belonging[row_id]), note)
        for row_id, uid, name, number, closed, note in connection.execute(statement)
    ]


def names(connection: Connection) -> dict[str, str]:
    """Every scene's name by its uid, those merged into another included."""
    return dict(connection.execute(select(scene.c.uid, scene.c.name).order_by(scene.c.id)).all())


def the_scene(connection: Connection, text: str) -> str:
    """The uid of the scene that is named by its name, however spelt, or by the beginning of its uid.

    One that was merged into another gives that. Errors: UnknownName with near misses.
    """
    known = names(connection)
    found = next((uid for uid, name in known.items() if fold(name) == fold(text)), None)
    if found is None and is_uid_beginning(text.strip().lower()):
        begins = any(uid.startswith(text.strip().lower()) for uid in known)
        found = whole_uid(connection, "scene", text) if begins else None
    if found is None:
        raise UnknownName("scene", text, near(text, known.values()), "make it with: lossledger scene add")
    return kept(connection, "scene", found)


def posts_in(connection: Connection, uid: str) -> list[str]:
    """The uids of the posts in a scene, the oldest first."""
    statement = select(post.c.uid).join(scene, scene.c.id == post.c.scene_id).where(scene.c.uid == uid)
    return list(connection.scalars(statement.order_by(post.c.id)))


def losses_in(connection: Connection, uid: str) -> list[str]:
    """The uids of the losses that belong to a scene, in the order of their entry."""
    belonging = sorted(members(connection, uid))
    return list(connection.scalars(select(loss.c.uid).where(loss.c.id.in_(belonging)).order_by(loss.c.id)))


def members(connection: Connection, uid: str) -> set[int]:
    """The losses that belong to a scene, by row id."""
    row_id = connection.scalar(select(scene.c.id).where(scene.c.uid == uid))
    return {one.loss for one in shown(connection, post.c.scene_id == row_id)}


def shown(connection: Connection, *where: ColumnElement[bool]) -> Iterator[Shown]:
    """Which losses are seen on which posts: those that a post was closed with and, in a scene, those of its link.

    None that is withdrawn. ``where`` are conditions on the post.
    """
    named = _seen(*where).join(post_loss, post_loss.c.post_id == post.c.id).join(loss, loss.c.id == post_loss.c.loss_id)
    linked = (
        _seen(post.c.scene_id.is_not(None), *where)
        .add_columns(post.c.url, source.c.url)
        .join(source, source.c.url_key == post.c.url_key)
        .join(evidence, evidence.c.source_id == source.c.id)
        .join(loss, loss.c.id == evidence.c.loss_id)
        .where(evidence.c.relation != Relation.DISPUTES)
    )
    for row in connection.execute(named):
        yield Shown(*row)
    for *seen, its_link, link in connection.execute(linked):
        if canonical(its_link) == canonical(link):
            yield Shown(*seen)


def _seen(*where: ColumnElement[bool]) -> Select[Any]:
    kept_loss = func.coalesce(loss.c.merged_into_id, loss.c.id)
    chosen = select(post.c.scene_id, post.c.id, kept_loss, loss.c.feed_id).select_from(post)
    return chosen.where(loss.c.withdrawn.is_(None), *where)
