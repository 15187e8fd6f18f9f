"""Restoring a journal that a package takes along: a new ledger has the same entries, byte for byte as they are hashed.

Nothing is believed. The chain is verified entry by entry as it is written, every posting is worked out anew from the
states of its loss, and the tables are brought up to date as if the acts were done here.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby

from sqlalchemy import Connection, exc

from lossledger.core.digest import (
    FORMAT,
    GENESIS,
    SALT_BYTES,
    Detail,
    Entry,
    details_digest,
    entry_hash,
)
from lossledger.core.fields import FLAG, State
from lossledger.core.fold import PACK, fold, spread
from lossledger.core.forms import check_forms
from lossledger.core.head import Head
from lossledger.core.journal_layout import CLEARED, DETAILS, ENTRIES, POSTINGS, JournalTable
from lossledger.core.public_view import HIDDEN_KINDS
from lossledger.core.records import ACT_FIELDS, KINDS, field_of
from lossledger.core.text import quoted, shortened
from lossledger.core.trail import Posting, movement
from lossledger.core.vocabulary import Act
from lossledger.db.keys import Keys, forget_oldest
from lossledger.errors import BadData, Refused
from lossledger.ledger.batch import Batch, posting_row
from lossledger.ledger.pack_tables import PackTables, Record
from lossledger.ledger.projection import put
from lossledger.queries.history import folded, head

_CHUNK = 1_000
"""How many entries are gathered before they go to the database."""

_REMEMBERED = 20_000
"""How many subjects named by a uid have their states remembered."""

_DIGEST_BYTES = 32
_SHOWN = 20
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_ACT_ID = re.compile(r"[a-z2-7]{10}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


def restore(connection: Connection, tables: PackTables, expected: Head) -> int:
    """Write the journal of a package into an empty ledger, and what it says into the tables; returns its length.

    Args:
        connection: in a transaction that is given up where anything fails.
        tables: of the package.
        expected: the head that the package gives of itself.

    Errors: BadData, which names the entry, for a chain that does not hold, an entry that cannot be, postings that do
    not follow. Refused for a ledger that has entries.
    """
    if head(connection) is not None:
        raise Refused("a journal can only be restored into a ledger without any entry")
    restoring = _Restoring(connection)
    told, posted = _Following(tables, DETAILS), _Following(tables, POSTINGS)
    for line, row in _rows(tables, ENTRIES):
        number = row["number"]
        with tables.at(ENTRIES.name, line), _naming(number):
            restoring.append(_entry(row), _details(told.of(number)), _postings(posted.of(number)))
    for following in (told, posted):
        following.end()
    restoring.flush()
    if (restoring.number, restoring.hash) != expected[:2]:
        raise BadData(f"the journal ends with entry {restoring.number}, and not as its package says, at {expected}")
    return restoring.number


class _Restoring:
    """The end of a chain that is being written down again."""

    def __init__(self, connection: Connection) -> None:
        self.number, self.hash = 0, GENESIS
        self._connection = connection
        self._recorded_at = ""
        self._keys = Keys(connection)
        for kind in KINDS:
            self._keys.learn_all(kind)
        self._states: dict[tuple[str, str], State] = {}
        self._passing: dict[tuple[str, str], State] = {}
        self._batch = Batch()

    def append(self, entry: Entry, details: list[Detail], lines: list[Posting]) -> None:
        """Verify an entry, and gather what it writes. Errors: Refused with what is wrong with it."""
        self._verify(entry, details, lines)
        try:
            self._show(entry, details, lines)
        except (LookupError, ValueError, OverflowError) as error:
            raise Refused(f"it leaves a {entry.kind} that cannot be ({error})") from error
        self._gather(entry, details, lines)
        self.number, self.hash, self._recorded_at = entry.number, entry.hash, entry.recorded_at

    def flush(self) -> None:
        """Send what was gathered to the database."""
        batch, self._batch = self._batch, Batch()
        try:
            batch.write(self._connection)
        except (exc.IntegrityError, exc.DataError) as error:
            told = f"{batch.entries[0][0]} to {batch.entries[-1][0]}"
            raise BadData(f"entries {told} of the journal: what they say cannot be kept ({error.orig})") from error
        forget_oldest(self._passing, _REMEMBERED)

    def _state(self, kind: str, key: str) -> State:
        """A subject as the entries before leave it. One that has no row has no state, or nothing of it is told."""
        known = self._memory(kind).get((kind, key))
        if known is not None:
            return known
        return folded(self._connection, kind, key) if self._keys.find(kind, key) is not None else {}

    def _memory(self, kind: str) -> dict[tuple[str, str], State]:
        return self._passing if KINDS[kind].key == "uid" else self._states

    def _verify(self, entry: Entry, details: list[Detail], lines: list[Posting]) -> None:
        if entry.number != self.number + 1:
            raise Refused(f"it comes after entry {self.number}: what should stand between them is missing")
        if entry.format != FORMAT:
            raise Refused(f"it is of format {entry.format}, which this program does not know")
        if entry.previous != self.hash:
            raise Refused("it does not follow the hash of the entry before it")
        if not (_INSTANT.fullmatch(entry.recorded_at) and _INSTANT.fullmatch(entry.acted_at)):
            raise Refused("it does not say when it was recorded and done")
        if entry.recorded_at < self._recorded_at:
            raise Refused("it is older than the entry before it")
        if entry.kind not in KINDS or entry.act not in set(Act) or not _ACT_ID.fullmatch(entry.act_id):
            raise Refused(f"there is no act {entry.act!r} on a {entry.kind!r}")
        if details_digest(details) != entry.digest:
            raise Refused("its details are not those that it was made with")
        if entry_hash(entry, lines) != entry.hash:
            raise Refused("its hash is not that of what it says")
        _check_details(entry.kind, details)

    def _show(self, entry: Entry, details: list[Detail], lines: list[Posting]) -> None:
        """Have the tables show what an entry says, where its postings follow from that."""
        kind, key = entry.kind, entry.subject
        before = self._state(kind, key)
        after = fold(before, details)
        expected = movement(before, after) if kind == "loss" else []
        if sorted(map(repr, expected)) != sorted(map(repr, lines)):
            raise Refused("its postings are not those that follow from what it says")
        if kind not in HIDDEN_KINDS and before != after:
            put(self._batch.rows, self._keys, kind, key, before, after)
        self._memory(kind)[kind, key] = after

    def _gather(self, entry: Entry, details: list[Detail], lines: list[Posting]) -> None:
        batch, number = self._batch, entry.number
        batch.entries.append(entry)
        batch.details += [(number, *detail) for detail in details]
        id_of = self._keys.id_of
        batch.postings += [
            (number, line, id_of("loss", entry.subject), *posting_row(id_of, posted))
            for line, posted in enumerate(lines)
        ]
        if len(batch.entries) >= _CHUNK:
            self.flush()


def _check_details(kind: str, details: list[Detail]) -> None:
    """Refuse details of fields that a kind does not have, of the wrong form, or gone where they may not be."""
    # What describes the act is a text for people, whatever it says, and no part of any state.
    whole = [detail for detail in spread(details) if not detail.redacted and detail.field not in ACT_FIELDS]
    try:
        check_forms(kind, {detail.field: detail.value for detail in whole})
        gone = [detail.field for detail in details if detail.redacted and not _may_go(kind, detail.field)]
    except (KeyError, TypeError, AttributeError):
        raise Refused(f"it tells of a field that a {kind} does not have") from None
    if gone:
        raise Refused(f"the text of {gone[0]} is gone, and counts rest on it")


def _may_go(kind: str, field: str) -> bool:
    return kind in HIDDEN_KINDS or (field != PACK and field_of(kind, field).private)


def _entry(row: Record) -> Entry:
    """An entry as a row tells it. Errors: Refused for what is no number or no digest."""
    return Entry(
        number=_whole(row, "number"),
        format=_whole(row, "format"),
        act=row["act"],
        act_id=row["act_id"],
        kind=row["kind"],
        subject=row["subject"],
        recorded_at=row["recorded_at"],
        acted_at=row["acted_at"],
        origin=row.get("origin"),
        digest=_bytes(row, "digest", _DIGEST_BYTES),
        previous=_bytes(row, "previous", _DIGEST_BYTES),
        hash=_bytes(row, "hash", _DIGEST_BYTES),
    )


def _details(rows: list[Record]) -> list[Detail]:
    return [_detail(row) for row in rows]


def _detail(row: Record) -> Detail:
    """A detail as a row tells it: its text with a salt, that it clears its field, or the digest that is left of it."""
    field = row["field"]
    if "salt" not in row:
        if "value" in row or CLEARED in row:
            raise Refused(f"{field} has a text and no salt")
        return Detail(field, None, None, _bytes(row, "digest", _DIGEST_BYTES))
    if "digest" in row:
        raise Refused(f"{field} has a salt and a digest; only what is gone has a digest")
    value = None if row.get(CLEARED) == FLAG else row.get("value", "")
    return Detail(field, value, _bytes(row, "salt", SALT_BYTES))


def _postings(rows: list[Record]) -> list[Posting]:
    for place, row in enumerate(rows):
        if _whole(row, "line") != place:
            raise Refused(f"its postings have a gap before line {row['line']}")
    return [_posting(row) for row in rows]


def _posting(row: Record) -> Posting:
    return Posting(
        quantity=_whole(row, "quantity"),
        side=row["side"],
        category=row["category"],
        type=row.get("type"),
        status=row["status"],
        verification=row["verification"],
        feed=row["feed"],
        counts=row["counts"],
        day=row.get("day"),
        loss_day=row.get("loss_day"),
        span=_whole(row, "span"),
        inferred=_whole(row, "inferred"),
    )


def _whole(row: Mapping[str, str], name: str) -> int:
    if not _WHOLE.fullmatch(row[name]):
        raise Refused(f"{name} {quoted(row[name])} is no number")
    return int(row[name])


def _bytes(row: Mapping[str, str], name: str, length: int) -> bytes:
    text = row.get(name, "")
    if not re.fullmatch(rf"[0-9a-f]{{{2 * length}}}", text):
        raise Refused(f"{name} {quoted(text)} is not {length} bytes in hexadecimal digits")
    return bytes.fromhex(text)


class _Following:
    """The rows of a table that belong to entries, handed out entry by entry."""

    def __init__(self, tables: PackTables, table: JournalTable) -> None:
        self._tables, self._table = tables, table
        self._groups = groupby(_rows(tables, table), key=lambda found: found[1]["entry"])
        self._entry: str | None = None
        self._group: Iterator[tuple[int, Record]] = iter(())
        self._advance()

    def of(self, entry: str) -> list[Record]:
        """The rows of an entry; entries are asked for in their order."""
        if self._entry != entry:
            return []
        found = [row for _, row in self._group]
        self._advance()
        return found

    def end(self) -> None:
        """Refuse rows that are left: they belong to no entry, or stand in another order than the entries."""
        if self._entry is not None:
            file = self._tables.path(self._table.name)
            raise BadData(f"{file}: what it says of entry {quoted(self._entry)} does not stand in its place")

    def _advance(self) -> None:
        self._entry, self._group = next(self._groups, (None, iter(())))


def _rows(tables: PackTables, table: JournalTable) -> Iterator[tuple[int, Record]]:
    return tables.plain_rows(table.name, tuple(table.types), needed=table.needed)


@contextmanager
def _naming(number: str) -> Iterator[None]:
    """Say of which entry something is wrong."""
    try:
        yield
    except Refused as error:
        raise Refused(f"entry {shortened(number, _SHOWN)}: {error}") from error
