"""Copies out of a store, hashed on the way."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from lossledger.errors import Refused
from lossledger.evidence.places import BLOCK, Damaged, Places


def write_out(store: Places, sha256: str, to: BinaryIO) -> None:
    """Write a file of the store to something open. Errors: Damaged where it is not what it was, told at its end."""
    hasher = hashlib.sha256()
    with store.open(sha256) as file:
        while block := file.read(BLOCK):
            hasher.update(block)
            to.write(block)
    to.flush()
    if hasher.hexdigest() != sha256:
        raise Damaged(f"{store.path(sha256)}: it was changed; what it holds has another digest")


def copy(store: Places, sha256: str, to: Path, *, replace: bool) -> None:
    """Copy a file of the store to a path, where it appears only whole.

    Errors: Refused where something is there and is not to be replaced, or where nothing can be written; Damaged where
    the store's file is not what it was.
    """
    if to.is_dir():
        raise Refused(f"{to} is a folder; name a file in it with -o")
    if os.path.lexists(to) and not replace:
        raise Refused(f"{to} is there already; name another with -o, or replace it with --force")
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{to.name[:50]}.", dir=to.parent)
    except OSError as error:
        raise Refused(f"{to}: {error.strerror}") from None
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write_out(store, sha256, file)
        part.chmod(_usual_mode())
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def _usual_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
