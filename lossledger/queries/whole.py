"""All of a ledger, table by table, as the texts of its fields; for what takes the whole of it along."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, select

from lossledger.core.fields import Field
from lossledger.core.package_layout import Layout, cell_of, referred_first
from lossledger.core.records import KINDS
from lossledger.db.tables import CHILDREN, SUBJECTS, TABLE_OF, column_of, loss, text_of
from lossledger.queries.streams import legible, stream

Texts = dict[str, str]
"""The fields that have a value, as texts, by name."""


def subjects(connection: Connection, kind: str) -> Iterator[tuple[str, Texts]]:
    """Every subject of a kind as the tables show it, by its key, in the order in which they were entered."""
    table, fields = SUBJECTS[kind], KINDS[kind].fields
    statement = legible(table, table.c[KINDS[kind].key], tuple(map(column_of, fields))).order_by(table.c.id)
    for key, *values in stream(connection, statement):
        yield key, _texts(fields, values)


def children(connection: Connection, kind: str, child: str) -> Iterator[tuple[str, str, Texts]]:
    """Every child of one name, with the keys of its owner and its own: owner by owner, in the order of the keys."""
    table, owners = CHILDREN[kind, child], SUBJECTS[kind]
    described = next(one for one in KINDS[kind].children if one.name == child)
    owner = table.c[f"{TABLE_OF[kind]}_id"]
    key = table.c[described.key]
    shown = legible(table, key, tuple(map(column_of, described.fields)))
    statement = (
        shown.join(owners, owners.c.id == owner)
        .add_columns(owners.c[KINDS[kind].key].label("owner"))
        .order_by(owner, key)
    )
    for own, *values, of in stream(connection, statement):
        yield of, str(own), _texts(described.fields, values)


def table(connection: Connection, drawn: Layout) -> Iterator[tuple[str, ...]]:
    """The rows of one of a package's tables, each a text a column; what one refers to within the table is before it."""
    found: Iterable[tuple[tuple[str, ...], Mapping[str, str]]]
    if drawn.child is None:
        found = (((key,), told) for key, told in referred_first(subjects(connection, drawn.kind), drawn.kind))
    else:
        found = _of_children(connection, drawn)
    for keys, told in found:
        yield (*keys, *(cell_of(field, told[name]) if name in told else "" for name, field in drawn.fields.items()))


def _of_children(connection: Connection, drawn: Layout) -> Iterator[tuple[tuple[str, ...], Texts]]:
    for owner, own, told in children(connection, drawn.kind, drawn.child or ""):
        keys = {drawn.kind: owner}
        yield tuple(keys.get(column, own) for column in drawn.keys), told


def merges(connection: Connection) -> Iterator[tuple[str, str]]:
    """Every loss that is merged into another, and that other."""
    into = loss.alias()
    statement = select(loss.c.uid, into.c.uid).join(into, into.c.id == loss.c.merged_into_id).order_by(loss.c.id)
    yield from ((one, other) for one, other in stream(connection, statement))


def _texts(fields: tuple[Field, ...], values: list[object]) -> Texts:
    return {
        field.name: text
        for field, value in zip(fields, values, strict=True)
        if (text := text_of(field, value)) is not None
    }
