"""How a count that somebody published is written: in the manner of the press."""

from typing import TYPE_CHECKING

from lossledger.core.vocabulary import ITEMS, Bound, PublishedKind

if TYPE_CHECKING:
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.published import Published

_BOUNDS = {Bound.ABOUT: "~{}", Bound.AT_LEAST: "{}+", Bound.AT_MOST: "up to {}"}

_NAMED = 3
"""How many headings are named where a list counts several together; it calls them by a name of its own."""


def shown_count(quantity: int | None, bound: str | None, unit: str | None) -> str:
    """A count with its bound and its unit: "200+", "~130", "up to 230", "1,000 USD"."""
    if quantity is None:
        return ""
    count = _BOUNDS.get(Bound(bound or Bound.EXACT), "{}").format(f"{quantity:,}")
    return count if unit in (None, ITEMS) else f"{count} {unit}"


def what_counted(published: "Published", known: "Catalogue") -> str:
    """What is counted: in the publisher's words; of a list's many counts, which of them it is, and where it stands."""
    if not published.of_list:
        # An assertion that names no headings means all of them; a claim means what we do not know.
        unnamed = "everything" if published.kind == PublishedKind.ASSERTION else "losses"
        return published.wording or ", ".join(narrowed_to(published)) or unnamed
    names = [known.name("type", slug) for slug in published.types]
    names = names or [known.name("category", slug) for slug in published.categories] or ["all"]
    if len(names) > _NAMED:
        names = [f"{len(names)} headings together"]
    return f"{', '.join((*names, *published.statuses))} ({published.place})"


def narrowed_to(published: "Published") -> tuple[str, ...]:
    """What a count is narrowed to, by slugs; a headline to nothing but a status."""
    statuses = () if published.of_list else published.statuses
    return (*published.types, *published.categories, *published.groups, *statuses)
