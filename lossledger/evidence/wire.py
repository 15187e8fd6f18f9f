"""The wire: connections only to where the guard lets, within the time there is, with everything sent and received kept.

Each request has a connection of its own, so what went over it is one request and its answer, to the byte; that is
what a WARC record holds.
"""

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile

import httpcore
import httpx

from lossledger.core.days import utc_now
from lossledger.evidence.guard import Guard

LOCATION = "lossledger.location"
"""The extension of a response that says where it leads; its headers do not."""

IN_MEMORY = 1024 * 1024
"""Bytes of an answer that are kept in memory; what is longer goes to a temporary file."""

_NOTICED_AFTER = 0.25
"""Seconds after which it is noticed that nobody waits any more."""


class Interrupted(Exception):
    """Nobody waits for what is being fetched any more."""


class OutOfTime(Exception):
    """A whole answer took longer than it may."""


def temporary() -> SpooledTemporaryFile[bytes]:
    """A file without a name, in memory while it is small: nothing is left of it whatever happens to the process."""
    return SpooledTemporaryFile(max_size=IN_MEMORY)


class Patience:
    """How long an answer may take as a whole, and whether anybody still waits for it."""

    def __init__(self, seconds: float, stop: threading.Event) -> None:
        self._stop = stop
        self._seconds = seconds
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left. Errors: OutOfTime, Interrupted."""
        if self._stop.is_set():
            raise Interrupted
        left = self._ends - time.monotonic()
        if left <= 0:
            raise OutOfTime(f"took longer than {self._seconds:g} s")
        return left


@dataclass(slots=True)
class Exchange:
    """One request and its answer as they went over the wire."""

    url: str
    began: str = field(default_factory=utc_now)
    server: str = ""
    """The address that was connected to."""
    complete: bool = False
    """Whether its answer was read to the end."""
    sent: bytearray = field(default_factory=bytearray)
    received: SpooledTemporaryFile[bytes] = field(default_factory=temporary)

    def close(self) -> None:
        """Let go of the file."""
        self.received.close()


class Wire(httpx.BaseTransport):
    """What an httpx client sends its requests by; see `exchanges` for what went over it."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext, seconds: float, stop: threading.Event) -> None:
        self.exchanges: list[Exchange] = []
        self._guard = guard
        self._tls = tls
        self._seconds = seconds
        self._stop = stop

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over a connection of its own. Errors: those of httpcore, `guard` and this module."""
        exchange = Exchange(str(request.url))
        self.exchanges.append(exchange)
        backend = _Backend(self._guard, Patience(self._seconds, self._stop), exchange)
        pool = httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend, max_keepalive_connections=0)
        url = request.url
        try:
            answer = pool.handle_request(
                httpcore.Request(
                    request.method,
                    httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    extensions=request.extensions,
                )
            )
        except BaseException:
            pool.close()
            raise
        headers = httpx.Headers(answer.headers)
        # httpx would read it, and mend or refuse it its own way, before anybody is asked whether to follow.
        extensions = {**answer.extensions, LOCATION: headers.pop("location", None)}
        return httpx.Response(answer.status, headers=headers, stream=_Body(answer, pool), extensions=extensions)


class _Body(httpx.SyncByteStream):
    """The body of an answer; with it the connection is closed."""

    def __init__(self, answer: httpcore.Response, pool: httpcore.ConnectionPool) -> None:
        self._answer = answer
        self._pool = pool

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
        self._pool.close()


class _Backend(httpcore.NetworkBackend):
    """Connects to the very addresses that the guard has looked at."""

    def __init__(self, guard: Guard, patience: Patience, exchange: Exchange) -> None:
        self._guard = guard
        self._patience = patience
        self._exchange = exchange
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - httpcore hands it over
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Connect to the first of a host's addresses that answers."""
        *others, last = self._guard.addresses(host, port)
        for address in others:
            try:
                return self._connect(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(last, port, timeout)

    def _connect(self, address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        left = self._patience.left()
        stream = self._network.connect_tcp(address, port, timeout=left if timeout is None else min(timeout, left))
        self._exchange.server = address
        return _Stream(stream, self._patience, self._exchange)


class _Stream(httpcore.NetworkStream):
    """A connection that keeps what passes, and looks up every now and then whether somebody still waits."""

    def __init__(self, stream: httpcore.NetworkStream, patience: Patience, exchange: Exchange) -> None:
        self._stream = stream
        self._patience = patience
        self._exchange = exchange

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, or none at the end."""
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            left = min(self._patience.left(), _NOTICED_AFTER)
            try:
                found = self._stream.read(max_bytes, timeout=left)
            except httpcore.ReadTimeout:
                if until is not None and time.monotonic() >= until:
                    raise httpcore.ReadTimeout(f"no answer for {timeout:g} s") from None
                continue
            self._exchange.received.write(found)
            return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send some bytes."""
        self._patience.left()
        self._stream.write(buffer, timeout=timeout)
        self._exchange.sent += buffer

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted; what is kept is what was meant."""
        left = self._patience.left()
        secured = self._stream.start_tls(ssl_context, server_hostname, left if timeout is None else min(timeout, left))
        return _Stream(secured, self._patience, self._exchange)

    def close(self) -> None:
        """End the connection."""
        self._stream.close()

    def get_extra_info(self, info: str) -> object:
        """What is known of the connection."""
        return self._stream.get_extra_info(info)
