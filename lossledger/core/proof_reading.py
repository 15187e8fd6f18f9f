"""Reading a proof's file. It comes from anywhere, so nothing is taken on trust, not even that it is small.

What can be read is a `Proof`, of which nothing is verified yet; what cannot be one is told in a line, with its place.
"""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any, NoReturn

from lossledger.core.digest import SALT_BYTES, Detail, Entry
from lossledger.core.head import Head, read_head
from lossledger.core.merkle import HASH_BYTES
from lossledger.core.proof import FORMAT, Continuation, LossProof, Of, Placed, Proof, packed
from lossledger.core.text import quoted
from lossledger.core.trail import Posting
from lossledger.errors import BadData, Refused

MAX_BYTES = 8 * 1024 * 1024
"""Bytes of a file that is read. A loss with a thousand entries has less than half of them."""

_LARGEST = 2**53 - 1
"""The largest whole number that every language's JSON reads exactly."""


class Malformed(BadData):
    """The file is no proof: something in it cannot be what it should."""


def read(data: bytes, name: str) -> Proof:
    """The proof in a file; nothing in it is verified yet.

    Errors: Malformed, in one line that begins with the file's name, where the bytes are no proof.
    """
    try:
        return _proof(_parsed(data))
    except Malformed as error:
        raise Malformed(f"{name}: {error}") from error


