"""Oryx's lists, as pages that a browser saved: one side or several, their items and what the page itself counts."""

from lossledger.errors import BadData
from lossledger.feeds.oryx_lists import records_of
from lossledger.feeds.oryx_page import read_blocks
from lossledger.feeds.oryx_source import source_of
from lossledger.feeds.oryx_tree import is_page, parsed
from lossledger.feeds.records import Reading

__all__ = ["is_page", "read"]


def read(data: bytes) -> Reading:
    """Read a saved page.

    Returns:
        Its records in the page's order: an item for each thing (several where a link shows several), a figure for
        each sum that the page states, and whatever in its lines could not be read.

    Raises:
        BadData: the page is no text, too large, too deeply nested, or no such list.
        LedgerError: lxml is not installed.
    """
    page = parsed(data)
    records = records_of(read_blocks(page))
    if records is None:
        raise BadData("the page is no Oryx list: it has no headline, heading or line of a model")
    return Reading(source_of(page.root), records)
