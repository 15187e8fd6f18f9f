"""Writes a site: everything at the first time, later what changed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select

from lossledger.core.merkle import Tree
from lossledger.core.site import PUBLISHER, TITLE, URL
from lossledger.db.tables import SUBJECTS, loss
from lossledger.publish import changed, pages, rendering
from lossledger.publish.downloads import Download, keep_downloads, write_downloads
from lossledger.publish.folder import Folder, Written, begin, opened
from lossledger.publish.frame import Frame, asset_files, frame, theme
from lossledger.publish.moved import moved_pages
from lossledger.publish.settings import Config, Settings
from lossledger.queries.proofs import grown

Tell = Callable[[int, str], None]
"""Says how many pages are done by now, and what is being written."""


class Source(NamedTuple):
    """What a site is made from: a public copy of a ledger, and the file that it is."""

    connection: Connection
    file: Path
    view: tuple[str, ...]
    embargo: int


class Wanted(NamedTuple):
    """Which site: its conflict (slug), its own settings, and the name of its release, if it is of one.

    ``downloads``: with the files of the whole list. Those that stand are written again where everything is.
    """

    conflict: str
    settings: Settings
    release: str | None = None
    downloads: bool = False
    withdrawn: str = ""
    """How that release was withdrawn, in words; empty where it stands."""


def publish(
    source: Source,
    wanted: Wanted,
    root: Path,
    tell: Tell,
    downloads: Callable[[], Sequence[Download]],
    *,
    config: Config | None = None,
    force: bool = False,
) -> Written:
    """Write the site of a conflict into a folder, and say what was new, changed, unchanged or taken away.

    ``downloads`` gives the files of the whole list, where they are to be written. ``config`` is what the folder
    remembers of the site's settings for the next time.

    Errors: Refused for a folder that holds something else, unless by ``force``; NothingFound where there is nothing to
    publish.
    """
    wanted = wanted._replace(settings=_as_the_ledger_says(source.connection, wanted.settings))
    own, counted = frame(
        source.connection, wanted.conflict, wanted.settings, source.view, wanted.release, wanted.withdrawn
    )
    folder = opened(root, force=force)
    folder.config = config.kept if config else {}
    made = changed.made_by(own, source.view)
    what = None if source.embargo or wanted.release else changed.since(source.connection, folder, made)
    if not what:
        folder.make_anew()
    begin(folder)
    _write_assets(folder, own)
    tree = grown(source.connection, changed.tree_before(folder) if what else Tree())
    site = pages.Site(source.connection, own, counted, folder, tree.root)
    found = losses_of(source.connection, wanted.conflict)
    if what:
        found = [one for one in found if one[1] in what.uids]
    job = rendering.Job(source.file, root, wanted, source.view)
    with rendering.started(job, source.connection, own, found, folder) as losses:
        uids, before = (what.uids, folder.before.made["entry"]) if what else (None, 0)
        own_pages = chain(site.of_headings(what.categories if what else None), site.corrections(uids, before))
        for path, content in own_pages:
            folder.put(path, content)
            tell(len(folder.files), "pages")
        for path, digest, fate in losses:
            folder.took(path, digest, fate)
            tell(len(folder.files), "losses")
    if what:
        folder.keep([path for path in folder.before.files if path not in folder.files and what.leaves(path)])
    # What all is made anew for, such as a redaction, may concern what they hold: then they do not stay as they are.
    if wanted.downloads or (folder.before.downloads and not what):
        tell(len(folder.files), "downloads")
        write_downloads(folder, own, downloads())
    else:
        keep_downloads(folder)
    for path, content in site.of_all(folder.sizes("data/items-", "downloads/")):
        folder.put(path, content)
    for path, moved in moved_pages(own, folder):
        folder.put(path, moved)
    return folder.close(made | {"tree": [root.hex() for root in tree.roots]})


def _as_the_ledger_says(connection: Connection, settings: Settings) -> Settings:
    """Settings with what the ledger itself says of where it is published, where they say nothing."""
    table = SUBJECTS["setting"]
    said = dict(
        connection.execute(select(table.c.slug, table.c.value).where(table.c.slug.in_((TITLE, PUBLISHER, URL)))).all()
    )
    address = f"{said[URL].rstrip('/')}/" if URL in said else ""
    return replace(
        settings,
        title=settings.title or said.get(TITLE, ""),
        credit=settings.credit or said.get(PUBLISHER, ""),
        base_url=settings.base_url or address,
    )


def _write_assets(folder: Folder, own: Frame) -> None:
    for name, content in (asset_files() | {"theme.css": theme(own.settings)}).items():
        folder.put(f"assets/{name}", content)


def losses_of(connection: Connection, conflict: str) -> list[tuple[int, str]]:
    """Every loss of a conflict, by its row id and its uid, in the order in which they were entered."""
    sides, conflicts = SUBJECTS["side"], SUBJECTS["conflict"]
    statement = (
        select(loss.c.id, loss.c.uid)
        .join(sides, sides.c.id == loss.c.side_id)
        .join(conflicts, conflicts.c.id == sides.c.conflict_id)
        .where(conflicts.c.slug == conflict)
        .order_by(loss.c.id)
    )
    return [(row_id, uid) for row_id, uid in connection.execute(statement)]
