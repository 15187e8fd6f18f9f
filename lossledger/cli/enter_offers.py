"""What is offered to one who types a line: names of types, sides, places, and the words that set what sticks."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from lossledger.core.completing import Names, Offer
from lossledger.core.frame import Frame
from lossledger.core.names import fold
from lossledger.core.shorthand import Asked, Set, Sticks, name_written, read
from lossledger.core.shorthand_items import MARKS, Slip, name_begun
from lossledger.queries.usage import Usage

_MOST = 6
"""How many names are offered at a time."""

_OWN_SIDE = 1_000_000
"""What one loss of the side that is entered weighs against one of any side."""

_SHORTEST = 2
"""A word of the program is offered from this many letters on."""

_WORDS = {
    "side": "who lost it",
    "place": "where",
    "source": "a source of the ledger, by its id",
    "merge": "join with what looks the same",
    "help": "what can be typed",
    "quit": "leave",
} | {str(belief): "so are the losses that follow" for belief in MARKS.values()}

_SETTING = re.compile(r"\s*(side|place)\s+(.*)", re.IGNORECASE)
_NO_NAME = re.compile(r"\s*(?:[@#=<?]|https?:|(?:day|source|merge)\s)", re.IGNORECASE)


class Offered(NamedTuple):
    """A text that may take the place of what is typed."""

    text: str
    over: int
    """How many characters before the cursor it takes the place of."""
    shown: str
    about: str = ""


class Offers:
    """Knows the names of a ledger, and how often each was used; what is entered now counts at once."""

    def __init__(self, known: Usage) -> None:
        self._known = known
        self._sides, self._types, self._headings = Names(known.sides), Names(known.types), Names(known.categories)
        self._places = Names(dict(zip(known.places, known.places, strict=True)))
        self._of_any_side: Counter[str] = Counter()
        for (_, slug), number in known.used_types.items():
            self._of_any_side[slug] += number
        self._slugs = {fold(name): slug for name, slug in known.types.items()}
        self._names: dict[str, str] = {}
        """The own name of each side and type; their slugs differ, for a side's has its conflict in it."""
        for name, slug in (*known.sides.items(), *known.types.items()):
            self._names.setdefault(slug, name)

    def entered(self, line: str, frame: Frame) -> None:
        """Learn what was just entered or set."""
        try:
            told = read(line)
        except Slip:
            return
        if isinstance(told, tuple) and not isinstance(told, Set | Asked):
            for name, number in ((name, item.number) for item in told for name in item.types):
                if slug := self._slugs.get(fold(name)):
                    self._known.used_types[self._side(frame), slug] += number
                    self._of_any_side[slug] += number
        elif frame.place and frame.place not in self._known.places:
            self._known.places[frame.place] += 1
            self._places = Names(dict(zip(self._known.places, self._known.places, strict=True)))

    def for_line(self, typed: str, frame: Frame) -> Iterator[Offered]:
        """What may stand in the place of a line's last words, the likeliest first."""
        if setting := _SETTING.fullmatch(typed):
            yield from (
                self._of_sides(setting[2]) if setting[1].casefold() == Sticks.SIDE else self._of_places(setting[2])
            )
        elif not _NO_NAME.match(typed) and (name := name_begun(typed)):
            if name == typed and len(name) >= _SHORTEST:
                words = ((word, about) for word, about in _WORDS.items() if word.startswith(name.casefold()))
                yield from (Offered(f"{word} ", len(name), word, about) for word, about in words)
            yield from self._of_things(name, frame)

    def _of_sides(self, name: str) -> Iterator[Offered]:
        for one in self._sides.offers(name, lambda slug: self._known.used_sides[slug], _MOST):
            yield Offered(one.name, len(name), one.name, self._own_name(one))

    def _of_places(self, name: str) -> Iterator[Offered]:
        for one in self._places.offers(name, lambda place: self._known.places[place], _MOST):
            yield Offered(one.name, len(name), one.name)

    def _own_name(self, offer: Offer) -> str:
        """What an alias stands for; nothing for a name."""
        own = self._names[offer.key]
        return own if fold(own) != fold(offer.name) else ""

    def _of_things(self, name: str, frame: Frame) -> Iterator[Offered]:
        """Types by how often the side has lost them, then by how often any has; then headings."""
        side = self._side(frame)
        types = self._types.offers(
            name, lambda slug: self._known.used_types[side, slug] * _OWN_SIDE + self._of_any_side[slug], _MOST
        )
        for one in types:
            times = self._known.used_types[side, one.key]
            about = (self._own_name(one), f"{times:,} times" if times else "")
            yield Offered(f"{name_written(one.name)} ", len(name), one.name, ", ".join(filter(None, about)))
        for one in self._headings.offers(name, lambda _: 0, _MOST - len(types)):
            yield Offered(f"{name_written(one.name)} ", len(name), one.name, "type not given")

    def _side(self, frame: Frame) -> str:
        return self._known.sides.get(frame.side, "")
