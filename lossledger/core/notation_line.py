"""The notation of Oryx's lists, read: a line, "205 T-64BV: (1, destroyed) (25 and 26, destroyed) ...".

    line = [count] model [":"] { bracket }

A line comes in pieces of text, each with the link it stands in. Most brackets fill a link exactly; those are read as
they stand. Any other line is read sign by sign, for a bracket may lack a half, have one too many, be split over
several links, or have none.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

from lossledger.core.notation import Bracket, Unclear, begins_item, read_bracket
from lossledger.core.notation_phrase import status_of

_COUNT = re.compile(r"([0-9]{1,3}(?:[,.'’][0-9]{3})+|[0-9]{1,6})[\s.]+(?=\S)")
_NOISE = re.compile(r"[\s,;:.·•|/&()\[\]*–—-]*(?:and)?[\s,;:.·•|/&()\[\]*–—-]*")
_COLON = re.compile(r":[\s:]*(?=\(+\s*(?:[0-9]|$)|$)")
_FIRST_BRACKET = re.compile(r"\(+\s*(?:[0-9]|$)")
_PARTS = re.compile(r"[()]|[^()]+")
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"[0-9]+")


NO_TYPE = "Type not given"
"""What stands in the place of a model where nobody knows it. Lists have no such line; what is exported does."""

_LONGEST = 2000
"""A piece with more signs is no part of a line."""

_MOST_PARTS = 60
"""Into how many pieces a bracket may be cut, its inner brackets included."""


Piece = tuple[str, str | None, int]
"""A piece of a line: its text, with single spaces; the link that it stands in, or None; the file's line.

Bare tuples, for a page has tens of thousands.
"""


BREAK: Piece = ("\n", None, 0)
"""A line break that the page shows; any other white space is a space."""


class Run(NamedTuple):
    """A piece of a line that is read sign by sign."""

    text: str
    link: str | None
    place: int


Entry = tuple[str, Bracket | Unclear, tuple[str, ...], int]
"""One bracket of a line: its text, what it says, the links it stands in, the file's line."""


class Line(NamedTuple):
    """A line: its count, its model, its brackets, and words that are none of these."""

    head: str
    """What stands before the brackets, as printed: "205 T-64BV"."""
    stated: int | None
    """The running count, where there is one."""
    model: str
    entries: list[Entry]
    strays: list[Run]


def read_line(pieces: Sequence[Piece]) -> Line:
    """What a line says. Every link in it but those of the model's own name is an entry, read or not."""
    head, tail = _parted(pieces)
    head = " ".join(head.split()).rstrip(" :")
    stated, model = read_model(head)
    entries = _as_they_stand(tail)
    if entries is not None:
        return Line(head, stated, model, entries, [])
    reader = _Reader()
    for piece in tail:
        reader.take(Run(*piece))
    reader.close()
    return Line(head, stated, model, reader.entries, reader.strays)


def read_usual_line(head: str, texts: Sequence[str], links: Sequence[str], place: int) -> Line | None:
    """What a line says in which a colon ends the model, and each bracket that follows fills a link.

    Args:
        head: all that stands before the first link.
        texts: the brackets, their white space normalised.
        links: the link of each.
        place: the line of the file.

    Returns:
        The line, as `read_line` would read it; None where it may be an unusual one.
    """
    colon = _COLON.search(head)
    if colon is None or colon.end() != len(head) or not is_item(texts[0]):
        return None
    brackets = list(map(read_bracket, texts))
    if Unclear in map(type, brackets) or not all(links):
        return None
    head = " ".join(head.split()).rstrip(" :")
    return Line(head, *read_model(head), list(zip(texts, brackets, zip(links), repeat(place))), [])


def read_model(head: str) -> tuple[int | None, str]:
    """The running count and the model of a line's head, "205 T-64BV"; the count is None where there is none."""
    found = _COUNT.match(head)
    return (int("".join(_DIGITS.findall(found[1]))), head[found.end() :]) if found else (None, head)


_SHIP = re.compile(
    r"\bclass\b|ship\b|boat\b|vessel\b|frigate|corvette|cruiser|submarine|minesweeper|carrier|tug|landing craft|"
    r"hovercraft|catamaran|trawler|yacht|barge|ferry",
    re.IGNORECASE,
)
_QUOTED_END = re.compile(r"(?:\b[A-Z]{1,4}[ -]?[0-9]{1,4} )?(?:['‘’\"“”]{1,2}[^'‘’\"“”]+['‘’\"“”]{1,2}\s*)+$")
_QUOTES = tuple("'‘’\"“”")
_QUOTED = re.compile(r"['‘’\"“”]{1,2}([^'‘’\"“”]+)['‘’\"“”]{1,2}")


def ship_name(model: str) -> str | None:
    """The name that a ship's line ends in: "Moskva" of "Project 1164 Slava-class guided missile cruiser 'Moskva'".

    Returns:
        The name without the quotes around it, and with its hull number; None where it ends in none, or is no
        ship: the "Bulat" of "T-64BM 'Bulat'" is a type's name.
    """
    found = _QUOTED_END.search(model) if model.endswith(_QUOTES) else None
    if not found or not _SHIP.search(model, 0, found.start()):
        return None
    whole = _QUOTED.fullmatch(found[0].strip())
    return whole[1] if whole else found[0].strip()


