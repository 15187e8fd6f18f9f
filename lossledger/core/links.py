"""Links: when two spellings of an address are one.

What does not change where a link leads is left out. What may lead elsewhere stays, for two things taken for one are
worse than one thing taken for two: a post is known by its number, but its second picture is not the post; a film by
its id, but another moment in it is another link.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

Query = list[str]
Rule = Callable[[str, Query], tuple[str, str, Query]]
"""What one site's links have of their own: from path and parameters to host, path and parameters."""

_SIGNS = " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2007\u2028\u2029\u202f\u3000\u200b\u200e\u200f\u2060\ufeff"
"""White space, and signs that nobody sees."""

_BEFORE = re.compile(
    r"(?:h{0,2}t{1,3}ps?(?::/*/|//+:?)|//"  # a scheme as it is written, and as it is mistyped: ttps://, http:/, https//
    r"|[^/?#=&]*?(?=https?://))",  # text glued before an address; an address within another stands behind a sign
    re.IGNORECASE,
)
_HOST = re.compile(r"[^\s:\[\]\\]+\.[^\s:\[\]\\.]{2,}")
_PORT = re.compile(r":(?:80|443)?$")
_ANY_PORT = re.compile(r":[0-9]{0,5}$")
_NUMBERS = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}|\[[0-9a-f:.]+\]")
"""A host that is called by its address."""

_PLAIN = re.compile(r"https?://((?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,})(/[A-Za-z0-9._~/-]*)?")
"""An address with nothing in it that would have to be left out or spelt otherwise, as most are."""

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?|[^\x21-\x7e]")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

_TRACKING = re.compile(
    r"utm_\w+|(?:fb|g|d|y|ys|msc?|tw|ttc)clid|gclsrc|[gw]braid|igsh(?:id)?|mibextid|mc_[ce]id|_openstat|_hs(?:enc|mi)"
    r"|__(?:tn|xts|cft)__\S*|ref_(?:src|url)|cmpid|xtor|at_(?:medium|campaign)|echobox",
    re.IGNORECASE,
)
"""Parameters by which a site learns where a reader came from."""

_READ_BY_THE_PAGE = re.compile(r"[!/=]")
"""What tells a fragment that the page's script reads from the name of a place within the page."""

_SAME_HOST = {
    "x.com": "twitter.com",
    "m.x.com": "twitter.com",
    "mobile.x.com": "twitter.com",
    "m.twitter.com": "twitter.com",
    "mobile.twitter.com": "twitter.com",
    "pic.x.com": "pic.twitter.com",
    "m.facebook.com": "facebook.com",
    "mbasic.facebook.com": "facebook.com",
    "web.facebook.com": "facebook.com",
    "m.vk.com": "vk.com",
    "telegram.me": "t.me",
    "m.youtube.com": "youtube.com",
    "music.youtube.com": "youtube.com",
    "youtube-nocookie.com": "youtube.com",
    "m.imgur.com": "imgur.com",
    "postlmg.cc": "postimg.cc",
    "i.postlmg.cc": "i.postimg.cc",
}
"""Hosts that are another by a second name. Mirrors that others run are not here: what they show may differ."""

_SAME_SITE = {"youtu.be": "youtube.com", "i.postimg.cc": "postimg.cc", "i.imgur.com": "imgur.com"}
"""Hosts that show what stands on another one under an address of their own; see the rules of these sites."""

_POST = re.compile(r"/(?:i/web|\w+)/status(?:es)?/([0-9]+)(?:/(photo|video)/([0-9]+))?(?:/.*)?", re.ASCII)
_CHANNEL = re.compile(r"(?:/s)?(/\w+)((?:/[0-9]+)*)/?", re.ASCII)
_FILM = re.compile(r"/(?:embed|shorts|live|v)/([\w-]+)/?", re.ASCII)
_MOMENT = re.compile(r"(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s?)?")
_POSTIMG_FILE = re.compile(r"/([A-Za-z0-9]+)(?:/[^/]*)?")
_IMGUR_FILE = re.compile(r"/([A-Za-z0-9]+)(?:\.[A-Za-z0-9]+)?")
_TWITTER_FILE = re.compile(r"/media/([\w-]+)(?:\.[a-z]+)?(?::[a-z0-9]+)?", re.ASCII)
_BLOG_SIZE = re.compile(r"/(?:s[0-9]+|[wh][0-9]+)(?:-[a-z0-9-]+)?(?=/[^/]+$)")


