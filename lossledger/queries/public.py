"""What of a ledger everybody may see, as its settings say."""

from sqlalchemy import Connection, select

from lossledger.core.public_view import SETTINGS, PublicView, view_of
from lossledger.db.tables import SUBJECTS

_settings = SUBJECTS["setting"]


def public_view(connection: Connection) -> PublicView:
    """The public view that the settings of a ledger make."""
    statement = select(_settings.c.slug, _settings.c.value).where(_settings.c.slug.in_(SETTINGS))
    return view_of(dict(connection.execute(statement).all()))
