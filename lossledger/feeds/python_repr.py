"""What Python's ``repr`` writes of plain values, read back without running any of it.

Texts, numbers, True, False, None, lists, tuples, sets and dicts are what they were; of anything else it is told what
it calls itself and what it was given: ``datetime.datetime(2024, 5, 1)``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lossledger.errors import Refused

_DEEPEST = 40
"""How deep values may stand within each other; what a program writes of itself has a handful of levels."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>[bBuU]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))"""
    r"""|(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"""
    r"""|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"""
    r"""|(?P<sign>[\[\](){},:=]))""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"'}
_LAST_SIGN = 0x10FFFF
_WHOLE_DIGITS = 18
_CLOSING = {"[": "]", "(": ")", "{": "}"}
_WORDS = {"None": None, "True": True, "False": False}


class Called(NamedTuple):
    """A value of some other kind: its name, and what stands between the brackets after it."""

    name: str
    given: tuple[object, ...] = ()
    named: Mapping[str, object] = {}


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


_END = _Token("end", "", -1)


def read_repr(text: str) -> object:
    """The value that a text writes. Sets are told as lists; numbers too long to be exact, and fractions, as texts.

    Errors: Refused for what is no such text, with the place in it.
    """
    return _Reader(text).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = next(self._tokens)

    def whole(self) -> object:
        value = self._value(0)
        if self._next is not _END:
            raise _unexpected(self._next)
        return value

    def _take(self) -> _Token:
        taken, self._next = self._next, next(self._tokens)
        return taken

    def _has(self, sign: str) -> bool:
        """Whether the next sign is this one; if so, it is passed."""
        if self._next.kind != "sign" or self._next.text != sign:
            return False
        self._take()
        return True

    def _value(self, depth: int) -> object:
        if depth > _DEEPEST:
            raise Refused(f"no value as Python writes it: nested deeper than {_DEEPEST}")
        token = self._take()
        match token.kind:
            case "text":
                return _text(token.text)
            case "number":
                plain = token.text.lstrip("+-").isdigit() and len(token.text) <= _WHOLE_DIGITS
                return int(token.text) if plain else token.text
            case "name" if token.text in _WORDS:
                return _WORDS[token.text]
            case "name":
                return self._called(token.text, depth)
            case "sign" if token.text in _CLOSING:
                return self._several(token.text, depth)
        raise _unexpected(token)

    def _called(self, name: str, depth: int) -> Called:
        given: list[object] = []
        named: dict[str, object] = {}
        if self._has("("):
            while not self._has(")"):
                value = self._value(depth + 1)
                if isinstance(value, Called) and not value.given and self._has("="):
                    named[value.name] = self._value(depth + 1)
                else:
                    given.append(value)
                self._between(")")
        return Called(name, tuple(given), named)

    def _several(self, opening: str, depth: int) -> object:
        """The parts of a list, a tuple, a set or a dict, of which the opening bracket was passed."""
        closing = _CLOSING[opening]
        parts: list[object] = []
        pairs: dict[str, object] = {}
        empty = True
        while not self._has(closing):
            empty = False
            part = self._value(depth + 1)
            if opening == "{" and self._has(":"):
                pairs[part if isinstance(part, str) else str(part)] = self._value(depth + 1)
            else:
                parts.append(part)
            self._between(closing)
        return pairs if opening == "{" and (pairs or empty) else parts

    def _between(self, closing: str) -> None:
        """Pass the comma between two parts; after the last there need be none."""
        if not self._has(",") and not (self._next.kind == "sign" and self._next.text == closing):
            raise _unexpected(self._next)


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Refused(f"no value as Python writes it: sign {at + 1:,} begins nothing that is known")
        yield _Token(str(found.lastgroup), found[str(found.lastgroup)], found.start(str(found.lastgroup)))
        at = found.end()
    while True:
        yield _END


def _text(written: str) -> str:
    """A text without its quotes, its escapes as the signs that they mean."""
    return _ESCAPE.sub(_sign, written[written.index(written[-1]) + 1 : -1])


def _sign(escape: re.Match[str]) -> str:
    said = escape[1]
    if len(said) == 1:
        return _SHORT.get(said, escape[0])
    number = int(said[1:], 16)
    return chr(number) if number <= _LAST_SIGN else escape[0]


def _unexpected(token: _Token) -> Refused:
    if token is _END:
        return Refused("no value as Python writes it: it ends too early")
    return Refused(f"no value as Python writes it: sign {token.at + 1:,} is one too many")
