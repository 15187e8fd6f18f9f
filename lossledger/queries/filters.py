"""What a list of losses can be narrowed by: the fields of a loss, of its evidence, and of the row it came from."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, case, exists, select

from lossledger.core.days import parse_days
from lossledger.core.links import host_of
from lossledger.core.names import fold, near
from lossledger.core.text import quoted
from lossledger.core.vocabulary import (
    CREDIBILITY,
    OUTCOMES,
    Counts,
    Relation,
    Reliability,
    SourceKind,
    Status,
    Verification,
)
from lossledger.db.tables import CHILDREN, SUBJECTS, evidence, loss, source
from lossledger.errors import Refused, UnknownName
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.held import held_losses
from lossledger.queries.losses import FILE_HELD, MERGED, WITHDRAWN, among
from lossledger.queries.names import resolve, whole_uid

Condition = ColumnElement[bool]

_rows, _events = (CHILDREN["loss", name] for name in ("row", "event"))
_RANGE = re.compile(r"([0-9]{1,18})?(\.\.)?([0-9]{1,18})?")


class Asked(NamedTuple):
    """One condition on one field: ``equal`` to a value, or ``containing`` a text, or there at all; or not so."""

    field: str
    equal: str | None = None
    containing: str | None = None
    negated: bool = False


class _Field(NamedTuple):
    """How a field is searched: when it is there, when it equals a value, when it contains a text."""

    there: Callable[["_Reading"], Condition]
    equal: Callable[["_Reading", str], Condition] | None = None
    containing: Callable[["_Reading", str], Condition] | None = None


class _Reading(NamedTuple):
    """What names and values are resolved with."""

    connection: Connection
    known: Catalogue
    conflict: str


def conditions(connection: Connection, known: Catalogue, conflict: str, asked: Iterable[Asked]) -> list[Condition]:
    """The conditions on ``loss`` that are asked for; names are the catalogue's, sides those of a conflict.

    Errors: UnknownName for a field or a name that there is none of, Refused for a value that cannot be.
    """
    reading = _Reading(connection, known, conflict)
    return [_condition(reading, one) for one in asked]


def _condition(reading: _Reading, asked: Asked) -> Condition:
    field = FIELDS.get(asked.field)
    if field is None:
        raise UnknownName("field", asked.field, near(asked.field, FIELDS), "see: lossledger list --help")
    if asked.equal is None and asked.containing is None:
        found = field.there(reading)
    elif field.equal is None or field.containing is None:
        raise Refused(f"{asked.field} is there or it is not: write {asked.field} or !{asked.field}")
    elif asked.equal is not None:
        found = field.equal(reading, asked.equal.strip())
    elif fold(asked.containing or ""):
        found = field.containing(reading, str(asked.containing))
    else:
        raise Refused(f"{asked.field}~ needs a text to look for")
    # What is not known is not so: a loss without a place is not at the bridge.
    return case((found, 1), else_=0) == 0 if asked.negated else found


# Texts are compared as folded, which no database does: the values that there are, each once, are looked through here.


def _matching(reading: _Reading, column: ColumnElement[Any], matches: Callable[[str], bool]) -> Condition:
    values = reading.connection.scalars(select(column).where(column.is_not(None)).distinct())
    return among(column, [value for value in values if matches(str(value))])


def _read_as(column: ColumnElement[Any], parts: Callable[[str], Collection[str]]) -> _Field:
    """A column whose texts are read into parts, any of which may match."""

    def equal(reading: _Reading, text: str) -> Condition:
        return _matching(reading, column, lambda value: fold(text) in map(fold, parts(value)))

    def containing(reading: _Reading, text: str) -> Condition:
        return _matching(reading, column, lambda value: any(fold(text) in fold(part) for part in parts(value)))

    return _Field(lambda _: column.is_not(None), equal, containing)


def _text(column: ColumnElement[Any]) -> _Field:
    return _read_as(column, lambda value: [value])


def _word(column: ColumnElement[Any], words: Iterable[str]) -> _Field:
    known = tuple(str(word) for word in words)

    def equal(_: _Reading, text: str) -> Condition:
        if text not in known:
            raise Refused(f"{column.key} {quoted(text)} is not one of: {', '.join(known)}")
        return column == text

    return _text(column)._replace(equal=equal)


def _number(column: ColumnElement[Any]) -> _Field:
    def equal(_: _Reading, text: str) -> Condition:
        found = _RANGE.fullmatch(text)
        if not found or not (found[1] or found[3]):
            raise Refused(f"{column.key} {quoted(text)} is no number or range; write 10, 10..20, 10.. or ..20")
        ends = ((found[1], column.bool_op(">=")), (found[3] if found[2] else found[1], column.bool_op("<=")))
        return and_(*(compare(int(end)) for end, compare in ends if end))

    return _text(column)._replace(equal=equal)


def _day(column: ColumnElement[Any]) -> _Field:
    def equal(_: _Reading, text: str) -> Condition:
        days = parse_days(text)
        ends = ((days.earliest, column.bool_op(">=")), (days.latest, column.bool_op("<=")))
        return and_(*(compare(day) for day, compare in ends if day is not None))

    return _text(column)._replace(equal=equal)


def _term(kind: str) -> _Field:
    """A side, heading or type with those under it; a feed by itself."""
    column = loss.c[f"{kind}_id"]

    def equal(reading: _Reading, text: str) -> Condition:
        slug = resolve(reading.connection, kind, text, reading.conflict)
        terms = reading.known.terms[kind]
        return column.in_(sorted(terms[one].id for one in reading.known.below(kind, slug)))

    def containing(reading: _Reading, text: str) -> Condition:
        terms = reading.known.terms[kind].values()
        return column.in_(sorted(term.id for term in terms if fold(text) in fold(term.name)))

    return _Field(lambda _: column.is_not(None), equal, containing)


def _group() -> _Field:
    categories = SUBJECTS["category"]
    own = _text(categories.c.group)
    return _through(own, lambda found: loss.c.category_id.in_(select(categories.c.id).where(found)))


def _candidates() -> _Field:
    column = loss.c.candidates

    def equal(reading: _Reading, text: str) -> Condition:
        below = reading.known.below("type", resolve(reading.connection, "type", text))
        return _matching(reading, column, lambda value: not below.isdisjoint(json.loads(value)))

    def containing(reading: _Reading, text: str) -> Condition:
        names = {slug: fold(term.name) for slug, term in reading.known.terms["type"].items()}
        return _matching(
            reading, column, lambda value: any(fold(text) in names.get(slug, "") for slug in json.loads(value))
        )

    return _Field(lambda _: column.is_not(None), equal, containing)


def _other(name: str) -> _Field:
    """A loss that another field of a loss points to, by its id or any unique beginning of it."""
    other = loss.alias(f"the_{name}")

    def equal(reading: _Reading, text: str) -> Condition:
        return other.c.uid == whole_uid(reading.connection, "loss", text)

    field = _text(other.c.uid)._replace(equal=equal)
    return _through(field, lambda found: loss.c[f"{name}_id"].in_(select(other.c.id).where(found)))


def _cited_by_id() -> _Field:
    def equal(reading: _Reading, text: str) -> Condition:
        return source.c.uid == whole_uid(reading.connection, "source", text)

    return _of_source(_text(source.c.uid)._replace(equal=equal))


def _host() -> _Field:
    """The host of a source's link; "example.org" is that of "www.example.org" as well."""
    column = source.c.url

    def equal(reading: _Reading, text: str) -> Condition:
        wanted = text.lower().removeprefix("www.")
        return _matching(reading, column, lambda url: f".{host_of(url)}".endswith(f".{wanted}"))

    return _of_source(_read_as(column, lambda url: [host_of(url)])._replace(equal=equal))


