"""Whether two losses may be one: points, reasons, and who is paired with whom."""

from collections.abc import Mapping
from itertools import product
from math import inf
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.core.pairing import Pairing, Twice
from lossledger.core.sameness import ALL_OF_IT, Pair, Reach, Seen, Trees, days_apart, kilometres, km_apart

RED, BLUE, NORTH = 1, 2, 3
T72, T72B, BMP = 1, 2, 3
TREES = Trees({RED: (RED,), BLUE: (BLUE,), NORTH: (NORTH, BLUE)}, {T72: (T72,), T72B: (T72B, T72), BMP: (BMP,)})
REACH = Reach(days=1, km=5.0)


def seen(number: int, **fields: Any) -> Seen:
    """A destroyed T-72 of Red in a list of its own, without a day or a place, but for what is said otherwise."""
    if "day" in fields:
        fields = {"first": fields["day"], "last": fields["day"]} | fields
    if "at" in fields:
        fields = dict(zip(("latitude", "longitude"), fields["at"], strict=True)) | fields
    own: dict[str, Any] = {"id": number, "uid": f"loss{number}", "feed": number, "within": ALL_OF_IT, "whole": number}
    own |= {"side": RED, "category": 1, "type": T72, "outcome": "destroyed", "verification": "confirmed"}
    own |= {"quantity": 1, "counts": "item"}
    own |= fields
    return Seen._make(own.get(name) for name in Seen._fields)


def paired(
    *links: list[Seen], dated: list[Seen] | None = None, taken: set[tuple[int, int]] | None = None
) -> list[Pair]:
    """The pairs among losses behind links and among dated ones."""
    pairing = Pairing(TREES, REACH, taken or set())
    pairing.by_link(links)
    pairing.by_nearness(dated or [])
    return pairing.pairs()


def ids(pairs: list[Pair]) -> list[tuple[int, int]]:
    """The pairs by the numbers of their losses."""
    return [(pair.one.id, pair.other.id) for pair in pairs]


LINKED = [
    ({}, 100, True, "same link, side, type and status"),
    ({"type": T72B}, 95, True, "same link, side and status; type alike"),
    ({"type": BMP}, 90, True, "same link, side and status"),
    ({"type": None}, 90, True, "same link, side and status"),
    ({"outcome": "damaged"}, 93, False, "same link, side and type; status alike"),
    ({"outcome": "captured"}, 85, False, "same link, side and type"),
    ({"side": BLUE}, 60, False, "same link, type and status"),
    ({"side": BLUE, "type": T72B}, 55, False, "same link and status; type alike"),
    ({"quantity": 3}, 75, True, "same link, side, type and status; quantities differ"),
]


@pytest.mark.parametrize(("differs", "score", "certain", "why"), LINKED)
def test_points_for_one_link(differs: dict[str, Any], score: int, certain: bool, why: str) -> None:
    """Fewer for every way in which the two differ."""
    [pair] = paired([seen(1), seen(2, **differs)])
    assert (pair.score, pair.certain, pair.why) == (score, certain, why)


def test_one_link_alone_is_no_reason() -> None:
    """A picture with a tank of one side and a carrier of the other is in two lists, one vehicle in each."""
    for differs in ({"side": BLUE}, {"quantity": 3}, {"outcome": "captured"}):
        assert paired([seen(1), seen(2, type=BMP, **differs)]) == []


NEAR = [
    ({}, 80, "same side, type and status; same day, 0.0 km apart"),
    ({"day": 101}, 76, "same side, type and status; 1 day and 0.0 km apart"),
    ({"at": (40.03, 47.0)}, 75, "same side, type and status; same day, 3.3 km apart"),
    ({"day": 101, "at": (40.03, 47.0)}, 71, "same side, type and status; 1 day and 3.3 km apart"),
    ({"at": (None, None)}, 60, "same side, type and status; same day"),
    ({"type": T72B}, 75, "same side and status; type alike; same day, 0.0 km apart"),
    ({"outcome": "damaged"}, 73, "same side and type; status alike; same day, 0.0 km apart"),
    ({"first": 99, "last": 100}, 80, "same side, type and status; perhaps the same day, 0.0 km apart"),
]
FAR = [
    *({"day": 102}, {"at": (40.05, 47.0)}, {"at": (40.0, 47.07)}, {"day": None}),
    *({"side": BLUE}, {"type": BMP}, {"type": None}, {"outcome": "captured"}, {"quantity": 2}, {"counts": "aggregate"}),
]


