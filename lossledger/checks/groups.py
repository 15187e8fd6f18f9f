"""Invariant 5, the groups: what was merged counts once, and every loss that counts has a source."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlalchemy import Connection, exists, or_, select

from lossledger.checks.findings import Finding
from lossledger.core.text import quoted
from lossledger.db.tables import evidence, loss
from lossledger.queries.streams import AnyRow, stream

CHECK = "groups"


def groups(connection: Connection) -> Iterator[Finding]:
    """Look at every group of merged losses, and at every loss that stands alone."""
    root = loss.alias("root")
    statement = (
        select(
            loss.c.merged_into_id,
            loss.c.uid,
            loss.c.quantity,
            loss.c.withdrawn,
            loss.c.stands_in,
            root.c.uid.label("root"),
            root.c.quantity.label("root_quantity"),
            root.c.withdrawn.label("root_withdrawn"),
            root.c.merged_into_id.label("root_merged"),
        )
        .join(root, root.c.id == loss.c.merged_into_id, isouter=True)
        .where(loss.c.merged_into_id.is_not(None))
        .order_by(loss.c.merged_into_id, loss.c.id)
    )
    for _, members in groupby(stream(connection, statement), key=lambda row: row[0]):
        yield from _group(list(members))
    for uid in connection.scalars(
        select(loss.c.uid).where(loss.c.merged_into_id.is_(None), loss.c.stands_in.is_not(None))
    ):
        yield _finding(uid, "it stands in for a group, and is merged into none")


def sources(connection: Connection) -> Iterator[Finding]:
    """Losses that count though no evidence says that they happened."""
    counted = loss.c.withdrawn.is_(None) & or_(loss.c.merged_into_id.is_(None), loss.c.stands_in.is_not(None))
    bare = select(loss.c.uid).where(counted, ~exists().where(evidence.c.loss_id == loss.c.id)).order_by(loss.c.id)
    for row in stream(connection, bare):
        yield _finding(row.uid, "it counts, and has no source")


def _group(members: Sequence[AnyRow]) -> Iterator[Finding]:
    first = members[0]
    if first.root is None:
        for row in members:
            yield _finding(row.uid, "it is merged into a loss that is not there")
        return
    if first.root_merged is not None:
        yield _finding(first.root, "others are merged into it, and it is merged itself")
    for row in members:
        if row.quantity != first.root_quantity:
            wrong = f"it has {row.quantity}, and is merged into {_uid(first.root)}, which has {first.root_quantity}"
            yield _finding(row.uid, wrong)
    yield from _counts_once(first, members)


def _counts_once(first: AnyRow, members: Sequence[AnyRow]) -> Iterator[Finding]:
    """The root counts where it can, else the first of its members that can, and no other."""
    root = [] if first.root_withdrawn or first.root_merged else [first.root]
    able = [row.uid for row in members if not row.withdrawn]
    counted = [*root, *(row.uid for row in members if row.stands_in and not row.withdrawn)]
    if len(counted) != bool(root or able):
        yield _finding(first.root, f"of its group {len(counted)} count, not {int(bool(root or able))}")
    due = able[0] if able and not root else None
    for row in members:
        if bool(row.stands_in) != (row.uid == due):
            wrong = (
                "it stands in for its group, and should not"
                if row.stands_in
                else "it does not stand in for its group, and should"
            )
            yield _finding(row.uid, wrong)


def _finding(uid: object, wrong: str) -> Finding:
    return Finding(CHECK, f"loss {_uid(uid)}", wrong)


def _uid(uid: object) -> str:
    return quoted(str(uid)).strip("'")
