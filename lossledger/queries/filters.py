"""What a list of losses can be narrowed by: the fields of a loss, of its evidence, and of the row it came from."""

import json
from collections.abc import Iterable, Mapping
from functools import partial

from sqlalchemy import Connection, Table, and_, exists, select

from lossledger.core.names import fold, near
from lossledger.core.vocabulary import OUTCOMES, Counts, Relation, Status, Verification
from lossledger.db.tables import CHILDREN, SUBJECTS, evidence, loss
from lossledger.errors import UnknownName
from lossledger.queries import behind
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.held import held_losses
from lossledger.queries.losses import MERGED, WITHDRAWN, among
from lossledger.queries.matching import (
    Asked,
    Condition,
    Field,
    Reading,
    day,
    field_named,
    flag,
    matching,
    meets,
    number,
    read_as,
    text,
    through,
    word,
)
from lossledger.queries.names import resolve, whole_uid
from lossledger.queries.reviewed import SECOND_REVIEWED

_rows, _events = (CHILDREN["loss", name] for name in ("row", "event"))


def conditions(connection: Connection, known: Catalogue, conflict: str, asked: Iterable[Asked]) -> list[Condition]:
    """The conditions on ``loss`` that are asked for; names are the catalogue's, sides those of a conflict.

    Errors: UnknownName for a field or a name that there is none of, Refused for a value that cannot be.
    """
    reading = Reading(connection, known, conflict)
    return [meets(reading, _field(one.field), one) for one in asked]


def _field(name: str) -> Field:
    """The field of a name; "admits.party" is the party of a source that admits the loss."""
    stance, dot, rest = name.rpartition(".")
    if not dot:
        return field_named(name, FIELDS, _HELP)
    if stance not in tuple(Relation):
        raise UnknownName("stance", stance, near(stance, Relation), f"there are: {', '.join(Relation)}")
    return field_named(rest, behind.fields(Relation(stance)), _HELP)


_HELP = "see: lossledger list --help"


def _term(kind: str) -> Field:
    """A side, heading or type with those under it; a feed by itself."""
    column = loss.c[f"{kind}_id"]

    def equal(reading: Reading, text: str) -> Condition:
        slug = resolve(reading.connection, kind, text, reading.conflict)
        terms = reading.known.terms[kind]
        return column.in_(sorted(terms[one].id for one in reading.known.below(kind, slug)))

    def containing(reading: Reading, text: str) -> Condition:
        terms = reading.known.terms[kind].values()
        return column.in_(sorted(term.id for term in terms if fold(text) in fold(term.name)))

    return Field(lambda _: column.is_not(None), equal, containing)


def _group() -> Field:
    categories = SUBJECTS["category"]
    own = text(categories.c.group)
    return through(own, lambda found: loss.c.category_id.in_(select(categories.c.id).where(found)))


def _candidates() -> Field:
    column = loss.c.candidates

    def equal(reading: Reading, text: str) -> Condition:
        below = reading.known.below("type", resolve(reading.connection, "type", text))
        return matching(reading, column, lambda value: not below.isdisjoint(json.loads(value)))

    def containing(reading: Reading, text: str) -> Condition:
        names = {slug: fold(term.name) for slug, term in reading.known.terms["type"].items()}
        return matching(
            reading, column, lambda value: any(fold(text) in names.get(slug, "") for slug in json.loads(value))
        )

    return Field(lambda _: column.is_not(None), equal, containing)


def _other(name: str) -> Field:
    """A loss that another field of a loss points to, by its id or any unique beginning of it."""
    other = loss.alias(f"the_{name}")

    def equal(reading: Reading, text: str) -> Condition:
        return other.c.uid == whole_uid(reading.connection, "loss", text)

    field = text(other.c.uid)._replace(equal=equal)
    return through(field, lambda found: loss.c[f"{name}_id"].in_(select(other.c.id).where(found)))


def _of_child(child: Table, found: Condition) -> Condition:
    return loss.c.id.in_(select(child.c.loss_id).where(found))


def _tags() -> Field:
    return read_as(loss.c.tags, json.loads)


FIELDS: Mapping[str, Field] = {
    **{kind: _term(kind) for kind in ("side", "category", "type", "feed")},
    "group": _group(),
    "candidates": _candidates(),
    "quantity": number(loss.c.quantity),
    "counts": word(loss.c.counts, Counts),
    "status": word(loss.c.status, Status),
    "outcome": word(loss.c.outcome, OUTCOMES),
    "event": through(word(_events.c.status, OUTCOMES), partial(_of_child, _events)),
    **{name: text(loss.c[name]) for name in ("phrase", "cause", "captor", "name", "fittings", "circumstance")},
    **{name: day(loss.c[name]) for name in ("day", "earliest", "latest", "reported", "feed_day")},
    "exact_day": flag(and_(loss.c.earliest == loss.c.latest, loss.c.inferred.is_(None))),
    "inferred": flag(loss.c.inferred.is_not(None)),
    **{name: text(loss.c[name]) for name in ("place", "unit", "note", "feed_key")},
    "coordinates": flag(loss.c.latitude.is_not(None)),
    "tag": _tags(),
    "verification": word(loss.c.verification, Verification),
    "verified_by": text(loss.c.verified_by),
    "relation": through(word(evidence.c.relation, Relation), partial(_of_child, evidence)),
    **behind.fields(),
    "reported_by": behind.BY_REPORTERS,
    "decided_by": behind.BY_DECIDERS,
    "second_reviewed": flag(SECOND_REVIEWED),
    "merged": flag(MERGED),
    "withdrawn": flag(WITHDRAWN),
    **{name: _other(name) for name in ("merged_into", "split_from")},
    "held": Field(lambda reading: among(loss.c.id, [one.id for one in held_losses(reading.connection)])),
    "gone": flag(exists().where(_rows.c.loss_id == loss.c.id, _rows.c.gone.is_not(None)).correlate(loss)),
}
"""Every field that a list can be narrowed by."""
