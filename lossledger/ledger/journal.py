"""The journal: the one place where an entry, its postings and the projection are written, together."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from lossledger.core.days import utc_now
from lossledger.core.digest import (
    FORMAT,
    GENESIS,
    Entry,
    entry_hash,
    new_uid,
    sealed,
)
from lossledger.core.fields import State
from lossledger.core.fold import changed, changed_to, packed
from lossledger.core.forms import check_forms
from lossledger.core.records import KINDS
from lossledger.core.trail import Posting, movement
from lossledger.core.vocabulary import Act
from lossledger.db.bulk import AnyRow, insert_rows
from lossledger.db.engine import place, writing
from lossledger.db.keys import Keys, forget_oldest
from lossledger.db.schema import require_current
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail, posting
from lossledger.ledger.projection import Projection
from lossledger.queries.history import folded, head

_CHUNK = 1_000
"""How many entries are gathered before they go to the database. Many more take longer: they no longer fit the cache."""

_REMEMBERED = 5_000
"""How many subjects named by a uid have their states remembered; those of the catalogue all have."""

_ENTRY = tuple(entries.c.keys())
_DETAIL = ("entry", "field", "value", "salt")
_POSTING = tuple(posting.c.keys())


class Journal:
    """The end of the chain, open for one act by one actor for one reason.

    Every entry appended here shares the act's id and its time. Nothing stands in the ledger before
    the transaction that the journal was opened in is committed.
    """

    def __init__(self, connection: Connection, *, actor: str, reason: str | None = None) -> None:
        self.connection = connection
        self.actor = actor
        self.reason = reason
        self.act_id = new_uid()
        self.keys = Keys(connection)
        self._projection = Projection(connection, self.keys)
        last = head(connection)
        self._number, self._hash = (last.number, last.hash) if last else (0, GENESIS)
        self.recorded_at = max(utc_now(), last.recorded_at if last else "")
        self.names: dict[tuple[str, str | None], dict[str, str]] = {}
        """Names known to be taken, by kind and conflict: the catalogue's memory within one act."""
        self._states: dict[tuple[str, str], State] = {}
        self._passing: dict[tuple[str, str], State] = {}
        """States of subjects named by a uid, which may be any number: the oldest are forgotten once written."""
        self._entries: list[AnyRow] = []
        self._details: list[AnyRow] = []
        self._postings: list[AnyRow] = []

    @property
    def number(self) -> int:
        """The number of the last entry, those still gathered included."""
        return self._number

    def state(self, kind: str, key: str) -> State:
        """A subject as its entries leave it, those of this act included; empty where there is none."""
        known = self._memory(kind).get((kind, key))
        if known is None:
            known = folded(self.connection, kind, key)
            self.know(kind, key, known)
        return known

    def know(self, kind: str, key: str, state: State) -> None:
        """Take a subject's state from one who has just read it, among others, in one statement."""
        self._memory(kind)[kind, key] = state

    def _memory(self, kind: str) -> dict[tuple[str, str], State]:
        return self._passing if KINDS[kind].key == "uid" else self._states

    def append(
        self,
        act: Act,
        kind: str,
        key: str,
        fields: Mapping[str, str | None],
        *,
        new: bool = False,
        pack: bool = False,
        **about: str,
    ) -> State:
        """Append one entry: the fields that it changes in a subject, None to clear one.

        ``about`` describes the act itself (``text`` of a note, ``to`` of a link). With ``new`` the
        subject is known not to exist, and is not looked for; with ``pack``, too, its fields that may not be
        redacted are written as one detail. Returns the subject's state after it.
        Errors: Refused for a value that is not of its field's form; then nothing was appended.
        """
        before = {} if new else self.state(kind, key)
        change = changed(before, fields)
        check_forms(kind, change)
        after = changed_to(before, change)
        lines = movement(before, after) if kind == "loss" else []
        own = {"actor": self.actor, "reason": self.reason, **about}
        written = packed(kind, after) if new and pack else change
        digest, details = sealed({name: value for name, value in own.items() if value is not None} | written)
        if change:
            self._projection.put(kind, key, before, after)
        self.know(kind, key, after)
        self._write(act, kind, key, digest, details, lines)
        return after

    def refold(self, kind: str, key: str) -> None:
        """Have the projection show a subject anew, after details of its entries were redacted."""
        self._memory(kind).pop((kind, key), None)
        state = self.state(kind, key)
        self._projection.put(kind, key, state, state)

    def flush(self) -> None:
        """Send what was gathered to the database, still within the transaction."""
        insert_rows(self.connection, entries, _ENTRY, self._entries)
        insert_rows(self.connection, entry_detail, _DETAIL, self._details)
        self._projection.flush()
        insert_rows(self.connection, posting, _POSTING, self._postings)
        self._entries, self._details, self._postings = [], [], []
        forget_oldest(self._passing, _REMEMBERED)
        self.keys.forget()

    def _write(
        self,
        act: Act,
        kind: str,
        key: str,
        digest: bytes,
        details: list[tuple[str, str | None, bytes]],
        lines: list[Posting],
    ) -> None:
        bare = Entry(
            number=self._number + 1,
            format=FORMAT,
            act=act.value,
            act_id=self.act_id,
            kind=kind,
            subject=key,
            recorded_at=self.recorded_at,
            acted_at=self.recorded_at,
            origin=None,
            digest=digest,
            previous=self._hash,
            hash=b"",
        )
        done = bare._replace(hash=entry_hash(bare, lines))
        number, self._hash = done.number, done.hash
        self._number = number
        self._entries.append(done)
        self._details += [(number, *detail) for detail in details]
        self._postings += [(number, line, *self._posting_row(key, lines[line])) for line in range(len(lines))]
        if len(self._entries) >= _CHUNK:
            self.flush()

    def _posting_row(self, uid: str, line: Posting) -> tuple[object, ...]:
        """What follows a posting's entry and line: the loss, then what is hashed, with row ids for names."""
        quantity, side, category, kind, status, verification, feed, *rest = line
        id_of = self.keys.id_of
        return (
            id_of("loss", uid),
            quantity,
            id_of("side", side),
            id_of("category", category),
            None if kind is None else id_of("type", kind),
            status,
            verification,
            id_of("feed", feed),
            *rest,
        )


@contextmanager
def recording(engine: Engine, *, actor: str, reason: str | None = None, keep: bool = True) -> Iterator[Journal]:
    """A journal open for one act; all of it is committed at the end, or none where anything fails.

    With ``keep`` false everything is done and then taken back: a dry run. Errors: NoLedger for a schema
    that is not this program's; Unavailable where another writer does not finish in time.
    """
    with writing(engine, keep=keep) as connection:
        require_current(connection, place(engine))
        journal = Journal(connection, actor=actor, reason=reason)
        yield journal
        journal.flush()
