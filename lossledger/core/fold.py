"""The fold: a subject is what its entries say, one after the other.

Lists bring losses by the hundred thousand, each with a dozen fields that may never be redacted. Such fields of a new
subject can stand in one detail, a pack, which is salted, hashed and stored as one.
"""

from collections.abc import Iterable, Iterator, Mapping

import orjson

from lossledger.core.digest import Detail
from lossledger.core.fields import REDACTED, State
from lossledger.core.records import ACT_FIELDS, KINDS

PACK = "*"
"""The field of a detail that holds several: its value is a JSON object from field to text."""


def split(kind: str, fields: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The fields of a new subject: those that may be redacted, and so stay by themselves; and those that may not."""
    apart: dict[str, str] = {}
    public: dict[str, str] = {}
    for path, text in fields.items():
        (apart if is_private(kind, path) else public)[path] = text
    return apart, public


def is_private(kind: str, path: str) -> bool:
    """Whether a field may be redacted."""
    return KINDS[kind].field(path).private


def pack(apart: Mapping[str, str], public: Mapping[str, str]) -> dict[str, str]:
    """Fields so split as the details of an entry: the public ones in one pack."""
    return {**apart, PACK: orjson.dumps(public, option=orjson.OPT_SORT_KEYS).decode()} if public else {**apart}


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
