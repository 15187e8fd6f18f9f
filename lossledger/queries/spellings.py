"""The catalogue by its spellings, read once: what many names of a list mean, without a question for each."""

import re
from typing import NamedTuple

from sqlalchemy import Connection, select

from lossledger.core.names import fold
from lossledger.db.tables import SUBJECTS
from lossledger.queries.names import names_of

KINDS = ("side", "category", "type")

_RUNNING_COUNT = re.compile(r"[0-9]+\s+(?=\S)")
"""Scraped lists have a line's count before the type: "1 130mm M-46"."""

_EITHER = re.compile(r"\s+or\s+", re.IGNORECASE)


class Meant(NamedTuple):
    """What a list's type is here: the type, and what it may be where the list leaves that open."""

    type: str
    candidates: tuple[str, ...] = ()


class Spellings:
    """Every name of a conflict's sides, of categories and types; more can be learnt as they are made."""

    def __init__(self, connection: Connection, conflict: str) -> None:
        self._names = {kind: names_of(connection, kind, conflict if kind == "side" else None) for kind in KINDS}
        types = SUBJECTS["type"]
        above = types.alias()
        parents = select(types.c.slug, above.c.slug).join(above, above.c.id == types.c.parent_id)
        self._parent: dict[str, str] = {slug: above for slug, above in connection.execute(parents)}  # noqa: C416

    def find(self, kind: str, name: str) -> str | None:
        """The slug of what bears a name, in any spelling; None where nothing does."""
        return self._names[kind].get(fold(name))

    def known(self, kind: str) -> dict[str, str]:
        """Every folded name of a kind, with the slug of what bears it."""
        return self._names[kind]

    def learn(self, kind: str, name: str, slug: str) -> None:
        """Know a new name from now on."""
        self._names[kind][fold(name)] = slug

    def type(self, name: str) -> Meant | None:
        """The type that a name means, a running count before it or not; of "A or B", what both stand under."""
        found = self.find("type", name)
        if found is None and (count := _RUNNING_COUNT.match(name)):
            found = self.find("type", name[count.end() :])
        return Meant(found) if found is not None else self._either(name)

    def _either(self, name: str) -> Meant | None:
        parts = _EITHER.split(name)
        known = [slug for part in parts if (slug := self.find("type", part)) is not None]
        if len(parts) == 1 or len(known) < len(parts):
            return None
        lines = [self._ancestry(slug) for slug in known]
        shared = next((slug for slug in lines[0] if all(slug in line for line in lines[1:])), None)
        return None if shared is None else Meant(shared, tuple(dict.fromkeys(known)))

    def _ancestry(self, slug: str) -> list[str]:
        line = [slug]
        while (parent := self._parent.get(line[-1])) is not None:
            line.append(parent)
        return line
