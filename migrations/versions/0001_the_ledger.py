"""The ledger: journal, postings, projection, and the triggers that keep them.

Never rebuild `entry`, `entry_detail` or `posting`: their triggers would be lost, and their bytes are hashed.
"""

import sqlalchemy as sa
from alembic import op

from lossledger.db import triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of the first version."""
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["merged_into_id"], ["category.id"], name=op.f("fk_category_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("slug", name=op.f("uq_category_slug")),
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts", sa.String(), nullable=True),
        sa.Column("ends", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint("slug", name=op.f("uq_conflict_slug")),
    )
    op.create_table(
        "entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("format", sa.SmallInteger(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("acted_at", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "act IN ('report', 'amend', 'event', 'verify', 'split', 'merge', 'unmerge', 'withdraw', 'reinstate', 'evidence', 'dispute', 'note', 'link', 'held', 'redact', 'catalogue', 'setting', 'undo')",
            name=op.f("ck_entry_act"),
        ),
        sa.CheckConstraint(
            "kind IN ('conflict', 'side', 'category', 'type', 'source', 'feed', 'import', 'published', 'setting', 'loss')",
            name=op.f("ck_entry_kind"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_entry")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_act_id"), ["act_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_kind_subject_number"), ["kind", "subject", "number"], unique=False)

    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("credit", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("verification", sa.String(), nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("dated", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "verification IN ('confirmed', 'claimed', 'disputed', 'rejected')", name=op.f("ck_feed_verification")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("slug", name=op.f("uq_feed_slug")),
    )
    op.create_table(
        "setting",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("slug", name=op.f("uq_setting_slug")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("earliest", sa.String(), nullable=True),
        sa.Column("latest", sa.String(), nullable=True),
        sa.Column("inferred", sa.SmallInteger(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("reliability", sa.String(), nullable=True),
        sa.Column("archived", sa.Text(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("url_key", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('press', 'official', 'blog', 'post', 'video', 'image', 'dataset', 'other')",
            name=op.f("ck_source_kind"),
        ),
        sa.CheckConstraint("reliability IN ('A', 'B', 'C', 'D', 'E', 'F')", name=op.f("ck_source_reliability")),
        sa.CheckConstraint("inferred = 1", name=op.f("ck_source_inferred")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["source.id"], name=op.f("fk_source_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("uid", name=op.f("uq_source_uid")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_url_key"), ["url_key"], unique=False)

    op.create_table(
        "category_alias",
        sa.Column("category_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folded", sa.String(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_category_alias_category_id")),
        sa.PrimaryKeyConstraint("category_id", "folded", name=op.f("pk_category_alias")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("category_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_category_alias_folded"), ["folded"], unique=True)

    op.create_table(
        "conflict_alias",
        sa.Column("conflict_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folded", sa.String(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["conflict_id"], ["conflict.id"], name=op.f("fk_conflict_alias_conflict_id")),
        sa.PrimaryKeyConstraint("conflict_id", "folded", name=op.f("pk_conflict_alias")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("conflict_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_alias_folded"), ["folded"], unique=True)

    op.create_table(
        "entry_detail",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(salt IS NULL) = (digest IS NOT NULL)", name=op.f("ck_entry_detail_redacted")),
        sa.CheckConstraint("salt IS NOT NULL OR value IS NULL", name=op.f("ck_entry_detail_value")),
        sa.ForeignKeyConstraint(["entry"], ["entry.number"], name=op.f("fk_entry_detail_entry")),
        sa.PrimaryKeyConstraint("entry", "field", name=op.f("pk_entry_detail")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "equipment_type",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_equipment_type_category_id")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["equipment_type.id"], name=op.f("fk_equipment_type_merged_into_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["equipment_type.id"], name=op.f("fk_equipment_type_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_type")),
        sa.UniqueConstraint("slug", name=op.f("uq_equipment_type_slug")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("dated", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_import_run_feed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_run_uid")),
    )
    op.create_table(
        "side",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("conflict_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["conflict_id"], ["conflict.id"], name=op.f("fk_side_conflict_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["side.id"], name=op.f("fk_side_merged_into_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["side.id"], name=op.f("fk_side_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_side")),
        sa.UniqueConstraint("slug", name=op.f("uq_side_slug")),
    )
    op.create_table(
        "loss",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("feed_key", sa.Text(), nullable=True),
        sa.Column("side_id", sa.Integer(), nullable=False),
        sa.Column("type_id", sa.Integer(), nullable=True),
        sa.Column("candidates", sa.Text(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("captor", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("fittings", sa.Text(), nullable=True),
        sa.Column("circumstance", sa.Text(), nullable=True),
        sa.Column("earliest", sa.String(), nullable=True),
        sa.Column("latest", sa.String(), nullable=True),
        sa.Column("reported", sa.String(), nullable=True),
        sa.Column("feed_day", sa.String(), nullable=True),
        sa.Column("inferred", sa.SmallInteger(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("verification", sa.String(), nullable=False),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("stands_in", sa.SmallInteger(), nullable=True),
        sa.Column("withdrawn", sa.SmallInteger(), nullable=True),
        sa.Column("split_from_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.String(), nullable=True),
        sa.Column("span", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.CheckConstraint("counts IN ('item', 'aggregate')", name=op.f("ck_loss_counts")),
        sa.CheckConstraint(
            "outcome IN ('destroyed', 'damaged', 'abandoned', 'captured', 'lost', 'recovered')",
            name=op.f("ck_loss_outcome"),
        ),
        sa.CheckConstraint(
            "status IN ('destroyed', 'damaged', 'abandoned', 'captured', 'lost')", name=op.f("ck_loss_status")
        ),
        sa.CheckConstraint(
            "verification IN ('confirmed', 'claimed', 'disputed', 'rejected')", name=op.f("ck_loss_verification")
        ),
        sa.CheckConstraint("inferred = 1", name=op.f("ck_loss_inferred")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_loss_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_loss_longitude")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_loss_quantity")),
        sa.CheckConstraint("stands_in = 1", name=op.f("ck_loss_stands_in")),
        sa.CheckConstraint("withdrawn = 1", name=op.f("ck_loss_withdrawn")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_loss_category_id")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_loss_feed_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["loss.id"], name=op.f("fk_loss_merged_into_id")),
        sa.ForeignKeyConstraint(["side_id"], ["side.id"], name=op.f("fk_loss_side_id")),
        sa.ForeignKeyConstraint(["split_from_id"], ["loss.id"], name=op.f("fk_loss_split_from_id")),
        sa.ForeignKeyConstraint(["type_id"], ["equipment_type.id"], name=op.f("fk_loss_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loss")),
        sa.UniqueConstraint("uid", name=op.f("uq_loss_uid")),
    )
    with op.batch_alter_table("loss", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loss_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loss_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_loss_feed_id_feed_key"), ["feed_id", "feed_key"], unique=True)
        batch_op.create_index(
            "ix_loss_merged",
            ["merged_into_id", "side_id", "category_id", "type_id", "feed_id", "stands_in", "withdrawn", "quantity"],
            unique=False,
            sqlite_where=sa.text("merged_into_id IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_loss_side_id_type_id_day"), ["side_id", "type_id", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_loss_type_id"), ["type_id"], unique=False)

    op.create_table(
        "published_tally",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("conflict_id", sa.Integer(), nullable=False),
        sa.Column("side_id", sa.Integer(), nullable=True),
        sa.Column("own", sa.SmallInteger(), nullable=True),
        sa.Column("feed_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("counted_by", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("categories", sa.Text(), nullable=True),
        sa.Column("groups", sa.Text(), nullable=True),
        sa.Column("types", sa.Text(), nullable=True),
        sa.Column("statuses", sa.Text(), nullable=True),
        sa.Column("span", sa.String(), nullable=True),
        sa.Column("since", sa.String(), nullable=True),
        sa.Column("as_of", sa.String(), nullable=True),
        sa.Column("inferred", sa.SmallInteger(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("bound", sa.String(), nullable=True),
        sa.Column("rule_set", sa.Text(), nullable=True),
        sa.Column("caveat", sa.Text(), nullable=True),
        sa.Column("entered", sa.SmallInteger(), nullable=True),
        sa.Column("accepted", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("bound IN ('exact', 'about', 'at least', 'at most')", name=op.f("ck_published_tally_bound")),
        sa.CheckConstraint("kind IN ('assertion', 'claim')", name=op.f("ck_published_tally_kind")),
        sa.CheckConstraint("span IN ('cumulative', 'increment')", name=op.f("ck_published_tally_span")),
        sa.CheckConstraint("entered = 1", name=op.f("ck_published_tally_entered")),
        sa.CheckConstraint("inferred = 1", name=op.f("ck_published_tally_inferred")),
        sa.CheckConstraint("own = 1", name=op.f("ck_published_tally_own")),
        sa.ForeignKeyConstraint(["conflict_id"], ["conflict.id"], name=op.f("fk_published_tally_conflict_id")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_published_tally_feed_id")),
        sa.ForeignKeyConstraint(["side_id"], ["side.id"], name=op.f("fk_published_tally_side_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_published_tally_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_tally")),
        sa.UniqueConstraint("uid", name=op.f("uq_published_tally_uid")),
    )
    op.create_table(
        "side_alias",
        sa.Column("side_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folded", sa.String(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["side_id"], ["side.id"], name=op.f("fk_side_alias_side_id")),
        sa.PrimaryKeyConstraint("side_id", "folded", name=op.f("pk_side_alias")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("side_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_side_alias_folded"), ["folded"], unique=False)

    op.create_table(
        "type_alias",
        sa.Column("equipment_type_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folded", sa.String(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('spelling', 'nato', 'designation', 'press')", name=op.f("ck_type_alias_kind")),
        sa.ForeignKeyConstraint(
            ["equipment_type_id"], ["equipment_type.id"], name=op.f("fk_type_alias_equipment_type_id")
        ),
        sa.PrimaryKeyConstraint("equipment_type_id", "folded", name=op.f("pk_type_alias")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("type_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_type_alias_folded"), ["folded"], unique=True)

    op.create_table(
        "evidence",
        sa.Column("loss_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(), autoincrement=False, nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("says", sa.Text(), nullable=True),
        sa.Column("credibility", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("credibility IN ('1', '2', '3', '4', '5', '6')", name=op.f("ck_evidence_credibility")),
        sa.CheckConstraint(
            "relation IN ('reports', 'admits', 'confirms', 'disputes')", name=op.f("ck_evidence_relation")
        ),
        sa.ForeignKeyConstraint(["loss_id"], ["loss.id"], name=op.f("fk_evidence_loss_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_evidence_source_id")),
        sa.PrimaryKeyConstraint("loss_id", "uid", name=op.f("pk_evidence")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_source_id"), ["source_id"], unique=False)

    op.create_table(
        "evidence_file",
        sa.Column("loss_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(), autoincrement=False, nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("captured_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["loss_id"], ["loss.id"], name=op.f("fk_evidence_file_loss_id")),
        sa.PrimaryKeyConstraint("loss_id", "uid", name=op.f("pk_evidence_file")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feed_row",
        sa.Column("loss_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("feed", sa.String(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("gone", sa.SmallInteger(), nullable=True),
        sa.Column("given", sa.Text(), nullable=True),
        sa.CheckConstraint("gone = 1", name=op.f("ck_feed_row_gone")),
        sa.ForeignKeyConstraint(["loss_id"], ["loss.id"], name=op.f("fk_feed_row_loss_id")),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_feed_row_run_id")),
        sa.PrimaryKeyConstraint("loss_id", "feed", name=op.f("pk_feed_row")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "loss_event",
        sa.Column("loss_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=True),
        sa.Column("earliest", sa.String(), nullable=True),
        sa.Column("latest", sa.String(), nullable=True),
        sa.Column("inferred", sa.SmallInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('destroyed', 'damaged', 'abandoned', 'captured', 'lost', 'recovered')",
            name=op.f("ck_loss_event_status"),
        ),
        sa.CheckConstraint("inferred = 1", name=op.f("ck_loss_event_inferred")),
        sa.ForeignKeyConstraint(["loss_id"], ["loss.id"], name=op.f("fk_loss_event_loss_id")),
        sa.PrimaryKeyConstraint("loss_id", "position", name=op.f("pk_loss_event")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "posting",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("loss_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("side_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("type_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("verification", sa.String(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=True),
        sa.Column("loss_day", sa.String(), nullable=True),
        sa.Column("span", sa.Integer(), nullable=False),
        sa.Column("inferred", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("counts IN ('item', 'aggregate')", name=op.f("ck_posting_counts")),
        sa.CheckConstraint(
            "status IN ('destroyed', 'damaged', 'abandoned', 'captured', 'lost')", name=op.f("ck_posting_status")
        ),
        sa.CheckConstraint(
            "verification IN ('confirmed', 'claimed', 'disputed', 'rejected')", name=op.f("ck_posting_verification")
        ),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_posting_quantity")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_posting_category_id")),
        sa.ForeignKeyConstraint(["entry"], ["entry.number"], name=op.f("fk_posting_entry")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_posting_feed_id")),
        sa.ForeignKeyConstraint(["loss_id"], ["loss.id"], name=op.f("fk_posting_loss_id")),
        sa.ForeignKeyConstraint(["side_id"], ["side.id"], name=op.f("fk_posting_side_id")),
        sa.ForeignKeyConstraint(["type_id"], ["equipment_type.id"], name=op.f("fk_posting_type_id")),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_posting")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_loss_id"), ["loss_id"], unique=False)
        batch_op.create_index(
            "ix_posting_tally",
            [
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
            ],
            unique=False,
        )
    triggers.install(op.get_bind())
