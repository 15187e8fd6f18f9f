"""New entries are salted, hashed and joined to the end of the chain, many in one pass.

What comes out is what `core.digest` says of each by itself. In one pass, since lists bring entries by the hundred
thousand, and to call a function for each of their details took as long as to hash them.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import orjson

from lossledger.core import digest
from lossledger.core.digest import FORMAT, SALT_BYTES
from lossledger.core.trail import Posting

Values = Sequence[object]


class Draft(NamedTuple):
    """An entry of an act before it is sealed."""

    number: int
    act: str
    kind: str
    subject: str
    fields: Mapping[str, str | None]
    postings: Sequence[Posting]


class Sealed(NamedTuple):
    """Sealed entries: the values of an `Entry` and of a `Detail` each, the details' after their entry's number."""

    entries: list[Values]
    details: list[Values]
    last: bytes
    """The hash of the last entry, or the one before where there is none."""


def seal(drafts: Sequence[Draft], previous: bytes, *, act_id: str, at: str) -> Sealed:
    """The entries of one act, made at one time, each with a fresh salt for every detail.

    They follow each other, and the first follows an entry with the hash ``previous``.
    """
    dumps = orjson.dumps
    salts = digest.RANDOMNESS.draw(SALT_BYTES * sum([len(draft.fields) for draft in drafts]))
    hexadecimal, begin = salts.hex(), 0
    entries: list[Values] = []
    details: list[Values] = []
    for number, act, kind, subject, fields, postings in drafts:
        told = []
        for field, value in fields.items():
            end = begin + SALT_BYTES
            content = dumps((hexadecimal[2 * begin : 2 * end], field, value))
            told.append((field, sha256(content).hexdigest()))
            details.append((number, field, value, salts[begin:end], None))
            begin = end
        told.sort()
        bare = (act, act_id, kind, subject, at, at, None)
        sealed = sha256(dumps(told))
        lines = [tuple(posting) for posting in postings]
        content = dumps((FORMAT, number, *bare, sealed.hexdigest(), lines, previous.hex()))
        before, previous = previous, sha256(content).digest()
        entries.append((number, FORMAT, *bare, sealed.digest(), before, previous))
    return Sealed(entries, details, previous)
