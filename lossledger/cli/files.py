"""Files that a command writes: never over others unasked, and in their place only once they are whole."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from lossledger.errors import Refused


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--output`` and ``--force``, for what otherwise goes to standard output."""
    for option in (
        click.option("--force", is_flag=True, help="Replace the file where there is one."),
        click.option("-o", "--output", metavar="FILE", help="Where it is written. Default: standard output."),
    ):
        command = option(command)
    return command


def new_file(path: Path, what: str, otherwise: str = "replace it with --force", *, force: bool) -> Path:
    """The place of a file that is to be written.

    Errors: Refused where there is one already, unless by ``force``; for a folder, and in one that is not there.
    """
    if path.exists() and not path.is_file():
        raise Refused(f"{path} is no file; {what} goes to a file of its own")
    if path.exists() and not force:
        raise Refused(f"{path} is there already; {otherwise}")
    if not path.absolute().parent.is_dir():
        raise Refused(f"there is no folder {path.absolute().parent}")
    return path


@contextmanager
def appearing(place: Path) -> Iterator[IO[bytes]]:
    """A file that appears in its place only once it is whole."""
    place = place.resolve()
    # Not called after the place: its name may be as long as names can be.
    descriptor, name = tempfile.mkstemp(prefix=".lossledger.", dir=place.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def new_folder(path: Path, what: str, *, force: bool) -> Path:
    """The place of a folder that is to be written.

    Errors: Refused for a file; where there is something in the folder already, unless by ``force``; in a folder that is
    not there.
    """
    if path.exists() and not path.is_dir():
        raise Refused(f"{path} is no folder; {what} goes to a folder")
    if path.exists() and any(path.iterdir()) and not force:
        raise Refused(f"there is something in {path} already; replace what has the same name with --force")
    if not path.absolute().parent.is_dir():
        raise Refused(f"there is no folder {path.absolute().parent}")
    return path


@contextmanager
def appearing_in(folder: Path) -> Iterator[Path]:
    """A folder to write files to, which all get to their places in another once all are whole."""
    folder = folder.resolve()
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as made:
        yield Path(made)
        folder.mkdir(exist_ok=True)
        for file in sorted(Path(made).iterdir()):
            file.replace(folder / file.name)


def destination(output: str | None, what: str, *, force: bool) -> Path | None:
    """Where ``--output`` leads; None is standard output. Errors: Refused, as `new_file`."""
    return None if output in (None, "-") else new_file(Path(output), what, force=force)


def put(text: str, place: Path | None) -> None:
    """Write a text to a file, or to standard output."""
    if place is None:
        click.echo(text, nl=False)
        return
    with appearing(place) as file:
        file.write(text.encode())
