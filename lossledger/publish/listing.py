"""The files that list a heading's items: its script, its file for spreadsheets, and the entries of its pages.

Which items there are and in which order is always asked of the ledger. What is said of one that did not change is
taken from the files as they stand; see `publish.pieces`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, groupby, takewhile
from typing import TypeVar

from sqlalchemy import Connection

from lossledger.core.vocabulary import OUTCOMES, Verification
from lossledger.publish import pieces
from lossledger.publish.changed import Changed
from lossledger.publish.folder import Folder
from lossledger.publish.frame import Column, Frame, tail
from lossledger.publish.items import SEARCHED, list_name
from lossledger.queries.items import Item, Listed, items, places
from lossledger.queries.scope import Scope

Piece = TypeVar("Piece")


def listings(connection: Connection, frame: Frame, folder: Folder, what: Changed | None) -> Iterator["Listing"]:
    """The items of each heading that has any, counted or not: of all of them, or of those in which some changed."""
    scope = replace(frame.scope, verifications=SEARCHED)
    if what is None:
        every = items(connection, scope, frame.known)
        for category, group in groupby(every, key=lambda item: item.kind.category):
            found = {item.uid: item for item in group}
            yield Listing(connection, frame, folder, scope, category, list(found.values()), found)
    elif what.categories:
        changed = {item.uid: item for item in items(connection, scope, frame.known, only=what.uids)}
        ordered = places(connection, scope, frame.known, what.categories)
        for category, standing in groupby(ordered, key=lambda place: place.kind.category):
            yield Listing(connection, frame, folder, scope, category, list(standing), dict(changed))


@dataclass
class Listing:
    """The items of a heading in their order."""

    connection: Connection
    frame: Frame
    folder: Folder
    scope: Scope
    category: str
    places: Sequence[Listed]
    read: dict[str, Item]
    """Those read from the ledger by now, by uid: such as changed, then such as the files as they stand do not tell."""
    entries_before: dict[str, str] = field(default_factory=dict)
    """The entries on pages that were looked at, by uid."""

    @property
    def script_path(self) -> str:
        """The file of `script`."""
        return f"data/items-{self.category}.js"

    @property
    def csv_path(self) -> str:
        """The file of `csv`."""
        return f"downloads/{self.category}.csv"

    def script(self) -> bytes:
        """The items that stand in a column as a script, to be searched."""
        frame = self.frame
        term = frame.known.terms["category"][self.category]
        columns = {
            place.uid: column for place in self.places if (column := frame.column(place.kind.side, place.kind.feed))
        }
        about = {
            "category": self.category,
            "name": term.name,
            "group": term.within,
            "count": len(columns),
            "sides": [
                (column.key, column.name, column.tone, tail(column.side), frame.known.name("side", column.side))
                for column in frame.columns
            ],
            "statuses": OUTCOMES,
            "states": [word.value for word in Verification],
            "feeds": [(feed.slug, feed.name) for feed in frame.known.ordered("feed")],
        }
        make = pieces.Rows(frame)
        rows = self._said(self.script_path, pieces.rows_in, columns, lambda item: make.row(item, columns[item.uid]))
        return pieces.script(about, columns, rows)

    def csv(self) -> bytes:
        """The items as a file for spreadsheets."""
        uids = [place.uid for place in self.places]
        lines = self._said(self.csv_path, pieces.lines_in, uids, lambda item: pieces.line(self.frame, item))
        return "".join((pieces.CSV_HEADER, *lines)).encode()

    def entries(self, column: Column, page: int, shown: Sequence[Listed]) -> list[str]:
        """The entries of some items that stand on a page of a column, or stood on one near it."""
        uids = [place.uid for place in shown]
        for path in self._pages_before(column, page):
            if not self._unknown(uids, self.entries_before):
                break
            self.entries_before |= pieces.entries_in(self.folder.content(path) or b"")
        self._read(self._unknown(uids, self.entries_before))
        return [pieces.entry(self.read[uid]) if uid in self.read else self.entries_before[uid] for uid in uids]

    def _pages_before(self, column: Column, page: int) -> list[str]:
        """The pages of a column that were written before, the nearest first."""
        paths = (list_name(self.category, column.key, number) for number in count(1))
        standing = enumerate(takewhile(self.folder.before.files.__contains__, paths), 1)
        return [path for _, path in sorted(standing, key=lambda numbered: abs(numbered[0] - page))]

    def _said(
        self,
        path: str,
        pieces_in: Callable[[bytes], dict[str, Piece]],
        uids: Iterable[str],
        make: Callable[[Item], Piece],
    ) -> list[Piece]:
        """What a file says of each of some items: of those read as it is made, of all others as it said before."""
        content = self.folder.content(path) if self._unknown(uids, ()) else None
        before = pieces_in(content) if content else {}
        self._read(self._unknown(uids, before))
        return [make(self.read[uid]) if uid in self.read else before[uid] for uid in uids]

    def _unknown(self, uids: Iterable[str], before: Iterable[str]) -> list[str]:
        return [uid for uid in uids if uid not in self.read and uid not in before]

    def _read(self, uids: Sequence[str]) -> None:
        if uids:
            found = items(self.connection, self.scope, self.frame.known, only=uids)
            self.read |= {item.uid: item for item in found}
