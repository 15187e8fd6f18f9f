"""Merged losses: a group is one root and what was merged into it, and it counts once."""

from sqlalchemy import select

from lossledger.core.fields import FLAG, State
from lossledger.core.vocabulary import Act
from lossledger.db.tables import loss
from lossledger.errors import Refused
from lossledger.ledger.journal import Journal

STANDS_IN = "stands_in"
"""The field that follows from the rest of its group, and is settled after every act that touches one."""


def merge(journal: Journal, duplicate: str, kept: str) -> None:
    """Say that two losses are the same thing: the duplicate stops counting, its trail stays.

    Merging into a merged loss goes to its root; what was merged into the duplicate follows it.
    Errors: Refused for unequal quantities, a withdrawn loss, one merged already, or another conflict.
    """
    root = _root(journal, kept)
    members = [duplicate, *_members(journal, duplicate)]
    state, target = journal.state("loss", duplicate), journal.state("loss", root)
    for uid, one in ((duplicate, state), (root, target)):
        if not one:
            raise Refused(f"no loss {uid!r} in this ledger")
        if one.get("withdrawn") == FLAG:
            raise Refused(f"loss {uid} is withdrawn; reinstate it before merging")
    if "merged_into" in state:
        raise Refused(f"loss {duplicate} is merged into {state['merged_into']} already; unmerge it first")
    if root in members:
        raise Refused("a loss cannot be merged into itself")
    if state["quantity"] != target["quantity"]:
        raise Refused(
            f"loss {duplicate} has {state['quantity']}, loss {root} has {target['quantity']}: "
            "only equal quantities merge; split the larger one first"
        )
    if state["side"].partition("/")[0] != target["side"].partition("/")[0]:
        raise Refused(f"losses {duplicate} and {root} belong to different conflicts")
    for uid in members:
        journal.append(Act.MERGE, "loss", uid, {"merged_into": root, STANDS_IN: None})


def unmerge(journal: Journal, uid: str) -> None:
    """Let a merged loss stand for itself again. Errors: Refused where it is not merged."""
    root = journal.state("loss", uid).get("merged_into")
    if root is None:
        raise Refused(f"loss {uid} is not merged into another")
    journal.append(Act.UNMERGE, "loss", uid, {"merged_into": None, STANDS_IN: None})
    settle(journal, Act.UNMERGE, root)


def settle(journal: Journal, act: Act, uid: str) -> None:
    """Have the first of a group that is not withdrawn count, and no other.

    The root counts where it can; else the duplicate that was entered first stands in for it.
    """
    root = _root(journal, uid)
    group = [root, *_members(journal, root)]
    _refuse_chain(journal, group)
    _refuse_unequal(journal, group)
    standing = next(
        (one for one in group if journal.state("loss", one).get("withdrawn") != FLAG),
        None,
    )
    for one in group:
        wanted = FLAG if one == standing and one != root else None
        if journal.state("loss", one).get(STANDS_IN) != wanted:
            journal.append(act, "loss", one, {STANDS_IN: wanted})


def _refuse_chain(journal: Journal, group: list[str]) -> None:
    """What others are merged into is merged into none itself; undoing an unmerge could bring that about."""
    root, *members = group
    chained = [(root, above)] if (above := journal.state("loss", root).get("merged_into")) else []
    chained += [(other, uid) for uid in members for other in _members(journal, uid)]
    for below, above in chained:
        raise Refused(f"loss {below} is merged into {above} by now; unmerge it first")


def _refuse_unequal(journal: Journal, group: list[str]) -> None:
    if len({journal.state("loss", uid)["quantity"] for uid in group}) > 1:
        raise Refused(f"losses {', '.join(group)} are merged and would no longer have the same quantity")


def refuse_grouped(journal: Journal, uid: str, what: str) -> None:
    """Refuse what would make the quantities of a merged group unequal."""
    state = journal.state("loss", uid)
    others = [state["merged_into"]] if "merged_into" in state else _members(journal, uid)
    if others:
        raise Refused(f"loss {uid} is merged with {', '.join(others)}; unmerge them before you {what}")


def _root(journal: Journal, uid: str) -> str:
    state: State = journal.state("loss", uid)
    return state.get("merged_into", uid)


def _members(journal: Journal, root: str) -> list[str]:
    """What is merged into a loss, in the order in which it was entered."""
    journal.flush()
    root_id = journal.keys.find("loss", root)
    return list(
        journal.connection.scalars(select(loss.c.uid).where(loss.c.merged_into_id == root_id).order_by(loss.c.id))
    )
