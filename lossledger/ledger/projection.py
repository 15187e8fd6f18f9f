"""The projection: the tables that show each subject as its entries leave it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, update

from lossledger.core.fields import REDACTED, Field, Form, State, children
from lossledger.core.links import link_key, short_hash
from lossledger.core.records import KINDS
from lossledger.core.trail import LossDay, loss_day, outcome
from lossledger.db.bulk import insert_rows
from lossledger.db.keys import Keys
from lossledger.db.tables import CHILDREN, DERIVED, SUBJECTS, column_of, column_value

Row = dict[str, object]
Values = list[object]
"""The values of a row, in the order of its table's columns: first its id or its owner's, then its key."""

IdOf = Callable[[str, str], object]
"""Gives what stands in a row for a subject that it refers to, by kind and key: its row id, or its key itself."""


class Shape(NamedTuple):
    """How the fields of a subject or a child become a row: where in it each stands, and how its text is read."""

    table: Table
    names: tuple[str, ...]
    empty: Values
    numbered: bool
    """Whether its key is a number, as a child's may be."""
    fields: Mapping[str, tuple[int, Field | None]]
    """By the field's name: its place, and the field where its text does not stand there as it is."""


_AS_THEY_ARE = frozenset((Form.LINE, Form.TEXT, Form.URL, Form.LIST, Form.WORD, Form.DAY, Form.INSTANT))
"""The forms whose texts stand in their columns."""


def _drawn(table: Table, fields: Sequence[Field], *, numbered: bool = False) -> Shape:
    names = tuple(table.columns.keys())
    places = {
        field.name: (names.index(column_of(field)), None if field.form in _AS_THEY_ARE else field) for field in fields
    }
    return Shape(table, names, [None] * len(names), numbered, places)


@cache
def shape(kind: str) -> Shape:
    """The shape of a kind of subject."""
    return _drawn(SUBJECTS[kind], KINDS[kind].fields)


@cache
def shapes_of_children(kind: str) -> dict[str, Shape]:
    """The shapes of a kind's children, by their names."""
    return {
        child.name: _drawn(CHILDREN[kind, child.name], child.fields, numbered=child.numbered)
        for child in KINDS[kind].children
    }


def subject_row(kind: str, state: State, id_of: IdOf) -> Row:
    """The columns of a subject's row, but for its own id and key."""
    values, _ = _rows_of(kind, state, id_of)
    return dict(zip(shape(kind).names[2:], values[2:], strict=True))


def child_rows(kind: str, state: State, id_of: IdOf) -> dict[str, dict[str, Row]]:
    """The rows of a subject's children, without the subject's id: child to key to columns."""
    names = {child: of.names[1:] for child, of in shapes_of_children(kind).items()}
    _, children_ = _rows_of(kind, state, id_of)
    return {
        child: {key: dict(zip(names[child], values[1:], strict=True)) for key, values in rows.items()}
        for child, rows in children_.items()
    }


Filled = tuple[Values, dict[str, dict[str, Values]]]
"""A subject's row, and those of its children by name and key; the subject's id and key are left open in them."""


def filled(kind: str, fields: State, id_of: IdOf) -> Filled:
    """The rows that say these fields. What is derived is left open."""
    own = shape(kind)
    values = own.empty.copy()
    rows: dict[str, dict[str, Values]] = {name: {} for name in shapes_of_children(kind)}
    for path, text in fields.items():
        if found := own.fields.get(path):
            place, field = found
            values[place] = text if field is None else read(field, text, id_of)
        elif "." in path:
            _set_child(kind, rows, path, text, id_of)
    return values, rows


Placed = tuple[Table, Values]
"""A row and the table in which it is to stand."""


def placed(kind: str, rows: Filled) -> list[Placed]:
    """The rows of a subject in their tables, its own first."""
    values, children_ = rows
    return [
        (SUBJECTS[kind], values),
        *((CHILDREN[kind, name], row) for name, found in children_.items() for row in found.values()),
    ]


def derived(kind: str, state: State) -> Values:
    """The last columns of a subject's row, which follow from its other fields, in the order of `DERIVED`."""
    if kind not in DERIVED:
        return []
    if kind != "loss":
        url = state.get("url")
        return [None if url is None or url == REDACTED else link_key(url)]
    return derived_of_loss(loss_day(state), outcome(state), state.get("feed_key"))


def derived_of_loss(own: LossDay, status: str, key: str | None) -> Values:
    """The last columns of a loss that goes by this day, came to this status, and has this key in its list."""
    return [own.day, own.span, status, None if key is None else short_hash(key)]


def _rows_of(kind: str, state: State, id_of: IdOf) -> Filled:
    rows = filled(kind, state, id_of)
    if last := derived(kind, state):
        rows[0][-len(last) :] = last
    return rows


