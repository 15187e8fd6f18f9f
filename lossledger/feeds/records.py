"""What a reader of a foreign list yields, in the list's own words: items, figures, and rows that it could not read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lossledger.core.vocabulary import Counts, PublishedKind, Status, Verification


class Item(NamedTuple):
    """One loss as a list gives it. Names are the list's own; no catalogue has been asked.

    ``fields`` are further fields of a loss (``status``, ``phrase``, ``earliest``, ``place``, ``latitude``, ...) by
    the names in `core.records` and in the form of the journal: days as ISO texts, lists as JSON.
    """

    place: str
    """Where it stands in the file, for messages: "line 212"."""
    side: str
    category: str | None
    """The heading it stands under, without its figures; None where the list has no headings."""
    type: str | None
    fields: Mapping[str, str]
    links: tuple[str, ...] = ()
    """Its evidence; the first is what it is known by where the list gives no id."""
    key: str | None = None
    """The id that the list itself gives it, for good; None where it gives none."""
    origin: str | None = None
    """The country of manufacture."""


class Figure(NamedTuple):
    """A count that a list states itself: a headline, a heading, a line, a daily total."""

    place: str
    wording: str
    """The list's own words for what it counts, with the number: "Tanks (490, of which destroyed: 302, ...)"."""
    quantity: int
    side: str
    categories: tuple[str, ...] = ()
    """The headings it covers; none means all."""
    type: str | None = None
    status: Status | None = None
    as_of: str | None = None
    kind: PublishedKind = PublishedKind.ASSERTION


class Unread(NamedTuple):
    """A row that could not be read: where it stands, what it says, and why it is none."""

    place: str
    text: str
    reason: str


Record = Item | Figure | Unread


@dataclass(frozen=True, slots=True)
class Source:
    """The list that a file is a copy of: what its feed is made from where the ledger does not know it yet."""

    slug: str
    name: str
    publisher: str | None = None
    licence: str | None = None
    credit: str | None = None
    url: str | None = None
    verification: Verification = Verification.CLAIMED
    """What its rows enter with: confirmed where its editors confirm them."""
    verified_by: str | None = None
    counts: Counts = Counts.ITEM


@dataclass(frozen=True, slots=True)
class Reading:
    """A file being read: the list it is a copy of, and its records in the file's order, read as they are asked for."""

    source: Source
    records: Iterator[Record]
    fields: frozenset[str] | None = None
    """The fields of an item that the file has a place for, ``links`` among them; None: any. What it has no place
    for stays as an earlier file of the list gave it, instead of being cleared."""
    left_out: tuple[str, ...] = ()
    """The columns of the file that are not read."""
