"""What each block of an Oryx page is to its lists: a heading, a line, something that should be a line, or prose."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lossledger.core.notation_heading import Sum, read_sum
from lossledger.core.notation_line import BREAK, Line, Run, is_item, read_line
from lossledger.feeds.oryx_page import Block

_COUNTED = re.compile(r"\s*[0-9][0-9,.]*\s+[^\s(][^\n]*?:\s*(?=$|\(+\s*[0-9])")
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
    """A line of a list, and the countries whose flags stand before it."""

    line: Line
    origin: str | None
    place: int


class Bare(NamedTuple):
    """An element of a list in which no item was found."""

    text: str
    place: int
    is_counted: bool
    """Whether it begins as a line does, with a flag and a count, or a count and a model."""


Part = Heading | Listed | Bare


def parts_of(block: Block) -> Iterator[Part]:
    """What a block is to the lists: nothing, where it is prose; several lines, where breaks part them."""
    if block.is_heading:
        yield _heading(block) if not any(run.link and is_item(run.text) for run in block.runs) else _listed(block)
        return
    for piece in _pieces(block):
        if _is_line(piece):
            yield _listed(piece)
        elif (stated := read_sum(text := piece.text)) and stated.by_status:
            yield Heading(text, stated, piece.place, piece.tag)
        elif piece.tag:
            yield Bare(text, piece.place, _is_counted(piece, text))


def _heading(block: Block) -> Heading:
    text = block.text
    return Heading(text, read_sum(text), block.place, block.tag)


def _listed(block: Block) -> Listed:
    return Listed(read_line(block.runs), ", ".join(block.flags) or None, block.place)


def _pieces(block: Block) -> Sequence[Block]:
    """The block, parted at those breaks after which another line begins."""
    starts = [at for at, run in enumerate(block.runs) if run.text == BREAK and _begins_line(block.runs[at + 1 :])]
    if not starts:
        return (block,)
    bounds = zip([0, *starts], [*starts, len(block.runs)], strict=True)
    pieces = [block._replace(runs=block.runs[start:end]) for start, end in bounds]
    return [pieces[0], *(piece._replace(flags=()) for piece in pieces[1:])]


def _begins_line(runs: Sequence[Run]) -> bool:
    return _COUNTED.match(_head(runs)) is not None


def _head(runs: Sequence[Run]) -> str:
    """The text before the first link or break."""
    texts = []
    for run in runs:
        if run.link is not None or run.text == BREAK:
            break
        texts.append(run.text)
    return "".join(texts)


def _is_line(block: Block) -> bool:
    """Whether a block is a model's line: it has an item, or the beginning of a line and links after it."""
    head = _head(block.runs)
    has_item = any(run.link is not None and is_item(run.text) for run in block.runs)
    if block.tag:
        has_link = any(run.link is not None for run in block.runs)
        return has_item or (_COUNTED.match(head) is not None and (has_link or _has_bracket(head)))
    # Running text: without a count, what stands before an item is rather a sentence than a model.
    return (has_item and _COUNT.match(head) is not None) or (_COUNTED.match(head) is not None and _has_bracket(head))


def _has_bracket(text: str) -> bool:
    return any(map(is_item, _BRACKET.findall(text)))


def _is_counted(block: Block, text: str) -> bool:
    return _COUNT.match(text) is not None and (bool(block.flags) or text.endswith(":"))
