"""Which addresses may be fetched from: those of the public internet, and what is allowed by name.

A link is anybody's text. It must not make this machine ask its own services, its neighbours or its provider. So a
name is resolved once, every address that it has is looked at, and the connection is made to an address that was
looked at: a name that answers otherwise a moment later changes nothing. The connection itself asks here
(`evidence.wire`), on every hop, so there is no way round.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable

import httpx

from lossledger.core.fields import MAX_URL
from lossledger.core.text import quoted
from lossledger.errors import Refused

Resolve = Callable[[str, int], list[str]]
"""From a host and a port to its addresses, as the system gives them. Errors: OSError, UnicodeError."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_PORTS = frozenset({80, 443})
_MOST_PORT = 65_535
_HOST = re.compile(rb"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*")
_ORDINARY = ipaddress.IPv6Network("2000::/3")
"""All that has been given out of IPv6 to be reached from everywhere lies in here."""

_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""How a network that has only IPv6 speaks to IPv4 addresses (NAT64), which are the last 32 bits."""

_NOT_PUBLIC = tuple(map(ipaddress.ip_network, ("192.88.99.0/24", "3fff::/20", "5f00::/16")))
"""What Python's own lists do not have everywhere: relays to IPv6 that are no more, examples, segments."""


class NotToBeFetched(Exception):
    """An address that is not to be fetched from; its text says why."""


class NoSuchHost(Exception):
    """A name that has no address, for now or for good."""


class Guard:
    """Lets through what is public, and hosts that are allowed by name.

    ``allowed`` are hosts or ``HOST:PORT``; a host alone is allowed on every port. Errors: Refused for one that is none.
    """

    def __init__(self, allowed: Iterable[str] = (), resolve: Resolve | None = None) -> None:
        self._allowed = frozenset(map(_place, allowed))
        self._resolve = resolve or _resolved

    def checked(self, address: str | httpx.URL) -> httpx.URL:
        """An address as it will be asked for, without what is not sent. Errors: NotToBeFetched."""
        if len(str(address)) > MAX_URL:
            raise NotToBeFetched(f"is longer than {MAX_URL:,} characters")
        try:
            url = httpx.URL(address)
        except (httpx.InvalidURL, ValueError) as error:
            raise NotToBeFetched(f"is no address: {error}") from None
        if url.scheme not in ("http", "https"):
            raise NotToBeFetched(f"leads out of http and https, to {quoted(url.scheme)}")
        if url.userinfo:
            raise NotToBeFetched("carries a name to log in with")
        if not _HOST.fullmatch(url.raw_host):
            raise NotToBeFetched("has no host" if not url.host else f"has no host that can be: {quoted(url.host)}")
        return url.copy_with(host=url.host.removesuffix("."), fragment=None)

    def addresses(self, host: str, port: int) -> list[str]:
        """Where to connect to for a host: its addresses, every one of which may be connected to.

        Errors: NotToBeFetched where one may not; NoSuchHost where it has none.
        """
        allowed = bool(self._allowed & {(host, None), (host, port)})
        if port not in _PORTS and not allowed:
            raise NotToBeFetched(f"port {port} is not one of the web's; {_allowing(host, port)}")
        try:
            found = list(dict.fromkeys(self._resolve(host, port)))
        except (OSError, UnicodeError) as error:
            raise NoSuchHost(f"no address for {host}: {getattr(error, 'strerror', None) or error}") from None
        if not found:
            raise NoSuchHost(f"no address for {host}")
        inner = next((address for address in found if not is_public(address)), None)
        if inner is not None and not allowed:
            called = host if host == inner else f"{host}, which is {inner},"
            raise NotToBeFetched(f"{called} is no public address; {_allowing(host)}")
        return found


def _allowing(host: str, port: int | None = None) -> str:
    """What to do to have a host asked all the same. What was refused once is left alone without --again."""
    name = f"[{host}]" if ":" in host else host
    return f"allow it with --again --allow-host {name if port is None else f'{name}:{port}'}"


def is_public(text: str) -> bool:
    """Whether an address is one that everybody on the internet can reach, whatever form it hides in."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return _is_public(_inner(address) or address)


def _is_public(address: IPAddress) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and (address.scope_id or address not in _ORDINARY):
        return False
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved)
        and not any(address in network for network in _NOT_PUBLIC)
    )


def _inner(address: IPAddress) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for; other forms that hide one are never public."""
    if isinstance(address, ipaddress.IPv4Address) or address.scope_id:
        return None
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _resolved(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


def _place(text: str) -> tuple[str, int | None]:
    """A host that is allowed, and on which port if not on every."""
    try:
        # A scheme without a port of its own, so that every port that is given is told.
        url = httpx.URL(f"any://{f'[{text}]' if text.count(':') > 1 and '[' not in text else text}")
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL("")
    no_port = url.port is not None and not 0 < url.port <= _MOST_PORT
    if not url.host or url.userinfo or url.raw_path not in (b"", b"/") or no_port:
        raise Refused(
            f"--allow-host {quoted(text)} is no host; write a name or an address: example.org, 127.0.0.1:8080"
        )
    return url.raw_host.decode("ascii").removesuffix("."), url.port
