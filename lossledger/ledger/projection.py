"""The projection: the tables that show each subject as its entries leave it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    update,
)

from lossledger.core.fields import REDACTED, Field, Form, State, children
from lossledger.core.links import link_key, short_hash
from lossledger.core.records import KINDS
from lossledger.core.trail import loss_day, outcome
from lossledger.db.keys import Keys
from lossledger.db.tables import CHILDREN, DERIVED, SUBJECTS, column_of, column_value

Row = dict[str, object]
IdOf = Callable[[str, str], object]
"""Gives what stands in a row for a subject that it refers to, by kind and key: its row id, or its key itself."""


def subject_row(kind: str, state: State, id_of: IdOf) -> Row:
    """The columns of a subject's row, but for its own id and key."""
    return _columns(KINDS[kind].fields, state, id_of) | _derived(kind, state)


def child_rows(kind: str, state: State, id_of: IdOf) -> dict[str, dict[str, Row]]:
    """The rows of a subject's children, without the subject's id: child to key to columns."""
    rows: dict[str, dict[str, Row]] = {}
    for child in KINDS[kind].children:
        rows[child.name] = {
            key: {child.key: int(key) if child.numbered else key} | _columns(child.fields, fields, id_of)
            for key, fields in children(state, child.name).items()
        }
    return rows


def _columns(fields: Sequence[Field], state: State, id_of: IdOf) -> Row:
    row: Row = {}
    for field in fields:
        text = state.get(field.name)
        if field.form is Form.REF:
            row[column_of(field)] = None if text is None else id_of(field.ref, text)
        else:
            row[field.name] = column_value(field, text)
    return row


def _derived(kind: str, state: State) -> Row:
    if kind not in DERIVED:
        return {}
    if kind == "source":
        url = state.get("url")
        return {"url_key": None if url in (None, REDACTED) else link_key(str(url))}
    own = loss_day(state)
    key = state.get("feed_key")
    feed_hash = None if key is None else short_hash(key)
    return {"day": own.day, "span": own.span, "outcome": outcome(state), "feed_hash": feed_hash}


class Projection:
    """Rows to be written, gathered so that many of a kind go to the database in one statement."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys
        self._new: dict[Table, dict[tuple[object, ...], Row]] = defaultdict(dict)
        self._changed: dict[Table, dict[tuple[object, ...], Row]] = defaultdict(dict)
        self._gone: dict[Table, dict[tuple[object, ...], Row]] = defaultdict(dict)

    def put(self, kind: str, key: str, before: State, after: State) -> None:
        """Have the tables show ``after`` where they showed ``before``; an empty state is no row."""
        own = SUBJECTS[kind]
        # All rows first: a reference to nothing is refused here, and then nothing is gathered, no id given.
        row = {KINDS[kind].key: key} | subject_row(kind, after, self._keys.id_of) if after else {}
        rows_of = child_rows(kind, after, self._keys.id_of)
        row_id = self._keys.id_of(kind, key) if before else self._keys.give(kind, key)
        for name, rows in rows_of.items():
            self._put_children(CHILDREN[kind, name], row_id, children(before, name), rows)
        if after:
            self._set(own, {"id": row_id}, row, known=bool(before))
        else:
            self._drop(own, {"id": row_id})
            self._keys.drop(kind, key)

    def _put_children(
        self,
        table: Table,
        owner: int,
        before: Mapping[str, Mapping[str, str]],
        after: Mapping[str, Row],
    ) -> None:
        owner_column, key_column = (column.name for column in table.primary_key)
        for key in before.keys() - after.keys():
            self._drop(
                table,
                {
                    owner_column: owner,
                    key_column: int(key) if key_column == "position" else key,
                },
            )
        for key, row in after.items():
            columns = dict(row)
            self._set(
                table,
                {owner_column: owner, key_column: columns.pop(key_column)},
                columns,
                known=key in before,
            )

    def _set(self, table: Table, key: Row, row: Row, *, known: bool) -> None:
        pending = self._new[table] if not known or tuple(key.values()) in self._new[table] else self._changed[table]
        pending[tuple(key.values())] = key | row

    def _drop(self, table: Table, key: Row) -> None:
        at = tuple(key.values())
        self._changed[table].pop(at, None)
        if self._new[table].pop(at, None) is None:
            self._gone[table][at] = key

    def flush(self) -> None:
        """Write what was gathered: what is new, referred before referring, then what changes.

        Children that go are gone before, since an alias may be another's now; subjects after, when nothing
        refers to them any more.
        """
        subjects, every = list(SUBJECTS.values()), [*SUBJECTS.values(), *CHILDREN.values()]
        for table in CHILDREN.values():
            self._delete(table)
        for table in every:
            if rows := list(self._new[table].values()):
                self._connection.execute(insert(table), rows)
        for table in every:
            self._update(table)
        for table in reversed(subjects):
            self._delete(table)
        for pending in (self._gone, self._new, self._changed):
            pending.clear()

    def _delete(self, table: Table) -> None:
        if keys := [_named(key) for key in self._gone[table].values()]:
            self._connection.execute(delete(table).where(_at(table)), keys)

    def _update(self, table: Table) -> None:
        keys = {column.name for column in table.primary_key}
        rows = [
            _named({name: row[name] for name in keys})
            | {name: value for name, value in row.items() if name not in keys}
            for row in self._changed[table].values()
        ]
        if rows:
            self._connection.execute(update(table).where(_at(table)), rows)


def _at(table: Table) -> ColumnElement[bool]:
    """The row whose primary key is given in parameters of a name that no column has."""
    return and_(*(column == bindparam(f"at_{column.name}") for column in table.primary_key))


def _named(key: Row) -> Row:
    return {f"at_{name}": value for name, value in key.items()}
