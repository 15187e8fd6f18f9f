"""A look at one link of a server that misbehaves: what it is found to be, and what is kept of it."""

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from lossledger.core.vocabulary import Health
from lossledger.evidence.fetching import Outcome
from tests.evidence.conftest import LIMITS, Look
from tests.evidence.server import (
    JPEG,
    PNG,
    Play,
    Server,
    first,
    head,
    redirects,
    sends,
    silent,
    trickles,
    whole,
)

LOGIN = b"<!doctype html><form><input name=user><input type='password'></form>"
MB = 1_000_000


NUMBERED = map(str, count(1))
"""Names for cases that say themselves what they are."""


def records(outcome: Outcome) -> list[tuple[str, str | None, bytes]]:
    """The records of a WARC file, whose digests fit: type, address, payload as it was meant."""
    assert outcome.record is not None
    found = []
    iterator: Iterator[Any] = ArchiveIterator(BytesIO(outcome.record.read()), check_digests="raise")
    for record in iterator:
        payload = record.content_stream().read()
        assert record.digest_checker.passed
        found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), payload))
    return found


def held(outcome: Outcome) -> list[tuple[str | None, bytes]]:
    """Where each payload was had, if elsewhere, and what it is."""
    return [(payload.url, payload.content.read()) for payload in outcome.payloads]


CHUNKS = b"5\r\n" + PNG[:5] + b"\r\n%x;ext=1\r\n" % (len(PNG) - 5) + PNG[5:] + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "play",
    [
        pytest.param(sends(whole(PNG, "image/png")), id="as it should be"),
        pytest.param(sends(whole(PNG, "text/html")), id="under a false name"),
        pytest.param(sends(head("200 OK"), PNG), id="until the end"),
        pytest.param(sends(head("200 OK", "Transfer-Encoding: chunked"), CHUNKS), id="in chunks"),
        pytest.param(
            sends(head("200 OK", "Transfer-Encoding: chunked"), CHUNKS[:-2], b"Trailer: x\r\n\r\n"),
            id="in chunks, with a trailer",
        ),
        pytest.param(sends(whole(PNG), b"and what is no part of it"), id="more than announced"),
        pytest.param(sends(head("103 Early Hints", "Link: </x>"), whole(PNG)), id="after a hint"),
        pytest.param(sends(head("200 OK", "Content-Encoding: gzip"), gzip.compress(PNG)), id="packed"),
        pytest.param(
            sends(head("200 OK", "Content-Encoding: x-gzip"), gzip.compress(PNG[:9]) + gzip.compress(PNG[9:])),
            id="packed in two",
        ),
        pytest.param(sends(head("200 OK", "Content-Encoding: deflate"), zlib.compress(PNG)), id="deflated"),
        pytest.param(
            sends(head("200 OK", "Content-Encoding: deflate"), zlib.compress(PNG)[2:-4]), id="deflated without a head"
        ),
        pytest.param(lambda connection, _: [connection.sendall(bytes([one])) for one in whole(PNG)], id="in bytes"),
    ],
)
def test_a_picture_is_held_however_it_comes(server: Server, look: Look, play: Play) -> None:
    server.plays["/a.png"] = play
    outcome = look("/a.png")
    assert (outcome.health, outcome.said, held(outcome)) == (Health.MEDIA, "image/png", [(None, PNG)])


@pytest.mark.parametrize(
    "play",
    [
        sends(whole(PNG, "image/png")),
        sends(head("200 OK", "Transfer-Encoding: chunked"), CHUNKS),
        sends(head("200 OK", "Content-Encoding: gzip"), gzip.compress(PNG)),
        sends(head("103 Early Hints"), head("200 Fine", "X:  as   it came", "Content-Length: 533"), PNG, b"more"),
    ],
    ids=NUMBERED,
)
def test_the_record_holds_request_and_answer(server: Server, look: Look, play: Play) -> None:
    server.plays["/a.png"] = play
    outcome = look("/a.png")
    link = server.url("/a.png")
    [info, response, request] = records(outcome)
    assert (info[0], info[1], b"robots: ignore" in info[2]) == ("warcinfo", None, True)
    assert (response, request) == (("response", link, PNG), ("request", link, b""))


