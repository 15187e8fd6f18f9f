"""Likeness of pictures: how far apart two are by their hashes, and which of many are near, without comparing every two.

A picture has several hashes: of its whole, of its middle, and of what is left without a strip or two. One of two may
be a cut of the other, so the whole of each is held against every hash of the other; or its edge is written over, so
their middles are compared, too. The fewest bits that differ count.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

BITS = 144
"""How long a hash is."""

WITHIN = 10
"""In how many bits two pictures may differ and still be near-identical; measured, see docs/evidence.md."""

_SCHEME = "phash144"
"""What a likeness begins with. Those of another scheme are compared with none of this one."""

_BYTES = BITS // 8

Hashes = tuple[int, ...]
"""The hashes of a picture: of its whole, of its middle, and of its cuts."""

_WHOLE, _MIDDLE = 0, 1

_Hashed = tuple[int, int]
"""A hash, and the place of the picture that it is of."""


class Near(NamedTuple):
    """Two pictures by their places in a sequence, the earlier one first, and how many bits differ."""

    one: int
    other: int
    distance: int


def likeness_of(hashes: Hashes) -> str:
    """The hashes of a picture as one line of text, as a file's ``likeness`` has it."""
    packed = b"".join(hashed.to_bytes(_BYTES) for hashed in hashes)
    return f"{_SCHEME}:{urlsafe_b64encode(packed).decode()}"


def hashes_of(likeness: str) -> Hashes | None:
    """The hashes that a likeness is made of; None where it is of another scheme, or no such text at all."""
    scheme, _, text = likeness.partition(":")
    if scheme != _SCHEME:
        return None
    try:
        packed = urlsafe_b64decode(text)
    except (binascii.Error, ValueError):
        return None
    if len(packed) % _BYTES or len(packed) <= _MIDDLE * _BYTES:
        return None
    return tuple(int.from_bytes(packed[start : start + _BYTES]) for start in range(0, len(packed), _BYTES))


def distance(one: Hashes, other: Hashes) -> int:
    """How many bits differ between two pictures, where they come nearest to each other."""
    compared = [(one[_WHOLE], hashed) for hashed in other] + [(other[_WHOLE], hashed) for hashed in one]
    compared.append((one[_MIDDLE], other[_MIDDLE]))
    return min((ours ^ theirs).bit_count() for ours, theirs in compared)


def near(pictures: Sequence[Hashes], bits: int = BITS, within: int = WITHIN) -> list[Near]:
    """Every two pictures whose ``distance`` is not more than ``within``, of hashes so many ``bits`` long.

    Hashes are cut into bands, so many that two which are near differ in one bit at most in some band. So each hash is
    looked up by each of its bands as it is, and with each one bit turned, and compared with what is found there.
    """
    every = [(hashed, place) for place, hashes in enumerate(pictures) for hashed in hashes]
    wholes, middles = ([(hashes[which], place) for place, hashes in enumerate(pictures)] for which in (_WHOLE, _MIDDLE))
    found: dict[tuple[int, int], int] = {}
    for asked, among in ((wholes, every), (middles, middles)):
        # What is looked at of a band is no wider than is needed to tell most hashes apart.
        widest = len(among).bit_length() + 1
        for shift, width in _bands(bits, within):
            for (one, place), (other, other_place) in _met(asked, among, shift, min(width, widest)):
                apart = (one ^ other).bit_count()
                if apart <= within and place != other_place:
                    two = (place, other_place) if place < other_place else (other_place, place)
                    found[two] = min(apart, found.get(two, apart))
    return [Near(*two, found[two]) for two in sorted(found)]


def _met(
    asked: Sequence[_Hashed], among: Sequence[_Hashed], shift: int, width: int
) -> Iterator[tuple[_Hashed, _Hashed]]:
    """Those that are asked for with each of the others that has its band, but for one bit at most."""
    mask, turns = (1 << width) - 1, (0, *(1 << bit for bit in range(width)))
    bands = [hashed >> shift & mask for hashed, _ in among]
    present = bytearray(mask + 1)  # quicker than a set, of which most of what is looked up is no member
    for band in bands:
        present[band] = 1
    meeting = [
        (band ^ turn, one)
        for one in asked
        for band in (one[0] >> shift & mask,)
        for turn in turns
        if present[band ^ turn]
    ]
    heaps: dict[int, list[_Hashed]] = {band: [] for band, _ in meeting}
    for band, other in zip(bands, among, strict=True):
        if band in heaps:
            heaps[band].append(other)
    for band, one in meeting:
        for other in heaps[band]:
            yield one, other


def _bands(bits: int, within: int) -> list[tuple[int, int]]:
    """Where each band begins and how wide it is: more than half as many bands as bits may differ."""
    number = within // 2 + 1
    widths = [(bits + place) // number for place in range(number)]
    return [(end - width, width) for end, width in zip(accumulate(widths), widths, strict=True)]
