"""A saved page of Oryx's, from its bytes to a tree: its encoding, its bounds, the lines of its elements."""

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple

from lossledger.errors import BadData, LedgerError
from lossledger.feeds.oryx_links import TAKEN, Run, taken

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LARGEST = 32 * 1024 * 1024
"""Bytes of a page that is read at all: the largest list has had five million."""

_MOST_TAGS = 500_000
"""Tags of a page that is read at all: the largest list has had a hundred thousand."""

_COUNTED_LINES = 65534
"""Lines of a page that the parser counts; those of a longer one are written into its tags beforehand."""

_PRESCAN = 1024
"""Bytes in which a browser looks for the encoding that a page declares."""

_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_WESTERN = frozenset({"ascii", "iso8859-1"})
"""Declared so, a page is read as Windows-1252: browsers do, and the pages are made for them."""

LINE = "data-line-of-file"
"""The attribute that tells the line of an element, in a page that is too long for the parser to count."""
_TAG = re.compile(r"\n|<[a-zA-Z][a-zA-Z0-9]*")


def is_page(head: bytes) -> bool:
    """Whether a file that begins so is HTML: the first sign of its text opens a tag."""
    text = head.removeprefix(codecs.BOM_UTF8)
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = text[2:].replace(b"\0", b"")
    return re.match(rb"\s*<[a-zA-Z!?]", text) is not None


class Page(NamedTuple):
    """A page as a tree, and the links that were taken out of it; an element with ``TAKEN`` stands for each run."""

    root: "Element"
    runs: list[Run]


def parsed(data: bytes) -> Page:
    """The page's tree.

    Raises:
        BadData: it is no text, too large, or nested too deeply.
        LedgerError: lxml is not installed.
    """
    if len(data) > _LARGEST:
        raise BadData(f"the page has {len(data) >> 20} MB, and no list has more than {_LARGEST >> 20}")
    if (tags := data.count(b"<")) > _MOST_TAGS:
        raise BadData(f"the page has {tags:,} tags, and no list has more than {_MOST_TAGS:,}")
    text = decoded(data)
    _refuse_part(text)
    shortened, runs = taken(text)
    root = _tree(shortened)
    # A stub that the tree lacks stood in a comment, a script, or a broken tag.
    stubs = root.xpath(f"//a[not(@href)]/@{TAKEN} | //li/@{TAKEN}", smart_strings=False)
    if stubs == [str(number) for number in range(len(runs))]:
        return Page(root, runs)
    return Page(_tree(text), [])


_OPENS = re.compile(r"<html[\s>]", re.IGNORECASE)
_CLOSES = re.compile(r"</html\s*>", re.IGNORECASE)


def _refuse_part(text: str) -> None:
    """Refuse what is less than a page, or more than one: a parser would take what it has for all there is."""
    closed = [found.end() for found in _CLOSES.finditer(text)]
    if _OPENS.search(text) and not closed:
        raise BadData("the page ends before its </html>: it was cut off; save it again")
    if (closed and _OPENS.search(text, closed[-1])) or (len(closed) > 1 and _OPENS.search(text, closed[0])):
        raise BadData("there is another page after the end of the first; import them one by one")
    if text.rfind("<!--") > text.rfind("-->"):
        raise BadData("the page has a comment that never ends, which would hide the rest of it")


def _tree(text: str) -> "Element":
    try:
        from lxml import etree
    except ImportError:
        raise LedgerError("reading Oryx pages needs one more package: pip install 'lossledger[oryx]'") from None
    if text.count("\n") > _COUNTED_LINES:
        text = _with_lines(text)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log.filter_from_fatals()):
        raise BadData("the page's elements are nested too deeply for any list")
    if root is None:
        raise BadData("the page is empty")
    return root


def decoded(data: bytes) -> str:
    """The page's text: in UTF-8 where it is that, whatever it declares; else by its mark or its declaration.

    A browser that saves a page writes UTF-8, and may leave the declaration that the page came with.

    Raises:
        BadData: the bytes are no text in that encoding.
    """
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadData(f"the page is not {encoding.upper()} text: byte {error.start + 1} cannot be read") from None
    if "\0" in text:
        raise BadData("the page is not text: it has NUL bytes (if it is UTF-16, save it as UTF-8)")
    return text.removeprefix("\ufeff")


def _encoding(data: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return encoding
    try:
        data.decode()
    except UnicodeDecodeError:
        return _declared(data)
    return "utf-8"


def _declared(data: bytes) -> str:
    """The encoding that a page declares; UTF-8 where it declares none that there is."""
    declared = _DECLARED.search(data[:_PRESCAN])
    try:
        name = codecs.lookup(declared[1].decode("ascii", "replace")).name if declared else "utf-8"
        b"".decode(name)
    except LookupError:
        return "utf-8"
    # A page whose declaration can be read is not UTF-16, whatever it declares.
    return "utf-8" if name.startswith("utf-16") else "cp1252" if name in _WESTERN else name


def _with_lines(text: str) -> str:
    line = 1

    def told(found: re.Match[str]) -> str:
        nonlocal line
        if found[0] == "\n":
            line += 1
            return "\n"
        return f'{found[0]} {LINE}="{line}"'

    return _TAG.sub(told, text)
