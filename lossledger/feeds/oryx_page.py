"""A saved page of Oryx's taken apart: its headings, its lines, and what it says of itself."""

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from lossledger.core.notation_line import BREAK, Run
from lossledger.errors import BadData, LedgerError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LARGEST = 32 * 1024 * 1024
"""Bytes of a page that is read at all: the largest list has had five million."""

_COUNTED_LINES = 65534
"""Lines of a page that the parser counts; those of a longer one are written into its tags beforehand."""

_PRESCAN = 1024
"""Bytes in which a browser looks for the encoding that a page declares."""

_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_WESTERN = frozenset({"ascii", "iso8859-1"})
"""Declared so, a page is read as Windows-1252: browsers do, and the pages are made for them."""

_LINE = "data-line-of-file"
_TAG = re.compile(r"\n|<[a-zA-Z][a-zA-Z0-9]*")

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HOLDERS = _HEADINGS | {"li", "details"}
"""What is a block of its own whatever is in it."""
_BLOCKS = frozenset(
    "p div ul ol dl dt dd table tbody thead tr td th section article aside header footer nav main form figure center "
    "blockquote pre hr body".split()
)
"""What ends a block, but in one of those."""
_LISTS = frozenset({"ul", "ol"})
_SKIPPED = frozenset({"script", "style", "noscript", "template", "head", "svg", "textarea", "select"})

