"""What a data package of the public ledger consists of, put together."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lossledger.cli.open_data import about_copy
from lossledger.core.journal_layout import JOURNAL
from lossledger.core.names import slug
from lossledger.core.package_layout import MARK, MERGE_COLUMNS, MERGES, TABLES
from lossledger.core.text import is_web_link
from lossledger.exports.datapackage import DataPackage, Sink
from lossledger.exports.datapackage_schema import columns_schema, merges_schema, schema_of
from lossledger.ledger.public_copy import PublicCopy, public_copy
from lossledger.queries import whole
from lossledger.queries.credits import Credit
from lossledger.queries.whole_journal import detail_rows, entry_rows, posting_rows

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_LAYOUT = 1
"""The number of the layout that this program writes."""


def write_package(engine: "Engine", sink: Sink, *, full: bool) -> DataPackage:
    """Write a package of what is public, with ``full`` its journal, too. Returns what was written."""
    with public_copy(engine) as public:
        return write_package_of(public, sink, full=full)


def write_package_of(public: PublicCopy, sink: Sink, *, full: bool) -> DataPackage:
    """Write a package of a public copy."""
    package = DataPackage(sink)
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
    conflicts = [told["name"] for _, told in whole.subjects(public.connection, "conflict")]
    named = ", ".join(conflicts) or "no conflict yet"
    about = replace(about_copy(public), title=f"Documented losses of equipment: {named}")
    of_lists = {
        "licenses": [{"name": "-".join(terms.split()), "title": terms} for terms in about.licences],
        "contributors": [
            {"title": one.credit or one.publisher or one.name, "role": "publisher", **_path(one)}
            for one in about.credits
        ],
        "sources": [{"title": one.name, **_path(one)} for one in about.credits],
    }
    return {
        "name": slug(f"losses {named}"),
        "title": about.title,
        "description": (
            "A ledger of equipment losses: who lost what, what became of it, and the sources that say so. Only losses "
            "whose verification is confirmed are documented; claims stand beside them and are never summed with them. "
            "A loss that is merged into another or withdrawn does not count. Lists within a cell are separated by |. "
            f"What is public of the ledger: {', '.join(about.view.words)}."
        ),
        "created": about.made,
        "version": str(about.head.number),
        **{name: found for name, found in of_lists.items() if found},  # none of them may be empty
        MARK: {"layout": _LAYOUT, "journal": full, **about.fields()},
    }


def _path(one: Credit) -> dict[str, str]:
    return {"path": one.url} if one.url and is_web_link(one.url) else {}
