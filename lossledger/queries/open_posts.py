"""How many posts wait: all that a tally's caption needs to know of the inbox."""

from sqlalchemy import Connection, func, select

from lossledger.db.tables import post


def open_posts(connection: Connection) -> int:
    """How many posts of the inbox are open."""
    return connection.scalar(select(func.count()).select_from(post).where(post.c.closed_as.is_(None))) or 0
