"""Open data on its way to a file, a folder or standard output."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from lossledger.cli.app import App
from lossledger.cli.export_open import ALL, TABLES
from lossledger.cli.files import appearing, appearing_in, new_file, new_folder
from lossledger.cli.open_data import OpenData, about_copy
from lossledger.core.text import told_size
from lossledger.errors import Refused
from lossledger.exports.about import About
from lossledger.exports.database import write_database
from lossledger.exports.delimited import BESIDE, described, write_csv_table, write_lines
from lossledger.exports.geojson import write_geojson
from lossledger.exports.open_workbook import write_workbook
from lossledger.exports.parquet import write_parquet
from lossledger.exports.tables import Table
from lossledger.ledger.public_copy import public_copy

if TYPE_CHECKING:
    from lossledger.ledger.public_copy import PublicCopy

_WRITERS: dict[str, Callable[[Table, About, IO[bytes]], None]] = {
    "csv": lambda table, _, out: write_csv_table(table, out),
    "jsonl": lambda table, _, out: write_lines(table, out),
    "geojson": write_geojson,
    "parquet": write_parquet,
    "xlsx": lambda table, about, out: write_workbook([table], about, out),
}
_TEXTS = ("csv", "jsonl", "geojson")
"""The formats that may go to standard output."""

_DESCRIBED_BESIDE = ("csv", "jsonl")
"""The formats that have no place for what a file says of itself."""


def export(app: App, form: str, given: dict[str, Any]) -> None:
    """Write what a command's options ask for.

    Errors: Refused where it cannot be written to its place, or for what the options do not mean.
    """
    what = given.get("what", ALL)
    _refuse_unmeant(what, given)
    several = what == ALL and form not in ("sqlite", "xlsx")
    place = _place(given["output"], form, several=several, force=given["force"])
    with public_copy(app.engine()) as public:
        if form == "sqlite":
            about = _database(public, place)
        elif several:
            about = _folder(app, form, OpenData(public, given), place)
        elif what == ALL:
            about = _workbook(OpenData(public, given), place)
        else:
            about = write_file(form, OpenData(public, given), what, place).about
    if place is not None and not several:
        app.say(f"{place}: {told_size(place.stat().st_size)}")
    for line in (*about.counted, *about.remarks):
        app.say(line)
    app.say(f"Public view: {'; '.join(about.view.words)}.")
    app.say(f"head {about.head}")


_MEANT = {"by": ("tally", "timeline", ALL), "every": ("timeline", ALL)}
"""What can be exported that an option says something of, where it does not of everything."""


def _refuse_unmeant(what: str, given: dict[str, Any]) -> None:
    """Refuse an option that says nothing of what is exported, rather than leave it unheard."""
    for option, meant in _MEANT.items():
        if given.get(option) and what not in meant:
            tables = " and ".join(one for one in meant if one != ALL)
            raise Refused(f"--{option} is for {tables}, not for {what}: leave it out")


def _place(output: str | None, form: str, *, several: bool, force: bool) -> Path | None:
    """Where it goes; None is standard output. Errors: Refused for what is no place for it."""
    if output in (None, "-"):
        if several:
            raise Refused(f"all of it are several files; name a folder: export {form} all -o FOLDER")
        if form not in _TEXTS:
            raise Refused(f"{form} goes to a file; name one with -o FILE")
        return None
    if several:
        return new_folder(Path(output), "all of it", force=force)
    place = new_file(Path(output), f"{form} data", force=force)
    if form in _DESCRIBED_BESIDE:
        new_file(_beside(place), "what describes it", force=force)
    return place


def _beside(place: Path) -> Path:
    return place.with_name(place.name + BESIDE)


class WrittenTable(NamedTuple):
    """A table that was written: what its file says of itself, how many rows it has, and the files that it takes."""

    about: About
    rows: int
    places: tuple[Path, ...]


def write_file(form: str, data: OpenData, what: str, place: Path | None) -> WrittenTable:
    """Write one table to a file, and what describes it beside it where the file itself has no place for that."""
    table, about = data.table(what), data.about(what)
    rows = count()
    table = replace(table, rows=(row for row, _ in zip(table.rows, rows, strict=False)))
    places = [place] if place is not None else []
    with _open(place) as out:
        _WRITERS[form](table, about, out)
    if place is not None and form in _DESCRIBED_BESIDE:
        with appearing(_beside(place)) as out:
            out.write(described(table, about, place.name, csv=form == "csv").encode())
        places.append(_beside(place))
    return WrittenTable(about, next(rows), tuple(places))


@contextmanager
def _open(place: Path | None) -> Iterator[IO[bytes]]:
    if place is None:
        out = sys.stdout.buffer
        yield out
        out.flush()
    else:
        with appearing(place) as file:
            yield file


def _folder(app: App, form: str, data: OpenData, place: Path | None) -> About:
    """Write every table to a folder, a file each."""
    assert place is not None  # noqa: S101 - `_place` has refused standard output
    with appearing_in(place) as folder:
        for name in TABLES:
            write_file(form, data, name, folder / f"{name}.{form}")
            app.say(f"{place / name}.{form}")
    return data.about_all(TABLES)


def _workbook(data: OpenData, place: Path | None) -> About:
    about = data.about_all(TABLES)
    with _open(place) as out:
        write_workbook(map(data.table, TABLES), about, out)
    return about


def _database(public: "PublicCopy", place: Path | None) -> About:
    about = about_copy(public)
    with _open(place) as out:
        write_database(public.file, about, out)
    return about
