"""What a data package of the public ledger consists of, put together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lossledger import __version__
from lossledger.core.journal_layout import JOURNAL
from lossledger.core.names import slug
from lossledger.core.package_layout import MARK, MERGE_COLUMNS, MERGES, TABLES
from lossledger.exports.datapackage import DataPackage, Sink
from lossledger.exports.datapackage_schema import columns_schema, merges_schema, schema_of
from lossledger.ledger.public_copy import PublicCopy, public_copy
from lossledger.queries import whole
from lossledger.queries.whole_journal import detail_rows, entry_rows, posting_rows

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_LAYOUT = 1
"""The number of the layout that this program writes."""


def write_package(engine: "Engine", sink: Sink, *, full: bool) -> DataPackage:
    """Write a package of what is public, with ``full`` its journal, too. Returns what was written."""
    package = DataPackage(sink)
    with public_copy(engine) as public:
        _write_tables(package, public.connection)
        if full:
            _write_journal(package, public.connection)
        package.describe(_described(public, full=full))
    return package


def _write_tables(package: DataPackage, connection: "Connection") -> None:
    for table in TABLES:
        package.write(table.name, table.title, schema_of(table), table.columns, whole.table(connection, table))
    title = "Losses that are the same thing as another"
    package.write(MERGES, title, merges_schema(), MERGE_COLUMNS, whole.merges(connection))


def _write_journal(package: DataPackage, connection: "Connection") -> None:
    for table, rows in zip(JOURNAL, (entry_rows, detail_rows, posting_rows), strict=True):
        schema = columns_schema(table.name, table.types, table.identity, table.references)
        package.write(table.name, table.title, schema, tuple(table.types), rows(connection))


def _described(public: PublicCopy, *, full: bool) -> Mapping[str, Any]:
    """What the description says of the whole package."""
    feeds = [told for _, told in whole.subjects(public.connection, "feed")]
    conflicts = [told["name"] for _, told in whole.subjects(public.connection, "conflict")]
    named = ", ".join(conflicts) or "no conflict yet"
    described: dict[str, Any] = {
        "name": slug(f"losses {named}"),
        "title": f"Documented losses of equipment: {named}",
        "description": (
            "A ledger of equipment losses: who lost what, what became of it, and the sources that say so. Only losses "
            "whose verification is confirmed are documented; claims stand beside them and are never summed with them. "
            "A loss that is merged into another or withdrawn does not count. Lists within a cell are separated by |. "
            f"What is public of the ledger: {', '.join(public.view.words)}."
        ),
        "created": public.as_of,
        "version": str(public.head.number),
    }
    of_feeds = {
        "licenses": _licences(feeds),
        "contributors": _contributors(feeds),
        "sources": [{"title": told["name"], **_path(told)} for told in feeds],
    }
    described |= {name: found for name, found in of_feeds.items() if found}  # none of them may be empty
    return described | {
        MARK: {
            "layout": _LAYOUT,
            "program": f"lossledger {__version__}",
            "head": str(public.head),
            "as_of": public.as_of,
            "public_view": list(public.view.words),
            "journal": full,
        }
    }


def _licences(feeds: list[dict[str, str]]) -> list[dict[str, str]]:
    """The terms of the lists, each once."""
    texts = dict.fromkeys(told["licence"] for told in feeds if "licence" in told)
    return [{"name": "-".join(text.split()), "title": text} for text in texts]


def _contributors(feeds: list[dict[str, str]]) -> list[dict[str, str]]:
    """Who is to be named, in the words of each list."""
    credited = dict.fromkeys((told["credit"], told.get("url", "")) for told in feeds if "credit" in told)
    return [{"title": text, "role": "publisher", **_path({"url": url})} for text, url in credited]


def _path(told: Mapping[str, str]) -> dict[str, str]:
    url = told.get("url", "")
    return {"path": url} if url.startswith(("https://", "http://")) else {}
