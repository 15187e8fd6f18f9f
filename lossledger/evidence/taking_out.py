"""Copies out of a store, hashed on the way."""

import hashlib
from typing import IO

from lossledger.evidence.places import BLOCK, OTHERWISE, Damaged, Places, unreadable


def write_out(store: Places, sha256: str, to: IO[bytes]) -> None:
    """Write a file of the store to something open.

    Errors: Damaged where it cannot be read, or is not what it was, told at its end.
    """
    hasher = hashlib.sha256()
    try:
        content = store.open(sha256)
    except OSError as error:
        raise Damaged(f"{store.path(sha256)}: {unreadable(error)}") from error
    with content:
        while block := content.read(BLOCK):
            hasher.update(block)
            to.write(block)
    to.flush()
    if hasher.hexdigest() != sha256:
        raise Damaged(f"{store.path(sha256)}: {OTHERWISE}")


def hand_out(store: Places, sha256: str, to: IO[bytes]) -> None:
    """As `write_out`, for what cannot be taken back: nothing is written before all of the file has been looked at."""
    fault = store.fault(sha256, None) or store.fault_within(sha256)
    if fault is not None:
        raise Damaged(f"{store.path(sha256)}: {fault}")
    write_out(store, sha256, to)
