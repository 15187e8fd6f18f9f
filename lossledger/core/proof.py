"""Proofs as files: the entries of a loss with their places in the tree, or that one head continues another.

A file holds what is hashed in the form in which it is hashed, so that to verify it takes no more than SHA-256 and
JSON; ``docs/proof.md`` describes it. `core.proof_reading` reads it.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from lossledger.core.digest import Detail, Entry, hashed_content
from lossledger.core.head import Head
from lossledger.core.trail import Posting

FORMAT = 1
"""The number of the format described in ``docs/proof.md``."""


class Of(StrEnum):
    """Why an entry is in a proof: it is one of the loss, or tells who acted in an act of which one is."""

    LOSS = "loss"
    ACT = "act"


class Placed(NamedTuple):
    """An entry in a proof, with its place in the tree.

    ``entry.hash`` is what the file says: it only serves to tell where something was altered. A detail without a
    salt is one whose text is not told; it has its digest.
    """

    of: Of
    entry: Entry
    details: tuple[Detail, ...]
    postings: tuple[Posting, ...]
    path: tuple[bytes, ...]


class LossProof(NamedTuple):
    """What a ledger with some head says of a loss."""

    head: Head
    loss: str
    entries: tuple[Placed, ...]


class Continuation(NamedTuple):
    """That the ledger with the later head begins with all entries of the one with the earlier.

    ``path`` is the consistency proof of the two trees, ``last`` the inclusion of the earlier one's last entry in the
    later tree, by which an earlier head without a root is known again.
    """

    earlier: Head
    later: Head
    path: tuple[bytes, ...]
    last: tuple[bytes, ...]


Proof = LossProof | Continuation


def write(proof: Proof) -> str:
    """A proof as the text of its file, an entry a line."""
    if isinstance(proof, Continuation):
        lines = [
            _pair("from", str(proof.earlier)),
            _pair("to", str(proof.later)),
            _pair("path", packed(proof.path)),
            _pair("last", packed(proof.last)),
        ]
    else:
        entries = ",\n".join(_json(_as_written(placed)) for placed in proof.entries)
        lines = [_pair("head", str(proof.head)), _pair("loss", proof.loss), f'"entries":[\n{entries}\n]']
    kind = "consistency" if isinstance(proof, Continuation) else "loss"
    return "{" + ",\n".join((_pair("proof", kind), _pair("format", FORMAT), *lines)) + "}\n"


def _as_written(placed: Placed) -> dict[str, object]:
    details = (
        [detail.field, (detail.digest or b"").hex()]
        if detail.salt is None
        else [detail.salt.hex(), detail.field, detail.value]
        for detail in placed.details
    )
    return {
        "of": str(placed.of),
        "entry": hashed_content(placed.entry, placed.postings),
        "details": list(details),
        "hash": placed.entry.hash.hex(),
        "path": packed(placed.path),
    }


def packed(hashes: Sequence[bytes]) -> str:
    """Hashes as a file has them: one after the other in base64url, without padding."""
    return urlsafe_b64encode(b"".join(hashes)).decode().rstrip("=")


def _pair(key: str, value: object) -> str:
    return f"{_json(key)}:{_json(value)}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