_FOUND = re.compile(r"https?://[^\s<>\"`|“”„«»]+", re.IGNORECASE)
_NEXT = re.compile(r"(?<![/?#=&])(?=https?://)", re.IGNORECASE)
"""Where one address ends and another is glued to it; an address within another stands behind a sign."""

_PAIRS = {")": "(", "]": "[", "}": "{"}


def links_in(text: str) -> list[str]:
    """The links in a text that somebody wrote or pasted, each once, in their order.

    Signs of the sentence around a link are no part of it: stops, quotes, a bracket that is not opened within it. Two
    that are glued together are two.
    """
    found = (part for run in _FOUND.findall(text) for part in _NEXT.split(run))
    links = (_without_sentence(link) for link in found if _FOUND.match(link))
    return list(dict.fromkeys(link for link in links if _FOUND.match(link)))


def _without_sentence(link: str) -> str:
    while link and (link[-1] in ".,:;!?'‘’([{" or link.count(link[-1]) > link.count(_PAIRS.get(link[-1], link[-1]))):
        link = link[:-1]
    return link


@lru_cache(maxsize=16_384)
def canonical(url: str) -> str:
    """The address without what does not change where it leads; what is no address, as it is but for outer space.

    Left out: the scheme (mistyped ones too) and any text glued before it, ``www.``, the case of the host, a usual
    port, slashes at the end, the name of a place within the page, parameters by which readers are tracked.
    Parameters stand in the order of their names. A post on Twitter (x.com) is known by its number, a film by its id
    and moment, a picture on an image host by its id. What is canonical stays as it is.
    """
    if plain := _PLAIN.fullmatch(url):
        return _by_site(_host(plain[1]), plain[2] or "", [], "")
    text = url.strip(_SIGNS)
    rest, _, fragment = _bare(text).partition("#")
    rest, _, query = rest.partition("?")
    netloc, slash, path = rest.partition("/")
    user, _, host = netloc.rpartition("@")
    host = _host(host)
    if not _HOST.fullmatch(host):
        return text
    path, fragment = _escaped(slash + path), _fragment(_escaped(fragment))
    pairs = [pair for pair in re.split(r"&(?:amp;)*", _escaped(query)) if pair and not _TRACKING.fullmatch(_name(pair))]
    if host == "twitter.com" and fragment.startswith("!/"):
        path, fragment = fragment[1:], ""
    return f"{user}{'@' if user else ''}{_by_site(host, path, pairs, fragment)}"


def _by_site(host: str, path: str, pairs: Query, fragment: str) -> str:
    """An address put together by the rule that its site has, if any."""
    if host in _RULES:
        host, path, pairs = _RULES[host](path, pairs)
    query = f"?{'&'.join(sorted(pairs, key=_name))}" if pairs else ""
    return f"{host}{path.rstrip('/')}{query}{f'#{fragment}' if fragment else ''}"


@lru_cache(maxsize=16_384)
def link_key(url: str) -> int:
    """A number under which one link is looked up: 64 bits of SHA-256, signed as databases want it."""
    return short_hash(canonical(url))


def host_of(url: str) -> str:
    """The host that an address asks, as it is written; empty for what has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:  # half an address in brackets
        return ""


def is_of_host(host: str, wanted: str) -> bool:
    """Whether a host is the one that is wanted, or one below it: "www.example.org" is of "example.org".

    An address in brackets, as links have it, is wanted without them.
    """
    return f".{host}".endswith(f".{wanted.lower().removeprefix('www.').strip('[]')}")


def site_of(url: str) -> str | None:
    """The host that an address hangs on, its variants as one: "twitter.com" for x.com; None for what is no address.

    A picture's file on an image host hangs on what its page hangs on; "postimg.cc" is that of "i.postimg.cc", too.
    """
    netloc = re.split(r"[/?#]", _bare(url.strip(_SIGNS)), maxsplit=1)[0]
    host = _host(_ANY_PORT.sub("", netloc.rpartition("@")[2]))
    return _SAME_SITE.get(host, host) if _HOST.fullmatch(host) or _NUMBERS.fullmatch(host) else None


def link_name(url: str) -> str:
    """A name for what is kept of one link, in sixteen letters that any file system takes."""
    return f"{link_key(url) & 0xFFFF_FFFF_FFFF_FFFF:016x}"


def short_hash(text: str) -> int:
    """A number under which a text is looked up: 64 bits of SHA-256, signed as databases want it."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _bare(text: str) -> str:
    """An address without its scheme and without what stands before it, however often either was put there."""
    while (before := _BEFORE.match(text)) and before[0]:
        text = text[before.end() :].strip(_SIGNS)
    return text


