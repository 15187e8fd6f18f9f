"""What Python writes of its values, read back without running it."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lossledger.errors import Refused
from lossledger.feeds.python_repr import Called, read_repr

_plain = some.none() | some.booleans() | some.integers(-(10**16), 10**16) | some.text()
_values = some.recursive(
    _plain, lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(), inner, max_size=4)
)


@given(_values)
def test_what_python_wrote_is_read_back(value: object) -> None:
    assert read_repr(repr(value)) == value


@given(some.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Refused):
        read_repr(text)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (repr((1, "a")), [1, "a"]),
        (repr({"one"}), ["one"]),
        ("set()", Called("set")),
        ("{}", {}),
        ("1.5", "1.5"),
        ("-2e10", "-2e10"),
        ("12345678901234567890", "12345678901234567890"),
        (repr("\x1f\u2028\U0001f600\t'\""), "\x1f\u2028\U0001f600\t'\""),
        ("{1: 2}", {"1": 2}),
        (
            repr(datetime(2024, 5, 1, 9, tzinfo=UTC)),
            Called("datetime.datetime", (2024, 5, 1, 9, 0), {"tzinfo": Called("datetime.timezone.utc")}),
        ),
    ],
)
def test_other_values(written: str, value: object) -> None:
    assert read_repr(written) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "[", "{'a': ", "'open", "[1 2]", "{1: 2, 3: }", "1 2", "<generator at 0x7f>", "a b", "]", "lambda: 0"),
        *("[" * 100_000, "f(" * 100_000, "{1:" * 100_000, "-" * 100_000, "1+1", "__import__('os').system('true')"),
    ],
    ids=lambda text: text[:12] or "nothing",
)
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no value as Python writes it"):
        read_repr(text)
