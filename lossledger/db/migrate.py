"""Making and upgrading the schema, by Alembic; imported only when a schema is to be changed."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from lossledger.resources import folder


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the schema to a revision, in the transaction of the connection."""
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
