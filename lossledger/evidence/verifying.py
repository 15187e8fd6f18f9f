"""Every file of a store, read anew and held against what the journal says of it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import NamedTuple

from lossledger.evidence.places import Damaged, Fault, Places, Word, unreadable

Sizes = Mapping[str, int | None]
"""The digests that the journal says are held, with how many bytes each has where that is known."""

_MOST_THREADS = 4
"""A disk that is asked for more files at once gives them no sooner."""


class Found(NamedTuple):
    """What is wrong somewhere in a store: at a digest, or at a path within the store that is no digest's."""

    place: str
    fault: Fault

    @property
    def is_remark(self) -> bool:
        """Whether it is worth knowing, and nothing was lost or changed."""
        return self.fault.word in (Word.UNREFERRED, Word.WRITABLE)


def glance(store: Places, held: Sizes) -> Iterator[Found]:
    """What can be found without reading any file: what is missing, has another size, or is no file."""
    for sha256, size in held.items():
        fault = store.fault(sha256, size)
        if fault is not None:
            yield Found(sha256, fault)
        elif store.writable(sha256):
            yield Found(sha256, Fault(Word.WRITABLE, "it can be written to"))


def unknown(store: Places, held: Sizes, known: Callable[[Collection[str]], Collection[str]]) -> Iterator[Found]:
    """What lies in the store and is not held, with whether the journal ``known`` to us has ever had it."""
    others = [digest for digest in store.digests() if digest not in held]
    once = known(others) if others else ()
    for digest in others:
        if digest in once:
            yield Found(digest, Fault(Word.UNREFERRED, "nothing refers to it any more: what held it was undone"))
        else:
            yield Found(digest, Fault(Word.UNKNOWN, "the journal does not know it"))
    for path in store.strays():
        place = str(path.relative_to(store.folder))
        yield Found(place, Fault(Word.UNKNOWN, "it is no file of the store"))
    for path in store.closed():
        yield Found(str(path.relative_to(store.folder)), Fault(Word.UNREADABLE, "this folder cannot be looked into"))


def read_through(
    store: Places, digests: Collection[str], held: Sizes, tell: Callable[[int], object]
) -> Iterator[Found]:
    """Read files whole, several at once, and find those that hold something else than their digests say.

    Where one holds what belongs to another that is ``held``, this is named. ``tell`` hears how many bytes were read,
    again and again and from any thread.
    """

    def look(sha256: str) -> Fault | None:
        try:
            now = store.hashed(sha256, tell)
        except Damaged as error:
            return Fault(Word.UNREADABLE, str(error))
        except OSError as error:
            return unreadable(error)
        if now == sha256:
            return None
        if now in held:
            return Fault(Word.CHANGED, f"it was changed: it holds what belongs to {now}")
        return Fault(Word.CHANGED, f"it was changed: its SHA-256 is now {now}")

    pool = ThreadPoolExecutor(min(_MOST_THREADS, cpu_count() or 1))
    try:
        yield from _faults(digests, pool.map(look, digests))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _faults(digests: Iterable[str], faults: Iterable[Fault | None]) -> Iterator[Found]:
    for sha256, fault in zip(digests, faults, strict=True):
        if fault is not None:
            yield Found(sha256, fault)
