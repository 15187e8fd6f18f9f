"""The journal: the one place where an entry, its postings and the projection are written, together."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, insert

from lossledger.core.days import utc_now
from lossledger.core.digest import (
    FORMAT,
    GENESIS,
    Detail,
    Entry,
    details_digest,
    entry_hash,
    new_detail,
    new_uid,
)
from lossledger.core.fields import State
from lossledger.core.fold import changed, fold
from lossledger.core.forms import check_form
from lossledger.core.records import field_of
from lossledger.core.trail import Posting, movement
from lossledger.core.vocabulary import Act
from lossledger.db.engine import place, writing
from lossledger.db.keys import Keys
from lossledger.db.schema import require_current
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail, posting
from lossledger.ledger.projection import Projection, Row
from lossledger.queries.history import folded, head

_CHUNK = 5_000
"""How many entries are gathered before they go to the database."""


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
        self._entries: list[Row] = []
        self._details: list[Row] = []
        self._postings: list[Row] = []

    @property
    def number(self) -> int:
        """The number of the last entry, those still gathered included."""
        return self._number

    def state(self, kind: str, key: str) -> State:
        """A subject as its entries leave it, those of this act included; empty where there is none."""
        known = self._states.get((kind, key))
        if known is None:
            known = self._states[kind, key] = folded(self.connection, kind, key)
        return known

    def know(self, kind: str, key: str, state: State) -> None:
        """Take a subject's state from one who has just read it, among others, in one statement."""
        self._states[kind, key] = state

    def append(
        self,
        act: Act,
        kind: str,
        key: str,
        fields: Mapping[str, str | None],
        *,
        new: bool = False,
        **about: str,
    ) -> State:
        """Append one entry: the fields that it changes in a subject, None to clear one.

        ``about`` describes the act itself (``text`` of a note, ``to`` of a link). With ``new`` the
        subject is known not to exist, and is not looked for. Returns the subject's state after it.
        Errors: Refused for a value that is not of its field's form; then nothing was appended.
        """
        before = {} if new else self.state(kind, key)
        change = changed(before, fields)
        for path, value in change.items():
            if value is not None:
                check_form(field_of(kind, path), path, value)
        own = {"actor": self.actor, "reason": self.reason, **about}
        details = [new_detail(path, value) for path, value in own.items() if value is not None]
        details += [new_detail(path, value) for path, value in change.items()]
        after = fold(before, details)
        if change:
            self._projection.put(kind, key, before, after)
        self._states[kind, key] = after
        self._write(act, kind, key, details, movement(before, after) if kind == "loss" else [])
        return after

    def refold(self, kind: str, key: str) -> None:
        """Have the projection show a subject anew, after details of its entries were redacted."""
        self._states.pop((kind, key), None)
        state = self.state(kind, key)
        self._projection.put(kind, key, state, state)

    def flush(self) -> None:
        """Send what was gathered to the database, still within the transaction."""
        for table, rows in ((entries, self._entries), (entry_detail, self._details)):
            if rows:
                self.connection.execute(insert(table), rows)
        self._projection.flush()
        if self._postings:
            self.connection.execute(insert(posting), self._postings)
        self._entries, self._details, self._postings = [], [], []

    def _write(self, act: Act, kind: str, key: str, details: list[Detail], lines: list[Posting]) -> None:
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
            digest=details_digest(details),
            previous=self._hash,
            hash=b"",
        )
        done = bare._replace(hash=entry_hash(bare, lines))
        self._number, self._hash = done.number, done.hash
        self._entries.append(done._asdict())
        self._details += [{"entry": done.number, **detail._asdict()} for detail in details]
        self._postings += [
            {"entry": done.number, "line": line, **self._posting_row(key, lines[line])} for line in range(len(lines))
        ]
        if len(self._entries) >= _CHUNK:
            self.flush()

    def _posting_row(self, uid: str, line: Posting) -> Row:
        row: Row = {"loss_id": self.keys.id_of("loss", uid)}
        for name, value in line._asdict().items():
            if name in ("side", "category", "type", "feed"):
                row[f"{name}_id"] = None if value is None else self.keys.id_of(name, value)
            else:
                row[name] = value
        return row


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
