"""Every format that a list can come in, by the name that a user gives."""

from lossledger.core.vocabulary import FORMATS
from lossledger.errors import BadData
from lossledger.feeds import package, table, warspotting
from lossledger.feeds.mapping import ColumnMap
from lossledger.feeds.opening import Opened, recognise
from lossledger.feeds.records import Reading


def read(opened: Opened, form: str | None = None, columns: ColumnMap | None = None) -> Reading:
    """The records of a file, in the format named, else in the one that it is known by; a map makes it a table.

    Errors: BadData for a file that is in none of the formats, or cannot be read in its own.
    """
    form = form or ("table" if columns is not None else recognise(opened.head, opened.name))
    match form:
        case "oryx":
            from lossledger.feeds import oryx

            try:
                return oryx.read(opened.whole())
            except BadData as error:
                raise BadData(f"{opened.name}: {error}") from error
        case "oryx-daily":
            from lossledger.feeds import oryx_daily

            return oryx_daily.read(opened)
        case "warspotting":
            return warspotting.read(opened)
        case "package":
            return package.read(opened)
        case "table":
            return table.read(opened, columns)
    raise BadData(
        f"{opened.name}: this is none of the lists that are known by their form ({', '.join(FORMATS)}); "
        "where it is a table, say which columns are what: --map side=country,type=system,..."
    )
