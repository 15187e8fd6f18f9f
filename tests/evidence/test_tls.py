"""Encrypted connections: pinned to an address, and still to the name."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from lossledger.core.vocabulary import Health
from lossledger.evidence import fetching
from lossledger.evidence.fetching import Fetcher, Outcome
from lossledger.evidence.guard import Guard
from lossledger.evidence.hosts import Hosts
from tests.evidence.conftest import LIMITS
from tests.evidence.server import PNG, whole

KEY = Path(__file__).with_name("tls.example.pem")
"""A key and a certificate of tls.example that signs itself, for nothing but these tests."""


class Secured:
    """A server for one encrypted connection after the other; whom and what each asked for."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.names: list[str | None] = []
        self.heads: list[str] = []
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(KEY)
        self._tls.sni_callback = lambda _connection, name, _tls: self.names.append(name)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listening.accept()
                with connection, suppress(OSError), self._tls.wrap_socket(connection, server_side=True) as secured:
                    self.heads.append(secured.recv(65536).decode())
                    secured.sendall(whole(PNG, "image/png"))


@pytest.fixture
def secured() -> Iterator[Secured]:
    server = Secured()
    with server.listening:
        yield server
        server.listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def _believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Believe tls.example what it says of itself."""
    trusting = ssl.create_default_context(cafile=KEY)
    monkeypatch.setattr(fetching, "_tls", lambda: trusting)


def look(server: Secured, host: str) -> Outcome:
    stop = threading.Event()
    guard = Guard(["tls.example", "other.example"], lambda *_: ["127.0.0.1"])
    return Fetcher(guard, Hosts(0, stop), LIMITS, stop).look(f"https://{host}:{server.port}/a.png")


@pytest.mark.usefixtures("_believed")
@pytest.mark.parametrize("host", ["tls.example", "tls.example."])
def test_the_name_is_told_and_believed(secured: Secured, host: str) -> None:
    outcome = look(secured, host)
    assert outcome.health is Health.MEDIA
    assert secured.names == ["tls.example"]
    assert f"\r\nHost: tls.example:{secured.port}\r\n" in secured.heads[0]
    assert outcome.record is not None
    [_, response, request] = [
        (record.rec_type, record.content_stream().read())
        for record in ArchiveIterator(outcome.record, check_digests="raise")
    ]
    assert (response, request) == (("response", PNG), ("request", b""))
    outcome.close()


@pytest.mark.usefixtures("_believed")
def test_another_name_is_not_believed(secured: Secured) -> None:
    outcome = look(secured, "other.example")
    assert (outcome.health, "certificate verify failed" in outcome.said) == (Health.UNREACHABLE, True)
    assert secured.heads == []


def test_a_stranger_is_not_believed(secured: Secured) -> None:
    assert look(secured, "tls.example").health is Health.UNREACHABLE
    assert secured.heads == []
