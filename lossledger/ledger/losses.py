"""Acts on one loss: report, amend, event, verify, split, withdraw, reinstate."""

from collections.abc import Mapping

from lossledger.core.days import last_day_not_future
from lossledger.core.digest import new_uid
from lossledger.core.fields import FLAG, State, child_path, children
from lossledger.core.rules import check_loss
from lossledger.core.trail import counts
from lossledger.core.vocabulary import OWN_FEED, Act, Counts, Status, Verification
from lossledger.errors import Refused
from lossledger.ledger import groups
from lossledger.ledger.journal import Journal
from lossledger.ledger.second import fallen, refuse_alone, refuse_new
from lossledger.queries.history import of_subject

Fields = Mapping[str, str | None]


def existing(journal: Journal, uid: str) -> State:
    """The state of a loss that an act is about; Refused where there is none."""
    state = journal.state("loss", uid)
    if not state:
        raise Refused(f"no loss {uid!r} in this ledger")
    return state


def report(
    journal: Journal, fields: Fields, *, uid: str | None = None, act: Act = Act.REPORT, edited: bool = False
) -> str:
    """Enter a loss with its evidence; what is not given is an item claimed lost, in the feed ``own``.

    With ``edited``, others than the actor vouch for it, as the editors of a pack do. Returns the new loss's uid.
    Errors: Refused where the loss breaks a rule, or is confirmed by the actor alone where a second person is asked for.
    """
    uid = uid or new_uid()
    journal.append(act, "loss", uid, checked_new(journal, fields, edited=edited), new=True)
    return uid


def checked_new(journal: Journal, fields: Fields, *, edited: bool = False) -> dict[str, str]:
    """A loss that is to be entered, with what is not given; for ``edited`` see `report`. Errors: Refused as there."""
    given = {path: value for path, value in fields.items() if value is not None}
    defaults = {
        "feed": OWN_FEED,
        "quantity": "1",
        "counts": Counts.ITEM.value,
        "status": Status.LOST.value,
        "verification": Verification.CLAIMED.value,
    }
    state = defaults | given
    if "category" not in state:
        if "type" not in state:
            raise Refused("a loss needs a type, or a category where the type is not given")
        state["category"] = _usual_category(journal, state["type"])
    check_loss(state, last_day_not_future())
    if state["verification"] == Verification.CONFIRMED and not edited:
        refuse_new(journal)
    return state


def amend(journal: Journal, uid: str, fields: Fields) -> State:
    """Correct what was entered wrongly. A new type brings its category, unless one is given, too.

    Where a second person is asked for, a confirmed loss that its lone reporter has say otherwise is a claim again.
    Errors: Refused where nothing would change, or the corrected loss breaks a rule.
    """
    before = existing(journal, uid)
    change = _with_category(journal, before, fields)
    after = _after(before, change)
    if after == before:
        raise Refused(f"loss {uid} already says so; nothing to amend")
    if after["quantity"] != before["quantity"]:
        groups.refuse_grouped(journal, uid, "amend the quantity")
    check_loss(after, last_day_not_future())
    return journal.append(Act.AMEND, "loss", uid, change | fallen(journal, uid, before, after))


def event(journal: Journal, uid: str, fields: Mapping[str, str]) -> State:
    """Record what later became of a loss, on the event's own day.

    Errors: Refused for an event before the loss's day, in the future, or that changes nothing.
    """
    before = existing(journal, uid)
    number = 1 + max((int(key) for key in children(before, "event")), default=0)
    change = {child_path("event", str(number), name): value for name, value in fields.items()}
    after = _after(before, change)
    check_loss(after, last_day_not_future())
    return journal.append(Act.EVENT, "loss", uid, change)


def verify(journal: Journal, uid: str, verification: Verification, by: str | None = None) -> State:
    """Change how far a loss is believed, and by whom: the actor where nobody else is named.

    Errors: Refused where it already stands so; where the ledger asks for a second person, for whoever alone reported
    what is to be confirmed, be it the actor or who is named.
    """
    before = existing(journal, uid)
    change = {"verification": verification.value, "verified_by": by or journal.actor}
    if verification is Verification.CLAIMED:
        change["verified_by"] = ""
    fields: Fields = {path: value or None for path, value in change.items()}
    if _after(before, fields) == before:
        raise Refused(f"loss {uid} is {verification} already, by {before.get('verified_by', 'nobody')}")
    if verification is Verification.CONFIRMED:
        refuse_alone(journal, uid, dict.fromkeys((journal.actor, by or journal.actor)))
    return journal.append(Act.VERIFY, "loss", uid, fields)


