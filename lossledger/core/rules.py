"""What a loss may be: the rules that every act keeps and the audit proves."""

import math

from lossledger.core.days import refuse_future
from lossledger.core.fields import State, has_child
from lossledger.core.trail import events, loss_day
from lossledger.errors import Refused

MAX_QUANTITY = 1_000_000
"""More items in one loss than any report can mean."""


def check_loss(state: State, today: str) -> None:
    """Refuse a loss that cannot be. ``today`` is the last day that is not in the future.

    Errors: Refused with the first rule that the loss breaks.
    """
    _check_quantity(state["quantity"])
    _check_days(state, today)
    _check_place(state)
    _check_events(state, today)
    if not has_child(state, "evidence"):
        raise Refused("a loss needs a source; give one with --source")
    if "type" not in state and "candidates" in state:
        raise Refused("candidate types need a common type to count under")


def _check_quantity(text: str) -> None:
    if not 0 < int(text) <= MAX_QUANTITY:
        raise Refused(f"quantity {text}: a loss has from 1 to {MAX_QUANTITY:,} items")


def _check_days(state: State, today: str) -> None:
    earliest, latest, reported = (state.get(name) for name in ("earliest", "latest", "reported"))
    if earliest and latest and earliest > latest:
        raise Refused(f"days {earliest}..{latest}: the end lies before the start")
    for name, day in (("date", earliest or latest), ("reported", reported)):
        if day and day > today:
            raise Refused(f"{name} {day} lies in the future (today is {today})")
    if earliest and reported and reported < earliest:
        raise Refused(f"reported {reported}, before it can have happened ({earliest})")


def _check_place(state: State) -> None:
    if ("latitude" in state) != ("longitude" in state):
        raise Refused("coordinates need both a latitude and a longitude")
    for name, limit in (("latitude", 90.0), ("longitude", 180.0)):
        text = state.get(name)
        if text is None or text.startswith("["):
            continue
        if not math.isfinite(float(text)) or abs(float(text)) > limit:
            raise Refused(f"{name} {text} is not between -{limit:g} and {limit:g}")


def _check_events(state: State, today: str) -> None:
    own = loss_day(state).day
    standing = state["status"]
    for event in events(state):
        day = event.get("latest")
        start = event.get("earliest")
        if day is None:
            raise Refused(f"event {event['status']}: give the day on which it happened")
        if start and start > day:
            raise Refused(f"event {event['status']}: days {start}..{day} end before they start")
        refuse_future(start, day, today=today, what=f"event {event['status']} on")
        if own and day < own:
            raise Refused(f"event {event['status']} on {day} lies before the loss itself ({own})")
        if event["status"] == standing:
            raise Refused(f"event {standing} on {day}: the loss is {standing} already by then")
        standing = event["status"]
