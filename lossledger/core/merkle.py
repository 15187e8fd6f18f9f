"""The Merkle tree of RFC 9162, section 2.1: its root, and proofs that need no more than a few hashes of it.

A proof is made in one pass over the leaves, with as many hashes in memory as the tree is deep. Which hashes of the
tree it consists of follows from numbers alone; so whoever verifies it knows how many there must be.
"""

from collections.abc import Collection, Iterable
from functools import reduce
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

HASH_BYTES = 32

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""

Span = tuple[int, int]
"""A subtree: the leaf, counted from 0, with which it begins, and the one before which it ends."""


class WrongLength(ValueError):
    """A proof has fewer or more hashes than one for such a tree."""

    def __init__(self, there: int, wanted: int) -> None:
        super().__init__(f"it has {there}, where a tree of this size asks for {wanted}")


class OutOfRange(ValueError):
    """A tree has no such leaf."""

    def __init__(self, index: int, size: int) -> None:
        super().__init__(f"a tree of {size:,} leaves has none at place {index + 1:,}")


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf that holds some data."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(b"\1" + left + right).digest()


class Tree(NamedTuple):
    """A tree that leaves can be added to: their number, and the roots of its whole subtrees, the largest first."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def with_leaves(self, leaves: Iterable[bytes]) -> "Tree":
        """The tree with the data of more leaves behind those that it has."""
        size, roots = self.size, list(self.roots)
        for size, data in enumerate(leaves, start=self.size + 1):
            value, whole = leaf_hash(data), size
            # Two whole subtrees of a size are one: as often as two goes into the number of leaves.
            while not whole & 1:
                value, whole = node_hash(roots.pop(), value), whole >> 1
            roots.append(value)
        return Tree(size, tuple(roots))

    @property
    def root(self) -> bytes:
        """The root over all leaves."""
        return reduce(lambda right, left: node_hash(left, right), reversed(self.roots)) if self.roots else EMPTY

    @property
    def is_sound(self) -> bool:
        """Whether a tree of this size has so many whole subtrees."""
        return len(self.roots) == self.size.bit_count() and all(len(root) == HASH_BYTES for root in self.roots)


def tree_root(leaves: Iterable[bytes], size: int) -> bytes:
    """The root over the data of the first ``size`` leaves. Errors: ValueError where there are fewer leaves."""
    tree = Tree().with_leaves(islice(leaves, size))
    if tree.size < size:
        raise ValueError(f"there are {tree.size} leaves, not {size}")
    return tree.root


def tree_hashes(leaves: Iterable[bytes], size: int, wanted: Collection[Span]) -> dict[Span, bytes]:
    """The hashes of some subtrees of the tree over the first ``size`` leaves, in one pass over their data.

    Errors: ValueError where there are fewer leaves.
    """
    coming = iter(leaves)
    found: dict[Span, bytes] = {}

    def hash_of(start: int, end: int) -> bytes:
        if end - start == 1:
            data = next(coming, None)
            if data is None:
                raise ValueError(f"there are {start} leaves, not {size}")
            value = leaf_hash(data)
        else:
            middle = _middle(start, end)
            value = node_hash(hash_of(start, middle), hash_of(middle, end))
        if (start, end) in wanted:
            found[start, end] = value
        return value

    if size:
        hash_of(0, size)
    return found


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The subtrees whose hashes prove that a leaf stands at ``index``: the siblings on its way up to the root."""
    start, end, spans = 0, size, []
    while end - start > 1:
        middle = _middle(start, end)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(earlier: int, size: int) -> list[Span]:
    """The subtrees whose hashes prove that a tree begins with all leaves of an earlier, smaller one.

    Where the earlier tree is a whole subtree of the later one, its root is not among them: it is known.
    """
    start, end, spans = 0, size, []
    while end != earlier:
        middle = _middle(start, end)
        if earlier <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return [*([(start, end)] if start else []), *spans[::-1]]


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Collection[bytes]) -> bytes:
    """The root that a leaf's hash leads to along its path. Errors: OutOfRange, WrongLength."""
    if not 0 <= index < size:
        raise OutOfRange(index, size)
    spans = inclusion_spans(index, size)
    if len(path) != len(spans):
        raise WrongLength(len(path), len(spans))
    value = leaf
    for (start, _), sibling in zip(spans, path, strict=True):
        value = node_hash(sibling, value) if start < index else node_hash(value, sibling)
    return value


def roots_by_consistency(earlier: int, size: int, root: bytes, path: Collection[bytes]) -> tuple[bytes, bytes]:
    """The roots of an earlier and a later tree that a proof leads to. ``root`` is the earlier one as it is known.

    The proof holds where these are the roots of the two trees. Errors: WrongLength.
    """
    spans = consistency_spans(earlier, size)
    if len(path) != len(spans):
        raise WrongLength(len(path), len(spans))
    hashes = list(zip(spans, path, strict=True))
    before = after = root
    if hashes and hashes[0][0][1] == earlier:
        before = after = hashes.pop(0)[1]
    for (start, _), sibling in hashes:
        if start < earlier:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
        else:
            after = node_hash(after, sibling)
    return before, after


def _middle(start: int, end: int) -> int:
    """Where the left subtree of a subtree ends: it has the largest power of two that leaves something to the right."""
    return start + (1 << ((end - start - 1).bit_length() - 1))
