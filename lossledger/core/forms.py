"""Whether a text is what its field's form says: the last look before it enters the journal."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date

from lossledger.core.fields import FLAG, REDACTED, Field, Form
from lossledger.core.text import checked_outside, quoted
from lossledger.errors import Refused

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


def check_form(field: Field, path: str, text: str) -> None:
    """Refuse a text that its column could not hold or that no rule could be applied to.

    Errors: Refused with the field's path, the text, and what it should have been.
    """
    checked_outside(text, path)
    if text == REDACTED and field.private:
        return
    try:
        fits = _FITS.get(field.form, _anything)(field, text)
    except ValueError:
        fits = False
    if not fits:
        wanted = f"one of: {', '.join(field.words)}" if field.form is Form.WORD else f"a {field.form}"
        raise Refused(f"{path} {quoted(text)} is not {wanted}")


def _anything(_field: Field, _text: str) -> bool:
    return True


def _is_day(_field: Field, text: str) -> bool:
    return bool(_DAY.fullmatch(text)) and date.fromisoformat(text).isoformat() == text


def _is_list(_field: Field, text: str) -> bool:
    parts = json.loads(text)
    return isinstance(parts, list) and all(isinstance(part, str) for part in parts)


_FITS: Mapping[Form, Callable[[Field, str], bool]] = {
    Form.WHOLE: lambda _, text: bool(_WHOLE.fullmatch(text)),
    Form.DECIMAL: lambda _, text: math.isfinite(float(text)),
    Form.DAY: _is_day,
    Form.INSTANT: lambda _, text: bool(_INSTANT.fullmatch(text)),
    Form.FLAG: lambda _, text: text == FLAG,
    Form.WORD: lambda field, text: text in field.words,
    Form.LIST: _is_list,
}
"""How a text is looked at, for every form that not any text has."""
