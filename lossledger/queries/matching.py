"""How a field is searched: whether it is there, equals a value, contains a text; texts in any spelling."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from lossledger.core.days import parse_days
from lossledger.core.names import fold, near
from lossledger.core.text import quoted
from lossledger.core.vocabulary import NOT_JUDGED
from lossledger.errors import Refused, UnknownName
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.losses import among

Condition = ColumnElement[bool]

_RANGE = re.compile(r"([0-9]{1,18})?(\.\.)?([0-9]{1,18})?")


class Asked(NamedTuple):
    """One condition on one field: ``equal`` to a value, or ``containing`` a text, or there at all; or not so."""

    field: str
    equal: str | None = None
    containing: str | None = None
    negated: bool = False


class Field(NamedTuple):
    """How a field is searched: when it is there, when it equals a value, when it contains a text."""

    there: Callable[["Reading"], Condition]
    equal: Callable[["Reading", str], Condition] | None = None
    containing: Callable[["Reading", str], Condition] | None = None


class Reading(NamedTuple):
    """What names and values are resolved with."""

    connection: Connection
    known: Catalogue
    conflict: str | None = None


def field_named(name: str, known: Mapping[str, Field], hint: str) -> Field:
    """The field of a name. Errors: UnknownName, with the ``hint`` where to see them, for one that there is not."""
    if name not in known:
        raise UnknownName("field", name, near(name, known), hint)
    return known[name]


def meets(reading: Reading, field: Field, asked: Asked) -> Condition:
    """That a field is as it is asked for. Errors: Refused for a value that it cannot have."""
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


def matching(reading: Reading, column: ColumnElement[Any], matches: Callable[[str], bool]) -> Condition:
    """That a column holds one of the texts that match."""
    values = reading.connection.scalars(select(column).where(column.is_not(None)).distinct())
    return among(column, [value for value in values if matches(str(value))])


def read_as(column: ColumnElement[Any], parts: Callable[[str], Collection[str]]) -> Field:
    """A column whose texts are read into parts, any of which may match."""

    def equal(reading: Reading, text: str) -> Condition:
        return matching(reading, column, lambda value: fold(text) in map(fold, parts(value)))

    def containing(reading: Reading, text: str) -> Condition:
        return matching(reading, column, lambda value: any(fold(text) in fold(part) for part in parts(value)))

    return Field(lambda _: column.is_not(None), equal, containing)


def text(column: ColumnElement[Any]) -> Field:
    """A column of texts."""
    return read_as(column, lambda value: [value])


def word(column: ColumnElement[Any], words: Iterable[str]) -> Field:
    """A column that holds a word of a closed vocabulary."""
    known = tuple(words)
    return text(column)._replace(equal=lambda _, text: is_word(column, known, text))


def is_word(column: ColumnElement[Any], words: Iterable[str], text: str) -> Condition:
    """That a column holds a word. Errors: Refused for one that is not in its vocabulary."""
    known = [str(word) for word in words]
    if text not in known:
        raise Refused(f"{column.key} {quoted(text)} is not one of: {', '.join(known)}")
    return column == text


def number(column: ColumnElement[Any]) -> Field:
    """A column of whole numbers, one of which or a range of which is asked for."""
    return text(column)._replace(equal=lambda _, text: in_range(column, str(column.key), text))


def in_range(column: ColumnElement[Any], name: str, text: str) -> Condition:
    """That a number is the one or in the range of a text. Errors: Refused for what is neither."""
    found = _RANGE.fullmatch(text)
    if not found or not (found[1] or found[3]):
        raise Refused(f"{name} {quoted(text)} is no number or range; write 10, 10..20, 10.. or ..20")
    ends = ((found[1], column.bool_op(">=")), (found[3] if found[2] else found[1], column.bool_op("<=")))
    return and_(*(compare(int(end)) for end, compare in ends if end))


def counted(name: str, count: Callable[[Reading], ColumnElement[Any]]) -> Field:
    """How many of something there are, which may have to be looked up to be counted."""

    def containing(_: Reading, text: str) -> Condition:
        raise Refused(f"{name} is a number: write {name}=2.. or {name}=1, not {name}~{text}")

    return Field(
        lambda reading: count(reading) > 0,
        lambda reading, text: in_range(count(reading), name, text),
        containing,
    )


def judged(column: ColumnElement[Any], means: Mapping[str, str]) -> Field:
    """A column with a sign of the Admiralty code: one sign, a range from better to worse, or what nobody has judged.

    The last sign says that it cannot be judged: it is no worse than the others, and stands in no range.
    """
    *ranked, _ = means

    def equal(_: Reading, text: str) -> Condition:
        if fold(text) == fold(NOT_JUDGED):
            return column.is_(None)
        best, dots, worst = text.upper().partition("..")
        if not dots and best in means:
            return column == best
        ends = (best or ranked[0], worst or ranked[-1])
        if not dots or text == dots or not set(ends) <= set(ranked):
            range_ = f"{ranked[0]}..{ranked[1]} for at least {ranked[1]}"
            raise Refused(f"{column.key} {quoted(text)} is not one of: {', '.join(means)}, {range_}, {NOT_JUDGED}")
        first, last = sorted(map(ranked.index, ends))
        return column.in_(ranked[first : last + 1])

    return Field(lambda _: column.is_not(None), equal, text(column).containing)


def day(column: ColumnElement[Any]) -> Field:
    """A column of days, or of instants, of which one or a period is asked for."""

    def equal(_: Reading, text: str) -> Condition:
        days = parse_days(text)
        ends = ((days.earliest, column.bool_op(">=")), (days.latest, func.substr(column, 1, 10).bool_op("<=")))
        return and_(*(compare(day) for day, compare in ends if day is not None))

    return text(column)._replace(equal=equal)


def through(field: Field, reach: Callable[[Condition], Condition]) -> Field:
    """A field of what a loss points to, or of what points to it."""
    equal, containing = field.equal, field.containing
    if equal is None or containing is None:
        raise TypeError("only a field with values is looked for elsewhere")
    return Field(
        lambda reading: reach(field.there(reading)),
        lambda reading, text: reach(equal(reading, text)),
        lambda reading, text: reach(containing(reading, text)),
    )


def flag(condition: Condition) -> Field:
    """What is so or not."""
    return Field(lambda _: condition)