@lru_cache(maxsize=1_024)
def _host(text: str) -> str:
    host = _PORT.sub("", text.lower()).rstrip(".")
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    if host.endswith(".m.wikipedia.org"):
        host = host.removesuffix(".m.wikipedia.org") + ".wikipedia.org"
    elif host.endswith(".bp.blogspot.com"):
        host = "bp.blogspot.com"
    return _SAME_HOST.get(host, host)


def _escaped(text: str) -> str:
    """A part of an address with every sign spelt in the one way that it should be."""
    return _ESCAPE.sub(_spelt, text)


def _spelt(found: re.Match[str]) -> str:
    sign = found[0]
    if found[1]:
        plain = chr(int(found[1], 16))
        return plain if plain in _UNRESERVED else sign.upper()
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))


def _fragment(text: str) -> str:
    """A fragment where the page's script reads it; nothing where it names a place in the page, or tracks a reader."""
    kept = text.partition(":~:")[0]
    return kept if _READ_BY_THE_PAGE.search(kept) and not _TRACKING.fullmatch(_name(kept)) else ""


def _name(pair: str) -> str:
    return pair.partition("=")[0]


def _value(pairs: Query, *names: str) -> str:
    return next((pair.partition("=")[2] for pair in pairs if _name(pair) in names), "")


def _twitter(path: str, pairs: Query) -> tuple[str, str, Query]:
    """A post by its number, whoever is named before it. Its first picture is what the post itself opens with."""
    post = _POST.fullmatch(path)
    if post is None:
        return "twitter.com", path, pairs
    number, kind, place = post.groups()
    further = f"/{kind}/{place}" if place not in (None, "1") else ""
    return "twitter.com", f"/i/status/{number}{further}", []


def _youtube(path: str, pairs: Query) -> tuple[str, str, Query]:
    film = _FILM.fullmatch(path)
    name = film[1] if film else _value(pairs, "v") if path.rstrip("/") == "/watch" else ""
    return _film(name, pairs) if name else ("youtube.com", path, pairs)


def _youtu_be(path: str, pairs: Query) -> tuple[str, str, Query]:
    name = path.strip("/")
    return _film(name, pairs) if name and "/" not in name else ("youtu.be", path, pairs)


def _film(name: str, pairs: Query) -> tuple[str, str, Query]:
    moment = _value(pairs, "t", "start")
    if parts := _MOMENT.fullmatch(moment):
        hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        moment = str(hours * 3600 + minutes * 60 + seconds)
    return "youtube.com", "/watch", [f"v={name}", *([f"t={moment}"] if moment.strip("0") else [])]


def _telegram(path: str, pairs: Query) -> tuple[str, str, Query]:
    """A message by channel and number; the channel's preview on the web is the channel."""
    message = _CHANNEL.fullmatch(path)
    if message is None:
        return "t.me", path, pairs
    kept = [pair for pair in pairs if _name(pair) not in ("single", "embed", "mode")]
    return "t.me", f"{message[1].lower()}{message[2]}", kept


def _postimg(path: str, pairs: Query) -> tuple[str, str, Query]:
    """The page of a picture and its file have one id; the file's name after it is anybody's choice."""
    file = _POSTIMG_FILE.fullmatch(path)
    return ("postimg.cc", f"/{file[1]}", []) if file else ("i.postimg.cc", path, pairs)


def _imgur(path: str, pairs: Query) -> tuple[str, str, Query]:
    file = _IMGUR_FILE.fullmatch(path)
    return ("imgur.com", f"/{file[1]}", []) if file else ("imgur.com", path, pairs)


def _twitter_picture(path: str, pairs: Query) -> tuple[str, str, Query]:
    file = _TWITTER_FILE.fullmatch(path)
    return ("pbs.twimg.com", f"/media/{file[1]}", []) if file else ("pbs.twimg.com", path, pairs)


def _blog_picture(host: str) -> Rule:
    return lambda path, pairs: (host, _BLOG_SIZE.sub("", path), pairs)


_RULES: Mapping[str, Rule] = {
    "twitter.com": _twitter,
    "youtube.com": _youtube,
    "youtu.be": _youtu_be,
    "t.me": _telegram,
    "i.postimg.cc": _postimg,
    "imgur.com": _imgur,
    "i.imgur.com": _imgur,
    "pbs.twimg.com": _twitter_picture,
    **{host: _blog_picture(host) for host in ("bp.blogspot.com", "blogger.googleusercontent.com")},
}
"""The sites with links of their own, by host."""
