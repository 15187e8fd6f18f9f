"""Pages of lists to measure with: a given one as long as is wanted, or one made in the notation."""

import gzip
import re
from pathlib import Path

from lossledger.core.phrases import bracket
from lossledger.feeds.oryx import read
from lossledger.feeds.records import Item

_ITEM = re.compile(rb"\([0-9][^()<]*(?:destroyed|damaged|abandoned|captured)[^()<]*\)</a>")
_ADDRESS = re.compile(rb'(<a href="https?://)')


def repeated(path: Path, items: int) -> bytes:
    """A saved page (gzipped HTML) with its list repeated until it has at least so many items, as `lengthened`."""
    return lengthened(gzip.decompress(path.read_bytes()), items)


def lengthened(page: bytes, items: int) -> bytes:
    """The page with its list, from the first headline to the last line, repeated until it has at least so many items.

    The links of every copy are its own, so that no copy is taken for another's losses.
    """
    begin = page.rindex(b"<h3", 0, page.index(b", of which: "))
    *_, last = _ITEM.finditer(page)
    end = page.index(b"</li>", last.end()) + len(b"</li>")
    once = sum(isinstance(record, Item) for record in read(page).records)
    copies = (_ADDRESS.sub(rb"\1copy%d." % number, page[begin:end]) for number in range(2, -(-items // once) + 1))
    return page[:end] + b"".join(copies) + page[end:]


def made() -> bytes:
    """A page of a hundred items made in the notation, for want of a given one."""
    link = '<a href="https://i.example.org/{0}/{0}.jpg">{1}</a>'
    links = " ".join(link.format(number, bracket([number], "destroyed")) for number in range(1, 101))
    return (
        "<h3>Ukraine - 100, of which: destroyed: 100</h3><h3>Tanks (100, of which destroyed: 100)</h3>"
        f"<ul><li>100 T-64BV: {links}</li></ul>"
    ).encode()
