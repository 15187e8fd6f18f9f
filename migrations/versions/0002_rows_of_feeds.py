"""Lists that are followed: what an import did, what is held for review, rows found again by their key.

Never rebuild `entry`, `entry_detail` or `posting`: their triggers would be lost, and their bytes are hashed.
"""

import hashlib

import sqlalchemy as sa
from alembic import op

from lossledger.core.links import link_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FATES = ("read", "added", "changed", "unchanged", "held", "gone", "restored", "refused")


def upgrade() -> None:
    """Add the columns, the key's hash to the losses that have a key, and the key of every link by today's rule."""
    op.add_column("feed_row", sa.Column("held", sa.Text()))
    op.add_column("import_run", sa.Column("latest", sa.String()))
    for name in _FATES:
        op.add_column("import_run", sa.Column(f"rows_{name}", sa.BigInteger()))
    op.add_column("published_tally", sa.Column("place", sa.Text()))
    op.add_column("loss", sa.Column("feed_hash", sa.BigInteger()))
    _hash_keys(op.get_bind())
    _key_links(op.get_bind())
    op.drop_index("ix_loss_feed_id_feed_key", "loss")
    op.create_index("ix_loss_feed_id_feed_hash", "loss", ["feed_id", "feed_hash"])


def _hash_keys(connection: sa.Connection) -> None:
    loss = sa.table("loss", sa.column("id"), sa.column("feed_key"), sa.column("feed_hash"))
    keyed = connection.execute(sa.select(loss.c.id, loss.c.feed_key).where(loss.c.feed_key.is_not(None))).all()
    for row_id, key in keyed:
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
        hashed = int.from_bytes(digest[:8], "big", signed=True)
        connection.execute(sa.update(loss).where(loss.c.id == row_id).values(feed_hash=hashed))


def _key_links(connection: sa.Connection) -> None:
    """Look links up by the rule that the program has: the key is no record, and is audited against that rule.

    A later rule needs a migration of its own; going through this one then gives the later keys at once, and no harm.
    """
    source = sa.table("source", sa.column("id"), sa.column("url"), sa.column("url_key"))
    # One that was redacted has no key, and gets none.
    keyed = connection.execute(sa.select(source.c.id, source.c.url).where(source.c.url_key.is_not(None))).all()
    if keyed:
        by_id = sa.update(source).where(source.c.id == sa.bindparam("at")).values(url_key=sa.bindparam("key"))
        connection.execute(by_id, [{"at": row_id, "key": link_key(url)} for row_id, url in keyed])
