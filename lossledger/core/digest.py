"""How an entry becomes bytes and a hash: format 1, described in ``docs/journal-format.md``.

Everything that is hashed is a JSON array of texts, whole numbers and nulls, written as RFC 8785 asks
(UTF-8, no white space, shortest escapes). Names, slugs and uids stand in it, never row ids.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
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


def new_uid() -> str:
    """A random name of ten characters of base32."""
    return secrets.token_bytes(UID_LENGTH).translate(_LETTERS).decode()


def is_uid_beginning(text: str) -> bool:
    """Whether a uid can begin with a text; nothing at all is no beginning."""
    return 0 < len(text) <= UID_LENGTH and all(sign in _BASE32 for sign in text)


def sealed(fields: Mapping[str, str | None]) -> tuple[bytes, list[tuple[str, str | None, bytes]]]:
    """New details, each with a fresh salt, so that no digest gives a short text away.

    Returns the digest over them all, as `details_digest` gives it, and field, value and salt of each in the order
    of the fields' code points.
    """
    salts = secrets.token_bytes(SALT_BYTES * len(fields))
    hexadecimal, at, pairs, rows = salts.hex(), 0, [], []
    for field in sorted(fields):
        after, value = at + SALT_BYTES, fields[field]
        content = orjson.dumps((hexadecimal[2 * at : 2 * after], field, value))
        pairs.append((field, hashlib.sha256(content).hexdigest()))
        rows.append((field, value, salts[at:after]))
        at = after
    return hashlib.sha256(orjson.dumps(pairs)).digest(), rows


def detail_digest(detail: Detail) -> bytes:
    """The digest that stands for a detail in its entry, also after the text was redacted."""
    if detail.salt is None:
        return detail.digest or b""
    return _sha256([detail.salt.hex(), detail.field, detail.value])


def details_digest(details: Iterable[Detail]) -> bytes:
    """The digest over all details of an entry, in the order of their fields' code points."""
    pairs = sorted((detail.field, detail_digest(detail).hex()) for detail in details)
    return _sha256(pairs)


def entry_hash(entry: Entry, postings: Sequence[Posting]) -> bytes:
    """The hash of an entry: over the one before, its content, its details' digest and its postings.

    The entry's own ``hash`` is not read. The uid of the loss that the postings move is the subject.
    """
    return _sha256(
        [
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
    )


def _sha256(content: Sequence[object]) -> bytes:
    return hashlib.sha256(orjson.dumps(content)).digest()
