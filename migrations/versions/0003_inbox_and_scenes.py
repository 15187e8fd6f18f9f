"""The inbox: posts that wait to be looked at, and scenes, which posts show from several sides.

Never rebuild `entry`, `entry_detail` or `posting`: their triggers would be lost, and their bytes are hashed.
"""

import sqlite3
import sys
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KINDS = "'conflict', 'side', 'category', 'type', 'source', 'feed', 'import', 'published', 'setting', 'loss'"
_BEFORE = f"kind IN ({_KINDS})"
_NOW = f"kind IN ({_KINDS}, 'scene', 'post')"


def upgrade() -> None:
    """Let entries speak of scenes and posts, and make their tables."""
    _let_entries_speak_of_them(op.get_bind())
    op.create_table(
        "scene",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["merged_into_id"], ["scene.id"], name=op.f("fk_scene_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scene")),
        sa.UniqueConstraint("uid", name=op.f("uq_scene_uid")),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("reported", sa.String(), nullable=True),
        sa.Column("added", sa.String(), nullable=False),
        sa.Column("assigned_to", sa.Text(), nullable=True),
        sa.Column("closed_as", sa.String(), nullable=True),
        sa.Column("scene_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("url_key", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "closed_as IN ('recorded', 'nothing', 'duplicate', 'needs-place')", name=op.f("ck_post_closed_as")
        ),
        sa.ForeignKeyConstraint(["scene_id"], ["scene.id"], name=op.f("fk_post_scene_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("uid", name=op.f("uq_post_uid")),
    )
    op.create_table(
        "post_loss",
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(), autoincrement=False, nullable=False),
        sa.Column("loss_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["loss_id"], ["loss.id"], name=op.f("fk_post_loss_loss_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_loss_post_id")),
        sa.PrimaryKeyConstraint("post_id", "uid", name=op.f("pk_post_loss")),
        sqlite_with_rowid=False,
    )
    for table, column in (("post", "url_key"), ("post", "closed_as"), ("post", "scene_id"), ("post_loss", "loss_id")):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _let_entries_speak_of_them(connection: sa.Connection) -> None:
    """Widen the check on an entry's kind where it stands, so that the table, its bytes and its triggers stay."""
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_entry_kind"), "entry", type_="check")
        op.create_check_constraint(op.f("ck_entry_kind"), "entry", _NOW)
        return
    # SQLite cannot alter a check. What a check says is no part of how rows are stored, so its documentation has the
    # text of the schema changed in such a case, with a new number that makes every other connection read it anew.
    master = sa.table("sqlite_master", sa.column("type"), sa.column("name"), sa.column("sql"))
    at_entry = sa.and_(master.c.type == "table", master.c.name == "entry")
    standing = connection.scalar(sa.select(master.c.sql).where(at_entry)) or ""
    if standing.count(_BEFORE) != 1:
        raise RuntimeError("table entry does not hold the check that this program made")
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    _allow_change_of_schema(connection)
    connection.execute(sa.update(master).where(at_entry).values(sql=standing.replace(_BEFORE, _NOW)))
    connection.exec_driver_sql(f"PRAGMA schema_version = {number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def _allow_change_of_schema(connection: sa.Connection) -> None:
    """Some builds of SQLite, such as a Mac's own, refuse it until they are told otherwise."""
    driver: Any = connection.connection.driver_connection
    if sys.version_info >= (3, 12):
        driver.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, False)  # noqa: FBT003 - the driver's own order
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
