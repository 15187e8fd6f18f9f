"""Asking for one address: over redirects, hop by hop, to a whole answer, or to why there is none."""

import re
import ssl
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Self, cast

import httpcore
import httpx

from lossledger import __version__
from lossledger.evidence.guard import Guard, NoSuchHost, NotToBeFetched
from lossledger.evidence.hosts import Hosts, retry_after
from lossledger.evidence.payload import CutOff, Unreadable, unpacked
from lossledger.evidence.wire import LOCATION, Exchange, OutOfTime, Wire, temporary

MEBIBYTE = 1024 * 1024

_PASSING = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.RemoteProtocolError, NoSuchHost, CutOff)
"""What hinders an answer, and may no longer hinder the next."""

_LASTING = (OutOfTime, Unreadable, httpcore.ProtocolError, httpx.HTTPError)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_REDIRECT = MEBIBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one answer is taken, in bytes, and how long is waited for it, in seconds."""

    size: int = 200 * MEBIBYTE
    connect: float = 15.0
    silence: float = 30.0
    """From one byte to the next."""
    answer: float = 300.0
    """For the whole of it."""
    hops: int = 10
    """How many redirects are followed."""


class NoAnswer(Exception):
    """Why there is no answer, and whether there may be one in a while."""

    def __init__(self, said: str, *, passing: bool) -> None:
        super().__init__(said)
        self.passing = passing


@dataclass(slots=True)
class Answer:
    """A whole answer, its body unpacked. Whoever has it closes it."""

    url: httpx.URL
    code: int
    content: BinaryIO
    size: int
    media_type: str
    """As the server says."""
    leads_to: str | None = None
    """Where it redirects to, as it says."""

    def close(self) -> None:
        """Let go of its body."""
        self.content.close()


def user_agent(contact: str | None) -> str:
    """What we call ourselves: the program, what it does, and where its user can be reached if they say so."""
    return f"lossledger/{__version__} (archiver of evidence{f'; {contact}' if contact else ''})"


class Asking:
    """Requests for the sake of one link, which share their cookies; what went over the wire is kept until the end."""

    def __init__(
        self,
        guard: Guard,
        hosts: Hosts,
        limits: Limits,
        tls: ssl.SSLContext,
        stop: threading.Event,
        name: str,
    ) -> None:
        self._guard = guard
        self._hosts = hosts
        self._limits = limits
        self._wire = Wire(guard, tls, limits.answer, stop)
        self._client = httpx.Client(
            transport=self._wire,
            trust_env=False,
            timeout=httpx.Timeout(limits.silence, connect=limits.connect),
            headers={
                "User-Agent": name,
                "Accept": "*/*",
                "Accept-Encoding": "identity",  # what is held is what the server has, not how it was packed
                "Connection": "close",
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        for exchange in self._wire.exchanges:
            exchange.close()

    @property
    def exchanges(self) -> Iterable[Exchange]:
        """What went over the wire: requests with their whole answers."""
        return (exchange for exchange in self._wire.exchanges if exchange.complete)

    def followed(self, address: str | httpx.URL) -> Answer:
        """The answer at the end of the redirects. Each hop is asked for only where the guard lets.

        Errors: NotToBeFetched, NoAnswer; Interrupted.
        """
        url = self._guard.checked(address)
        seen: Counter[httpx.URL] = Counter()
        for _ in range(self._limits.hops + 1):
            seen[url] += 1
            if seen[url] > 2:  # once more, for sites that give a cookie on the way and ask for it
                raise NoAnswer("redirects in a circle", passing=False)
            with _in_words():
                answer = self._asked(url)
            if answer.leads_to is None:
                return answer
            answer.close()
            url = self._guard.checked(joined(url, answer.leads_to))
        raise NoAnswer(f"redirects more than {self._limits.hops} times", passing=False)

    def _asked(self, url: httpx.URL) -> Answer:
        """One request, with its whole answer. The exchange is complete only then."""
        request = self._client.build_request("GET", url)
        with self._hosts.turn(url.host), closing(self._client.send(request, stream=True)) as response:
            content, size = self._body(response)
            self._wire.exchanges[-1].complete = True
        self._hosts.rest(url.host, retry_after(response.headers.get("retry-after")))
        return Answer(
            url,
            response.status_code,
            content,
            size,
            media_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
            leads_to=_leads_to(response),
        )

    def _body(self, response: httpx.Response) -> tuple[BinaryIO, int]:
        """The body as a file at its beginning, and its size in bytes."""
        limit = min(self._limits.size, _LONGEST_REDIRECT) if _leads_to(response) else self._limits.size
        told = response.headers.get("content-length", "")
        if told.isdecimal():
            _refuse_larger(int(told), limit)
        content, size = temporary(), 0
        try:
            for part in unpacked(_bounded(response.iter_raw(), limit), response.headers.get("content-encoding", "")):
                size += len(part)
                _refuse_larger(size, limit)
                content.write(part)
        except BaseException:
            content.close()
            raise
        content.seek(0)
        return cast("BinaryIO", content), size


def joined(url: httpx.URL, link: str) -> httpx.URL:
    """Where a link leads that was found at an address. Errors: NotToBeFetched."""
    try:
        return url.join(link.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise NotToBeFetched(f"leads to no address: {error}") from None


def _leads_to(response: httpx.Response) -> str | None:
    location: str | None = response.extensions[LOCATION]
    return location if response.status_code in _REDIRECTS else None


def _bounded(blocks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        _refuse_larger(size, limit)
        yield block


def _refuse_larger(size: int, limit: int) -> None:
    if size > limit:
        raise NotToBeFetched(f"larger than {limit / MEBIBYTE:,.4g} MB; see --max-size")


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn all that servers and networks do into why there is no answer."""
    try:
        yield
    except (*_PASSING, *_LASTING) as error:
        raise NoAnswer(_plain(str(error)) or type(error).__name__, passing=isinstance(error, _PASSING)) from error


_FOR_PROGRAMMERS = re.compile(r"\[(?:Errno -?\d+|SSL: \w+)\] ?|:? ?bytearray\(b(?:'.*'|\".*\")\)| \(_ssl\.c:\d+\)")
"""What libraries add to their messages: numbers of errors, and bytes as their own notation has them."""


def _plain(said: str) -> str:
    """What a library says of an error, without what only its programmers read."""
    return " ".join(_FOR_PROGRAMMERS.sub("", said).split())
