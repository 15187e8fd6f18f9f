"""The fold: a subject is what its entries say, one after the other.

Lists bring losses by the hundred thousand, each with a dozen fields that may never be redacted. Such fields of a new
subject can stand in one detail, a pack, which is salted, hashed and stored as one.
"""

from collections.abc import Iterable, Iterator, Mapping

import orjson

from lossledger.core.digest import Detail
from lossledger.core.fields import REDACTED, State, generic
from lossledger.core.records import ACT_FIELDS, field_of

PACK = "*"
"""The field of a detail that holds several: its value is a JSON object from field to text."""


def packed(kind: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a new subject with those in one pack that may not be redacted; the others stay by themselves."""
    private = {path: text for path, text in fields.items() if _is_private(kind, path)}
    public = {path: text for path, text in fields.items() if path not in private}
    return private | {PACK: orjson.dumps(public, option=orjson.OPT_SORT_KEYS).decode()}


def _is_private(kind: str, path: str) -> bool:
    known = _PRIVATE.get((kind, generic(path)))
    if known is None:
        known = _PRIVATE[kind, generic(path)] = field_of(kind, path).private
    return known


_PRIVATE: dict[tuple[str, str], bool] = {}


def spread(details: Iterable[Detail]) -> Iterator[Detail]:
    """Details one field each: those of a pack by themselves. What is no pack, though it is called so, stays."""
    for detail in details:
        if detail.field == PACK and detail.value is not None and (fields := _unpacked(detail.value)) is not None:
            yield from (Detail(path, text, detail.salt) for path, text in fields.items())
        else:
            yield detail


def _unpacked(text: str) -> dict[str, str] | None:
    try:
        fields = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if isinstance(fields, dict) and all(isinstance(value, str) for value in fields.values()):
        return fields
    return None


def fold(state: State, details: Iterable[Detail]) -> dict[str, str]:
    """The state of a subject after one more entry. A redacted text leaves the word for it behind."""
    after = dict(state)
    for detail in spread(details):
        if detail.field in ACT_FIELDS:
            continue
        value = REDACTED if detail.redacted else detail.value
        if value is None:
            after.pop(detail.field, None)
        else:
            after[detail.field] = value
    return after


def changed_to(state: State, change: Mapping[str, str | None]) -> dict[str, str]:
    """The state of a subject after new details, of which none is redacted."""
    after = {**state, **change}
    return {path: value for path, value in after.items() if value is not None and path not in ACT_FIELDS}


def changed(before: State, fields: Mapping[str, str | None]) -> dict[str, str | None]:
    """Those of the fields that differ from the state before."""
    return {path: value for path, value in fields.items() if before.get(path) != value}
