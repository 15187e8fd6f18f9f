"""What the journal knows of each kind of subject: its fields, and how a field is written.

The state of a subject is a flat mapping from field to text. A child (an alias, an event, a piece
of evidence) is a group of fields with a common beginning, ``event.2.status``: the child's name,
its key within the subject, the field. A subject or a child without any field does not exist.
The same description drives the fold, the tables' rows and the audit, so they cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lossledger.core import vocabulary as words

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


def _line(name: str, *, required: bool = False, private: bool = False) -> Field:
    return Field(name, Form.LINE, required=required, private=private)


def _text(name: str) -> Field:
    return Field(name, Form.TEXT, private=True)


def _word(name: str, choices: tuple[str, ...] | type[StrEnum], *, required: bool = False) -> Field:
    return Field(name, Form.WORD, required=required, words=tuple(str(word) for word in choices))


def _ref(name: str, kind: str, *, required: bool = False) -> Field:
    return Field(name, Form.REF, required=required, ref=kind)


def _plain(form: Form, *names: str) -> tuple[Field, ...]:
    return tuple(Field(name, form) for name in names)


@dataclass(frozen=True, slots=True)
class Child:
    """A row that belongs to a subject: an alias of a side, an event of a loss.

    ``key`` says what tells it from its siblings: the folded name of an alias, the number of an event.
    """

    name: str
    key: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of subject. ``key`` says what names it for good: a slug, or a random uid."""

    name: str
    key: str
    fields: tuple[Field, ...]
    children: tuple[Child, ...] = ()

    def field(self, path: str) -> Field:
        """The field at ``path``, a child's field included; KeyError where there is none."""
        return _FIELDS[self.name][generic(path)]


def generic(path: str) -> str:
    """A field's path without the key of the child: ``event.2.status`` becomes ``event.status``."""
    child, _, rest = path.partition(".")
    return f"{child}.{rest.rpartition('.')[2]}" if rest else path


def child_path(child: str, key: str, field: str) -> str:
    """The path of a child's field."""
    return f"{child}.{key}.{field}"


def children(state: State, child: str) -> dict[str, dict[str, str]]:
    """The children of one name in a state: key to fields, in the order in which they entered it."""
    found: dict[str, dict[str, str]] = {}
    prefix = child + "."
    for path, value in state.items():
        if path.startswith(prefix):
            key, _, field = path[len(prefix) :].rpartition(".")
            found.setdefault(key, {})[field] = value
    return found


_ALIAS = Child("alias", "folded", (_line("name", required=True),))
_TYPE_ALIAS = Child("alias", "folded", (_line("name", required=True), _word("kind", words.AliasKind)))

