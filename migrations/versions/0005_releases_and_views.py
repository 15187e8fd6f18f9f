"""Releases, which freeze a tally for good, and views with plain names for programs that show a database.

A later migration that renames, drops or rebuilds what a view reads drops the view first and makes it anew.
Never rebuild `entry`, `entry_detail` or `posting`: their triggers would be lost, and their bytes are hashed.
"""

import sqlalchemy as sa
from alembic import op

from lossledger.db import entry_kinds

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KINDS = (
    "'conflict', 'side', 'category', 'type', 'source', 'feed', 'import', 'published', 'setting', 'loss', "
    "'scene', 'post'"
)


def upgrade() -> None:
    """Let entries speak of releases, make their table, and the views."""
    entry_kinds.widen(op.get_bind(), f"kind IN ({_KINDS})", f"kind IN ({_KINDS}, 'release')")
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("conflict_id", sa.Integer(), nullable=True),
        sa.Column("rules", sa.BigInteger(), nullable=False),
        sa.Column("verifications", sa.Text(), nullable=False),
        sa.Column("own", sa.SmallInteger(), nullable=True),
        sa.Column("joined", sa.SmallInteger(), nullable=True),
        sa.Column("withdrawn", sa.SmallInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("own = 1", name=op.f("ck_release_own")),
        sa.CheckConstraint("joined = 1", name=op.f("ck_release_joined")),
        sa.CheckConstraint("withdrawn = 1", name=op.f("ck_release_withdrawn")),
        sa.ForeignKeyConstraint(["conflict_id"], ["conflict.id"], name=op.f("fk_release_conflict_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("slug", name=op.f("uq_release_slug")),
    )
    for name, statement in _views(op.get_bind().dialect.name).items():
        op.execute(f"CREATE VIEW {name} AS {statement}")


def _views(dialect: str) -> dict[str, str]:
    """The text of each view by its name. None can be written: each joins or sums."""
    return {
        "losses": _LOSSES,
        "losses_sources": _LOSSES_SOURCES,
        "tallies": _TALLIES,
        "published_tallies": _PUBLISHED.format(
            categories=_named_in(dialect, "categories", "category"),
            types=_named_in(dialect, "types", "equipment_type"),
            groups=_words_in(dialect, "groups"),
            statuses=_words_in(dialect, "statuses"),
        ),
        "journal": _JOURNAL,
    }


_STANDS = "l.withdrawn IS NULL AND (l.merged_into_id IS NULL OR l.stands_in = 1) AND l.outcome <> 'recovered'"

_LOSSES = f"""
SELECT
    l.uid AS id, conflict.name AS conflict, side.name AS side, category.name AS category,
    category."group" AS category_group, kind.name AS type, l.outcome AS status, l.verification, l.earliest, l.day,
    l.place, l.latitude, l.longitude, l.unit, l.quantity, l.counts,
    (SELECT count(DISTINCT e.source_id) FROM evidence e WHERE e.loss_id = l.id) AS sources,
    (
        SELECT s.url FROM evidence e JOIN source s ON s.id = e.source_id
        WHERE e.loss_id = l.id AND e.relation <> 'disputes' AND s.url <> '[redacted]'
        ORDER BY s.id LIMIT 1
    ) AS link,
    feed.name AS feed,
    (
        SELECT n.recorded_at FROM entry n WHERE n.kind = 'loss' AND n.subject = l.uid ORDER BY n.number LIMIT 1
    ) AS recorded_at
FROM loss l
JOIN side ON side.id = l.side_id
JOIN conflict ON conflict.id = side.conflict_id
JOIN category ON category.id = l.category_id
JOIN feed ON feed.id = l.feed_id
LEFT JOIN equipment_type kind ON kind.id = l.type_id
WHERE {_STANDS}
"""
"""A row a loss that stands, whatever is believed of it."""

_LOSSES_SOURCES = f"""
SELECT
    l.uid AS loss, e.relation, s.url AS link, s.title, s.publisher, s.author, s.party, s.kind, s.latest AS day,
    s.reliability, e.credibility, s.archived, s.health AS link_state
FROM loss l
JOIN evidence e ON e.loss_id = l.id
JOIN source s ON s.id = e.source_id
WHERE {_STANDS}
"""
"""A row for each source that speaks of a loss that stands."""

_TALLIES = """
SELECT
    conflict.name AS conflict, side.name AS side, category.name AS category, category."group" AS category_group,
    p.status, feed.name AS feed, CAST(sum(p.quantity) AS BIGINT) AS quantity,
    CAST(sum(CASE WHEN p.counts = 'item' THEN p.quantity ELSE 0 END) AS BIGINT) AS itemised
FROM posting p
JOIN side ON side.id = p.side_id
JOIN conflict ON conflict.id = side.conflict_id
JOIN category ON category.id = p.category_id
JOIN feed ON feed.id = p.feed_id
WHERE p.verification = 'confirmed'
GROUP BY conflict.name, side.name, category.name, category."group", p.status, feed.name
HAVING sum(p.quantity) <> 0
"""
"""What is confirmed, as `tally` counts it: sides apart from those under them, and each feed for itself."""

_PUBLISHED = """
SELECT
    p.counted_by, p.kind, conflict.name AS conflict, side.name AS side, p.wording, {categories} AS categories,
    {groups} AS category_groups, {types} AS types, {statuses} AS statuses, p.span, p.since, p.as_of, p.bound,
    p.quantity, p.unit, p.caveat, s.url AS link
FROM published_tally p
JOIN conflict ON conflict.id = p.conflict_id
LEFT JOIN side ON side.id = p.side_id
LEFT JOIN source s ON s.id = p.source_id
"""
"""What others counted."""

_JOURNAL = """
SELECT
    e.number AS entry, e.recorded_at, e.act, e.kind, e.subject,
    CASE WHEN own.entry IS NOT NULL THEN own.value ELSE (
        SELECT d.value FROM entry_detail d
        WHERE d.field = 'actor' AND d.entry = (SELECT min(f.number) FROM entry f WHERE f.act_id = e.act_id)
    ) END AS actor
FROM entry e
LEFT JOIN entry_detail own ON own.entry = e.number AND own.field = 'actor'
"""
"""Every entry, and who made it: nobody where the name was redacted."""


def _words_in(dialect: str, column: str) -> str:
    """The words of a list, with commas between them."""
    words = _parts(dialect, column)
    return f"(SELECT {_joined(dialect, 'word.value')} FROM {words})"


def _named_in(dialect: str, column: str, table: str) -> str:
    """The names of what a list refers to by slugs, with commas between them."""
    words = _parts(dialect, column)
    return f"(SELECT {_joined(dialect, 't.name')} FROM {words} JOIN {table} t ON t.slug = word.value)"


def _parts(dialect: str, column: str) -> str:
    if dialect == "postgresql":
        return f"json_array_elements_text(CAST(p.{column} AS json)) word(value)"
    return f"json_each(p.{column}) word"


def _joined(dialect: str, what: str) -> str:
    return f"string_agg({what}, ', ')" if dialect == "postgresql" else f"group_concat({what}, ', ')"
