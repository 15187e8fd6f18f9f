"""The store of the ledger that a command works on."""

from typing import TYPE_CHECKING

from lossledger.cli.app import App
from lossledger.core.text import many
from lossledger.errors import Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.evidence.store import Store


def settled(app: App) -> "Store":
    """The store, with what broken-off commands had staged in its place; where it cannot be written to, this is said."""
    from lossledger.ledger.files import known_to

    store = app.store()
    engine = app.engine()
    try:
        store.settle(known_to(engine))
    except Unavailable as error:
        app.say(str(error))
    return store


def store_to_look_at(store: "Store", connection: "Connection") -> tuple["Store | None", str]:
    """The store where it is on this machine; else what to say of the files that cannot be looked at."""
    from lossledger.queries.files import sizes

    if store.exists:
        return store, ""
    number = len(sizes(connection))
    said = f"the files were not looked at: {many(number, 'file is', 'files are')} held, and there is no {store.folder}"
    return None, f"{said}; name the store with --store" if number else ""
