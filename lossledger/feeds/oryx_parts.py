"""What each block of an Oryx page is to its lists: a heading, a line, something that should be a line, or prose."""

import re
from collections.abc import Sequence
from itertools import groupby, takewhile
from typing import NamedTuple

from lossledger.core.notation_heading import Sum, read_sum
from lossledger.core.notation_line import BREAK, Line, Piece, is_item, read_line
from lossledger.feeds.oryx_page import Block

_COUNTED = re.compile(r"\s*[0-9][0-9,.]*\s+[^\s(].*?:\s*(?=$|\(+\s*[0-9])", re.DOTALL)
"""The beginning of a line: "205 T-64BV:"."""

_COUNT = re.compile(r"\s*[0-9][0-9,.]*\s+[^\s(]")
_BRACKET = re.compile(r"\(+\s*[0-9][^()]*\)")


class Heading(NamedTuple):
    """A heading or headline: what it says, and what it states where it states anything."""

    text: str
    stated: Sum | None
    place: int
    tag: str
    """The element it stands in; "" for running text."""


class Listed(NamedTuple):
    """A line of a list, yet to be read: there are thousands, and each is needed once."""

    block: Block

    @property
    def line(self) -> Line:
        """What the line says."""
        return self.block.line or read_line(self.block.pieces)

    @property
    def origin(self) -> str | None:
        """The countries whose flags stand before it."""
        return ", ".join(self.block.flags) or None

    @property
    def place(self) -> int:
        """The line of the file where it begins."""
        return self.block.place


class Bare(NamedTuple):
    """What should be a line and is none."""

    text: str
    place: int
    reason: str
    is_counted: bool
    """Whether it begins as a line does, with a flag and a count, or a count and a model."""


Part = Heading | Listed | Bare


def parts_of(block: Block) -> Sequence[Part]:
    """What a block is to the lists: nothing, where it is prose; several lines, where breaks part them."""
    if block.line:
        return (Listed(block),)
    has_item = _has_item(block)
    if block.is_heading:
        return (Listed(block) if has_item else _heading(block),)
    if has_item and block.tag and BREAK not in block.pieces:
        return (Listed(block),)
    return [part for line in _parted(block) if (part := _part(line))]


def _part(block: Block) -> Part | None:
    if _is_line(block):
        return Listed(block)
    text = block.text
    if (stated := read_sum(text)) and stated.by_status:
        return Heading(text, stated, block.place, block.tag)
    if _has_item(block):
        return Bare(text, block.place, "items without a count and a model before them", is_counted=True)
    return Bare(text, block.place, "a line without items", _is_counted(block, text)) if block.tag else None


def _heading(block: Block) -> Heading:
    text = block.text
    return Heading(text, read_sum(text), block.place, block.tag)


def _parted(block: Block) -> Sequence[Block]:
    """The block, parted at those breaks after which another line begins."""
    if BREAK not in block.pieces:
        return (block,)
    lines: list[list[Piece]] = [[]]
    for is_break, shown in groupby(block.pieces, BREAK.__eq__):
        pieces = list(shown)
        if not is_break and lines[-1] and _COUNTED.match(_head(pieces)):
            lines.append([])
        lines[-1] += pieces
    if len(lines) == 1:
        return (block,)
    parts = [block._replace(pieces=pieces) for pieces in lines]
    parts = [part for part in parts if part.text]
    return [*parts[:1], *(part._replace(flags=()) for part in parts[1:])]


def _head(pieces: Sequence[Piece]) -> str:
    """The text before the first link."""
    return "".join([text for text, _, _ in takewhile(lambda piece: piece[1] is None, pieces)])


def _is_line(block: Block) -> bool:
    """Whether a block is a model's line: it has an item, or the beginning of a line and links after it."""
    has_item = _has_item(block)
    if block.tag and has_item:
        return True
    head = _head(block.pieces)
    if has_item:
        # Running text: without a count, what stands before an item is rather a sentence than a model.
        return _COUNT.match(head) is not None
    has_link = bool(block.tag) and any(link is not None for _, link, _ in block.pieces)
    return _COUNTED.match(head) is not None and (has_link or _has_bracket(head))


def _has_item(block: Block) -> bool:
    for text, link, _ in block.pieces:  # noqa: SIM110 - a generator would take twice as long, for every line
        if link is not None and is_item(text):
            return True
    return False


def _has_bracket(text: str) -> bool:
    return any(map(is_item, _BRACKET.findall(text)))


def _is_counted(block: Block, text: str) -> bool:
    return _COUNT.match(text) is not None and (bool(block.flags) or text.endswith(":"))
