"""The trail: what a loss adds to the sums follows from its state, and no sum over it is ever negative."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from lossledger.core.rules import check_loss
from lossledger.core.trail import Posting, counts, loss_day, movement, outcome, trail
from lossledger.core.vocabulary import OUTCOMES, Status
from lossledger.errors import Refused

DAYS = [f"2020-10-{day:02}" for day in range(1, 8)]
LOSS = {
    "side": "war/red",
    "category": "tanks",
    "type": "t-72",
    "feed": "own",
    "quantity": "2",
    "counts": "item",
    "status": "damaged",
    "verification": "claimed",
    "latest": "2020-10-03",
}
LINE = Posting(
    2, "war/red", "tanks", "t-72", "damaged", "claimed", "own", "item", "2020-10-03", "2020-10-03", 0, 0
)  # fmt: skip


def events(*steps: tuple[str, str]) -> dict[str, str]:
    """Events as fields, numbered in the order given."""
    return {
        f"event.{number}.{name}": value
        for number, step in enumerate(steps, start=1)
        for name, value in zip(("latest", "status"), step, strict=True)
    }


DAY = st.sampled_from(DAYS)


@st.composite
def losses(draw: st.DrawFn) -> dict[str, str]:
    """Any loss that the rules allow, and some that they do not; counted or not."""
    state = {**LOSS, "evidence.piece.source": "source", "status": draw(st.sampled_from(Status)).value}
    state["quantity"] = str(draw(st.integers(1, 3)))
    del state["latest"]
    for name in ("earliest", "latest", "reported", "feed_day"):
        if draw(st.booleans()):
            state[name] = draw(DAY)
    for name in ("inferred", "withdrawn", "stands_in", "merged_into"):
        if draw(st.integers(0, 3)) == 0:
            state[name] = "yes"
    state |= events(
        *draw(st.lists(st.tuples(DAY, st.sampled_from([str(outcome) for outcome in OUTCOMES])), max_size=3))
    )
    return state


def allowed(state: dict[str, str]) -> bool:
    """Whether the rules allow a loss."""
    try:
        check_loss(state, "2026-01-01")
    except Refused:
        return False
    return True


@given(losses().filter(allowed), st.sampled_from([None, *DAYS]))
def test_a_trail_never_adds_up_to_less_than_nothing(state: dict[str, str], as_of: str | None) -> None:
    """On no day, in no cell; and all together it is the quantity, or nothing."""
    sums: Counter[Posting] = Counter()
    for line in trail(state):
        if as_of is None or (line.day is not None and line.day <= as_of):
            sums[line._replace(quantity=0, day=None)] += line.quantity
    standing = {cell.status: quantity for cell, quantity in sums.items() if quantity}
    assert all(quantity > 0 for quantity in standing.values())
    if as_of is None and counts(state):
        now = outcome(state)
        assert standing == ({} if now == "recovered" else {now: int(state["quantity"])})
    assert sum(standing.values()) in (0, int(state["quantity"]))


@given(losses().filter(allowed), losses().filter(allowed))
def test_a_movement_leads_from_one_trail_to_the_other(before: dict[str, str], after: dict[str, str]) -> None:
    """Added to what stands, it gives what shall stand, without a line too many; takings come first."""

    def cells(lines: list[Posting]) -> Counter[Posting]:
        sums: Counter[Posting] = Counter()
        for line in lines:
            sums[line._replace(quantity=0)] += line.quantity
        return sums

    moved = movement(before, after)
    assert +cells([*trail(before), *moved]) == +cells(trail(after))
    assert -cells([*trail(before), *moved]) == -cells(trail(after))
    assert all(line.quantity for line in moved)
    assert len({line._replace(quantity=0) for line in moved}) == len(moved)
    assert [line.quantity > 0 for line in moved] == sorted(line.quantity > 0 for line in moved)
    assert movement(before, before) == []


def test_a_trail_of_steps() -> None:
    """Damaged, abandoned, recovered, captured: each takes the one before back, but for what was recovered."""
    state = LOSS | events(("2020-10-06", "captured"), ("2020-10-04", "abandoned"), ("2020-10-05", "recovered"))
    assert [(line.quantity, line.status, line.day) for line in trail(state)] == [
        (2, "damaged", "2020-10-03"),
        (-2, "damaged", "2020-10-04"),
        (2, "abandoned", "2020-10-04"),
        (-2, "abandoned", "2020-10-05"),
        (2, "captured", "2020-10-06"),
    ]
    assert outcome(state) == "captured"


def test_an_event_on_the_loss_own_day_leaves_no_trace_of_the_first_status() -> None:
    """A movement posts what adds up to something, and nothing else."""
    state = LOSS | events(("2020-10-03", "captured"))
    assert movement({}, state) == [LINE._replace(status="captured")]
    assert movement(state, {}) == [LINE._replace(status="captured", quantity=-2)]


def test_what_does_not_count_has_no_trail() -> None:
    """Withdrawn, or merged and not standing in."""
    states = {
        "nothing": {},
        "withdrawn": LOSS | {"withdrawn": "yes"},
        "merged": LOSS | {"merged_into": "x"},
        "stands in": LOSS | {"merged_into": "x", "stands_in": "yes"},
        "both": LOSS | {"merged_into": "x", "stands_in": "yes", "withdrawn": "yes"},
    }
    assert {name: trail(state) for name, state in states.items()} == {
        "nothing": [],
        "withdrawn": [],
        "merged": [],
        "stands in": [LINE],
        "both": [],
    }


def test_an_amendment_posts_the_difference_alone() -> None:
    """A note moves nothing; a quantity the difference, on each day where the loss stands."""
    state = LOSS | events(("2020-10-05", "captured"))
    more = state | {"quantity": "5", "note": "x"}
    assert movement(state, state | {"note": "x"}) == []
    assert movement(state, more) == [
        LINE._replace(quantity=-3, day="2020-10-05"),
        LINE._replace(quantity=3),
        LINE._replace(quantity=3, day="2020-10-05", status="captured"),
    ]


def test_the_day_of_a_loss() -> None:
    """The earlier of the latest day and the day of the report; else the feed's, inferred."""
    first, third, fifth = DAYS[0], DAYS[2], DAYS[4]
    assert {
        "known": loss_day({"earliest": first, "latest": third}),
        "reported before its end": loss_day({"earliest": first, "latest": fifth, "reported": third}),
        "reported only": loss_day({"reported": third}),
        "by its feed": loss_day({"feed_day": fifth}),
        "undated": loss_day({}),
        "undated from a day": loss_day({"earliest": first}),
    } == {
        "known": (third, 2, False),
        "reported before its end": (third, 2, False),
        "reported only": (third, 0, False),
        "by its feed": (fifth, 0, True),
        "undated": (None, 0, False),
        "undated from a day": (None, 0, False),
    }
