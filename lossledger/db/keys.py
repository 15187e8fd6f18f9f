"""The whole-number keys of the tables, by the names that the journal uses."""

from collections.abc import Collection
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from lossledger.core.records import KINDS
from lossledger.db.tables import SUBJECTS
from lossledger.errors import Refused

_REMEMBERED = 20_000
"""How many subjects of a kind that is named by uids are remembered with their rows."""

Name = TypeVar("Name")


def forget_oldest(known: dict[Name, Any], most: int) -> None:
    """Leave the newest ``most`` of what is known, where it is more than twice as many."""
    if len(known) > 2 * most:
        for name in list(islice(known, len(known) - most)):
            del known[name]


class Keys:
    """Names to row ids and back, remembered for as long as one transaction lasts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ids: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
        self._last: dict[str, int] = {}
        self._whole: set[str] = set()

    def find(self, kind: str, key: str) -> int | None:
        """The row id of a subject, or None where there is none."""
        known = self._ids[kind].get(key)
        if known is None and kind not in self._whole:
            subjects = SUBJECTS[kind]
            known = self._connection.scalar(select(subjects.c.id).where(subjects.c[KINDS[kind].key] == key))
            if known is not None:
                self._ids[kind][key] = known
        return known

    def learn_all(self, kind: str) -> None:
        """Read the row ids of every subject of a kind, so that none is asked for one by one."""
        subjects = SUBJECTS[kind]
        key = subjects.c[KINDS[kind].key]
        self._ids[kind] = {name: row_id for row_id, name in self._connection.execute(select(subjects.c.id, key))}
        self._whole.add(kind)

    def learn(self, kind: str, keys: Collection[str]) -> None:
        """Read the row ids of many subjects at once; as many as one statement may have parameters for."""
        subjects = SUBJECTS[kind]
        key = subjects.c[KINDS[kind].key]
        for name, row_id in self._connection.execute(select(key, subjects.c.id).where(key.in_(keys))):
            self._ids[kind][name] = row_id

    def id_of(self, kind: str, key: str) -> int:
        """The row id of a subject that must exist; Refused where it does not."""
        found = self._ids[kind].get(key) or self.find(kind, key)
        if found is None:
            raise Refused(f"no {kind} {key!r} in this ledger")
        return found

    def give(self, kind: str, key: str) -> int:
        """The next free row id of a kind, given to a new subject. Only safe under the write lock."""
        last = self._last.get(kind)
        if last is None:
            last = self._connection.scalar(select(func.max(SUBJECTS[kind].c.id))) or 0
        self._last[kind] = self._ids[kind][key] = last + 1
        return last + 1

    def drop(self, kind: str, key: str) -> None:
        """Forget a subject that no longer exists."""
        self._ids[kind].pop(key, None)

    def forget(self) -> None:
        """Forget the oldest of what may be any number. Their rows must be written, to be found again."""
        for kind, known in self._ids.items():
            if KINDS[kind].key == "uid" and kind not in self._whole:
                forget_oldest(known, _REMEMBERED)
