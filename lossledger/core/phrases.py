"""The notation of Oryx's lists: headlines, headings, lines, and the words for what became of a thing."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from lossledger.core.vocabulary import Status

_SHOWN = {status: str(status) for status in Status} | {Status.LOST: "status not given"}
"""The list has no word for "lost": a heading that left such losses out would not add up."""

_WORDS = {
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

_WORD = re.compile(r"[^\W\d_]+")


def headline(side: str, by_status: Mapping[str, int]) -> str:
    """A side's sum: "Ukraine - 3204, of which: destroyed: 2067, damaged: 184, captured: 953"."""
    total, shares = _total(by_status), ", ".join(_shares(by_status))
    return f"{side} - {total}, of which: {shares}" if shares else f"{side} - {total}"


def heading(name: str, by_status: Mapping[str, int]) -> str:
    """A category's sum: "Tanks (63, of which destroyed: 40, captured: 23)"; no status is shown with 0."""
    total, shares = _total(by_status), ", ".join(_shares(by_status))
    return f"{name} ({total}, of which {shares})" if shares else f"{name} ({total})"


def model_line(name: str, by_status: Mapping[str, int]) -> str:
    """A type's sum: "205 T-64BV: 150 destroyed, 55 captured".

    It begins as a line of the list does. Where the list has a bracket for every item, "(1, destroyed)", the
    sum stands without one, so that nobody takes it for an item's number.
    """
    shares = ", ".join(f"{by_status[status]} {_SHOWN[status]}" for status in _present(by_status))
    return f"{_total(by_status)} {name}: {shares}" if shares else f"0 {name}"


def last_status(phrase: str) -> Status | None:
    """The status that the list counts a phrase under: its last word that tells one, "damaged and captured".

    A slip of the pen is read as what it was meant to be ("damagd", "abanonded").

    Returns:
        The status; None where no word tells one ("stripped").
    """
    told = (_status(word) for word in reversed(_WORD.findall(phrase.casefold())))
    return next((status for status in told if status), None)


@lru_cache(maxsize=1024)
def _status(word: str) -> Status | None:
    if word in _WORDS or not word.endswith("d"):
        return _WORDS.get(word)
    return next((status for right, status in _WORDS.items() if _misspells(word, right)), None)


def _misspells(word: str, right: str) -> bool:
    """Whether a participle is a slip for another: "damagd" is, "recaptured" and "capture" are other words."""
    from difflib import SequenceMatcher  # here, since hardly a word needs it

    return word[0] == right[0] and SequenceMatcher(None, word, right).ratio() >= _MISSPELT_FROM


def _present(by_status: Mapping[str, int]) -> Iterator[Status]:
    return (status for status in Status if by_status.get(status))


def _shares(by_status: Mapping[str, int]) -> Iterator[str]:
    return (f"{_SHOWN[status]}: {by_status[status]}" for status in _present(by_status))


def _total(by_status: Mapping[str, int]) -> int:
    return sum(by_status[status] for status in _present(by_status))
