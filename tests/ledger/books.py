"""A small ledger to act on, and plain ways to ask what stands in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, select

from lossledger.core.digest import detail_digest, details_digest, entry_hash
from lossledger.core.trail import Posting
from lossledger.core.vocabulary import Relation
from lossledger.db.engine import open_engine, reading, writing
from lossledger.db.migrate import upgrade
from lossledger.db.tables import CHILDREN, SUBJECTS, entry_detail, posting
from lossledger.db.tables import entry as entries
from lossledger.ledger import casefile, catalogue, groups, losses, undo
from lossledger.ledger.journal import Journal, recording
from lossledger.queries.history import Told, told

RED, BLUE, NORTH = "war/red", "war/blue", "war/blue-north"
SOURCE = "sourcesource"
CAPTION = ("side", "category", "type", "status", "verification", "feed", "counts")
"""The dimensions of a posting that are no days."""

_REFERENCES = ("side", "category", "type", "feed")


def furnish(engine: Engine) -> None:
    """Make the schema, and a catalogue of a few names, by the actor ``clerk``."""
    with writing(engine) as connection:
        upgrade(connection)
        journal = Journal(connection, actor="clerk")
        add_catalogue(journal)
        journal.flush()


def add_catalogue(journal: Journal) -> None:
    """One war of three sides, three categories, three types, two feeds, one source."""
    make = catalogue.create
    make(journal, "conflict", {"name": "War"}, "war")
    make(journal, "side", {"conflict": "war", "name": "Red"}, RED)
    make(journal, "side", {"conflict": "war", "name": "Blue"}, BLUE)
    make(journal, "side", {"conflict": "war", "name": "Blue North", "parent": BLUE}, NORTH)
    make(journal, "category", {"name": "Tanks", "group": "armoured"}, "tanks")
    make(journal, "category", {"name": "Carriers", "group": "armoured"}, "carriers")
    make(journal, "category", {"name": "Guns", "group": "artillery"}, "guns")
    make(journal, "type", {"name": "T-72", "category": "tanks"}, "t-72")
    make(journal, "type", {"name": "T-72B", "category": "tanks", "parent": "t-72"}, "t-72b")
    make(journal, "type", {"name": "BMP-1", "category": "carriers"}, "bmp-1")
    make(journal, "feed", {"name": "Own entries"}, "own")
    make(journal, "feed", {"name": "A list"}, "list")
    make(journal, "source", {"url": "https://example.org/1"}, SOURCE)


def evidence(source: str = SOURCE) -> dict[str, str]:
    """The one piece of evidence that every loss needs."""
    return casefile.evidence_fields(source, Relation.REPORTS)


class Book:
    """A ledger that was furnished. Every method that acts is one act, by ``ann`` unless said otherwise."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)

    @contextmanager
    def act(self, actor: str = "ann", reason: str | None = None) -> Iterator[Journal]:
        """A journal open for one act."""
        with recording(self.engine, actor=actor, reason=reason) as journal:
            yield journal

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to look around with."""
        with reading(self.engine) as connection:
            yield connection

    def report(self, actor: str = "ann", **fields: str | None) -> str:
        """Report a destroyed T-72 of Red on 3 October, but for the fields that say otherwise."""
        given: dict[str, str | None] = {"side": RED, "type": "t-72", "status": "destroyed"}
        if not fields.keys() & {"earliest", "latest", "reported", "feed_day"}:
            given |= {"earliest": "2020-10-03", "latest": "2020-10-03"}
        with self.act(actor) as journal:
            return losses.report(journal, given | evidence() | fields)

    def amend(self, uid: str, actor: str = "ann", **fields: str | None) -> None:
        """Correct fields of a loss."""
        with self.act(actor) as journal:
            losses.amend(journal, uid, fields)

    def event(self, uid: str, status: str, day: str, actor: str = "ann", **more: str) -> None:
        """Record what became of a loss on a day."""
        with self.act(actor) as journal:
            losses.event(journal, uid, {"status": status, "latest": day, **more})

    def merge(self, duplicate: str, kept: str, actor: str = "ann") -> None:
        """Merge a loss into another."""
        with self.act(actor) as journal:
            groups.merge(journal, duplicate, kept)

    def unmerge(self, uid: str, actor: str = "ann") -> None:
        """Let a merged loss stand for itself."""
        with self.act(actor) as journal:
            groups.unmerge(journal, uid)

    def withdraw(self, uid: str, actor: str = "ann") -> None:
        """Take a loss out of the count."""
        with self.act(actor) as journal:
            losses.withdraw(journal, uid)

    def reinstate(self, uid: str, actor: str = "ann") -> None:
        """Let a withdrawn loss count again."""
        with self.act(actor) as journal:
            losses.reinstate(journal, uid)

    def undo(self, actor: str = "ann") -> str:
        """Undo the actor's latest act."""
        with self.act(actor) as journal:
            return undo.undo(journal)

    def sums(self, *by: str, as_of: str | None = None, known_on: int | None = None) -> dict[object, int]:
        """The postings summed by columns: by one, a number for each value; by several, for each tuple."""
        with self.read() as connection:
            found = sums(connection, *by, as_of=as_of, known_on=known_on)
        return {key[0] if len(by) == 1 else key: quantity for key, quantity in found.items()}

    def head(self) -> int:
        """The number of the last entry."""
        with self.read() as connection:
            return connection.scalar(select(func.max(entries.c.number))) or 0

    def row(self, kind: str, key: str) -> dict[str, object]:
        """A subject's row, without the columns that are empty, references told by slug or uid."""
        with self.read() as connection:
            return shown_row(connection, kind, key)

    def children(self, kind: str, child: str) -> list[dict[str, object]]:
        """All rows of a child's table, without empty columns, in the order of their keys."""
        table = CHILDREN[kind, child]
        with self.read() as connection:
            rows = connection.execute(select(table).order_by(*table.primary_key)).mappings().all()
        return [{name: value for name, value in row.items() if value is not None} for row in rows]

    def told(self, since: int = 0) -> list[Told]:
        """The entries after a number, with their details."""
        statement = select(entries).where(entries.c.number > since)
        with self.read() as connection:
            return list(told(connection, statement.order_by(entries.c.number, entry_detail.c.field)))

    def said(self, since: int) -> list[tuple[str, str, dict[str, str | None]]]:
        """The entries after a number as act, subject and details; why stands with each, the actor is left out."""
        return [
            (
                one.entry.act,
                one.entry.subject,
                {detail.field: detail.value for detail in (*one.of_the_act, *one.details) if detail.field != "actor"},
            )
            for one in self.told(since)
        ]


