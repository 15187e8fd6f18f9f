"""Invariant 2, the fold: the entries give every row of every other table, and the tables hold no other row."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from lossledger.checks.findings import IMPOSSIBLE, Finding, shown, unreadable
from lossledger.checks.subjects import Subject, child_columns, own_columns, subjects, unshown
from lossledger.core.fields import REDACTED, State, generic
from lossledger.core.public_view import HIDDEN_KINDS
from lossledger.core.records import ACT_FIELDS, KINDS
from lossledger.db.tables import CHILDREN, SUBJECTS, TABLE_OF
from lossledger.db.tables import entry as entries
from lossledger.ledger.projection import child_rows, subject_row
from lossledger.queries.streams import AnyRow

CHECK = "fold"

_OWN = {kind.name: {field.name for field in kind.fields} | ACT_FIELDS.keys() for kind in KINDS.values()}
"""The fields that an entry on a kind may tell of the subject and the act itself."""

_CHILDRENS = {
    kind.name: {f"{child.name}.{field.name}" for child in kind.children for field in child.fields}
    for kind in KINDS.values()
}
"""The fields that it may tell of a child, as `generic` writes them."""


def catalogue(connection: Connection) -> Iterator[Finding]:
    """Compare the tables of every kind but losses, which `losses` compares, with their entries."""
    for kind in KINDS:
        if kind != "loss":
            for subject in subjects(connection, kind):
                yield from differences(subject) if isinstance(subject, Subject) else (subject,)


def rows(connection: Connection) -> Iterator[Finding]:
    """Subjects of any kind that entries make and no row shows, that two rows show, or of no known kind."""
    for kind in KINDS:
        for key, state in unshown(connection, kind):
            if state and not _untold(kind, state):
                yield Finding(CHECK, _place(kind, key), "its row is missing")
        name = SUBJECTS[kind].c[KINDS[kind].key]
        for (key,) in connection.execute(select(name).group_by(name).having(func.count() > 1)):
            yield Finding(CHECK, _place(kind, key), "it has more than one row")
    strange = select(entries.c.number, entries.c.kind).where(entries.c.kind.not_in(KINDS)).order_by(entries.c.number)
    for number, kind in connection.execute(strange):
        yield Finding(CHECK, f"entry {number}", f"there is no kind {shown(kind)}")


def _untold(kind: str, state: State) -> bool:
    """Whether a public copy, from which the ledger was restored, told nothing of a subject; then no row shows it."""
    return kind in HIDDEN_KINDS and set(state.values()) == {REDACTED}


def differences(subject: Subject) -> Iterator[Finding]:
    """What a subject's rows show otherwise than its entries say."""
    place = _place(subject.kind, subject.key)
    for step in subject.steps:
        for field in step.fields:
            if field not in _OWN[subject.kind] and not _of_child(subject.kind, field):
                yield Finding(CHECK, f"entry {step.number}", f"a {subject.kind} has no field {shown(field)}")
    if not subject.state:
        yield Finding(CHECK, place, "no entry makes this row")
        return
    try:
        expected = subject_row(subject.kind, subject.state, _by_name)
        parts = child_rows(subject.kind, subject.state, _by_name)
    except IMPOSSIBLE as error:
        yield Finding(CHECK, place, f"its entries make no row: {unreadable(error)}")
        return
    yield from _columns(place, own_columns(subject.kind), subject.row, expected)
    for child, found in subject.children.items():
        if found or parts[child]:
            yield from _children(subject, child, found, parts[child])


def _of_child(kind: str, field: object) -> bool:
    """Whether a path leads to a child's field, with a key in between."""
    return isinstance(field, str) and field.count(".") >= 2 and generic(field) in _CHILDRENS[kind]


def _by_name(_kind: str, key: str) -> str:
    """References are compared by slug and uid, so a row that another took the place of is found."""
    return key


def _columns(
    place: str, names: tuple[str, ...], found: tuple[object, ...], expected: dict[str, object]
) -> Iterator[Finding]:
    if found == tuple(map(expected.get, names)):
        return
    for name, value in zip(names, found, strict=True):
        if value != expected.get(name):
            wrong = f"is {shown(value)}, but the entries say {shown(expected.get(name))}"
            yield Finding(CHECK, f"{place}, column {name}", wrong)


def _children(
    subject: Subject, child: str, found: list[AnyRow], expected: dict[str, dict[str, object]]
) -> Iterator[Finding]:
    names = child_columns(subject.kind, child)
    owner = f"table {CHILDREN[subject.kind, child].name}, of {subject.kind} {_short(subject.key)}"
    wanted = {row[names[0]]: row for row in expected.values()}
    for row in found:
        place = f"{owner}, {names[0]} {_short(row[1])}"
        if row[1] in wanted:
            yield from _columns(place, names, tuple(row[1:]), wanted.pop(row[1]))
        else:
            yield Finding(CHECK, place, "no entry makes this row")
    for key in wanted:
        yield Finding(CHECK, f"{owner}, {names[0]} {_short(key)}", "its row is missing")


def _place(kind: str, key: object) -> str:
    return f"table {TABLE_OF[kind]}, {KINDS[kind].key} {_short(key)}"


def _short(key: object) -> str:
    return shown(key).strip("'")
