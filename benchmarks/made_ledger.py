"""Ledgers of any size for the benchmarks: a real schema and catalogue, and losses made up from a seed.

Tables, triggers and catalogue come about as in any ledger. Entries, losses and postings are then written in bulk, with
the distributions of real lists: a few sides, most losses of few types, days crowded into the first months, one loss in
thirty corrected, followed by an event, believed anew or merged. The entries' hashes are made up as well, and of their
details only those stand here that a tally reads; so a tally is what it would be, and an audit would fail.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple

from sqlalchemy import Connection

from lossledger.core.digest import UID_LENGTH
from lossledger.core.trail import Posting
from lossledger.db.engine import open_engine, writing
from lossledger.ledger import catalogue
from lossledger.ledger.journal import Journal
from lossledger.ledger.setup import create
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.catalogue import catalogue as read_catalogue

CONFLICT = "made-up-war"
SIDES = {"north": None, "north-coast": "north", "south": None, "south-hills": "south", "islands": None, "unknown": None}
CATEGORIES = 30
"""How many of the catalogue's headings occur."""

FIRST_DAY = date(2014, 3, 1)
RECORDED_AT = "2024-01-01T00:00:00.000000Z"

_SIDE_ODDS = (40, 12, 28, 9, 8, 3)
_STATUS_ODDS = {"destroyed": 62, "captured": 21, "damaged": 8, "abandoned": 6, "lost": 3}
_VERIFICATION_ODDS = {"confirmed": 86, "claimed": 11, "disputed": 2, "rejected": 1}
_CHUNK = 20_000


@dataclass(frozen=True)
class Size:
    """How much a ledger holds: losses, types that occur, days on which they happened."""

    losses: int
    types: int
    days: int


class Ids(NamedTuple):
    """The row ids that losses are made from: sides, their feeds, and types with their categories."""

    sides: list[int]
    feeds: list[int]
    types: list[tuple[int, int]]


class Made(NamedTuple):
    """One loss, the postings of its first entry, and what a later entry did to it, if any did."""

    first: Posting
    later: tuple[str, list[Posting]] | None


def make(file: Path, size: Size, seed: int = 2020) -> None:
    """Make a ledger; the same size and seed give the same losses."""
    engine = open_engine(f"sqlite:///{file}")
    create(engine, "benchmark")
    with writing(engine) as connection:
        _enter_catalogue(Journal(connection, actor="benchmark", reason="made for a benchmark"), size.types)
        ids = _ids(read_catalogue(connection), size.types)
        _Writer(connection).write(_losses(Random(seed), size, ids), Random(seed + 1))


def _enter_catalogue(journal: Journal, types: int) -> None:
    catalogue.create(journal, "conflict", {"name": "Made-up war"}, CONFLICT)
    for side, parent in SIDES.items():
        above = {"parent": f"{CONFLICT}/{parent}"} if parent else {}
        named = {"conflict": CONFLICT, "name": side.replace("-", " ").title()}
        catalogue.create(journal, "side", named | above, f"{CONFLICT}/{side}")
    for side, parent in SIDES.items():
        if parent is None:
            catalogue.create(journal, "feed", {"name": f"List of {side}"}, f"list-{side}")
    journal.flush()
    known = read_catalogue(journal.connection)
    headings = known.ordered("category")[:CATEGORIES]
    for number in range(len(known.terms["type"]), types):
        made = {"name": f"Model {number:05}", "category": headings[number % CATEGORIES].slug}
        catalogue.create(journal, "type", made)
    journal.flush()


def _ids(known: Catalogue, types: int) -> Ids:
    headings = {term.slug: term.id for term in known.ordered("category")[:CATEGORIES]}
    sides = [known.terms["side"][f"{CONFLICT}/{side}"].id for side in SIDES]
    feeds = [known.terms["feed"][f"list-{parent or side}"].id for side, parent in SIDES.items()]
    usual = [
        (term.id, headings[term.within])
        for term in known.terms["type"].values()
        if term.within and term.within in headings
    ]
    return Ids(sides, feeds, usual[-types:])


def _losses(random: Random, size: Size, ids: Ids) -> Iterator[Made]:
    """The losses in the order in which they were recorded: by day, roughly."""
    type_odds = list(accumulate(1 / (rank + 3) for rank in range(len(ids.types))))
    statuses, status_odds = tuple(_STATUS_ODDS), tuple(accumulate(_STATUS_ODDS.values()))
    beliefs, belief_odds = tuple(_VERIFICATION_ODDS), tuple(accumulate(_VERIFICATION_ODDS.values()))
    places, side_odds = range(len(ids.sides)), tuple(accumulate(_SIDE_ODDS))
    for number in range(size.losses):
        at = random.choices(places, cum_weights=side_odds)[0]
        type_, category = random.choices(ids.types, cum_weights=type_odds)[0]
        aggregate = random.random() < 0.02
        day = _day(random, size, number)
        first = Posting(
            quantity=random.randint(2, 20) if aggregate else 1,
            side=str(ids.sides[at]),
            category=str(category),
            type=str(type_) if random.random() < 0.95 else None,
            status=random.choices(statuses, cum_weights=status_odds)[0],
            verification=random.choices(beliefs, cum_weights=belief_odds)[0],
            feed=str(ids.feeds[at]),
            counts="aggregate" if aggregate else "item",
            day=day,
            loss_day=day,
            span=random.randint(1, 40) if random.random() < 0.05 else 0,
            inferred=int(random.random() < 0.04),
        )
        later = _later(random, first, ids) if random.random() < 0.03 else None
        yield Made(first, later)


