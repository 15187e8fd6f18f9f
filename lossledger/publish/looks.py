"""How templates speak: every text escaped, numbers and days in one form, links only to http and https."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from lossledger.core.days import say_days
from lossledger.core.fields import REDACTED
from lossledger.core.text import inert, isolated

WITHHELD = Markup('<em class="withheld">not published</em>')
"""What stands for a text that was redacted, or that the public view leaves out."""

_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def made(markup: str) -> Markup:
    """Markup that was put together here, every text in it escaped. Thousands of pages are, so it is not formatted."""
    return Markup(markup)  # noqa: S704 - the one place where a text is called markup


def number(value: int) -> Markup:
    """A count, to be read by people and by scripts."""
    return made(f'<data value="{value:d}">{value:,d}</data>')


def spoken_day(day: str) -> str:
    """A day as people write it: "8 Oct 2020"."""
    year, month, number_ = day.split("-")
    return f"{int(number_)} {_MONTHS[int(month)]} {year}"


def day(value: str | None) -> Markup:
    """A day, or the day of an instant; nothing where there is none."""
    if not value:
        return Markup("")
    return made(f'<time datetime="{escape(value[:10])}">{escape(spoken_day(value[:10]))}</time>')


def group_words(group: str) -> str:
    """A group of headings, which the catalogue knows by a slug, as people write it: "light vehicles"."""
    return _GROUPS.get(group) or group.replace("-", " ").replace("_", " ")


_GROUPS = {"anti-tank": "anti-tank", "command-engineering": "command and engineering"}
"""Groups of the catalogue that are not what their slug's parts say one after the other."""


def text(value: object) -> Markup:
    """A text from outside: what reorders or hides is shown, what was taken out is said to be.

    What runs from right to left keeps to itself, by signs and not by tags: titles and attributes hold no tags.
    """
    if value == REDACTED:
        return WITHHELD
    return escape(isolated(inert("" if value is None else str(value), lines=True)))


def is_link(address: str | None) -> bool:
    """Whether an address may be linked to: http or https, with a host."""
    if not address or address == REDACTED:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.netloc)


def link(address: str | None, shown: str | None = None, kind: str = "") -> Markup:
    """A link that leads out, or its text where it is none that may be followed."""
    words = text(shown or address)
    if not is_link(address):
        return words
    named = f' class="{escape(kind)}"' if kind else ""
    return made(f'<a href="{escape(inert(address or ""))}"{named} rel="noopener nofollow">{words}</a>')


def span(record: Mapping[str, Any]) -> str:
    """The days of a loss, an event or a source, in words: "2020-10-08", "2020-10", "by 2020-10-08, inferred"."""
    said = say_days(record["earliest"], record["latest"])
    return f"{said}, inferred" if said and record["inferred"] else said


def happened(earliest: str | None, latest: str | None, reported: str | None, day: str | None) -> str:
    """When a loss happened, so far as it is known, in words; by the day that it goes by where nothing else tells.

    It can have happened no later than it was reported.
    """
    return say_days(earliest, latest or reported) or day or ""


@cache
def environment() -> Environment:
    """The templates, with the words above as filters; a name that nobody gave is an error."""
    found = Environment(
        loader=PackageLoader("lossledger.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters |= {"number": number, "day": day, "text": text, "group": group_words}
    found.globals |= {"link": link, "span": span, "is_link": is_link}
    return found


TITLE, CONTENT = "\x01title\x01", "\x01content\x01"
"""What stands in a page's shell where its title and its content go: no text has such signs, which are shown inert."""


def filled(shell: str, title: str, content: str) -> bytes:
    """A page from its shell, which is what all pages of a kind have in common."""
    return shell.replace(TITLE, title, 1).replace(CONTENT, content, 1).encode()


def fragment(template: str, **about: Any) -> str:
    """A part of a page from its template."""
    return environment().get_template(template).render(about)


def render(template: str, **about: Any) -> bytes:
    """A page from its template."""
    return environment().get_template(template).render(about).encode()
