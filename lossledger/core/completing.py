"""Which known names somebody who has typed the beginning of one may mean, the likeliest first."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from lossledger.core.names import fold

_LIKE = 70.0
"""The likeness, of 100, from which a name with a slip in it is offered."""

_SHORTEST = 3
"""What is shorter is like too many names to be a slip of any."""

_WORD = re.compile(r"[\s-]")


class Offer(NamedTuple):
    """A spelling that may be meant, and the key of what bears it."""

    name: str
    key: str


class _Known(NamedTuple):
    offer: Offer
    folded: str
    words: tuple[str, ...]
    """The name from each of its later words on, folded."""


class Names:
    """Names to choose from. Looking among thousands of them takes a few thousandths of a second."""

    def __init__(self, spelt: Mapping[str, str]) -> None:
        """Know each spelling with the key of what bears it; of several equally likely, the first is offered."""
        self._known = [_Known(Offer(name, key), fold(name), _later_words(name)) for name, key in spelt.items()]
        self._folded = [known.folded for known in self._known]

    def offers(self, text: str, weight: Callable[[str], int], limit: int) -> list[Offer]:
        """Names that a text may mean, one for each key.

        First the name that the text is, then names that begin so, then those of which a later word does, then those
        that have it in them; among these by ``weight`` of their key. Where there is none, those that are like it.
        Nothing typed means the names of most weight.
        """
        typed = fold(text)
        if not typed:
            ranked = sorted((-heavy, at) for at, known in enumerate(self._known) if (heavy := weight(known.offer.key)))
            return self._each_once((at for _, at in ranked), limit)
        fitting = sorted(
            (rank, -weight(known.offer.key), len(known.folded), at)
            for at, known in enumerate(self._known)
            if (rank := _rank(typed, known)) is not None
        )
        places = [at for *_, at in fitting] or (self._like(typed, limit) if len(typed) >= _SHORTEST else [])
        return self._each_once(places, limit)

    def _like(self, typed: str, limit: int) -> Iterable[int]:
        from rapidfuzz import fuzz, process  # here, since only what nobody begins with needs it

        alike = process.extract(typed, self._folded, scorer=fuzz.ratio, score_cutoff=_LIKE, limit=limit * 2)
        return (at for _, _, at in alike)

    def _each_once(self, places: Iterable[int], limit: int) -> list[Offer]:
        chosen: dict[str, Offer] = {}
        for at in places:
            offer = self._known[at].offer
            chosen.setdefault(offer.key, offer)
            if len(chosen) == limit:
                break
        return list(chosen.values())


def _rank(typed: str, known: _Known) -> int | None:
    if known.folded == typed:
        return 0
    if known.folded.startswith(typed):
        return 1
    if any(word.startswith(typed) for word in known.words):
        return 2
    return 3 if typed in known.folded else None


def _later_words(name: str) -> tuple[str, ...]:
    return tuple(filter(None, (fold(name[gap.end() :]) for gap in _WORD.finditer(name))))
