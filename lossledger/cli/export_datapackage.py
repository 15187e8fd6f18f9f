"""``export datapackage``: all that is public of a ledger as a data package, a folder or a zip file."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.files import appearing, new_file
from lossledger.core.package_layout import DESCRIPTION
from lossledger.core.text import many
from lossledger.errors import Refused

if TYPE_CHECKING:
    from lossledger.exports.datapackage import Sink


@click.command("datapackage", short_help="All of it as a data package, which another ledger can take in.")
@click.argument("folder", metavar="[FOLDER]", required=False)
@click.option("-o", "--output", metavar="FILE.zip", help="Write one zip file in place of a folder.")
@click.option("--full", is_flag=True, help="Take the journal along, so that every earlier state can be had there, too.")
@click.option("--force", is_flag=True, help="Replace the package or the file that is there.")
@pass_app
def command(app: App, /, folder: str | None, output: str | None, *, full: bool, force: bool) -> None:
    """Write all that is public of the ledger as a data package: tables in CSV, with a description of every column.

    A ledger takes it in by "lossledger import"; a new one begins with it by "lossledger init --from". Tallies, events,
    evidence and ids are the same there. With --full, a new ledger has the same entries, too, with the same hashes: what
    is not public stands in them as a digest.

    \b
    Examples:
      lossledger export datapackage ./valley
      lossledger export datapackage -o valley.zip --full
    """
    from lossledger.cli.packaged import write_package

    place = _place(folder, output, force=force)
    with _sink(place, is_zip=output is not None) as sink:
        written = write_package(app.engine(), sink, full=full)
    losses = many(written.rows["losses"], "loss", "losses")
    journal = f", {many(written.rows['journal_entries'], 'entry', 'entries')} of the journal" if full else ""
    app.say(f"{place}: {losses}, {many(written.rows['sources'], 'source')}{journal}")


def _place(folder: str | None, output: str | None, *, force: bool) -> Path:
    """Where the package goes. Errors: Refused for none or two places, and where something else is."""
    if (folder is None) == (output is None):
        raise Refused("say where: a FOLDER, or -o FILE.zip")
    if output is not None:
        return new_file(Path(output), "a package", force=force)
    place = Path(folder or "")
    if place.exists() and not place.is_dir():
        raise Refused(f"{place} is a file; a package is a folder, or with -o a zip")
    if place.is_dir() and any(place.iterdir()):
        if not (place / DESCRIPTION).is_file():
            raise Refused(f"{place} is a folder with other things in it; name a new one")
        if not force:
            raise Refused(f"{place} holds a package already; replace it with --force")
    if not place.absolute().parent.is_dir():
        raise Refused(f"there is no folder {place.absolute().parent}")
    return place


@contextmanager
def _sink(place: Path, *, is_zip: bool) -> Iterator["Sink"]:
    """Where the files go: what is written appears in its place only once it is whole."""
    from lossledger.exports.datapackage import FolderSink, ZipSink

    if is_zip:
        with appearing(place) as file, zipfile.ZipFile(file, "w") as archive:
            yield ZipSink(archive)
        return
    whole = place.resolve()
    scratch = Path(tempfile.mkdtemp(prefix=f".{whole.name}.", dir=whole.parent))
    try:
        yield FolderSink(scratch)
        scratch.chmod(0o755)
        _replace(whole, scratch)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def _replace(place: Path, new: Path) -> None:
    """Put a folder where there may be another, of which nothing stays."""
    if not place.exists():
        new.rename(place)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    place.rename(old / "old")
    new.rename(place)
    shutil.rmtree(old)
