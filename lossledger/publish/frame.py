"""What all pages of a site have in common: whose losses, in which columns, as of which entry, by which settings."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import NamedTuple

from sqlalchemy import Connection

from lossledger import __version__
from lossledger.core.digest import Entry
from lossledger.core.vocabulary import Verification
from lossledger.errors import NothingFound
from lossledger.publish.looks import CONTENT, TITLE, fragment
from lossledger.publish.settings import Settings
from lossledger.queries.catalogue import Catalogue, catalogue
from lossledger.queries.history import head
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import Tally, tally

DIMENSIONS = ("side", "feed", "category", "type", "status")
"""What the one tally is taken by from which every figure of the site is summed."""


class Column(NamedTuple):
    """A side at the top of its tree, and where it stands in several feeds that must not be summed, one feed of it."""

    key: str
    side: str
    feed: str | None
    name: str
    tone: str
    under: tuple[str, ...]
    """The names of the sides under it that are counted with it."""


@dataclass(frozen=True)
class Frame:
    """A site's conflict, settings and state of knowledge."""

    settings: Settings
    scope: Scope
    known: Catalogue
    columns: tuple[Column, ...]
    head: Entry
    view: tuple[str, ...]
    """What the public view says of itself."""
    release: str | None
    assets: Mapping[str, str]
    """The names of the files that pages need, with a part of their digests."""
    withdrawn: str = ""
    """How the release was withdrawn, in words; empty where it stands."""

    @property
    def conflict(self) -> str:
        """The conflict's name."""
        return self.known.name("conflict", self.scope.conflict)

    @property
    def title(self) -> str:
        """What the site is called."""
        return self.settings.title or f"Documented losses: {self.conflict}"

    @property
    def as_of(self) -> str:
        """The day of the last entry that is known."""
        return self.head.recorded_at[:10]

    @property
    def several_feeds(self) -> bool:
        """Whether columns are of feeds that are not summed."""
        return any(column.feed for column in self.columns)

    @property
    def version(self) -> str:
        """The program that wrote it."""
        return __version__

    @cached_property
    def _column_of(self) -> dict[tuple[str, str | None], Column]:
        tops = ((column, self.known.below("side", column.side)) for column in self.columns)
        return {(side, column.feed): column for column, below in tops for side in below}

    def column(self, side: str, feed: str) -> Column | None:
        """The column that a loss of a side and a feed is counted in; None where it has none."""
        return self._column_of.get((side, None)) or self._column_of.get((side, feed))

    def shell(self, template: str, root: str) -> str:
        """A page without its title and its content, for those of which there are thousands; see `looks.filled`."""
        if (template, root) not in self._shells:
            about = {"frame": self, "root": root, "here": "", "shell_title": TITLE, "shell_content": CONTENT}
            self._shells[template, root] = fragment(template, **about)
        return self._shells[template, root]

    @cached_property
    def _shells(self) -> dict[tuple[str, str], str]:
        return {}

    def asset(self, name: str) -> str:
        """How a page refers to an asset: its path with its version; empty where the site has none of the name."""
        return f"assets/{name}?v={self.assets[name]}" if name in self.assets else ""


def tail(slug: str) -> str:
    """The last part of a slug, as it stands in addresses: "redland" for "valley/redland"."""
    return slug.rpartition("/")[2]


def frame(
    connection: Connection,
    conflict: str,
    settings: Settings,
    view: tuple[str, ...],
    release: str | None,
    withdrawn: str = "",
) -> tuple[Frame, Tally]:
    """The frame of a site, and the tally by `DIMENSIONS` that its figures are summed from.

    Errors: NothingFound where the conflict has no losses.
    """
    known = catalogue(connection)
    scope = Scope(conflict, joined=settings.joined)
    counted = tally(connection, scope, DIMENSIONS, known)
    last = head(connection)
    columns = tuple(_columns(counted, joined=settings.joined))
    if last is None or not columns:
        raise NothingFound(f"no confirmed loss of {known.name('conflict', conflict)} is public: nothing to publish yet")
    return Frame(settings, scope, known, columns, last, view, release, _versions(settings), withdrawn), counted


EVERY = tuple(word.value for word in Verification)
"""Every verification: a site has an address for each loss, believed or not."""


def _columns(counted: Tally, *, joined: bool) -> list[Column]:
    known, scope = counted.catalogue, counted.scope
    found: list[Column] = []
    sides = [side for side in known.ordered("side") if side.within == scope.conflict and side.merged_into is None]
    for side in (one for one in sides if one.parent is None):
        below = known.below("side", side.slug)
        feeds = [feed.slug for feed in known.ordered("feed") if counted.beside.feeds[side.slug, feed.slug]]
        under = tuple(one.name for one in sides if one.slug in below and one.slug != side.slug)
        # A side that stands in one list bears no list's name, in its addresses neither, whatever others stand in.
        for feed in feeds if len(feeds) > 1 and not joined else [None] if feeds else []:
            key, name = tail(side.slug), side.name
            if feed is not None:
                key, name = f"{key}.{feed}", f"{name}, {known.name('feed', feed)}"
            found.append(Column(key, side.slug, feed, name, f"side-{len(found) + 1}", under))
    return found


def asset_files() -> dict[str, bytes]:
    """The files that every site has in ``assets/``, but for its own colours."""
    folder = files("lossledger.publish").joinpath("assets")
    below = folder.joinpath("fonts")
    found = {one.name: one for one in folder.iterdir() if one.is_file()}
    found |= {f"fonts/{one.name}": one for one in below.iterdir()} if below.is_dir() else {}
    return {name: one.read_bytes() for name, one in found.items()}


def theme(settings: Settings) -> bytes:
    """The style sheet with a site's own colours, for light and for dark."""
    light = {name: colour for name, colour in settings.colours if not name.endswith("-dark")}
    dark = {name.removesuffix("-dark"): colour for name, colour in settings.colours if name.endswith("-dark")}
    rules = ["/* The colours that this site was given. */"]
    if light:
        # Not for dark screens: an ink that was chosen for paper might not be read there.
        rules.append(f"@media (prefers-color-scheme: light) {{ :root {{{_properties(light)}}} }}")
    if dark:
        rules.append(f"@media (prefers-color-scheme: dark) {{ :root {{{_properties(dark)}}} }}")
        rules.append(f':root[data-scheme="dark"] {{{_properties(dark)}}}')
    return "\n".join((*rules, "")).encode()


def _properties(colours: Mapping[str, str]) -> str:
    return "".join(f" --{name}: {colour};" for name, colour in colours.items()) + " "


def _versions(settings: Settings) -> dict[str, str]:
    shipped = asset_files() | {"theme.css": theme(settings)}
    return {name: hashlib.blake2b(content, digest_size=4).hexdigest() for name, content in shipped.items()}