def _parsed(data: bytes) -> object:
    if len(data) > MAX_BYTES:
        raise Malformed(f"it has more than {MAX_BYTES:,} bytes; no proof is so large")
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_float=lambda text: _wrong("a number", f"{quoted(text)} is no whole number"),
            parse_constant=lambda text: _wrong("a number", f"{quoted(text)} is no number"),
            parse_int=_whole_number,
        )
    except UnicodeDecodeError as error:
        raise Malformed(f"byte {error.start + 1:,} is no UTF-8") from error
    except RecursionError as error:
        raise Malformed("it is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise Malformed(f"line {error.lineno}, column {error.colno}: this is no JSON") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            _wrong("an object", f"{quoted(key)} stands there twice")
        found[key] = value
    return found


def _whole_number(text: str) -> int:
    if len(text) > len(str(_LARGEST)) + 1 or abs(int(text)) > _LARGEST:
        _wrong("a number", f"{quoted(text)} is out of range")
    return int(text)


def _proof(given: object) -> Proof:
    if not isinstance(given, dict) or "proof" not in given:
        raise Malformed("this is no proof; `lossledger export --proof ID` and `audit --consistency` write them")
    kind, form = given["proof"], given.get("format")
    if kind not in ("loss", "consistency"):
        _wrong("proof", f"it is {_shown(kind)}, which is neither loss nor consistency")
    if form != FORMAT or isinstance(form, bool):
        _wrong("format", f"it is {_shown(form)}, and this program knows {FORMAT}")
    if kind == "loss":
        return _loss(_members(given, "the file", ("proof", "format", "head", "loss", "entries")))
    return _continuation(_members(given, "the file", ("proof", "format", "from", "to", "path", "last")))


def _loss(given: dict[str, Any]) -> LossProof:
    entries = _list(given["entries"], "entries")
    placed = tuple(_placed(one, f"entry {at} of the file") for at, one in enumerate(entries, 1))
    return LossProof(_head(given["head"], "head"), _text(given["loss"], "loss"), placed)


def _continuation(given: dict[str, Any]) -> Continuation:
    earlier, later = (_head(given[key], key) for key in ("from", "to"))
    return Continuation(earlier, later, _path(given["path"], "path"), _path(given["last"], "last"))


def _placed(given: object, place: str) -> Placed:
    one = _members(given, place, ("of", "entry", "details", "hash", "path"))
    if one["of"] not in tuple(Of):
        _wrong(f"{place}, of", f"it is {_shown(one['of'])}, which is neither loss nor act")
    content = _list(one["entry"], f"{place}, entry", 12)
    readers: tuple[Callable[[object, str], object], ...] = (_whole, _whole, *[_text] * 6, _text_or_null)
    form, number, *said = (reader(value, f"{place}, entry") for reader, value in zip(readers, content, strict=False))
    digest, previous, own = (_hash(value, f"{place}, hash") for value in (content[9], content[11], one["hash"]))
    lines = _list(content[10], f"{place}, postings")
    details = _list(one["details"], f"{place}, details")
    return Placed(
        Of(one["of"]),
        Entry(*(number, form, *said, digest, previous, own)),  # type: ignore[arg-type]  # as the readers say
        tuple(_detail(detail, f"{place}, details") for detail in details),
        tuple(_posting(line, f"{place}, postings") for line in lines),
        _path(one["path"], f"{place}, path"),
    )


def _detail(given: object, place: str) -> Detail:
    parts = _list(given, place)
    if len(parts) == 2:
        return Detail(_text(parts[0], place), None, None, _hash(parts[1], place))
    if len(parts) != 3:
        _wrong(place, "one has neither three parts (salt, field, value) nor two (field, digest)")
    salt, field, value = parts
    return Detail(_text(field, place), _text_or_null(value, place), _hexadecimal(salt, place, SALT_BYTES))


def _posting(given: object, place: str) -> Posting:
    values = _list(given, place, len(Posting._fields))
    whole = {Posting._fields.index(name) for name in ("quantity", "span", "inferred")}
    optional = {Posting._fields.index(name) for name in ("type", "day", "loss_day")}
    for at, value in enumerate(values):
        (_whole if at in whole else _text_or_null if at in optional else _text)(value, place)
    return Posting(*values)


def _members(given: object, place: str, keys: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(given, dict):
        _wrong(place, f"it is {_shown(given)}, which is no object")
    for key in keys:
        if key not in given:
            _wrong(place, f"{key!r} is missing")
    for key in given:
        if key not in keys:
            _wrong(place, f"{quoted(key)} has no meaning there")
    return given


def _list(given: object, place: str, length: int | None = None) -> list[Any]:
    if not isinstance(given, list):
        _wrong(place, f"it is {_shown(given)}, which is no array")
    if length is not None and len(given) != length:
        _wrong(place, f"an array has {len(given):,} parts, not {length}")
    return given


def _text(given: object, place: str) -> str:
    if not isinstance(given, str):
        _wrong(place, f"{_shown(given)} stands where a text should")
    if not given.isascii() and re.search("[\ud800-\udfff]", given):
        _wrong(place, f"{_shown(given)} holds half of a surrogate pair")
    return given


def _text_or_null(given: object, place: str) -> str | None:
    return None if given is None else _text(given, place)


def _whole(given: object, place: str) -> int:
    if not isinstance(given, int) or isinstance(given, bool):
        _wrong(place, f"{_shown(given)} stands where a whole number should")
    return given


def _hash(given: object, place: str) -> bytes:
    return _hexadecimal(given, place, HASH_BYTES)


def _hexadecimal(given: object, place: str, size: int) -> bytes:
    text = _text(given, place)
    if len(text) != 2 * size or re.search("[^0-9a-f]", text):
        _wrong(place, f"{_shown(given)} is not {size} bytes in lower-case hexadecimal")
    return bytes.fromhex(text)


def _path(given: object, place: str) -> tuple[bytes, ...]:
    text = _text(given, place)
    data = b""
    if re.fullmatch("[A-Za-z0-9_-]*", text) and len(text) % 4 != 1:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(data) % HASH_BYTES or packed([data]) != text:
        _wrong(place, f"{_shown(given)} is not base64url of whole hashes of {HASH_BYTES} bytes")
    return tuple(data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES))


def _head(given: object, place: str) -> Head:
    try:
        head = read_head(_text(given, place))
    except Refused as error:
        raise Malformed(f"{place}: {error}") from error
    if head.root is None or head.number > _LARGEST:
        _wrong(place, f"{_shown(given)} is no head with a root, N:HASH:ROOT")
    return head


def _shown(given: object) -> str:
    if isinstance(given, str):
        return quoted(given)
    if isinstance(given, (list, dict)):
        return "an array" if isinstance(given, list) else "an object"
    return json.dumps(given)


def _wrong(place: str, wrong: str) -> NoReturn:
    raise Malformed(f"{place}: {wrong}")
