"""The records of an Oryx page: its headlines, headings and lines, one after the other, as items and figures."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain

from lossledger.core.notation import Unclear
from lossledger.core.notation_heading import Sum
from lossledger.core.notation_line import NO_TYPE, Entry, Line, ship_name
from lossledger.core.notation_phrase import Phrase
from lossledger.core.text import shortened
from lossledger.core.vocabulary import Status
from lossledger.feeds.oryx_page import Block
from lossledger.feeds.oryx_parts import Bare, Heading, Listed, Part, parts_of
from lossledger.feeds.oryx_subtotals import covered
from lossledger.feeds.records import Figure, Item, Record, Unread

_QUOTED = 200
"""Characters of a text that could not be read which its record keeps."""

_WORDS_OF_A_SIDE = 5
"""Words that a side's name has at most where no number marks it as a headline."""

_DIGIT = re.compile(r"[0-9]")


def records_of(blocks: Iterable[Block]) -> Iterator[Record] | None:
    """The records of a page's blocks, in their order; None where the page is no such list."""
    parts = [part for block in blocks for part in parts_of(block)]
    marks = [at for at, part in enumerate(parts) if _marks_list(part)]
    if not marks:
        return None
    after = (_bare(part) for part in parts[marks[-1] + 1 :] if isinstance(part, Bare) and part.is_counted)
    return chain(_Lists(parts[: marks[-1] + 1]).records(marks[0]), after)


def _marks_list(part: Part) -> bool:
    return isinstance(part, Listed) or (isinstance(part, Heading) and bool(part.stated and part.stated.by_status))


def _bare(part: Bare) -> Unread:
    return Unread(_line(part.place), shortened(part.text, _QUOTED), part.reason)


@lru_cache(maxsize=64)
def _line(place: int) -> str:
    return f"line {place}"


_new_item: Callable[[tuple[object, ...]], Item] = partial(tuple.__new__, Item)
"""An item of its parts, in half the time that its class takes: a page has tens of thousands."""


