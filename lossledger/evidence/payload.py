"""The payload of an answer: its bytes as they were meant, and never more of them than wanted."""

import zlib
from collections.abc import Callable, Iterable, Iterator

_PART = 256 * 1024
"""Bytes that are unpacked at once: a small answer may unpack to a huge one."""


class Unreadable(Exception):
    """An answer that cannot be unpacked."""


class CutOff(Exception):
    """An answer that ended before its end."""


def unpacked(blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The parts of a body that came in an encoding, although none was asked for. Errors: Unreadable, CutOff."""
    match encoding.strip().lower():
        case "" | "identity":
            yield from blocks
        case "gzip" | "x-gzip":
            yield from _inflated(blocks, lambda _: zlib.MAX_WBITS | 16)
        case "deflate":
            yield from _inflated(blocks, lambda begins: zlib.MAX_WBITS if _has_head(begins) else -zlib.MAX_WBITS)
        case _:
            raise Unreadable(f"came in an encoding that was not asked for ({encoding})")


def _inflated(blocks: Iterable[bytes], bits: Callable[[bytes], int]) -> Iterator[bytes]:
    unpacking = None
    try:
        for block in blocks:
            rest = block
            while rest:
                if unpacking is None or unpacking.eof:  # one packed stream may follow another
                    unpacking = zlib.decompressobj(bits(rest))
                yield unpacking.decompress(rest, _PART)
                rest = unpacking.unconsumed_tail or unpacking.unused_data
    except zlib.error as error:
        raise Unreadable(f"cannot be unpacked ({error})") from None
    if unpacking is not None and not unpacking.eof:
        raise CutOff("the packed body ends before its end")


def _has_head(begins: bytes) -> bool:
    """Whether a stream begins as zlib writes it; some servers leave its two first bytes out."""
    return len(begins) > 1 and begins[0] & 0x0F == zlib.DEFLATED and int.from_bytes(begins[:2]) % 31 == 0
