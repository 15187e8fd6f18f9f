"""``publish``: the public site, written into a folder."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import conflict_option
from lossledger.cli.progress import progress
from lossledger.core.text import many
from lossledger.errors import Refused

if TYPE_CHECKING:
    from lossledger.ledger.public_copy import PublicCopy
    from lossledger.publish.downloads import Download
    from lossledger.publish.folder import Folder, Written
    from lossledger.publish.settings import Config
    from lossledger.queries.releases import Release, Withdrawal


@click.command("publish", short_help="Write the public site into a folder.")
@click.argument("folder", metavar="DIR")
@click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="The site's own words and colours.")
@conflict_option
@click.option("--release", metavar="NAME", help="The site of a release: as the ledger stood when it was made.")
@click.option("--downloads", is_flag=True, help="Write the whole list, too: CSV, JSON lines, GeoJSON, a data package.")
@click.option("--force", is_flag=True, help="Write into a folder that holds other files, but over none.")
@pass_app
def command(
    app: App,
    folder: str,
    config: Path | None,
    conflict: str | None,
    release: str | None,
    *,
    downloads: bool,
    force: bool,
) -> None:
    """Write the public site into a folder.

    Static pages, which any web host serves and which work from the folder itself: figures, charts, a map, every item
    with its evidence, an address for each loss, corrections, downloads and a feed. What the public view hides stands in
    none of them. Later only what changed is written again; nothing is taken away that was not written by this command.

    The folder remembers what --config told; without it the site keeps its title, licence and colours.

    With --downloads the whole list is written as files of its own. They stay as they are until it is given again, and
    the page of downloads says as of which entry they are.

    \b
    Examples:
      lossledger publish site
      lossledger publish site --config site.toml --downloads
      lossledger publish site-2021 --release 2021
    """
    if not folder.strip():
        raise Refused("DIR is empty; name the folder that the site goes to, . for this one")
    root = Path(folder)
    _require_jinja()
    from lossledger.publish.folder import MANIFEST, standing
    from lossledger.publish.settings import Config

    site = standing(root)
    told = (
        Config.read(config) if config else Config.remembered(site.before.config if site else {}, f"{root / MANIFEST}")
    )
    frozen = _release(app, release) if release else None
    written = _by_parts(app, site, conflict, told) if site and not (frozen or downloads) else None
    if written is None:
        written = _from_a_copy(app, root, conflict, told, frozen, downloads=downloads, force=force)
    app.say(f"{root}: {_told(written)}")
    if told.name and not config:
        app.say(f"with the settings of {told.name} as it was read before; --config FILE reads them anew")
    app.say(f"open {(root / 'index.html').absolute()}")


def _by_parts(app: App, site: "Folder", conflict: str | None, told: "Config") -> "Written | None":
    """Write what changed since a site was written last; None where that is too much to do without a copy."""
    from lossledger.ledger.public_window import public_window
    from lossledger.publish.build import Source, Wanted, publish_changes
    from lossledger.queries.names import the_conflict

    with public_window(app.engine()) as public, progress(None) as tell:
        if public is None:
            return None
        wanted = Wanted(the_conflict(public.connection, conflict), told.settings)
        source = Source(public.connection, public.view.words)
        return publish_changes(source, wanted, site, tell, config=told)


def _from_a_copy(
    app: App,
    root: Path,
    conflict: str | None,
    told: "Config",
    release: "Release | None",
    *,
    downloads: bool,
    force: bool,
) -> "Written":
    """Write whatever is to be written, which a public copy of the ledger has."""
    from lossledger.ledger.public_copy import public_copy
    from lossledger.publish.build import Source, Wanted, publish
    from lossledger.queries.names import the_conflict

    settings = replace(told.settings, joined=release.joined) if release else told.settings
    with public_copy(app.engine(), release.entry if release else None) as public, progress(None) as tell:
        chosen = the_conflict(public.connection, conflict or (release.conflict if release else None))
        wanted = Wanted(chosen, settings, release.name if release else None, downloads)
        if release and (end := _withdrawal(app, release)):
            wanted = wanted._replace(withdrawn=(end if public.view.notes else end._replace(reason=None)).words)
        source = Source(public.connection, public.view.words, public.view.embargo, public.file)
        return publish(source, wanted, root, tell, lambda: _downloads(public, chosen), config=told, force=force)


def _release(app: App, name: str) -> "Release":
    """The release of a name. Errors: those of `the_release`; Refused for one that counts otherwise than a site does."""
    from lossledger.core.vocabulary import Verification
    from lossledger.queries.releases import the_release

    with app.reading() as connection:
        found = the_release(connection, name)
    if found.own or found.verifications != (Verification.CONFIRMED,):
        raise Refused(
            f"release {found.name} counts otherwise than a site: confirmed losses, sides with those under them"
        )
    return found


def _withdrawal(app: App, release: "Release") -> "Withdrawal | None":
    """How a release was withdrawn, which the ledger says and a copy as of the release does not."""
    from lossledger.queries.releases import withdrawal

    with app.reading() as connection:
        return withdrawal(connection, release)


def _downloads(public: "PublicCopy", conflict: str) -> "list[Download]":
    from lossledger.cli.site_downloads import downloads_of  # here, since most runs do without

    return downloads_of(public, conflict)


def _require_jinja() -> None:
    try:
        import jinja2  # noqa: F401 - only asked for
    except ModuleNotFoundError:
        raise Refused("a site needs one more package: pip install 'lossledger[site]'") from None


def _told(written: "Written") -> str:
    """How many files were written: "312 pages new, 4 changed, 30,012 unchanged"."""
    removed = f", {written.removed:,} removed" if written.removed else ""
    return f"{many(written.new, 'file')} new, {written.changed:,} changed, {written.unchanged:,} unchanged{removed}"
