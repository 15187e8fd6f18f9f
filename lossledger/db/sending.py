"""Rows on their way to the database: a thread of its own sends them while the program makes the next."""

import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection, event

from lossledger.db import apart

_AHEAD = 2
"""How many sendings may wait: more would only hold memory."""

_SWITCH = 0.0005
"""Seconds after which the interpreter lets the other thread have its turn. A sending needs it only for moments, between
statements; at the usual 5 ms it would wait for them longer than the database takes for its rows."""


class Sending:
    """What is sent over one connection behind the program's back, in order.

    Whatever else uses the connection finds everything sent: a statement waits until it is there. Who opened the
    connection has to `close` this before its transaction ends.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._worker: ThreadPoolExecutor | None = None
        self._thread: int | None = None
        self._under_way: deque[Future[None]] = deque()
        self._usual_switch = sys.getswitchinterval()

    def begin(self, send: Callable[[], None]) -> None:
        """Have it sent. Errors: those of an earlier sending, which are raised by whatever comes after it."""
        if isinstance(self._connection.connection.driver_connection, apart.Connection):
            send()  # to a process that is behind the program's back already
            return
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, "lossledger-sending", self._remember_thread)
            sys.setswitchinterval(_SWITCH)
            event.listen(self._connection, "before_cursor_execute", self._wait_before_others)
        while len(self._under_way) >= _AHEAD:
            self._under_way.popleft().result()
        self._under_way.append(self._worker.submit(send))

    def wait(self) -> None:
        """Wait until all is sent. Errors: those of what was sent."""
        while self._under_way:
            self._under_way.popleft().result()

    def close(self) -> None:
        """End the thread: what has begun is finished, what has not is dropped."""
        if self._worker is not None:
            self._worker.shutdown(cancel_futures=True)
            event.remove(self._connection, "before_cursor_execute", self._wait_before_others)
            sys.setswitchinterval(self._usual_switch)
            self._worker = None

    def _remember_thread(self) -> None:
        self._thread = threading.get_ident()

    def _wait_before_others(self, *_: Any) -> None:
        if threading.get_ident() != self._thread:
            self.wait()