def is_item(text: str) -> bool:
    """Whether a text reads as a bracket with a number and a status."""
    bracket = read_bracket(text)
    return isinstance(bracket, Bracket) and bool(bracket.numbers)


def _parted(pieces: Sequence[Piece]) -> tuple[str, Sequence[Piece]]:
    """What stands before the brackets, and the pieces from the first bracket on."""
    head = ""
    for at, (text, link, _) in enumerate(pieces):
        if len(head) + len(text) > _LONGEST:
            return _cut(head, pieces[at:])
        if link is not None and (_COLON.search(head) or _looks_like_item(text)):
            return _cut(head, pieces[at:])
        head += text
    return _cut(head, ())


def _cut(head: str, rest: Sequence[Piece]) -> tuple[str, Sequence[Piece]]:
    """Take from the head the brackets without a link that stand in it."""
    if colon := _COLON.search(head):
        end = colon.end()
    else:
        brackets = (found.start() for found in _FIRST_BRACKET.finditer(head) if _is_bracket_at(head, found))
        end = next(brackets, len(head))
    unlinked = head[end:]
    if not unlinked.strip():
        return head[:end], rest
    return head[:end], [(unlinked, None, rest[0][2] if rest else 0), *rest]


def _is_bracket_at(head: str, found: re.Match[str]) -> bool:
    """Whether a bracket without a link begins here, or one whose link follows."""
    return found.end() == len(head) or is_item(head[found.start() : head.find(")", found.end()) + 1 or len(head)])


def _looks_like_item(text: str) -> bool:
    """Whether a link's text is rather an item, read or not, than a part of the model's name."""
    return text.lstrip().startswith("(") or begins_item(text) or any(map(status_of, _WORD.findall(text)))


def _as_they_stand(pieces: Sequence[Piece]) -> list[Entry] | None:
    """The brackets of a line in which every link is one, and nothing stands between them; None for any other."""
    entries: list[Entry] = []
    for text, link, place in pieces:
        if link is None:
            if text.isspace() or not text:
                continue
            return None
        bracket = read_bracket(text)
        if not isinstance(bracket, Bracket):
            return None
        entries.append((text, bracket, (link,) if link else (), place))
    return entries


class _Reader:
    """Reads a line sign by sign: a bracket closes with its last half, with its link, or where the next begins."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.strays: list[Run] = []
        self.open: list[Run] = []
        self.depth = 0

    def take(self, run: Run) -> None:
        """Read the next run."""
        if not run.text.strip():
            if self.open:
                self.open.append(run)
            return
        if self.open and self._ends_before(run):
            self.close()
        if len(run.text) > _LONGEST:
            self.strays.append(run)
            return
        for part in _split(run):
            self._take_part(part)

    def close(self) -> None:
        """End the bracket that is open, if any."""
        runs, self.open, self.depth = self.open, [], 0
        text = " ".join("".join(run.text for run in runs).split())
        links = tuple(dict.fromkeys(run.link for run in runs if run.link))
        linked = any(run.link is not None for run in runs)
        if not any(map(str.isalnum, text)):
            self._take_shell(links)
        elif linked or is_item(text):
            place = next((run.place for run in runs if run.link is not None), runs[0].place)
            self.entries.append((text, read_bracket(text), links, place))
        elif not _NOISE.fullmatch(text):
            self.strays.append(runs[0]._replace(text=text))

    def _take_part(self, part: Run) -> None:
        if part.text == "(":
            self.depth += 1
            self.open.append(part)
        elif part.text == ")":
            self._take_second_half(part)
        else:
            self._take_words(part)

    def _take_second_half(self, part: Run) -> None:
        if not self.open:
            self._take_shell((part.link,) if part.link else ())
            return
        self.open.append(part)
        self.depth -= 1
        if self.depth <= 0:
            self.close()

    def _take_words(self, part: Run) -> None:
        opened = bool(self.open)
        if opened and self._tells() and self.open[-1].text == "(" and begins_item(part.text):
            half = self.open.pop()  # "(13, destroyed (14, destroyed)": the first bracket was never closed
            self.close()
            self.open.append(half)
            self.depth = 1
        elif not opened:
            self.depth = 1  # as if its first half stood there
        self.open.append(part)
        if not opened and part.link is None:
            self.close()

    def _ends_before(self, run: Run) -> bool:
        """Whether the open bracket, whose link has ended, ends without its second half before this run."""
        said = self._said()
        if (
            len(run.text) > _LONGEST
            or len(self.open) > _MOST_PARTS
            or not (said.lstrip().startswith("(") or begins_item(said))
        ):
            return True
        if run.text.lstrip().startswith("(") and begins_item(run.text):
            return any(map(str.isalnum, said))
        if not self._tells():
            return False
        return begins_item(run.text) if run.link is not None else ")" not in run.text.partition("(")[0]

    def _tells(self) -> bool:
        """Whether the open bracket tells a status already."""
        return any(map(status_of, _WORD.findall(self._said())))

    def _said(self) -> str:
        return "".join(run.text for run in self.open)

    def _take_shell(self, links: tuple[str, ...]) -> None:
        """Half a bracket alone: its link belongs to the entry before, as a rule is the same."""
        if links and self.entries:
            text, bracket, known, place = self.entries[-1]
            self.entries[-1] = (text, bracket, tuple(dict.fromkeys((*known, *links))), place)


def _split(run: Run) -> Iterator[Run]:
    return (run._replace(text=part) for part in _PARTS.findall(run.text))