_FLAG_FILE = re.compile(r"(?:flag|ensign)_of_(?:the_)?([^/]+?)\.(?:svg|png|jpe?g|gif|webp)", re.IGNORECASE)
_FLAG = re.compile(r"flag|thumbborder", re.IGNORECASE)
_FLAG_TEXT = re.compile(r"(?:flag of )?(?:the )?([^\W\d_][^\d<>]{2,40})", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")
_SPACES = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_BLANK = Run(" ")


_FLAT = frozenset({"a", "br"})


class Block(NamedTuple):
    """A heading, an element of a list, or any other piece of text that stands by itself."""

    tag: str
    """The element it stands in; "" for running text."""
    runs: list[Run]
    flags: tuple[str, ...]
    """The countries whose flags stand in it."""
    place: int

    @property
    def is_heading(self) -> bool:
        """Whether the page marks it as a heading."""
        return self.tag in _HEADINGS

    @property
    def text(self) -> str:
        """All of it, links or not, white space normalised."""
        return " ".join("".join(run.text for run in self.runs).split())


def is_page(head: bytes) -> bool:
    """Whether a file that begins so is HTML: the first sign of its text opens a tag."""
    text = head.removeprefix(codecs.BOM_UTF8)
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = text[2:].replace(b"\0", b"")
    return re.match(rb"\s*<[a-zA-Z!?]", text) is not None


def parsed(data: bytes) -> "Element":
    """The page's tree.

    Raises:
        BadData: it is no text, too large, or nested too deeply.
        LedgerError: lxml is not installed.
    """
    try:
        from lxml import etree
    except ImportError:
        raise LedgerError("reading Oryx pages needs one more package: pip install 'lossledger[oryx]'") from None
    if len(data) > _LARGEST:
        raise BadData(f"the page has {len(data) >> 20} MB, and no list has more than {_LARGEST >> 20}")
    text = decoded(data)
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
    """The page's text, in the encoding that a browser would take: by its mark, its declaration, or UTF-8.

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
        return f'{found[0]} {_LINE}="{line}"'

    return _TAG.sub(told, text)


def read_blocks(root: "Element") -> list[Block]:
    """The page's text in its order, block by block, without what is no text (scripts, styles)."""
    return list(_Walk(root).blocks())


class _Walk:
    """Goes over a tree once, and gathers its text in blocks."""

    def __init__(self, root: "Element") -> None:
        self.root = root
        self.is_numbered = next(root.iter(), root).get(_LINE) is not None
        self.holders: list[tuple[str, int]] = []
        self.runs: list[Run] = []
        self.flags: list[str] = []
        self.place = 1
        self.link: str | None = None
        self.link_place = 0
        self.link_text: list[str] = []

    def blocks(self) -> Iterator[Block]:
        """Every block with any text."""
        from lxml import etree

        walker = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "end":
                yield from self._end(tag)
                if element.tail:
                    self._add(element.tail)
            elif tag in _SKIPPED:
                walker.skip_subtree()
            else:
                yield from self._start(tag, element)
                if tag == "li" and self._takes_whole(element):
                    walker.skip_subtree()
                elif element.text:
                    self._add(element.text)
        yield from self._flush()

    def _start(self, tag: str, element: "Element") -> Iterator[Block]:
        if tag == "a":
            self._open_link(element)
        elif tag == "img":
            yield from self._take_flag(element)
        elif tag == "br":
            self._add(BREAK)
        elif self._bounds(tag):
            yield from self._flush()
            self._enter(tag, element)

    def _end(self, tag: str) -> Iterator[Block]:
        if tag == "a":
            self._close_link()
        elif tag not in _SKIPPED and self._bounds(tag):
            yield from self._flush()
            self._leave(tag)

    def _takes_whole(self, line: "Element") -> bool:
        """Whether a line's element holds flags, text and links alone, and so could be taken at once.

        Nearly all do, and most of a page's elements are links: this is three times as fast as walking them.
        """
        children = list(line)
        first = next((at for at, child in enumerate(children) if child.tag == "a"), len(children))
        flags = [image for child in children[:first] for image in child.iter("img")]
        if any(_is_more_than_flag(child) for child in children[:first]) or any(
            len(child) or child.tag not in _FLAT for child in children[first:]
        ):
            return False
        self.flags = list(dict.fromkeys(filter(None, map(_country, flags))))
        for text in (line.text, *(child.tail for child in children[:first])):
            if text:
                self._add(text)
        for child in children[first:]:
            if child.tag == "br":
                self._add(BREAK)
            elif text := child.text:
                href = child.get("href")
                link = None if href is None else href.strip()
                self.runs.append(Run(_linked(text), link, self._line(child)))
            if tail := child.tail:
                self._add(tail)
        return True

    def _bounds(self, tag: str) -> bool:
        return tag in _HOLDERS or (tag in _BLOCKS and (not self.holders or tag in _LISTS))

    def _enter(self, tag: str, element: "Element") -> None:
        self.place = self._line(element)
        if tag in _HOLDERS:
            self.holders.append((tag, self.place))

    def _leave(self, tag: str) -> None:
        if tag in _HOLDERS:
            self.holders.pop()

    def _line(self, element: "Element") -> int:
        if self.is_numbered:
            return int(element.get(_LINE) or self.place)
        line: int | None = element.sourceline
        return line or self.place

    def _add(self, text: str) -> None:
        if self.link is not None:
            self.link_text.append(text)
        elif text == BREAK:
            self.runs.append(Run(BREAK))
        elif text.isspace():
            self.runs.append(_BLANK)
        else:
            self.runs.append(Run(_spaced(text), None, self.place))

    def _open_link(self, element: "Element") -> None:
        self._close_link()
        href = element.get("href")
        if href is not None:
            self.link, self.link_place = href.strip(), self._line(element)

    def _close_link(self) -> None:
        self._cut_link()
        self.link = None

    def _cut_link(self) -> None:
        if self.link_text:
            self.runs.append(Run(_linked("".join(self.link_text)), self.link, self.link_place))
            self.link_text = []

    def _take_flag(self, element: "Element") -> Iterator[Block]:
        country = _country(element)
        if country is None:
            return
        if any(run.link is not None for run in self.runs):
            yield from self._flush()  # a line that the page forgot to begin as one
        if country not in self.flags:
            self.flags.append(country)

    def _flush(self) -> Iterator[Block]:
        self._cut_link()
        if any(not run.text.isspace() for run in self.runs):
            tag = self.holders[-1][0] if self.holders else ""
            yield Block(tag, self.runs, tuple(self.flags), self.place)
        self.runs, self.flags = [], []


def _is_more_than_flag(element: "Element") -> bool:
    """Whether anything but an image, wrapped or not, stands in an element."""
    return any(child.tag not in {"span", "img"} or child.text or (child is not element and child.tail) for child in element.iter())


def _spaced(text: str) -> str:
    """A text with single spaces, at its ends as well, and nothing that cannot be seen."""
    return _SPACES.sub(" ", text if text.isascii() else text.translate(_INVISIBLE))


def _linked(text: str) -> str:
    """A link's text; spaces at its ends are kept only where it may go on in another link."""
    if text.isascii() and text[0] == "(" and text[-1] == ")" and "\n" not in text:
        return text
    text = _spaced(text)
    return text.strip() if text.lstrip().startswith("(") and text.rstrip().endswith(")") else text


def _country(image: "Element") -> str | None:
    """The country whose flag an image shows: by the file's name, else by what the page says of the image."""
    file = unquote(image.get("src") or "")
    if found := _FLAG_FILE.search(file):
        return _plain(found[1].replace("_", " "))
    said = image.get("alt") or image.get("title") or ""
    if not _FLAG.search(f"{file} {image.get('class') or ''} {said}"):
        return None
    told = _FLAG_TEXT.fullmatch(said.strip())
    return _plain(told[1]) if told else None


def _plain(country: str) -> str | None:
    """A country's name without which of its flags it is: "Yugoslavia (1946-1992)", "Australia (converted)"."""
    return " ".join(_IN_BRACKETS.sub("", country).split()) or None
