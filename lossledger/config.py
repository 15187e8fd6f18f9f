"""Where the ledger is and who acts on it: from an option, else the environment, else the machine."""

import getpass
import os
from pathlib import Path

from lossledger.errors import Refused

DB_VARIABLE = "LOSSLEDGER_DB"
ACTOR_VARIABLE = "LOSSLEDGER_ACTOR"
STORE_VARIABLE = "LOSSLEDGER_STORE"


def ledger_location(given: str | None) -> str:
    """The ledger's path or URL: ``--db``, else ``LOSSLEDGER_DB``, else a file in the user's data folder."""
    chosen = given or os.environ.get(DB_VARIABLE)
    if chosen:
        return chosen
    import platformdirs

    return str(Path(platformdirs.user_data_dir("lossledger", appauthor=False)) / "lossledger.db")


def ledger_file(location: str) -> Path | None:
    """The file of an SQLite ledger, or None for a ledger on a server."""
    path = location.partition("?")[0].removeprefix("sqlite:///") if "://" in location else location
    if "://" in path:
        return None
    return Path(path).expanduser().absolute()


def store_folder(given: str | None, location: str) -> Path:
    """Where the files of a ledger are: ``--store``, else ``LOSSLEDGER_STORE``, else a folder beside its file.

    For a ledger on a server it is a folder of the database's name in the user's data folder.
    """
    chosen = given or os.environ.get(STORE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    file = ledger_file(location)
    if file is not None:
        stem = file.stem if file.suffix in _DATABASES else file.name
        return file.with_name(f"{stem}.evidence")
    import platformdirs

    database = location.partition("?")[0].rpartition("/")[2] or "lossledger"
    return Path(platformdirs.user_data_dir("lossledger", appauthor=False)) / f"{database}.evidence"


_DATABASES = (".db", ".sqlite", ".sqlite3")
"""The endings that a ledger's store goes without; "losses.2020" and "losses.2021" have stores of their own."""


def state_folder() -> Path:
    """Where the program keeps what it would rather not forget, and can do without: the platform's folder for it."""
    import platformdirs

    return Path(platformdirs.user_state_dir("lossledger", appauthor=False))


def actor(given: str | None) -> str:
    """Who acts: ``--actor``, else ``LOSSLEDGER_ACTOR``, else the user's login. A name given, not proved."""
    chosen = given or os.environ.get(ACTOR_VARIABLE)
    if chosen:
        return chosen
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise Refused(f"this machine does not say who you are; give a name with --actor or {ACTOR_VARIABLE}") from None
