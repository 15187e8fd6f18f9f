"""The projection: the tables that show each subject as its entries leave it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, update

from lossledger.core.fields import REDACTED, Child, Field, Form, State, children
from lossledger.core.links import link_key, short_hash
from lossledger.core.records import KINDS
from lossledger.core.trail import loss_day, outcome
from lossledger.db.bulk import insert_rows
from lossledger.db.keys import Keys
from lossledger.db.tables import CHILDREN, DERIVED, SUBJECTS, column_of, column_value

Row = dict[str, object]
Values = list[object]
"""The values of a row, in the order of its table's columns: first its id or its owner's, then its key."""

IdOf = Callable[[str, str], object]
"""Gives what stands in a row for a subject that it refers to, by kind and key: its row id, or its key itself."""


class _Shape(NamedTuple):
    """How the fields of a subject or a child become a row: where in it each stands, and how its text is read."""

    table: Table
    names: tuple[str, ...]
    empty: Values
    fields: Mapping[str, tuple[int, Field, bool]]
    """By the field's name: its place, the field, and whether its text stands there as it is."""


_AS_THEY_ARE = frozenset((Form.LINE, Form.TEXT, Form.URL, Form.LIST, Form.WORD, Form.DAY, Form.INSTANT))
"""The forms whose texts stand in their columns."""


def _shape(table: Table, fields: Sequence[Field]) -> _Shape:
    names = tuple(table.columns.keys())
    places = {field.name: (names.index(column_of(field)), field, field.form in _AS_THEY_ARE) for field in fields}
    return _Shape(table, names, [None] * len(names), places)


@cache
def _own(kind: str) -> _Shape:
    return _shape(SUBJECTS[kind], KINDS[kind].fields)


@cache
def _parts(kind: str) -> dict[str, tuple[_Shape, Child]]:
    """The shapes of a kind's children, by their names."""
    return {child.name: (_shape(CHILDREN[kind, child.name], child.fields), child) for child in KINDS[kind].children}


def subject_row(kind: str, state: State, id_of: IdOf) -> Row:
    """The columns of a subject's row, but for its own id and key."""
    return dict(zip(_own(kind).names[2:], _subject_values(kind, state, id_of)[2:], strict=True))


def child_rows(kind: str, state: State, id_of: IdOf) -> dict[str, dict[str, Row]]:
    """The rows of a subject's children, without the subject's id: child to key to columns."""
    names = {child: shape.names[1:] for child, (shape, _) in _parts(kind).items()}
    return {
        child: {key: dict(zip(names[child], values[1:], strict=True)) for key, values in rows.items()}
        for child, rows in _child_values(kind, state, id_of).items()
    }


def _subject_values(kind: str, state: State, id_of: IdOf) -> Values:
    """A subject's row, its id and key left open."""
    shape = _own(kind)
    values, fields = shape.empty.copy(), shape.fields
    for name, text in state.items():
        if name in fields:
            place, field, as_it_is = fields[name]
            values[place] = text if as_it_is else _read(field, text, id_of)
    if kind in DERIVED:
        derived = _derived(kind, state)
        values[-len(derived) :] = derived
    return values


def _child_values(kind: str, state: State, id_of: IdOf) -> dict[str, dict[str, Values]]:
    """The rows of a subject's children by name and key, their owner's id left open."""
    parts = _parts(kind)
    rows: dict[str, dict[str, Values]] = {name: {} for name in parts}
    for path, text in state.items():
        name, dot, rest = path.partition(".")
        if not dot or name not in parts:
            continue
        key, _, own = rest.rpartition(".")
        shape, child = parts[name]
        values = rows[name].get(key)
        if values is None:
            values = rows[name][key] = shape.empty.copy()
            values[1] = int(key) if child.numbered else key
        if own in shape.fields:
            place, field, as_it_is = shape.fields[own]
            values[place] = text if as_it_is else _read(field, text, id_of)
    return rows


def _read(field: Field, text: str, id_of: IdOf) -> object:
    return id_of(field.ref, text) if field.form is Form.REF else column_value(field, text)


