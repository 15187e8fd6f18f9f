"""The triggers that make the ledger append-only in the database itself.

``entry`` and ``posting`` refuse every change of a row; ``entry_detail`` lets one pass: taking a text out
and leaving its digest. On SQLite an INSERT OR REPLACE fires no delete trigger, so an insert over a
standing row is refused as well; on PostgreSQL TRUNCATE has a trigger of its own.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, column, select, table, text

from lossledger.db.tables import metadata

_KEYS = {
    "entry": "number = NEW.number",
    "posting": "entry = NEW.entry AND line = NEW.line",
}
_KEYS["entry_detail"] = "entry = NEW.entry AND field = NEW.field"

_REDACTION = (
    "NEW.entry = OLD.entry AND NEW.field = OLD.field AND OLD.salt IS NOT NULL"
    " AND NEW.salt IS NULL AND NEW.value IS NULL AND NEW.digest IS NOT NULL"
)


def _sqlite(name: str, event: str, on: str, refused: str, when: str = "") -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {on}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{on} is append-only: {refused} refused'); END"
    )


def _sqlite_triggers() -> dict[str, str]:
    triggers = {}
    for on, key in _KEYS.items():
        standing = f"EXISTS (SELECT 1 FROM {on} WHERE {key})"  # noqa: S608 - our own tables' names
        update_when = f"NOT ({_REDACTION})" if on == "entry_detail" else ""
        triggers[f"{on}_no_update"] = _sqlite(f"{on}_no_update", "UPDATE", on, "UPDATE", update_when)
        triggers[f"{on}_no_delete"] = _sqlite(f"{on}_no_delete", "DELETE", on, "DELETE")
        triggers[f"{on}_no_replace"] = _sqlite(f"{on}_no_replace", "INSERT", on, "REPLACE", standing)
    return triggers


_POSTGRES_BODY = "BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP; END"
_POSTGRES_FUNCTION = (
    f"CREATE OR REPLACE FUNCTION lossledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $${_POSTGRES_BODY}$$"
)

# The same as _REDACTION, as PostgreSQL tells it when it is asked: so it can be compared to the letter.
_POSTGRES_REDACTION = (
    "(new.entry = old.entry) AND ((new.field)::text = (old.field)::text) AND (old.salt IS NOT NULL)"
    " AND (new.salt IS NULL) AND (new.value IS NULL) AND (new.digest IS NOT NULL)"
)


def _postgres_triggers() -> dict[str, str]:
    triggers = {}
    for on in _KEYS:
        when = f" WHEN ((NOT ({_POSTGRES_REDACTION})))" if on == "entry_detail" else ""
        calls = "EXECUTE FUNCTION lossledger_refuse()"
        triggers[f"{on}_no_update"] = f"CREATE TRIGGER {on}_no_update BEFORE UPDATE ON {on} FOR EACH ROW{when} {calls}"
        triggers[f"{on}_no_delete"] = f"CREATE TRIGGER {on}_no_delete BEFORE DELETE ON {on} FOR EACH ROW {calls}"
        triggers[f"{on}_no_truncate"] = (
            f"CREATE TRIGGER {on}_no_truncate BEFORE TRUNCATE ON {on} FOR EACH STATEMENT {calls}"
        )
    return triggers


_TRIGGERS = {"sqlite": _sqlite_triggers(), "postgresql": _postgres_triggers()}


def install(connection: Connection) -> None:
    """Put all triggers in place, in the transaction of the connection."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_POSTGRES_FUNCTION))
    for statement in _TRIGGERS[connection.dialect.name].values():
        connection.execute(text(statement))


def lift(connection: Connection) -> None:
    """Take all triggers of an SQLite file away: of a copy that is cut down before it is read, never of a ledger."""
    for name in _TRIGGERS["sqlite"]:
        connection.execute(text(f"DROP TRIGGER {name}"))


def lift_guard_of_inserts(connection: Connection) -> None:
    """Take away SQLite's triggers over inserts until `guard_inserts`, within one transaction.

    They look for every new row whether it stands already. A large act that only inserts can do without: what stands
    already is refused by the primary key.
    """
    for name in _guards_of_inserts():
        connection.execute(text(f"DROP TRIGGER {name}"))


def guard_inserts(connection: Connection) -> None:
    """Put SQLite's triggers over inserts in place again."""
    for statement in _guards_of_inserts().values():
        connection.execute(text(statement))


def _guards_of_inserts() -> dict[str, str]:
    return {name: statement for name, statement in _TRIGGERS["sqlite"].items() if name.endswith("_no_replace")}


def faults(connection: Connection) -> list[str]:
    """A line for every trigger that is missing, disabled, changed, or not ours; none where all is well."""
    found = _standing(connection)
    wanted = _TRIGGERS[connection.dialect.name]
    missing = [f"trigger {name} is missing" for name in wanted if name not in found]
    changed = [
        f"trigger {name} is not the one this program made"
        for name, statement in wanted.items()
        if name in found and found[name] != statement
    ]
    strange = [f"trigger {name} is none that this program made" for name in found if name not in wanted]
    return missing + changed + strange + _function_faults(connection)


def _standing(connection: Connection) -> Mapping[str, str]:
    """The triggers on the tables of the ledger: name to definition."""
    if connection.dialect.name == "sqlite":
        master = table("sqlite_master", column("type"), column("name"), column("tbl_name"), column("sql"))
        rows = select(master.c.name, master.c.sql).where(
            master.c.type == "trigger", master.c.tbl_name.in_(metadata.tables)
        )
        return dict(connection.execute(rows).all())
    switched = connection.execute(
        text(
            "SELECT tgname, pg_get_triggerdef(pg_trigger.oid), tgenabled, current_schema() FROM pg_trigger"
            " JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND pg_class.relnamespace = current_schema()::regnamespace"
            " AND relname IN :tables"
        ).bindparams(bindparam("tables", list(metadata.tables), expanding=True))
    )
    # A trigger switched off ("D") stands in the catalogue as before, so its state is part of the text.
    return {
        name: definition.replace(f" ON {schema}.", " ON ") if enabled == "O" else f"switched off: {enabled}"
        for name, definition, enabled, schema in switched
    }


def _function_faults(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        return []
    body = connection.execute(
        text(
            "SELECT prosrc FROM pg_proc WHERE proname = 'lossledger_refuse'"
            " AND pronargs = 0 AND pronamespace = current_schema()::regnamespace"
        )
    ).scalar()
    if body == _POSTGRES_BODY:
        return []
    return ["function lossledger_refuse is missing or not the one this program made"]
