"""What stands behind a loss, to narrow a list by: its sources, how many speak for it, who brought it and decided."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, case, exists, func, literal, or_, select

from lossledger.core.links import host_of
from lossledger.core.names import fold
from lossledger.core.text import quoted
from lossledger.core.vocabulary import CREDIBILITY_MEANS, RELIABILITY_MEANS, Act, Health, Relation, SourceKind
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import evidence, evidence_file, loss, source
from lossledger.errors import Refused
from lossledger.queries.history import undone
from lossledger.queries.losses import among
from lossledger.queries.matching import (
    Condition,
    Field,
    Reading,
    day,
    in_range,
    is_word,
    judged,
    matching,
    read_as,
    text,
    through,
    word,
)
from lossledger.queries.names import whole_uid
from lossledger.queries.reporters import reporters, speaks_for

NEVER = "never"
"""Asked of a link's health: that nobody has looked."""


def fields(stance: Relation | None = None) -> Mapping[str, Field]:
    """The fields of a loss's sources: of any, or of those alone that do one thing with it."""
    rests = select(evidence.c.loss_id).join(source, source.c.id == evidence.c.source_id)
    if stance is not None:
        rests = rests.where(evidence.c.relation == stance)

    def of(field: Field) -> Field:
        return through(field, lambda found: loss.c.id.in_(rests.where(found)))

    def held(field: Field) -> Field:
        files = rests.join(evidence_file, evidence_file.c.source_id == source.c.id)
        return through(field, lambda found: loss.c.id.in_(files.where(found)))

    return {
        "source": of(_by_id()),
        "host": of(_host()),
        **{name: of(text(source.c[name])) for name in ("url", "title", "publisher", "author", "party", "archived")},
        "kind": of(word(source.c.kind, SourceKind)),
        "reliability": of(judged(source.c.reliability, RELIABILITY_MEANS)),
        "credibility": of(judged(evidence.c.credibility, CREDIBILITY_MEANS)),
        "disputed": of(text(evidence.c.field)),
        "file": held(_file()),
        "media_type": held(text(evidence_file.c.media_type)),
        "health": of(_health()),
        **{name: of(day(source.c[name])) for name in ("looked_at", "gone_on")},
        **{name: _counted(name, count, stance) for name, count in _COUNTS.items()},
    }


def _by_id() -> Field:
    """A source by its id or any unique beginning of it."""

    def equal(reading: Reading, text: str) -> Condition:
        return source.c.uid == whole_uid(reading.connection, "source", text)

    return text(source.c.uid)._replace(equal=equal)


def _host() -> Field:
    """The host of a source's link; "example.org" is that of "www.example.org" as well."""
    column = source.c.url

    def equal(reading: Reading, text: str) -> Condition:
        wanted = text.lower().removeprefix("www.")
        return matching(reading, column, lambda url: f".{host_of(url)}".endswith(f".{wanted}"))

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


_Spelt = Mapping[str, str]
"""Spellings of names that are another's, each with that other."""


def _spelt(reading: Reading) -> _Spelt:
    """The names that sources bear which are another of them in another spelling."""
    columns = (source.c.publisher, source.c.party, source.c.author)
    names = sorted(
        {name for column in columns for name in reading.connection.scalars(select(column).distinct()) if name}
    )
    first: dict[str, str] = {}
    return {name: first[folded] for name in names if (folded := fold(name)) and first.setdefault(folded, name) != name}


def _one(column: ColumnElement[Any], spelt: _Spelt) -> ColumnElement[Any]:
    return case(spelt, value=column, else_=column) if spelt else column


_COUNTS: Mapping[str, Callable[[_Spelt], ColumnElement[Any]]] = {
    "sources": lambda _: evidence.c.source_id,
    "publishers": lambda spelt: _one(source.c.publisher, spelt),
    "parties": lambda spelt: _one(source.c.party, spelt),
    "voices": lambda spelt: func.coalesce(
        *(_one(source.c[name], spelt) for name in ("party", "publisher", "author")), source.c.uid
    ),
}
"""What is counted of the sources that speak for a loss. A voice is the party that speaks, or else who published it, or
else who wrote it, or else the source itself: what one ministry says stands in many papers and is one voice."""


