"""What an answer says of what it once showed: a page with its pictures, a request to log in, the front page instead.

Everything here is a guess by plain marks, and all of the guessing is here. Where no mark fits, a page is a page.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx

_READ = 1024 * 1024
"""Bytes of a page that are looked at; what tells of it stands at its beginning."""

LOGIN_CODES = frozenset({401, 403, 407})
"""Answers that want to know who asks, or that let only some in."""

GONE_CODES = frozenset({404, 410})

_SIGN_IN = re.compile(
    r"/(?:log-?in|log-?on|sign-?in|sign_in|authenticate|authorize|oauth2?|sso|checkpoint|sessions/new)(?:[/.?;]|$)",
    re.IGNORECASE,
)
"""The paths to which sites send whoever has not logged in."""

_NAMED = (
    "og:video:secure_url",
    "og:video:url",
    "og:video",
    "twitter:player:stream",
    "og:image:secure_url",
    "og:image:url",
    "og:image",
    "twitter:image",
    "twitter:image:src",
)
"""By which a page names the film or the picture that it is about, the best first."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page's text says of it."""

    asks_password: bool
    media: tuple[str, ...]
    """The addresses of the films and pictures that it is about, as it gives them: films first, each once."""


def read_page(content: bytes) -> Page:
    """Read the beginning of a page."""
    reader = _Reader()
    # Addresses are ASCII in every encoding that pages are in; the rest of the text is not looked at.
    with suppress(AssertionError, ValueError):  # markup that breaks the parser tells nothing from there on
        reader.feed(content[:_READ].decode("utf-8", "replace"))
    named = [link for name in _NAMED for link in reader.named.get(name, ())]
    return Page(reader.asks_password, tuple(dict.fromkeys(named)))


def wants_login(page: Page, asked: httpx.URL, landed: httpx.URL) -> bool:
    """Whether a page, had without complaint, asks who one is: it was led to from elsewhere, or shows nothing else."""
    led_there = landed != asked and bool(_SIGN_IN.search(landed.path)) and not _SIGN_IN.search(asked.path)
    return led_there or (page.asks_password and not page.media)


def is_front_page(asked: httpx.URL, landed: httpx.URL) -> bool:
    """Whether a link into a site was answered by its front page, as many sites do with what they no longer have."""
    deep = asked.path.strip("/") != "" or asked.query != b""
    return deep and _site(asked) == _site(landed) and landed.path.strip("/") == "" and not landed.query


def _site(url: httpx.URL) -> str:
    return url.host.removeprefix("www.")


class _Reader(HTMLParser):
    """Gathers what a page names in its ``meta`` elements, and whether it has a field for a password."""

    def __init__(self) -> None:
        super().__init__()
        self.asks_password = False
        self.named: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        given = dict(attrs)
        if tag == "meta" and given.get("content"):
            name = (given.get("property") or given.get("name") or "").lower()
            self.named.setdefault(name, []).append(str(given["content"]))
        elif tag == "input" and (given.get("type") or "").lower() == "password":
            self.asks_password = True