def _set_child(kind: str, rows: dict[str, dict[str, Values]], path: str, text: str, id_of: IdOf) -> None:
    name, _, rest = path.partition(".")
    if name not in rows:
        return
    key, _, own = rest.rpartition(".")
    of = shapes_of_children(kind)[name]
    values = rows[name].get(key)
    if values is None:
        values = rows[name][key] = of.empty.copy()
        values[1] = int(key) if of.numbered else key
    if own in of.fields:
        place, field = of.fields[own]
        values[place] = text if field is None else read(field, text, id_of)


def read(field: Field, text: str, id_of: IdOf) -> object:
    """What stands in a row for a field's text."""
    return id_of(field.ref, text) if field.form is Form.REF else column_value(field, text)


At = tuple[object, ...]
"""Where a row stands: the values of its primary key."""


class Rows:
    """Rows to be written, gathered so that many of a table go to the database in one statement."""

    def __init__(self) -> None:
        self._new: dict[Table, dict[At, Values]] = defaultdict(dict)
        self._changed: dict[Table, dict[At, Values]] = defaultdict(dict)
        self._gone: dict[Table, set[At]] = defaultdict(set)

    def set(self, table: Table, at: At, values: Values, *, known: bool) -> None:
        """Have a row be so; ``known`` where it stands already."""
        pending = self._changed if known and at not in self._new[table] else self._new
        pending[table][at] = values

    def drop(self, table: Table, at: At) -> None:
        """Have a row be gone."""
        self._changed[table].pop(at, None)
        if self._new[table].pop(at, None) is None:
            self._gone[table].add(at)

    def write(self, connection: Connection) -> None:
        """Write what was gathered: what is new, referred before referring, then what changes.

        Children that go are gone before, since an alias may be another's now; subjects after, when nothing
        refers to them any more.
        """
        subjects, every = list(SUBJECTS.values()), [*SUBJECTS.values(), *CHILDREN.values()]
        for table in CHILDREN.values():
            self._delete(connection, table)
        for table in every:
            if rows := self._new[table]:
                insert_rows(connection, table, tuple(table.columns.keys()), list(rows.values()))
        for table in every:
            self._update(connection, table)
        for table in reversed(subjects):
            self._delete(connection, table)

    def _delete(self, connection: Connection, table: Table) -> None:
        if gone := self._gone[table]:
            connection.execute(delete(table).where(_at(table)), [_named(table, at) for at in gone])

    def _update(self, connection: Connection, table: Table) -> None:
        names = table.columns.keys()
        rows = [
            _named(table, at) | dict(zip(names[len(at) :], values[len(at) :], strict=True))
            for at, values in self._changed[table].items()
        ]
        if rows:
            connection.execute(update(table).where(_at(table)), rows)


def put(rows: Rows, keys: Keys, kind: str, key: str, before: State, after: State) -> None:
    """Have the tables show ``after`` where they showed ``before``; an empty state is no row.

    Errors: Refused for a reference to nothing. Then nothing is gathered, and no id given.
    """
    if not before:
        enter(rows, keys, kind, key, placed(kind, _rows_of(kind, after, keys.id_of)))
        return
    own = SUBJECTS[kind]
    values, children_ = _rows_of(kind, after, keys.id_of) if after else filled(kind, {}, keys.id_of)
    row_id = keys.id_of(kind, key)
    for name, found in children_.items():
        _put_children(rows, CHILDREN[kind, name], row_id, children(before, name), found)
    if after:
        values[:2] = row_id, key
        rows.set(own, (row_id,), values, known=True)
    else:
        rows.drop(own, (row_id,))
        keys.drop(kind, key)


def enter(rows: Rows, keys: Keys, kind: str, key: str, new: Sequence[Placed]) -> None:
    """Have the tables show a new subject, whose own row is the first."""
    row_id = keys.give(kind, key)
    (own, values), *children_ = new
    values[:2] = row_id, key
    rows.set(own, (row_id,), values, known=False)
    for table, values in children_:
        values[0] = row_id
        rows.set(table, (row_id, values[1]), values, known=False)


def _put_children(
    rows: Rows, table: Table, owner: int, before: Mapping[str, Mapping[str, str]], after: Mapping[str, Values]
) -> None:
    for key in before.keys() - after.keys():
        rows.drop(table, (owner, int(key) if "position" in table.c else key))
    for key, values in after.items():
        values[0] = owner
        rows.set(table, (owner, values[1]), values, known=key in before)


def _at(table: Table) -> ColumnElement[bool]:
    """The row whose primary key is given in parameters of a name that no column has."""
    return and_(*(column == bindparam(f"at_{column.name}") for column in table.primary_key))


def _named(table: Table, at: At) -> Row:
    return {f"at_{column.name}": value for column, value in zip(table.primary_key, at, strict=True)}
