"""A page in the form of Oryx's lists: headlines, headings with their sums, a line for each type, an item a bracket.

It loads nothing and runs nothing, and `feeds.oryx` reads it back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import TextIO

from lossledger.core.notation_line import NO_TYPE
from lossledger.core.notation_page import (
    ANOTHER,
    Printed,
    Thing,
    can_stand,
    plain,
    printed_heading,
    printed_headline,
    printed_line,
)
from lossledger.core.text import is_web_link, many
from lossledger.core.vocabulary import Status
from lossledger.errors import Refused

_FLAG = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 11'%3E"
    "%3Cpath fill='%23888' d='M0 0h1v11H0zM2 1h13v7H2z'/%3E%3C/svg%3E"
)
"""A picture of no flag: which country's it is, is said in words, which the reader of such lists takes."""

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --dim: #5b646d; --paper: #fdfdfb; --line: #d9dcd6; --link: #0b57a4 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e1; --dim: #a1a9b0; --paper: #15181a; --line: #353a3e; --link: #8ab8ec }
}
body { margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 Georgia, "Times New Roman", serif; overflow-wrap: anywhere }
h1, h2, h3 { line-height: 1.25; font-family: system-ui, sans-serif; font-variant-numeric: tabular-nums }
h2 { margin-top: 3rem; border-bottom: 2px solid var(--ink) }
h3 { margin: 2rem 0 .5rem; font-size: 1.05rem }
ul { padding: 0; list-style: none }
li { padding: .3rem 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums }
li img { width: 1rem; height: .7rem }
a { color: var(--link); text-decoration: none }
a:hover, a:focus-visible { text-decoration: underline }
header p, footer { color: var(--dim); font-size: .9rem }
@media print { a { color: inherit } li { break-inside: avoid } }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class Line:
    """A line to be printed: whose, under which heading, of which model (None where none is given), and its things."""

    side: str
    category: str
    model: str | None
    origin: str | None
    things: Sequence[Thing]


@dataclass(frozen=True)
class PageAbout:
    """What a page says of itself.

    ``feed`` is what a list that is read from it is: its slug, name, publisher, licence, credit, url and who vouches
    for its items, those that are known. ``lines`` stand below the title, ``remarks`` at the page's end.
    """

    title: str
    program: str
    feed: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[str] = ()
    remarks: Sequence[str] = ()


@dataclass
class LeftOut:
    """What could not be put in the notation, in items."""

    without_status: int = 0
    unreadable: int = 0
    """Items of types or headings whose names would be read as something else."""
    reduced: int = 0
    """Items of which less is told than is known."""
    links: int = 0
    """Links that lead to no page of the web."""

    def words(self) -> Iterator[str]:
        """What is said of it on the page."""
        told = (
            (self.without_status, "whose status is not given: the notation has no word for that"),
            (self.unreadable, "under names that the notation would misread"),
        )
        for number, why in told:
            if number:
                yield f"Not on this page: {many(number, 'item')} {why}."
        if self.reduced:
            yield f"Told less exactly than they are known, for the notation cannot: {many(self.reduced, 'item')}."
        if self.links:
            yield f"Left out: {many(self.links, 'address', 'addresses')} that no browser should follow."


def write_page(lines: Iterable[Line], about: PageAbout, out: TextIO) -> LeftOut:
    """Write a page of lines, which come side by side and heading by heading.

    Returns what could not be put on it. Errors: Refused for a side whose name would be misread in a headline.
    """
    left_out = LeftOut()
    out.write(_beginning(about))
    for side, of_side in groupby(lines, key=lambda line: line.side):
        _write_side(side, of_side, left_out, out)
    out.write(_end(about, left_out))
    return left_out


def _write_side(side: str, lines: Iterable[Line], left_out: LeftOut, out: TextIO) -> None:
    whole: Counter[Status] = Counter()
    sections: list[str] = []
    for category, under in groupby(lines, key=lambda line: line.category):
        printed = [(line, found) for line in under if (found := _printed(line, left_out)) is not None]
        sums = sum((found.by_status for _, found in printed), Counter[Status]())
        heading = printed_heading(category, sums) if printed else None
        if heading is None:
            left_out.unreadable += sums.total()
            continue
        left_out.reduced += sum(found.reduced for _, found in printed)
        whole += sums
        sections.append(f"<h3>{escape(heading)}</h3>\n<ul>\n{''.join(_listed(*one) for one in printed)}</ul>\n")
    if not sections:
        return
    headline = printed_headline(side, whole)
    if headline is None:
        raise Refused(f"side {side!r} has a name that this notation would misread in a headline")
    out.write(f"<h2>{escape(headline)}</h2>\n{''.join(sections)}")


def _printed(line: Line, left_out: LeftOut) -> Printed | None:
    """A line's things as the notation has them; what has no place in it is counted."""
    things = []
    for thing in line.things:
        if not can_stand(thing):
            left_out.without_status += thing.quantity
            continue
        links = tuple(link for link in thing.links if is_web_link(link))
        left_out.links += len(thing.links) - len(links)
        things.append(thing._replace(links=links))
    if not things:
        return None
    printed = printed_line(NO_TYPE if line.model is None else line.model, things)
    if printed is None:
        left_out.unreadable += sum(thing.quantity for thing in things)
    return printed


def _listed(line: Line, printed: Printed) -> str:
    flags = "".join(_flag(country) for country in (line.origin or "").split(", ") if plain(country))
    brackets = " ".join(_bracket(text, links) for text, links in printed.brackets)
    return f"<li>{flags} {escape(printed.head)} {brackets}</li>\n"


def _flag(country: str) -> str:
    told = escape(f"Flag of {plain(country)}")
    return f'<img class="flag" src="{_FLAG}" alt="{told}" title="{told}">'


def _bracket(text: str, links: Sequence[str]) -> str:
    if not links:
        return escape(text, quote=False)
    first, *others = links
    return "".join((_link(first, text), *(_link(link, ANOTHER) for link in others)))


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}" rel="noopener nofollow">{escape(text, quote=False)}</a>'


def _beginning(about: PageAbout) -> str:
    meta = [f'<meta name="lossledger:{name}" content="{escape(told)}">\n' for name, told in about.feed.items()]
    url = about.feed.get("url", "")
    canonical = f'<link rel="canonical" href="{escape(url)}">\n' if is_web_link(url) else ""
    lines = "".join(f"<p>{escape(line)}</p>\n" for line in about.lines)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="{escape(about.program)}">\n{"".join(meta)}{canonical}'
        f"<title>{escape(about.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{escape(about.title)}</h1>\n{lines}</header>\n"
    )


def _end(about: PageAbout, left_out: LeftOut) -> str:
    lines = "".join(f"<p>{escape(line)}</p>\n" for line in (*left_out.words(), *about.remarks))
    return f"<footer>\n{lines}</footer>\n</body>\n</html>\n"
