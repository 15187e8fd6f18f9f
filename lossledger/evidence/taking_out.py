"""Copies out of a store, hashed on the way."""

import hashlib
from typing import IO

from lossledger.evidence.places import BLOCK, Damaged, Places


def write_out(store: Places, sha256: str, to: IO[bytes]) -> None:
    """Write a file of the store to something open. Errors: Damaged where it is not what it was, told at its end."""
    hasher = hashlib.sha256()
    with store.open(sha256) as file:
        while block := file.read(BLOCK):
            hasher.update(block)
            to.write(block)
    to.flush()
    if hasher.hexdigest() != sha256:
        raise Damaged(f"{store.path(sha256)}: it was changed; what it holds has another digest")
