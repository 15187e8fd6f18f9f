"""Links: which spellings of an address are one, and which are not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lossledger.core.links import canonical, host_of, is_of_host, link_key, links_in, site_of

SPELLINGS = [
    (
        "example.org/a",
        [
            "http://example.org/a",
            "https://www.example.org/a/",
            "HTTPS://Example.ORG:443/a",
            "http://example.org:80/a",
            "//example.org/a",
            "example.org/a",
            " https://example.org/a \t\n",
            "\ufeffhttps://example.org/a\u200b",
            "ttps://example.org/a",
            "hhtps://example.org/a",
            "https//example.org/a",
            "http:/example.org/a",
            "https://https://example.org/a",
            "seen at https://example.org/a",
            "T-72https://example.org/a",
            "https://example.org/a#the-third-picture",
            "https://example.org/a#:~:text=a%20tank",
            "https://example.org/a?utm_source=x&utm_medium=y",
            "https://example.org/a?fbclid=Iw-1&gclid=2&igshid=3",
            "https://example.org/a?",
        ],
    ),
    (
        "example.org/a?b=1&c=2",
        [
            "https://example.org/a?c=2&b=1",
            "https://example.org/a/?b=1&ref_src=twsrc&c=2",
            "https://example.org/a?b=1&amp;c=2",
            "https://example.org/a?&b=1&&c=2&",
        ],
    ),
    ("example.org/%C3%A9~", ["https://example.org/é~", "https://example.org/%c3%a9%7e", "https://example.org/%C3%A9~"]),
    ("example.org/100%25", ["https://example.org/100%", "https://example.org/100%25"]),
    ("example.org/a%20b", ["https://example.org/a b", "https://example.org/a%20b"]),
    ("me@example.org", ["https://me@example.org/"]),
    (
        "twitter.com/i/status/1506953417935179793",
        [
            "https://twitter.com/eyewitness/status/1506953417935179793",
            "https://x.com/eyewitness/status/1506953417935179793",
            "https://www.x.com/Eyewitness/status/1506953417935179793/",
            "https://mobile.twitter.com/eyewitness/status/1506953417935179793?s=20&t=AbC",
            "https://twitter.com/renamed/statuses/1506953417935179793",
            "https://twitter.com/i/web/status/1506953417935179793",
            "https://twitter.com/#!/eyewitness/status/1506953417935179793",
            "https://x.com/eyewitness/status/1506953417935179793/photo/1",
            "https://twitter.com/eyewitness/status/1506953417935179793/video/1",
            "https://twitter.com/eyewitness/status/1506953417935179793 ",
        ],
    ),
    (
        "twitter.com/i/status/15/photo/2",
        ["https://x.com/a/status/15/photo/2", "https://twitter.com/b/status/15/photo/2?s=46"],
    ),
    ("pic.twitter.com/AbC", ["https://pic.twitter.com/AbC", "https://pic.x.com/AbC"]),
    (
        "pbs.twimg.com/media/Fx_1-a",
        [
            "https://pbs.twimg.com/media/Fx_1-a?format=jpg&name=large",
            "https://pbs.twimg.com/media/Fx_1-a.jpg",
            "https://pbs.twimg.com/media/Fx_1-a.jpg:orig",
        ],
    ),
    (
        "postimg.cc/AbCd1234",
        [
            "https://i.postimg.cc/AbCd1234/2022-04-07-destroyed.jpg",
            "https://i.postimg.cc/AbCd1234/431.png?dl=1",
            "https://i.postimg.cc/AbCd1234/f4.png ",
            "https://postimg.cc/AbCd1234",
            "https://postlmg.cc/AbCd1234",
            "https://i.postlmg.cc/AbCd1234/431.png",
        ],
    ),
    ("imgur.com/AbC", ["https://imgur.com/AbC", "https://i.imgur.com/AbC.jpeg", "https://m.imgur.com/AbC?r"]),
    (
        "bp.blogspot.com/-a/X/AA/name.png",
        ["https://1.bp.blogspot.com/-a/X/AA/s1600/name.png", "https://3.bp.blogspot.com/-a/X/AA/w640-h480-no/name.png"],
    ),
    (
        "youtube.com/watch?v=aB-1_c",
        [
            "https://youtu.be/aB-1_c",
            "https://youtu.be/aB-1_c?si=Zz",
            "https://www.youtube.com/watch?v=aB-1_c&list=all&index=3",
            "https://m.youtube.com/watch?app=desktop&v=aB-1_c&t=0s",
            "https://www.youtube.com/shorts/aB-1_c",
            "https://www.youtube-nocookie.com/embed/aB-1_c?start=0",
        ],
    ),
    (
        "youtube.com/watch?t=65&v=aB-1_c",
        ["https://youtu.be/aB-1_c?t=65", "https://www.youtube.com/watch?v=aB-1_c&t=1m5s"],
    ),
    (
        "t.me/channel/12",
        ["https://t.me/channel/12?single", "https://t.me/s/Channel/12", "https://telegram.me/channel/12"],
    ),
    ("en.wikipedia.org/wiki/T-72", ["https://en.m.wikipedia.org/wiki/T-72", "https://en.wikipedia.org/wiki/T-72#Use"]),
]

DISTINCT = [
    ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/a", "https://example.org/a?b=1"),
    ("https://example.org/a?b=1", "https://example.org/a?b=2"),
    ("https://example.org/a?b=1&b=2", "https://example.org/a?b=2&b=1"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ("https://example.org/a%252F", "https://example.org/a%2F"),
    ("https://example.org:8080/a", "https://example.org/a"),
    ("https://example.org/#/a", "https://example.org/#/b"),
    ("https://example.org/#!a", "https://example.org/#!b"),
    ("https://example.org/table#gid=1", "https://example.org/table#gid=2"),
    ("https://one.example.org/", "https://example.org/"),
    ("ftp://example.org/a", "https://example.org/a"),
    ("https://twitter.com/a/status/15", "https://twitter.com/a/status/16"),
    ("https://twitter.com/a/status/15", "https://twitter.com/a/status/15/photo/2"),
    ("https://twitter.com/a", "https://twitter.com/b"),
    ("https://nitter.net/a/status/15", "https://twitter.com/a/status/15"),
    ("https://i.postimg.cc/AbCd1234/1.png", "https://i.postimg.cc/abCd1234/1.png"),
    ("https://postimg.cc/gallery/AbCd1234", "https://postimg.cc/AbCd1234"),
    ("https://imgur.com/a/AbC", "https://imgur.com/AbC"),
    ("https://youtu.be/abc", "https://youtu.be/abC"),
    ("https://youtu.be/abc?t=10", "https://youtu.be/abc?t=300"),
    ("https://www.youtube.com/watch?list=a", "https://www.youtube.com/watch?list=b"),
    ("https://t.me/channel/12", "https://t.me/channel/13"),
    ("https://t.me/channel/12?comment=1", "https://t.me/channel/12"),
    ("https://t.me/+AbC", "https://t.me/+abc"),
    ("https://web.archive.org/web/2022/https://example.org/a", "https://example.org/a"),
    ("https://example.org/?u=https://example.org/a", "https://example.org/a"),
]

NO_LINKS = ["", "Fig. 12", "the report of 3 October", "ftp://example.org/a", "mailto:a@example.org", "http://[::1]/x"]


@pytest.mark.parametrize(("link", "spellings"), SPELLINGS, ids=[link for link, _ in SPELLINGS])
def test_spellings_of_one_link(link: str, spellings: list[str]) -> None:
    """However it was copied, typed or shared."""
    assert {one: canonical(one) for one in spellings} == dict.fromkeys(spellings, link)
    assert {link_key(one) for one in spellings} == {link_key(link)}


@pytest.mark.parametrize(("one", "other"), DISTINCT)
def test_links_that_lead_elsewhere_stay_apart(one: str, other: str) -> None:
    """Two things taken for one could not be told apart again."""
    assert canonical(one) != canonical(other)
    assert link_key(one) != link_key(other)


@pytest.mark.parametrize("text", NO_LINKS)
def test_what_is_no_address_stays_as_it_is(text: str) -> None:
    """But for the space around it."""
    assert canonical(f" {text}\n") == text


_PIECES = (
    *(
        "http",
        "https",
        "ttps",
        "ftp",
        "://",
        ":/",
        "//",
        "/",
        ":",
        "@",
        ".",
        "?",
        "#",
        "&",
        "&amp;",
        "=",
        "!",
        "%",
        "%4",
    ),
    *(
        "%41",
        "%2f",
        "%25",
        " ",
        "\n",
        "\xa0",
        "é",
        "\udc80",
        "[",
        "]",
        "\\",
        "www.",
        "a.org",
        "org",
        "a",
        "B",
        "1",
        "80",
    ),
    *("x.com", "twitter.com", "i.postimg.cc", "imgur.com", "youtu.be", "youtube.com", "t.me", "a.bp.blogspot.com"),
    *("pbs.twimg.com", "status", "photo", "media", "watch", "v=", "t=", "1m", "s1600", "utm_a=", "#!", ":~:", "/s/"),
)


_ANY = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join) | st.text(max_size=40)


@given(_ANY)
@example("http://http.:80//a.org")
@example("http://www.www.a.org")
@example("https://a.org/%%34%31")
@example("https:// u@a.org")
def test_what_is_canonical_stays_as_it_is(text: str) -> None:
    """So that a link may be looked up by the form in which it was kept."""
    assert canonical(canonical(text)) == canonical(text)


_IDS = {kind: st.text("aAbB12", min_size=3, max_size=5) for kind in ("film", "picture", "page")}
_NUMBERS = dict.fromkeys(("post", "message"), st.integers(1, 999).map(str))
_FORMS = {
    "post": ("twitter.com/a/status/{}", "https://x.com/i/web/status/{}?s=20", "https://x.com/b/status/{}/photo/1"),
    "film": ("https://youtu.be/{}?si=a", "https://www.youtube.com/watch?v={}", "https://m.youtube.com/shorts/{}"),
    "picture": ("https://i.postimg.cc/{}/a.png", "https://postimg.cc/{}", "https://postlmg.cc/{}/"),
    "message": ("https://t.me/a/{}", "https://t.me/s/a/{}", "https://t.me/A/{}?single"),
    "page": ("https://example.org/{}", "http://www.example.org/{}/?utm_source=b", "example.org/{}#c"),
}


@given(st.data(), st.sampled_from(sorted(_FORMS)))
def test_two_spellings_are_one_link_where_their_ids_are_one(data: st.DataObject, kind: str) -> None:
    """And never where they are two."""
    ids, forms = (_IDS | _NUMBERS)[kind], _FORMS[kind]
    one, other = data.draw(ids), data.draw(ids)
    spelt = [canonical(data.draw(st.sampled_from(forms)).format(name)) for name in (one, one, other)]
    assert spelt[0] == spelt[1]
    assert (spelt[1] == spelt[2]) == (one == other)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("two tanks", []),
        ("see https://a.example/1.", ["https://a.example/1"]),
        ("https://a.example/1, https://a.example/2; HTTP://a.example/3!?:", ["1", "2", "HTTP://a.example/3"]),
        ("<https://a.example/1>, <https://a.example/2>,<https://a.example/3>", ["1", "2", "3"]),
        ("(https://a.example/1) and (see https://a.example/2).", ["1", "2"]),
        ("\"https://a.example/1\", 'https://a.example/2' «https://a.example/3»", ["1", "2", "3"]),
        ("[a tank](https://a.example/1) [https://a.example/2]", ["1", "2"]),
        ("https://a.example/T-72_(tank) (https://a.example/T-72_(tank))", ["T-72_(tank)"]),
        ("https://a.example/1https://a.example/2,https://a.example/3", ["1", "2", "3"]),
        ("T-72https://a.example/1", ["1"]),
        ("link=https://a.example/1", ["1"]),
        ("https://a.example/?u=https://b.example/1", ["?u=https://b.example/1"]),
        ("https://a.example/web/2020/https://b.example/1", ["web/2020/https://b.example/1"]),
        ("https://a.example/1?s=20&t=x.y#!/z", ["1?s=20&t=x.y#!/z"]),
        ("https://a.example/1 https://a.example/1", ["1"]),
        ("https://", []),
    ],
)
def test_links_are_found_in_text(text: str, links: list[str]) -> None:
    whole = [link if link.lower().startswith("http") else f"https://a.example/{link}" for link in links]
    assert links_in(text) == whole


@given(
    st.text(alphabet="ab/:.,;!?()[]<>'\"#= 1", max_size=40).map(lambda text: text.replace("a", "https://a.example/"))
)
def test_a_link_that_was_found_is_found_again_alone(text: str) -> None:
    for link in links_in(text):
        assert link in text
        assert links_in(link) == [link]


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://i.postimg.cc/a/1.jpg", "postimg.cc"),
        ("http://www.postlmg.cc/a", "postimg.cc"),
        ("ttps://X.com:443/a/status/1", "twitter.com"),
        ("//user:word@m.youtube.com/watch?v=a", "youtube.com"),
        ("https://youtu.be/a", "youtube.com"),
        ("example.org", "example.org"),
        ("https://a.example?x=https://b.example/", "a.example"),
        ("https://files.example:8443/a.jpg", "files.example"),
        ("http://203.0.113.7:8000/a.jpg", "203.0.113.7"),
        ("http://[2001:DB8::7]:8000/a.jpg", "[2001:db8::7]"),
        ("[redacted]", None),
        ("https://localhost/", None),
        ("", None),
    ],
)
def test_the_host_that_a_link_hangs_on(url: str, site: str | None) -> None:
    assert site_of(url) == site


@given(_ANY)
def test_a_link_hangs_on_the_host_of_its_canonical_form(url: str) -> None:
    assert site_of(url) == site_of(canonical(url))


@pytest.mark.parametrize("wanted", ["::1", "[::1]"])
def test_an_address_with_colons_is_wanted_with_or_without_brackets(wanted: str) -> None:
    assert is_of_host(host_of("http://[::1]:8931/x"), wanted)
    assert not is_of_host(host_of("http://[2001:db8::1]/x"), wanted)
