"""A web server on loopback that misbehaves as it is told, byte by byte."""

import socket
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Play = Callable[[socket.socket, int], None]
"""What is done with a connection whose request was read; the number says which request to the path it is, from 1."""

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489") + b"\0" * 500
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\1" * 700 + bytes.fromhex("ffd9")


def head(status: str, *lines: str) -> bytes:
    """The head of an answer."""
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode()


def whole(body: bytes, kind: str = "text/html", status: str = "200 OK", *more: str) -> bytes:
    """An answer as it should be."""
    return head(status, f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more) + body


def sends(*parts: bytes) -> Play:
    """Send all of it."""
    return lambda connection, _: connection.sendall(b"".join(parts))


def redirects(to: str) -> Play:
    """Lead elsewhere."""
    return sends(whole(b"moved", "text/plain", "302 Found", f"Location: {to}"))


def first(times: int, play: Play, then: Play) -> Play:
    """Do one thing for so many requests, and another afterwards."""
    return lambda connection, number: (play if number <= times else then)(connection, number)


def trickles(begins: bytes, part: bytes, pause: float) -> Play:
    """Send something, and then a little every now and then for as long as somebody listens."""

    def play(connection: socket.socket, _: int) -> None:
        connection.sendall(begins)
        while True:
            connection.sendall(part)
            time.sleep(pause)

    return play


def silent(connection: socket.socket, _: int) -> None:
    """Say nothing until the other end hangs up."""
    connection.recv(1)


class Server(socketserver.ThreadingTCPServer):
    """Plays whatever its paths are told to play; of others it says that they are not there."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 50

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.plays: dict[str, Play] = {}
        self.asked: list[str] = []
        """Paths, as they were asked for."""
        self.heads: list[str] = []
        self.began: list[float] = []
        """When each request came, on the clock that only runs forward."""
        self.counted: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def place(self) -> str:
        """As ``--allow-host`` takes it."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.place}{path}"

    def handle_error(self, *_: object) -> None:
        """Clients hang up on it all the time."""


class _Handler(socketserver.BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        connection: socket.socket = self.request
        connection.settimeout(20)
        request = b""
        while b"\r\n\r\n" not in request:
            part = connection.recv(65536)
            if not part:
                return
            request += part
        path = request.split()[1].decode()
        server = self.server
        with server.lock:
            server.asked.append(path)
            server.heads.append(request.decode())
            server.began.append(time.monotonic())
            server.counted[path] += 1
            number = server.counted[path]
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
        try:
            play = server.plays.get(path.partition("?")[0], sends(whole(b"not here", status="404 Not Found")))
            with suppress(OSError):
                play(connection, number)
        finally:
            with server.lock:
                server.at_once -= 1


@contextmanager
def serving() -> Iterator[Server]:
    """A server that runs meanwhile."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
