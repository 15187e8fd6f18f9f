"""The records of an Oryx page: its headlines, headings and lines, one after the other, as items and figures."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lossledger.core.notation import Bracket, Unclear
from lossledger.core.notation_heading import Sum, read_sum
from lossledger.core.notation_line import BREAK, Entry, Line, Run, is_item, read_line, ship_name
from lossledger.core.notation_phrase import Phrase
from lossledger.core.text import shortened
from lossledger.feeds.oryx_page import Block
from lossledger.feeds.oryx_subtotals import covered
from lossledger.feeds.records import Figure, Item, Record, Unread

_QUOTED = 200
"""Characters of a text that could not be read which its record keeps."""

_NEXT_LINE = re.compile(r"\s*[0-9][0-9,.]*\s+\S[^\n]*:\s*")
"""What follows a line break where another model begins."""

_MODEL_ONLY = re.compile(r"[0-9][0-9,.]*\s+\S.*")


class _Heading(NamedTuple):
    """A heading or headline: what it says, and what it states where it states anything."""

    text: str
    stated: Sum | None
    place: int
    tag: str


class _Listed(NamedTuple):
    """A line of a list, and the countries whose flags stand before it."""

    line: Line
    head: str
    origin: str | None
    place: int


class _Bare(NamedTuple):
    """An element of a list in which no item was found."""

    text: str
    place: int
    is_flagged: bool


_Part = _Heading | _Listed | _Bare


def records_of(blocks: Sequence[Block]) -> list[Record]:
    """The records of a page's blocks, in their order; none where the page is no such list."""
    parts = [part for block in blocks for part in _parts(block)]
    lasts = [at for at, part in enumerate(parts) if isinstance(part, _Listed) or _has_shares(part)]
    if not lasts:
        return []
    return list(_Lists(parts, lasts[-1]).records())


def _has_shares(part: _Part) -> bool:
    return isinstance(part, _Heading) and part.stated is not None and bool(part.stated.by_status)


def _parts(block: Block) -> Iterator[_Part]:
    """What a block of the page is to a list: nothing, where it is prose."""
    if any(run.link is not None for run in block.runs) and _has_items(block.runs):
        yield from _listed(block)
        return
    text = block.text
    stated = read_sum(text)
    if block.is_heading or (stated is not None and stated.by_status):
        yield _Heading(text, stated, block.place, block.tag)
    elif block.tag and _MODEL_ONLY.match(text) and is_item_somewhere(block.runs):
        yield from _listed(block)
    elif block.tag:
        yield _Bare(text, block.place, bool(block.flags))
