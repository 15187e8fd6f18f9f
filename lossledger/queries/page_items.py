"""The losses that stand on a list's page: side by side, heading by heading, type by type, each with its links."""

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from lossledger.core.notation_page import TOLD, Thing
from lossledger.core.vocabulary import RECOVERED, Counts, Relation, Status
from lossledger.db.tables import CHILDREN, evidence, loss, source
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.losses import MERGED, WITHDRAWN
from lossledger.queries.names import nearest_common, parents_of_types
from lossledger.queries.scope import Scope, terms_in_scope
from lossledger.queries.streams import AnyRow, AnySelect, stream

_events = CHILDREN["loss", "event"]

Links = dict[int, tuple[str, ...]]


class Kind(NamedTuple):
    """What a line is about: a side's losses of one type under one heading; ``type`` is None where none is given."""

    side: str
    category: str
    type: str | None
    name: str | None
    """What the type is called; two that it may be, "A or B", where only what they have in common is known."""
    origin: str | None


def page_items(connection: Connection, scope: Scope, known: Catalogue) -> Iterator[tuple[Kind, list[Thing]]]:
    """The losses that count, as they are now, in the order of a page. Aggregates are none of its things.

    Only the losses of a type are held at once, and the links of all.
    """
    links = _links(connection, scope, known)
    phrases = _last_phrases(connection)
    kinds = _Kinds(connection, known)
    rows = sorted(stream(connection, _told(scope, known)), key=kinds.order)
    for _, group in groupby(rows, key=kinds.order_of_line):
        mine = list(group)
        yield kinds.of(mine[0]), [_thing(row, links, phrases) for row in mine]


def aggregates(connection: Connection, scope: Scope, known: Catalogue) -> int:
    """How many items in scope are told as numbers, with no item behind them."""
    statement = select(func.sum(loss.c.quantity)).where(*_counted(scope, known, Counts.AGGREGATE))
    return connection.scalar(statement) or 0


def _told(scope: Scope, known: Catalogue) -> AnySelect:
    columns = (loss.c.side_id, loss.c.category_id, loss.c.type_id, loss.c.candidates, loss.c.id)
    more = (loss.c.outcome, loss.c.status, loss.c.phrase, loss.c.quantity, *(loss.c[name] for name in TOLD))
    return select(*columns, *more).where(*_counted(scope, known, Counts.ITEM)).order_by(loss.c.id)


def _counted(scope: Scope, known: Catalogue, counts: Counts) -> list[ColumnElement[bool]]:
    return [
        *terms_in_scope(loss, scope, known),
        loss.c.verification.in_(scope.verifications),
        loss.c.counts == counts.value,
        loss.c.outcome != RECOVERED,
        ~MERGED,
        ~WITHDRAWN,
    ]


def _thing(row: AnyRow, links: Links, phrases: dict[int, str | None]) -> Thing:
    """A loss as a thing of the list; of one that something befell later, the last word is told."""
    phrase = phrases.get(row.id, row.phrase)
    told = tuple(getattr(row, name) for name in TOLD)
    return Thing(Status(row.outcome), phrase, told, links.get(row.id, ()), row.quantity)


def _links(connection: Connection, scope: Scope, known: Catalogue) -> Links:
    """The addresses of the sources that do not dispute a loss, by its row, in the order in which they were entered."""
    statement = (
        select(evidence.c.loss_id, source.c.url)
        .join(source, source.c.id == evidence.c.source_id)
        .join(loss, loss.c.id == evidence.c.loss_id)
        .where(
            evidence.c.relation != Relation.DISPUTES,
            source.c.url.is_not(None),
            *_counted(scope, known, Counts.ITEM),
        )
        .order_by(evidence.c.loss_id, source.c.id)
    )
    found: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for loss_id, url in stream(connection, statement):
        found[loss_id][url] = None
    return {loss_id: tuple(urls) for loss_id, urls in found.items()}


def _last_phrases(connection: Connection) -> dict[int, str | None]:
    """What was said last of each loss that has events, by its row."""
    statement = select(_events.c.loss_id, _events.c.phrase)
    ordered = statement.order_by(_events.c.loss_id, _events.c.latest, _events.c.position)
    return {loss_id: phrase for loss_id, phrase in stream(connection, ordered)}  # noqa: C416 - rows are no pairs


class _Kinds:
    """Where each loss stands on the page, and what its line is about."""

    def __init__(self, connection: Connection, known: Catalogue) -> None:
        self._connection = connection
        self._terms = {kind: known.by_id(kind) for kind in ("side", "category", "type")}
        self._known = known
        self._places = {
            kind: {term.id: place for place, term in enumerate(known.ordered(kind))} for kind in self._terms
        }

    @cached_property
    def _parents(self) -> dict[str, str]:
        return parents_of_types(self._connection)

    def order_of_line(self, row: AnyRow) -> tuple[object, ...]:
        """What puts a loss's line in its place; those of no given type come last."""
        places = self._places
        of_type = len(places["type"]) if row.type_id is None else places["type"][row.type_id]
        return places["side"][row.side_id], places["category"][row.category_id], of_type, row.candidates or ""

    def order(self, row: AnyRow) -> tuple[object, ...]:
        """What puts a loss in its place."""
        return (*self.order_of_line(row), row.id)

    def of(self, row: AnyRow) -> Kind:
        """What a loss's line is about."""
        side, category = self._terms["side"][row.side_id], self._terms["category"][row.category_id]
        if row.type_id is None:
            return Kind(side.slug, category.slug, None, None, None)
        of_type = self._terms["type"][row.type_id]
        name = self._either(of_type.slug, row.candidates) or of_type.name
        return Kind(side.slug, category.slug, of_type.slug, name, of_type.origin)

    def _either(self, of_type: str, candidates: str | None) -> str | None:
        """What a type is called of which only candidates are known, where these name it; None where they do not."""
        slugs = json.loads(candidates or "[]")
        types = self._known.terms["type"]
        if len(slugs) < 2 or any(slug not in types for slug in slugs):
            return None
        names = [types[slug].name for slug in slugs]
        if nearest_common(self._parents, slugs) != of_type or any(" or " in name for name in names):
            return None
        return " or ".join(names)