def test_the_record_is_what_went_over_the_wire(server: Server, look: Look) -> None:
    """Heads are as they came, oddly spaced or not; the request is told with the address that answered it."""
    answer = head("200  Fine", "x-odd:  two   spaces ", "Content-Length: 533") + PNG
    server.plays["/a.png"] = sends(answer)
    record = look("/a.png").record
    assert record is not None
    parts = gunzipped(record.read())
    assert parts[1].endswith(b"\r\n\r\n" + answer + b"\r\n\r\n")
    assert server.heads[0].encode() in parts[2]
    assert parts[1].startswith(b"WARC/1.1\r\n")
    assert b"WARC-IP-Address: 127.0.0.1\r\n" in parts[1]


def gunzipped(packed: bytes) -> list[bytes]:
    """The members of a file of which each is packed alone, as WARC files are."""
    parts = []
    while packed:
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        parts.append(unpacking.decompress(packed))
        packed = unpacking.unused_data
    return parts


def test_every_hop_is_recorded(server: Server, look: Look) -> None:
    server.plays |= {"/1": redirects("/2?x=1"), "/2": redirects(server.url("/a.png")), "/a.png": sends(whole(PNG))}
    outcome = look("/1")
    assert held(outcome) == [(server.url("/a.png"), PNG)]
    assert [(kind, url) for kind, url, _ in records(outcome) if kind == "response"] == [
        ("response", server.url(path)) for path in ("/1", "/2?x=1", "/a.png")
    ]


