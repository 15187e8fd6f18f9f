"""Runs migrations on the connection that the program hands over, or on one made from ``-x url=...``."""

from alembic import context
from sqlalchemy import Connection

from lossledger.db.engine import open_engine, writing
from lossledger.db.tables import metadata


def run(connection: Connection) -> None:
    """Bring the schema of one database up, inside the caller's transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite cannot alter a constraint in place; batch mode copies the table. Never the ledger's own tables.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    with writing(open_engine(context.get_x_argument(as_dictionary=True)["url"])) as connection:
        run(connection)
