"""From a list's names to the catalogue's: what is known is found, what is new is made, what is ambiguous goes up."""

from functools import lru_cache
from typing import NamedTuple

from lossledger.core.fields import MAX_LINE
from lossledger.core.names import fold, near, slug
from lossledger.core.text import checked_outside, quoted
from lossledger.errors import Refused
from lossledger.ledger import catalogue
from lossledger.ledger.journal import Journal
from lossledger.queries.names import Meant
from lossledger.queries.spellings import KINDS, Spellings, usual_categories

OTHER_GROUP = "other"
"""The group of a heading that only a list has given."""


class Made(NamedTuple):
    """Something that a list brought into the catalogue."""

    kind: str
    key: str
    name: str


class Terms:
    """The catalogue as one import sees it; every spelling is looked up once."""

    def __init__(self, journal: Journal, conflict: str, *, create_sides: bool) -> None:
        self._journal = journal
        self._create_sides = create_sides
        self._spellings = Spellings(journal.connection, conflict)
        for kind in KINDS:
            journal.keys.learn_all(kind)
        self._slugs: dict[tuple[str, str], str] = {}
        self._usual = usual_categories(journal.connection)
        self._types: dict[tuple[str, str | None], Meant] = {}
        self.conflict = conflict
        self.made: list[Made] = []

    def side(self, name: str) -> str:
        """The side that a list's name means. Errors: Refused for one that the conflict lacks, unless it may be made."""
        found = self._slugs.get(("side", name))
        if found is None:
            found = self._slugs["side", name] = self._spellings.find("side", name) or self._new_side(name)
        return found

    def _new_side(self, name: str) -> str:
        if self._create_sides:
            return self._make("side", name, {"conflict": self.conflict})
        known = self._spellings.known("side")
        like = dict.fromkeys(self._journal.state("side", known[one])["name"] for one in near(name, known))
        have = "ave it made with --create-sides, or add it with: lossledger side add"
        hint = f"did you mean {', '.join(like)}? H{have}" if like else f"h{have}"
        raise Refused(f"no side {quoted(name)} in conflict {self.conflict}; {hint}")

    def category(self, heading: str) -> str:
        """The category of a heading; one that nobody knows is made, in the group of others."""
        found = self._slugs.get(("category", heading))
        if found is None:
            known = self._spellings.find("category", heading)
            found = known or self._make("category", heading, {"group": OTHER_GROUP})
            self._slugs["category", heading] = found
        return found

    def type(self, name: str, category: str | None, origin: str | None = None) -> Meant:
        """The type that a list's name means; one that nobody knows is made, under the heading it stands under.

        "A or B" is what both stand under. Errors: Refused for a new type where the list gives no heading.
        """
        found = self._types.get((name, category))
        if found is None:
            found = self._spellings.type(name) or self._new_type(name, category, origin)
            self._types[name, category] = found
        return found

    def called(self, name: str) -> str:
        """What tells a type's name from others: the type it means, or the name itself as all its spellings fold."""
        found = self._spellings.type(name)
        return fold(name) if found is None else found.type

    def usual(self, type_slug: str) -> str:
        """The category under which a type usually counts."""
        return self._usual[type_slug]

    def _new_type(self, name: str, category: str | None, origin: str | None) -> Meant:
        if category is None:
            raise Refused(f"no type {quoted(name)}, and the row gives no heading to make it under")
        made = self._make("type", name, {"category": category} | ({"origin": origin} if origin else {}))
        self._usual[made] = category
        return Meant(made)

    def _make(self, kind: str, name: str, fields: dict[str, str]) -> str:
        text = nameable(kind, name)
        stem = slug(text)
        if stem and kind == "side":
            stem = f"{self.conflict}/{stem}"
        wanted = free_key(self._journal, kind, stem) if stem else None
        key = catalogue.create(self._journal, kind, {"name": text} | fields, wanted)
        self._spellings.learn(kind, text, key)
        self.made.append(Made(kind, key, text))
        return key


def free_key(journal: Journal, kind: str, stem: str) -> str:
    """A slug that nothing of the kind has yet: "T-72B+" cannot be "t-72b", which is another type."""
    key, number = stem, 1
    while journal.keys.find(kind, key) is not None:
        number += 1
        key = f"{stem}-{number}"
    return key


@lru_cache(maxsize=4_096)
def nameable(kind: str, name: str) -> str:
    """A list's name as something can be called by it. Errors: Refused for signs alone, or a name too long."""
    text = " ".join(checked_outside(name, kind).split())
    if not fold(text):
        raise Refused(f"{kind} {quoted(name)} has no letter or digit that it could be known by")
    if len(text) > MAX_LINE:
        raise Refused(f"{kind} {quoted(name)} is too long: {len(text)} characters, at most {MAX_LINE}")
    return text
