"""How an entry becomes bytes and a hash: format 1, described in ``docs/journal-format.md``.

Everything that is hashed is a JSON array of texts, whole numbers and nulls, written as RFC 8785 asks
(UTF-8, no white space, shortest escapes). Names, slugs and uids stand in it, never row ids.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import orjson

from lossledger.core.trail import Posting

FORMAT = 1
"""The number of the format described here; it stands in every entry."""

GENESIS = bytes(32)
"""What the first entry has for a previous hash."""

SALT_BYTES = 16
UID_LENGTH = 10
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_LETTERS = _BASE32.encode() * 8
"""A letter of base32 for every byte, each for as many."""

_BLOCK = 4_096
"""How many random bytes are fetched at once."""


class Detail(NamedTuple):
    """One field of an entry. A value of None clears the field; a salt of None: the text was redacted."""

    field: str
    value: str | None
    salt: bytes | None
    digest: bytes | None = None

    @property
    def redacted(self) -> bool:
        """Whether the text is gone and only its digest is left."""
        return self.salt is None


class Entry(NamedTuple):
    """The head of an entry, as it stands in the journal."""

    number: int
    format: int
    act: str
    act_id: str
    kind: str
    subject: str
    recorded_at: str
    acted_at: str
    origin: str | None
    digest: bytes
    previous: bytes
    hash: bytes


class Randomness:
    """The operating system's random bytes, fetched by the block: a call for each salt took a tenth of an import."""

    def __init__(self) -> None:
        self._block, self._at = b"", 0

    def draw(self, number: int) -> bytes:
        """So many bytes, none of which was given before."""
        if self._at + number > len(self._block):
            self._block, self._at = secrets.token_bytes(max(_BLOCK, number)), 0
        begin, self._at = self._at, self._at + number
        return self._block[begin : self._at]

    def forget(self) -> None:
        """Throw away what is left of the block."""
        self._block, self._at = b"", 0


RANDOMNESS = Randomness()
if hasattr(os, "register_at_fork"):  # where processes fork, no two may go on with one block
    os.register_at_fork(after_in_child=RANDOMNESS.forget)


def new_uid() -> str:
    """A random name of ten characters of base32."""
    return RANDOMNESS.draw(UID_LENGTH).translate(_LETTERS).decode()


def is_uid_beginning(text: str) -> bool:
    """Whether a uid can begin with a text; nothing at all is no beginning."""
    return 0 < len(text) <= UID_LENGTH and all(sign in _BASE32 for sign in text)


def detail_digest(detail: Detail) -> bytes:
    """The digest that stands for a detail in its entry, also after the text was redacted."""
    if detail.salt is None:
        return detail.digest or b""
    return salted_digest(detail.salt, detail.field, detail.value)


def salted_digest(salt: bytes, field: str, value: str | None) -> bytes:
    """The digest of a detail whose text is there, or that clears its field."""
    return hashlib.sha256(orjson.dumps((salt.hex(), field, value))).digest()


def details_digest(details: Iterable[Detail]) -> bytes:
    """The digest over all details of an entry, in the order of their fields' code points."""
    pairs = sorted((detail.field, detail_digest(detail).hex()) for detail in details)
    return _sha256(pairs)


def entry_hash(entry: Entry, postings: Sequence[Posting]) -> bytes:
    """The hash of an entry: over the one before, its content, its details' digest and its postings.

    The entry's own ``hash`` is not read. The uid of the loss that the postings move is the subject.
    """
    return _sha256(hashed_content(entry, postings))


def hashed_content(entry: Entry, postings: Sequence[Posting]) -> list[object]:
    """What the hash of an entry covers, in the order in which it is hashed."""
    return [
        entry.format,
        entry.number,
        entry.act,
        entry.act_id,
        entry.kind,
        entry.subject,
        entry.recorded_at,
        entry.acted_at,
        entry.origin,
        entry.digest.hex(),
        [list(posting) for posting in postings],
        entry.previous.hex(),
    ]


def _sha256(content: Sequence[object]) -> bytes:
    return hashlib.sha256(orjson.dumps(content)).digest()
