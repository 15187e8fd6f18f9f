"""The journal: the one place where an entry, its postings and the projection are written, together."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from sqlalchemy import Connection, Engine

from lossledger.core.days import utc_now
from lossledger.core.digest import GENESIS, new_uid
from lossledger.core.fields import State
from lossledger.core.fold import changed, changed_to
from lossledger.core.forms import check_forms
from lossledger.core.records import KINDS
from lossledger.core.sealing import Draft, seal
from lossledger.core.trail import Posting, movement
from lossledger.core.vocabulary import Act
from lossledger.db.bulk import AnyRow
from lossledger.db.engine import place, writing
from lossledger.db.keys import Keys, forget_oldest
from lossledger.db.schema import require_current
from lossledger.db.sending import Sending
from lossledger.ledger.batch import Batch, posting_row
from lossledger.ledger.mould import Mould
from lossledger.ledger.projection import enter, put
from lossledger.queries.history import folded, head

_CHUNK = 1_000
"""How many entries are gathered before they go to the database. Many more take longer: they no longer fit the cache."""

_REMEMBERED = 5_000
"""How many subjects named by a uid have their states remembered; those of the catalogue all have."""


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
        last = head(connection)
        self._number, self._hash = (last.number, last.hash) if last else (0, GENESIS)
        self._before = self._number
        self._reason_told = reason
        self.recorded_at = max(utc_now(), last.recorded_at if last else "")
        self.names: dict[tuple[str, str | None], dict[str, str]] = {}
        """Names known to be taken, by kind and conflict: the catalogue's memory within one act."""
        self._states: dict[tuple[str, str], State] = {}
        self._passing: dict[tuple[str, str], State] = {}
        """States of subjects named by a uid, which may be any number: the oldest are forgotten once written."""
        self._drafts: list[Draft] = []
        self._batch = Batch()
        self._sending = Sending(connection)

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
        self, act: Act, kind: str, key: str, fields: Mapping[str, str | None], *, new: bool = False, **about: str
    ) -> State:
        """Append one entry: the fields that it changes in a subject, None to clear one.

        ``about`` describes the act itself (``text`` of a note, ``to`` of a link). With ``new`` the
        subject is known not to exist, and is not looked for. Returns the subject's state after it.
        Errors: Refused for a value that is not of its field's form; then nothing was appended.
        """
        before = {} if new else self.state(kind, key)
        change = changed(before, fields)
        check_forms(kind, change)
        after = changed_to(before, change)
        if change:
            put(self._batch.rows, self.keys, kind, key, before, after)
        self.know(kind, key, after)
        lines = movement(before, after) if kind == "loss" else []
        self._write(act, kind, key, change, lines, [posting_row(self.keys.id_of, line) for line in lines], about)
        return after

    def begin(self, act: Act, mould: Mould, key: str, own: State, evidence: Mapping[str, str] | None = None) -> None:
        """Append the entry that begins one of the many subjects which a list brings, cast from a mould.

        It is written as `append` does, but that fields which may not be redacted stand in one detail, and that
        its state is not remembered, for nobody asks for it again. The forms of its fields have to be looked at by
        who calls, before anything that it refers to is entered.
        """
        new = mould.cast(own, evidence or {})
        enter(self._batch.rows, self.keys, mould.kind, key, new.rows)
        self._write(act, mould.kind, key, new.details, new.lines, new.postings, {})

    @contextmanager
    def because(self, reason: str | None) -> Iterator[None]:
        """Append for a reason of its own, where one act does several things for different ones."""
        before, self.reason = self.reason, reason
        try:
            yield
        finally:
            self.reason = before

    def refold(self, kind: str, key: str) -> None:
        """Have the projection show a subject anew, after details of its entries were redacted."""
        self._memory(kind).pop((kind, key), None)
        state = self.state(kind, key)
        put(self._batch.rows, self.keys, kind, key, state, state)

    def flush(self) -> None:
        """Send what was gathered to the database, still within the transaction; it is there afterwards."""
        self._sending.wait()
        self._gathered().write(self.connection)
        self._forget()

    def send(self) -> None:
        """Send what was gathered while the next is made. Who reads in the transaction waits for it, and finds it."""
        self._sending.begin(partial(self._gathered().write, self.connection))
        self._forget()

    def close(self) -> None:
        """Send nothing more: the transaction ends."""
        self._sending.close()

    def _gathered(self) -> Batch:
        """What was gathered since it was asked for last, with its entries at the end of the chain."""
        batch, self._batch = self._batch, Batch()
        drafts, self._drafts = self._drafts, []
        sealed = seal(drafts, self._hash, act_id=self.act_id, at=self.recorded_at)
        batch.entries, batch.details, self._hash = sealed
        return batch

    def _forget(self) -> None:
        forget_oldest(self._passing, _REMEMBERED)
        self.keys.forget()

    def _write(
        self,
        act: Act,
        kind: str,
        key: str,
        written: Mapping[str, str | None],
        lines: Sequence[Posting],
        postings: Sequence[AnyRow],
        about: Mapping[str, str | None],
    ) -> None:
        if self._number == self._before or self.reason != self._reason_told:
            about = {**self._who_and_why(), **about}
        self._number += 1
        number, batch = self._number, self._batch
        self._drafts.append(Draft(number, act.value, kind, key, {**written, **about} if about else written, lines))
        if postings:
            loss = self.keys.id_of("loss", key)
            batch.postings += [(number, line, loss, *posting) for line, posting in enumerate(postings)]
        if len(self._drafts) >= _CHUNK:
            self.send()

    def _who_and_why(self) -> dict[str, str | None]:
        """What an entry says of its act: the first one who acts and why, for all; a later one only another reason."""
        if self._number > self._before:
            return {"reason": self.reason}
        self._reason_told = self.reason
        return {"actor": self.actor} if self.reason is None else {"actor": self.actor, "reason": self.reason}


@contextmanager
def recording(engine: Engine, *, actor: str, reason: str | None = None, keep: bool = True) -> Iterator[Journal]:
    """A journal open for one act; all of it is committed at the end, or none where anything fails.

    With ``keep`` false everything is done and then taken back: a dry run. Errors: NoLedger for a schema
    that is not this program's; Unavailable where another writer does not finish in time.
    """
    with writing(engine, keep=keep) as connection:
        require_current(connection, place(engine))
        journal = Journal(connection, actor=actor, reason=reason)
        try:
            yield journal
            journal.flush()
        finally:
            journal.close()
