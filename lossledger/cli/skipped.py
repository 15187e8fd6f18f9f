"""What somebody has skipped in a review, so that it comes last the next time: a small file a ledger and actor."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from lossledger import config


class Skipped:
    """The items skipped, each with the last entry on it that was shown. Without the file, nothing was."""

    def __init__(self, place: str, actor: str) -> None:
        name = hashlib.sha256(f"{place}\n{actor}".encode()).hexdigest()[:16]
        self._file: Path = config.state_folder() / "review" / f"{name}.json"
        self._seen: dict[str, int] = {}
        with suppress(OSError, ValueError):
            found = json.loads(self._file.read_text(encoding="utf-8"))
            self._seen = {str(id_): int(seen) for id_, seen in dict(found["skipped"]).items()}

    def has(self, id_: str, seen: int) -> bool:
        """Whether an item was skipped as it is now."""
        return self._seen.get(id_) == seen

    def add(self, id_: str, seen: int) -> None:
        """Take note of an item that was skipped."""
        self._seen[id_] = seen

    def keep(self, waiting: set[str]) -> None:
        """Write down what was skipped of what still waits. A review does not fail because this cannot be written."""
        left = {id_: seen for id_, seen in self._seen.items() if id_ in waiting}
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            new = self._file.with_suffix(".new")
            new.write_text(json.dumps({"skipped": left}), encoding="utf-8")
            new.replace(self._file)
