"""Links: when two spellings of an address are one."""

import hashlib
from urllib.parse import urlsplit


def canonical(url: str) -> str:
    """The address without what does not change where it leads: scheme, ``www.``, case of the host, fragment."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    if not parts.netloc:
        return url
    host = parts.netloc.lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def link_key(url: str) -> int:
    """A number under which one link is looked up: 64 bits of SHA-256, signed as databases want it."""
    return short_hash(canonical(url))


def short_hash(text: str) -> int:
    """A number under which a text is looked up: 64 bits of SHA-256, signed as databases want it."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
