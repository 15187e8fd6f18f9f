"""What a command is given: the ledger, the actor, and a voice on standard error."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import click

from lossledger import config
from lossledger.cli.voice import say
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked
from lossledger.errors import NoLedger

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from lossledger.evidence.store import Store
    from lossledger.ledger.journal import Journal


class App:
    """The ledger that a command works on, opened when it is first needed."""

    def __init__(self, db: str | None, actor: str | None, store: str | None = None) -> None:
        self.location = config.ledger_location(db)
        self._actor = actor
        self._store = store

    @property
    def actor(self) -> str:
        """Who acts: a name given, not proved."""
        return checked(config.actor(self._actor), "actor", MAX_LINE, lines=False)

    @property
    def exists(self) -> bool:
        """Whether there is something at the ledger's place; a server is asked only when it is used."""
        file = config.ledger_file(self.location)
        return file is None or (file.exists() and (file.is_dir() or file.stat().st_size > 0))

    def store(self) -> "Store":
        """The store of the ledger's files; its folder need not be there."""
        from lossledger.evidence.store import Store

        return Store(config.store_folder(self._store, self.location))

    def engine(self, *, new: bool = False, much: bool = False) -> "Engine":
        """The engine of the ledger, to write much with it or not.

        Errors: NoLedger where there is none, unless it is to be new.
        """
        from lossledger.db.engine import open_engine

        if not new and not self.exists:
            raise NoLedger(
                f"no ledger at {self.location}; look around with: lossledger demo, or start one with: lossledger init"
            )
        return open_engine(self.location, much=much)

    @contextmanager
    def reading(self) -> Iterator["Connection"]:
        """A connection for reading a ledger whose schema is this program's."""
        from lossledger.db.engine import place, reading
        from lossledger.db.schema import require_current

        engine = self.engine()
        with reading(engine) as connection:
            require_current(connection, place(engine))
            yield connection

    def recording(
        self, reason: str | None = None, *, dry_run: bool = False, much: bool = False
    ) -> AbstractContextManager["Journal"]:
        """A journal open for one act of the actor, a large one or not; a dry run keeps nothing of what it does."""
        from lossledger.ledger.journal import recording

        return recording(self.engine(much=much), actor=self.actor, reason=reason, keep=not dry_run)

    def say(self, line: str) -> None:
        """Tell the user something that is no data."""
        say(line)


pass_app = click.make_pass_decorator(App)
