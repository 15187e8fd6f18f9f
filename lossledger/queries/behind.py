"""What stands behind a loss, to narrow a list by: its sources, how many speak for it, who brought it and decided."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, or_, select

from lossledger.core.names import fold
from lossledger.core.vocabulary import CREDIBILITY_MEANS, Act, Relation
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import evidence, loss, source
from lossledger.queries.history import acts_of, undone
from lossledger.queries.losses import among
from lossledger.queries.matching import Condition, Field, Reading, counted, judged, text, through
from lossledger.queries.reporters import reporters, speaks_for
from lossledger.queries.source_filters import SOURCE_FIELDS


def fields(stance: Relation | None = None) -> Mapping[str, Field]:
    """The fields of a loss's sources: of any, or of those alone that do one thing with it."""
    rests = select(evidence.c.loss_id).join(source, source.c.id == evidence.c.source_id)
    if stance is not None:
        rests = rests.where(evidence.c.relation == stance)

    def of(field: Field) -> Field:
        return through(field, lambda found: loss.c.id.in_(rests.where(found)))

    return {
        **{name: of(field) for name, field in SOURCE_FIELDS.items()},
        "credibility": of(judged(evidence.c.credibility, CREDIBILITY_MEANS)),
        "disputed": of(text(evidence.c.field)),
        **{name: counted(name, _number(count, stance)) for name, count in _COUNTS.items()},
    }


def _spelt(reading: Reading) -> Mapping[str, str]:
    """The names that sources bear which are another of them in another spelling, each with that other."""
    columns = (source.c.publisher, source.c.party, source.c.author)
    names = sorted(
        {name for column in columns for name in reading.connection.scalars(select(column).distinct()) if name}
    )
    first: dict[str, str] = {}
    return {name: first[folded] for name in names if (folded := fold(name)) and first.setdefault(folded, name) != name}


def _publishers(reading: Reading) -> ColumnElement[Any]:
    return _one(source.c.publisher, _spelt(reading))


def _parties(reading: Reading) -> ColumnElement[Any]:
    return _one(source.c.party, _spelt(reading))


def _voices(reading: Reading) -> ColumnElement[Any]:
    spelt = _spelt(reading)
    names = (source.c.party, source.c.publisher, source.c.author)
    return func.coalesce(*(_one(name, spelt) for name in names), source.c.uid)


def _one(column: ColumnElement[Any], spelt: Mapping[str, str]) -> ColumnElement[Any]:
    """A name, in one spelling."""
    return case(spelt, value=column, else_=column) if spelt else column


_Count = Callable[[Reading], ColumnElement[Any]]

_COUNTS: Mapping[str, _Count] = {
    "sources": lambda _: evidence.c.source_id,
    "publishers": _publishers,
    "parties": _parties,
    "voices": _voices,
}
"""What is counted of the sources that speak for a loss. A voice is the party that speaks, or else who published it, or
else who wrote it, or else the source itself: what one ministry says stands in many papers and is one voice."""


def _number(count: _Count, stance: Relation | None) -> _Count:
    """How many there are, of the sources of one stance or of all but those that dispute the loss."""
    speaking = evidence.c.relation != Relation.DISPUTES if stance is None else evidence.c.relation == stance
    counting = evidence.join(source, source.c.id == evidence.c.source_id)

    def number(reading: Reading) -> ColumnElement[Any]:
        statement = select(func.count(count(reading).distinct())).select_from(counting)
        return statement.where(evidence.c.loss_id == loss.c.id, speaking).correlate(loss).scalar_subquery()

    return number


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


def _decided(reading: Reading, wanted: Callable[[str], bool]) -> Condition:
    """The losses on which somebody took a decision that stands: verified, disputed, merged, told apart, judged, ..."""
    believes = entries.c.act.in_((Act.VERIFY, Act.DISPUTE))
    moves = entries.c.act.in_((Act.MERGE, Act.UNMERGE)) & _tells("merged_into")
    takes_out = entries.c.act.in_((Act.WITHDRAW, Act.REINSTATE)) & _tells("withdrawn")
    tells_apart = (entries.c.act == Act.LINK) & _tells("text")
    judges = (entries.c.act == Act.EVIDENCE) & _tells("evidence.%.credibility") & ~_tells("evidence.%.relation")
    hears_list = (entries.c.act == Act.AMEND) & _tells("row.%.held", cleared=True) & ~_tells("row.%.run")
    decides = or_(believes, moves, takes_out, tells_apart, judges, hears_list)
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
    return select(entries.c.subject).where(entries.c.kind == "loss", entries.c.act_id.in_(acts_of(*actors)))


BY_REPORTERS = _by(_reported)
BY_DECIDERS = _by(_decided)
