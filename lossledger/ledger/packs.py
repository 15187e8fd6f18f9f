"""Packs: folders of tables that bring a catalogue, or a conflict with its first reports, into a ledger."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from lossledger.core.fields import Form, child_path
from lossledger.core.names import near
from lossledger.core.records import KINDS
from lossledger.core.text import checked_outside
from lossledger.db.keys import Keys
from lossledger.errors import BadData, Refused, UnknownName
from lossledger.ledger import casefile, catalogue, groups, losses, published
from lossledger.ledger.journal import Journal
from lossledger.resources import folder

CATALOGUE_PACK = "catalogue"
"""The pack that every ledger begins with."""

Record = dict[str, str]


@dataclass(frozen=True)
class Pack:
    """A pack as its ``datapackage.json`` describes it; it is called by the name of its folder."""

    path: Path
    name: str
    title: str
    version: str


def packs() -> list[Pack]:
    """Every pack that comes with the program, by name."""
    return [_pack(path) for path in sorted(folder("seeds").iterdir()) if (path / "datapackage.json").is_file()]


def find(name: str) -> Pack:
    """A pack by its name, or by the path of its folder. Errors: UnknownName."""
    known = packs()
    found = next((pack for pack in known if pack.name == name), None)
    if found is None and (Path(name) / "datapackage.json").is_file():
        found = _pack(Path(name))
    if found is None:
        raise UnknownName("pack", name, near(name, [pack.name for pack in known]), "see: lossledger pack list")
    return found


def _pack(path: Path) -> Pack:
    described = path / "datapackage.json"
    try:
        package = json.loads(described.read_text(encoding="utf-8"))
        return Pack(path, path.name, package.get("title", path.name), package.get("version", ""))
    except (OSError, ValueError, AttributeError) as error:
        raise BadData(f"{described}: no data package ({error})") from error


def add(journal: Journal, pack: Pack) -> Counter[str]:
    """Enter all of a pack that the ledger does not hold yet; returns how many of each kind were entered.

    Errors: BadData with file and line for a row that cannot be taken; then nothing of the pack is.
    """
    added: Counter[str] = Counter()
    for kind in ("conflict", "side", "category", "type", "feed", "source"):
        added[kind] = _add_subjects(journal, pack, kind)
    added["loss"] = _add_losses(journal, pack)
    added["merge"] = _add_merges(journal, pack)
    added["published"] = _add_published(journal, pack)
    return +added


def held(connection: Connection, pack: Pack) -> tuple[int, int]:
    """How many of a pack's subjects the ledger holds, and how many the pack has."""
    keys = Keys(connection)
    files = _FILES | {"loss": "losses", "published": "published"}
    own = [(kind, row[KINDS[kind].key]) for kind, name in files.items() for _, row in _rows(pack, name)]
    return sum(keys.find(kind, key) is not None for kind, key in own), len(own)


_FILES = {
    "conflict": "conflicts",
    "side": "sides",
    "category": "categories",
    "type": "types",
    "feed": "feeds",
    "source": "sources",
}
"""The file that holds each kind of the catalogue; a pack brings those it needs."""


def _add_subjects(journal: Journal, pack: Pack, kind: str) -> int:
    aliases: dict[str, dict[str, str | None]] = defaultdict(dict)
    for _, row in _rows(pack, f"{kind}_aliases"):
        aliases[row[kind]][row["name"]] = row.get("kind")
    added = 0
    for line, row in _rows(pack, _FILES[kind]):
        key = row.pop(KINDS[kind].key)
        if journal.keys.find(kind, key) is not None:
            continue
        with _at(pack, _FILES[kind], line):
            catalogue.create(journal, kind, _fields(kind, row), key, aliases[key])
        added += 1
    return added


def _add_losses(journal: Journal, pack: Pack) -> int:
    evidence: dict[str, dict[str, str]] = defaultdict(dict)
    for _, row in _rows(pack, "evidence"):
        uid, loss = row.pop("uid"), row.pop("loss")
        evidence[loss] |= {child_path("evidence", uid, name): value for name, value in row.items()}
    added = 0
    for line, row in _rows(pack, "losses"):
        uid = row.pop("uid")
        if journal.keys.find("loss", uid) is not None:
            continue
        with _at(pack, "losses", line):
            losses.report(
                journal,
                {"feed": pack.name, **_fields("loss", row), **evidence[uid]},
                uid=uid,
                edited=True,
            )
        added += 1
    return added


def _add_merges(journal: Journal, pack: Pack) -> int:
    added = 0
    for line, row in _rows(pack, "merges"):
        if journal.state("loss", row["loss"]).get("merged_into") is None:
            with _at(pack, "merges", line):
                groups.merge(journal, row["loss"], row["into"])
                casefile.note(journal, row["loss"], row["reason"])
            added += 1
    return added


def _add_published(journal: Journal, pack: Pack) -> int:
    added = 0
    for line, row in _rows(pack, "published"):
        uid = row.pop("uid")
        if journal.keys.find("published", uid) is None:
            with _at(pack, "published", line):
                published.publish(journal, _fields("published", row), uid=uid)
            added += 1
    return added


def _rows(pack: Pack, name: str) -> Iterator[tuple[int, Record]]:
    """The rows of one of a pack's files, each with its line; empty cells are left out."""
    path = pack.path / f"{name}.csv"
    if not path.is_file():
        return
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        try:
            for row in reader:
                with _at(pack, name, reader.line_num):
                    yield (
                        reader.line_num,
                        {column: checked_outside(cell, column) for column, cell in row.items() if cell},
                    )
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadData(f"{path}:{reader.line_num}: {error}") from error


def _fields(kind: str, row: Record) -> Record:
    """The cells of a row as a subject's fields: a list's parts stand between bars in its cell."""
    fields = {}
    for name, cell in row.items():
        field = next((one for one in KINDS[kind].fields if one.name == name), None)
        if field is None:
            raise Refused(f"a {kind} has no field {name!r}")
        if field.words and cell not in field.words:
            raise Refused(f"{name} {cell!r} is not one of {', '.join(field.words)}")
        fields[name] = json.dumps(cell.split("|"), ensure_ascii=False) if field.form is Form.LIST else cell
    return fields


@contextmanager
def _at(pack: Pack, name: str, line: int) -> Iterator[None]:
    """Say in which file and line of a pack a row could not be taken."""
    try:
        yield
    except Refused as error:
        raise BadData(f"{pack.path / name}.csv:{line}: {error}") from error
