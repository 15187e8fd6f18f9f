"""The trail of a loss: what it adds to the sums, on which day.

A loss enters the sums on its own day with its first status; each later event takes the old status
back on the event's day and adds the new one. An act on a loss posts the difference between the
trail before it and the trail after it, so the standing postings of a loss always are its trail and
no sum over them is ever negative.
"""

from collections import Counter
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from lossledger.core.fields import FLAG, State, children, has_child
from lossledger.core.vocabulary import RECOVERED, Counts


class Posting(NamedTuple):
    """What one line adds to or takes from the sums: a signed quantity with its dimensions.

    ``day`` is the day from which it counts, ``loss_day`` the loss's own day, ``span`` how many days
    before that the loss may have happened. Sides, categories, types and feeds stand as slugs.
    """

    quantity: int
    side: str
    category: str
    type: str | None
    status: str
    verification: str
    feed: str
    counts: str
    day: str | None
    loss_day: str | None
    span: int
    inferred: int


class LossDay(NamedTuple):
    """The day that a loss goes by, how many days before it may lie, and whether it is inferred."""

    day: str | None
    span: int
    inferred: bool


def loss_day(state: State) -> LossDay:
    """The day of a loss: the earlier of the latest possible day and the day it was reported.

    With neither, the day given for its feed, marked inferred; else none: the loss is undated. Where
    only the report dates it, the report's day stands for it without a span.
    """
    get = state.get
    return _loss_day(get("earliest"), get("latest"), get("reported"), get("feed_day"), get("inferred"))


@lru_cache(maxsize=4_096)  # lists have many losses of one day, and each is asked for its day more than once
def _loss_day(
    earliest: str | None, latest: str | None, reported: str | None, feed_day: str | None, flag: str | None
) -> LossDay:
    inferred = flag == FLAG
    known = min(latest, reported) if latest and reported else latest or reported
    if not known:
        return LossDay(feed_day, 0, inferred or feed_day is not None)
    span = (date.fromisoformat(known) - date.fromisoformat(earliest)).days if earliest else 0
    return LossDay(known, span, inferred)


def counts(state: State) -> bool:
    """Whether a loss is in the sums: it exists, is not withdrawn, and is not merged into one that is."""
    if not state or state.get("withdrawn") == FLAG:
        return False
    return "merged_into" not in state or state.get("stands_in") == FLAG


def events(state: State) -> list[dict[str, str]]:
    """The later events of a loss in the order of their days, those of one day as they were entered."""
    if not has_child(state, "event"):
        return []
    numbered = sorted(children(state, "event").items(), key=lambda item: int(item[0]))
    return sorted((event for _, event in numbered), key=lambda event: event.get("latest", ""))


def outcome(state: State) -> str:
    """What has become of a loss by now: the status of its last event, else its first status."""
    later = events(state)
    return later[-1]["status"] if later else state["status"]


def trail(state: State) -> list[Posting]:
    """The postings that a loss stands for, in the order of their days; none where it does not count."""
    if not counts(state):
        return []
    own = loss_day(state)
    first = _posting(state, own, state["status"], own.day)
    lines = [first]
    standing = first.status
    for event in events(state):
        # An undated loss has no day from which an event could move it: its whole trail is undated.
        day = event.get("latest") if own.day else None
        if standing != RECOVERED:
            lines.append(_posting(state, own, standing, day)._replace(quantity=-first.quantity))
        standing = event["status"]
        if standing != RECOVERED:
            lines.append(_posting(state, own, standing, day))
    return lines


def moved_to(line: Posting, own: LossDay) -> Posting:
    """A line of a loss that was undated, now that the loss has a day of its own and no events."""
    return Posting(*line[:8], own.day, own.day, own.span, int(own.inferred))


def movement(before: State, after: State) -> list[Posting]:
    """The postings that turn the trail of one state into the trail of another: takings first."""
    if not before:
        lines = trail(after)
        if len(lines) < 2:  # as of most new losses
            return [line for line in lines if line.quantity]
    change = _net(trail(after))
    change.subtract(_net(trail(before)))
    lines = [key._replace(quantity=amount) for key, amount in change.items() if amount]
    return sorted(lines, key=_posting_order)


def _net(lines: list[Posting]) -> Counter[Posting]:
    """The signed quantity of each cell that a trail touches."""
    net: Counter[Posting] = Counter()
    for line in lines:
        net[line._replace(quantity=0)] += line.quantity
    return net


def _posting_order(line: Posting) -> tuple[object, ...]:
    """Takings before makings, then by day, then by all dimensions: one order on every machine."""
    return (
        line.quantity > 0,
        *("" if value is None else str(value) for value in line[8:]),
        *map(str, line),
    )


def _posting(state: State, own: LossDay, status: str, day: str | None) -> Posting:
    return Posting(
        quantity=int(state["quantity"]),
        side=state["side"],
        category=state["category"],
        type=state.get("type"),
        status=status,
        verification=state["verification"],
        feed=state["feed"],
        counts=state.get("counts", Counts.ITEM),
        day=day,
        loss_day=own.day,
        span=own.span,
        inferred=int(own.inferred),
    )
