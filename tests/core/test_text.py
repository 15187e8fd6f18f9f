"""Text at the edges: what is refused, what is shown as an escape, what is left alone."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.core.text import checked, checked_outside, checked_url, inert, isolated, many, quoted, shortened
from lossledger.errors import Refused

ORDINARY = [
    "T-72B (1989) [turretless] 100 % \\o/",
    "Մարտակերտ, Ağdam, სტეფანაწმინდა, Степанакерт, Göygöl",
    "مارس ١٩٨٨ \u200fعربي\u200e 72",
    "שלום",
    "नागोर्नो-काराबाख क्षत्रिय\u200c",
    "ทีวี e\u0301 ǭ",
    "👩‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇦🇲 ⚔️",
    "北京 ｆｕｌｌ　width",
]


def refusal(value: str, limit: int = 100, *, lines: bool = False) -> str:
    """What is said when a text is refused."""
    with pytest.raises(Refused) as refused:
        checked(value, "the side's name", limit, lines=lines)
    return str(refused.value)


@pytest.mark.parametrize("text", ORDINARY)
@pytest.mark.parametrize("lines", [True, False])
def test_ordinary_text_of_any_script_passes(text: str, lines: bool) -> None:
    """Nobody's language is a control sequence."""
    assert checked(text, "a note", 100, lines=lines) == unicodedata.normalize("NFC", text)
    assert inert(text, lines=lines) == text


def test_typed_text_is_stripped_and_composed() -> None:
    """What looks the same is stored as the same."""
    assert checked(" Ag\u0306dam\u3000\n", "a place", 5, lines=False) == "Ağdam"


def test_lines_are_kept_where_there_may_be_some() -> None:
    """A note has lines and tabs, and one kind of line end."""
    assert checked("one\r\n\ttwo\n\nthree\r\n", "a note", 100, lines=True) == "one\n\ttwo\n\nthree"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "the side's name is empty"),
        (" \u200b\u00ad\t ", "the side's name is empty"),
        ("ab\x1b[2J", r"the side's name holds a control character (U+001B) at character 3: 'ab\x1b[2J'"),
        ("  ab\x00c", r"the side's name holds a control character (U+0000) at character 3: 'ab\x00c'"),
        ("a\x9b2J", r"the side's name holds a control character (U+009B) at character 2: 'a\x9b2J'"),
        ("one\ntwo", "the side's name holds a line break (U+000A) at character 4: 'one⏎two'"),
        ("one\u2028two", "the side's name holds a line break (U+2028) at character 4: 'one⏎two'"),
        ("a\tb", r"the side's name holds a control character (U+0009) at character 2: 'a\tb'"),
        (
            "a\u202eb",
            r"the side's name holds a character that reorders text (U+202E) at character 2: 'a\u202eb'",
        ),
        (
            "\u2066a",
            r"the side's name holds a character that reorders text (U+2066) at character 1: '\u2066a'",
        ),
        ("a\ud800", r"the side's name holds half of a surrogate pair (U+D800) at character 2: 'a\ud800'"),
        ("a\ufffe", "the side's name holds a noncharacter (U+FFFE) at character 2: 'a\ufffe'"),
        ("a\U0010ffff", "the side's name holds a noncharacter (U+10FFFF) at character 2: 'a\U0010ffff'"),
        ("x" * 101, f"the side's name is too long: 101 characters, at most 100: '{'x' * 59}…'"),
    ],
)
def test_bad_text_is_refused(value: str, message: str) -> None:
    """The message says what is wrong, where, and shows it without harm."""
    assert refusal(value) == message


def test_a_deep_fault_is_quoted_where_it_is() -> None:
    """The quotation begins a little before the fault."""
    assert refusal("x" * 90 + "\x07") == (
        rf"the side's name holds a control character (U+0007) at character 91: '{'x' * 20}\x07'"
    )


@pytest.mark.parametrize("value", ["a\rb", "a\x0bb", "a\u202ab", "a\x85b"])
def test_a_note_is_no_place_for_controls_either(value: str) -> None:
    """Several lines allow a line's end and a tab, nothing more."""
    assert "holds a" in refusal(value, lines=True)


