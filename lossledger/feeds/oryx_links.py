"""Links in their usual form, taken out of a page before it is parsed: `<a href="https://...">(1, destroyed)</a>`.

Most of a page's elements are such links, and nearly all are written alike. Read from the page's text they cost a
fraction of what elements of a tree do. Each run of them leaves a stub in the page, an empty link that tells which it
was; so the parser decides as ever what stands where, and what is only a comment or a script.
"""

import re
from typing import NamedTuple

TAKEN = "data-run-of-links"
"""The attribute of a stub: the number of its run."""

_OTHER = r'(?: (?!(?i:href)=)[\w:-]+="[^"<>\n]*+")*+'
_LINK = re.compile(
    r'<a href="([^"<>\s&]*+(?:&(?:amp;|\w++=)[^"<>\s&]*+)*+)"'  # what else an "&" may mean is for the parser to tell
    rf"(?:>|{_OTHER}>)(\([^<>]++)</a>([^<>]*+)"
)
"""No quantifier gives back what it took, so that no page takes longer than its length."""

_LINE_BREAK = "\n"


class Run(NamedTuple):
    """Links that follow each other, with nothing but text between them."""

    texts: list[str]
    """What stands in each, as the page writes it; what follows each in ``tails``."""
    links: list[str]
    tails: list[str]

    @property
    def lines(self) -> int:
        """How many line breaks of the file stand in it."""
        return "".join(self.texts).count(_LINE_BREAK) + "".join(self.tails).count(_LINE_BREAK)


def taken(page: str) -> tuple[str, list[Run]]:
    """The page with a stub for each run of links, and the runs. A stub is as many lines long as its run was."""
    if TAKEN in page:
        return page, []
    parts = _LINK.split(page)  # in turn: what stands before a link, its address, its text, what follows it
    before, links, texts, tails = parts[::4], parts[1::4], parts[2::4], parts[3::4]
    if not links:
        return page, []
    if any("&" in link for link in links):
        links = [link.replace("&amp;", "&") for link in links]
    starts = [0, *(at for at in range(1, len(links)) if before[at])]
    kept, runs = [], []
    for start, end in zip(starts, [*starts[1:], len(links)], strict=True):
        run = Run(texts[start:end], links[start:end], tails[start:end])
        kept.append(f"{before[start]}<a {TAKEN}={len(runs)}>{run.lines * _LINE_BREAK}</a>")
        runs.append(run)
    return "".join([*kept, before[-1]]), runs
