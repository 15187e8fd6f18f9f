"""The store against the journal: that every file that is held is there, and what is there is held."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from sqlalchemy import Connection

from lossledger.checks.findings import Finding
from lossledger.evidence.places import Fault, Places, Word, is_digest
from lossledger.evidence.verifying import Found, Sizes, glance, read_through, unknown
from lossledger.queries.files import Held, held, in_journal, of_digests, sizes

CHECK = "store"

_AT_ONCE = 1_000
"""Of how many faults it is asked at once what they belong to."""


class Place(NamedTuple):
    """What is wrong somewhere in the store, and the files that are held there by what the ledger says."""

    found: Found
    files: tuple[Held, ...]


class Verified(NamedTuple):
    """What came of reading a whole store."""

    places: tuple[Place, ...]
    files: int
    """How many files are held, each digest once."""
    read: int
    """How many of them could be read to their end."""

    @property
    def findings(self) -> int:
        """How many of the places are more than worth a remark."""
        return sum(not one.found.is_remark for one in self.places)


def files(store: Places) -> Callable[[Connection], Iterator[Finding]]:
    """The check of a store that an audit runs: what is missing, has another size, or is not held. No file is read."""

    def stored(connection: Connection) -> Iterator[Finding]:
        for place in _placed(connection, _looked_at(connection, store, sizes(connection))):
            if not place.found.is_remark:
                yield Finding(CHECK, _told(place), place.found.fault.said)

    return stored


def verified(connection: Connection, store: Places, known: Sizes, tell: Callable[[int], object]) -> Verified:
    """Read every file that is held, and name what is wrong in the store.

    ``known`` is what is held (`queries.files.sizes`); ``tell`` hears how many bytes were read, from any thread.
    """
    seen = list(_looked_at(connection, store, known))
    unread = {one.place for one in seen if not one.is_remark}
    readable = [digest for digest in known if is_digest(digest) and digest not in unread]
    found = list(read_through(store, readable, known, tell))
    unreadable = sum(one.fault.word is Word.UNREADABLE for one in found)
    places = tuple(_placed(connection, chain(seen, found)))
    return Verified(places, len(known), len(readable) - unreadable)


def _looked_at(connection: Connection, store: Places, known: Sizes) -> Iterator[Found]:
    """What is found without reading any file; what no digest is has no place that could be looked at."""
    for digest in known:
        if not is_digest(digest):
            yield Found(digest, Fault(Word.UNKNOWN, "this is no SHA-256"))
    digests: Mapping[str, int | None] = {digest: size for digest, size in known.items() if is_digest(digest)}
    yield from glance(store, digests)
    yield from unknown(store, digests, partial(in_journal, connection))


def _placed(connection: Connection, found: Iterable[Found]) -> Iterator[Place]:
    """What was found, each with the files that it is about."""
    rest = iter(found)
    while some := list(islice(rest, _AT_ONCE)):
        about = held(connection, of_digests([one.place for one in some]))
        for one in some:
            yield Place(one, tuple(file for file in about if one.place in (file.sha256, file.record)))


def _told(place: Place) -> str:
    """A place in words: "3fa94b12c0de (tank.jpg) of source n7m3abcdef, loss k3j2abcdef"."""
    digest = place.found.place
    if not place.files:
        return digest
    names = ", ".join(dict.fromkeys(file.name for file in place.files if file.name))
    sources = ", ".join(dict.fromkeys(file.source for file in place.files))
    losses = list(dict.fromkeys(loss for file in place.files for loss in file.losses))
    told = f"{digest[:12]}{f' ({names})' if names else ''} of source {sources}"
    return f"{told}, {'loss' if len(losses) == 1 else 'losses'} {', '.join(losses)}" if losses else told
