"""Text at the edges: what may be typed by hand, what is taken from outside, how both are shown safely."""

import re
import unicodedata

from lossledger.errors import Refused

_QUOTED = 60
"""Characters of a refused value that its message quotes."""

_BEFORE = 20
"""Characters that a quotation keeps before the place it is about."""

_SURROGATES = "\ud800-\udfff"
_LINE_SEPARATORS = "\u2028\u2029"
_CONTROLS_IN_LINES = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_CONTROLS = "\x00-\x1f\x7f-\x9f"

# Embeddings, overrides and isolates reorder what comes after them. The mere marks (U+200E, U+200F, U+061C)
# move only the sign beside them, and Arabic and Hebrew text needs them.
_REORDERING = "\u202a-\u202e\u2066-\u2069"

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))

_TYPED_BADLY = f"{_REORDERING}{_SURROGATES}{_NONCHARACTERS}"
_REFUSED_IN_LINE = re.compile(f"[{_CONTROLS}{_LINE_SEPARATORS}{_TYPED_BADLY}]")
_REFUSED_IN_LINES = re.compile(f"[{_CONTROLS_IN_LINES}{_TYPED_BADLY}]")
_NOT_STORABLE = re.compile(f"[\x00{_SURROGATES}]")

_NOT_SHOWABLE = f"{_REORDERING}{_SURROGATES}"
_LINE_BREAK = rf"\r\n|[\n{_LINE_SEPARATORS}]"
_ALIVE_IN_LINE = re.compile(f"{_LINE_BREAK}|[{_CONTROLS}{_NOT_SHOWABLE}]")
_ALIVE_IN_LINES = re.compile(f"{_LINE_BREAK}|[{_CONTROLS_IN_LINES}{_NOT_SHOWABLE}]")
_SHOWN_BREAK = "⏎"
_SHORT_ESCAPES = {"\t": r"\t", "\r": r"\r"}

_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT_TO_LEFT_RUN = re.compile(f"[{_RIGHT_TO_LEFT}](?:[{_RIGHT_TO_LEFT} '\"’.-]*[{_RIGHT_TO_LEFT}])?")

_INVISIBLE = frozenset(("Cc", "Cf", "Zl", "Zp", "Zs"))

_HOST = r"(\[[0-9a-fA-F:.]+\]|[^\s/?#@:.\[\]\\<>\"']+(\.[^\s/?#@:.\[\]\\<>\"']+)*\.?)"
_URL = re.compile(rf"https?://([^\s/?#@]*@)?{_HOST}(:[0-9]{{1,5}})?([/?#]\S*)?", re.IGNORECASE)


def checked(value: str, what: str, limit: int, *, lines: bool) -> str:
    r"""Text typed by hand, stripped and composed (NFC), with ``\n`` alone for a line's end.

    Args:
        value: the text as it was typed.
        what: what it is, for the message: "the side's name".
        limit: how many characters it may have.
        lines: whether it may have several lines, and tabs.

    Raises:
        Refused: it is empty, too long, or has a character that no honest text has: a control character, one
            that reorders the text after it, half of a surrogate pair, a noncharacter.
    """
    text = value.strip()
    if lines:
        text = text.replace("\r\n", "\n")
    _refuse(_REFUSED_IN_LINES if lines else _REFUSED_IN_LINE, text, what)
    text = unicodedata.normalize("NFC", text)
    if all(unicodedata.category(sign) in _INVISIBLE for sign in text):
        raise Refused(f"{what} is empty")
    _refuse_longer(text, what, limit)
    return text


def checked_outside(value: str, what: str) -> str:
    """Text from outside, as it is: what a source says is not ours to mend.

    Raises:
        Refused: it holds what no database can: a NUL, or half of a surrogate pair.
    """
    _refuse(_NOT_STORABLE, value, what)
    return value


def is_web_link(text: str) -> bool:
    """Whether a browser may be sent to an address: http or https, with a host, and no sign that hides where to."""
    return _URL.fullmatch(text) is not None and not _REFUSED_IN_LINE.search(text)


def checked_url(value: str, what: str, limit: int) -> str:
    """A link typed by hand: http or https, with a host, and otherwise as it was typed.

    Raises:
        Refused: it is no such link, too long, or has white space or a control character in it.
    """
    text = value.strip()
    _refuse(_REFUSED_IN_LINE, text, what)
    _refuse_longer(text, what, limit)
    if not _URL.fullmatch(text):
        raise Refused(f"{what} is no http or https link: {quoted(text)}")
    return text


def inert(text: str, *, lines: bool = False) -> str:
    r"""A text that does nothing to the terminal it is shown on; ordinary text of any script is not changed.

    A control character, one that reorders the text after it and half of a surrogate pair are shown as an
    escape, ``\x1b``. A line's end becomes a visible sign; where ``lines`` are wanted, it and a tab stay.
    """
    if lines:
        return _ALIVE_IN_LINES.sub(lambda found: _escape(found[0], line_break="\n"), text)
    return _ALIVE_IN_LINE.sub(lambda found: _escape(found[0], line_break=_SHOWN_BREAK), text)


def shortened(text: str, limit: int) -> str:
    """A text of at most ``limit`` characters, an ellipsis last where some are left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def many(number: int, one: str, several: str | None = None) -> str:
    """A number before its noun: "1 finding", "2 findings"; ``several`` where an s does not make it."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def told_size(number: int) -> str:
    """A number of bytes as people read it: "712 bytes", "1.2 MB", a MB being a million."""
    for size, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if number >= size:
            return f"{number / size:,.1f} {unit}"
    return many(number, "byte")


def quoted(text: str) -> str:
    """A value as an error message quotes it: inert, on one line, and not too long."""
    return f"'{inert(shortened(text, _QUOTED))}'"


def _escape(found: str, line_break: str) -> str:
    if found in ("\r\n", "\n", *_LINE_SEPARATORS):
        return line_break
    number = ord(found)
    return _SHORT_ESCAPES.get(found) or (f"\\x{number:02x}" if number <= 0xFF else f"\\u{number:04x}")


def _refuse(bad: re.Pattern[str], text: str, what: str) -> None:
    found = bad.search(text)
    if not found:
        return
    at, number = found.start(), ord(found[0])
    raise Refused(
        f"{what} holds {_kind(found[0])} (U+{number:04X}) at character {at + 1}: {quoted(text[max(0, at - _BEFORE) :])}"
    )


def _kind(sign: str) -> str:
    match unicodedata.category(sign):
        case "Cs":
            return "half of a surrogate pair"
        case "Cf":
            return "a character that reorders text"
        case "Cn":
            return "a noncharacter"
        case _:
            return "a line break" if sign in ("\n", "\r", *_LINE_SEPARATORS) else "a control character"


def _refuse_longer(text: str, what: str, limit: int) -> None:
    if len(text) > limit:
        raise Refused(f"{what} is too long: {len(text)} characters, at most {limit}: {quoted(text)}")


def isolated(text: str) -> str:
    """A text in which what runs from right to left moves nothing of what stands beside it, such as its number.

    To be asked for what is inert already: the signs that hold a run together are those that nobody else may give.
    """
    return text if text.isascii() else _RIGHT_TO_LEFT_RUN.sub("\u2068\\g<0>\u2069", text)
