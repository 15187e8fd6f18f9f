"""The notation of Oryx's lists, read: what one bracket says, "(5 and 6, with ZU-23 AA gun, destroyed by ATGM)".

    bracket = "(" numbers phrase ")"
    numbers = number { ("," | "and" | "&" | "to") number }
    phrase  = { name | "with" fittings | adverb } status { "by" cause | "with" fittings | circumstance | "and" status }

The lists are written by hand, so every sign but the status may be missing or double. A bracket without a status
is no bracket; a digit is an item's number only where it can be nothing else.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from lossledger.core.notation_phrase import Phrase, read_phrase, status_of

_LONGEST = 600
"""No bracket has more signs; what is longer is prose."""

_MOST = 100
"""No link shows more things; a wider range of numbers is a slip of the pen."""

_LEAP = 20
"""A number that stands this far from the one before, with a mere comma between them, is a hull number."""

_USUAL = re.compile(r"\(([0-9]{1,5}), ((?!and )[a-z]+(?: [a-z]+)*)\)")
"""Nine brackets in ten, "(1, destroyed)", read at once."""

_OPENING = re.compile(r"[\s(\[{,;.:]*")
_SLIP = r"(?:[and]{1,4}|[a-z]nd|a[a-z]d|an[a-z])(?=[\s,;&+]+[0-9])"
"""What "and" becomes by one slip of the pen."""

_JOINT = re.compile(rf"[\s,;&+]*(?:(?:[Aa]nd|AND|{_SLIP})(?=[\s,;&+]*[0-9])[\s,;&+]*)?")
_NUMBER = re.compile(
    r"(?P<first>[0-9]{1,5})(?:\s*(?:[-–—]|to|through)\s*(?P<last>[0-9]{1,5})(?![\w-]))?(?![0-9]|[.,][0-9]+\s*mm)",
    re.IGNORECASE,
)
_ENDED = re.compile(r"\s*(?:[,;&:+)]|$|and(?![^\W\d])|[-–—](?!\w))", re.IGNORECASE)
_NEXT_WORD = re.compile(r"\s*([^\W\d_]+)")
_BEFORE_PHRASE = re.compile(r"[\s,;:.)–—-]*")
_DANGLING = re.compile(r"(?:and|&)(?!\w)", re.IGNORECASE)
_NUMBER_AFTER = re.compile(
    r"\b(?:destroyed|damaged|abandoned|captured|sunk|scuttled)[\s,;()]*[0-9]{1,5}\s*(?:$|[,;&)]|and\b)", re.IGNORECASE
)


class Bracket(NamedTuple):
    """What one bracket says: the numbers of the things it stands for, and what became of them all."""

    numbers: tuple[int, ...]
    """As printed; empty where the number is missing, and then it is one thing."""
    phrase: Phrase


class Unclear(NamedTuple):
    """A bracket that cannot be read, and why."""

    reason: str


@lru_cache(maxsize=16384)
def read_bracket(text: str) -> Bracket | Unclear:
    """What a bracket says; the signs around it may be missing or double.

    Args:
        text: the bracket with its white space normalised: "(5 and 6, destroyed)".

    Returns:
        The numbers and the phrase; why not, where no status is told or the numbers cannot be trusted.
    """
    if len(text) > _LONGEST:
        return Unclear("longer than any bracket")
    if (usual := _USUAL.fullmatch(text)) and (phrase := read_phrase(usual[2])).status:
        return Bracket((int(usual[1]),), phrase)
    numbers, end = _read_numbers(text)
    if len(numbers) > _MOST:
        return Unclear("more numbers than any picture shows")
    rest = text[_past(_BEFORE_PHRASE, text, end) :]
    phrase = read_phrase(_unbracketed(rest))
    if phrase.status is None:
        return Unclear("tells no status")
    if _DANGLING.match(rest):
        return Unclear("lacks a number")
    if _NUMBER_AFTER.search(rest):
        return Unclear("has a number after the status")
    return Bracket(numbers, phrase)


def begins_item(text: str) -> bool:
    """Whether a text begins as an item does: with a number that is an item's, brackets or none before it."""
    found = _NUMBER.match(text, _past(_OPENING, text, 0))
    return found is not None and _ends_number(text, found)


def _read_numbers(text: str) -> tuple[tuple[int, ...], int]:
    """The item numbers that a bracket begins with, and where they end."""
    end = start = _past(_OPENING, text, 0)
    found = _NUMBER.match(text, start)
    # Any word may stand after the first: "(1 with ZU-23, destroyed)".
    if found is None or not (_ends_number(text, found) or text[found.end() : found.end() + 1].isspace()):
        return (), end
    numbers = list(_span(found))
    worded, before_last, end = False, found.end(), found.end()
    while found := _NUMBER.match(text, _past(_JOINT, text, end)):
        joint = text[end : found.start()]
        if len(numbers) > _MOST or not _continues(joint, numbers[-1], found) or not _ends_number(text, found):
            break
        worded = worded or _is_word(joint)
        numbers.extend(_span(found))
        before_last, end = end, found.end()
    if len(numbers) > 1 and not worded and abs(numbers[-1] - numbers[-2]) > _LEAP:
        return tuple(numbers[:-1]), before_last
    return tuple(numbers), end


def _is_word(joint: str) -> bool:
    return "&" in joint or any(map(str.isalpha, joint))


def _continues(joint: str, before: int, found: re.Match[str]) -> bool:
    """Whether a joint leads to another item's number; a slip for "and" does where the number is the very next."""
    word = joint.strip(" ,;&+").casefold()
    return word in {"", "and"} or int(found["first"]) == before + 1


def _span(found: re.Match[str]) -> range:
    """The numbers that are meant: one, or all of "5-8". Too many are for the caller to refuse."""
    first = int(found["first"])
    last = min(int(found["last"] or first), first + _MOST + 1)
    return range(first, max(first, last) + 1)


def _ends_number(text: str, found: re.Match[str]) -> bool:
    """Whether a number may end here: before a sign, "and", another number, or a status."""
    at = found.end()
    if _ENDED.match(text, at):
        return True
    if (word := _NEXT_WORD.match(text, at)) and status_of(word[1]):
        return True
    joint = _JOINT.match(text, at)
    following = _NUMBER.match(text, joint.end()) if joint and joint.end() > at else None
    return (
        following is not None
        and _continues(text[at : following.start()], int(found["first"]), following)
        and _ends_number(text, following)
    )


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _unbracketed(text: str) -> str:
    """The text without the brackets at its ends that have no other half."""
    while text.endswith((")", "]", " ", ",", ";", ".")) and not _balances(text):
        text = text[:-1]
    while text.startswith(("(", "[", " ")) and not _balances(text):
        text = text[1:]
    return text.strip(" ,;.")


def _balances(text: str) -> bool:
    return text[-1:] not in " ,;." and text.count("(") == text.count(")") and text.count("[") == text.count("]")
