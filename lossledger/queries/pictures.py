"""Which sources hold the same file, or near-identical pictures."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from itertools import combinations, product
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from lossledger.core.nearness import Hashes, hashes_of, near
from lossledger.db.tables import evidence_file as file
from lossledger.db.tables import source

EVERYWHERE = 50
"""What more sources hold than this, or is near more pictures, is a sign or a notice, and says nothing of a loss."""


class Shared(NamedTuple):
    """Two sources by row id, the lower first, and how far apart what they hold is; None where it is one file."""

    one: int
    other: int
    distance: int | None


def shared(connection: Connection) -> list[Shared]:
    """Every two sources that hold the same file, or else near-identical pictures, with the least distance."""
    holding = func.coalesce(source.c.merged_into_id, source.c.id)
    statement = select(holding, file.c.sha256, file.c.likeness).join(source, source.c.id == file.c.source_id)
    files, pictures = defaultdict[str, set[int]](set), defaultdict[Hashes, set[int]](set)
    read: dict[str, Hashes | None] = {}
    for row_id, sha256, likeness in connection.execute(statement):
        files[sha256].add(row_id)
        if likeness is not None:
            if likeness not in read:
                read[likeness] = hashes_of(likeness)
            hashes = read[likeness]
            if hashes is not None:
                pictures[hashes].add(row_id)
    nearest: dict[tuple[int, int], int] = {}
    for one, other, distance in _nearest(pictures):
        if one != other:
            two = (min(one, other), max(one, other))
            nearest[two] = min(distance, nearest.get(two, distance))
    same = dict.fromkeys(two for sources in files.values() for two in _of_one(sources))
    found = nearest | same
    return [Shared(*two, found[two]) for two in sorted(found)]


def _nearest(pictures: dict[Hashes, set[int]]) -> Iterator[tuple[int, int, int]]:
    """Sources of equal and of near pictures, with their distance."""
    for sources in pictures.values():
        yield from ((one, other, 0) for one, other in _of_one(sources))
    told = [hashes for hashes, sources in pictures.items() if len(sources) <= EVERYWHERE]
    pairs = near(told)
    neighbours = Counter(place for pair in pairs for place in (pair.one, pair.other))
    for one, other, distance in pairs:
        if max(neighbours[one], neighbours[other]) <= EVERYWHERE:
            yield from ((*two, distance) for two in product(pictures[told[one]], pictures[told[other]]))


def _of_one(sources: Collection[int]) -> Iterator[tuple[int, int]]:
    """Every two sources of a file, unless it is held everywhere."""
    if 1 < len(sources) <= EVERYWHERE:
        yield from combinations(sorted(sources), 2)
