"""Writes a site: everything at the first time, later what changed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from lossledger.core.merkle import Tree
from lossledger.core.site import PUBLISHER, TITLE, URL
from lossledger.db.tables import SUBJECTS, loss
from lossledger.publish import changed, pages, rendering
from lossledger.publish.downloads import Download, keep_downloads, write_downloads
from lossledger.publish.folder import Folder, Written, begin, opened
from lossledger.publish.frame import Frame, asset_files, frame, theme
from lossledger.publish.log import Log
from lossledger.publish.moved import moved_pages
from lossledger.publish.remembered import Remembered
from lossledger.publish.settings import Config, Settings
from lossledger.queries.losses import among
from lossledger.queries.proofs import grown
from lossledger.queries.tallies import Tally

Tell = Callable[[int, str], None]
"""Says how many pages are done by now, and what is being written."""


class Source(NamedTuple):
    """What a site is made from: a public copy of a ledger, with the file that it is, or a public window."""

    connection: Connection
    view: tuple[str, ...]
    embargo: int = 0
    file: Path | None = None


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
    run = _begun(source, wanted, opened(root, force=force), config)
    return _written(run, run.changed(), tell, downloads)


def publish_changes(
    source: Source, wanted: Wanted, folder: Folder, tell: Tell, *, config: Config | None = None
) -> Written | None:
    """The same for a folder in which the site stands and little of it changed, from a source that need be no file.

    None, and nothing is written, where that is not so.
    """
    if not folder.is_whole:
        return None
    run = _begun(source, wanted, folder, config)
    what = run.changed()
    return _written(run, what, tell, tuple) if what and len(what.uids) < rendering.WORTH_IT else None


class _Run(NamedTuple):
    """A site that is about to be written into a folder."""

    source: Source
    wanted: Wanted
    folder: Folder
    own: Frame
    counted: Tally
    made: dict[str, Any]

    def changed(self) -> changed.Changed | None:
        """What changed since the folder was written; None where everything is to be written anew."""
        if self.source.embargo or self.wanted.release:
            return None
        return changed.since(self.source.connection, self.folder, self.made, self.own.known)


def _begun(source: Source, wanted: Wanted, folder: Folder, config: Config | None) -> _Run:
    wanted = wanted._replace(settings=_as_the_ledger_says(source.connection, wanted.settings))
    own, counted = frame(
        source.connection, wanted.conflict, wanted.settings, source.view, wanted.release, wanted.withdrawn
    )
    folder.config = config.kept if config else {}
    return _Run(source, wanted, folder, own, counted, changed.made_by(own, source.view))


def _written(
    run: _Run, what: changed.Changed | None, tell: Tell, downloads: Callable[[], Sequence[Download]]
) -> Written:
    source, wanted, folder, own, counted, made = run
    if not what:
        folder.make_anew()
    begin(folder)
    _write_assets(folder, own)
    tree = grown(source.connection, what.before.tree if what else Tree())
    log = Log.read(source.connection, own, what)
    site = pages.Site(source.connection, own, counted, folder, tree.root, what)
    found = losses_of(source.connection, wanted.conflict, what.uids if what else None)
    job = rendering.Job(source.file, folder.root, wanted, source.view)
    with rendering.started(job, source.connection, own, found, folder) as losses:
        for path, content in chain(site.of_headings(), log.correction_pages()):
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
    folder.put("feed.xml", log.atom())
    for path, moved in moved_pages(own, folder):
        folder.put(path, moved)
    return folder.close(made | Remembered(tree, log.pages, log.acts).kept)


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


def losses_of(connection: Connection, conflict: str, uids: Collection[str] | None = None) -> list[tuple[int, str]]:
    """The losses of a conflict, by row id and uid, in the order in which they were entered: all, or some ``uids``."""
    sides, conflicts = SUBJECTS["side"], SUBJECTS["conflict"]
    statement = (
        select(loss.c.id, loss.c.uid)
        .join(sides, sides.c.id == loss.c.side_id)
        .join(conflicts, conflicts.c.id == sides.c.conflict_id)
        .where(conflicts.c.slug == conflict)
        .order_by(loss.c.id)
    )
    if uids is not None:
        statement = statement.where(among(loss.c.uid, uids))
    return [(row_id, uid) for row_id, uid in connection.execute(statement)]
