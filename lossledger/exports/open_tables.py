"""The tables of the open data, each from its query."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection

from lossledger.exports.open_columns import EVIDENCE, LOSSES, PUBLISHED, SOURCES, tally_columns, timeline_columns
from lossledger.exports.rows import Row
from lossledger.exports.tables import Column, Table
from lossledger.queries.candidates import with_candidates
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.losses import Listing
from lossledger.queries.open_data import open_evidence, open_losses, open_published, open_sources
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import Tally, tally
from lossledger.queries.timeline import Row as TimelineRow
from lossledger.queries.timeline import Timeline, timeline
from lossledger.queries.told import Record


def losses_table(connection: Connection, listing: Listing) -> Table:
    """The losses of a list."""
    return Table("losses", LOSSES, _rows(LOSSES, open_losses(connection, listing)))


def evidence_table(connection: Connection, listing: Listing) -> Table:
    """What sources say of the losses of a list."""
    return Table("evidence", EVIDENCE, _rows(EVIDENCE, open_evidence(connection, listing)))


def sources_table(connection: Connection, listing: Listing) -> Table:
    """The sources that the losses of a list and the published counts of its conflict rest on."""
    return Table("sources", SOURCES, _rows(SOURCES, open_sources(connection, listing)))


def published_table(connection: Connection, listing: Listing) -> Table:
    """The published counts of the conflict of a list."""
    found = open_published(connection, listing.scope.conflict, listing.known)
    return Table("published", PUBLISHED, _rows(PUBLISHED, found))


def counted(connection: Connection, scope: Scope, by: Sequence[str]) -> Tally:
    """What the table of a tally is made from: each feed by itself, for one loss may stand in several."""
    return with_candidates(connection, tally(connection, scope, _with_feed(by)))


def over_time(connection: Connection, scope: Scope, by: Sequence[str], every: str) -> Timeline:
    """What the table of a timeline is made from, each feed by itself."""
    return timeline(connection, scope, _with_feed(by), every)


def _with_feed(by: Sequence[str]) -> Sequence[str]:
    return by if "feed" in by else (*by, "feed")


def tally_table(found: Tally) -> Table:
    """The cells of a tally; where some types are asked for, with how many there may be at most."""
    bounded = bool(found.scope.types)
    rows = (
        (*_called(found.catalogue, found.by, key), *numbers)
        for key, *numbers in (found.bounds() if bounded else found.cells)
    )
    return Table("tally", tally_columns(found.by, bounded=bounded), rows)


def timeline_table(found: Timeline) -> Table:
    """The rows of a timeline, series by series."""
    rows = ((*_called(found.tally.catalogue, found.by, row.key), *_of_period(row)) for row in found.rows())
    return Table("timeline", timeline_columns(found.by), rows)


def _of_period(one: TimelineRow) -> Row:
    name, begins, ends = one.period or (None, None, None)
    return name, begins, ends, one.increment, one.total, one.incomplete


def _called(known: Catalogue, by: Sequence[str], key: Sequence[str | None]) -> Iterator[str | None]:
    """What the parts of a cell's key are called; a feed by its slug."""
    for dimension, part in zip(by, key, strict=True):
        named = dimension in known.terms and dimension != "feed" and part is not None
        yield known.name(dimension, str(part)) if named else part


def _rows(columns: Sequence[Column], records: Iterable[Record]) -> Iterator[Row]:
    names = [column.name for column in columns]
    return ([record[name] for name in names] for record in records)
