"""Items in the shorthand, read: ``3 T-72B d; BMP-2 c by infantry``; its grammar stands in `core.shorthand`."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from lossledger.core.text import quoted
from lossledger.core.vocabulary import Status, Verification
from lossledger.errors import Refused

MOST = 100
"""How many like items one picture can show; a greater number is somebody's count."""

LETTERS: dict[str, Status] = {
    "d": Status.DESTROYED,
    "g": Status.DAMAGED,
    "dm": Status.DAMAGED,
    "a": Status.ABANDONED,
    "c": Status.CAPTURED,
    "l": Status.LOST,
}
"""What the letters stand for. Only small ones do: "Spoon Rest D" is a radar, "Spoon Rest d" a destroyed one."""

MARKS: Mapping[str, Verification] = {"!": Verification.CONFIRMED, "?": Verification.CLAIMED}
"""How far an item is believed, where that differs from the items around it."""


class Slip(Refused):
    """A line that cannot be entered, with the place in it, counted in characters from 1, and why."""

    def __init__(self, column: int, why: str) -> None:
        super().__init__(f"column {column}: {why}")
        self.column, self.why = column, why


@dataclass(frozen=True, slots=True)
class Item:
    """Like things that one link shows, and what became of them."""

    number: int = 1
    types: tuple[str, ...] = ()
    """Its type, or what it may be; none where it is of the type before it in the line."""
    statuses: tuple[Status, ...] = ()
    """What is said to have become of it, one after the other: damaged and captured. The last one counts."""
    belief: Verification | None = None
    by: str | None = None
    fittings: str | None = None
    circumstance: str | None = None
    column: int = field(default=1, compare=False)
    """Where its type begins, or where it does itself."""


_NUMBER = re.compile(r"([0-9]+)\s+(?=\S)")
_QUOTED = re.compile(r'"([^"]*)"')
_WORD = re.compile(r'[^\s"|;]+')
_OPENING = re.compile(r"[\s,]*(?:(?P<word>by|with)(?=[\s,;(]|$)|(?P<round>\())")
_CLAUSE_ENDS = re.compile(r"(?:[\s,]+(?:by|with)(?=[\s,;(]|$))|[\s,]*[(;]|[\s,]*$")
_STATUSES = LETTERS | {str(status): status for status in Status}
_FIELDS = {"by": "by", "with": "fittings", "(": "circumstance"}


