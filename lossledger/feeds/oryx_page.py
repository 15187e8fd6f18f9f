"""A saved page of Oryx's taken apart: its headings, its lines, and all other text, block by block."""

import re
from functools import lru_cache
from html import unescape
from itertools import islice, repeat
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import unquote

from lossledger.core.notation_line import BREAK, Line, Piece, read_usual_line
from lossledger.feeds.oryx_links import TAKEN, Run
from lossledger.feeds.oryx_tree import LINE, Page

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HOLDERS = _HEADINGS | {"li", "details"}
"""What is a block of its own whatever is in it."""
_BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "dl", "dt", "dd", "table", "tbody", "thead", "tr", "td", "th", "section", "article"}
    | {"aside", "header", "footer", "nav", "main", "form", "figure", "center", "blockquote", "pre", "hr", "body"}
)
"""What ends a block, but in one of those."""
_LISTS = frozenset({"ul", "ol"})
_SKIPPED = frozenset({"script", "style", "noscript", "template", "head", "svg", "textarea", "select"})

_FLAG_FILE = re.compile(r"(?:flag|ensign)_of_(?:the_)?([^/]+?)\.(?:svg|png|jpe?g|gif|webp)", re.IGNORECASE)
_FLAG = re.compile(r"flag|thumbborder", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_FLAG_TEXT = re.compile(r"(?:flag of )?(?:the )?([^\W\d_][^\d<>]{2,40})", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")
_SPACES = re.compile(r"\s{2,}|[^\S ]")
"""White space other than a single space."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_BLANK: Piece = (" ", None, 0)


_MARKED = _HOLDERS | _BLOCKS | {"a", "img", "br"}
"""What means anything to a list; all else is the looks of its text."""


class Block(NamedTuple):
    """A heading, an element of a list, or any other piece of text that stands by itself."""

    tag: str
    """The element it stands in; "" for running text."""
    pieces: list[Piece]
    flags: tuple[str, ...]
    """The countries whose flags stand in it."""
    place: int
    line: Line | None = None
    """What it says, where it is known to be a line already; then it has no pieces."""

    @property
    def is_heading(self) -> bool:
        """Whether the page marks it as a heading."""
        return self.tag in _HEADINGS

    @property
    def text(self) -> str:
        """All of it, links or not, white space normalised."""
        return " ".join("".join([text for text, _, _ in self.pieces]).split())


def read_blocks(page: Page) -> list[Block]:
    """The page's text in its order, block by block, without what is no text (scripts, styles)."""
    return _Walk(page).blocks()


class _Walk:
    """Goes over a tree once, and gathers its text in blocks."""

    def __init__(self, page: Page) -> None:
        self.root, self.runs = page
        # The first few may be the parser's own: it adds the html and body that a page left out.
        self.is_numbered = any(element.get(LINE) for element in islice(self.root.iter(), 9))
        self.done: list[Block] = []
        self.shown = _Shown()
        self.holders: list[tuple[str, int]] = []
        self.pieces: list[Piece] = []
        self.flags: list[str] = []
        self.place = 1
        self.link: str | None = None
        self.link_place = 0
        self.link_text: list[str] = []

    def blocks(self) -> list[Block]:
        """Every block with any text."""
        from lxml import etree

        walker = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "end":
                if tag in _MARKED:
                    self._end(tag)
                if tail := element.tail:
                    self._add(tail)
            elif tag in _SKIPPED:
                walker.skip_subtree()
            else:
                if tag in _MARKED:
                    self._start(tag, element)
                if text := element.text:
                    self._add(text)
        self._flush()
        return self.done

    def _start(self, tag: str, element: "Element") -> None:
        if tag == "a":
            self._open_link(element)
        elif tag == "img":
            self._take_flag(element)
        elif tag == "br":
            self._break()
        elif self._bounds(tag):
            self._flush()
            self._enter(tag, element)
            if tag == "li" and self.runs and (number := element.get(TAKEN)):
                self._take_run(self.runs[int(number)], self.place)

    def _end(self, tag: str) -> None:
        if tag == "a":
            self._close_link()
        elif self._bounds(tag):
            self._flush()
            if tag in _HOLDERS:
                self.holders.pop()

    def _take_run(self, run: Run, place: int) -> None:
        """Take a run of links that was kept out of the tree, with its line's beginning where it is a whole line."""
        shown = [self.shown[text] for text in run.texts]
        if run.flags is not None:
            flags, head = _flags(run.flags), _spaced(_unescaped(run.head))
            if self.link is None and (line := read_usual_line(head, shown, run.links, place)):
                self.done.append(Block("li", [], flags, place, line))
                return
            self.flags = list(flags)
            self._add(head)
        self._close_link()
        self.pieces += zip(shown, run.links, repeat(place))

    def _bounds(self, tag: str) -> bool:
        return tag in _HOLDERS or (tag in _BLOCKS and (not self.holders or tag in _LISTS))

    def _enter(self, tag: str, element: "Element") -> None:
        self.place = self._line(element)
        if tag in _HOLDERS:
            self.holders.append((tag, self.place))

    def _line(self, element: "Element") -> int:
        if self.is_numbered:
            return int(element.get(LINE) or self.place)
        return cast("int", element.sourceline)

    def _add(self, text: str) -> None:
        if self.link is not None:
            self.link_text.append(text)
        elif text.isspace():
            if self.pieces:
                self.pieces.append(_BLANK)
        else:
            self.pieces.append((_spaced(text), None, self.place))

    def _break(self) -> None:
        if self.link is None:
            self.pieces.append(BREAK)
        else:
            self.link_text.append(" ")

    def _open_link(self, element: "Element") -> None:
        self._close_link()
        href = element.get("href")
        if href is None:
            if self.runs and (number := element.get(TAKEN)):
                self._take_run(self.runs[int(number)], self._line(element))
        else:
            self.link, self.link_place = href.strip(), self._line(element)

    def _close_link(self) -> None:
        if self.link_text:
            self._cut_link()
        self.link = None

    def _cut_link(self) -> None:
        self.pieces.append((_linked("".join(self.link_text)), self.link, self.link_place))
        self.link_text = []

    def _take_flag(self, element: "Element") -> None:
        country = _country(element)
        if country is None:
            return
        if any(link is not None for _, link, _ in self.pieces):
            self._flush()  # a line that the page forgot to begin as one
        if country not in self.flags:
            self.flags.append(country)

    def _flush(self) -> None:
        if self.link_text:
            self._cut_link()
        if self.pieces and any(not text.isspace() for text, _, _ in self.pieces):
            tag = self.holders[-1][0] if self.holders else ""
            self.done.append(Block(tag, self.pieces, tuple(self.flags), self.place))
        if self.pieces or self.flags:
            self.pieces, self.flags = [], []


class _Shown(dict[str, str]):
    """Texts of links as they are shown, by how the page writes them: most of a page's say the same."""

    def __missing__(self, written: str) -> str:
        shown = self[written] = _linked(_unescaped(written))
        return shown


def _unescaped(written: str) -> str:
    """A text that the page writes with entities: most have none but the space that does not break."""
    text = written.replace("&nbsp;", "\xa0")
    return unescape(text) if "&" in text else text


def _spaced(text: str) -> str:
    """A text with single spaces, at its ends as well, and nothing that cannot be seen."""
    return _SPACES.sub(" ", text if text.isascii() else _INVISIBLE.sub("", text))


def _linked(text: str) -> str:
    """A link's text; spaces at its ends are kept only where it may go on in another link."""
    if text[0] == "(" and text[-1] == ")":
        return " ".join(text.split()) if text.isascii() else _spaced(text)
    text = _spaced(text)
    return text.strip() if text.lstrip().startswith("(") and text.rstrip().endswith(")") else text


def _country(image: "Element | dict[str, str]") -> str | None:
    """The country whose flag an image shows: by the file's name, else by what the page says of the image."""
    return _named(image.get("src") or "", image.get("alt") or image.get("title") or "", image.get("class") or "")


@lru_cache(maxsize=512)
def _flags(images: str) -> tuple[str, ...]:
    """The countries whose flags some images show, as the page writes them."""
    named = (_country(dict(_ATTRIBUTE.findall(unescape(image)))) for image in images.split("<img")[1:])
    return tuple(dict.fromkeys(filter(None, named)))


@lru_cache(maxsize=512)
def _named(file: str, said: str, kind: str) -> str | None:
    file = unquote(file)
    if found := _FLAG_FILE.search(file):
        return _plain(found[1].replace("_", " "))
    told = _FLAG_TEXT.fullmatch(said.strip()) if _FLAG.search(f"{file} {kind} {said}") else None
    return _plain(told[1]) if told else None


def _plain(country: str) -> str | None:
    """A country's name without which of its flags it is: "Yugoslavia (1946-1992)", "Australia (converted)"."""
    return " ".join(_IN_BRACKETS.sub("", country).split()) or None
