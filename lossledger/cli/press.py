"""How a count that somebody published is written: in the manner of the press."""

from lossledger.core.vocabulary import ITEMS, Bound

_BOUNDS = {Bound.ABOUT: "~{}", Bound.AT_LEAST: "{}+", Bound.AT_MOST: "up to {}"}


def shown_count(quantity: int | None, bound: str | None, unit: str | None) -> str:
    """A count with its bound and its unit: "200+", "~130", "up to 230", "1,000 USD"."""
    if quantity is None:
        return ""
    count = _BOUNDS.get(Bound(bound or Bound.EXACT), "{}").format(f"{quantity:,}")
    return count if unit in (None, ITEMS) else f"{count} {unit}"
