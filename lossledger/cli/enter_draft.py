"""The draft: what was not entered yet, kept in a file beside the ledger's, so that a closed terminal loses nothing."""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from lossledger.core.frame import Frame


class Kept(NamedTuple):
    """What is kept of a sitting: what sticks, the losses entered from the link that is looked at, a half-typed line."""

    frame: Frame
    shown: tuple[str, ...] = ()
    text: str = ""


def draft_file(ledger: str, conflict: str) -> Path:
    """Where the draft of a ledger's conflict is kept: in the user's state folder, by the ledger's place."""
    import platformdirs

    name = hashlib.sha256(f"{ledger}\n{conflict}".encode()).hexdigest()[:16]
    return Path(platformdirs.user_state_dir("lossledger", appauthor=False)) / "enter" / f"{name}.json"


class Draft:
    """The draft of one ledger. Where it cannot be kept, entering goes on without."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: Kept | None = None

    def load(self) -> Kept | None:
        """What was kept; None where nothing was, or it cannot be read."""
        try:
            told = json.loads(self._file.read_text("utf-8"))
            shown = tuple(uid for uid in told["shown"] if isinstance(uid, str))
            return Kept(Frame.of_kept(told["frame"]), shown, str(told["text"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def keep(self, kept: Kept) -> None:
        """Keep this, and nothing else: the file is replaced as a whole, and only its user may read it."""
        if kept == self._kept:
            return
        told = {"frame": kept.frame.kept(), "shown": kept.shown, "text": kept.text}
        with suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = self._file.with_suffix(f".{os.getpid()}")
            with open(new, "w", encoding="utf-8", opener=_private) as file:
                json.dump(told, file)
            new.replace(self._file)
            self._kept = kept

    def forget(self) -> None:
        """Keep nothing any longer."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)
        self._kept = None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
