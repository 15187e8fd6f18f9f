"""What sources can be narrowed by: what is known and held of them, how they were judged, how much rests on them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, func, literal, select

from lossledger.core.links import host_of, is_of_host
from lossledger.core.text import quoted
from lossledger.core.vocabulary import RELIABILITY_MEANS, Health, SourceKind
from lossledger.db.tables import evidence, evidence_file, source
from lossledger.errors import Refused
from lossledger.queries.catalogue import catalogue
from lossledger.queries.matching import (
    Asked,
    Condition,
    Field,
    Reading,
    counted,
    day,
    field_named,
    is_word,
    judged,
    matching,
    meets,
    read_as,
    text,
    through,
    word,
)
from lossledger.queries.names import whole_uid

NEVER = "never"
"""Asked of a link's health: that nobody has looked."""


def sources_met(connection: Connection, asked: Iterable[Asked]) -> set[str]:
    """The uids of the sources that meet all conditions.

    Errors: UnknownName for a field that there is not, Refused for a value that cannot be.
    """
    reading = Reading(connection, catalogue(connection))
    hint = "see: lossledger source list --help"
    conditions = [meets(reading, field_named(one.field, OWN_FIELDS, hint), one) for one in asked]
    return set(connection.scalars(select(source.c.uid).where(*conditions)))


def _by_id() -> Field:
    """A source by its id or any unique beginning of it."""

    def equal(reading: Reading, text: str) -> Condition:
        return source.c.uid == whole_uid(reading.connection, "source", text)

    return text(source.c.uid)._replace(equal=equal)


def _host() -> Field:
    """The host of a source's link; "example.org" is that of "www.example.org" as well."""
    column = source.c.url

    def equal(reading: Reading, text: str) -> Condition:
        return matching(reading, column, lambda url: is_of_host(host_of(url), text))

    return read_as(column, lambda url: [host_of(url)])._replace(equal=equal)


def _file() -> Field:
    """A file by the beginning of its digest, or by a part of its name."""

    def equal(_: Reading, text: str) -> Condition:
        wanted = text.lower()
        if not wanted or not set(wanted) <= set("0123456789abcdef"):
            raise Refused(f"file {quoted(text)} is no beginning of a SHA-256; a part of a name is asked for by file~")
        return evidence_file.c.sha256.startswith(wanted)

    return Field(lambda _: literal(1) == 1, equal, text(evidence_file.c.name).containing)


def _health() -> Field:
    column = source.c.health
    known = (*Health, NEVER)

    def equal(_: Reading, text: str) -> Condition:
        return column.is_(None) if text == NEVER else is_word(column, known, text)

    return text(column)._replace(equal=equal)


def _held(field: Field) -> Field:
    return through(field, lambda found: source.c.id.in_(select(evidence_file.c.source_id).where(found)))


SOURCE_FIELDS: Mapping[str, Field] = {
    "source": _by_id(),
    "host": _host(),
    **{name: text(source.c[name]) for name in ("url", "title", "publisher", "author", "party", "archived")},
    "kind": word(source.c.kind, SourceKind),
    "reliability": judged(source.c.reliability, RELIABILITY_MEANS),
    "file": _held(_file()),
    "media_type": _held(text(evidence_file.c.media_type)),
    "health": _health(),
    **{name: day(source.c[name]) for name in ("looked_at", "gone_on")},
}
"""The fields of a source by which losses can be narrowed as well."""

_RESTING = (
    select(func.count(evidence.c.loss_id.distinct()))
    .where(evidence.c.source_id == source.c.id)
    .correlate(source)
    .scalar_subquery()
)

OWN_FIELDS: Mapping[str, Field] = {**SOURCE_FIELDS, "losses": counted("losses", lambda _: _RESTING)}
"""The fields by which a list of sources can be narrowed; ``losses`` is how many rest on one."""
