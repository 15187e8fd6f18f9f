"""Acts on the inbox: posts are added, assigned to somebody, closed, and opened again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from lossledger.core.digest import new_uid
from lossledger.core.fields import State, child_path, children
from lossledger.core.links import canonical
from lossledger.core.vocabulary import Act, Closed
from lossledger.errors import Refused
from lossledger.ledger.journal import Journal
from lossledger.ledger.losses import existing
from lossledger.queries.inbox import losses_of_links, next_post, post_of_link, posts_of_links


class Added(NamedTuple):
    """What became of a link that was to be added."""

    uid: str
    url: str
    new: bool
    """Whether the inbox has the post only now."""
    losses: tuple[str, ...] = ()
    """The losses that rest on the link already, so that a new post of it need not wait: it is closed as recorded."""


def add(journal: Journal, posts: Sequence[Mapping[str, str]]) -> list[Added]:
    """Put posts into the inbox, each the fields of one: its ``url``, and what else is known of it.

    One whose link the inbox ever had, in whatever spelling, is not added again and not changed. Returns what became of
    each, in their order.
    """
    urls = [fields["url"] for fields in posts]
    journal.flush()
    known, recorded = posts_of_links(journal.connection, urls), losses_of_links(journal.connection, urls)
    done = []
    for fields in posts:
        link = canonical(fields["url"])
        if link in known:
            done.append(Added(known[link], fields["url"], new=False))
            continue
        losses = tuple(recorded.get(link, ()))
        state = {**fields, "added": journal.recorded_at} | ({"closed_as": Closed.RECORDED.value} if losses else {})
        uid = known[link] = new_uid()
        journal.append(Act.CATALOGUE, "post", uid, state, new=True)
        done.append(Added(uid, fields["url"], new=True, losses=losses))
    return done


def take(journal: Journal) -> str | None:
    """Give the actor the oldest open post that is theirs or nobody's; None where there is none.

    Under the write lock, so that no two people get the same one.
    """
    uid = next_post(journal.connection, journal.actor)
    if uid is not None and "assigned_to" not in journal.state("post", uid):
        journal.append(Act.CATALOGUE, "post", uid, {"assigned_to": journal.actor})
    return uid


def assign(journal: Journal, uid: str, who: str | None) -> State:
    """Give a post to somebody, or back to nobody; returns its state before.

    Errors: Refused where it is theirs already, or there is nothing left to do with it.
    """
    before = _existing(journal, uid)
    if _finished(before):
        raise Refused(f"post {uid} is closed as {before['closed_as']}; open it again with: lossledger inbox reopen")
    if before.get("assigned_to") == who:
        raise Refused(f"post {uid} is {who or 'nobody'}'s already")
    journal.append(Act.CATALOGUE, "post", uid, {"assigned_to": who})
    return before


def close(journal: Journal, uid: str, closed: Closed, losses: Iterable[str] = ()) -> None:
    """Close a post, as ``RECORDED`` perhaps with the losses (uids) that were recorded from it.

    One that needs a place can be closed as anything else; one that is recorded, with more losses. Errors: Refused for a
    post that is closed otherwise, for losses beside another word, for a loss that does not exist.
    """
    before = _existing(journal, uid)
    named = _named(journal, losses)
    if named and closed is not Closed.RECORDED:
        raise Refused(f"losses are named where a post is closed as {Closed.RECORDED}, not as {closed}")
    more = named.keys() - before.keys()
    if before.get("closed_as") == closed and not more:
        raise Refused(f"post {uid} is closed as {closed} already")
    if _finished(before) and before["closed_as"] != closed:
        raise Refused(f"post {uid} is closed as {before['closed_as']}; open it again with: lossledger inbox reopen")
    journal.append(Act.CATALOGUE, "post", uid, {"closed_as": closed.value, **named})


def close_recorded(journal: Journal, source: str, losses: Iterable[str]) -> str | None:
    """Close the post of a source's link, if the inbox has it, as recorded with losses, whatever it was closed as.

    Source and losses are uids. Returns the post's uid, None where the inbox does not have the link. For who has just
    recorded these losses from it.
    """
    link = journal.state("source", source).get("url")
    uid = None if link is None else post_of_link(journal.connection, link)
    if uid is not None:
        fields = {"closed_as": Closed.RECORDED.value, **_named(journal, losses)}
        if not fields.items() <= journal.state("post", uid).items():
            journal.append(Act.CATALOGUE, "post", uid, fields)
    return uid


def reopen(journal: Journal, uid: str) -> State:
    """Open a closed post again, for whoever takes it; returns its state before. It no longer names any loss.

    Errors: Refused where it is open.
    """
    before = _existing(journal, uid)
    if "closed_as" not in before:
        raise Refused(f"post {uid} is open")
    named = {child_path("loss", key, name): None for key, own in children(before, "loss").items() for name in own}
    journal.append(Act.CATALOGUE, "post", uid, {"closed_as": None, "assigned_to": None, **named})
    return before


def _named(journal: Journal, losses: Iterable[str]) -> dict[str, str]:
    """The fields by which a post names losses. Errors: Refused for one that does not exist."""
    fields = {}
    for loss in losses:
        existing(journal, loss)
        fields[child_path("loss", loss, "loss")] = loss
    return fields


def _finished(state: State) -> bool:
    """Whether a post is closed for good; one that needs a place still waits for it."""
    return state.get("closed_as") not in (None, Closed.NEEDS_PLACE)


def _existing(journal: Journal, uid: str) -> State:
    state = journal.state("post", uid)
    if not state:
        raise Refused(f"no post {uid!r} in this ledger")
    return state