def _of_source(field: _Field) -> _Field:
    joined = select(evidence.c.loss_id).join(source, source.c.id == evidence.c.source_id)
    return _through(field, lambda found: loss.c.id.in_(joined.where(found)))


def _of_child(child: Table, found: Condition) -> Condition:
    return loss.c.id.in_(select(child.c.loss_id).where(found))


def _of_evidence(field: _Field) -> _Field:
    return _through(field, partial(_of_child, evidence))


def _through(field: _Field, reach: Callable[[Condition], Condition]) -> _Field:
    """A field of what a loss points to, or of what points to it."""
    equal, containing = field.equal, field.containing
    if equal is None or containing is None:
        raise TypeError("only a field with values is looked for elsewhere")
    return _Field(
        lambda reading: reach(field.there(reading)),
        lambda reading, text: reach(equal(reading, text)),
        lambda reading, text: reach(containing(reading, text)),
    )


def _flag(condition: Condition) -> _Field:
    return _Field(lambda _: condition)


def _tags() -> _Field:
    return _read_as(loss.c.tags, json.loads)


FIELDS: Mapping[str, _Field] = {
    **{kind: _term(kind) for kind in ("side", "category", "type", "feed")},
    "group": _group(),
    "candidates": _candidates(),
    "quantity": _number(loss.c.quantity),
    "counts": _word(loss.c.counts, Counts),
    "status": _word(loss.c.status, Status),
    "outcome": _word(loss.c.outcome, OUTCOMES),
    "event": _through(_word(_events.c.status, OUTCOMES), partial(_of_child, _events)),
    **{name: _text(loss.c[name]) for name in ("phrase", "cause", "captor", "name", "fittings", "circumstance")},
    **{name: _day(loss.c[name]) for name in ("day", "earliest", "latest", "reported", "feed_day")},
    "exact_day": _flag(and_(loss.c.earliest == loss.c.latest, loss.c.inferred.is_(None))),
    "inferred": _flag(loss.c.inferred.is_not(None)),
    **{name: _text(loss.c[name]) for name in ("place", "unit", "note", "feed_key")},
    "coordinates": _flag(loss.c.latitude.is_not(None)),
    "tag": _tags(),
    "verification": _word(loss.c.verification, Verification),
    "verified_by": _text(loss.c.verified_by),
    "source": _cited_by_id(),
    "host": _host(),
    **{name: _of_source(_text(source.c[name])) for name in ("url", "title", "publisher", "author", "party")},
    "kind": _of_source(_word(source.c.kind, SourceKind)),
    "reliability": _of_source(_word(source.c.reliability, Reliability)),
    "relation": _of_evidence(_word(evidence.c.relation, Relation)),
    "credibility": _of_evidence(_word(evidence.c.credibility, map(str, CREDIBILITY))),
    "disputed": _of_evidence(_text(evidence.c.field)),
    "file": _flag(FILE_HELD),
    "merged": _flag(MERGED),
    "withdrawn": _flag(WITHDRAWN),
    **{name: _other(name) for name in ("merged_into", "split_from")},
    "held": _Field(lambda reading: among(loss.c.id, [one.id for one in held_losses(reading.connection)])),
    "gone": _flag(exists().where(_rows.c.loss_id == loss.c.id, _rows.c.gone.is_not(None)).correlate(loss)),
}
"""Every field that a list can be narrowed by."""
