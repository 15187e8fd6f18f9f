"""Every kind of subject that the journal knows: its fields, what they refer to, what may be redacted.

The same description drives the fold, the tables' rows, the packs' columns and the audit, so they cannot disagree.
"""

from collections.abc import Mapping
from enum import StrEnum

from lossledger.core import vocabulary as words
from lossledger.core.fields import Child, Field, Form, Kind


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


_ALIAS = Child("alias", "folded", (_line("name", required=True),))
_TYPE_ALIAS = Child("alias", "folded", (_line("name", required=True), _word("kind", words.AliasKind)))

_EVENT = Child(
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
        _line("sha256", required=True),
        _word("origin", words.Origin, required=True),
        _line("name", private=True),
        _line("media_type"),
        *_plain(Form.WHOLE, "size"),
        _line("captured", private=True),
        Field("url", Form.URL, private=True),
        _line("record"),
        *_plain(Form.FLAG, "graphic"),
        _line("likeness"),
    ),
)
"""A file that is held of a source. ``captured`` is when it was made, by its own word, which may lack a time zone;
``record`` the digest of the WARC file that holds how it came; ``likeness`` what near-identical pictures have alike."""

_FEED_ROW = Child(
    "row",
    "feed",
    (
        _ref("run", "import", required=True),
        *_plain(Form.FLAG, "gone"),
        Field("given", Form.TEXT, private=True),
        Field("held", Form.TEXT, private=True),
    ),
)
_RECORDED = Child("loss", "uid", (_ref("loss", "loss", required=True),))
"""A loss that was recorded from a post."""

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
                _word("health", words.Health),
                *_plain(Form.INSTANT, "looked_at"),
                *_plain(Form.DAY, "gone_on"),
            ),
            (_FILE,),
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
                *_plain(Form.DAY, "latest"),
                *_plain(Form.WHOLE, "rows_read", *(f"rows_{fate}" for fate in words.Fate)),
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
                _line("place"),
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
            (_EVENT, _EVIDENCE, _FEED_ROW),
        ),
        Kind(
            "scene",
            "uid",
            (
                _line("name", required=True, private=True),
                _ref("merged_into", "scene"),
                _text("note"),
            ),
        ),
        Kind(
            "post",
            "uid",
            (
                Field("url", Form.URL, required=True, private=True),
                *_plain(Form.DAY, "reported"),
                Field("added", Form.INSTANT, required=True),
                _line("assigned_to", private=True),
                _word("closed_as", words.Closed),
                _ref("scene", "scene"),
                _text("note"),
            ),
            (_RECORDED,),
        ),
        Kind(
            "release",
            "slug",
            (
                _line("name", required=True),
                Field("entry", Form.WHOLE, required=True),
                _line("hash", required=True),
                Field("recorded_at", Form.INSTANT, required=True),
                _ref("conflict", "conflict"),
                Field("rules", Form.WHOLE, required=True),
                Field("verifications", Form.LIST, required=True),
                *_plain(Form.FLAG, "own", "joined", "withdrawn"),
                _text("note"),
            ),
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


def field_of(kind: str, path: str) -> Field:
    """The description of a detail of an entry, an act's own fields included; KeyError if unknown."""
    return ACT_FIELDS.get(path) or KINDS[kind].field(path)
