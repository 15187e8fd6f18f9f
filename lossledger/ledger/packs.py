"""Packs: folders of tables that bring a catalogue, or a conflict with its first reports, or a whole ledger's losses."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from lossledger.core.names import near
from lossledger.core.package_layout import DESCRIPTION, TABLES, layout
from lossledger.core.records import KINDS
from lossledger.db.keys import Keys
from lossledger.errors import UnknownName
from lossledger.feeds.package_files import PackageFiles, is_package, package_files
from lossledger.ledger import catalogue, pack_losses, published
from lossledger.ledger.journal import Journal
from lossledger.ledger.pack_tables import PackTables, fields_of
from lossledger.resources import folder

CATALOGUE_PACK = "catalogue"
"""The pack that every ledger begins with."""


@dataclass(frozen=True)
class Pack:
    """A pack as its ``datapackage.json`` describes it; it is called by the name of its folder."""

    files: PackageFiles

    @property
    def name(self) -> str:
        """The name of its folder, or of its zip."""
        return self.files.name

    @property
    def title(self) -> str:
        """What it is called."""
        return self.files.text("title") or self.name

    @property
    def version(self) -> str:
        """Its version, where it has one."""
        return self.files.text("version")

    @property
    def tables(self) -> PackTables:
        """Its tables."""
        mark = self.files.mark
        return PackTables(self.files.folder, guarded=mark is not None)

    @property
    def journal_head(self) -> str | None:
        """The head of the journal that it takes along, as "17:af3...", where it takes one along."""
        mark = self.files.mark or {}
        head = mark.get("head")
        return head if mark.get("journal") is True and isinstance(head, str) else None


def packs() -> list[Pack]:
    """Every pack that comes with the program, by name."""
    return [_pack(path) for path in sorted(folder("seeds").iterdir()) if (path / DESCRIPTION).is_file()]


def find(name: str) -> Pack:
    """A pack that comes with the program, by its name, or one by the path of its folder. Errors: UnknownName."""
    known = packs()
    found = next((pack for pack in known if pack.name == name), None)
    if found is None and (Path(name) / DESCRIPTION).is_file():
        found = _pack(Path(name))
    if found is None:
        raise UnknownName("pack", name, near(name, [pack.name for pack in known]), "see: lossledger pack list")
    return found


@contextmanager
def opened(name: str) -> Iterator[Pack]:
    """A pack as `find` finds it, or one in a zip. Errors: UnknownName; BadData for one that is not what it says."""
    if Path(name).is_file() and is_package(name):
        with package_files(name) as files:
            yield Pack(files)
    else:
        yield find(name)


def _pack(path: Path) -> Pack:
    with package_files(str(path)) as files:
        return Pack(files)


def add(journal: Journal, pack: Pack) -> Counter[str]:
    """Enter all of a pack that the ledger does not hold yet; returns how many of each kind were entered.

    Errors: BadData with file and line for a row that cannot be taken; then nothing of the pack is.
    """
    tables = pack.tables
    for kind in ("source", "loss", "published"):
        journal.keys.learn_all(kind)
    added: Counter[str] = Counter()
    for kind in ("conflict", "side", "category", "type", "feed", "source"):
        added[kind] = _add_subjects(journal, tables, kind)
    added += pack_losses.add(journal, tables, pack.name)
    added["published"] = _add_published(journal, tables)
    return +added


def held(connection: Connection, pack: Pack) -> tuple[int, int]:
    """How many of a pack's subjects the ledger holds, and how many the pack has."""
    keys = Keys(connection)
    own = [
        (table.kind, row[KINDS[table.kind].key])
        for table in TABLES
        if table.child is None
        for _, row in pack.tables.rows(table)
    ]
    return sum(keys.find(kind, key) is not None for kind, key in own), len(own)


def _add_subjects(journal: Journal, tables: PackTables, kind: str) -> int:
    table, aliases = layout(kind), _aliases(tables, kind)
    added = 0
    for line, row in tables.rows(table):
        key = row[KINDS[kind].key]
        names = aliases.pop(key, {})
        if journal.keys.find(kind, key) is not None:
            continue
        with tables.at(table.name, line):
            catalogue.create(journal, kind, fields_of(table, row), key, names)
        added += 1
    return added


def _aliases(tables: PackTables, kind: str) -> dict[str, dict[str, str | None]]:
    """The names in a pack of what is of a kind, by its key, each with why it is one where that is told."""
    found: dict[str, dict[str, str | None]] = defaultdict(dict)
    if any(child.name == "alias" for child in KINDS[kind].children):
        for _, row in tables.rows(layout(kind, "alias")):
            found[row[kind]][row["name"]] = row.get("kind")
    return found


def _add_published(journal: Journal, tables: PackTables) -> int:
    table = layout("published")
    added = 0
    for line, row in tables.rows(table):
        if journal.keys.find("published", row["uid"]) is None:
            with tables.at(table.name, line):
                published.publish(journal, fields_of(table, row), uid=row["uid"])
            added += 1
    return added
