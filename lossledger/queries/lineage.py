"""What was done to a subject, step by step: who, when, why, and which fields it changed."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from lossledger.core.digest import Detail
from lossledger.core.fields import REDACTED, Kind, State, child_path, children
from lossledger.core.fold import fold, spread
from lossledger.core.records import ACT_FIELDS, KINDS
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import source
from lossledger.queries.history import OF_THE_ACT, Told, of_subject


class Change(NamedTuple):
    """What a step did to one field; None where there was, or is, nothing."""

    field: str
    old: str | None
    new: str | None


class Step(NamedTuple):
    """One entry as a person reads it. ``parts`` are the losses that it split off its subject."""

    number: int
    recorded_at: str
    subject: str
    act: str
    act_id: str
    actor: str
    reason: str | None
    changes: tuple[Change, ...]
    parts: tuple[str, ...] = ()


def steps(connection: Connection, kind: str, key: str) -> list[Step]:
    """The steps of one subject, oldest first; none where there is no such subject."""
    return steps_of(of_subject(connection, kind, key), {})


def lineage(connection: Connection, uid: str) -> list[Step]:
    """The steps of a loss, oldest first; those of a part begin with its whole's, up to the split.

    So ten claimed tanks of which three are shown have one history.
    """
    told = of_subject(connection, "loss", uid)
    whole = told[0].about("split_from") if told else None
    if whole is None:
        return with_parts(connection, uid, steps_of(told, {}))
    split = told[0].entry
    earlier = (one for one in of_subject(connection, "loss", whole) if one.entry.number < split.number)
    before = _folded(one for one in earlier if one.entry.act_id != split.act_id)
    first, *later = with_parts(connection, uid, steps_of(told, _as_copied(before, told[0].details)))
    own = first._replace(changes=tuple(change for change in first.changes if change.old != change.new))
    return [*(step for step in lineage(connection, whole) if step.number < split.number), own, *later]


def links(connection: Connection, found: Iterable[Step]) -> dict[str, str]:
    """What the sources that steps speak of are known by, by their ids: their links, or else their titles."""
    cited = (change for step in found for change in step.changes if change.field.endswith(".source"))
    uids = {uid for change in cited for uid in (change.old, change.new) if uid}
    statement = select(source.c.uid, source.c.url, source.c.title).where(source.c.uid.in_(uids))
    return {uid: url or title for uid, url, title in connection.execute(statement) if url or title}


def with_parts(connection: Connection, uid: str, found: list[Step]) -> list[Step]:
    """The steps of a loss, each with the losses that it split off."""
    splits = {step.act_id for step in found if step.act == Act.SPLIT and step.subject == uid}
    if not splits:
        return found
    statement = (
        select(entries.c.act_id, entries.c.subject)
        .join(details, (details.c.entry == entries.c.number) & (details.c.field == "split_from"))
        .where(entries.c.act_id.in_(splits), entries.c.kind == "loss", details.c.value == uid)
        .order_by(entries.c.number)
    )
    split_off = connection.execute(statement).all()
    return [
        step._replace(parts=tuple(part for act_id, part in split_off if act_id == step.act_id))
        if step.act == Act.SPLIT and step.subject == uid
        else step
        for step in found
    ]


def _folded(told: Iterable[Told]) -> State:
    state: State = {}
    for one in told:
        state = fold(state, one.details)
    return state


def _as_copied(whole: State, part: Iterable[Detail]) -> State:
    """The state of a whole as its part received it: a part's copies of evidence have ids of their own."""
    own = children(fold({}, part), "evidence")
    state = {path: value for path, value in whole.items() if path.partition(".")[0] not in ("evidence", "row")}
    given = list(children(whole, "evidence").values())
    for key, fields in own.items():
        if fields in given:
            given.remove(fields)
            state |= {child_path("evidence", key, name): value for name, value in fields.items()}
    own_fields = {detail.field for detail in spread(part)}
    # What a part does not have (its whole's key in a feed, say) is no change that anybody made to it.
    return {path: value for path, value in state.items() if path in own_fields}


def steps_of(told: Iterable[Told], state: State) -> list[Step]:
    """The entries of one subject as steps, oldest first; ``state`` is what it was before them."""
    found = []
    for one in told:
        entry, of_entry = one.entry, one.details
        after = fold(state, of_entry)
        said = {detail.field: REDACTED if detail.redacted else detail.value for detail in spread(of_entry)}
        changes = [
            Change(field, None, value) if field in ACT_FIELDS else Change(field, state.get(field), after.get(field))
            for field, value in sorted(said.items(), key=lambda item: _rank(entry.kind, item[0]))
            if field not in OF_THE_ACT
        ]
        found.append(
            Step(
                entry.number,
                entry.recorded_at,
                entry.subject,
                entry.act,
                entry.act_id,
                _text(one, "actor") or "",
                _text(one, "reason"),
                tuple(changes),
            )
        )
        state = after
    return found


def _text(one: Told, field: str) -> str | None:
    """What an entry says of its act."""
    said = one.said(field)
    return said and (REDACTED if said.redacted else said.value)


def _rank(kind: str, path: str) -> tuple[int, str, int]:
    """Fields in the order of the records, those of children after them, child by child."""
    child, _, rest = path.partition(".")
    key, _, name = rest.rpartition(".")
    order = _ORDER[kind]
    return (order[child], key, order[f"{child}.{name}" if rest else child])


def _names(kind: Kind) -> Iterator[str]:
    yield from (field.name for field in kind.fields)
    for child in kind.children:
        yield child.name
        yield from (f"{child.name}.{field.name}" for field in child.fields)
    yield from ACT_FIELDS


_ORDER = {kind.name: {name: place for place, name in enumerate(_names(kind))} for kind in KINDS.values()}
"""The place of each field of a kind: its own, then its children's, last those of an act."""