def test_who_asks(server: Server, look: Look) -> None:
    """One connection a request, unpacked, without a word of where we come from."""
    server.plays["/a.png"] = sends(whole(PNG))
    look("/a.png")
    [asked] = server.heads
    lines = dict(line.split(": ", 1) for line in asked.split("\r\n")[1:] if line)
    assert lines.pop("User-Agent").startswith("lossledger/")
    assert lines == {
        "Host": server.place,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    assert "; me@example.org)" in asked


def named(*lines: str) -> bytes:
    return f"<!doctype html><head>{''.join(lines)}</head><p>words".encode()


PICTURE = '<meta property="og:image" content="/a.png">'
FILM = "<meta content='film.mp4' property='og:video'>"
CARD = '<META NAME="twitter:image" CONTENT="/a.png">'
MP4 = bytes.fromhex("0000001c667479706d703432000000006d70343269736f6d617663310000") + b"\0" * 300


@pytest.mark.parametrize(
    "page",
    [named(PICTURE), named(CARD), named(CARD, PICTURE, PICTURE), PICTURE.encode()],
    ids=NUMBERED,
)
def test_the_picture_that_a_page_is_about_is_held_with_it(server: Server, look: Look, page: bytes) -> None:
    server.plays |= {"/post/1": sends(whole(page)), "/a.png": sends(whole(PNG))}
    outcome = look("/post/1")
    assert (outcome.health, outcome.said) == (Health.MEDIA, "a page with image/png")
    assert held(outcome) == [(None, page), (server.url("/a.png"), PNG)]
    assert [payload for kind, _, payload in records(outcome) if kind == "response"] == [page, PNG]


def test_a_film_goes_before_a_picture(server: Server, look: Look) -> None:
    server.plays |= {"/post/1": sends(whole(named(PICTURE, FILM)))}
    server.plays |= {"/post/film.mp4": sends(whole(MP4)), "/a.png": sends(whole(PNG))}
    assert held(look("/post/1"))[1] == (server.url("/post/film.mp4"), MP4)
    server.plays["/post/film.mp4"] = sends(whole(b"<html>a player</html>"))
    assert held(look("/post/1"))[1] == (server.url("/a.png"), PNG)


def test_a_page_whose_picture_cannot_be_had_for_now_is_looked_at_again(server: Server, look: Look) -> None:
    server.plays |= {"/post/1": sends(whole(named(PICTURE)))}
    server.plays["/a.png"] = sends(whole(b"", "text/plain", "429 Too Many Requests"))
    outcome = look("/post/1")
    assert (outcome.health, outcome.passing) == (Health.PAGE, True)
    assert outcome.said == "a page; of what it shows: 429 Too Many Requests"
    server.plays["/a.png"] = sends(head("200 OK", "Content-Length: 5000"), PNG)
    outcome = look("/post/1")
    assert (outcome.health, outcome.passing) == (Health.PAGE, True)
    assert [kind for kind, *_ in records(outcome)] == ["warcinfo", "response", "request"]  # the half one is not there


@pytest.mark.parametrize(
    "body",
    [
        named(),
        named('<meta property="og:image" content="http://[bad/">'),
        named('<meta property="og:image" content="/nothing">'),
        named('<meta property="og:image">'),
        named("<![bad[") + PICTURE.encode(),
        b"<html>" + b"<x" * 1000,
        b'{"a": 1}',
        b"words",
        "<html>\u0442\u0430\u043d\u043a".encode("cp1251"),
    ],
    ids=NUMBERED,
)
def test_a_page_without_a_picture_is_a_page(server: Server, look: Look, body: bytes) -> None:
    server.plays["/post/1"] = sends(whole(body))
    outcome = look("/post/1")
    assert (outcome.health, outcome.passing, held(outcome)) == (Health.PAGE, False, [(None, body)])


@pytest.mark.parametrize(
    "plays",
    [
        {"/x": sends(whole(LOGIN))},
        {"/x": redirects("/login"), "/login": sends(whole(LOGIN))},
        {"/x": redirects("/accounts/login/?next=/x"), "/accounts/login/": sends(whole(named(PICTURE)))},
        {"/x": redirects("/Sign-In"), "/Sign-In": sends(whole(named()))},
        {"/x": sends(whole(LOGIN, status="401 Unauthorized"))},
        {"/x": sends(whole(b"no", status="403 Forbidden"))},
        {"/x": sends(whole(b"no", status="407 Proxy Authentication Required"))},
    ],
    ids=NUMBERED,
)
def test_a_login_wall(server: Server, look: Look, plays: dict[str, Play]) -> None:
    server.plays |= plays
    server.plays["/a.png"] = sends(whole(PNG))
    outcome = look("/x")
    assert (outcome.health, outcome.passing, outcome.payloads) == (Health.LOGIN, False, ())


@pytest.mark.parametrize(
    "plays",
    [
        {"/login": sends(whole(named(PICTURE)))},
        {"/x/login-of-the-army": sends(whole(named(PICTURE)))},
        {"/x": sends(whole(named(PICTURE) + LOGIN))},
    ],
    ids=NUMBERED,
)
def test_what_is_no_login_wall(server: Server, look: Look, plays: dict[str, Play]) -> None:
    """A picture beside a form to log in, or a link that was always called so."""
    server.plays |= plays
    server.plays["/a.png"] = sends(whole(PNG))
    assert look(next(iter(plays))).health is Health.MEDIA


@pytest.mark.parametrize(
    "plays",
    [
        {"/x": sends(whole(PNG, "image/png", "404 Not Found"))},
        {"/x": sends(whole(b"gone", status="410 Gone"))},
        {"/x": redirects("/y")},
        {"/x": redirects("/"), "/": sends(whole(named(PICTURE)))},
    ],
    ids=NUMBERED,
)
def test_what_is_gone(server: Server, look: Look, plays: dict[str, Play]) -> None:
    server.plays |= plays
    outcome = look("/x")
    assert (outcome.health, outcome.payloads) == (Health.GONE, ())


def test_the_front_page_itself_is_not_gone(server: Server, look: Look) -> None:
    server.plays |= {"/": sends(whole(named())), "/x": redirects("/?page=x")}
    assert look("/").health is Health.PAGE
    assert look("/x").health is Health.PAGE


@pytest.mark.parametrize(
    ("play", "said"),
    [
        (sends(whole(b"", status="429 Slow down")), "429 Too Many Requests"),
        (sends(whole(b"", status="503 Later")), "503 Service Unavailable"),
        (sends(head("200 OK", "Content-Length: 5000"), PNG), "peer closed connection"),
        (sends(head("200 OK", "Transfer-Encoding: chunked"), CHUNKS[:300]), "peer closed connection"),
        (sends(head("200 OK", "Content-Encoding: gzip"), gzip.compress(PNG)[:-9]), "the packed body ends"),
        (sends(b""), "Server disconnected"),
        (sends(b"HTTP/1.1 200"), "Server disconnected"),
        (sends(b"\0\1\2 no protocol at all\r\n\r\n"), "illegal"),
        (silent, "no answer for 0.5 s"),
        (trickles(head("200 OK", "Content-Length: 999"), b"", 9), "no answer for 0.5 s"),
    ],
    ids=NUMBERED,
)
def test_what_may_pass(server: Server, look: Look, play: Play, said: str) -> None:
    """Nothing is held of half an answer."""
    server.plays["/x"] = play
    outcome = look("/x")
    assert (outcome.health, outcome.passing, outcome.payloads) == (Health.UNREACHABLE, True, ())
    assert said in outcome.said


@pytest.mark.parametrize(
    ("play", "said"),
    [
        (redirects("/x"), "redirects in a circle"),
        (redirects("?again"), "redirects in a circle"),
        (trickles(head("200 OK", "Content-Length: 999"), b"x", 0.1), "took longer than 1.5 s"),
        (trickles(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.1), "took longer than 1.5 s"),
        (sends(whole(b"")), "an empty answer"),
        (sends(head("204 No Content")), "an empty answer"),
        (sends(whole(b"", status="400 Bad")), "400 Bad Request"),
        (sends(whole(b"", status="451 No")), "451 Unavailable For Legal Reasons"),
        (sends(whole(b"", status="300 Choose")), "300 Multiple Choices"),
        (sends(whole(b"", status="999 Ours")), "999"),
        (sends(head("200 OK", "Content-Encoding: br"), b"x"), "came in an encoding that was not asked for (br)"),
        (sends(head("200 OK", "Content-Encoding: gzip, gzip"), b"x"), "came in an encoding that was not asked for"),
        (sends(head("200 OK", "Content-Encoding: gzip"), b"no gzip"), "cannot be unpacked"),
    ],
    ids=NUMBERED,
)
def test_what_does_not_pass_by_itself(server: Server, look: Look, play: Play, said: str) -> None:
    server.plays["/x"] = play
    outcome = look("/x")
    assert (outcome.health, outcome.passing, outcome.payloads) == (Health.UNREACHABLE, False, ())
    assert outcome.said.startswith(said)


def test_redirects_without_end(server: Server, look: Look) -> None:
    for number in range(20):
        server.plays[f"/{number}"] = redirects(f"/{number + 1}")
    assert look("/0").said == "redirects more than 10 times"
    assert len(server.asked) == LIMITS.hops + 1
    assert look("/11").health is Health.GONE  # as /20 is not there


def test_a_cookie_given_on_the_way_is_given_back(server: Server, look: Look) -> None:
    give = sends(whole(b"", "text/html", "302 Found", "Location: /x", "Set-Cookie: seen=1"))
    server.plays["/x"] = first(1, give, sends(whole(PNG)))
    assert look("/x").health is Health.MEDIA
    assert ["Cookie: seen=1" in asked for asked in server.heads] == [False, True]
    look("/x")  # the next look knows nothing of it
    assert "Cookie" not in server.heads[-1]


@pytest.mark.parametrize(
    "play",
    [
        sends(head("200 OK", f"Content-Length: {10**15}"), PNG),
        trickles(head("200 OK"), b"x" * 100_000, 0),
        trickles(head("200 OK", "Transfer-Encoding: chunked"), b"186a0\r\n" + b"x" * 100_000 + b"\r\n", 0),
        sends(head("200 OK", "Content-Encoding: gzip"), gzip.compress(b"\0" * 50 * MB)),
        trickles(head("302 Found", "Location: /y"), b"x" * 100_000, 0),
    ],
    ids=NUMBERED,
)
def test_what_is_too_large_is_left_in_the_midst(server: Server, look: Look, play: Play) -> None:
    server.plays["/x"] = play
    outcome = look("/x")
    assert (outcome.health, outcome.payloads) == (Health.REFUSED, ())
    assert outcome.said == "larger than 0.9537 MB; see --max-size"


def test_what_is_just_small_enough_is_held(server: Server, look: Look) -> None:
    body = PNG + b"\0" * (LIMITS.size - len(PNG))
    server.plays["/x"] = sends(whole(body))
    assert held(look("/x")) == [(None, body)]
    server.plays["/x"] = sends(head("200 OK"), body, b"1")
    assert look("/x").health is Health.REFUSED


def test_jpeg_is_a_picture(server: Server, look: Look) -> None:
    server.plays["/x"] = sends(whole(JPEG, "application/octet-stream"))
    assert look("/x").said == "image/jpeg"


def test_nobody_at_home(look: Look) -> None:
    outcome = look("http://127.0.0.1:1/", allowed=("127.0.0.1",))
    assert (outcome.health, outcome.passing) == (Health.UNREACHABLE, True)
    assert outcome.said == "Connection refused"


def test_what_libraries_say_for_programmers_is_left_out(server: Server, look: Look) -> None:
    server.plays["/x"] = sends(b"\0\1\2 no protocol at all\r\n\r\n")
    assert look("/x").said == "illegal status line"


def test_the_next_address_of_a_host_is_tried(server: Server, look: Look) -> None:
    server.plays["/x"] = sends(whole(PNG))
    link = f"http://two.example:{server.port}/x"
    outcome = look(link, allowed=("two.example",), resolve=lambda *_: ["127.0.0.2", "127.0.0.1"])
    assert outcome.health is Health.MEDIA
    assert f"Host: two.example:{server.port}" in server.heads[0]
