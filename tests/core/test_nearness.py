"""Which pictures are near each other: what comparing every two would say, at any threshold."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.core.fields import MAX_LINE
from lossledger.core.nearness import BITS, WITHIN, Hashes, Near, distance, hashes_of, likeness_of, near

WHOLES = st.integers(0, (1 << BITS) - 1)


def drawn(random: Random, number: int, hashes: int, bits: int) -> list[Hashes]:
    """Pictures at random, half of them with a hash that is some bits away from one of another picture."""
    pictures = [[random.getrandbits(bits) for _ in range(hashes)] for _ in range(number)]
    for picture in pictures[: number // 2]:
        apart = sum(1 << bit for bit in random.sample(range(bits), random.randrange(min(bits, 20))))
        picture[random.randrange(hashes)] = random.choice(random.choice(pictures)) ^ apart
    return [tuple(picture) for picture in pictures]


@given(st.integers(0, 1 << 32), st.integers(0, 16), st.sampled_from([(64, 5), (144, 4), (18, 2)]))
def test_the_search_finds_what_comparing_every_two_does(seed: int, within: int, size: tuple[int, int]) -> None:
    bits, hashes = size
    pictures = drawn(Random(seed), 24, hashes, bits)
    every = [
        Near(one, other, apart)
        for one, other in combinations(range(len(pictures)), 2)
        if (apart := distance(pictures[one], pictures[other])) <= within
    ]
    assert near(pictures, bits, within) == every


def test_a_few_near_ones_are_found_among_many() -> None:
    random = Random(5)
    pictures = [[random.getrandbits(BITS) for _ in range(20)] for _ in range(2_000)]
    for place in range(0, 2_000, 100):
        apart = sum(1 << bit for bit in random.sample(range(BITS), WITHIN))
        pictures[place + 50][7] = pictures[place][0] ^ apart
    found = near([tuple(hashes) for hashes in pictures])
    assert found == [Near(place, place + 50, WITHIN) for place in range(0, 2_000, 100)]


def test_a_distance_is_that_of_a_whole_to_a_cut_or_of_two_middles() -> None:
    """Two cuts of two pictures may be alike by chance."""
    assert distance((0b0000, 0b1111, 0b0011), (0b0111, 0b1111_0000, 0b1_0000)) == 1
    assert distance((0, 0xFF), (0xFF00, 0xFE)) == 1
    assert distance((0, 0xFFFF, 0b1), (0xFF0, 0xFFFF_0000, 0b1)) == 1
    assert distance((0xFF, 0xFFFF, 0b1), (0xFF00, 0xFFFF_0000, 0b1)) == 7


@given(st.lists(WHOLES, min_size=2, max_size=20).map(tuple))
def test_a_likeness_is_one_line_that_can_be_read_again(hashes: Hashes) -> None:
    likeness = likeness_of(hashes)
    assert hashes_of(likeness) == hashes
    assert len(likeness) <= MAX_LINE


@pytest.mark.parametrize(
    "text", ["", "phash144", "phash144:", "phash144:AAAA", "phash144:!", "phash144:é", "pdq:" + "0" * 64, "[redacted]"]
)
def test_what_is_no_likeness_of_this_kind_is_compared_with_none(text: str) -> None:
    assert hashes_of(text) is None
