"""Losses as they were after some entry and as they are now, many at a time, with who changed what in between."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from lossledger.core.digest import Detail
from lossledger.core.fields import REDACTED, State
from lossledger.core.fold import fold, spread
from lossledger.core.records import ACT_FIELDS
from lossledger.core.sheet import ID, REVISION, Names, cells, revision, sources_of
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.queries.catalogue import catalogue
from lossledger.queries.history import actor_of, head

_AT_ONCE = 1_000
"""How many keys are asked for in one statement."""


class Setter(NamedTuple):
    """Who last set a field, when, and by which entry."""

    actor: str
    recorded_at: str
    entry: int


class Revised(NamedTuple):
    """A loss as it was after an entry and as it is now, and who has set what since; see `redacted_since`, too."""

    after: int
    then: State
    now: State
    setters: Mapping[str, Setter]


def revised(connection: Connection, after: Mapping[str, int]) -> dict[str, Revised]:
    """Losses by uid, each as it was after the entry of the number given; one that did not exist then is left out."""
    found: dict[str, Revised] = {}
    for some in _chunks(list(after)):
        statement = (
            select(
                entries.c.subject,
                entries.c.number,
                entries.c.recorded_at,
                details.c.field,
                details.c.value,
                details.c.salt,
                details.c.digest,
            )
            .join(details, details.c.entry == entries.c.number)
            .where(entries.c.kind == "loss", entries.c.subject.in_(some))
            .order_by(entries.c.subject, entries.c.number)
        )
        actors = _actors(connection, some, min(after[uid] for uid in some))
        for uid, told in groupby(connection.execute(statement), key=lambda row: row[0]):
            one = _revised(told, after[uid], actors)
            if one.then:
                found[str(uid)] = one
    return found


def _actors(connection: Connection, uids: list[str], after: int) -> dict[int, str]:
    """Who made the entries on some losses after an entry, by their numbers."""
    later = (entries.c.kind == "loss") & entries.c.subject.in_(uids) & (entries.c.number > after)
    made = connection.execute(select(entries.c.number, actor_of(entries)).where(later))
    return {number: actor or REDACTED for number, actor in made}


def _revised(told: Iterable[Any], after: int, actors: Mapping[int, str]) -> Revised:
    then: State = {}
    now: State = {}
    setters: dict[str, Setter] = {}
    for (number, recorded_at), lines in groupby(told, key=lambda row: (row[1], row[2])):
        own = list(spread(Detail(*line[3:]) for line in lines))
        now = fold(now, own)
        if number <= after:
            then = now
        else:
            setter = Setter(actors[number], recorded_at, number)
            setters |= {detail.field: setter for detail in own if detail.field not in ACT_FIELDS}
    return Revised(after, then, now, setters)


def hashes(connection: Connection, numbers: Collection[int]) -> dict[int, bytes]:
    """The hashes of entries, by number; a number that no entry has is left out."""
    found: dict[int, bytes] = {}
    for some in _chunks(sorted(numbers)):
        statement = select(entries.c.number, entries.c.hash).where(entries.c.number.in_(some))
        found.update((number, hash_) for number, hash_ in connection.execute(statement))
    return found


def redacted_since(connection: Connection, number: int) -> dict[str, int]:
    """The losses and sources of which a text was redacted after an entry, each with the last such entry."""
    statement = (
        select(entries.c.subject, entries.c.number)
        .where(entries.c.act == Act.REDACT.value, entries.c.number > number, entries.c.kind.in_(("loss", "source")))
        .order_by(entries.c.number)
    )
    found: dict[str, int] = {}
    found.update((subject, entry) for subject, entry in connection.execute(statement))
    return found


class Naming:
    """What sheets call things, as the ledger called them after an entry."""

    def __init__(self, connection: Connection, after: int | None = None) -> None:
        self._connection = connection
        self._after = after
        self._links: dict[str, str] = {}
        of: Callable[[str, str], str] = cache(catalogue(connection, after).name)
        self.names = Names(of, lambda uid: self._links.get(uid, uid))
        """The names, of sources those that were learnt last."""

    def learn(self, sources: Iterable[str]) -> None:
        """Read what a batch of sources is called, in few statements; those of the batch before are forgotten."""
        self._links = links(self._connection, set(sources), self._after)


def sheet_rows(connection: Connection, uids: Sequence[str]) -> Iterator[dict[str, str]]:
    """Losses as the rows of a sheet, as they are now; they are read as they are asked for."""
    last = head(connection)
    if last is None:
        return
    naming = Naming(connection)
    for some in _chunks(list(uids)):
        found = revised(connection, dict.fromkeys(some, last.number))
        naming.learn(source for one in found.values() for source in sources_of(one.now))
        for uid in some:
            token = revision(last.number, last.hash, uid)
            yield {ID: uid, REVISION: token, **cells(found[uid].now, naming.names)}


def links(connection: Connection, sources: Collection[str], after: int | None = None) -> dict[str, str]:
    """The links of sources as they are, or were after an entry; those without one, or redacted, are left out."""
    found: dict[str, str] = {}
    for some in _chunks(sorted(sources)):
        statement = (
            select(entries.c.subject, details.c.value)
            .join(details, details.c.entry == entries.c.number)
            .where(entries.c.kind == "source", entries.c.subject.in_(some), details.c.field == "url")
            .order_by(entries.c.number)
        )
        if after is not None:
            statement = statement.where(entries.c.number <= after)
        for uid, url in connection.execute(statement):
            if url:
                found[uid] = url
            else:
                found.pop(uid, None)
    return found


def _chunks(keys: list[Any]) -> Iterator[list[Any]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
