"""The tables, for SQLite and PostgreSQL alike.

Three of them are the ledger (``entry``, ``entry_detail``, ``posting``); all others are its projection,
drawn from the description of the kinds in ``core.records``. Days and instants are ISO texts: they sort,
compare and hash alike on both engines. Whole-number keys stay inside the database.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from lossledger.core import vocabulary as words
from lossledger.core.fields import FLAG, REDACTED, Child, Field, Form, Kind
from lossledger.core.records import KINDS

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

TABLE_OF = {
    "conflict": "conflict",
    "side": "side",
    "category": "category",
    "type": "equipment_type",
    "source": "source",
    "feed": "feed",
    "import": "import_run",
    "published": "published_tally",
    "setting": "setting",
    "loss": "loss",
    "scene": "scene",
    "post": "post",
    "release": "release",
}
"""The table of each kind of subject."""

CHILD_TABLE_OF = {
    ("conflict", "alias"): "conflict_alias",
    ("side", "alias"): "side_alias",
    ("category", "alias"): "category_alias",
    ("type", "alias"): "type_alias",
    ("source", "file"): "evidence_file",
    ("loss", "event"): "loss_event",
    ("loss", "evidence"): "evidence",
    ("loss", "row"): "feed_row",
    ("post", "loss"): "post_loss",
}
"""The table of each kind of child."""

DERIVED: dict[str, tuple[tuple[str, type[TypeEngine[Any]]], ...]] = {
    "source": (("url_key", BigInteger),),
    "loss": (("day", String), ("span", Integer), ("outcome", String), ("feed_hash", BigInteger)),
    "post": (("url_key", BigInteger),),
}
"""Columns that follow from a subject's other fields and are kept to be searched by."""

_TYPES: dict[Form, type[TypeEngine[Any]]] = {
    Form.LINE: Text,
    Form.TEXT: Text,
    Form.URL: Text,
    Form.LIST: Text,
    Form.WORD: String,
    Form.DAY: String,
    Form.INSTANT: String,
    Form.FLAG: SmallInteger,
    Form.WHOLE: BigInteger,
    Form.DECIMAL: Float,
}


def column_of(field: Field) -> str:
    """The column in which a field is kept."""
    return f"{field.name}_id" if field.form is Form.REF else field.name


def one_of(column: str, values: Iterable[str], name: str) -> CheckConstraint:
    """A constraint that holds a column to a closed vocabulary."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def _column(field: Field) -> Column[Any]:
    if field.form is Form.REF:
        target = f"{TABLE_OF[field.ref]}.id"
        return Column(column_of(field), Integer, ForeignKey(target), nullable=not field.required)
    return Column(field.name, _TYPES[field.form], nullable=not field.required)


def _checks(fields: Sequence[Field]) -> list[CheckConstraint]:
    checks = [one_of(field.name, field.words, field.name) for field in fields if field.form is Form.WORD]
    checks += [CheckConstraint(f"{field.name} = 1", name=field.name) for field in fields if field.form is Form.FLAG]
    return checks


def _subject_table(kind: Kind) -> Table:
    return Table(
        TABLE_OF[kind.name],
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column(kind.key, String, nullable=False, unique=True),
        *map(_column, kind.fields),
        *(Column(name, form) for name, form in DERIVED.get(kind.name, ())),
        *_checks(kind.fields),
    )


def _child_table(kind: Kind, child: Child) -> Table:
    owner = TABLE_OF[kind.name]
    return Table(
        CHILD_TABLE_OF[kind.name, child.name],
        metadata,
        Column(
            f"{owner}_id",
            Integer,
            ForeignKey(f"{owner}.id"),
            primary_key=True,
            autoincrement=False,
        ),
        Column(
            child.key,
            Integer if child.numbered else String,
            primary_key=True,
            autoincrement=False,
        ),
        *map(_column, child.fields),
        *_checks(child.fields),
        sqlite_with_rowid=False,
    )


entry = Table(
    "entry",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("format", SmallInteger, nullable=False),
    Column("act", String, nullable=False),
    Column("act_id", String(10), nullable=False),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("recorded_at", String, nullable=False),
    Column("acted_at", String, nullable=False),
    Column("origin", String),
    Column("digest", LargeBinary, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    one_of("act", words.Act, "act"),
    one_of("kind", KINDS, "kind"),
    Index(None, "kind", "subject", "number"),
    Index(None, "act_id", "number"),
)

entry_detail = Table(
    "entry_detail",
    metadata,
    Column(
        "entry",
        Integer,
        ForeignKey("entry.number"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("field", String, primary_key=True),
    Column("value", Text),
    Column("salt", LargeBinary),
    Column("digest", LargeBinary),
    CheckConstraint("(salt IS NULL) = (digest IS NOT NULL)", name="redacted"),
    CheckConstraint("salt IS NOT NULL OR value IS NULL", name="value"),
    sqlite_with_rowid=False,
)

posting = Table(
    "posting",
    metadata,
    Column(
        "entry",
        Integer,
        ForeignKey("entry.number"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("loss_id", Integer, ForeignKey("loss.id"), nullable=False, index=True),
    Column("quantity", BigInteger, nullable=False),
    Column("side_id", Integer, ForeignKey("side.id"), nullable=False),
    Column("category_id", Integer, ForeignKey("category.id"), nullable=False),
    Column("type_id", Integer, ForeignKey("equipment_type.id")),
    Column("status", String, nullable=False),
    Column("verification", String, nullable=False),
    Column("feed_id", Integer, ForeignKey("feed.id"), nullable=False),
    Column("counts", String, nullable=False),
    Column("day", String),
    Column("loss_day", String),
    Column("span", Integer, nullable=False),
    Column("inferred", SmallInteger, nullable=False),
    one_of("status", words.Status, "status"),
    one_of("verification", words.Verification, "verification"),
    one_of("counts", words.Counts, "counts"),
    CheckConstraint("quantity <> 0", name="quantity"),
    sqlite_with_rowid=False,
)

# Everything that a tally reads, so that it never touches the table itself; first what it is grouped by, in the order
# in which `queries.tallies` groups, so that the sums are taken along the index.
Index(
    "ix_posting_tally",
    *(
        posting.c[name]
        for name in (
            "side_id",
            "category_id",
            "feed_id",
            "verification",
            "counts",
            "inferred",
            "status",
            "type_id",
            "loss_day",
            "day",
            "span",
            "entry",
            "quantity",
        )
    ),
)

SUBJECTS = {kind.name: _subject_table(kind) for kind in KINDS.values()}
"""The table of each kind, by the kind's name."""

