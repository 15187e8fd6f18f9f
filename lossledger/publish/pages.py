"""The pages of a site but for those of single losses, and the scripts that hold its items."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from markupsafe import Markup
from sqlalchemy import Connection

from lossledger.publish import items
from lossledger.publish.figures import STATUSES, Figure, Heading, figures, headings
from lossledger.publish.frame import Frame
from lossledger.publish.looks import render
from lossledger.queries.items import Item
from lossledger.queries.items import items as read_items
from lossledger.queries.tallies import Tally

Page = tuple[str, bytes]
"""A file of the site: its path and its content."""


@dataclass(frozen=True)
class Site:
    """A site that is being written: its frame, and what its figures are summed from."""

    connection: Connection
    frame: Frame
    counted: Tally

    @cached_property
    def figures(self) -> list[Figure]:
        """The figure of each column."""
        return figures(self.connection, self.frame, self.counted)

    @cached_property
    def headings(self) -> list[Heading]:
        """The headings with their types."""
        return headings(self.frame, self.counted)

    def pages(self, categories: Collection[str] | None) -> Iterator[Page]:
        """Every page, but of the headings only those that are asked for, if any are."""
        yield from self._headings(categories)
        yield "index.html", self._index()
        yield "items.html", self._items()

    def _index(self) -> bytes:
        return render(
            "index.html",
            frame=self.frame,
            root="",
            here="index.html",
            figures=self.figures,
            headings=self.headings,
            words=STATUSES,
            charts=[],
            map=Markup(""),
            placed=0,
            link_to=lambda row: f"category/{row.slug}.html",
        )

    def _headings(self, categories: Collection[str] | None) -> Iterator[Page]:
        """The pages and the script of each heading that has any item, counted or not."""
        counted = {heading.slug: heading for heading in self.headings}
        scope = replace(self.frame.scope, verifications=items.SEARCHED)
        found = read_items(self.connection, scope, self.frame.known, categories)
        for category, group in groupby(found, key=lambda item: item.category):
            some = list(group)
            yield f"data/items-{category}.js", items.data_script(self.frame, category, some)
            heading = counted.get(category) or Heading(category, self.frame.known.name("category", category))
            yield from self._heading(heading, some)

    def _heading(self, heading: Heading, found: list[Item]) -> Iterator[Page]:
        lists = list(items.list_pages(self.frame, heading, found))
        at = {key: path.removeprefix("category/") for key, path in items.addresses(lists).items()}
        yield (
            f"category/{heading.slug}.html",
            render("category.html", frame=self.frame, root="../", here="", heading=heading, words=STATUSES, at=at),
        )
        yield from ((page.path, page.content) for page in lists)

    def _items(self) -> bytes:
        scripts = [f"data/items-{heading.slug}.js" for heading in self.headings]
        return render("items.html", frame=self.frame, root="", here="items.html", scripts=scripts)
