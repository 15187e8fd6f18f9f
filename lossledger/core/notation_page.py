"""The notation of Oryx's lists, printed so that it can be read back: what a line would not say again is not printed.

A list is written for people, and its notation has no signs of its own around a name or a cause. So whatever is printed
here is read once more, and where the reading is another than what was meant, less is said.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from lossledger.core.notation import Bracket, read_bracket
from lossledger.core.notation_heading import read_sum
from lossledger.core.notation_line import Piece, read_line, ship_name
from lossledger.core.phrases import bracket, heading, headline, phrase_of
from lossledger.core.vocabulary import Status

TOLD = ("name", "fittings", "cause", "captor", "circumstance")
"""What the notation can say of a thing beside its status."""

ANOTHER = "*"
"""What stands in each further link of one bracket."""

_MOST_IN_A_BRACKET = 50
"""No link is given more numbers, since so many look like a slip of the pen."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_WITHOUT_ONE = {Status.LOST}
"""Statuses for which the notation has no word."""


class Thing(NamedTuple):
    """Something of a list: what became of it, its links, and how many there are of the kind that these show."""

    status: Status
    phrase: str | None
    told: tuple[str | None, ...]
    """In the order of ``TOLD``."""
    links: tuple[str, ...] = ()
    quantity: int = 1


class Printed(NamedTuple):
    """A line: what stands before its brackets, and each bracket with the links it stands in."""

    head: str
    brackets: tuple[tuple[str, tuple[str, ...]], ...]
    by_status: Counter[Status]
    reduced: int
    """Of how many things less is said than is known."""


def plain(text: str) -> str:
    """A text as a page shows it: single spaces, and nothing that cannot be seen."""
    return " ".join(_INVISIBLE.sub("", text).split())


def can_stand(thing: Thing) -> bool:
    """Whether the notation has a word for what became of a thing."""
    return thing.status not in _WITHOUT_ONE


def printed_line(model: str, things: Sequence[Thing]) -> Printed | None:
    """The line of a model; None where no such line would be read as what it says."""
    model = plain(model)
    for told in (True, False):
        line = _line(model, things, told=told)
        if _reads_back(line, model):
            return line
    return None


def printed_heading(name: str, by_status: Counter[Status]) -> str | None:
    """A category's heading with its sums; None where it would not be read as one."""
    text = heading(plain(name), _by_word(by_status))
    found = read_sum(text)
    fits = found is not None and found.is_heading and not found.unclear and found.by_status == dict(+by_status)
    return text if found and fits and found.name == plain(name) and found.total == by_status.total() else None


def printed_headline(side: str, by_status: Counter[Status]) -> str | None:
    """A side's headline with its sums; None where it would not be read as one."""
    text = headline(plain(side), _by_word(by_status))
    found = read_sum(text)
    if found is None or found.is_heading or found.is_subtotal or found.unclear:
        return None
    same = (found.name, found.total, found.by_status) == (plain(side), by_status.total(), dict(+by_status))
    return text if same else None


def _by_word(by_status: Counter[Status]) -> dict[str, int]:
    return {str(status): number for status, number in by_status.items()}


def pieces(line: Printed) -> list[Piece]:
    """A line as a page has it: pieces of text, each with the link that it stands in."""
    found: list[Piece] = [(f"{line.head} ", None, 0)]
    for text, links in line.brackets:
        if links:
            found += [(text, links[0], 0), *((ANOTHER, link, 0) for link in links[1:]), (" ", None, 0)]
        else:
            before = found.pop()[0] if found[-1][1] is None else ""
            found.append((f"{before}{text} ", None, 0))
    return found


def _line(model: str, things: Sequence[Thing], *, told: bool) -> Printed:
    """The line of a model, its things numbered in their order."""
    by_status: Counter[Status] = Counter()
    alone = sum(1 for thing in things for _ in _shares(thing.quantity)) == 1 and things[0].quantity == 1
    ship = ship_name(model) if alone else None
    brackets, number, reduced = [], 0, 0
    for thing in things:
        phrase, whole = _phrase(thing.status, thing.phrase if told else None, thing.told if told else (), ship)
        reduced += 0 if whole and told else thing.quantity
        for share in _shares(thing.quantity):
            brackets.append((bracket(range(number + 1, number + share + 1), phrase), thing.links))
            number += share
        by_status[thing.status] += thing.quantity
    return Printed(f"{number} {model}:", tuple(brackets), by_status, reduced)


def _shares(quantity: int) -> Iterator[int]:
    """How many things each bracket of one thing's stands for."""
    while quantity > 0:
        yield min(quantity, _MOST_IN_A_BRACKET)
        quantity -= _MOST_IN_A_BRACKET


def _reads_back(line: Printed, model: str) -> bool:
    """Whether a line says, when it is read, what was to be printed."""
    found = read_line(pieces(line))
    if found.model != model or found.stated != line.by_status.total() or found.strays:
        return False
    if len(found.entries) != len(line.brackets):
        return False
    return all(
        entry[1] == read_bracket(text) and entry[2] == tuple(dict.fromkeys(links))
        for entry, (text, links) in zip(found.entries, line.brackets, strict=True)
    )


@lru_cache(maxsize=16_384)
def _phrase(status: Status, own: str | None, told: tuple[str | None, ...], ship: str | None) -> tuple[str, bool]:
    """The phrase that says most of what is known and nothing else, and whether it says all of it.

    Args:
        status: what became of the thing.
        own: the list's own phrase, where there is one; it is taken if it says the same.
        told: in the order of ``TOLD``.
        ship: the name that the line of a single ship gives it anyway.
    """
    known = {name: plain(text) for name, text in zip(TOLD, told, strict=False) if text}
    best, most = str(status), -1
    for phrase in _candidates(status, own, known):
        said = _said(status, phrase)
        if said is not None and said.items() <= known.items() and len(said) > most:
            best, most = phrase, len(said)
            if said | ({} if ship is None or "name" in said else {"name": ship}) == known:
                return best, True
    return best, False


def _candidates(status: Status, own: str | None, known: dict[str, str]) -> Iterator[str]:
    """Phrases that may say what is known, those in the list's own words first."""
    if own:
        yield plain(own)
        if "name" in known:
            yield f"{known['name']}, {plain(own)}"
    yield phrase_of(status, known)
    for left_out in TOLD:
        yield phrase_of(status, {name: text for name, text in known.items() if name != left_out})
    for kept in TOLD:
        yield phrase_of(status, {name: text for name, text in known.items() if name == kept})
    yield str(status)


def _said(status: Status, phrase: str) -> dict[str, str] | None:
    """What a phrase says in a bracket, but for its status; None where that is another, or it cannot be read."""
    found = read_bracket(bracket((1,), phrase))
    if not isinstance(found, Bracket) or found.numbers != (1,) or found.phrase.status is not status:
        return None
    return {name: text for name in TOLD if (text := getattr(found.phrase, name))}
