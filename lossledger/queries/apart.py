"""Pairs of losses that somebody looked at and found to be two things."""

from sqlalchemy import Connection, select

from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.history import undone


def said_apart(connection: Connection) -> set[frozenset[str]]:
    """The pairs, by uid, of which the last link that was not undone says that they are two.

    A link says so by a text. Whether it has one is asked, not which: a text may be redacted. People make links one at
    a time, so all of them are few.
    """
    to, text = details.alias(), details.alias()
    statement = (
        select(entries.c.subject, to.c.value, text.c.entry)
        .join(to, (to.c.entry == entries.c.number) & (to.c.field == "to"))
        .join(text, (text.c.entry == entries.c.number) & (text.c.field == "text"), isouter=True)
        .where(entries.c.kind == "loss", entries.c.act == Act.LINK, ~undone(entries))
        .order_by(entries.c.number)
    )
    apart = {frozenset((uid, other)): said is not None for uid, other, said in connection.execute(statement)}
    return {pair for pair, is_apart in apart.items() if is_apart}
