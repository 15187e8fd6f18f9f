"""Manners: a host is asked one thing at a time, with a pause between, and left alone when it says so."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lossledger.evidence.wire import Interrupted

LONGEST_REST = 600.0
"""Seconds for which a host is left alone at most, however long it asks for."""

_NOTICED_AFTER = 0.25


class Hosts:
    """When each host may be asked again. Threads share it."""

    def __init__(self, delay: float, stop: threading.Event) -> None:
        self._delay = delay
        self._stop = stop
        self._changed = threading.Condition()
        self._asked: set[str] = set()
        self._free: dict[str, float] = {}

    def free_in(self, host: str) -> float:
        """Seconds until a host may be asked; infinite while it is being asked."""
        with self._changed:
            return self._free_in(host)

    def _free_in(self, host: str) -> float:
        if host in self._asked:
            return float("inf")
        return max(0.0, self._free.get(host, 0.0) - time.monotonic())

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until a host may be asked, and have it to oneself meanwhile. Errors: Interrupted."""
        with self._changed:
            while wait := self._free_in(host):
                if self._stop.is_set():
                    raise Interrupted
                self._changed.wait(min(wait, _NOTICED_AFTER))
            self._asked.add(host)
        try:
            yield
        finally:
            with self._changed:
                self._asked.discard(host)
                self._rest(host, self._delay)
                self._changed.notify_all()

    def rest(self, host: str, seconds: float) -> None:
        """Leave a host alone for some time, or for as long as it was said before if that is longer."""
        with self._changed:
            self._rest(host, min(seconds, LONGEST_REST))

    def _rest(self, host: str, seconds: float) -> None:
        self._free[host] = max(self._free.get(host, 0.0), time.monotonic() + seconds)


def retry_after(text: str | None) -> float:
    """The seconds that a ``Retry-After`` asks for, in either of its forms; none where it asks for nothing readable."""
    if text is None:
        return 0.0
    if text.strip().isdecimal():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def backed_off(delay: float, tries: int) -> float:
    """Seconds to wait after some failed tries: twice as long each time, and never the same for two who wait."""
    return delay * 2.0**tries * random.uniform(0.5, 1.5)  # noqa: S311 - nobody guesses it to any gain
