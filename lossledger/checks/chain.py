"""Invariant 1, the chain: every entry's hash fits, numbers have no gap, times do not run backwards."""

from collections.abc import Iterator, Sequence
from itertools import starmap
from operator import itemgetter

from sqlalchemy import Connection, select

from lossledger.checks.findings import IMPOSSIBLE, Finding, shown, unreadable
from lossledger.core.digest import FORMAT, GENESIS, Detail, Entry, details_digest, entry_hash
from lossledger.core.head import Head
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.history import head
from lossledger.queries.streams import AnyRow, Following, Lines, of_entries, stream

CHECK = "chain"

_DETAIL = itemgetter(1, 2, 3, 4)


def head_line(connection: Connection) -> str:
    """The end of the chain as a line to note down, ``17:9f86d0...``, without the root of the tree over all entries.

    `core.head.read_head` reads it again; `queries.proofs.head_with_root` has the root, and reads all entries for it.
    """
    last = head(connection)
    return str(Head(last.number, last.hash) if last else Head(0, GENESIS))


def against(connection: Connection, expected: Head) -> Iterator[Finding]:
    """What shows that the journal no longer is the one whose end was noted down."""
    place = f"entry {expected.number}"
    found = (
        GENESIS
        if expected.number == 0
        else connection.scalar(select(entries.c.hash).where(entries.c.number == expected.number))
    )
    if found is None:
        yield Finding("head", place, "it is missing: the end of the journal was cut off")
    elif found != expected.hash:
        yield Finding("head", place, "its hash is not the one expected: the journal was written anew")
    elif expected.root is not None and expected.root != _root_over(connection, expected.number):
        yield Finding("head", place, "the root of the tree over the entries up to it is not the one expected")


def _root_over(connection: Connection, size: int) -> bytes:
    from lossledger.queries.proofs import root_over  # here, since all but this do without trees

    return root_over(connection, size)


def chain(connection: Connection) -> Iterator[Finding]:
    """Walk the whole journal, each entry with its details and its postings."""
    lines = Lines(connection)
    columns = (details.c.field, details.c.value, details.c.salt, details.c.digest)
    told = Following(stream(connection, select(details.c.entry, *columns).order_by(details.c.entry, details.c.field)))
    posted = Following(stream(connection, of_entries()))
    number, previous, recorded_at = 0, GENESIS, ""
    for row in stream(connection, select(entries).order_by(entries.c.number)):
        this = Entry(*row)
        own, moved = told.of(this.number), posted.of(this.number)
        for wrong in (
            *_follows(this, number, previous, recorded_at),
            *_details_fit(this, own),
            *_hash_fits(this, moved, lines),
        ):
            yield Finding(CHECK, f"entry {this.number}", wrong)
        number, previous, recorded_at = this.number, this.hash, str(this.recorded_at)
    for what, rows in (("details", told), ("postings", posted)):
        for stray in (*rows.strays, *rows.rest()):
            yield Finding(CHECK, f"entry {stray}", f"{what} stand in the ledger without their entry")


def _follows(this: Entry, number: int, previous: bytes, recorded_at: str) -> Iterator[str]:
    """What is wrong between an entry and the one before it."""
    if this.number != number + 1:
        yield f"it comes after entry {number}: what should stand between them is missing"
    if this.previous != previous:
        yield "it does not follow the hash of the entry before it"
    if str(this.recorded_at) < recorded_at:
        yield f"recorded at {shown(this.recorded_at)}, before the entry before it ({shown(recorded_at)})"


def _details_fit(this: Entry, rows: Sequence[AnyRow]) -> Iterator[str]:
    own = list(starmap(Detail, map(_DETAIL, rows)))
    for detail in own:
        if detail.salt is None and detail.value is not None:
            yield f"{shown(detail.field)} is redacted, yet holds a text"
        if detail.salt is not None and detail.digest is not None:
            yield f"{shown(detail.field)} is not redacted, yet holds a digest"
    try:
        if details_digest(own) != this.digest:
            yield "its details are not those that were written"
    except IMPOSSIBLE as error:
        yield f"details: {unreadable(error)}"


def _hash_fits(this: Entry, rows: Sequence[AnyRow], lines: Lines) -> Iterator[str]:
    if this.format != FORMAT:
        yield f"its format is {shown(this.format)}, which this program does not know"
        return
    try:
        if entry_hash(this, [lines.read(row) for row in rows]) != this.hash:
            yield "its hash does not fit what it and its postings say"
    except IMPOSSIBLE as error:
        yield unreadable(error)
    if [row.line for row in rows] != list(range(len(rows))):
        yield "its postings are not numbered from 0 without a gap"
    for row in rows:
        if row.uid != this.subject or this.kind != "loss":
            yield f"posting {row.line} moves loss {shown(row.uid)}, which the entry is not about"
