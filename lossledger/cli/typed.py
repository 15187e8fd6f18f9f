"""What is typed for a field of the catalogue, as the journal takes it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lossledger.cli.options import names
from lossledger.core.days import parse_day
from lossledger.core.entered import as_list, past_days
from lossledger.core.fields import FLAG, LIMITS, MAX_URL, Field, Form
from lossledger.core.records import KINDS
from lossledger.core.text import checked, checked_url
from lossledger.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

Fields = dict[str, str | None]


def typed(connection: "Connection", kind: str, given: Mapping[str, Any], conflict: str | None = None) -> Fields:
    """The fields of a kind among what was given, as the journal takes them; an empty text clears a field.

    Errors: UnknownName for a name that the ledger does not know, Refused for a value that cannot be.
    """
    fields: Fields = {}
    for field in KINDS[kind].fields:
        value = given.get(field.name)
        if value == "":
            if field.required:
                raise Refused(f"a {kind} cannot be without a {field.name}")
            fields[field.name] = None
        elif value not in (None, (), False):
            fields[field.name] = _value(connection, field, value, conflict)
    return fields


def set_only(fields: Fields) -> dict[str, str]:
    """The fields that hold something, as something new needs them."""
    return {name: value for name, value in fields.items() if value is not None}


def dated(fields: Fields, text: str | None) -> Fields:
    """The fields with the days on which a source was published, where they are given; an empty text clears them."""
    if text is None:
        return fields
    days = past_days(text, "date") if text else (None, None, False)
    return fields | dict(zip(("earliest", "latest", "inferred"), (*days[:2], FLAG if days[2] else None), strict=True))


def _value(connection: "Connection", field: Field, value: Any, conflict: str | None) -> str:
    from lossledger.queries.names import resolve

    what = field.name.replace("_", " ")
    match field.form:
        case Form.FLAG:
            return FLAG
        case Form.REF:
            return _reference(connection, field.ref, value, conflict)
        case Form.LIST:
            if field.name in _LISTED:
                return as_list(names(value, lambda name: resolve(connection, _LISTED[field.name], name)))
            return as_list(value)
        case Form.DAY:
            return parse_day(value)
        case Form.URL:
            return checked_url(value, what, MAX_URL)
        case Form.LINE | Form.TEXT:
            return checked(value, what, LIMITS[field.form], lines=field.form is Form.TEXT)
        case _:
            return str(value)


_LISTED = {"categories": "category", "types": "type"}
"""What the parts of a list are names of."""


def _reference(connection: "Connection", kind: str, name: str, conflict: str | None) -> str:
    from lossledger.queries.names import UID_KINDS, kept, resolve, whole_uid

    if kind in UID_KINDS:
        return kept(connection, kind, whole_uid(connection, kind, name))
    return resolve(connection, kind, name, conflict)
