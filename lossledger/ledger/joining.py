"""Joining: many merges as one act, for losses that stand in several lists beyond doubt."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from sqlalchemy import Connection, select

from lossledger.core.fields import children
from lossledger.core.sameness import Pair, Seen
from lossledger.core.vocabulary import Act, Verification
from lossledger.db.tables import entry as entries
from lossledger.db.tables import loss
from lossledger.ledger.groups import STANDS_IN
from lossledger.ledger.journal import Journal
from lossledger.queries.apart import said_apart
from lossledger.queries.catalogue import states
from lossledger.queries.duplicates import Found

_BELIEVED = {Verification.CONFIRMED: 0, Verification.CLAIMED: 1}
"""What may be joined unasked, the better believed first; over what is disputed or rejected, a person decides."""

_AT_ONCE = 500


class Left(StrEnum):
    """Why a pair that shares its link, side and status is not joined."""

    UNDECIDED = "a link leaves several of a side and status"
    QUANTITY = "the quantities are unequal"
    BELIEF = "one is disputed or rejected"
    UNMERGED = "one was unmerged before"
    APART = "two of them were found to be two things"
    ONE_LIST = "two losses of one list would become one"


@dataclass(slots=True)
class Joined:
    """What a joining did: which losses it merged into which, and how many pairs it left, by why."""

    merged: dict[str, str]
    left: Counter[Left]


def join(journal: Journal, found: Found) -> Joined:
    """Merge the pairs that are certain, within the journal's one act, with an entry for each loss that is merged.

    Kept is the one that is better believed, else the one that was entered first; what was merged into either before
    follows. Left are pairs of unequal quantities, of what is disputed or rejected, or was unmerged by somebody, and
    what would make two losses of one list the same.
    """
    certain = [pair for pair in found.pairs if pair.certain]
    groups = _Groups(journal.connection, certain)
    left = Counter({Left.UNDECIDED: len(found.undecided)})
    for pair in certain:
        why = groups.hindrance(pair)
        if why is None:
            groups.join(pair)
        else:
            left[why] += 1
    merged = groups.merged()
    _know(journal, merged)
    for uid, root in merged.items():
        journal.append(Act.MERGE, "loss", uid, {"merged_into": root, STANDS_IN: None})
    return Joined(merged, +left)


class _Groups:
    """The groups that a joining makes: each loss with what it ends up in, and the feeds that a group is of."""

    def __init__(self, connection: Connection, pairs: Iterable[Pair]) -> None:
        self._root = {seen.id: seen for pair in pairs for seen in (pair.one, pair.other)}
        self._members = {row_id: [(row_id, seen.uid)] for row_id, seen in self._root.items()}
        self._feeds = {row_id: {seen.feed} for row_id, seen in self._root.items()}
        self._before: dict[str, str] = {}
        statement = select(loss.c.merged_into_id, loss.c.id, loss.c.uid, loss.c.feed_id)
        for root, row_id, uid, feed in connection.execute(statement.where(loss.c.merged_into_id > 0)):
            if root in self._root:
                self._members[root].append((row_id, uid))
                self._feeds[root].add(feed)
                self._before[uid] = self._root[root].uid
        unmerged = select(entries.c.subject).where(entries.c.act == Act.UNMERGE)
        self._unmerged = set(connection.scalars(unmerged))
        self._apart = said_apart(connection)

    def hindrance(self, pair: Pair) -> Left | None:
        """Why two losses are not joined, though their link, side and status are one; None where they are."""
        one, other = self._root[pair.one.id], self._root[pair.other.id]
        if pair.one.quantity != pair.other.quantity:
            return Left.QUANTITY
        if not _BELIEVED.keys() >= {pair.one.verification, pair.other.verification}:
            return Left.BELIEF
        if self._unmerged & {pair.one.uid, pair.other.uid}:
            return Left.UNMERGED
        if self._told_apart(one, other):
            return Left.APART
        if one != other and self._feeds[one.id] & self._feeds[other.id]:
            return Left.ONE_LIST
        return None

    def _told_apart(self, one: Seen, other: Seen) -> bool:
        both = product(self._members[one.id], self._members[other.id])
        return bool(self._apart) and any(frozenset((uid, another)) in self._apart for (_, uid), (_, another) in both)

    def join(self, pair: Pair) -> None:
        """Make the groups of two losses one."""
        kept, gone = sorted((self._root[pair.one.id], self._root[pair.other.id]), key=_first_to_keep)
        if kept == gone:
            return
        for row_id, _ in self._members[gone.id]:
            self._root[row_id] = kept
        self._members[kept.id] += self._members.pop(gone.id)
        self._feeds[kept.id] |= self._feeds.pop(gone.id)

    def merged(self) -> dict[str, str]:
        """The losses that are to be merged, or merged into another than before, each with what it goes into."""
        return {
            uid: self._root[root].uid
            for root, members in sorted(self._members.items())
            for _, uid in sorted(members)
            if self._before.get(uid, uid) != self._root[root].uid
        }


def _first_to_keep(seen: Seen) -> tuple[int, int]:
    return _BELIEVED[Verification(seen.verification)], seen.id


def _know(journal: Journal, merged: Mapping[str, str]) -> None:
    """Read everything that the entries of many losses need, many at a time."""
    uids = list(merged)
    for start in range(0, len(uids), _AT_ONCE):
        some = uids[start : start + _AT_ONCE]
        found = states(journal.connection, "loss", among=select(loss.c.uid).where(loss.c.uid.in_(some)))
        cited = {piece["source"] for state in found.values() for piece in children(state, "evidence").values()}
        journal.keys.learn("loss", {*some, *(merged[uid] for uid in some)})
        journal.keys.learn("source", cited)
        for uid, state in found.items():
            journal.know("loss", uid, state)
