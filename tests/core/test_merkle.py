"""The tree of RFC 9162 against its definition, its published vectors, and the verification that the RFC writes out."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.core.merkle import (
    EMPTY,
    OutOfRange,
    Tree,
    WrongLength,
    consistency_spans,
    inclusion_spans,
    leaf_hash,
    root_by_inclusion,
    roots_by_consistency,
    tree_hashes,
    tree_root,
)

LEAVES = [
    bytes.fromhex(data)
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The roots over the first 0 to 8 leaves, as the tests of Certificate Transparency have them."""


# Section 2.1 of the RFC, word for word.


def mth(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], *, complete: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if complete else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], complete=complete), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], complete=False), mth(leaves[:k])]


def included(hash_: bytes, leaf_index: int, tree_size: int, inclusion_path: list[bytes], root: bytes) -> bool:
    """Section 2.1.3.2."""
    if leaf_index >= tree_size:
        return False
    fn, sn, r = leaf_index, tree_size - 1, hash_
    for p in inclusion_path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = sha256(b"\x01" + p + r).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha256(b"\x01" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def consistent(first: int, second: int, first_hash: bytes, second_hash: bytes, consistency_path: list[bytes]) -> bool:
    """Section 2.1.4.2."""
    if not consistency_path:
        return False
    if first & (first - 1) == 0:
        consistency_path = [first_hash, *consistency_path]
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = consistency_path[0]
    for c in consistency_path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = (sha256(b"\x01" + c + r).digest() for r in (fr, sr))
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = sha256(b"\x01" + sr + c).digest()
        fn, sn = fn >> 1, sn >> 1
    return (fr, sr, sn) == (first_hash, second_hash, 0)


def leaves_of(size: int) -> list[bytes]:
    return [sha256(b"%d" % number).digest() for number in range(size)]


sizes = st.integers(1, 200)
places = sizes.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))
"""A leaf, and how many there are."""


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_the_published_ones(size: int) -> None:
    assert tree_root(iter(LEAVES), size).hex() == ROOTS[size]


def test_the_root_of_nothing() -> None:
    assert tree_root([], 0) == EMPTY
    assert tree_hashes([], 0, set()) == {}


@given(sizes)
def test_the_root_is_what_the_definition_says(size: int) -> None:
    assert tree_root(leaves_of(size), size) == mth(leaves_of(size))


@given(st.integers(0, 300), sizes)
def test_a_tree_that_grows_is_the_tree_over_all(before: int, size: int) -> None:
    earlier = Tree().with_leaves(leaves_of(size)[:before])
    later = earlier.with_leaves(leaves_of(size)[before:])

    assert earlier.is_sound
    assert later.is_sound
    assert later == Tree().with_leaves(leaves_of(size))
    assert later.root == mth(leaves_of(size))


@given(places)
def test_an_inclusion_proof_is_what_the_definition_says_and_verifies(place: tuple[int, int]) -> None:
    index, size = place
    leaves = leaves_of(size)
    spans = inclusion_spans(index, size)
    hashes = tree_hashes(leaves, size, {(0, size), *spans})
    proof = [hashes[span] for span in spans]
    assert proof == path(index, leaves)
    assert included(leaf_hash(leaves[index]), index, size, proof, hashes[0, size])
    assert root_by_inclusion(leaf_hash(leaves[index]), index, size, proof) == hashes[0, size]


@given(places)
def test_a_consistency_proof_is_what_the_definition_says_and_verifies(place: tuple[int, int]) -> None:
    before, size = place
    earlier = before + 1
    leaves = leaves_of(size)
    spans = consistency_spans(earlier, size)
    hashes = tree_hashes(leaves, size, spans)
    proof, first, second = [hashes[span] for span in spans], mth(leaves[:earlier]), mth(leaves)
    assert proof == subproof(earlier, leaves, complete=True)
    assert roots_by_consistency(earlier, size, first, proof) == (first, second)
    assert consistent(earlier, size, first, second, proof) == (earlier < size)


@given(places, st.data())
def test_a_proof_with_any_hash_altered_leads_elsewhere(place: tuple[int, int], data: st.DataObject) -> None:
    index, size = place
    leaves = leaves_of(size)
    altered = path(index, leaves)
    if altered:
        at = data.draw(st.integers(0, len(altered) - 1))
        altered[at] = bytes(32)
        assert root_by_inclusion(leaf_hash(leaves[index]), index, size, altered) != mth(leaves)
    between = subproof(index + 1, leaves, complete=True)
    if between:
        at = data.draw(st.integers(0, len(between) - 1))
        between[at] = bytes(32)
        first = mth(leaves[: index + 1])
        assert roots_by_consistency(index + 1, size, first, between) != (first, mth(leaves))


@given(places, places)
def test_a_leaf_is_at_no_other_place(place: tuple[int, int], other: tuple[int, int]) -> None:
    index, size = place
    elsewhere = other[0] % size
    leaves = leaves_of(size)
    proof = path(index, leaves)
    if elsewhere != index and len(inclusion_spans(elsewhere, size)) == len(proof):
        assert root_by_inclusion(leaf_hash(leaves[index]), elsewhere, size, proof) != mth(leaves)


def test_what_cannot_be_a_proof_is_told() -> None:
    leaf, five = leaf_hash(b""), [bytes(32)] * 5
    with pytest.raises(WrongLength, match="it has 5, where a tree of this size asks for 3"):
        root_by_inclusion(leaf, 2, 8, five)
    with pytest.raises(WrongLength, match="it has 5, where a tree of this size asks for 1"):
        roots_by_consistency(4, 8, leaf, five)
    with pytest.raises(OutOfRange, match="a tree of 8 leaves has none at place 9"):
        root_by_inclusion(leaf, 8, 8, five)
    with pytest.raises(ValueError, match="there are 3 leaves, not 4"):
        tree_root(leaves_of(3), 4)