def test_text_from_outside_is_left_as_it_is() -> None:
    """What a source says is kept to the letter, as far as a database can."""
    text = " \x1b[2J\u202e e\u0301 \r\n\ufffe"
    assert checked_outside(text, "a phrase") == text
    for value in ("a\x00", "a\udfff"):
        with pytest.raises(Refused, match=r"^a phrase holds .* at character 2: 'a\\"):
            checked_outside(value, "a phrase")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "HTTP://example.org:8080/a_b?c=d&e=(f)#g",
        "https://web.archive.org/web/20201008/https://example.org/a?b",
        "https://user@example.org/",
        "https://пример.рф/страница",
        "http://[2001:db8::1]/",
        "http://192.0.2.1/x",
        "https://example.org/e\u0301",
    ],
)
def test_a_link_is_taken_as_it_is(url: str) -> None:
    """A link with a host stays as it was typed."""
    assert checked_url(f" {url}\n", "the source", 100) == url


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "example.org",
            "https://",
            "https:///path",
            "http://?q",
            "http://.",
            "http://a..b/",
            "https://:80/",
        ),
        *("javascript:alert(1)", "ftp://example.org/", "file:///etc/passwd", "https:example.org"),
        *("https://exa mple.org/", "https://example.org/a b", "https://example.org/a\u00a0b", "http://a\\b/"),
        *(
            "https://example.org/\x1b",
            "https://example.org/\u202e",
            "https://example.org:99999999/",
            "http://[zz]/",
        ),
        "https://example.org/" + "x" * 100,
    ],
)
def test_what_is_no_link_is_refused(url: str) -> None:
    """Only what a browser opens as a page is a link."""
    with pytest.raises(Refused, match=r"^the source "):
        checked_url(url, "the source", 100)


def test_the_refusal_quotes_the_link() -> None:
    """The user sees what was taken for a link."""
    with pytest.raises(Refused, match=r"^the source is no http or https link: 'example\.org'$"):
        checked_url("example.org", "the source", 100)


def test_inert_shows_escapes_and_line_ends() -> None:
    """What would do something is shown instead."""
    text = "a\x1b[2J\x00\x7f\x9b\t\r\u202e\u2069\udc80\r\nb\nc\u2028d"
    assert inert(text) == r"a\x1b[2J\x00\x7f\x9b\t\r\u202e\u2069\udc80⏎b⏎c⏎d"
    assert inert(text, lines=True) == "a\\x1b[2J\\x00\\x7f\\x9b\t\\r\\u202e\\u2069\\udc80\nb\nc\nd"


@given(st.text(st.characters()))
def test_inert_text_controls_nothing(text: str) -> None:
    """No control character is left, and what is inert already does not change."""
    shown = inert(text)
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert inert(shown) == shown
    assert {sign for sign in inert(text, lines=True) if unicodedata.category(sign) == "Cc"} <= {"\n", "\t"}


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_printable_text_is_left_alone(text: str) -> None:
    """A sign that controls nothing is shown as it is."""
    assert inert(text) == text


@given(st.text(), st.integers(1, 20))
def test_shortened_text_keeps_to_its_limit(text: str, limit: int) -> None:
    """A text that fits is not touched; any other says that it was cut."""
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == text if len(text) <= limit else short.endswith("…")


def test_a_quotation_is_short_and_on_one_line() -> None:
    """An error message stays one line, whatever it is about."""
    assert quoted("a\nb") == "'a⏎b'"
    assert quoted("x" * 61) == f"'{'x' * 59}…'"


@pytest.mark.parametrize(
    ("number", "nouns", "said"),
    [
        (1, ("finding",), "1 finding"),
        (0, ("finding",), "0 findings"),
        (1, ("entry", "entries"), "1 entry"),
        (1200, ("entry", "entries"), "1,200 entries"),
    ],
)
def test_a_number_with_its_noun(number: int, nouns: tuple[str, ...], said: str) -> None:
    assert many(number, *nouns) == said


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Redland 3", "Redland 3"),
        ("3 × دبابة, Redland", "3 × \u2068دبابة\u2069, Redland"),
        ("الجيش العربي 12", "\u2068الجيش العربي\u2069 12"),
        ("Süd, צה״ל", "Süd, \u2068צה״ל\u2069"),
    ],
)
def test_what_runs_from_right_to_left_is_held_together(text: str, held: str) -> None:
    assert isolated(text) == held
