"""Which headings a subtotal covers: "Losses of Armoured Combat Vehicles [Tanks, AFVs, IFVs, APCs, and MRAPs]"."""

import re
from collections.abc import Sequence

_LISTED = re.compile(r"\[([^\]]+)\]")
_EXCLUDING = re.compile(r"\b(?:excluding|without|except(?:ing)?|excl)\b[\s.:]*(.+)", re.IGNORECASE)
_OF = re.compile(r"losses\s+(?:of|in)\s+(.+)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|&|\band\b)\s*(?:and\s+)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_ACRONYM = re.compile(r"[A-Z]{2,}s?")

_SAME = {"drone": ("unmanned", "uav", "drone"), "uav": ("unmanned", "uav"), "ucav": ("ucav",)}
"""Words of subtotals that headings have others for."""


def covered(subtotal: str, headings: Sequence[str]) -> tuple[str, ...] | None:
    """The headings that a subtotal covers, in the page's order.

    Returns:
        The headings; None where it names one that the page lacks, or none at all.
    """
    excluding = _EXCLUDING.search(subtotal)
    listed = excluding or _LISTED.search(subtotal) or _OF.search(subtotal)
    if not listed:
        return None
    named: set[str] = set()
    for name in filter(None, _BETWEEN.split(listed[1].strip(" []()"))):
        meant = _meant(name, headings)
        if not meant:
            return None
        named.update(meant)
    return tuple(heading for heading in headings if (heading in named) is (excluding is None)) or None


def _meant(name: str, headings: Sequence[str]) -> list[str]:
    """The headings that a name stands for: its own, else those it abbreviates, else those with its words."""
    for fits in (_is_same, _is_abbreviated, _has_words):
        if meant := [heading for heading in headings if fits(name, heading)]:
            return meant
    return []


def _is_same(name: str, heading: str) -> bool:
    return name.casefold() == heading.casefold()


def _is_abbreviated(name: str, heading: str) -> bool:
    """Whether the name is the heading's initials, or an abbreviation that the heading gives itself ("(MRAP)")."""
    if not _ACRONYM.fullmatch(name):
        return False
    short, words = name.rstrip("s"), _WORD.findall(heading)
    return short in words or short == "".join(word[0] for word in words).upper()


def _has_words(name: str, heading: str) -> bool:
    """Whether the heading begins with the name's first word, and has the others: "Recon Drones", "Trucks"."""
    words = [word.casefold() for word in _WORD.findall(heading)]
    wanted = [word.casefold().rstrip("s") for word in _WORD.findall(name)]
    return (
        bool(wanted)
        and any(words[0].startswith(stem) for stem in _SAME.get(wanted[0], (wanted[0],)))
        and all(any(word.startswith(_SAME.get(stem, (stem,))) for word in words) for stem in wanted)
    )