class _Lists:
    """Goes through a page's parts, and knows under which side and heading each stands."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.side: str | None = None
        self.category: str | None = None
        self.said: dict[str, tuple[Mapping[str, str], int]] = {}
        """What each bracket says, as fields, and of how many things: most say the same."""
        self.following = _following(parts)
        self.has_headline = any(_is_headline(part) for part in parts)
        self.headings = self._headings_by_side()

    def records(self, begin: int) -> Iterator[Record]:
        """The records of all parts; a piece of a list before the place where the lists begin is none of theirs."""
        for at, part in enumerate(self.parts):
            if isinstance(part, Listed):
                yield from self._listed(part)
            elif isinstance(part, Heading):
                yield from self._heading(part, at)
            elif at > begin:
                yield _bare(part)

    def _headings_by_side(self) -> dict[str | None, list[str]]:
        side = None
        headings: dict[str | None, list[str]] = {}
        for at, part in enumerate(self.parts):
            if not isinstance(part, Heading):
                continue
            if self._names_side(part, at):
                side = _name(part)
            elif part.stated and part.stated.is_heading:
                headings.setdefault(side, []).append(part.stated.name)
        return headings

    def _heading(self, part: Heading, at: int) -> Iterator[Record]:
        stated = part.stated
        if self._names_side(part, at):
            self.side, self.category = _name(part), None
            if stated:
                yield from self._figures(part, stated, ())
        elif stated and stated.is_subtotal:
            yield from self._subtotal(part, stated)
        elif stated and stated.is_heading:
            self.category = stated.name
            yield from self._figures(part, stated, (stated.name,))
        elif isinstance(self.following[at], Listed):
            self.category = part.text
            if _DIGIT.search(part.text):
                yield Unread(_line(part.place), shortened(part.text, _QUOTED), "a heading whose figures cannot be read")

    def _names_side(self, part: Heading, at: int) -> bool:
        """Whether a side's lists begin here: at a headline, or where the page has none, at a heading of headings."""
        following = self.following[at]
        if part.stated:
            return _is_headline(part) and (bool(part.stated.by_status) or _goes_on(following))
        is_name = not _DIGIT.search(part.text) and len(part.text.split()) <= _WORDS_OF_A_SIDE and part.tag != "h1"
        return not self.has_headline and is_name and isinstance(following, Heading) and _goes_on(following)

    def _subtotal(self, part: Heading, stated: Sum) -> Iterator[Record]:
        categories = covered(stated.name, self.headings.get(self.side, ()))
        if categories is None:
            yield Unread(_line(part.place), shortened(part.text, _QUOTED), "a subtotal of headings that the page lacks")
        else:
            yield from self._figures(part, stated, categories)

    def _figures(self, part: Heading, stated: Sum, categories: tuple[str, ...]) -> Iterator[Record]:
        if self.side is None:
            yield Unread(_line(part.place), shortened(part.text, _QUOTED), "no headline names the side before it")
            return
        counts: list[tuple[Status | None, int]] = [] if stated.total is None else [(None, stated.total)]
        for status, quantity in (*counts, *stated.by_status.items()):
            yield Figure(_line(part.place), part.text, quantity, self.side, categories, status=status)
        for share in stated.unclear:
            yield Unread(_line(part.place), share, "a share whose status cannot be read")

    def _listed(self, part: Listed) -> list[Record]:
        line, side = part.line, self.side
        if side is None or not line.model:
            reason = "no model stands before it" if side else "no headline names the side before it"
            found: list[Record] = [_unread(entry, part.place, reason) for entry in line.entries]
        else:
            found = self._items(line, part, side)
            if line.stated is not None and line.model != NO_TYPE:
                found.insert(0, Figure(_line(part.place), line.head, line.stated, side, self._under(), line.model))
        for run in line.strays:
            found.append(
                Unread(_line(run.place or part.place), shortened(run.text, _QUOTED), "neither an item nor a model")
            )
        return found

    def _under(self) -> tuple[str, ...]:
        return () if self.category is None else (self.category,)

    def _items(self, line: Line, part: Listed, side: str) -> list[Record]:
        category, said, origin = self.category, self.said, part.origin
        model = None if line.model == NO_TYPE else line.model
        ship = ship_name(line.model) if len(line.entries) == 1 and line.stated in {None, 1} else None
        items: list[Record] = []
        add, place, where = items.append, part.place, _line(part.place)
        for text, bracket, links, at in line.entries:
            if isinstance(bracket, Unclear):
                add(Unread(_line(at or part.place), shortened(text, _QUOTED), bracket.reason))
                continue
            if at != place and at:
                place, where = at, _line(at)
            fields, many = said.get(text) or said.setdefault(text, (_fields(bracket.phrase), len(bracket.numbers)))
            if ship and "name" not in fields:
                fields = {**fields, "name": ship}
            item = _new_item((where, side, category, model, fields, links, None, origin))
            add(item)
            if many > 1:
                items += [item] * (many - 1)
        return items


def _fields(phrase: Phrase) -> Mapping[str, str]:
    """What a phrase tells, as fields of a loss."""
    told = phrase._asdict()
    told["phrase"] = told.pop("text")
    return {name: str(text) for name, text in told.items() if text}


def _unread(entry: Entry, place: int, reason: str) -> Unread:
    text, _, _, at = entry
    return Unread(_line(at or place), shortened(text, _QUOTED), reason)


def _following(parts: Sequence[Part]) -> list[Part | None]:
    """For every part, the next that is a heading or a line."""
    following: list[Part | None] = []
    after: Part | None = None
    for part in reversed(parts):
        following.append(after)
        if not isinstance(part, Bare):
            after = part
    return following[::-1]


def _name(part: Heading) -> str:
    return part.stated.name if part.stated else part.text


def _is_headline(part: Part) -> bool:
    if not isinstance(part, Heading) or part.stated is None:
        return False
    return not (part.stated.is_heading or part.stated.is_subtotal)


def _goes_on(following: Part | None) -> bool:
    """Whether what follows a headline is a list, a heading or a subtotal."""
    if isinstance(following, Heading):
        return following.stated is not None and (following.stated.is_heading or following.stated.is_subtotal)
    return isinstance(following, Listed)
