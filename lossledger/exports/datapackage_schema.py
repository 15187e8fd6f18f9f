"""The schemas of a data package's tables: for each column its type, what it may hold, and what it means."""

from collections.abc import Mapping
from typing import Any

from lossledger.core.fields import FLAG, Field, Form
from lossledger.core.package_layout import MERGES, Layout, table_of
from lossledger.exports.datapackage import Schema
from lossledger.exports.datapackage_words import WORDS

_TYPES = {Form.WHOLE: "integer", Form.DECIMAL: "number", Form.DAY: "date"}
"""The types of columns that are no texts."""

_LIMITS = {"latitude": 90, "longitude": 180}
"""How far from 0 a coordinate may be."""


def schema_of(drawn: Layout) -> Schema:
    """The schema of a table of subjects, or of their children."""
    columns = [_column(drawn.name, name, {"type": "string"}, required=True) for name in drawn.keys]
    columns += [
        _column(drawn.name, name, _type(field), required=field.required) for name, field in drawn.fields.items()
    ]
    if "position" in drawn.keys:
        columns[drawn.keys.index("position")]["type"] = "integer"
    return _schema(columns, drawn.identity, dict(drawn.references), itself=drawn.name, key=_key_of)


def merges_schema() -> Schema:
    """The schema of the table of losses that are the same thing as another."""
    columns = [_column(MERGES, name, {"type": "string"}, required=True) for name in ("loss", "into")]
    return _schema(columns, ("loss",), dict.fromkeys(("loss", "into"), table_of("loss")), itself=MERGES, key=_key_of)


def columns_schema(
    table: str, types: Mapping[str, str], identity: tuple[str, ...], references: Mapping[str, tuple[str, str]]
) -> Schema:
    """The schema of a table that is drawn from no record.

    Args:
        table: its name, under which the words for its columns stand.
        types: the type of each column; one that begins with "!" has to have a value.
        identity: the columns that no two rows have alike.
        references: the columns that name a row of another table, each with that table and its column.
    """
    columns = [
        _column(table, name, {"type": kind.removeprefix("!")}, required=kind.startswith("!"))
        for name, kind in types.items()
    ]
    targets = {name: of for name, (of, _) in references.items()}
    keys = dict(references.values())
    return _schema(columns, identity, targets, itself=table, key=keys.__getitem__)


def _key_of(table: str) -> str:
    return "uid" if table in ("sources", "losses", "published") else "slug"


def _column(table: str, name: str, kind: Mapping[str, Any], *, required: bool) -> dict[str, Any]:
    limits = {**kind.get("constraints", {}), **({"required": True} if required else {})}
    told = {"name": name, "type": kind["type"], "description": WORDS.get(f"{table}.{name}") or WORDS[name]}
    return {**told, "constraints": limits} if limits else told


def _type(field: Field) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": _TYPES.get(field.form, "string")}
    if field.words:
        kind["constraints"] = {"enum": list(field.words)}
    elif field.form is Form.FLAG:
        kind["constraints"] = {"enum": [FLAG]}
    elif limit := _LIMITS.get(field.name):
        kind["constraints"] = {"minimum": -limit, "maximum": limit}
    return kind


def _schema(
    columns: list[dict[str, Any]],
    identity: tuple[str, ...],
    references: Mapping[str, str],
    *,
    itself: str,
    key: Any,
) -> Schema:
    schema: dict[str, Any] = {"fields": columns, "missingValues": [""], "primaryKey": list(identity)}
    if references:
        schema["foreignKeys"] = [
            {
                "fields": [name],
                "reference": {"resource": "" if table == itself else table.replace("_", "-"), "fields": [key(table)]},
            }
            for name, table in references.items()
        ]
    return schema