class Reader:
    """Reads the items of a line from left to right."""

    def __init__(self, line: str) -> None:
        self._line = line.rstrip()
        self._at = 0

    def items(self) -> Iterator[Item]:
        """Every item of the line; one semicolon may end it."""
        first = True
        while first or self._at < len(self._line):
            yield self._item(first=first)
            first = False
            self._at += 1  # the semicolon

    def name_begun(self, part: str) -> str | None:
        """What stands after the number, where it is a name up to the end."""
        self._skip()
        number = _NUMBER.match(self._line, self._at)
        begins = self._at = number.end() if number else self._at
        with suppress(Slip):  # a quotation that is not closed yet
            self._name()
            if not self._ends():
                return None
        return part[begins:] or None

    def _item(self, *, first: bool) -> Item:
        self._skip()
        begins = self._at
        number = self._number()
        names_from = self._at
        types = tuple(self._types())
        statuses, belief = self._status()
        if not types and (first or not statuses):
            raise Slip(names_from + 1, self._nothing_named(begins, found=bool(statuses)))
        clauses = self._clauses()
        column = (names_from if types else begins) + 1
        return Item(number, types, statuses, belief, **clauses, column=column)

    def _nothing_named(self, begins: int, *, found: bool) -> str:
        if found:
            return "no type stands before this status"
        if self._at == begins:
            return "a type is missing here, as in: 3 T-72B d; BMP-2 c"
        return "a type is missing between the number and this"

    def _number(self) -> int:
        found = _NUMBER.match(self._line, self._at)
        if not found or self._line[found.end()] in ";|":
            return 1
        if not 0 < int(found[1][:9]) <= MOST:
            raise Slip(
                self._at + 1,
                f"{found[1]} is no number of things in one picture (1 to {MOST}); a type that begins with a number "
                'stands in quotes, "130 mm M-46", and a number that somebody gave is entered with: lossledger add',
            )
        self._at = found.end()
        return int(found[1])

    def _types(self) -> Iterator[str]:
        """The names that an item may be of."""
        while True:
            name = self._name()
            bar = self._line.startswith("|", self._at)
            if name:
                yield name
            elif bar:
                raise Slip(self._at + 1, "a type is missing before the bar, as in: T-72B|T-72B3 d")
            if not bar:
                return
            self._at += 1
            self._skip()
            if self._ends() or self._word_status() is not None:
                raise Slip(self._at + 1, "a type is missing after the bar, as in: T-72B|T-72B3 d")

    def _name(self) -> str:
        """The words up to a bar, a status or the item's end; those between quotes as they are."""
        words = []
        while not self._ends() and self._line[self._at] != "|":
            if self._line[self._at] == '"':
                found = _QUOTED.match(self._line, self._at)
                if not found:
                    raise Slip(self._at + 1, "this quotation mark is not closed")
                words.append(found[1].strip())
            else:
                found = _WORD.match(self._line, self._at)
                if not found or self._word_status() is not None:
                    break
                words.append(found[0])
            self._at = found.end()
            self._skip()
        return " ".join(filter(None, words))

    def _word_status(self) -> tuple[tuple[Status, ...], Verification | None] | None:
        """The status that the next word tells, its mark with it; None where it tells none."""
        found = _WORD.match(self._line, self._at)
        if not found:
            return None
        word = found[0].rstrip(",").partition("(")[0]
        belief = MARKS.get(word[-1:])
        letters = word[:-1] if belief else word
        if belief and not letters:
            return (), belief
        parts = letters.split("+")
        known = [_STATUSES.get(part) for part in parts]
        statuses = tuple(status for status in known if status is not None)
        return (statuses, belief) if len(statuses) == len(parts) else None

    def _status(self) -> tuple[tuple[Status, ...], Verification | None]:
        told = self._word_status()
        if told is None:
            return (), None
        found = _WORD.match(self._line, self._at)
        self._at += len(found[0].rstrip(",").partition("(")[0]) if found else 0
        return told

    def _clauses(self) -> dict[str, str]:
        """What is told after the status: "by", "with", and a circumstance in parentheses."""
        told: dict[str, str] = {}
        while True:
            opening = _OPENING.match(self._line, self._at)
            if not opening:
                break
            sign = opening["word"] or opening["round"]
            begins = opening.start("word" if opening["word"] else "round")
            if _FIELDS[sign] in told:
                raise Slip(begins + 1, f"a second {quoted(sign)}; write both in one, with a comma between them")
            self._at = opening.end()
            text = self._round(begins) if sign == "(" else self._words()
            if not text:
                raise Slip(begins + 1, f"nothing stands after {quoted(sign)}")
            told[_FIELDS[sign]] = text
        self._skip(",")
        if not self._ends():
            word = _WORD.match(self._line, self._at)
            shown = quoted(word[0] if word else self._line[self._at])
            raise Slip(
                self._at + 1,
                f"{shown} after a status: between two losses stands a semicolon, and before what is told of one "
                "stands by, with or (",
            )
        return told

    def _words(self) -> str:
        ends = _CLAUSE_ENDS.search(self._line, self._at)
        stop = ends.start() if ends else len(self._line)
        text = self._line[self._at : stop].strip()
        self._at = stop
        return text

    def _round(self, begins: int) -> str:
        stop = self._line.find(")", self._at)
        if stop < 0:
            raise Slip(begins + 1, "this parenthesis is not closed")
        text = self._line[self._at : stop].strip()
        self._at = stop + 1
        return text

    def _skip(self, signs: str = "") -> None:
        while self._at < len(self._line) and (self._line[self._at].isspace() or self._line[self._at] in signs):
            self._at += 1

    def _ends(self) -> bool:
        return self._at >= len(self._line) or self._line[self._at] == ";"


def name_begun(typed: str) -> str | None:
    """The name that is being typed at the end of a line of items; None where a status already stands after it."""
    part = re.split(r"[;|]", typed)[-1]
    reader = Reader(part)
    return reader.name_begun(part)
