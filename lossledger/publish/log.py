"""The log of corrections, and the feed of changes."""

import uuid
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from sqlalchemy import Connection, select

from lossledger.core.fields import REDACTED
from lossledger.core.text import many
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.publish.changed import Changed
from lossledger.publish.frame import Frame
from lossledger.publish.history import WHAT, label
from lossledger.publish.looks import render
from lossledger.queries.corrections import ActOn, Correction, corrections, latest_acts, numbers

_PER_PAGE = 200
_IN_FEED = 50
_TOLD = frozenset(("withdrawn", "merged_into"))


@dataclass(frozen=True)
class Log:
    """The log of a conflict's corrections in pages, and the acts that the feed tells.

    Pages count from the oldest, so a full page changes only with the losses on it.
    """

    connection: Connection
    frame: Frame
    pages: tuple[int, ...]
    """The entry with which each page begins, the oldest first."""
    written: frozenset[int]
    """The pages to be written, counted from 1."""
    acts: tuple[ActOn, ...]

    @classmethod
    def read(cls, connection: Connection, frame: Frame, what: Changed | None) -> Self:
        """The log with the pages on which anything changed; with all, where all is to be written anew."""
        conflict = frame.scope.conflict
        if what is None:
            pages = _begins(numbers(connection, conflict))
            acts = latest_acts(connection, conflict, _IN_FEED)
            return cls(connection, frame, pages, frozenset(range(1, len(pages) + 1)), tuple(acts))
        *full, newest = what.before.pages
        pages = (*full, *_begins(numbers(connection, conflict, since=newest)))
        # From the page on that was the newest: it has a number once the next one is begun.
        written = {*range(len(what.before.pages), len(pages) + 1)}
        if what.uids:
            written |= {bisect(pages, number) for number in numbers(connection, conflict, uids=what.uids)}
        new = latest_acts(connection, conflict, _IN_FEED, after=what.before.tree.size)
        acts = [*new, *what.before.acts][:_IN_FEED]
        return cls(connection, frame, pages, frozenset(written), tuple(acts))

    def correction_pages(self) -> Iterator[tuple[str, bytes]]:
        """The pages to be written, each newest first; the newest page is ``corrections.html``, others are numbered."""
        for page, (first, following) in enumerate(pairwise((*self.pages, self.frame.head.number + 1)), 1):
            if page in self.written:
                newest = page == len(self.pages)
                found = corrections(self.connection, self.frame.scope.conflict, first, following - 1)
                name = "corrections.html" if newest else f"corrections-{page}.html"
                yield name, self._page(found, page, newest=newest)

    def _page(self, found: list[Correction], page: int, *, newest: bool) -> bytes:
        told = [
            {
                "entry": one,
                "what": WHAT[Act(one.act)],
                # What an act is called says already that something was withdrawn or merged.
                "fields": ", ".join(dict.fromkeys(label(name) for name in one.fields if name not in _TOLD)),
                "why": "" if one.reason in (None, REDACTED) else one.reason,
            }
            for one in found
        ]
        about = {"found": told, "page": page, "newest": newest}
        return render("corrections.html", frame=self.frame, root="", here="corrections.html", **about)

    def atom(self) -> bytes:
        """The feed of the latest acts on losses."""
        frame = self.frame
        first = self.connection.scalar(select(entries.c.hash).order_by(entries.c.number).limit(1)) or b""
        own = uuid.uuid5(uuid.NAMESPACE_URL, f"{first.hex()} {frame.scope.conflict}")
        found = [
            {
                "id": uuid.uuid5(own, act.act_id).urn,
                "updated": act.recorded_at,
                "title": _title(act),
                "link": f"loss/{act.uid}.html#entry-{act.number}" if act.losses == 1 else "corrections.html",
            }
            for act in self.acts
        ]
        return render("feed.xml", frame=frame, id=own.urn, found=found, base=frame.settings.base_url)


def _begins(found: list[int]) -> tuple[int, ...]:
    """The entry with which each page of some corrections begins. There is one page at least."""
    return tuple(found[::_PER_PAGE]) or (1,)


def _title(act: ActOn) -> str:
    """What an act did: "Entered: loss haw35abicg", "Entered, Corrected: 312 losses"."""
    what = ", ".join(WHAT[Act(word)] for word in act.acts)
    return f"{what}: {f'loss {act.uid}' if act.losses == 1 else many(act.losses, 'loss', 'losses')}"
