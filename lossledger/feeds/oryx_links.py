"""What most of a page consists of, taken out of it before it is parsed: its links, and the lines that they stand in.

    <li><img src="Flag_of_the_Soviet_Union.svg"/> 2 T-64A: <a href="https://...">(1, destroyed)</a> <a ...>...</a></li>

Nearly all are written alike, and read from the page's text they cost a fraction of what elements of a tree do. Each
run of links leaves a stub in the page, an empty element that tells which it was; so the parser decides as ever what
stands where, and what is only a comment or a script.
"""

import re
from itertools import pairwise
from typing import NamedTuple

TAKEN = "data-run-of-links"
"""The attribute of a stub: the number of its run. The stub is a line where a whole line was taken, else a link."""

_OTHER = r'(?: (?!(?i:href)=)[\w:-]+="[^"<>\n]*+")*+'
_SIGNS = r"[!#-%'-;=?-~]*+"
"""Signs of an address that are themselves: what else an "&" or a letter may mean is for the parser to tell."""

_LINK = re.compile(
    rf'<a href="({_SIGNS}(?:&(?:amp;|\w++=){_SIGNS})*+)"'
    rf"(?:>|{_OTHER}>)(\([^<>\n]++)(?<=\))</a>(?:[ \xa0]|&nbsp;|&#160;)*+"
)
"""A link that is a bracket, with the space after it. It stands in one line of the file.

No quantifier gives back what it took, so no page takes longer than its length.
"""

_LINE = "<li>"
_LINE_END = re.compile(r"(?:<br ?/?>\s*+)?</li>")
_BEGINNING = re.compile(r'<li>((?: *+<img(?: [\w-]++="[^"<>\n]*+")*+ ?/?>)*+)([^<>\n]++)')


class Run(NamedTuple):
    """Brackets that follow each other, each in a link of its own, with nothing between them but spaces."""

    texts: list[str]
    """As the page writes them."""
    links: list[str]
    flags: str | None
    """The images before them, as the page writes them, where they are a whole line; None where they are none."""
    head: str
    """The text before the first link of a whole line."""


def taken(page: str) -> tuple[str, list[Run]]:
    """The page with a stub for each run of links, and the runs."""
    if TAKEN in page:
        return page, []
    parts = _LINK.split(page)  # in turn: what stands before a link, its address, its text
    before, links, texts = parts[::3], parts[1::3], parts[2::3]
    if not links:
        return page, []
    if "&" in "".join(links):
        links = [link.replace("&amp;", "&") for link in links]
    starts = [0, *(at for at, text in enumerate(before) if text and 0 < at < len(links))]
    kept: list[str] = []
    runs: list[Run] = []
    for start, end in pairwise([*starts, len(links)]):
        ahead, flags, head = before[start], None, ""
        stub = f"<a {TAKEN}={len(runs)}></a>"
        at = ahead.rfind(_LINE)
        if at >= 0 and _LINE_END.match(before[end]) and (found := _BEGINNING.fullmatch(ahead, at)):
            flags, head = found.groups()
            ahead, stub = ahead[:at], f"<li {TAKEN}={len(runs)}>"
        kept += (ahead, stub)
        runs.append(Run(texts[start:end], links[start:end], flags, head))
    return "".join([*kept, before[-1]]), runs