def leave(journal: Journal, uid: str) -> State:
    """Say that a loss was looked at and stays as far believed as it is; it waits for no decision until more comes."""
    existing(journal, uid)
    return journal.append(Act.VERIFY, "loss", uid, {})


def split(journal: Journal, uid: str, quantity: int, fields: Fields | None = None) -> str:
    """Make a part of a loss one of its own, with the same trail and evidence; ``fields`` tell it apart.

    A new type brings its category here as well; of a confirmed loss, what its lone reporter tells apart is a claim
    where a second person is asked for. Returns the part's uid. Errors: Refused where the part is not
    smaller than the whole, or the loss does not count or is merged with others.
    """
    before = existing(journal, uid)
    rest = int(before["quantity"]) - quantity
    if not counts(before):
        raise Refused(f"loss {uid} does not count now (withdrawn or merged); there is nothing to split")
    groups.refuse_grouped(journal, uid, "split it")
    if before["quantity"] == "1":
        raise Refused(f"loss {uid} has 1: there is nothing to split")
    if quantity < 1 or rest < 1:
        raise Refused(f"loss {uid} has {before['quantity']}: a part is from 1 to {int(before['quantity']) - 1}")
    part = _after(
        _own_evidence(before),
        {"quantity": str(quantity), "split_from": uid, "feed_key": None},
    )
    told = _after(part, _with_category(journal, part, fields or {}))
    part = _after(told, fallen(journal, uid, part, told))
    check_loss(part, last_day_not_future())
    journal.append(Act.SPLIT, "loss", uid, {"quantity": str(rest)})
    new = new_uid()
    journal.append(Act.SPLIT, "loss", new, part, new=True)
    return new


def _own_evidence(state: State) -> dict[str, str]:
    """A state whose pieces of evidence have uids of their own, as a new loss needs; no feed's row."""
    fresh = {key: new_uid() for key in children(state, "evidence")}
    copy: dict[str, str] = {}
    for path, value in state.items():
        child, _, rest = path.partition(".")
        if child == "row":
            continue
        if child == "evidence":
            key, _, field = rest.rpartition(".")
            path = child_path(child, fresh[key], field)
        copy[path] = value
    return copy


def withdraw(journal: Journal, uid: str) -> State:
    """Take a loss out of the ledger's count; where others are merged into it, the next of them counts.

    Errors: Refused where it is withdrawn already.
    """
    if existing(journal, uid).get("withdrawn") == FLAG:
        raise Refused(f"loss {uid} is withdrawn already")
    after = journal.append(Act.WITHDRAW, "loss", uid, {"withdrawn": FLAG})
    groups.settle(journal, Act.WITHDRAW, uid)
    return after


def reinstate(journal: Journal, uid: str) -> State:
    """Let a withdrawn loss count again. Errors: Refused where it is not withdrawn."""
    before = existing(journal, uid)
    if before.get("withdrawn") != FLAG:
        raise Refused(f"loss {uid} is not withdrawn")
    if "split_from" in before and _undone(journal, uid):
        raise Refused(f"the split that made loss {uid} was undone, and its items are counted where they were before")
    after = journal.append(Act.REINSTATE, "loss", uid, {"withdrawn": None})
    groups.settle(journal, Act.REINSTATE, uid)
    return after


def _undone(journal: Journal, uid: str) -> bool:
    """Whether the act that a loss began with was undone."""
    first, *later = of_subject(journal.connection, "loss", uid)
    return any(told.about("undoes") == first.entry.act_id for told in later)


def _with_category(journal: Journal, before: State, fields: Fields) -> dict[str, str | None]:
    """The fields, with the usual category of a new type where they name none."""
    change = dict(fields)
    new_type = change.get("type")
    if new_type and new_type != before.get("type") and "category" not in change:
        change["category"] = _usual_category(journal, new_type)
    return change


def _usual_category(journal: Journal, type_slug: str) -> str:
    """The category under which a type usually counts, also one that was made in the same act."""
    state = journal.state("type", type_slug)
    if not state:
        raise Refused(f"no type {type_slug!r} in this ledger")
    return state["category"]


def _after(state: State, fields: Fields) -> dict[str, str]:
    merged = {**state, **fields}
    return {path: value for path, value in merged.items() if value is not None}
