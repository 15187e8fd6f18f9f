"""A lock on a file that the system lets go of when its process ends, however it ends."""

import sys
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def acquire(file: BinaryIO, *, wait: bool) -> bool:
        """Lock a file that is open for writing; without ``wait``, False where another has it."""
        while True:
            try:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:  # LK_LOCK gives up after ten seconds
                if not wait:
                    return False
            else:
                return True

else:
    import fcntl

    def acquire(file: BinaryIO, *, wait: bool) -> bool:
        """Lock a file that is open for writing; without ``wait``, False where another has it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
