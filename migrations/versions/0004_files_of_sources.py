"""What is held of sources, and whether their links still show it; an act's first entry is found by its number.

A file hung on a loss before, though no act ever entered one there: one link shows several losses, and is held once.
Never rebuild `entry`, `entry_detail` or `posting`: their triggers would be lost, and their bytes are hashed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of files anew, under sources, and add what is known of a link."""
    op.drop_table("evidence_file")
    op.create_table(
        "evidence_file",
        sa.Column("source_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("captured", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("graphic", sa.SmallInteger(), nullable=True),
        sa.Column("likeness", sa.Text(), nullable=True),
        sa.CheckConstraint("origin IN ('given', 'fetched', 'archived')", name=op.f("ck_evidence_file_origin")),
        sa.CheckConstraint("graphic = 1", name=op.f("ck_evidence_file_graphic")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_evidence_file_source_id")),
        sa.PrimaryKeyConstraint("source_id", "uid", name=op.f("pk_evidence_file")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_evidence_file_sha256", "evidence_file", ["sha256"])
    healths = "health IN ('media', 'page', 'login', 'gone', 'unreachable', 'refused')"
    health = sa.CheckConstraint(healths, name=op.f("ck_source_health"))
    op.add_column("source", sa.Column("health", sa.String(), health))
    op.add_column("source", sa.Column("looked_at", sa.String()))
    op.add_column("source", sa.Column("gone_on", sa.String()))
    op.drop_index("ix_entry_act_id", "entry")
    op.create_index("ix_entry_act_id_number", "entry", ["act_id", "number"])