CHILDREN = {(kind.name, child.name): _child_table(kind, child) for kind in KINDS.values() for child in kind.children}
"""The table of each kind of child, by kind and child."""

loss = SUBJECTS["loss"]
source = SUBJECTS["source"]
evidence = CHILDREN["loss", "evidence"]
evidence_file = CHILDREN["source", "file"]
scene = SUBJECTS["scene"]
post = SUBJECTS["post"]
post_loss = CHILDREN["post", "loss"]

# Not unique: several items of one link have one key, and are told apart by the order in which they came.
Index(None, loss.c.feed_id, loss.c.feed_hash)
Index(None, loss.c.side_id, loss.c.type_id, loss.c.day)
Index(None, loss.c.type_id)
Index(None, loss.c.category_id)
# The merged are few, and how many of them do not count is said beside every tally. SQLite keeps no others here.
Index(
    "ix_loss_merged",
    *(
        loss.c[name]
        for name in (
            "merged_into_id",
            "side_id",
            "category_id",
            "type_id",
            "feed_id",
            "stands_in",
            "withdrawn",
            "quantity",
        )
    ),
    sqlite_where=loss.c.merged_into_id.is_not(None),
)
Index(None, loss.c.day)
Index(None, source.c.url_key)
Index(None, post.c.url_key)
Index(None, post.c.closed_as)
Index(None, post.c.scene_id)
Index(None, post_loss.c.loss_id)
Index(None, evidence.c.source_id)
Index(None, evidence_file.c.sha256)
Index(None, CHILDREN["conflict", "alias"].c.folded, unique=True)
Index(None, CHILDREN["type", "alias"].c.folded, unique=True)
Index(None, CHILDREN["category", "alias"].c.folded, unique=True)
Index(None, CHILDREN["side", "alias"].c.folded)

loss.append_constraint(CheckConstraint("quantity > 0", name="quantity"))
loss.append_constraint(CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"))
loss.append_constraint(CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"))
loss.append_constraint(one_of("outcome", words.OUTCOMES, "outcome"))


def column_value(field: Field, text: str | None) -> object:
    """A field's text as its column holds it; a redacted number is null. References are the caller's."""
    if text is None or (field.form is Form.DECIMAL and text == REDACTED):
        return None
    if field.form is Form.WHOLE:
        return int(text)
    if field.form is Form.DECIMAL:
        return float(text)
    return 1 if field.form is Form.FLAG else text


def text_of(field: Field, value: object) -> str | None:
    """What a column holds as its field's text; references as they are given. None where it holds nothing."""
    if value is None:
        return None
    if field.form is Form.FLAG:
        return FLAG
    return repr(value) if field.form is Form.DECIMAL else str(value)