def _counted(name: str, count: Callable[[_Spelt], ColumnElement[Any]], stance: Relation | None) -> Field:
    """How many there are, of the sources of one stance or of all but those that dispute the loss."""
    speaking = evidence.c.relation != Relation.DISPUTES if stance is None else evidence.c.relation == stance

    def number(reading: Reading) -> ColumnElement[Any]:
        spelt = _spelt(reading) if name != "sources" else {}
        return (
            select(func.count(count(spelt).distinct()))
            .select_from(evidence.join(source, source.c.id == evidence.c.source_id))
            .where(evidence.c.loss_id == loss.c.id, speaking)
            .correlate(loss)
            .scalar_subquery()
        )

    def containing(_: Reading, text: str) -> Condition:
        raise Refused(f"{name} is a number: write {name}=2.. or {name}=1, not {name}~{text}")

    return Field(
        lambda reading: number(reading) > 0, lambda reading, text: in_range(number(reading), name, text), containing
    )


def _by(losses_of: Callable[[Reading, Callable[[str], bool]], Condition]) -> Field:
    """People by what they did with a loss; there is always somebody."""

    def equal(reading: Reading, name: str) -> Condition:
        return losses_of(reading, lambda actor: fold(actor) == fold(name))

    def containing(reading: Reading, part: str) -> Condition:
        return losses_of(reading, lambda actor: fold(part) in fold(actor))

    return Field(lambda reading: losses_of(reading, lambda _: True), equal, containing)


def _reported(reading: Reading, wanted: Callable[[str], bool]) -> Condition:
    """The losses that somebody reported, as `queries.reporters` has it."""
    own = loss.alias()
    parts = list(reading.connection.scalars(select(own.c.uid).where(own.c.split_from_id.is_not(None))))
    found = reporters(reading.connection, parts)
    of_parts = [uid for uid, who in found.items() if any(map(wanted, who.people))]
    run = entries.alias()
    brings = (entries.c.act != Act.SPLIT) & (entries.c.act != Act.UNDO) & speaks_for(entries) & ~undone(entries)
    by_list = exists().where(run.c.act_id == entries.c.act_id, run.c.kind == "import")
    mine = _acted(reading, wanted).where(or_(entries.c.act == Act.REPORT, brings), ~by_list)
    return or_(loss.c.uid.in_(mine), among(loss.c.uid, of_parts))


_DECIDING = (Act.VERIFY, Act.DISPUTE, Act.MERGE, Act.UNMERGE, Act.WITHDRAW, Act.REINSTATE)


def _decided(reading: Reading, wanted: Callable[[str], bool]) -> Condition:
    """The losses on which somebody took a decision that stands: verified, disputed, merged, told apart, judged, ..."""
    apart = (entries.c.act == Act.LINK) & _tells("text")
    judges = (entries.c.act == Act.EVIDENCE) & _tells("evidence.%.credibility") & ~_tells("evidence.%.relation")
    on_list = (entries.c.act == Act.AMEND) & _tells("row.%.held", cleared=True) & ~_tells("row.%.run")
    decides = or_(entries.c.act.in_(_DECIDING), apart, judges, on_list)
    return loss.c.uid.in_(_acted(reading, wanted).where(decides, ~undone(entries)))


def _tells(field: str, *, cleared: bool = False) -> Condition:
    """Whether an entry has a detail of a field; or one that clears it."""
    detail = details.alias()
    said = detail.c.value.is_(None) & detail.c.digest.is_(None) if cleared else literal(1) == 1
    return exists().where(detail.c.entry == entries.c.number, detail.c.field.like(field), said).correlate(entries)


def _acted(reading: Reading, wanted: Callable[[str], bool]) -> Select[Any]:
    """The losses of the entries that somebody made."""
    names = select(details.c.value).where(details.c.field == "actor").distinct()
    actors = [name for name in reading.connection.scalars(names) if name is not None and wanted(name)]
    actor = details.alias()
    return (
        select(entries.c.subject)
        .select_from(entries)
        .join(actor, (actor.c.entry == _first_of_act(entries)) & (actor.c.field == "actor"))
        .where(entries.c.kind == "loss", among(actor.c.value, actors))
    )


def _first_of_act(entry: FromClause) -> ColumnElement[int]:
    """The number of the first entry of an entry's act, which says who acted."""
    first = entries.alias()
    return select(func.min(first.c.number)).where(first.c.act_id == entry.c.act_id).correlate(entry).scalar_subquery()


BY_REPORTERS = _by(_reported)
BY_DECIDERS = _by(_decided)
