"""The notation of Oryx's lists, read: what a phrase tells, "with ZU-23 AA gun, damaged by USV and captured".

A phrase is read word by word. A status ends what came before it; "by", "with", a preposition or a verb opens a
clause, and a comma, a joint ("and", "but") with something new after it, or the next status closes it.
"""

import re
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from lossledger.core.vocabulary import Status

_STATUSES = {
    "destroyed": Status.DESTROYED,
    "sunk": Status.DESTROYED,
    "scuttled": Status.DESTROYED,
    "damaged": Status.DAMAGED,
    "abandoned": Status.ABANDONED,
    "captured": Status.CAPTURED,
}
"""The closed vocabulary: any other word (stripped, later raised) tells a circumstance."""

_MISSPELT_FROM = 0.8
"""The likeness from which a word counts as a misspelling: "aboned" of "abandoned" is the furthest seen."""

_MISSPELT_LETTERS = range(5, 15)
"""The letters that a misspelt status has."""

_QUOTES = "'\"‘’‚“”„`´"
_TOKEN = re.compile(rf"[,;]|[{_QUOTES}]+(?=\w)[^,;{_QUOTES}]*\w[{_QUOTES}]+(?!\w)|[^\s,;]+")
_EDGES = f"{_QUOTES}()[]{{}}.:!?*-–—"
_WHOLLY_QUOTED = re.compile(rf"[{_QUOTES}]+([^{_QUOTES}]+)[{_QUOTES}]+")

_JOINTS = frozenset({"and", "but", "then", "&", "or", "also"})
_LATER = frozenset({"later", "then", "subsequently", "afterwards", "also", "eventually"})
_ARTICLES = frozenset({"a", "an", "the"})
_PLACING = frozenset(
    {"on", "in", "at", "near", "beyond", "during", "after", "while", "off", "outside", "inside", "from", "for"}
    | {"due", "following", "when", "as", "before", "under"}
)
_UNKNOWN = frozenset({"unknown", "unkown", "unidentified", "unnamed"})


class Phrase(NamedTuple):
    """What became of a thing, in the list's words and by their meaning; None for what is not told."""

    text: str
    status: Status | None
    """The status that the list counts it under: its last word that tells one."""
    name: str | None = None
    """The ship's name or number."""
    fittings: str | None = None
    cause: str | None = None
    captor: str | None = None
    circumstance: str | None = None


@lru_cache(maxsize=4096)
def read_phrase(text: str) -> Phrase:
    """What a phrase tells; its white space is normalised. A phrase that tells no status has none."""
    reader = _Reader(text)
    for at in range(len(reader.tokens)):
        reader.take(at)
    return reader.told()


@lru_cache(maxsize=4096)
def status_of(word: str) -> Status | None:
    """The status that a word tells; a slip of the pen is read as what it was meant to be ("damagd").

    Returns:
        The status; None where it tells none ("stripped", "undamaged", "recaptured").
    """
    key = word.strip(_EDGES).casefold()
    if "/" in key:
        parts = [status_of(part) for part in key.split("/")]
        return parts[-1] if all(parts) else None
    if key in _STATUSES or len(key) not in _MISSPELT_LETTERS or not key.isalpha():
        return _STATUSES.get(key)
    return next((status for right, status in _STATUSES.items() if _misspells(key, right)), None)


def _misspells(word: str, right: str) -> bool:
    """Whether a participle is a slip for another: "damagd" is, "recaptured" and "capture" are other words."""
    if right[1:] == word:
        return True
    if word[0] != right[0] or "d" not in word[-2:]:
        return False
    from difflib import SequenceMatcher  # here, since hardly a word needs it

    return SequenceMatcher(None, word, right).ratio() >= _MISSPELT_FROM


class _Clause(Enum):
    """What the words that are being read belong to."""

    NONE = auto()
    LOOSE = auto()
    """Words before any status: a name, or an adverb."""
    FITTINGS = auto()
    CAUSE = auto()
    CAPTOR = auto()
    PLACING = auto()
    """A circumstance that a preposition opens, "on the ground": "by" ends it."""
    PURPOSE = auto()
    """"to prevent capture by Russia": only a comma ends it."""
    DEED = auto()
    """A circumstance with a verb of its own, "later raised by Russia"."""


_ACTORS = frozenset({_Clause.FITTINGS, _Clause.CAUSE, _Clause.CAPTOR})


