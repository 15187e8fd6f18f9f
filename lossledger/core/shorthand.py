"""The shorthand in which losses are typed, read and written: ``3 T-72B d; BMP-2 c by infantry``.

    line   = nothing | "#" remark | deed | frame | items
    deed   = "=" | "<" | "?" | "help" | "merge" [id] | "quit"
    frame  = link | "@" days | "side" name | "day" days | "place" text | "source" (link | id) | belief
    items  = item { ";" item } [";"]
    item   = [number] [types] [status] [mark] { [","] clause }
    types  = name { "|" name }        name   = words, or a text between double quotes
    status = letter { "+" letter }    mark   = "!" | "?"
    clause = "by" text | "with" text | "(" text ")"

A name ends where a status begins, so what stands after a status must be a clause: a forgotten semicolon is an error,
and never a part of the loss before it.
"""

import re
from contextlib import suppress
from enum import StrEnum
from typing import NamedTuple

from lossledger.core.shorthand_items import LETTERS, MARKS, Item, Reader, Slip
from lossledger.core.vocabulary import Status


class Sticks(StrEnum):
    """What a line sets for all losses after it, by the word that it begins with."""

    SIDE = "side"
    DAY = "day"
    PLACE = "place"
    SOURCE = "source"
    BELIEF = "belief"


class Deed(StrEnum):
    """What a line asks for that enters nothing new, by its word."""

    AGAIN = "="
    BACK = "<"
    HELP = "?"
    MERGE = "merge"
    QUIT = "quit"


class Asked(NamedTuple):
    """A line that asks for a deed; ``text`` is what stands after its word."""

    deed: Deed
    text: str = ""


class Set(NamedTuple):
    """A line that sets what sticks; an empty text clears it. ``column`` is where the text begins."""

    what: Sticks
    text: str
    column: int = 1


Line = Asked | Set | tuple[Item, ...] | None

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_WORD_SETS = {str(one): one for one in Sticks if one is not Sticks.BELIEF}
_BELIEFS = {str(one): one for one in MARKS.values()}
_DEEDS = {str(deed): deed for deed in Deed} | {"help": Deed.HELP}


def read(line: str) -> Line:
    """What a line means; None for an empty one and for a remark.

    Errors: Slip with the place of the first sign that cannot be, and why.
    """
    text = line.strip()
    at = len(line) - len(line.lstrip()) + 1
    word, _, rest = text.partition(" ")
    after = at + len(text) - len(rest.lstrip())
    if not text or text.startswith("#"):
        return None
    if text.startswith("@"):
        return Set(Sticks.DAY, text[1:].strip(), at + len(text) - len(text[1:].lstrip()))
    if link := _LINK.match(text):
        if link.end() < len(text):
            raise Slip(at + link.end(), "a link stands on a line of its own; what it shows comes in the next")
        return Set(Sticks.SOURCE, text, at)
    if word.casefold() in _WORD_SETS:
        return Set(_WORD_SETS[word.casefold()], rest.strip(), after)
    if text.casefold() in _BELIEFS:
        return Set(Sticks.BELIEF, text.casefold(), at)
    return _deed(text, word.casefold(), rest.strip(), after) or tuple(Reader(line).items())


def _deed(text: str, word: str, rest: str, after: int) -> Asked | None:
    deed = _DEEDS.get(text.casefold()) or (_DEEDS.get(word) if word == Deed.MERGE else None)
    if deed is None and text[0] in "=<":
        raise Slip(after if rest else 2, f"{text[0]} stands alone on its line")
    return None if deed is None else Asked(deed, rest if deed is Deed.MERGE else "")


def written(items: tuple[Item, ...]) -> str:
    """The line from which ``read`` has these items again, as short as it can be."""
    return "; ".join(map(_written, items))


def _written(item: Item) -> str:
    names = "|".join(map(name_written, item.types))
    letters = "+".join(_LETTER[status] for status in item.statuses)
    mark = next((sign for sign, belief in MARKS.items() if belief is item.belief), "")
    number = "" if item.number == 1 else str(item.number)
    told = [f"{word} {text}" for word, text in (("by", item.by), ("with", item.fittings)) if text]
    clauses = ", ".join(told) + (f" ({item.circumstance})" if item.circumstance else "")
    return " ".join(filter(None, (number, names, letters + mark, clauses.strip())))


_LETTER = {status: letter for letter, status in LETTERS.items() if letter != "dm"}


def name_written(name: str) -> str:
    """A type's name as it stands in a line: in quotes where a part of it would be read as something else.

    A quotation mark in it is left out: names are the same with and without.
    """
    bare = " ".join(name.replace('"', " ").split())
    with suppress(Slip):
        if read(bare) == (Item(types=(bare,)),) and read(f"{bare} d") == (Item(1, (bare,), (Status.DESTROYED,)),):
            return bare
    return f'"{bare}"'