def _day(random: Random, size: Size, number: int) -> str | None:
    """Many losses on the first days and fewer later, recorded up to weeks after they happened."""
    if random.random() < 0.01:
        return None
    passed = (number / size.losses) ** 1.5 * size.days
    return (FIRST_DAY + timedelta(days=max(0, int(passed - random.expovariate(0.1))))).isoformat()


def _later(random: Random, first: Posting, ids: Ids) -> tuple[str, list[Posting]]:
    """An act on a loss: its old posting taken back on the day where it stands, the new one made."""
    taken = first._replace(quantity=-first.quantity)
    act = random.choice(("amend", "event", "verify", "merge"))
    if act == "merge":
        return act, [taken]
    if act == "amend":
        type_, category = random.choice(ids.types)
        return act, [taken, first._replace(type=str(type_), category=str(category))]
    if act == "verify":
        return act, [
            taken,
            first._replace(verification="disputed" if first.verification == "confirmed" else "confirmed"),
        ]
    status = "captured" if first.status != "captured" else "destroyed"
    day = first.day and (date.fromisoformat(first.day) + timedelta(days=random.randint(1, 60))).isoformat()
    return act, [taken._replace(day=day), first._replace(day=day, status=status)]


class _Writer:
    """Writes losses with their entries and postings, gathered in chunks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._number = connection.exec_driver_sql("SELECT MAX(number) FROM entry").scalar_one()
        self._rows: dict[str, list[tuple[object, ...]]] = {statement: [] for statement in _STATEMENTS}

    def write(self, losses: Iterator[Made], random: Random) -> None:
        """Write every loss: first entries first, the later acts at the end."""
        slugs = {kind: _slugs(self._connection, kind) for kind in ("side", "category", "equipment_type", "feed")}
        acts = []
        for loss_id, made in enumerate(losses, 1):
            uid = f"{loss_id:0{UID_LENGTH}}"
            merged_into = 1 if made.later and made.later[0] == "merge" else None
            self._rows[_LOSS].append((loss_id, uid, uid, *_loss_columns(made), merged_into))
            self._entry("report", uid, loss_id, [made.first], random)
            if merged_into:
                self._details(self._number, _state(made.first, slugs))
            if made.later:
                acts.append((loss_id, uid, made.later))
            if not loss_id % _CHUNK:
                self._flush()
        for loss_id, uid, (act, postings) in acts:
            self._entry(act, uid, loss_id, postings, random)
            if act == "merge":
                self._details(self._number, {"merged_into": f"{1:0{UID_LENGTH}}"})
        self._flush()

    def _entry(self, act: str, uid: str, loss_id: int, postings: list[Posting], random: Random) -> None:
        self._number += 1
        digests = (random.randbytes(32) for _ in range(3))
        self._rows[_ENTRY].append((self._number, 1, act, f"a{self._number // 50:09}", "loss", uid, *digests))
        self._rows[_POSTING] += [(self._number, line, loss_id, *posting) for line, posting in enumerate(postings)]

    def _details(self, entry: int, fields: dict[str, str]) -> None:
        self._rows[_DETAIL] += [(entry, field, value, bytes(16)) for field, value in fields.items()]

    def _flush(self) -> None:
        for statement, rows in self._rows.items():
            if rows:
                self._connection.exec_driver_sql(statement, rows)
                rows.clear()


def _slugs(connection: Connection, table: str) -> dict[str, str]:
    return {str(row_id): slug for row_id, slug in connection.exec_driver_sql(f"SELECT id, slug FROM {table}")}


def _state(first: Posting, slugs: dict[str, dict[str, str]]) -> dict[str, str]:
    """What an entry says of a loss, as far as counting merged ones asks for it."""
    named = {"side": slugs["side"][first.side], "category": slugs["category"][first.category]}
    named["feed"] = slugs["feed"][first.feed]
    if first.type:
        named["type"] = slugs["equipment_type"][first.type]
    return named | {"quantity": str(first.quantity), "status": first.status, "verification": first.verification}


def _loss_columns(made: Made) -> tuple[object, ...]:
    """What the loss has come to: its last posting, where an act has replaced the first."""
    now = made.later[1][-1] if made.later else made.first
    return (
        *(now.feed, now.side, now.type, now.category, abs(now.quantity), now.counts, made.first.status),
        *(now.loss_day, now.verification, now.loss_day, now.span, now.status),
    )


_LOSS = (
    "INSERT INTO loss (id, uid, feed_key, feed_id, side_id, type_id, category_id, quantity, counts, status, latest,"
    " verification, day, span, outcome, merged_into_id) VALUES (" + ", ".join("?" * 16) + ")"
)
_ENTRY = (
    "INSERT INTO entry (number, format, act, act_id, kind, subject, digest, previous, hash, recorded_at, acted_at)"
    f" VALUES ({', '.join('?' * 9)}, '{RECORDED_AT}', '{RECORDED_AT}')"
)
_DETAIL = "INSERT INTO entry_detail (entry, field, value, salt) VALUES (?, ?, ?, ?)"
_POSTING = (
    "INSERT INTO posting (entry, line, loss_id, quantity, side_id, category_id, type_id, status, verification, feed_id,"
    " counts, day, loss_day, span, inferred) VALUES (" + ", ".join("?" * 15) + ")"
)
_STATEMENTS = (_LOSS, _ENTRY, _DETAIL, _POSTING)
