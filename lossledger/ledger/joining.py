"""Joining: many merges as one act, for losses that stand in several lists beyond doubt."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select

from lossledger.core.sameness import Pair, Seen
from lossledger.core.vocabulary import Act, Verification
from lossledger.db.tables import entry as entries
from lossledger.db.tables import loss
from lossledger.ledger.groups import STANDS_IN
from lossledger.ledger.journal import Journal
from lossledger.queries.duplicates import Found

_BELIEVED = {Verification.CONFIRMED: 0, Verification.CLAIMED: 1}
"""What may be joined unasked, the better believed first; over what is disputed or rejected, a person decides."""

_AT_ONCE = 500


class Left(StrEnum):
    """Why a pair that shares its link, side and status is not joined."""

    UNDECIDED = "a link shows several of a side and status in both lists"
    QUANTITY = "unequal quantities"
    BELIEF = "one is disputed or rejected"
    UNMERGED = "somebody unmerged one of the two"
    ONE_LIST = "two losses of one list would become one"


@dataclass(slots=True)
class Joined:
    """What a joining did: how many losses were merged into another, and how many pairs were left, by why."""

    merged: int = 0
    left: Counter[Left] = field(default_factory=Counter)


def join(journal: Journal, found: Found) -> Joined:
    """Merge the pairs that are certain, within the journal's one act; an entry for each loss that is merged.

    Kept is the one that is better believed, else the one that was entered first; in a merged group everything goes
    into its root. Left are pairs of unequal quantities, what is disputed or rejected, what somebody unmerged, and
    what would bring two losses of one list together.
    """
    done = Joined()
    done.left[Left.UNDECIDED] = len(found.undecided)
    certain = [pair for pair in found.pairs if pair.certain]
    groups = _Groups(journal, certain)
    for pair in certain:
        why = groups.hindrance(pair)
        if why is None:
            groups.join(pair)
        else:
            done.left[why] += 1
    done.merged = groups.record()
    done.left = +done.left
    return done
