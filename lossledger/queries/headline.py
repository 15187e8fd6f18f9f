"""The headline figures of a tally: what each side lost, in each feed where feeds are not to be summed."""

from collections import Counter
from typing import NamedTuple

from lossledger.queries.points import top_of
from lossledger.queries.tallies import Tally


class Figure(NamedTuple):
    """What one side lost, with the sides counted under it; ``feed`` (slug) where its feeds stand apart."""

    side: str
    feed: str | None
    quantity: int


def figures(tally: Tally) -> list[Figure]:
    """The figures of a tally that was taken by side and feed at least, in the order of the catalogue.

    ``side`` is a slug. A side of which nothing is counted is left out, unless it was asked for.
    """
    scope, known = tally.scope, tally.catalogue
    top = top_of(scope, known)
    apart = tally.several_feeds and not scope.joined
    sums: Counter[tuple[str, str | None]] = Counter()
    for (side, feed), quantity in tally.sums("side", "feed").items():
        sums[top(str(side)), feed if apart else None] += quantity
    if scope.side is not None and not sums:
        sums[top(scope.side), None] = 0
    return [
        Figure(term.slug, feed, quantity)
        for term in known.ordered("side")
        for (side, feed), quantity in sorted(sums.items(), key=str)
        if side == term.slug
    ]
