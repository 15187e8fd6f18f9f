"""The head of a ledger: one line that stands for all that was recorded so far."""

import re
from typing import NamedTuple

from lossledger.core.text import quoted
from lossledger.errors import Refused

_HASH = "[0-9a-fA-F]{64}"
_HEAD = re.compile(rf"([0-9]{{1,18}}):({_HASH})(?::({_HASH}))?")


class Head(NamedTuple):
    """How many entries there are, the hash of the last one, and the root of the Merkle tree over all of them.

    Heads that were noted down without a root have none.
    """

    number: int
    hash: bytes
    root: bytes | None = None

    def __str__(self) -> str:
        """The head in one word, as it is printed, kept, and read again: ``17:9f86d0...:e3b0c4...``."""
        return ":".join((str(self.number), self.hash.hex(), *([self.root.hex()] if self.root else [])))


def read_head(text: str) -> Head:
    """A head that was noted down. Errors: Refused where the text is none."""
    found = _HEAD.fullmatch(text.strip())
    if not found:
        raise Refused(f"{quoted(text)} is no head; give N:HASH or N:HASH:ROOT as `lossledger audit --head` printed it")
    number, its_hash, root = found.groups()
    return Head(int(number), bytes.fromhex(its_hash), bytes.fromhex(root) if root else None)
