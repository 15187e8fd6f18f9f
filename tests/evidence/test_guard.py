"""What is not to be fetched is not fetched, whatever name, form or detour it comes under."""

import ipaddress
import socket

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.core.vocabulary import Health
from lossledger.errors import Refused
from lossledger.evidence.guard import Guard, NoSuchHost, NotToBeFetched, is_public
from tests.evidence.conftest import Look, answering
from tests.evidence.server import PNG, Server, redirects, sends, whole

PUBLIC = "93.184.216.34"

INNER = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700::1%eth0",
    "no address",
]


@pytest.mark.parametrize("address", INNER)
def test_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_what_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_as_public_as_it_is(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    mapped, translated = f"::ffff:{address}", ipaddress.IPv6Address((0x64FF9B << 96) | number)
    relayed = ipaddress.IPv6Address((0x2002 << 112) | (number << 80) | 1)
    assert is_public(mapped) == is_public(str(translated)) == is_public(str(relayed)) == is_public(str(address))


@given(st.ip_addresses(v=4))
def test_nothing_is_public_that_python_calls_private(address: ipaddress.IPv4Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not is_public(str(address))


def secret(server: Server) -> None:
    """A picture that must never be seen."""
    server.plays["/secret"] = sends(whole(PNG, "image/png"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "127.0.0.1.",
        "localhost.",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "0177.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "127。0。0。1",
        "１２７.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:0:0:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1%25lo]",
        "user@127.0.0.1",
        "example.org@127.0.0.1",
        "127.0.0.1%2f@example.org",
    ],
)
def test_a_private_address_is_not_fetched_in_any_notation(server: Server, look: Look, host: str) -> None:
    secret(server)
    for link in (f"http://{host}:{server.port}/secret", f"http://{host}/secret"):
        outcome = look(link, allowed=("elsewhere.example",))
        assert outcome.health in (Health.REFUSED, Health.UNREACHABLE)
        assert outcome.payloads == ()
    assert server.asked == []


def test_a_name_with_a_private_address_is_not_fetched(server: Server, look: Look) -> None:
    secret(server)
    outcome = look("http://inner.example/secret", allowed=(), resolve=answering({"inner.example": ["127.0.0.1"]}))
    assert (outcome.health, outcome.said) == (
        Health.REFUSED,
        "inner.example, which is 127.0.0.1, is no public address; allow it with --again --allow-host inner.example",
    )
    assert server.asked == []


def test_one_private_address_among_public_ones_is_enough() -> None:
    guard = Guard(resolve=lambda *_: [PUBLIC, "10.0.0.1"])
    with pytest.raises(NotToBeFetched, match=r"which is 10\.0\.0\.1"):
        guard.addresses("both.example", 80)


def test_a_redirect_to_a_private_address_is_not_followed(server: Server, look: Look) -> None:
    """The server itself is allowed by its name and port; what it leads to is not."""
    secret(server)
    server.plays["/away"] = redirects(f"http://inner.example:{server.port}/secret")
    server.plays["/further"] = redirects("/away")
    server.plays["/decimal"] = redirects(f"http://2130706433:{server.port}/secret")
    resolve = answering({"127.0.0.1": ["127.0.0.1"], "inner.example": ["127.0.0.1"], "2130706433": ["127.0.0.1"]})
    for path in ("/away", "/further", "/decimal"):
        assert look(path, resolve=resolve).health is Health.REFUSED
    assert "/secret" not in server.asked


def test_a_picture_that_a_page_names_at_a_private_address_is_not_fetched(server: Server, look: Look) -> None:
    secret(server)
    page = f'<html><meta property="og:image" content="http://inner.example:{server.port}/secret"></html>'
    server.plays["/page"] = sends(whole(page.encode()))
    resolve = answering({"127.0.0.1": ["127.0.0.1"], "inner.example": ["127.0.0.1"]})
    outcome = look("/page", resolve=resolve)
    assert (outcome.health, len(outcome.payloads)) == (Health.PAGE, 1)
    assert server.asked == ["/page"]


def test_dns_that_changes_its_answer_changes_nothing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to the address that was looked at, though the name would by now lead to this machine."""
    asked: list[str] = []
    connected: list[tuple[str, int]] = []

    def changing(host: str, _: int) -> list[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    def connect(_: object, host: str, port: int, **__: object) -> httpcore.NetworkStream:
        connected.append((host, port))
        raise httpcore.ConnectError("there is no internet in tests")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    look = Look(server)
    outcome = look("http://rebind.example/secret", allowed=(), resolve=changing)
    assert outcome.health is Health.UNREACHABLE
    assert (asked, connected) == (["rebind.example"], [(PUBLIC, 80)])
    # Whoever looks again is told the new address, and it is looked at anew.
    assert look("http://rebind.example/secret", allowed=(), resolve=changing).health is Health.REFUSED
    assert connected == [(PUBLIC, 80)]


def test_a_name_that_changes_between_hops_is_looked_at_on_each(server: Server, look: Look) -> None:
    """A first look that is let through (here by name and port) lets no second one through."""
    secret(server)
    server.plays["/start"] = redirects(f"http://turns.example:{server.port}/secret")
    resolve = answering({"127.0.0.1": ["127.0.0.1"], "turns.example": ["10.0.0.7", PUBLIC]})
    assert look("/start", resolve=resolve).health is Health.REFUSED
    assert server.asked == ["/start"]


@pytest.mark.parametrize("link", ["ftp://example.org/x", "file:///etc/passwd", "gopher://127.0.0.1/", "javascript:1"])
def test_what_leads_out_of_http_is_refused(server: Server, look: Look, link: str) -> None:
    server.plays["/out"] = redirects(link)
    assert look("/out").health is Health.REFUSED
    assert look(link).health is Health.REFUSED
    assert server.asked == ["/out"]


def test_proxies_of_the_environment_are_not_asked(server: Server, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, server.url("/"))
    resolve = answering({"inner.example": ["10.0.0.1"]})
    assert look("http://inner.example/", allowed=(), resolve=resolve).health is Health.REFUSED
    assert server.asked == []


def test_only_the_ports_of_the_web() -> None:
    guard = Guard(["ports.example:8080", "every.example"], resolve=lambda *_: [PUBLIC])
    assert guard.addresses("any.example", 443) == guard.addresses("ports.example", 8080) == [PUBLIC]
    assert guard.addresses("every.example", 22) == [PUBLIC]
    for host, port in (("any.example", 8080), ("ports.example", 22)):
        with pytest.raises(NotToBeFetched, match="port"):
            guard.addresses(host, port)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8080),
        ("::1", "::1", 80),
        ("[::1]:8080", "::1", 8080),
        ("Intern.Example.", "intern.example", 80),
        ("bücher.example", "xn--bcher-kva.example", 80),
    ],
)
def test_a_host_is_allowed_by_name(text: str, host: str, port: int) -> None:
    assert Guard([text], resolve=lambda *_: ["10.0.0.1"]).addresses(host, port) == ["10.0.0.1"]


@pytest.mark.parametrize(("host", "port"), [("::1", 80), ("::1", 8931), ("127.0.0.1", 8931)])
def test_what_is_advised_does_it(host: str, port: int) -> None:
    """An address with colons stands in brackets where a port may follow."""
    with pytest.raises(NotToBeFetched) as refused:
        Guard(resolve=lambda *_: [host]).addresses(host, port)
    advised = str(refused.value).partition("allow it with --again --allow-host ")[2]
    assert Guard([advised], resolve=lambda *_: [host]).addresses(host, port) == [host]


@pytest.mark.parametrize("text", ["", ":80", "a/b", "http://a", "user@a", "[::1", "a:port", "127.0.0.1:99999", "a:0"])
def test_what_is_no_host_cannot_be_allowed(text: str) -> None:
    with pytest.raises(Refused, match="is no host"):
        Guard([text])


@pytest.mark.parametrize(
    ("link", "asked"),
    [
        ("HTTP://Example.ORG.:80/a b#part", "http://example.org/a%20b"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("http://example.org:81/?q=1", "http://example.org:81/?q=1"),
    ],
)
def test_how_an_address_is_asked_for(link: str, asked: str) -> None:
    assert str(Guard().checked(link)) == asked


@pytest.mark.parametrize(
    "link", ["http://", "http:///path", "http://[::1", "http://a:b/", f"http://a.example/{'x' * 5000}", "", "http://./"]
)
def test_what_is_no_address_is_refused(link: str) -> None:
    with pytest.raises(NotToBeFetched):
        Guard().checked(link)


def test_a_name_without_an_address() -> None:
    def fails(host: str, _: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(NoSuchHost, match=r"no address for no\.example: Name or service not known"):
        Guard(resolve=fails).addresses("no.example", 80)
    with pytest.raises(NoSuchHost):
        Guard().addresses(f"{'x' * 70}.example", 80)  # a label that no name may have
