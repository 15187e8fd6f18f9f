"""Deciding what waits: one door for the terminal, for a batch and for whatever else asks people.

Nothing is decided twice. An item is decided only as it was shown: under the write lock it must still wait, and nobody
may have touched its losses since. Whoever comes later is told who was first.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from lossledger.core.days import utc_now
from lossledger.core.fields import child_path
from lossledger.core.text import quoted
from lossledger.core.vocabulary import Verification
from lossledger.errors import LedgerError, Refused
from lossledger.ledger import casefile, groups, losses
from lossledger.ledger.journal import Journal
from lossledger.queries.held import LISTED, held_of
from lossledger.queries.since import in_words, last_done
from lossledger.queries.waiting import still_waiting
from lossledger.queries.waiting_losses import Item, losses_of


class Decision(StrEnum):
    """What can be said of something that waits."""

    CONFIRM = "confirm"
    REJECT = "reject"
    DISPUTE = "dispute"
    KEEP = "keep"
    TAKE = "take"
    SAME = "same"
    DIFFERENT = "different"


class Asked(NamedTuple):
    """A decision that somebody asks for."""

    item: str
    decision: Decision
    seen: int | None = None
    """The last entry on the item's losses when it was shown; None where that is not known."""
    reason: str | None = None
    """Why, where it is another reason than the act's."""


class Overtaken(Refused):
    """An item that no longer waits as it was shown, because somebody did something to it."""


@dataclass(slots=True)
class Decided:
    """What became of many decisions."""

    done: list[tuple[Asked, str]] = field(default_factory=list)
    """Each with what it did, in words."""
    refused: list[tuple[Asked, LedgerError]] = field(default_factory=list)


def decide(journal: Journal, asked: Asked) -> str:
    """Decide one item, within the journal's act; returns in words what that did.

    Errors: Overtaken where it waits no longer as it was shown, with who did what and when; Refused for an item that
    cannot be, a decision that does not go with its kind, or one that the ledger's rules do not allow.
    """
    uids = losses_of(asked.item)
    kind = asked.item.partition(":")[0]
    if uids is None or kind not in DECISIONS:
        raise Refused(f"{quoted(asked.item)} is no item of a review; see: lossledger review --format json")
    if asked.decision not in DECISIONS[kind]:
        raise Refused(f"{asked.item}: {asked.decision} is no decision on it; there are: {', '.join(DECISIONS[kind])}")
    for uid in uids:
        losses.existing(journal, uid)
    journal.flush()
    waits = still_waiting(journal.connection, [asked.item]).get(asked.item)
    if waits is None or asked.seen is not None:
        # What this act itself did to a loss is no news to whoever acts, unless it decided this very item.
        own = None if waits is None else journal.act_id
        done = last_done(journal.connection, uids, asked.seen or 0, own)
        if done is not None and done.entry.act_id == journal.act_id:
            raise Overtaken(f"{asked.item}: it does not wait, or was decided in this very act")
        if done is not None:
            raise Overtaken(f"{asked.item}: {in_words(done, utc_now())}")
    if waits is None:
        raise Overtaken(f"{asked.item}: it does not wait for a decision")
    with journal.because(asked.reason or journal.reason):
        return DECISIONS[kind][asked.decision](journal, waits.item)


def decide_all(journal: Journal, many: Iterable[Asked]) -> Decided:
    """Decide items as one act; what cannot be decided is left, and said.

    An item that is asked for twice is decided once, by its first row; one with different decisions not at all.
    """
    found = Decided()
    by_item: dict[str, list[Asked]] = {}
    for asked in many:
        by_item.setdefault(asked.item, []).append(asked)
    for item, rows in by_item.items():
        if len({row.decision for row in rows}) > 1:
            why = "stands twice, with different decisions"
            found.refused += [(row, Refused(f"{item}: {row.decision}: {why}")) for row in rows]
            continue
        try:
            found.done.append((rows[0], decide(journal, rows[0])))
        except Refused as error:
            found.refused.append((rows[0], error))
    return found


def _believe(verification: Verification, journal: Journal, item: Item) -> str:
    [uid] = item.losses
    state = journal.state("loss", uid)
    if state["verification"] == verification and state.get("verified_by") == journal.actor:
        losses.leave(journal, uid)
    else:
        losses.verify(journal, uid, verification)
    return f"loss {uid}: {verification}"


def _leave(journal: Journal, item: Item) -> str:
    [uid] = item.losses
    return f"loss {uid}: stays {losses.leave(journal, uid)['verification']}"


def _take(journal: Journal, item: Item) -> str:
    """Have a loss say what its list says; where the list no longer has it, it is withdrawn."""
    [uid] = item.losses
    state = journal.state("loss", uid)
    feed = _feed(item)
    said = next(dict(held.said) for held in held_of(state) if held.feed == feed)
    gone = LISTED in said
    fields = {name: value for name, value in said.items() if name != LISTED}
    if "type" in fields:
        fields.setdefault("category", state["category"])
    losses.amend(journal, uid, {**fields, child_path("row", feed, "held"): None})
    if gone:
        losses.withdraw(journal, uid)
    words = ", ".join(name.replace("_", " ") for name in said if name != LISTED)
    parts = (f"{words} as {feed} says" if words else "", "withdrawn, as it is no longer listed" if gone else "")
    return f"loss {uid}: {'; '.join(filter(None, parts))}"


def _keep(journal: Journal, item: Item) -> str:
    """Have a loss stay as it is here; its list is not heard again until it says something else."""
    [uid] = item.losses
    feed = _feed(item)
    losses.amend(journal, uid, {child_path("row", feed, "held"): None})
    return f"loss {uid}: stays as it is here, against {feed}"


def _feed(item: Item) -> str:
    return item.id.split(":")[2]


def _merge(journal: Journal, item: Item) -> str:
    """Keep the one that is better believed, else the one that was entered first."""
    one, other = item.losses
    believed = [journal.state("loss", uid)["verification"] == Verification.CONFIRMED for uid in (one, other)]
    kept, duplicate = (other, one) if believed == [False, True] else (one, other)
    groups.merge(journal, duplicate, kept)
    return f"loss {duplicate}: merged into {kept}"


def _tell_apart(journal: Journal, item: Item) -> str:
    one, other = item.losses
    casefile.link(journal, one, other, apart=True)
    return f"losses {one} and {other}: not the same"


Act = Callable[[Journal, Item], str]

_ON_BELIEF: Mapping[Decision, Act] = {
    Decision.CONFIRM: partial(_believe, Verification.CONFIRMED),
    Decision.REJECT: partial(_believe, Verification.REJECTED),
    Decision.DISPUTE: partial(_believe, Verification.DISPUTED),
    Decision.KEEP: _leave,
}

DECISIONS: Mapping[str, Mapping[Decision, Act]] = {
    "claim": _ON_BELIEF,
    "dispute": {decision: act for decision, act in _ON_BELIEF.items() if decision is not Decision.DISPUTE},
    "held": {Decision.TAKE: _take, Decision.KEEP: _keep},
    "pair": {Decision.SAME: _merge, Decision.DIFFERENT: _tell_apart},
}
"""What can be decided on each kind of item, and the act that it is."""