class _Reader:
    """Reads a phrase's tokens one after the other, and keeps what each clause said."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_TOKEN.finditer(text))
        self.words = [token[0].casefold() for token in self.tokens]
        self.clause = _Clause.NONE
        self.begin = self.end = 0
        self.status: Status | None = None
        self.said: dict[_Clause, list[str]] = {}

    def take(self, at: int) -> None:
        """Read the token at this place."""
        word = self.words[at]
        if word in {",", ";"}:
            self.close()
        elif self.clause is _Clause.PURPOSE:
            self.keep(at)
        elif (status := status_of(word)) and not self._is_attribute(at):
            self.close()
            self.status = status
        elif self._leads_on(at):
            self.close()
        elif (opened := self._opens(at)) is not None:
            self.close()
            self.clause = opened
            if opened not in _ACTORS or word in _ARTICLES:
                self.keep(at)
        else:
            self.keep(at)

    def keep(self, at: int) -> None:
        """Add the token to its clause; the first word of none opens one."""
        token = self.tokens[at]
        if self.clause is _Clause.NONE:
            self.clause = _Clause.DEED if self.status else _Clause.LOOSE
        if self.begin == self.end:
            self.begin = token.start()
        self.end = token.end()

    def close(self) -> None:
        """End the clause that is being read."""
        if self.begin != self.end:
            self.said.setdefault(self.clause, []).append(self.text[self.begin : self.end])
        self.clause, self.begin, self.end = _Clause.NONE, 0, 0

    def told(self) -> Phrase:
        """What the whole phrase told."""
        self.close()
        loose = [text for text in self.said.get(_Clause.LOOSE, ()) if text.split()[0].casefold() not in _UNKNOWN]
        names = [_unquoted(text) for text in loose if text != text.lower() or any(map(str.isdigit, text))]
        adverbs = [text for text in loose if text == text.lower() and not any(map(str.isdigit, text))]
        deeds = [text for kind in (_Clause.PLACING, _Clause.PURPOSE, _Clause.DEED) for text in self.said.get(kind, ())]
        return Phrase(
            self.text,
            self.status,
            _joined(names),
            _joined(self.said.get(_Clause.FITTINGS, [])),
            _joined(self.said.get(_Clause.CAUSE, [])),
            _joined(self.said.get(_Clause.CAPTOR, [])),
            _joined([*adverbs, *deeds]),
        )

    def _is_attribute(self, at: int) -> bool:
        """Whether a status word only describes another: "by captured T-72"."""
        if self.clause not in _ACTORS or at + 1 == len(self.words) or self.words[at + 1] in {",", ";", *_JOINTS}:
            return False
        return self.begin == self.end or self.words[at - 1] in _ARTICLES

    def _leads_on(self, at: int) -> bool:
        """Whether "and", "later" or their like lead on to another clause, and are no word of this one."""
        word, following = self.words[at], self.words[at + 1 : at + 2]
        if word in _LATER and self.clause is _Clause.NONE:
            return any(map(status_of, following))
        if word not in _JOINTS:
            return False
        if self.clause is _Clause.NONE or word == "but" or any(map(status_of, following)):
            return True
        if following and following[0] in _LATER:
            return True
        return self.clause in _ACTORS and any(_is_deed(verb) for verb in following)

    def _opens(self, at: int) -> _Clause | None:
        """The clause that a word opens; None where it goes on with the one that is being read."""
        word, clause = self.words[at], self.clause
        if word == "by" and clause in {_Clause.NONE, _Clause.LOOSE, _Clause.PLACING, _Clause.FITTINGS}:
            return _Clause.CAPTOR if self.status is Status.CAPTURED else _Clause.CAUSE
        if word == "with" and clause in {_Clause.NONE, _Clause.LOOSE}:
            return _Clause.FITTINGS
        if word == "beyond" or self.words[at : at + 3] == ["on", "the", "ground"]:
            return _Clause.PLACING
        return self._opens_after_status(at) if self.status and clause is _Clause.NONE else None

    def _opens_after_status(self, at: int) -> _Clause | None:
        word = self.words[at]
        if word == "to":
            return _Clause.PURPOSE
        if word in _PLACING:
            return _Clause.PLACING
        if word in _ARTICLES:
            return _Clause.CAUSE  # "destroyed a Tochka-U ballistic missile": the "by" is missing
        return None


def _is_deed(word: str) -> bool:
    """Whether a word reads as a participle, "stripped"."""
    return word.endswith("ed") and word.isalpha()


def _unquoted(name: str) -> str:
    """A name without the quotes around all of it; those around a part of it say which part."""
    whole = _WHOLLY_QUOTED.fullmatch(name)
    return whole[1] if whole else name


def _joined(texts: list[str]) -> str | None:
    return ", ".join(texts) or None
