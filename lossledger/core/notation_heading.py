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

_NUMBER = r"(?:[0-9]{1,3}(?:[,.'’ ][0-9]{3})+(?![0-9])|[0-9]{1,9})"
_OF_WHICH = r"\s*,?\s*of\s*which\s*:?"
_IN_BRACKETS = re.compile(rf"(?P<name>.*?)\s*[(\[]+\s*(?P<total>{_NUMBER})(?:{_OF_WHICH}(?P<shares>.*?))?[\s,.)\]]*", re.I)
_AFTER_DASH = re.compile(rf"(?P<name>.*\S)\s*(?:\s[-:]|[–—−:])\s*(?P<total>{_NUMBER})(?:{_OF_WHICH}(?P<shares>.*))?[\s,.]*", re.I)
_BARE = re.compile(
    rf"(?P<name>.*?)[\s(\[–—-]*(?P<total>\b{_NUMBER})?(?:{_OF_WHICH}(?P<shares>.*?))(?P<closed>[\s,.)\]]*)", re.I
)
_SHARE = re.compile(rf"(?P<words>[^0-9]+?)[\s:]*(?P<number>{_NUMBER})")
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
    of_which: bool
    """Whether it has the words "of which", which no other text has."""

    @property
    def is_subtotal(self) -> bool:
        """Whether it sums up several headings: "Losses excluding Recon Drones and Trucks"."""
        return not self.is_heading and bool(re.match(r"losses\b", self.name, re.I))


def read_sum(text: str) -> Sum | None:
    """What a headline or a heading states, its white space normalised; None where the text is neither."""
    if len(text) > _LONGEST or not text or not (text[-1] in ")]" or _DIGITS.search(text)):
        return None
    of_which = re.search(r"of\s*which", text, re.I) is not None
    for pattern, is_heading in ((_IN_BRACKETS, True), (_AFTER_DASH, False)):
        if (found := pattern.fullmatch(text)) and found["name"].strip():
            return _sum(found, is_heading=is_heading, of_which=of_which)
    if of_which and (found := _BARE.fullmatch(text)) and found["name"].strip():
        # Neither bracket nor dash: which it is shows in what closes it.
        return _sum(found, is_heading=")" in found["closed"], of_which=True)
    return None


def _sum(found: re.Match[str], *, is_heading: bool, of_which: bool) -> Sum:
    by_status: dict[Status, int] = {}
    unclear = []
    for share in _SHARE.finditer(found["shares"] or ""):
        told = [status for word in _WORD.findall(share["words"]) if (status := status_of(word))]
        if told:
            by_status[told[-1]] = by_status.get(told[-1], 0) + _number(share["number"])
        else:
            unclear.append(share[0].strip(" ,;:"))
    total = found["total"]
    name = found["name"].strip(" -–—:")
    return Sum(name, _number(total) if total else None, by_status, tuple(unclear), is_heading, of_which)


def _number(text: str) -> int:
    return int("".join(_DIGITS.findall(text)))