def sums(
    connection: Connection, *by: str, as_of: str | None = None, known_on: int | None = None
) -> dict[tuple[object, ...], int]:
    """The postings of some days and entries summed by columns; sums of nothing are left out."""
    columns = []
    joined = posting
    for name in by:
        if name in _REFERENCES:
            term = SUBJECTS[name].alias(f"the_{name}")
            joined = joined.join(term, term.c.id == posting.c[f"{name}_id"], isouter=True)  # type: ignore[assignment]
            columns.append(term.c.slug)
        else:
            columns.append(posting.c[name])
    statement = select(*columns, func.sum(posting.c.quantity)).select_from(joined).group_by(*columns)
    if as_of is not None:
        statement = statement.where(posting.c.day <= as_of)
    if known_on is not None:
        statement = statement.where(posting.c.entry <= known_on)
    return {tuple(row[:-1]): int(row[-1]) for row in connection.execute(statement) if row[-1]}


def shown_row(connection: Connection, kind: str, key: str) -> dict[str, object]:
    """A subject's row, without its key, its id and empty columns; references by slug or uid."""
    table = SUBJECTS[kind]
    name = "slug" if "slug" in table.c else "uid"
    row = connection.execute(select(table).where(table.c[name] == key)).mappings().one_or_none()
    shown: dict[str, object] = {}
    for column, value in (row or {}).items():
        if value is None or column in ("id", name):
            continue
        if column.endswith("_id"):
            target = next(iter(table.c[column].foreign_keys)).column.table
            told_by = target.c["slug" if "slug" in target.c else "uid"]
            value = connection.scalar(select(told_by).where(target.c.id == value))
            column = column.removesuffix("_id")
        shown[column] = value
    return shown


def chain_faults(connection: Connection) -> list[str]:
    """What is wrong with the chain: gaps, times that run backwards, digests and hashes that do not fit."""
    slugs: dict[str, dict[int, str]] = {}
    for kind in _REFERENCES:
        terms = select(SUBJECTS[kind].c.id, SUBJECTS[kind].c.slug)
        slugs[kind] = dict(connection.execute(terms).all())
    lines: dict[int, list[Posting]] = {}
    for row in connection.execute(select(posting).order_by(posting.c.entry, posting.c.line)).mappings():
        named = {**row, **{kind: slugs[kind].get(row[f"{kind}_id"]) for kind in slugs}}
        lines.setdefault(row["entry"], []).append(Posting._make(named[name] for name in Posting._fields))
    found, number, previous, at = [], 0, bytes(32), ""
    statement = select(entries).order_by(entries.c.number, entry_detail.c.field)
    for one in told(connection, statement):
        head = one.entry
        if head.number != number + 1 or head.previous != previous or head.recorded_at < at:
            found.append(f"entry {head.number} does not follow entry {number}")
        if details_digest(one.details) != head.digest or any(len(detail_digest(d)) != 32 for d in one.details):
            found.append(f"entry {head.number}: its details do not fit")
        if entry_hash(head, lines.get(head.number, [])) != head.hash:
            found.append(f"entry {head.number}: its hash does not fit")
        number, previous, at = head.number, head.hash, head.recorded_at
    return found


def posting_faults(connection: Connection) -> list[str]:
    """Where the sum of a loss's postings is not what its row says, or two of a merged group count."""
    loss = SUBJECTS["loss"]
    totals = select(posting.c.loss_id, func.sum(posting.c.quantity)).group_by(posting.c.loss_id)
    summed = {loss_id: int(quantity) for loss_id, quantity in connection.execute(totals)}
    found = []
    for row in connection.execute(select(loss)).mappings():
        alone = row["merged_into_id"] is None or row["stands_in"] == 1
        stands = alone and row["withdrawn"] is None and row["outcome"] != "recovered"
        wanted = row["quantity"] if stands else 0
        if summed.get(row["id"], 0) != wanted:
            found.append(f"loss {row['uid']}: {summed.get(row['id'], 0)} posted, {wanted} in its row")
    return found


def fields_of(state: Mapping[str, object], *names: str) -> dict[str, object]:
    """Some of the fields of a row."""
    return {name: state[name] for name in names if name in state}
