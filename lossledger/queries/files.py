"""Held files: which there are, whose they are, and which digests the journal knows."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, or_, select, union

from lossledger.core.text import quoted
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import evidence, loss, source
from lossledger.db.tables import evidence_file as file
from lossledger.errors import NothingFound, Refused


class Held(NamedTuple):
    """A file that is held of a source, with the losses that the source speaks of."""

    uid: str
    source: str
    sha256: str
    origin: str
    name: str | None
    media_type: str | None
    size: int | None
    captured: str | None
    url: str | None
    record: str | None
    graphic: bool
    losses: tuple[str, ...]


def held(connection: Connection, where: ColumnElement[bool] | None = None) -> list[Held]:
    """The files that are held, or those of them that a condition on their rows or their sources' chooses.

    In the order in which their sources were entered; a digest that is held of two sources is there twice.
    """
    columns = [file.c[name] for name in Held._fields if name in file.c]
    statement = select(source.c.id, source.c.uid.label("of"), *columns).join(source, source.c.id == file.c.source_id)
    chosen = statement if where is None else statement.where(where)
    rows = connection.execute(chosen.order_by(source.c.id, file.c.uid)).all()
    losses = _losses(connection, chosen)
    return [_held(row._mapping, losses[row.id]) for row in rows]  # noqa: SLF001 - SQLAlchemy's name for what is public


def _held(row: RowMapping, losses: list[str]) -> Held:
    plain = {name: row[name] for name in Held._fields if name in file.c and name != "graphic"}
    return Held(**plain, source=row["of"], graphic=bool(row["graphic"]), losses=tuple(losses))


def _losses(connection: Connection, chosen: Select[tuple[int, str]]) -> dict[int, list[str]]:
    """The losses that each of the chosen files' sources speaks of, by the source's number."""
    sources = chosen.with_only_columns(source.c.id)
    statement = (
        select(evidence.c.source_id, loss.c.uid)
        .join(loss, loss.c.id == evidence.c.loss_id)
        .where(evidence.c.source_id.in_(sources))
        .group_by(evidence.c.source_id, loss.c.id, loss.c.uid)
        .order_by(evidence.c.source_id, loss.c.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for number, uid in connection.execute(statement):
        found[number].append(uid)
    return found


def of_loss(uid: str) -> ColumnElement[bool]:
    """The files of the sources that speak of a loss."""
    spoken = select(evidence.c.source_id).join(loss, loss.c.id == evidence.c.loss_id).where(loss.c.uid == uid)
    return source.c.id.in_(spoken)


def of_source(uid: str) -> ColumnElement[bool]:
    """The files of a source."""
    return source.c.uid == uid


def of_digests(digests: Collection[str]) -> ColumnElement[bool]:
    """The files that have one of some digests, or came with a record that has."""
    return file.c.sha256.in_(digests) | file.c.record.in_(digests)


def without_likeness(media_types: Collection[str], *, graphic: bool) -> ColumnElement[bool]:
    """The files of some media types that have no likeness yet; those that are graphic only where they are asked for."""
    unlike = file.c.likeness.is_(None) & file.c.media_type.in_(media_types)
    return unlike if graphic else unlike & file.c.graphic.is_(None)


def file_meant(connection: Connection, beginning: str) -> list[Held]:
    """The file whose digest begins so, of each source that it is held of.

    Errors: NothingFound where there is none, Refused where several begin so.
    """
    return held(connection, file.c.sha256 == _digest_meant(connection, beginning, file.c.sha256))


def copy_meant(connection: Connection, beginning: str) -> tuple[str, list[Held]]:
    """The digest that begins so, of a file or of the record of how some came, and what is held by it or came with it.

    Errors: as for `file_meant`.
    """
    digest = _digest_meant(connection, beginning, file.c.sha256, file.c.record)
    return digest, held(connection, of_digests([digest]))


def _digest_meant(connection: Connection, beginning: str, *columns: ColumnElement[str | None]) -> str:
    start = beginning.strip().lower()
    beginnings = (select(column).where(column.startswith(start, autoescape=True)).distinct() for column in columns)
    digests = sorted(str(digest) for digest in connection.scalars(union(*beginnings).limit(4)))
    if not beginning.strip() or not digests:
        said = "no file that is held has a SHA-256 that begins with"
        raise NothingFound(f"{said} {quoted(beginning)}; see: lossledger evidence files")
    if len(digests) > 1:
        raise Refused(f"several files begin so: {', '.join(digest[:16] for digest in digests)}; give more signs")
    return digests[0]


def sizes(connection: Connection) -> dict[str, int | None]:
    """Every digest that is held, records of how something came among them, with its size where that is known."""
    found: dict[str, int | None] = dict.fromkeys(records(connection))
    found |= {row.sha256: row.size for row in connection.execute(select(file.c.sha256, file.c.size))}
    return dict(sorted(found.items()))


def records(connection: Connection) -> set[str]:
    """The digests of the records of how files came."""
    return {str(digest) for digest in connection.scalars(select(file.c.record).where(file.c.record.is_not(None)))}


def in_journal(connection: Connection, digests: Collection[str]) -> set[str]:
    """Of some digests, those that the journal has: as a file's, or as the record's of how it came.

    What is not held any more, as its entry was undone, the journal has all the same.
    """
    found: set[str] = set()
    wanted = sorted(digests)
    for start in range(0, len(wanted), _AT_ONCE):
        found |= _in_journal(connection, set(wanted[start : start + _AT_ONCE]))
    return found


_AT_ONCE = 10_000
"""As many values as every database takes in one statement."""


def _in_journal(connection: Connection, wanted: set[str]) -> set[str]:
    present = union(*(select(column).where(column.in_(wanted)) for column in (file.c.sha256, file.c.record)))
    found = set(connection.scalars(present))
    missing = wanted - found
    if not missing:
        return found
    of_file = or_(*(details.c.field.like(f"file.%.{name}") for name in ("sha256", "record")))
    ever = (
        select(details.c.value)
        .join(entries, entries.c.number == details.c.entry)
        .where(entries.c.kind == "source", entries.c.act == Act.EVIDENCE, of_file, details.c.value.in_(missing))
    )
    return found | {str(value) for value in connection.scalars(ever)}
