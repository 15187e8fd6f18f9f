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
    rf'<a href="({_SIGNS}(?:&(?:amp;|\w++=){_SIGNS})*+)"(?:>|{_OTHER}>)' r"(\([^<>]++)(?<=\))</a>([^<>]*+)"
)
"""A link that is a bracket. No quantifier gives back what it took, so no page takes longer than its length."""

_LINE = "<li>"
_LINE_END = re.compile(r"(?:<br ?/?>\s*+)?</li>")
_BEGINNING = re.compile(r'<li>((?:\s*+<img(?: [\w-]++="[^"<>\n]*+")*+ ?/?>)*+)([^<>]++)')
_LINE_BREAK = "\n"


class Run(NamedTuple):
    """Links that follow each other, with nothing but text between them; with its beginning, they are a line."""

    texts: list[str]
    """What stands in each, as the page writes it; what follows each in ``tails``."""
    links: list[str]
    tails: list[str]
    flags: str | None = None
    """The images before the line, as the page writes them; None where the run is no whole line."""
    head: str = ""
    """The text before the first link of a line."""
    line_breaks: int = 0
    """How many line breaks of the file stand in it."""


def taken(page: str) -> tuple[str, list[Run]]:
    """The page with a stub for each run of links, and the runs. A stub is as many lines long as what it stands for."""
    if TAKEN in page:
        return page, []
    parts = _LINK.split(page)  # in turn: what stands before a link, its address, its text, what follows it
    before, links, texts, tails = parts[::4], parts[1::4], parts[2::4], parts[3::4]
    if not links:
        return page, []
    if "&" in "".join(links):
        links = [link.replace("&amp;", "&") for link in links]
    starts = [0, *(at for at in range(1, len(links)) if before[at])]
    kept: list[str] = []
    runs: list[Run] = []
    for start, end in pairwise([*starts, len(links)]):
        ahead, flags, head = before[start], None, ""
        at = ahead.rfind(_LINE)
        if at >= 0 and _LINE_END.match(before[end]) and (found := _BEGINNING.fullmatch(ahead, at)):
            flags, head = found.groups()
            ahead = ahead[:at]
        shown, after = texts[start:end], tails[start:end]
        breaks = "".join((flags or "", head, *shown, *after)).count(_LINE_BREAK)
        stub = f"<a {TAKEN}={len(runs)}>" if flags is None else f"<li {TAKEN}={len(runs)}>"
        kept += (ahead, stub, breaks * _LINE_BREAK, "</a>" if flags is None else "")
        runs.append(Run(shown, links[start:end], after, flags, head, breaks))
    return "".join([*kept, before[-1]]), runs
