"""Which list a saved page of Oryx's is, by what it says of itself."""

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lossledger.core.names import slug
from lossledger.core.text import checked_url
from lossledger.core.vocabulary import Verification
from lossledger.errors import Refused
from lossledger.feeds.records import Source

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PUBLISHER = "Oryx"
_PROGRAM = "lossledger"
_SIGNATURE = re.compile(r"\s*[-–—|]\s*Oryx\s*$", re.IGNORECASE)
_LONGEST_URL = 2000
_LONGEST_SLUG = 40
_COMMON = frozenset(
    ["a", "an", "and", "attack", "by", "documenting", "during", "europe", "in", "list", "losses", "of", "on", "the"]
)
"""Words that most lists have in their addresses."""

_LONGEST_NAME = 200


def source_of(root: "Element") -> Source:
    """The list that a page is: by its own address, else by its title. A page without both is "Oryx list"."""
    said = list(takewhile(lambda element: element.tag != "li", root.iter("link", "meta", "title", "li")))
    url, title = _address(said), _title(said)
    if own := _own_words(said):
        return _of_a_ledger(own, title, url)
    last = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]).removesuffix(".html") if url else ""
    return Source(
        slug=f"oryx-{_short(slug(last) or slug(title)) or 'list'}",
        name=title or "Oryx list",
        publisher=_PUBLISHER,
        credit="Losses documented by Oryx (oryxspioenkop.com)",
        url=url,
        verification=Verification.CONFIRMED,
        verified_by=_PUBLISHER,
    )


def _own_words(said: Iterable["Element"]) -> dict[str, str]:
    """What a page says of its list that a ledger has written; nothing where it is no such page."""
    metas = {element.get("name") or "": element.get("content") or "" for element in said}
    if not metas.get("generator", "").startswith(f"{_PROGRAM} "):
        return {}
    return {name.removeprefix(f"{_PROGRAM}:"): " ".join(text.split())[:_LONGEST_NAME] for name, text in metas.items()}


def _of_a_ledger(own: dict[str, str], title: str, url: str | None) -> Source:
    """The list that a ledger's page is: of what it was exported, in that ledger's words. It holds what is confirmed."""
    name = own.get("name") or title or "A ledger's page"
    return Source(
        slug=slug(own.get("slug", "")) or slug(name)[:_LONGEST_SLUG].strip("-") or "page",
        name=name,
        publisher=own.get("publisher"),
        licence=own.get("licence"),
        credit=own.get("credit"),
        url=url,
        verification=Verification.CONFIRMED,
        verified_by=own.get("verified_by"),
    )


def _short(words: str) -> str:
    """The words of an address that tell one list from another: a feed's slug heads columns."""
    return "-".join(word for word in words.split("-") if word not in _COMMON)[:_LONGEST_SLUG].strip("-")


def _address(said: Iterable["Element"]) -> str | None:
    urls = [element.get("href") for element in said if (element.get("rel") or "").casefold() == "canonical"]
    urls += [element.get("content") for element in said if element.get("property") == "og:url"]
    for url in filter(None, urls):
        try:
            return checked_url(url, "the page's address", _LONGEST_URL)
        except Refused:
            continue
    return None


def _title(said: Iterable["Element"]) -> str:
    titles = [element.text for element in said if element.tag == "title"]
    titles += [element.get("content") for element in said if element.get("property") == "og:title"]
    names = (_SIGNATURE.sub("", " ".join(text.split())) for text in titles if text)
    return next((name[:_LONGEST_NAME] for name in names if name), "")
