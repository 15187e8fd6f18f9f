"""The notation of Oryx's lists, printed: headlines, headings, lines and brackets; `core.notation` reads it."""

from collections.abc import Iterator, Mapping, Sequence

from lossledger.core.notation_phrase import read_phrase
from lossledger.core.vocabulary import Status

_SHOWN = {status: str(status) for status in Status} | {Status.LOST: "status not given"}
"""The list has no word for "lost": a heading that left such losses out would not add up."""


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


def item_line(name: str, brackets: Sequence[str], count: int) -> str:
    """A type's line with a bracket for each link: "2 T-64A: (1, destroyed) (1, captured)"."""
    return f"{count} {name}: {' '.join(brackets)}"


def bracket(numbers: Sequence[int], phrase: str) -> str:
    """The items behind one link: "(5, 6 and 7, with ZU-23 AA gun, destroyed)"."""
    *firsts, last = map(str, numbers)
    return f"({', '.join(firsts)} and {last}, {phrase})" if firsts else f"({last}, {phrase})"


def phrase_of(status: Status, told: Mapping[str, str]) -> str:
    """What became of a thing, in the list's words: "with ZU-23 AA gun, destroyed by ATGM".

    Args:
        status: what became of it; the list has no word for "lost".
        told: ``name``, ``fittings``, ``cause``, ``captor`` and ``circumstance``, those that are known.
    """
    before = [text for text in (told.get("name"), _after("with", told.get("fittings"))) if text]
    actor = told.get("captor") if status is Status.CAPTURED else told.get("cause")
    deed = " ".join(filter(None, (str(status), _after("by", actor))))
    return ", ".join((*before, deed, *filter(None, (told.get("circumstance"),))))


def last_status(phrase: str) -> Status | None:
    """The status that the list counts a phrase under: its last word that tells one, "damaged and captured".

    A slip of the pen is read as what it was meant to be ("damagd", "abanonded"); a status that only describes
    another thing tells none ("by captured T-72").

    Returns:
        The status; None where no word tells one ("stripped").
    """
    return read_phrase(" ".join(phrase.split())).status


def _after(word: str, text: str | None) -> str | None:
    return f"{word} {text}" if text else None


def _present(by_status: Mapping[str, int]) -> Iterator[Status]:
    return (status for status in Status if by_status.get(status))


def _shares(by_status: Mapping[str, int]) -> Iterator[str]:
    return (f"{_SHOWN[status]}: {by_status[status]}" for status in _present(by_status))


def _total(by_status: Mapping[str, int]) -> int:
    return sum(by_status[status] for status in _present(by_status))
