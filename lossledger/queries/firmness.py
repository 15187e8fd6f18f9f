"""How firm a figure is: what may stand in it twice, what is only claimed beside it, and what its losses rest on."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, case, func, select

from lossledger.core.vocabulary import Verification
from lossledger.db.tables import loss, posting
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.cells import Key, key_columns, key_reader
from lossledger.queries.duplicates import duplicates, in_scope
from lossledger.queries.losses import FILE_HELD
from lossledger.queries.reviewed import SECOND_REVIEWED
from lossledger.queries.scope import Scope, days, postings_in_scope
from lossledger.queries.tallies import ordering


class Firmness(NamedTuple):
    """How firm one figure is, all in items."""

    quantity: int
    """What a tally counts."""
    at_least: int
    """The same, where losses that are possibly the same are: of each cluster of such pairs only the largest counts."""
    with_claims: int
    """What a tally counts that takes in claims as well."""
    exact_day: int
    """Of what is counted, what happened on one known day, which was not inferred."""
    coordinates: int
    held_file: int
    """Of what is counted, what a file is held of."""
    second_reviewer: int
    """Of what is counted, what somebody confirmed who neither entered it nor publishes the list that it is from."""
    candidates: int
    """Of what is counted, what may be of any of several types."""


def firmness(
    connection: Connection,
    scope: Scope,
    by: Sequence[str],
    known: Catalogue,
    under: Callable[[Key], Key] = lambda key: key,
) -> dict[Key, Firmness]:
    """How firm each cell of a tally is, in the cells' order; the figures of losses are those of today.

    ``under`` says with which cells a cell is taken together. Cells of which nothing is counted or claimed are left out.
    """
    columns = key_columns(by)
    sums: dict[Key, Counter[str]] = defaultdict(Counter)
    key_of = key_reader(by, {name: place for place, name in enumerate(columns)}, known)
    for row, number in _sums(connection, scope, known, columns):
        sums[under(key_of(row))].update(number)
    twice = _counted_twice(connection, scope, by, known, under)
    order = ordering(by, known)
    return {
        key: Firmness(at_least=sums[key]["quantity"] - twice[key], **sums[key])
        for key in sorted(sums, key=order)
        if any(sums[key].values())
    }


def _sums(
    connection: Connection, scope: Scope, known: Catalogue, columns: Sequence[str]
) -> Iterable[tuple[Sequence[Any], dict[str, int]]]:
    """The columns of a key with all that is summed under it, but for what stands there twice."""
    counted = posting.c.verification.in_(scope.verifications)
    wide = replace(scope, verifications=tuple({*scope.verifications, Verification.CLAIMED.value}))
    own = [posting.c[name] for name in columns]
    summed = {"quantity": counted, "with_claims": None} | {name: and_(counted, holds) for name, holds in _RESTS.items()}
    statement = (
        select(*own, *(_sum(condition) for condition in summed.values()))
        .select_from(posting.join(loss, loss.c.id == posting.c.loss_id))
        .where(*_conditions(wide, known))
        .group_by(*own)
    )
    for row in connection.execute(statement):
        yield row, {name: int(value or 0) for name, value in zip(summed, row[len(own) :], strict=True)}


def _sum(condition: ColumnElement[bool] | None) -> ColumnElement[Any]:
    return func.sum(posting.c.quantity if condition is None else case((condition, posting.c.quantity), else_=0))


def _conditions(scope: Scope, known: Catalogue) -> list[ColumnElement[bool]]:
    return [*postings_in_scope(scope, known), posting.c.verification.in_(scope.verifications), *days(scope)]


_RESTS: Mapping[str, ColumnElement[bool]] = {
    "exact_day": and_(loss.c.earliest == loss.c.latest, loss.c.inferred.is_(None)),
    "coordinates": loss.c.latitude.is_not(None),
    "held_file": FILE_HELD,
    "second_reviewer": SECOND_REVIEWED,
    "candidates": loss.c.candidates.is_not(None),
}
"""What a loss can rest on, and when it does."""


def _counted_twice(
    connection: Connection, scope: Scope, by: Sequence[str], known: Catalogue, under: Callable[[Key], Key]
) -> Counter[Key]:
    """How much less each cell is, where the losses in it that are possibly the same are."""
    chosen = in_scope(scope, known)
    found = duplicates(connection, scope, known).pairs
    pairs = [(pair.one.id, pair.other.id) for pair in found if chosen(pair.one) and chosen(pair.other)]
    # Numbers of the database's own stand in the statement itself: it may have only so many parameters.
    ids: BindParameter[int] = bindparam(
        "ids", sorted({one for pair in pairs for one in pair}), expanding=True, literal_execute=True
    )
    columns = key_columns(by)
    key_of = key_reader(by, {name: place for place, name in enumerate(columns, 2)}, known)
    own = [posting.c.loss_id, *(posting.c[name] for name in columns)]
    statement = (
        select(func.sum(posting.c.quantity), *own)
        .where(posting.c.loss_id.in_(ids), *_conditions(scope, known))
        .group_by(*own)
    )
    cells: dict[Key, Counter[int]] = defaultdict(Counter)
    for row in connection.execute(statement) if pairs else ():
        cells[under(key_of(row))][row[1]] += int(row[0])
    return Counter({key: _more_than_once(+counted, pairs) for key, counted in cells.items()})


def _more_than_once(counted: Mapping[int, int], pairs: Iterable[tuple[int, int]]) -> int:
    """The items of losses beyond the largest of each cluster of pairs, of which both losses are counted."""
    cluster = {id_: {id_} for id_ in counted}
    for one, other in pairs:
        if one in cluster and other in cluster and cluster[one] is not cluster[other]:
            joined = cluster[one] | cluster[other]
            cluster.update(dict.fromkeys(joined, joined))
    clusters = {id(members): members for members in cluster.values()}.values()
    return sum(sum(numbers) - max(numbers) for members in clusters if (numbers := [counted[one] for one in members]))
