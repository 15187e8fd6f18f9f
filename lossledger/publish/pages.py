"""The pages of a site but for those of single losses, and the scripts that hold its items."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import orjson
from markupsafe import Markup
from sqlalchemy import Connection, select

from lossledger.core.head import Head
from lossledger.core.text import told_size
from lossledger.db.tables import SUBJECTS, loss
from lossledger.exports.citation import FORMATS
from lossledger.publish import charts, items
from lossledger.publish import map as maps
from lossledger.publish.changed import Changed
from lossledger.publish.downloads import told_downloads
from lossledger.publish.figures import STATUSES, Figure, Heading, Row, figures, headings
from lossledger.publish.folder import Folder, Made, key_of
from lossledger.publish.frame import Column, Frame
from lossledger.publish.grounds import grounds
from lossledger.publish.listing import Listing, listings
from lossledger.publish.looks import made, render
from lossledger.publish.places import places
from lossledger.publish.plots import Plots, csv_of, shown_table
from lossledger.publish.series import Chart
from lossledger.queries.citations import citation
from lossledger.queries.delay import delay
from lossledger.queries.tallies import Tally
from lossledger.queries.told import subjects

Page = tuple[str, bytes | Made]
"""A file of the site: its path and its content, or how that is made where it has to be."""


_PLACES = "data/places.js"
"""The script of the map."""


@dataclass(frozen=True)
class Site:
    """A site that is being written: its frame, and what its figures are summed from."""

    connection: Connection
    frame: Frame
    counted: Tally
    folder: Folder
    root: bytes
    """Of the tree over all entries."""
    what: Changed | None
    """What changed since it was written last; None where all is to be written anew."""

    @cached_property
    def figures(self) -> list[Figure]:
        """The figure of each column."""
        return figures(self.connection, self.frame, self.counted)

    @cached_property
    def headings(self) -> list[Heading]:
        """The headings with their types."""
        return headings(self.frame, self.counted)

    @cached_property
    def plots(self) -> Plots:
        """What its charts are made from."""
        return Plots(self.connection, self.frame, delay(self.connection, self.frame.scope, self.frame.known))

    @cached_property
    def charts(self) -> list[Chart]:
        """The charts of its first page."""
        return self.plots.charts(self.headings)

    @cached_property
    def feeds(self) -> list[dict[str, Any]]:
        """The lists that its losses come from; what nothing came from, as own entries may be, is not among them."""
        table, feed = loss.c, SUBJECTS["feed"].c
        used = set(self.connection.scalars(select(feed.slug).where(feed.id.in_(select(table.feed_id)))))
        return [told for slug, told in subjects(self.connection, "feed").items() if slug in used]

    def of_headings(self) -> Iterator[Page]:
        """The pages, the script and the file of each heading in which anything changed; of all, where all is anew."""
        counted = {heading.slug: heading for heading in self.headings}
        for listing in listings(self.connection, self.frame, self.folder, self.what):
            yield listing.script_path, listing.script()
            yield listing.csv_path, listing.csv()
            slug = listing.category
            heading = counted.get(slug) or Heading(slug, self.frame.known.name("category", slug))
            yield from self._heading(heading, listing, self.what.uids if self.what else ())

    def _heading(self, heading: Heading, listing: Listing, changed: Collection[str]) -> Iterator[Page]:
        lists = list(items.list_pages(self.frame, heading, listing.places, listing.entries, changed))
        at = {key: path.removeprefix("category/") for key, path in items.addresses(lists).items()}
        yield (
            f"category/{heading.slug}.html",
            self._page("category.html", root="../", heading=heading, words=STATUSES, at=at),
        )
        yield from ((page.path, page.content) for page in lists)
        yield from items.side_pages(self.frame, heading, lists)

    def of_all(self, sizes: dict[str, int]) -> Iterator[Page]:
        """The pages that tell of all losses together. ``sizes`` are those of the files that can be downloaded."""
        yield "index.html", self._index()
        yield _PLACES, Made(self._places_key, lambda: maps.script(self._places).encode())
        yield "map.html", Made(self._places_key, lambda: self._page("map.html", **self._map(large=True)))
        yield from self._charts()
        scripts = [path for path in sorted(sizes) if path.startswith("data/items-")]
        yield "items.html", self._page("items.html", scripts=scripts)
        yield (
            "method.html",
            self._page("method.html", delay=self.plots.delay.said, feeds=self.feeds, grounds=grounds(self.counted)),
        )
        yield (
            "downloads.html",
            self._page(
                "downloads.html",
                whole=list(told_downloads(self.folder)),
                files=list(self._files(sizes)),
                feeds=self.feeds,
            ),
        )
        yield "cite.html", self._page("cite.html", charts=self.charts, cited=self._cited())
        yield "404.html", self._page("404.html", root=self.frame.settings.base_url)
        yield from self._head()

    @cached_property
    def _places(self) -> list[maps.Place]:
        return places(self.connection, self.frame)

    @cached_property
    def _places_key(self) -> str:
        """A digest of every place: the map is drawn from nothing else."""
        same = None if self.what is None or self.what.mapped else self.folder.key_before(_PLACES)
        return same or key_of(self._places)

    def _map(self, *, large: bool) -> dict[str, Any]:
        """The map as a page shows it, with what is said under it."""
        outside = maps.outside(self._places, large=large)
        return {
            "map": made(maps.svg(self._places, f"Where losses were, {self.frame.conflict}", large=large)),
            "placed": sum(one.quantity for one in self._places),
            "outside": outside,
            "beyond": sum(one.quantity for one in outside),
            "places": self._places_key,
            "rounding": [words for words in self.frame.view if words.startswith("coordinates")],
        }

    def _map_section(self) -> bytes:
        """The map of the first page; nothing where no loss has a place."""
        return self._page("map_section.html", **self._map(large=False)) if self._places else b""

    def _page(self, template: str, **about: Any) -> bytes:
        return render(template, **{"frame": self.frame, "root": "", "here": template} | about)

    def _index(self) -> bytes:
        drawn = self.folder.part("map", Made(self._places_key, self._map_section))
        most = max((max(row.total.values(), default=0) for row in self.headings), default=0)
        return self._page(
            "index.html",
            figures=self.figures,
            grounds=grounds(self.counted),
            headings=self.headings,
            words=STATUSES,
            charts=[(chart, made(charts.svg(chart)), shown_table(chart)) for chart in self.charts],
            not_compared=self.plots.not_compared(self.headings),
            weeks=self.plots.recent(),
            delay=self.plots.delay.said,
            bars=_bar,
            most=most,
            map=made(drawn),
        )

    def _charts(self) -> Iterator[Page]:
        for chart in self.charts:
            yield f"charts/{chart.key}.svg", charts.svg(chart, alone=True).encode()
            yield f"charts/{chart.key}.csv", csv_of(chart)
            drawn = made(charts.svg(chart))
            yield (
                f"embed/{chart.key}.html",
                self._page("embed.html", root="../", chart=chart, drawn=drawn, table=shown_table(chart)),
            )

    def _files(self, sizes: dict[str, int]) -> Iterator[dict[str, str]]:
        """The files that can be downloaded, with what they hold."""
        names = {f"downloads/{slug}.csv": term.name for slug, term in self.frame.known.terms["category"].items()}
        for path, size in sorted(sizes.items()):
            if path in names:
                what = f"{names[path]}: every item, confirmed, claimed or disputed"
                yield {"path": path, "what": what, "size": told_size(size)}
        for chart in self.charts:
            yield {"path": f"charts/{chart.key}.csv", "what": chart.title, "size": ""}
        yield {"path": "head.json", "what": "The journal's head: its size, last hash and Merkle root", "size": ""}

    def _cited(self) -> dict[str, str]:
        """How the figures are cited, by the format; a page that stays the same says no day of today."""
        frame, settings = self.frame, self.frame.settings
        cited = replace(
            citation(self.connection, self.counted),
            within=settings.title or None,
            url=settings.base_url or None,
            release=frame.release,
            withdrawn=frame.withdrawn or None,
            accessed=frame.as_of,
        )
        return {name: write(cited) for name, write in FORMATS.items()}

    def _head(self) -> Iterator[Page]:
        last = self.frame.head
        found = Head(last.number, last.hash, self.root)
        told = {
            "size": found.number,
            "chain_hash": found.hash.hex(),
            "tree_root": self.root.hex(),
            "head": str(found),
        }
        yield "head.json", orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        yield "head.txt", f"{found}\n".encode()


def _bar(column: Column, row: Row, most: int) -> Markup:
    """The bar in a cell: what a column has of the longest bar."""
    value = row.total[column.key]
    return made(charts.bar([(column.tone, value)], most) if value else "")
