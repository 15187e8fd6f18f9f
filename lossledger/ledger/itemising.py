"""Itemising: what was found one by one is taken out of the number that somebody gave, and counts as items instead."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select

from lossledger.core.fields import FLAG, State
from lossledger.core.trail import loss_day, outcome
from lossledger.core.vocabulary import NO_HEADING, Counts, Status, Verification
from lossledger.db.tables import loss
from lossledger.errors import Refused
from lossledger.ledger import groups
from lossledger.ledger.casefile import add_evidence
from lossledger.ledger.journal import Journal
from lossledger.ledger.losses import amend, existing, split, verify
from lossledger.ledger.second import refuse_itemising_alone

_BELIEVED = (Verification.REJECTED, Verification.DISPUTED, Verification.CLAIMED, Verification.CONFIRMED)
"""How far a loss is believed, least first."""


class Belief(NamedTuple):
    """How far an item is believed, and by whom: the actor where nobody else is named."""

    verification: Verification
    by: str | None = None


def itemise(
    journal: Journal,
    aggregate: str,
    quantity: int,
    fields: Mapping[str, str | None],
    evidence: Mapping[str, str],
    belief: Belief | None = None,
) -> str:
    """Make a part of an aggregate items of their own, with the fields and the evidence that tell them.

    They keep what the aggregate says where nothing else is given, its evidence and how far it is believed included;
    the last of an aggregate are the aggregate itself. Returns the items' uid.
    Errors: Refused where the aggregate has not as many, or the items cannot be of it; where the ledger asks for a
    second person, for whoever alone reported an aggregate that is confirmed.
    """
    whole = _aggregate(journal, aggregate)
    _refuse_more(aggregate, whole, quantity)
    refuse_itemising_alone(journal, aggregate, whole)
    item = {**whole, **fields, "counts": Counts.ITEM.value}
    _refuse_foreign(journal, aggregate, whole, {path: value for path, value in item.items() if value is not None})
    if belief is not None:
        _refuse_less(aggregate, whole, belief.verification)
    change = dict(fields) | {"counts": Counts.ITEM.value}
    if quantity == int(whole["quantity"]):
        groups.refuse_grouped(journal, aggregate, "itemise it")
        amend(journal, aggregate, change)
        uid = aggregate
    else:
        uid = split(journal, aggregate, quantity, change)
    add_evidence(journal, uid, evidence)
    if belief is not None and _is_news(journal, uid, belief):
        verify(journal, uid, belief.verification, belief.by)
    return uid


def take_out(journal: Journal, aggregate: str, items: list[str]) -> None:
    """Take losses that are in the ledger already out of an aggregate that counts them, too.

    For each, a part of its size is split off and merged into it; so the sum no longer has it twice.
    Errors: Refused where the aggregate has not as many, or one of them cannot be of it, or was taken out before.
    """
    for uid in items:
        whole = _aggregate(journal, aggregate)
        item = existing(journal, uid)
        _refuse_uncounted(uid, item)
        if uid == aggregate:
            raise Refused("an aggregate cannot be taken out of itself")
        if item["counts"] != Counts.ITEM:
            raise Refused(f"loss {uid} is an aggregate itself: only items can be taken out of one")
        if (part := _taken_before(journal, aggregate, uid)) is not None:
            raise Refused(f"loss {uid} was taken out of {aggregate} already, as its part {part}")
        quantity = int(item["quantity"])
        _refuse_more(aggregate, whole, quantity)
        _refuse_foreign(journal, aggregate, whole, item)
        _refuse_less(aggregate, whole, Verification(item["verification"]))
        part = aggregate if quantity == int(whole["quantity"]) else split(journal, aggregate, quantity)
        groups.merge(journal, part, uid)


def _aggregate(journal: Journal, uid: str) -> State:
    state = existing(journal, uid)
    if state["counts"] != Counts.AGGREGATE:
        raise Refused(f"loss {uid} is no aggregate: all of it is itemised")
    _refuse_uncounted(uid, state)
    return state


def _refuse_uncounted(uid: str, state: State) -> None:
    if state.get("withdrawn") == FLAG:
        raise Refused(f"loss {uid} is withdrawn; reinstate it first")
    if "merged_into" in state:
        raise Refused(f"loss {uid} is merged into {state['merged_into']}, which counts in its place")


def _refuse_more(aggregate: str, whole: State, quantity: int) -> None:
    if not 0 < quantity <= int(whole["quantity"]):
        raise Refused(f"aggregate {aggregate} has {whole['quantity']} left: {quantity} cannot be taken out of it")


def _refuse_less(aggregate: str, whole: State, believed: Verification) -> None:
    if _BELIEVED.index(believed) < _BELIEVED.index(Verification(whole["verification"])):
        raise Refused(
            f"aggregate {aggregate} is {whole['verification']}: with an item that is only {believed}, "
            f"fewer would be {whole['verification']}; verify the item first"
        )


def _is_news(journal: Journal, uid: str, belief: Belief) -> bool:
    """Whether an item does not stand so yet: a claim is nobody's."""
    now = journal.state("loss", uid)
    by = None if belief.verification is Verification.CLAIMED else belief.by or journal.actor
    return (now["verification"], now.get("verified_by")) != (belief.verification, by)


def _refuse_foreign(journal: Journal, aggregate: str, whole: State, item: State) -> None:
    """Refuse an item that cannot be among those that an aggregate counts."""
    if whole["side"] not in _line(journal, "side", item["side"]):
        names = [journal.state("side", one["side"])["name"] for one in (whole, item)]
        raise Refused(f"aggregate {aggregate} counts losses of {names[0]}; one of {names[1]} is not among them")
    if "type" in whole and whole["type"] not in _line(journal, "type", item.get("type")):
        names = [journal.state("type", one["type"])["name"] if "type" in one else "no type" for one in (whole, item)]
        raise Refused(f"aggregate {aggregate} counts {names[0]} and its variants; {names[1]} is not among them")
    if "type" not in whole and whole["category"] not in (item["category"], NO_HEADING):
        names = [journal.state("category", one["category"])["name"] for one in (whole, item)]
        raise Refused(f"aggregate {aggregate} counts {names[0]}; one of {names[1]} is not among them")
    became = (item["status"], outcome(item))
    if whole["status"] != Status.LOST and whole["status"] not in became:
        raise Refused(
            f"aggregate {aggregate} counts what was {whole['status']}; what was {item['status']} is not of it"
        )
    begins, ends = whole.get("earliest"), loss_day(whole).day
    day = loss_day(item).day
    if ends and (item.get("earliest") or day or "") > ends:
        raise Refused(
            f"aggregate {aggregate} goes to {ends}; what was lost on {item.get('earliest') or day} is not of it"
        )
    if begins and day and day < begins:
        raise Refused(f"aggregate {aggregate} begins with {begins}; what was lost on {day} is not of it")


def _line(journal: Journal, kind: str, slug: str | None) -> list[str]:
    """A side or a type and what it stands under, nearest first."""
    line = []
    while slug is not None:
        line.append(slug)
        slug = journal.state(kind, slug).get("parent")
    return line


def _taken_before(journal: Journal, aggregate: str, uid: str) -> str | None:
    """The part of an aggregate that was merged into a loss, where one was."""
    journal.flush()
    whole, item = (journal.keys.id_of("loss", one) for one in (aggregate, uid))
    merged: str | None = journal.connection.scalar(
        select(loss.c.uid).where(loss.c.merged_into_id == item, loss.c.split_from_id == whole)
    )
    return merged
