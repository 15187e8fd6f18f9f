"""The fields of any subject as people read them: what a field refers to stands there by its name."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select

from lossledger.core.fields import Form
from lossledger.core.records import KINDS
from lossledger.db.tables import CHILDREN, SUBJECTS, TABLE_OF, column_of

Record = dict[str, Any]

NAMED_BY = {"loss": "uid", "source": "uid", "feed": "slug"}
"""By what a subject of a kind is told where it has no name, or one that is not used."""

LIST_OF = {"candidates": "type", "types": "type", "categories": "category"}
"""The fields that hold a list of slugs, and of what."""


def fields_of(kind: str, *before: ColumnElement[Any]) -> Select[Any]:
    """A statement for every field of the subjects of a kind, after the columns given."""
    subjects = SUBJECTS[kind]
    columns = list(before)
    joined: FromClause = subjects
    for field in KINDS[kind].fields:
        if field.form is not Form.REF:
            columns.append(subjects.c[field.name])
            continue
        other = SUBJECTS[field.ref].alias(f"its_{field.name}")
        joined = joined.join(other, other.c.id == subjects.c[column_of(field)], isouter=True)
        columns.append(other.c[NAMED_BY.get(field.ref, "name")])
    return select(*columns).select_from(joined)


def read(kind: str, row: Sequence[Any], names: Mapping[str, Mapping[str, str]]) -> Record:
    """The fields of a row of such a statement: flags as truths, a list's parts between bars.

    ``names`` gives the names of types and categories by slug.
    """
    record = {}
    for field, value in zip(KINDS[kind].fields, row, strict=True):
        if field.form is Form.FLAG:
            value = bool(value)
        elif field.form is Form.LIST and value is not None:
            known = names.get(LIST_OF.get(field.name, ""), {})
            value = "|".join(known.get(part, part) for part in json.loads(value))
        record[field.name] = value
    return record


def subjects(connection: Connection, kind: str, key: str | None = None) -> dict[str, Record]:
    """The subjects of a kind, or the one of a key, with every field and, where they have names, their other names."""
    key_column = SUBJECTS[kind].c[KINDS[kind].key]
    statement = fields_of(kind, key_column)
    names = {of: _names(connection, of) for of in ("type", "category")} if kind == "published" else {}
    if key is not None:
        statement = statement.where(key_column == key)
    found = {row[0]: read(kind, row[1:], names) for row in connection.execute(statement)}
    if (kind, "alias") in CHILDREN:
        aliases = other_names(connection, kind)
        for slug, record in found.items():
            record["aliases"] = "|".join(name for name in aliases.get(slug, ()) if name != record["name"])
    return found


def _names(connection: Connection, kind: str) -> dict[str, str]:
    terms = SUBJECTS[kind]
    return {row.slug: row.name for row in connection.execute(select(terms.c.slug, terms.c.name))}


def other_names(connection: Connection, kind: str) -> dict[str, dict[str, str | None]]:
    """The aliases of each subject of a kind, its own name included, each with why it is one where that is known."""
    aliases, owners = CHILDREN[kind, "alias"], SUBJECTS[kind]
    why = [aliases.c.kind] if "kind" in aliases.c else []
    statement = select(owners.c.slug, aliases.c.name, *why).join(
        owners, owners.c.id == aliases.c[f"{TABLE_OF[kind]}_id"]
    )
    found: dict[str, dict[str, str | None]] = {}
    for slug, name, *reason in connection.execute(statement.order_by(aliases.c.name)):
        found.setdefault(slug, {})[name] = reason[0] if reason else None
    return found


def below(connection: Connection, kind: str, key: str) -> list[str]:
    """The names of what stands directly under a side or a type in its tree."""
    subjects_ = SUBJECTS[kind]
    if "parent_id" not in subjects_.c:
        return []
    above = subjects_.alias()
    statement = select(subjects_.c.name).join(above, above.c.id == subjects_.c.parent_id).where(above.c.slug == key)
    return sorted(connection.scalars(statement))


def cited(connection: Connection, kind: str, key: str) -> int:
    """How many losses stand under a side, a category or a type itself, or rest on a source."""
    subjects_, losses = SUBJECTS[kind], SUBJECTS["loss"]
    if kind == "source":
        evidence = CHILDREN["loss", "evidence"]
        rests = evidence.join(subjects_, subjects_.c.id == evidence.c.source_id)
        statement = select(func.count(evidence.c.loss_id.distinct())).select_from(rests)
    else:
        stands = losses.join(subjects_, subjects_.c.id == losses.c[f"{kind}_id"])
        statement = select(func.count()).select_from(stands)
    return connection.scalar(statement.where(subjects_.c[KINDS[kind].key] == key)) or 0
