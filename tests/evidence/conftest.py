"""A server that misbehaves, and what looks at its links without any manners."""

import threading
from collections.abc import Callable, Iterator

import pytest

from lossledger.evidence.asking import Limits
from lossledger.evidence.fetching import Fetcher, Outcome
from lossledger.evidence.guard import Guard, Resolve
from lossledger.evidence.hosts import Hosts
from tests.evidence.server import Server, serving

LIMITS = Limits(size=1_000_000, connect=2, silence=0.5, answer=1.5)


@pytest.fixture
def server() -> Iterator[Server]:
    """The server; nothing in these tests asks any other."""
    with serving() as server:
        yield server


class Look:
    """Looks at links; outcomes are closed after the test."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._outcomes: list[Outcome] = []

    def __call__(self, link: str, *, allowed: tuple[str, ...] | None = None, resolve: Resolve | None = None) -> Outcome:
        """Look at a link, or at a path of the server, whose host is allowed unless others are."""
        guard = Guard((self._server.place,) if allowed is None else allowed, resolve)
        stop = threading.Event()
        outcome = Fetcher(guard, Hosts(0, stop), LIMITS, stop, "me@example.org").look(
            self._server.url(link) if link.startswith("/") else link
        )
        self._outcomes.append(outcome)
        return outcome

    def close(self) -> None:
        for outcome in self._outcomes:
            outcome.close()


@pytest.fixture
def look(server: Server) -> Iterator[Look]:
    """Look at a link: ``look("/picture.png").health``."""
    look = Look(server)
    yield look
    look.close()


Names = dict[str, list[str]]


def answering(names: Names) -> Callable[[str, int], list[str]]:
    """A resolver that knows these names, each with its answers, one a time it is asked; the last one stays."""
    left = {name: list(answers) for name, answers in names.items()}

    def resolve(host: str, _: int) -> list[str]:
        answers = left[host]
        return [answers.pop(0) if len(answers) > 1 else answers[0]]

    return resolve
