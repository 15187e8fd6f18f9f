"""The notation of Oryx's lists, read: headlines and headings, the sums that a page states itself.

headline = name "-" total [", of which:" shares]        "Ukraine - 3204, of which: destroyed: 2067, ..."
subtotal = "Losses" ... "-" total [", of which:" shares]
heading  = name "(" total [", of which" shares] ")"     "Tanks (490, of which destroyed: 302, ...)"
shares   = { status [":"] number [","] }
"""

import re
from typing import NamedTuple

from lossledger.core.notation_phrase import status_of
from lossledger.core.vocabulary import Status

_LONGEST = 400
"""No heading has more signs."""

_NUMBER = r"[0-9](?<!\w[0-9])(?:[0-9]{0,2}(?:[,.'’ ][0-9]{3})+|[0-9]{0,8})(?!\w)"
"""It begins with a digit, and looks back from there: so a search skips all else at once."""

_TOTAL = re.compile(_NUMBER)
_SHARE = re.compile(rf"(?P<words>[^0-9]*?)[\s:]*(?P<number>{_NUMBER})")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_OF_WHICH = re.compile(r"[\s,;:.]*(?:[a-z]{1,6}[\s:]*){0,3}", re.IGNORECASE)
_CLOSING = re.compile(r"[\s,.)\]]*")
_IN_BRACKETS = re.compile(r"[(\[]\s*$")
_AFTER_DASH = re.compile(r"(?:\s-+|[–—−:])\s*$|-\s+$")
_WITHOUT_TOTAL = re.compile(r"(?P<name>.*?[^\s(\[,])\s*(?P<opened>[(\[])?[\s,]*of\s*which[\s:]*", re.IGNORECASE)
_LOSSES = re.compile(r"losses\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"[0-9]+")


class Sum(NamedTuple):
    """What a headline or a heading states: of what, how many, and how many of each status it names."""

    name: str
    total: int | None
    by_status: dict[Status, int]
    unclear: tuple[str, ...]
    """Shares whose status cannot be read."""
    is_heading: bool
    """Whether it has a heading's form, with its numbers in brackets."""

    @property
    def is_subtotal(self) -> bool:
        """Whether it sums up several headings: "Losses excluding Recon Drones and Trucks"."""
        return not self.is_heading and _LOSSES.match(self.name) is not None


def read_sum(text: str) -> Sum | None:
    """What a headline or a heading states, its white space normalised; None where the text is neither."""
    if len(text) > _LONGEST or not _DIGITS.search(text):
        return None
    first = _first_share(text)
    before = text if first is None else text[:first]
    by_status, unclear = ({}, ()) if first is None else _shares(text[first:])
    totals = list(_TOTAL.finditer(before))
    if not totals:
        found = _WITHOUT_TOTAL.fullmatch(before)
        return Sum(found["name"], None, by_status, unclear, bool(found["opened"])) if found else None
    name, total, after = before[: totals[-1].start()], totals[-1][0], before[totals[-1].end() :]
    if not (_CLOSING if first is None else _OF_WHICH).fullmatch(after):
        return None
    is_heading = _IN_BRACKETS.search(name) is not None
    if not is_heading and not _AFTER_DASH.search(name):
        if first is None:
            return None
        is_heading = text.endswith((")", "]"))  # neither bracket nor dash before the total: what closes it tells
    name = name.strip(" -–—−:([")
    return Sum(name, _number(total), by_status, unclear, is_heading) if name else None


def _first_share(text: str) -> int | None:
    """Where the first share begins: at a word for a status, with a number after it."""
    for number in _TOTAL.finditer(text):
        before = text[: number.start()].rstrip().removesuffix(":").rstrip()
        word = _LAST_WORD.search(before, before.rfind(" ") + 1)
        if word and status_of(word[0]):
            return word.start()
    return None


def _shares(text: str) -> tuple[dict[Status, int], tuple[str, ...]]:
    by_status: dict[Status, int] = {}
    unclear = []
    for share in _SHARE.finditer(text):
        told = [status for word in _WORD.findall(share["words"]) if (status := status_of(word))]
        if told:
            by_status[told[-1]] = by_status.get(told[-1], 0) + _number(share["number"])
        else:
            unclear.append(share[0].strip(" ,;:"))
    return by_status, tuple(unclear)


def _number(text: str) -> int:
    return int("".join(_DIGITS.findall(text)))
