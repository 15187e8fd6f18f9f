"""Looking at many links: a few at once, each host one at a time, again where it may help, in an order that is fair.

Only the looks run in threads. Which link is next, when a host has had enough, and whatever is done with an outcome
happens in the one thread that asks for the outcomes.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass

from lossledger.core.vocabulary import Health
from lossledger.evidence.fetching import Outcome
from lossledger.evidence.hosts import Hosts, backed_off
from lossledger.evidence.wire import Interrupted
from lossledger.queries.unheld import Link

_AHEAD = 5_000
"""How many links wait in memory. Nine in ten may be one host's; among so many there are some of others."""

_ENOUGH = 5
"""After so many links in a row that could not be reached, a host is asked no more."""

_NOBODY = 30
"""After so many links that could not be reached, and none that could, it is this machine that is cut off."""

_NOTICED_AFTER = 0.25


@dataclass(frozen=True, slots=True)
class Manner:
    """How links are looked at."""

    jobs: int = 4
    """How many at once."""
    delay: float = 1.0
    """Seconds between two requests to a host."""
    tries: int = 3
    """How often one is tried that may yet be had."""


@dataclass(slots=True)
class _Waiting:
    link: Link
    tries: int = 0


class Archiver:
    """Looks at links and hands out what was found; see `outcomes`.

    ``given_up`` has, for each host that was given up, how many of its links were not looked at.
    """

    def __init__(self, look: Callable[[str], Outcome], hosts: Hosts, manner: Manner, stop: threading.Event) -> None:
        self._look = look
        self._hosts = hosts
        self._manner = manner
        self._stop = stop
        self._waiting: dict[str, deque[_Waiting]] = {}
        self._ahead = 0
        self._unreached: Counter[str] = Counter()
        self._reached = False
        self.given_up: Counter[str] = Counter()

    @property
    def cut_off(self) -> bool:
        """Whether nobody at all could be reached, so that it tells nothing of the links; then no more are looked at."""
        return not self._reached and self._unreached.total() >= _NOBODY

    def outcomes(self, links: Iterator[Link]) -> Iterator[tuple[Link, Outcome]]:
        """What was found of each link, as it is found; whoever takes an outcome closes it.

        Ends early once ``stop`` is set, or where nobody can be reached; what was under way then is not handed out.
        Errors: what is wrong with this machine, such as a full disk.
        """
        running: dict[Future[Outcome], _Waiting] = {}
        try:
            with _threads(self._manner.jobs, self._stop) as threads:
                while not (self._stop.is_set() or self.cut_off):
                    self._fill(links)
                    self._begin(threads, running)
                    if not running and not self._ahead:
                        return
                    for future in self._done(running):
                        waiting = running.pop(future)
                        outcome = self._settled(waiting, future)
                        if outcome is not None:
                            yield waiting.link, outcome
        finally:
            for future in running:
                future.add_done_callback(_close)

    def _begin(self, threads: ThreadPoolExecutor, running: dict[Future[Outcome], _Waiting]) -> None:
        """Have as many links be looked at as may be at once."""
        while len(running) < self._manner.jobs:
            waiting = self._next({waiting.link.host for waiting in running.values()})
            if waiting is None:
                return
            running[threads.submit(self._look, waiting.link.url)] = waiting

    def _done(self, running: dict[Future[Outcome], _Waiting]) -> set[Future[Outcome]]:
        """The looks that are over, after a moment in which there may be some, or a host become free."""
        moment = min(_NOTICED_AFTER, *map(self._hosts.free_in, self._waiting), _NOTICED_AFTER)
        if not running:
            self._stop.wait(moment)
            return set()
        return wait(running, _NOTICED_AFTER if len(running) == self._manner.jobs else moment, FIRST_COMPLETED).done

    def _fill(self, links: Iterator[Link]) -> None:
        while self._ahead < _AHEAD and (link := next(links, None)) is not None:
            self._put(_Waiting(link))

    def _put(self, waiting: _Waiting) -> None:
        host = waiting.link.host
        if host in self.given_up:
            self.given_up[host] += 1
            return
        of_host = self._waiting.setdefault(host, deque())
        if waiting.tries:
            of_host.appendleft(waiting)
        else:
            of_host.append(waiting)
        self._ahead += 1

    def _next(self, busy: set[str]) -> _Waiting | None:
        """The next link of the first host that may be asked now; the host then goes behind the others."""
        free = (host for host in self._waiting if host not in busy and not self._hosts.free_in(host))
        host = next(free, None)
        if host is None:
            return None
        of_host = self._waiting.pop(host)
        waiting = of_host.popleft()
        if of_host:
            self._waiting[host] = of_host
        self._ahead -= 1
        return waiting

    def _settled(self, waiting: _Waiting, future: Future[Outcome]) -> Outcome | None:
        """The outcome of a look, or None where the link is looked at again."""
        try:
            outcome = future.result()
        except Interrupted:
            return None
        host = waiting.link.host
        if outcome.passing:
            waiting.tries += 1
            self._hosts.rest(host, backed_off(self._manner.delay, waiting.tries))
            if waiting.tries < self._manner.tries:
                outcome.close()
                self._put(waiting)
                return None
        self._judge(host, reached=outcome.health is not Health.UNREACHABLE or not outcome.passing)
        return outcome

    def _judge(self, host: str, *, reached: bool) -> None:
        """Give a host up that could not be reached for too long."""
        self._reached = self._reached or reached
        self._unreached[host] = 0 if reached else self._unreached[host] + 1
        if self._unreached[host] >= _ENOUGH:
            left = self._waiting.pop(host, ())
            self._ahead -= len(left)
            self.given_up[host] += len(left)


@contextmanager
def _threads(jobs: int, stop: threading.Event) -> Iterator[ThreadPoolExecutor]:
    """Threads that are told to stop once nobody asks for outcomes any more, and are not waited for."""
    threads = ThreadPoolExecutor(jobs)
    try:
        yield threads
    finally:
        stop.set()
        threads.shutdown(wait=False, cancel_futures=True)


def _close(future: Future[Outcome]) -> None:
    """Let go of an outcome that nobody takes."""
    if not future.cancelled() and future.exception() is None:
        future.result().close()
