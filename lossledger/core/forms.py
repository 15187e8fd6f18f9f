"""Whether a text is what its field's form says: the last look before it enters the journal."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache

from lossledger.core.fields import FLAG, REDACTED, Field, Form, generic
from lossledger.core.records import KINDS, field_of
from lossledger.core.text import checked_outside, quoted
from lossledger.errors import Refused

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_LENGTH = 10
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")

_Look = Callable[[str], bool]


def check_forms(kind: str, fields: Mapping[str, str | None]) -> None:
    """Refuse fields of a subject of which one is not of its form; see `check_form`. KeyError for a field unknown."""
    known = _known(kind)
    plain = "".join(text for text in fields.values() if text is not None)
    unlooked = plain.isascii() and "\0" not in plain  # all of them at once, for there are many and few have such signs
    for path, text in fields.items():
        field, look = known.get(path) or known.get(generic(path)) or _known_to_acts(kind, path)
        if (look is not None or not unlooked) and text is not None:
            _check(field, look, path, text)


def check_form(field: Field, path: str, text: str) -> None:
    """Refuse a text that its column could not hold or that no rule could be applied to.

    Errors: Refused with the field's path, the text, and what it should have been.
    """
    _check(field, _look(field), path, text)


def _check(field: Field, look: _Look | None, path: str, text: str) -> None:
    if not text.isascii() or "\0" in text:
        checked_outside(text, path)
    if look is None:
        return
    try:
        fits = look(text)
    except ValueError:
        fits = False
    if not fits and not (text == REDACTED and field.private):
        wanted = f"one of: {', '.join(field.words)}" if field.form is Form.WORD else f"a {field.form}"
        raise Refused(f"{path} {quoted(text)} is not {wanted}")


@cache
def _known(kind: str) -> dict[str, tuple[Field, _Look | None]]:
    """The fields of a kind, a child's without its key, and how a text of each is looked at."""
    described = KINDS[kind]
    own = {field.name: field for field in described.fields}
    own |= {f"{child.name}.{field.name}": field for child in described.children for field in child.fields}
    return {path: (field, _look(field)) for path, field in own.items()}


def _known_to_acts(kind: str, path: str) -> tuple[Field, _Look | None]:
    field = field_of(kind, path)
    return field, _look(field)


def _look(field: Field) -> _Look | None:
    """How a text of a field is looked at; None where any text fits."""
    return field.words.__contains__ if field.form is Form.WORD else _FITS.get(field.form)


def _is_day(text: str) -> bool:
    return len(text) == _DAY_LENGTH and _is_real_day(text)


@lru_cache(maxsize=4096)  # a list has many losses of one day
def _is_real_day(text: str) -> bool:
    return bool(_DAY.fullmatch(text)) and date.fromisoformat(text).isoformat() == text


def _is_list(text: str) -> bool:
    parts = json.loads(text)
    return isinstance(parts, list) and all(isinstance(part, str) for part in parts)


_FITS: Mapping[Form, _Look] = {
    Form.WHOLE: lambda text: bool(_WHOLE.fullmatch(text)),
    Form.DECIMAL: lambda text: math.isfinite(float(text)),
    Form.DAY: _is_day,
    Form.INSTANT: lambda text: bool(_INSTANT.fullmatch(text)),
    Form.FLAG: FLAG.__eq__,
    Form.LIST: _is_list,
}
"""How a text is looked at, for every form but a word's that not any text has."""
