"""The version of a ledger's schema, read without the tool that changes it."""

from sqlalchemy import Connection, column, inspect, select, table

from lossledger.errors import NoLedger

CURRENT = "0005"
"""The revision that this program works with: the newest of ``migrations/versions``."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every revision there has been, oldest first."""

_version = table("alembic_version", column("version_num"))


def revision(connection: Connection) -> str | None:
    """The revision of the schema in a database, or None where it holds no ledger."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(select(_version.c.version_num))


def require_current(connection: Connection, where: str) -> None:
    """Refuse a database whose schema this program cannot work with.

    Errors: NoLedger for no ledger at all, an older schema (upgrade it) or a newer one (upgrade the program).
    """
    found = connection.scalar(select(_version.c.version_num))
    if found == CURRENT:
        return
    if found in REVISIONS:
        raise NoLedger(f"{where} has schema {found}, this program needs {CURRENT}; run: lossledger db upgrade")
    raise NoLedger(f"{where} has schema {found}, which this program ({CURRENT}) does not know; upgrade lossledger")
