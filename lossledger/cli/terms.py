"""Terms of the catalogue: found by what a user calls them, made, changed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App
from lossledger.cli.options import reason_of
from lossledger.cli.telling import tell
from lossledger.cli.typed import Fields, set_only, typed
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked, inert, many

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.ledger.journal import Journal


def find(connection: "Connection", kind: str, name: str, conflict: str | None) -> str:
    """The slug of what is called so; a side within its conflict, unless its slug names one."""
    from lossledger.queries.names import resolve, the_conflict

    if kind != "side" or "/" in name:
        return resolve(connection, kind, name)
    return resolve(connection, kind, name, the_conflict(connection, conflict))


def reposted(journal: "Journal", how: str = "reposted") -> str:
    """How many losses an act moved, to follow what it did."""
    from lossledger.queries.history import losses_in_act

    journal.flush()
    number = losses_in_act(journal.connection, journal.act_id)
    return f"; {many(number, 'loss', 'losses')} {how}"


def add_term(app: App, kind: str, given: Mapping[str, Any]) -> None:
    """Make something new in the catalogue from a command's options, and print its slug.

    Errors: Refused where a name is taken or a value cannot be.
    """
    from lossledger.ledger.catalogue import create

    reason = reason_of(given["reason"]) if given["reason"] else None
    with app.recording(reason, dry_run=given["dry_run"]) as journal:
        fields = set_only(_fields(journal.connection, kind, given))
        aliases = {checked(alias, "alias", MAX_LINE, lines=False): None for alias in given["aliases"]}
        key = create(journal, kind, fields, aliases=aliases)
    tell(app, f"{kind} {fields['name']} (new)", dry_run=given["dry_run"])
    if not given["dry_run"]:
        click.echo(inert(key))


def change_term(app: App, kind: str, name: str, given: Mapping[str, Any]) -> None:
    """Change fields of something in the catalogue; an empty text clears one.

    Errors: Refused where nothing is to change.
    """
    from lossledger.ledger.catalogue import change

    with app.recording(reason_of(given["reason"]), dry_run=given["dry_run"]) as journal:
        key = find(journal.connection, kind, name, given.get("conflict"))
        before = journal.state(kind, key)
        fields = _fields(journal.connection, kind, {**given, "conflict": None}, key.partition("/")[0])
        after = change(journal, kind, key, fields)
        said = [f"{field} {before.get(field, 'none')} -> {after.get(field, 'none')}" for field in fields]
        moved = reposted(journal) if "category" in fields else ""
    tell(app, f"{kind} {before['name']}: {', '.join(said)}{moved}", dry_run=given["dry_run"])


def _fields(connection: "Connection", kind: str, given: Mapping[str, Any], conflict: str | None = None) -> Fields:
    from lossledger.queries.names import the_conflict

    if kind != "side" or conflict is not None:
        return typed(connection, kind, given, conflict)
    within = the_conflict(connection, given["conflict"])
    return typed(connection, kind, {**given, "conflict": within}, within)