@pytest.mark.parametrize(("differs", "score", "why"), NEAR)
def test_points_for_being_near(differs: dict[str, Any], score: int, why: str) -> None:
    """Fewer with every day and kilometre, fewest where a place is not known; never certain."""
    here = {"day": 100, "at": (40.0, 47.0)}
    [pair] = paired(dated=[seen(1, **here), seen(2, **(here | differs))])
    assert (pair.score, pair.certain, pair.why) == (score, False, why)


@pytest.mark.parametrize("differs", FAR)
def test_what_is_far_or_another_thing_is_no_pair(differs: dict[str, Any]) -> None:
    """Days, kilometres, side, type, status and quantity all must do."""
    here = {"day": 100, "at": (40.0, 47.0)}
    assert paired(dated=[seen(1, **here), seen(2, **(here | differs))]) == []


def test_equal_types_behind_a_link_come_first_then_a_single_leftover() -> None:
    """Whatever order they stand in; equal names first."""
    ours = [seen(1, feed=1, type=BMP), seen(2, feed=1, name="One"), seen(3, feed=1, name="Two")]
    theirs = [seen(4, feed=2, name="two"), seen(5, feed=2, type=T72B), seen(6, feed=2)]
    assert ids(paired([*ours, *theirs])) == [(2, 6), (3, 4), (1, 5)]


def test_several_leftovers_are_not_certain() -> None:
    """They are told as undecided, and stand among the pairs with the one each is likeliest to be."""
    behind = [seen(1, feed=1), seen(2, feed=1, type=BMP), seen(3, feed=2, type=T72B), seen(4, feed=2, type=T72B)]
    pairing = Pairing(TREES, REACH, set())
    pairing.by_link([behind])
    assert [(one.id, other.id, score, certain) for one, other, _, score, _, certain in pairing.pairs()] == [
        (1, 3, 95, False),
        (2, 4, 65, False),
    ]
    assert pairing.undecided == [tuple(behind)]


def test_equal_types_behind_any_link_come_before_leftovers_behind_another() -> None:
    """A loss that rests on two links is paired behind the one where its like is."""
    one = seen(1, feed=1)
    pairs = paired([one, seen(2, feed=2, type=BMP)], [one, seen(3, feed=2)])
    assert ids(pairs) == [(1, 3)]


def test_a_list_tells_its_own_losses_apart() -> None:
    """What has no key is compared with the rest of its list, though not with what it was split from."""
    here = {"feed": 1, "day": 100, "at": (40.0, 47.0)}
    keyed, by_hand = [seen(1, **here), seen(2, **here)], [seen(3, within=None, **here), seen(4, within=None, **here)]
    for differs in ({"type": BMP}, {"outcome": "captured"}, {"day": 105}, {"quantity": 2}):
        assert (
            paired([by_hand[0], by_hand[1]._replace(**seen(4, **differs)._asdict() | {"within": None, "feed": 1})])
            == []
        )
    part = seen(5, within=None, **(here | {"whole": 1}))
    assert paired(keyed, dated=keyed) == []
    assert [(pair.score, pair.certain) for pair in paired(by_hand, dated=by_hand)] == [(100, False)]
    assert ids(paired([keyed[0], part])) == []
    assert ids(paired([keyed[1], part])) == [(2, 5)]


def test_what_is_merged_with_a_loss_of_a_list_is_not_paired_with_another_of_it() -> None:
    """The list shows something else behind the same link since."""
    behind = [seen(1, feed=1), seen(9, feed=2)]
    assert ids(paired(behind, taken={(1, 2)})) == []
    assert ids(paired(behind, taken={(1, 3)})) == [(1, 9)]


PLACES = st.tuples(st.floats(-89, 89), st.floats(-180, 180))


