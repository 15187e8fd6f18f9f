"""Many links: who is asked when, how often, and when it is enough."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from lossledger.core.vocabulary import Health
from lossledger.evidence.archiver import Archiver, Manner
from lossledger.evidence.asking import Limits
from lossledger.evidence.fetching import Fetcher, Outcome
from lossledger.evidence.guard import Guard
from lossledger.evidence.hosts import LONGEST_REST, Hosts, backed_off, retry_after
from lossledger.queries.unheld import Link
from tests.evidence.conftest import LIMITS
from tests.evidence.server import PNG, Server, first, head, sends, trickles, whole

FINE = sends(whole(PNG))
BUSY = sends(whole(b"", "text/plain", "503 Service Unavailable"))


def links(host: str, number: int) -> list[Link]:
    return [Link(f"{host}{each}", f"http://{host}/{each}", host) for each in range(number)]


def archiver(look: Callable[[str], Outcome], manner: Manner, stop: threading.Event | None = None) -> Archiver:
    stop = stop or threading.Event()
    return Archiver(look, Hosts(manner.delay, stop), manner, stop)


def over(server: Server, manner: Manner, limits: Limits = LIMITS) -> Archiver:
    """An archiver that asks the server, by whatever name it goes."""
    stop = threading.Event()
    hosts = Hosts(manner.delay, stop)
    guard = Guard([f"{name}.example" for name in "abcdefgh"], lambda *_: ["127.0.0.1"])
    return Archiver(Fetcher(guard, hosts, limits, stop).look, hosts, manner, stop)


def at(server: Server, host: str, path: str) -> Link:
    return Link(f"{host} {path}", f"http://{host}.example:{server.port}{path}", f"{host}.example")


def found(archiver: Archiver, wanted: list[Link]) -> dict[str, Health]:
    """What became of each link, by its source."""
    outcomes = {}
    for link, outcome in archiver.outcomes(iter(wanted)):
        outcome.close()
        assert link.source not in outcomes
        outcomes[link.source] = outcome.health
    return outcomes


def test_a_host_is_asked_one_thing_at_a_time_with_a_pause(server: Server) -> None:
    server.plays |= {f"/{number}": FINE for number in range(4)}
    wanted = [at(server, "a", f"/{number}") for number in range(4)]
    assert set(found(over(server, Manner(jobs=4, delay=0.15)), wanted).values()) == {Health.MEDIA}
    assert server.most_at_once == 1
    assert server.asked == ["/0", "/1", "/2", "/3"]
    pauses = [later - earlier for earlier, later in itertools.pairwise(server.began)]
    assert min(pauses) >= 0.15


def test_redirects_and_the_pictures_of_pages_wait_for_their_turn_as_well(server: Server) -> None:
    server.plays |= {
        "/page": sends(whole(b'<html><meta property="og:image" content="/moved">')),
        "/moved": sends(whole(b"", "text/plain", "302 Found", "Location: /a.png")),
        "/a.png": FINE,
    }
    assert found(over(server, Manner(delay=0.15)), [at(server, "a", "/page")]) == {"a /page": Health.MEDIA}
    pauses = [later - earlier for earlier, later in itertools.pairwise(server.began)]
    assert (len(pauses), min(pauses) >= 0.15) == (2, True)


def test_a_few_hosts_are_asked_at_once() -> None:
    """As many as there are jobs, and the large one does not keep the others waiting."""
    at_once, most, lock, order = set[str](), 0, threading.Lock(), list[str]()

    def look(url: str) -> Outcome:
        nonlocal most
        host = url.split("/")[2]
        with lock:
            assert host not in at_once
            at_once.add(host)
            most = max(most, len(at_once))
            order.append(host)
        time.sleep(0.01)
        with lock:
            at_once.discard(host)
        return Outcome(Health.GONE, "gone")

    wanted = [*links("large", 20), *links("b", 2), *links("c", 2), *links("d", 2), *links("e", 2)]
    assert len(found(archiver(look, Manner(jobs=3, delay=0)), wanted)) == 28
    assert most == 3
    assert max(order.index(host) for host in "bcde") < 8


def test_what_may_pass_is_tried_again(server: Server) -> None:
    server.plays |= {
        "/busy": first(2, BUSY, FINE),
        "/cut": first(1, sends(head("200 OK", "Content-Length: 5000"), PNG), FINE),
        "/slow": first(1, trickles(head("200 OK", "Content-Length: 533"), b"", 9), FINE),
        "/page": sends(whole(b'<html><meta property="og:image" content="/busy.png">')),
        "/busy.png": first(1, BUSY, FINE),
        "/never": BUSY,
    }
    wanted = [
        at(server, host, f"/{path}")
        for host, path in zip("abcde", ("busy", "cut", "slow", "page", "never"), strict=True)
    ]
    outcomes = found(over(server, Manner(jobs=5, delay=0, tries=3)), wanted)
    assert list(outcomes.values()).count(Health.MEDIA) == 4
    assert outcomes["e /never"] is Health.UNREACHABLE
    assert server.counted == {"/busy": 3, "/cut": 2, "/slow": 2, "/page": 2, "/busy.png": 2, "/never": 3}


def test_what_does_not_pass_is_tried_once(server: Server) -> None:
    server.plays["/bad"] = sends(whole(b"", status="400 Bad Request"))
    found(over(server, Manner(delay=0)), [at(server, "a", "/bad"), at(server, "a", "/not there")])
    assert server.counted == {"/bad": 1, "/not%20there": 1}


def test_a_host_that_asks_for_it_is_left_alone_with_all_its_links(server: Server) -> None:
    slow_down = sends(whole(b"", "text/plain", "429 Too Many Requests", "Retry-After: 1"))
    server.plays |= {"/1": first(1, slow_down, FINE), "/2": FINE, "/3": FINE}
    wanted = [at(server, "a", "/1"), at(server, "a", "/2"), at(server, "b", "/3")]
    assert set(found(over(server, Manner(delay=0)), wanted).values()) == {Health.MEDIA}
    assert (server.asked[-2:], server.counted["/1"]) == (["/1", "/2"], 2)
    assert server.began[-2] - server.began[0] > 0.9


def test_retry_after_comes_in_two_forms() -> None:
    assert retry_after("120") == 120
    soon = retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True))
    assert 85 < soon <= 90
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert [retry_after(text) for text in (None, "", "soon", "-5", "1.5")] == [0] * 5


def test_no_host_is_left_alone_for_ever() -> None:
    hosts = Hosts(0, threading.Event())
    hosts.rest("a", 1e9)
    hosts.rest("a", 1)
    assert LONGEST_REST - 5 < hosts.free_in("a") <= LONGEST_REST
    assert hosts.free_in("b") == 0


def test_waiting_grows_and_is_never_the_same() -> None:
    waits = [[backed_off(1, tries) for _ in range(50)] for tries in (1, 2, 3)]
    for tries, some in enumerate(waits, 1):
        assert all(0.5 * 2**tries <= wait <= 1.5 * 2**tries for wait in some)
        assert len(set(some)) > 40


def test_a_host_that_cannot_be_reached_is_given_up() -> None:
    """After five links in a row; those of others go on. One that answers in between begins the count anew."""
    asked: list[str] = []

    def look(url: str) -> Outcome:
        asked.append(url)
        if url in ("http://shaky/4", "http://shaky/9", "http://fine/0"):
            return Outcome(Health.GONE, "gone")
        return Outcome(Health.UNREACHABLE, "no", passing=True)

    done = archiver(look, Manner(delay=0, tries=2))
    outcomes = found(done, [*links("dead", 12), *links("shaky", 12), *links("fine", 1)])
    assert done.given_up == {"dead": 7}
    assert sum(source.startswith("dead") for source in outcomes) == 5
    assert sum(source.startswith("shaky") for source in outcomes) == 12
    assert sum(url.startswith("http://dead") for url in asked) == 10


def test_where_nobody_can_be_reached_it_ends() -> None:
    """That says nothing of the links, so no more of them are marked. One that answers is enough to go on."""
    wanted = [link for number in range(60) for link in links(f"host{number}", 1)]

    def offline(_: str) -> Outcome:
        return Outcome(Health.UNREACHABLE, "no", passing=True)

    def nearly(url: str) -> Outcome:
        return Outcome(Health.GONE, "gone") if "host7/" in url else offline(url)

    ended = archiver(offline, Manner(jobs=1, delay=0, tries=1))
    assert (len(found(ended, wanted)), ended.cut_off) == (30, True)
    going = archiver(nearly, Manner(jobs=1, delay=0, tries=1))
    assert (len(found(going, wanted)), going.cut_off) == (60, False)


def test_links_are_read_as_they_are_needed() -> None:
    """A ledger of any size is looked through in the same memory."""
    read, done = itertools.count(), 0

    def endless() -> Iterator[Link]:
        for number in read:
            yield Link(str(number), f"http://host{number % 50}/", f"host{number % 50}")

    going = archiver(lambda _: Outcome(Health.GONE, "gone"), Manner(delay=0))
    for done, _ in enumerate(going.outcomes(endless()), 1):
        if done == 100:
            break
    assert next(read) <= 5_000 + done + 8


def test_it_stops_when_told(server: Server) -> None:
    """What is under way is left, however long it would take, and nothing of it is handed out."""
    server.plays |= {"/1": FINE, "/2": trickles(head("200 OK"), b"x", 0.05), "/3": FINE}
    going = over(server, Manner(jobs=2, delay=0), replace(LIMITS, answer=60))
    began, outcomes = time.monotonic(), []
    for link, outcome in going.outcomes(iter([at(server, host, f"/{number}") for number, host in enumerate("abc", 1)])):
        outcome.close()
        outcomes.append(link.source)
        if len(outcomes) == 2:
            going._stop.set()
    assert outcomes == ["a /1", "c /3"]
    assert time.monotonic() - began < 30


def test_a_full_disk_ends_it() -> None:
    def look(_: str) -> Outcome:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        found(archiver(look, Manner()), links("a", 3))