EVENT = Child(
    "event",
    "position",
    (
        _word("status", words.OUTCOMES, required=True),
        _line("phrase", private=True),
        *_plain(Form.DAY, "earliest", "latest"),
        *_plain(Form.FLAG, "inferred"),
        _text("note"),
    ),
)
_EVIDENCE = Child(
    "evidence",
    "uid",
    (
        _ref("source", "source", required=True),
        _word("relation", words.Relation, required=True),
        _line("field"),
        _line("says", private=True),
        _word("credibility", tuple(str(digit) for digit in words.CREDIBILITY)),
        _text("note"),
    ),
)
_FILE = Child(
    "file",
    "uid",
    (
        _line("evidence", required=True),
        _line("sha256", required=True),
        _line("name", private=True),
        _line("media_type"),
        *_plain(Form.WHOLE, "size"),
        *_plain(Form.INSTANT, "captured_at"),
    ),
)
_FEED_ROW = Child(
    "row",
    "feed",
    (
        _ref("run", "import", required=True),
        *_plain(Form.FLAG, "gone"),
        Field("given", Form.TEXT, private=True),
    ),
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "conflict",
            "slug",
            (
                _line("name", required=True),
                *_plain(Form.DAY, "starts", "ends"),
                _text("note"),
            ),
            (_ALIAS,),
        ),
        Kind(
            "side",
            "slug",
            (
                _ref("conflict", "conflict", required=True),
                _line("name", required=True),
                _ref("parent", "side"),
                *_plain(Form.WHOLE, "position"),
                _ref("merged_into", "side"),
                _text("note"),
            ),
            (_ALIAS,),
        ),
        Kind(
            "category",
            "slug",
            (
                _line("name", required=True),
                _line("group", required=True),
                *_plain(Form.WHOLE, "position"),
                _ref("merged_into", "category"),
                _text("note"),
            ),
            (_ALIAS,),
        ),
        Kind(
            "type",
            "slug",
            (
                _line("name", required=True),
                _line("origin"),
                _ref("category", "category", required=True),
                _ref("parent", "type"),
                _ref("merged_into", "type"),
                _text("note"),
            ),
            (_TYPE_ALIAS,),
        ),
        Kind(
            "source",
            "uid",
            (
                Field("url", Form.URL, private=True),
                _line("title", private=True),
                _line("publisher", private=True),
                _line("author", private=True),
                _line("party", private=True),
                *_plain(Form.DAY, "earliest", "latest"),
                *_plain(Form.FLAG, "inferred"),
                _word("kind", words.SourceKind),
                _word("reliability", words.Reliability),
                Field("archived", Form.URL, private=True),
                _ref("merged_into", "source"),
                _text("note"),
            ),
        ),
        Kind(
            "feed",
            "slug",
            (
                _line("name", required=True),
                _line("publisher"),
                _line("licence"),
                _line("credit"),
                Field("url", Form.URL),
                _word("verification", words.Verification),
                _line("verified_by"),
                *_plain(Form.DAY, "dated"),
                _text("note"),
            ),
        ),
        Kind(
            "import",
            "uid",
            (
                _ref("feed", "feed", required=True),
                _line("file", private=True),
                _line("sha256"),
                *_plain(Form.DAY, "dated"),
                _text("note"),
            ),
        ),
        Kind(
            "published",
            "uid",
            (
                _word("kind", words.PublishedKind, required=True),
                _ref("conflict", "conflict", required=True),
                _ref("side", "side"),
                *_plain(Form.FLAG, "own"),
                _ref("feed", "feed"),
                _ref("source", "source"),
                _line("counted_by", required=True, private=True),
                _line("wording", private=True),
                *_plain(Form.LIST, "categories", "groups", "types", "statuses"),
                _word("span", words.Span),
                *_plain(Form.DAY, "since", "as_of"),
                *_plain(Form.FLAG, "inferred"),
                _line("unit"),
                *_plain(Form.WHOLE, "quantity"),
                _word("bound", words.Bound),
                _line("rule_set"),
                _text("caveat"),
                *_plain(Form.FLAG, "entered"),
                _text("accepted"),
                _text("note"),
            ),
        ),
        Kind("setting", "slug", (_line("value", required=True),)),
        Kind(
            "loss",
            "uid",
            (
                _ref("feed", "feed", required=True),
                _line("feed_key"),
                _ref("side", "side", required=True),
                _ref("type", "type"),
                *_plain(Form.LIST, "candidates"),
                _ref("category", "category", required=True),
                Field("quantity", Form.WHOLE, required=True),
                _word("counts", words.Counts, required=True),
                _word("status", words.Status, required=True),
                _line("phrase", private=True),
                _line("cause", private=True),
                _line("captor", private=True),
                _line("name", private=True),
                _line("fittings", private=True),
                _line("circumstance", private=True),
                *_plain(Form.DAY, "earliest", "latest", "reported", "feed_day"),
                *_plain(Form.FLAG, "inferred"),
                _line("place", private=True),
                Field("latitude", Form.DECIMAL, private=True),
                Field("longitude", Form.DECIMAL, private=True),
                _line("unit", private=True),
                *_plain(Form.LIST, "tags"),
                _text("note"),
                _word("verification", words.Verification, required=True),
                _line("verified_by", private=True),
                _ref("merged_into", "loss"),
                *_plain(Form.FLAG, "stands_in", "withdrawn"),
                _ref("split_from", "loss"),
            ),
            (EVENT, _EVIDENCE, _FILE, _FEED_ROW),
        ),
    )
}
"""Every kind of subject, catalogue first: a kind's references point to kinds before it, or itself."""

ACT_FIELDS = {
    name: Field(name, form, private=name not in ("undoes", "redacts", "to"))
    for name, form in {
        "actor": Form.LINE,
        "reason": Form.TEXT,
        "text": Form.TEXT,
        "to": Form.REF,
        "undoes": Form.LINE,
        "redacts": Form.LIST,
        "held": Form.TEXT,
    }.items()
}
"""Fields that describe an act itself; they are no part of the subject's state."""

_FIELDS: dict[str, dict[str, Field]] = {
    kind.name: {field.name: field for field in kind.fields}
    | {f"{child.name}.{field.name}": field for child in kind.children for field in child.fields}
    for kind in KINDS.values()
}


def field_of(kind: str, path: str) -> Field:
    """The description of a detail of an entry, an act's own fields included; KeyError if unknown."""
    return ACT_FIELDS.get(path) or KINDS[kind].field(path)