def _derived(kind: str, state: State) -> tuple[object, ...]:
    """The last columns of a row, which follow from the others, in the order of `DERIVED`."""
    if kind == "source":
        url = state.get("url")
        return (None if url is None or url == REDACTED else link_key(url),)
    own = loss_day(state)
    key = state.get("feed_key")
    return own.day, own.span, outcome(state), None if key is None else short_hash(key)


class Projection:
    """Rows to be written, gathered so that many of a kind go to the database in one statement."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys
        self._new: dict[Table, dict[tuple[object, ...], Values]] = defaultdict(dict)
        self._changed: dict[Table, dict[tuple[object, ...], Values]] = defaultdict(dict)
        self._gone: dict[Table, set[tuple[object, ...]]] = defaultdict(set)

    def put(self, kind: str, key: str, before: State, after: State) -> None:
        """Have the tables show ``after`` where they showed ``before``; an empty state is no row.

        Errors: Refused for a reference to nothing. Then nothing is gathered, and no id given.
        """
        own = SUBJECTS[kind]
        values = _subject_values(kind, after, self._keys.id_of) if after else []
        rows_of = _child_values(kind, after, self._keys.id_of)
        row_id = self._keys.id_of(kind, key) if before else self._keys.give(kind, key)
        for name, rows in rows_of.items():
            if rows or before:
                self._put_children(CHILDREN[kind, name], row_id, children(before, name) if before else {}, rows)
        if after:
            values[:2] = row_id, key
            self._set(own, (row_id,), values, known=bool(before))
        else:
            self._drop(own, (row_id,))
            self._keys.drop(kind, key)

    def _put_children(
        self,
        table: Table,
        owner: int,
        before: Mapping[str, Mapping[str, str]],
        after: Mapping[str, Values],
    ) -> None:
        for key in before.keys() - after.keys():
            self._drop(table, (owner, int(key) if "position" in table.c else key))
        for key, values in after.items():
            values[0] = owner
            self._set(table, (owner, values[1]), values, known=key in before)

    def _set(self, table: Table, at: tuple[object, ...], values: Values, *, known: bool) -> None:
        pending = self._changed if known and at not in self._new[table] else self._new
        pending[table][at] = values

    def _drop(self, table: Table, at: tuple[object, ...]) -> None:
        self._changed[table].pop(at, None)
        if self._new[table].pop(at, None) is None:
            self._gone[table].add(at)

    def flush(self) -> None:
        """Write what was gathered: what is new, referred before referring, then what changes.

        Children that go are gone before, since an alias may be another's now; subjects after, when nothing
        refers to them any more.
        """
        subjects, every = list(SUBJECTS.values()), [*SUBJECTS.values(), *CHILDREN.values()]
        for table in CHILDREN.values():
            self._delete(table)
        for table in every:
            if rows := self._new[table]:
                insert_rows(self._connection, table, tuple(table.columns.keys()), list(rows.values()))
        for table in every:
            self._update(table)
        for table in reversed(subjects):
            self._delete(table)
        for pending in (self._gone, self._new, self._changed):
            pending.clear()

    def _delete(self, table: Table) -> None:
        if gone := self._gone[table]:
            self._connection.execute(delete(table).where(_at(table)), [_named(table, at) for at in gone])

    def _update(self, table: Table) -> None:
        names = table.columns.keys()
        rows = [
            _named(table, at) | dict(zip(names[len(at) :], values[len(at) :], strict=True))
            for at, values in self._changed[table].items()
        ]
        if rows:
            self._connection.execute(update(table).where(_at(table)), rows)


def _at(table: Table) -> ColumnElement[bool]:
    """The row whose primary key is given in parameters of a name that no column has."""
    return and_(*(column == bindparam(f"at_{column.name}") for column in table.primary_key))


def _named(table: Table, at: tuple[object, ...]) -> Row:
    return {f"at_{column.name}": value for column, value in zip(table.primary_key, at, strict=True)}
