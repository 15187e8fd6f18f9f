"""The items of each heading, as pages like an Oryx page's."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from typing import NamedTuple

from lossledger.core.vocabulary import OUTCOMES, Verification
from lossledger.publish.figures import Heading, Row
from lossledger.publish.folder import Made, key_of
from lossledger.publish.frame import Column, Frame, tail
from lossledger.publish.looks import made, render
from lossledger.queries.items import Listed

_PER_PAGE = 1_000
"""How many items stand on one page: some 150 kB of it."""

SEARCHED = (Verification.CONFIRMED.value, Verification.CLAIMED.value, Verification.DISPUTED.value)
"""What the search finds: all but what was rejected."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some items of one type on a page."""

    type: Row
    items: Sequence[Listed]
    before: int
    """How many of the type stand on pages before."""


def list_name(category: str, key: str, page: int = 1) -> str:
    """The file of one page of a column's items of a heading, by the column's key; its first page is 1."""
    return f"category/{category}.{key}{f'.{page}' if page > 1 else ''}.html"


class ListPage(NamedTuple):
    """A page of items: its path, how it is made, its column's key, and the types that stand on it."""

    path: str
    content: Made
    column: str
    types: tuple[str, ...]


def addresses(pages: Iterable[ListPage]) -> dict[tuple[str, str], str]:
    """Where each type's items begin, by column and type."""
    found: dict[tuple[str, str], str] = {}
    for page in pages:
        for slug in page.types:
            found.setdefault((page.column, slug), f"{page.path}#type-{slug or 'not-given'}")
    return found


Entries = Callable[[Column, int, Sequence[Listed]], Iterable[str]]
"""What gives the entries of some items, which stand on a page of a column or stood on one near it."""


def list_pages(
    frame: Frame, heading: Heading, found: Iterable[Listed], entries: Entries, changed: Collection[str]
) -> Iterator[ListPage]:
    """The pages of a heading's items that count, by column; those are made again on which a ``changed`` one stands."""
    by_column: dict[str, dict[str | None, list[Listed]]] = defaultdict(lambda: defaultdict(list))
    for item in found:
        kind = item.kind
        column = frame.column(kind.side, kind.feed)
        if column is not None and kind.verification == Verification.CONFIRMED and kind.outcome in COUNTING:
            by_column[column.key][kind.type].append(item)
    for column in frame.columns:
        pages = list(_paged(heading, by_column[column.key]))
        names = [list_name(heading.slug, column.key, page) for page in range(1, len(pages) + 1)]
        for number, blocks in enumerate(pages, 1):
            make = partial(_page, frame, heading, column, blocks, number, names, entries)
            again = any(item.uid in changed for block in blocks for item in block.items)
            content = Made(_key(heading, column, blocks, len(pages)), make, again)
            yield ListPage(names[number - 1], content, column.key, tuple(block.type.slug for block in blocks))


def _page(
    frame: Frame,
    heading: Heading,
    column: Column,
    blocks: Sequence[Block],
    number: int,
    names: Sequence[str],
    entries: Entries,
) -> bytes:
    told = iter(entries(column, number, [item for block in blocks for item in block.items]))
    shown = [made("\n".join(islice(told, len(block.items)))) for block in blocks]
    about = {"heading": heading, "column": column, "blocks": list(zip(blocks, shown, strict=True)), "page": number}
    return render("list.html", frame=frame, root="../", here="", names=names, pages=len(names), **about)


def side_pages(frame: Frame, heading: Heading, lists: Iterable[ListPage]) -> Iterator[tuple[str, Made]]:
    """For each side in several lists what leads to them, at the addresses of its pages while it stands in one."""
    listed = Counter(page.column for page in lists)
    columns = [column for column in frame.columns if column.feed is not None and column.key in listed]
    for side, group in groupby(columns, key=lambda column: column.side):
        of_side = [(column, list_name(heading.slug, column.key)) for column in group]
        name = frame.known.name("side", side)
        shown = [(path, column.name, heading.total[column.key]) for column, path in of_side]
        about = {"heading": heading, "side": name, "lists": of_side}
        make = partial(render, "lists.html", frame=frame, root="../", here="", **about)
        made = Made(key_of(heading.name, name, shown), make)
        for page in range(1, max(listed[column.key] for column, _ in of_side) + 1):
            yield list_name(heading.slug, tail(side), page), made


def _key(heading: Heading, column: Column, blocks: Sequence[Block], pages: int) -> str:
    """A digest of which items a page says what of; what else stands on it is on every page."""
    shown = (
        (
            (block.type.slug, block.type.name, block.type.origin, block.type.total[column.key], block.before),
            [item.uid for item in block.items],
        )
        for block in blocks
    )
    return key_of(heading.name, heading.total[column.key], pages, list(shown))


COUNTING = frozenset(OUTCOMES[:-1])
"""What became of the losses that count: all but those that their owner has back."""


def _paged(heading: Heading, by_type: dict[str | None, list[Listed]]) -> Iterator[list[Block]]:
    """The items type by type, cut into pages."""
    page: list[Block] = []
    room = _PER_PAGE
    for slug, row in heading.types.items():
        left = by_type.get(slug, [])
        shown = 0
        while left[shown:]:
            part = left[shown : shown + room]
            page.append(Block(row, part, shown))
            shown += len(part)
            room -= len(part)
            if not room:
                yield page
                page, room = [], _PER_PAGE
    if page:
        yield page
