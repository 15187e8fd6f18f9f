"""What a site's figures rest on, in words: whoever confirmed them, here or elsewhere, and how they were counted."""

from lossledger.core.text import many
from lossledger.core.vocabulary import OWN_FEED
from lossledger.queries.tallies import Tally

_NAMED = 3
"""So many lists are named; of more their number is said."""


def grounds(counted: Tally) -> str:
    """What the counted losses rest on, in sentences that promise no more than the ledger knows.

    What a list calls confirmed was looked at by that list, if by anybody; nobody here need have seen its evidence.
    """
    whole = counted.total
    of_feed = {feed: 0 for _, feed in counted.beside.feeds}
    for (_, feed), quantity in counted.beside.feeds.items():
        of_feed[feed] += quantity
    own = of_feed.pop(OWN_FEED, 0)
    listed = [feed for feed, quantity in of_feed.items() if quantity]
    return f"{_confirmed(own, whole, _lists(counted, listed))} {_itemised(counted.beside.itemised.total(), whole)}"


def _confirmed(own: int, whole: int, lists: str) -> str:
    if own == whole:
        return "Confirmed losses, each by somebody of this ledger."
    elsewhere = f"confirmed by {lists}; nobody here need have looked at their evidence"
    if not own:
        return f"Losses {elsewhere}."
    return f"Confirmed losses: {own:,} by somebody of this ledger, {whole - own:,} {elsewhere}."


def _lists(counted: Tally, feeds: list[str]) -> str:
    if len(feeds) > _NAMED:
        return f"{many(len(feeds), 'list')} that they were taken from"
    names = " and ".join(counted.catalogue.name("feed", feed) for feed in feeds)
    return f"{'the list' if len(feeds) == 1 else 'the lists'} that they were taken from ({names})"


def _itemised(items: int, whole: int) -> str:
    if items == whole:
        return "All are itemised."
    if not items:
        return "None is itemised: they are numbers that somebody gave."
    return f"{items:,} of {whole:,} are itemised, the rest are numbers that somebody gave."