@given(PLACES, PLACES)
def test_distance_is_the_same_both_ways_and_within_half_the_earth(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    assert kilometres(*one, *other) == pytest.approx(kilometres(*other, *one))
    assert 0 <= kilometres(*one, *other) <= 20_016


def test_distances_that_are_known() -> None:
    """A degree of latitude, one of longitude far north, and around the corner of the map."""
    known = [(0, 0, 1, 0), (60, 30, 60, 31), (10, 179.5, 10, -179.5), (5, 5, 5, 5)]
    assert [round(kilometres(*places), 1) for places in known] == [111.2, 55.6, 109.5, 0.0]


@pytest.mark.parametrize("chance", range(20))
def test_no_pair_within_reach_is_missed(chance: int) -> None:
    """Where two lists stand scattered over days and places, the blocks find what comparing each with each finds."""
    random = Random(chance)
    dated = [
        seen(
            number,
            feed=1 + number % 2,
            type=random.choice((T72, T72B)),
            day=random.randrange(100, 112),
            at=(random.uniform(48, 48.6), random.uniform(37, 37.9)),
        )
        for number in range(60)
    ]
    near = {
        (one.id, other.id)
        for one, other in product(dated, repeat=2)
        if one.id < other.id and one.feed != other.feed and (days_apart(one, other) or 0) <= REACH.days
        if (km_apart(one, other) or inf) <= REACH.km
    }
    found = ids(paired(dated=dated))
    assert near, "the lists are too far apart to tell anything"
    assert set(found) <= near
    met = {number for pair in found for number in pair}
    assert [two for two in near if not met & set(two)] == []


def of_scenes(
    posts: Mapping[int, tuple[int, ...]], *scenes: list[Seen], links: tuple[list[Seen], ...] = ()
) -> list[Pair]:
    """The pairs among losses of scenes that are seen on posts, and behind links."""
    pairing = Pairing(TREES, REACH, set(), posts={number: frozenset(on) for number, on in posts.items()})
    pairing.by_scene(scenes)
    pairing.by_link(links)
    return pairing.pairs()


OWN: dict[str, Any] = {"feed": 1, "within": None}
SCENE = [
    ({}, 100, "same scene, side, type and status"),
    ({"type": T72B}, 95, "same scene, side and status; type alike"),
    ({"type": T72B, "category": 9}, 95, "same scene, side and status; type alike"),
    ({"type": None}, 85, "same scene, side and status"),
    ({"outcome": "damaged"}, 93, "same scene, side and type; status alike"),
    ({"outcome": "captured", "day": 300}, 85, "same scene, side and type"),
    ({"quantity": 3}, 75, "same scene, side, type and status; quantities differ"),
]


@pytest.mark.parametrize(("differs", "score", "why"), SCENE)
def test_points_for_one_scene(differs: dict[str, Any], score: int, why: str) -> None:
    """Days say nothing against it, for who tells that posts show one event has looked at them."""
    [pair] = of_scenes({1: (1,), 2: (2,)}, [seen(1, day=100, **OWN), seen(2, **OWN | differs)])
    assert (pair.score, pair.certain, pair.why.partition("; 2")[0]) == (score, False, why)


@pytest.mark.parametrize("differs", [{"side": BLUE}, {"type": BMP}, {"type": None, "category": 2}])
def test_another_side_or_a_type_of_no_kin_is_no_pair_of_a_scene(differs: dict[str, Any]) -> None:
    assert of_scenes({1: (1,), 2: (2,)}, [seen(1, **OWN), seen(2, **OWN | differs)]) == []


def test_variants_of_one_type_are_of_kin() -> None:
    """From one side it was taken for one variant, from the other for another."""
    trees = Trees({RED: (RED,)}, {T72: (T72,), T72B: (T72B, T72), BMP: (BMP, T72)})
    pairing = Pairing(trees, REACH, set(), posts={1: frozenset((1,)), 2: frozenset((2,))})
    pairing.by_scene([[seen(1, type=T72B, **OWN), seen(2, type=BMP, **OWN)]])
    assert [pair.why for pair in pairing.pairs()] == ["same scene, side and status"]


def test_a_post_tells_apart_what_it_shows() -> None:
    """Three on one post, three on another: each finds one; a single one on a third finds one of them."""
    three = [seen(number, **OWN) for number in range(1, 8)]
    posts = {1: (1,), 2: (1,), 3: (1,), 4: (2,), 5: (2,), 6: (2,), 7: (3,)}
    assert ids(of_scenes(posts, three)) == [(1, 4), (1, 7), (2, 5), (3, 6)]


def test_what_was_found_to_be_one_is_seen_on_the_posts_of_all() -> None:
    """1 is 2, and 2 stands beside 3 on a post; so 3, which is seen beside 1 nowhere, is not 1."""
    losses = [seen(1, **OWN), seen(2, **OWN), seen(3, **OWN | {"outcome": "damaged"})]
    assert ids(of_scenes({1: (1,), 2: (2,), 3: (2,)}, losses)) == [(1, 2)]


def test_a_post_tells_apart_what_shares_its_link() -> None:
    """Among our own; what two lists have behind the link may be the same as ever."""
    behind = [seen(1, **OWN), seen(2, **OWN), seen(3, feed=2)]
    assert ids(of_scenes({}, links=(behind,))) == [(1, 2), (1, 3)]
    told_apart = of_scenes({1: (1,), 2: (1,), 3: (1,)}, links=(behind,))
    assert [(pair.one.id, pair.other.id, pair.certain) for pair in told_apart] == [(1, 3, True)]


def test_pairs_of_scenes_come_first() -> None:
    """Whatever they score; what is certain stays so."""
    scene = [seen(1, **OWN), seen(2, **OWN | {"quantity": 3})]
    pairs = of_scenes({1: (1,), 2: (2,)}, scene, links=([seen(3, feed=2), seen(4, feed=3)],))
    assert [(pair.one.id, pair.other.id, pair.score) for pair in pairs] == [(1, 2, 75), (3, 4, 100)]


@given(st.lists(st.tuples(st.sampled_from((T72, T72B)), st.integers(1, 4), st.booleans()), max_size=9))
def test_no_two_that_one_post_shows_become_one(shown: list[tuple[int, int, bool]]) -> None:
    """However many pairs are joined, one after the other."""
    losses = [seen(number, type=type_, **OWN) for number, (type_, _, _) in enumerate(shown)]
    posts = {number: (post, post + 4) if both else (post,) for number, (_, post, both) in enumerate(shown)}
    groups = {number: {number} for number in posts}
    for one, other in ids(of_scenes(posts, losses)):
        together = groups[one] | groups[other]
        groups |= dict.fromkeys(together, together)
    for group in groups.values():
        seen_on = [post for number in group for post in posts[number]]
        assert len(seen_on) == len(set(seen_on))


def twice(ours: list[Seen], theirs: list[Seen], distance: int | None = None, **before: Any) -> list[Pair]:
    """The pairs that two sources make which hold one file, or pictures so far apart."""
    pairing = Pairing(TREES, REACH, before.get("taken", set()))
    pairing.by_link(before.get("links", []))
    pairing.by_picture([Twice(ours, theirs, distance)])
    return pairing.pairs()


SHOWN_TWICE = [
    ({}, None, 100, "same file, side, type and status"),
    ({}, 4, 95, "near-identical picture (distance 4); same side, type and status"),
    ({"side": BLUE}, None, 60, "same file, type and status; other side"),
    ({"side": BLUE}, 0, 55, "near-identical picture (distance 0); same type and status; other side"),
    ({"type": None}, None, 85, "same file, side and status"),
    ({"day": 140, "at": (48.0, 47.0)}, None, 100, "same file, side, type and status; 40 days and 889.6 km apart"),
]


@pytest.mark.parametrize(("differs", "distance", "score", "why"), SHOWN_TWICE)
def test_points_for_one_picture(differs: dict[str, Any], distance: int | None, score: int, why: str) -> None:
    """What one picture can hardly show twice is told; none is certain."""
    placed = {"day": 100, "at": (40.0, 47.0)} if "day" in differs else {}
    [pair] = twice([seen(1, **placed)], [seen(2, **differs)], distance)
    assert (pair.score, pair.certain, pair.why) == (score, False, why)


def test_a_picture_of_one_loss_each_is_used_twice_whatever_they_are() -> None:
    """One that shows several may show these, too."""
    other = seen(3, side=BLUE, type=BMP, outcome="captured")
    [pair] = twice([seen(1)], [other])
    assert (pair.score, pair.why) == (55, "same file; other side and type")
    assert twice([seen(1), seen(2, feed=1)], [other]) == []


def test_what_a_picture_shows_is_paired_one_with_one() -> None:
    """Equal types first; of what is left over on both sides, what agrees in enough."""
    ours = [seen(1, feed=1), seen(2, feed=1, type=BMP), seen(3, feed=1)]
    theirs = [seen(4, feed=2, type=BMP), seen(5, feed=2), seen(6, feed=2, type=T72B)]
    assert ids(twice(ours, theirs)) == [(1, 5), (2, 4), (3, 6)]


def test_a_list_does_not_tell_apart_what_one_picture_shows() -> None:
    """Two rows of one list with two links are two losses to it; that both have the same picture it does not know."""
    assert ids(twice([seen(1, feed=1)], [seen(2, feed=1)])) == [(1, 2)]
    assert ids(twice([seen(1, feed=1)], [seen(2, feed=1, whole=1)])) == []


def test_what_is_merged_does_not_excuse_a_picture_that_is_used_again() -> None:
    """What has found itself again just now does: the other of the two is paired."""
    assert ids(twice([seen(1)], [seen(2)], taken={(1, 2)})) == [(1, 2)]
    assert ids(twice([seen(1)], [seen(2)], links=[[seen(1), seen(3, feed=2)]])) == [(1, 3)]
