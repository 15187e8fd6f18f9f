"""Losses, what they rest on, and published counts, as rows for people who have nothing but these."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, func, select

from lossledger.core.vocabulary import RECOVERED
from lossledger.db.tables import SUBJECTS, evidence, evidence_file, loss, source
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.losses import Listing, in_order, losses
from lossledger.queries.published import compared
from lossledger.queries.told import Record

_published = SUBJECTS["published"]

_CHUNK = 1_000
"""How many losses are held at once."""


def open_losses(connection: Connection, listing: Listing) -> Iterator[Record]:
    """The losses of a list as `queries.losses` tells them, read as they are asked for.

    Each has its group, what it rests on, and whether it counts.
    """
    groups = {term.name: term.within for term in listing.known.terms["category"].values()}
    found = losses(connection, listing)
    while chunk := list(islice(found, _CHUNK)):
        resting = _resting(connection, [record["id"] for record in chunk])
        for record in chunk:
            links = resting.get(record["id"], [])
            yield record | {
                "group": groups[record["category"]],
                "counted": _counts(record),
                "day_inferred": _inferred(record),
                "sources": len(links),
                "links": "|".join(url for url, _ in links if url) or None,
                "held": any(held for _, held in links),
            }


def _counts(record: Record) -> bool:
    merged = record["merged_into"] and not record["stands_in"]
    return not merged and not record["withdrawn"] and record["outcome"] != RECOVERED


def _inferred(record: Record) -> bool:
    """Whether the day that a loss goes by is inferred: it says so, or the day is one that dates a whole list."""
    return record["day"] is not None and (record["inferred"] or not (record["latest"] or record["reported"]))


def _resting(connection: Connection, uids: list[str]) -> dict[str, list[tuple[str | None, bool]]]:
    """What losses rest on, by the loss: the link of each of its sources, and whether a file of that is held."""
    held = select(evidence_file.c.source_id).distinct().subquery()
    statement = (
        select(loss.c.uid, source.c.url, held.c.source_id.is_not(None), source.c.id)
        .distinct()
        .join(evidence, evidence.c.loss_id == loss.c.id)
        .join(source, source.c.id == evidence.c.source_id)
        .join(held, held.c.source_id == source.c.id, isouter=True)
        .where(loss.c.uid.in_(uids))
        .order_by(source.c.id)
    )
    found: dict[str, list[tuple[str | None, bool]]] = {}
    for uid, url, is_held, _ in connection.execute(statement):
        found.setdefault(uid, []).append((url, bool(is_held)))
    return found


def open_evidence(connection: Connection, listing: Listing) -> Iterator[Record]:
    """The pieces of evidence of the losses of a list, in the list's order, each with its source."""
    statement = (
        select(
            loss.c.uid.label("loss"),
            evidence.c.uid.label("id"),
            *(evidence.c[name] for name in ("relation", "field", "says", "credibility", "note")),
            source.c.uid.label("source"),
            *(source.c[name] for name in ("url", "title", "publisher", "reliability")),
        )
        .join(evidence, evidence.c.loss_id == loss.c.id)
        .join(source, source.c.id == evidence.c.source_id)
    )
    return _stream(connection, in_order(statement, listing).order_by(evidence.c.source_id, evidence.c.uid))


def open_sources(connection: Connection, listing: Listing) -> Iterator[Record]:
    """The sources that the losses of a list rest on and the published counts of its conflict stand in, by day."""
    listed = in_order(select(loss.c.id), listing).order_by(None).subquery()
    resting = (
        select(evidence.c.source_id, func.count(evidence.c.loss_id.distinct()).label("losses"))
        .join(listed, listed.c.id == evidence.c.loss_id)
        .group_by(evidence.c.source_id)
        .subquery()
    )
    conflicts = SUBJECTS["conflict"]
    counted = (
        select(_published.c.source_id)
        .join(conflicts, conflicts.c.id == _published.c.conflict_id)
        .where(conflicts.c.slug == listing.scope.conflict, _published.c.source_id.is_not(None))
    )
    files = select(func.count()).where(evidence_file.c.source_id == source.c.id).scalar_subquery()
    plain = ("url", "title", "publisher", "author", "party", "earliest", "latest", "kind", "reliability", "archived")
    statement = (
        select(
            source.c.uid.label("id"),
            *(source.c[name] for name in (*plain, "health", "looked_at", "gone_on", "note")),
            source.c.inferred.is_not(None).label("day_inferred"),
            files.label("files"),
            func.coalesce(resting.c.losses, 0).label("losses"),
        )
        .join(resting, resting.c.source_id == source.c.id, isouter=True)
        .where(resting.c.source_id.is_not(None) | source.c.id.in_(counted))
        .order_by(source.c.latest.is_(None), source.c.latest, source.c.id)
    )
    return _stream(connection, statement)


def _stream(connection: Connection, statement: Select[Any]) -> Iterator[Record]:
    rows = connection.execute(statement, execution_options={"yield_per": _CHUNK})
    return (dict(row) for row in rows.mappings())


def open_published(connection: Connection, conflict: str, known: Catalogue) -> Iterator[Record]:
    """The published counts of a conflict, each with ours in the same scope."""
    sources = select(_published.c.uid, source.c.uid).join(source, source.c.id == _published.c.source_id)
    source_of = {row[0]: row[1] for row in connection.execute(sources)}
    for one in compared(connection, conflict):
        theirs = one.published
        yield {
            **theirs._asdict(),
            "id": theirs.uid,
            "side": theirs.side and known.name("side", theirs.side),
            "categories": _names(known, "category", theirs.categories),
            "types": _names(known, "type", theirs.types),
            "groups": "|".join(theirs.groups) or None,
            "statuses": "|".join(theirs.statuses) or None,
            "day_inferred": theirs.inferred,
            "source": source_of.get(theirs.uid),
            "ours": one.ours,
            "difference": one.difference,
            "verdict": one.verdict,
        }


def _names(known: Catalogue, kind: str, slugs: tuple[str, ...]) -> str | None:
    return "|".join(known.name(kind, slug) for slug in slugs) or None
