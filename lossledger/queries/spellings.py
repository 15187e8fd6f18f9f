"""The catalogue by its spellings, read once: what many names of a list mean, without a question for each."""

import re

from sqlalchemy import Connection, select

from lossledger.core.names import fold
from lossledger.db.tables import SUBJECTS
from lossledger.queries.names import Meant, names_of, nearest_common, parents_of_types

KINDS = ("side", "category", "type")

_RUNNING_COUNT = re.compile(r"[0-9]+\s+(?=\S)")
"""Scraped lists have a line's count before the type: "1 130mm M-46"."""

_EITHER = re.compile(r"\s+or\s+", re.IGNORECASE)


def usual_categories(connection: Connection) -> dict[str, str]:
    """The category under which each type usually counts, both by slug."""
    types, categories = SUBJECTS["type"], SUBJECTS["category"]
    statement = select(types.c.slug, categories.c.slug).join(categories, categories.c.id == types.c.category_id)
    return {kind: category for kind, category in connection.execute(statement)}  # noqa: C416 - rows are no pairs


class Spellings:
    """Every name of a conflict's sides, of categories and types; more can be learnt as they are made."""

    def __init__(self, connection: Connection, conflict: str) -> None:
        self._names = {kind: names_of(connection, kind, conflict if kind == "side" else None) for kind in KINDS}
        self._parents = parents_of_types(connection)

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
        shared = nearest_common(self._parents, known)
        return None if shared is None else Meant(shared, tuple(dict.fromkeys(known)))
