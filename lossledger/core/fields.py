"""How a subject is described and held: fields and their forms, children, kinds, and the flat state.

The state of a subject is a flat mapping from field to text. A child (an alias, an event, a piece
of evidence) is a group of fields with a common beginning, ``event.2.status``: the child's name,
its key within the subject, the field. A subject or a child without any field does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

State = Mapping[str, str]
"""A subject as its entries leave it: every field that has a value, as text."""

REDACTED = "[redacted]"
"""What a field holds whose text was taken out of the journal."""

MAX_LINE = 500
"""Characters in a name, a place, a phrase."""

MAX_TEXT = 20_000
"""Characters in a note, a caveat, a reason."""

MAX_URL = 4_000
"""Characters in a link."""


class Form(StrEnum):
    """How a field's text is to be read."""

    LINE = "line"
    TEXT = "text"
    URL = "url"
    WHOLE = "whole number"
    DECIMAL = "decimal number"
    DAY = "day"
    INSTANT = "instant"
    FLAG = "flag"
    WORD = "word"
    LIST = "list"
    REF = "reference"


FLAG = "yes"
"""The only value of a flag; a flag that is not set is absent."""

LIMITS = {Form.LINE: MAX_LINE, Form.TEXT: MAX_TEXT, Form.URL: MAX_URL}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a subject: how its text reads, what it refers to, whether it may be redacted."""

    name: str
    form: Form
    required: bool = False
    ref: str = ""
    words: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """A row that belongs to a subject: an alias of a side, an event of a loss.

    ``key`` says what tells it from its siblings: the folded name of an alias, the number of an event.
    """

    name: str
    key: str
    fields: tuple[Field, ...]

    @property
    def numbered(self) -> bool:
        """Whether its key is a number rather than a text."""
        return self.key == "position"


@dataclass(frozen=True)
class Kind:
    """A kind of subject. ``key`` says what names it for good: a slug, or a random uid."""

    name: str
    key: str
    fields: tuple[Field, ...]
    children: tuple[Child, ...] = ()

    def field(self, path: str) -> Field:
        """The field at ``path``, a child's field included; KeyError where there is none."""
        return self._by_path[generic(path)]

    @cached_property
    def _by_path(self) -> dict[str, Field]:
        own = {field.name: field for field in self.fields}
        return own | {f"{child.name}.{field.name}": field for child in self.children for field in child.fields}


def generic(path: str) -> str:
    """A field's path without the key of the child: ``event.2.status`` becomes ``event.status``."""
    child, _, rest = path.partition(".")
    return f"{child}.{rest.rpartition('.')[2]}" if rest else path


def child_path(child: str, key: str, field: str) -> str:
    """The path of a child's field."""
    return f"{child}.{key}.{field}"


def has_child(state: State, child: str) -> bool:
    """Whether a subject has any child of a name. One look at all its paths at once, for most losses have none."""
    return f"\n{child}." in "\n".join(("", *state))


def children(state: State, child: str) -> dict[str, dict[str, str]]:
    """The children of one name in a state: key to fields, in the order in which they entered it."""
    found: dict[str, dict[str, str]] = {}
    prefix = child + "."
    for path, value in state.items():
        if path.startswith(prefix):
            key, _, field = path[len(prefix) :].rpartition(".")
            found.setdefault(key, {})[field] = value
    return found
