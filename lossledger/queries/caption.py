"""What a tally says of itself: the title over it, and the caption under it."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lossledger.core.text import many, quoted
from lossledger.core.vocabulary import Verification

if TYPE_CHECKING:
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.scope import Scope
    from lossledger.queries.tallies import Tally


def title(tally: "Tally", known_on: str | None = None) -> str:
    """The conflict, the side and the days: "Documented losses: Ukraine 2022, Russia, as of 2022-05-01".

    ``known_on`` is the time of knowledge as it was asked for.
    """
    return ", ".join([what(tally), *days(tally), *_known(tally, known_on)])


def what(tally: "Tally") -> str:
    """What is counted: "Documented losses: Ukraine 2022, Russia"."""
    scope, known = tally.scope, tally.catalogue
    said = f"Documented losses: {known.name('conflict', scope.conflict)}"
    if scope.side is None:
        return said
    own = " without the sides under it" if scope.own else ""
    return f"{said}, {known.name('side', scope.side)}{own}"


def caption(tally: "Tally", *, possible_duplicates: int | None = None) -> str:
    """What is counted, how much of it is itemised, and what stands beside it uncounted.

    ``possible_duplicates`` is how many losses of joined feeds are possibly the same, where that is known.
    """
    return "\n".join(
        [*_withdrawn(tally), *figures(tally), *_feeds(tally, possible_duplicates), _beside(tally), *_inbox(tally)]
    )


def figures(tally: "Tally") -> list[str]:
    """The headline figures in sentences, and what they are narrowed to."""
    apart = tally.several_feeds and not tally.scope.joined
    return [
        _by_feed(tally) if apart else _counted(tally),
        *(_open_by_feed(tally) if apart else _open(tally)),
        *_trees(tally),
        *narrowed(tally),
    ]


def days(tally: "Tally") -> list[str]:
    """The period: "losses since 2022-03-01", "as of 2022-05-01", or "all days"."""
    scope = tally.scope
    said = []
    if scope.since or scope.until:
        bounds = ((scope.since, "since"), (scope.until, "up to"))
        said.append("losses " + " ".join(f"{word} {day}" for day, word in bounds if day))
    if scope.as_of:
        said.append(f"as of {scope.as_of}")
    return said or ["all days"]


def _known(tally: "Tally", known_on: str | None) -> list[str]:
    """The state of knowledge, where it is a past one: "as known on 2022-05-01 (entry 120)"."""
    scope = tally.scope
    if scope.release is not None:
        return [f"release {quoted(scope.release.name)} (entry {scope.release.entry})"]
    if scope.known_on is None:
        return []
    number = f"entry {scope.known_on}"
    return [f"as known on {number if known_on == str(scope.known_on) else f'{known_on} ({number})'}"]


def _withdrawn(tally: "Tally") -> list[str]:
    """The warning that a release is not to be used any more."""
    release = tally.scope.release
    return [f"Release {quoted(release.name)} was withdrawn."] if release and release.withdrawn else []


def _counted(tally: "Tally") -> str:
    """What is counted, and how much of each side is itemised: ``Armenia 86, of which 0 itemised``."""
    if "verification" in tally.by:
        return "Each verification in rows of its own; they are never summed."
    chosen = tally.scope.verifications
    what = f"{chosen[0].capitalize()} only" if len(chosen) == 1 else f"{' and '.join(chosen).capitalize()}"
    itemised = tally.beside.itemised
    sides = [
        f"{name} {total:,}, of which {sum(itemised[side] for side in below):,} itemised"
        for name, total, below in _top_sides(tally)
    ]
    return f"{what}. {'; '.join(sides) or 'None'}."


def _by_feed(tally: "Tally") -> str:
    """What is counted of each side in each feed, which are not to be summed."""
    chosen = " and ".join(tally.scope.verifications).capitalize()
    sides = [
        f"{tally.catalogue.name('side', side)} {quantity:,} in feed {feed}"
        for (side, feed), quantity in sorted(tally.beside.feeds.items())
        if quantity
    ]
    return f"{chosen} only: {'; '.join(sides)}."


def _open(tally: "Tally") -> list[str]:
    """How many more may be of the types in scope: ``T-72B3: Redland 14 certain, up to 19``."""
    possible: Counter[str] = Counter()
    for (side, _), quantity in tally.beside.possible.items():
        possible[side] += quantity
    sides = [
        f"{name} {total:,} certain, up to {total + more:,}"
        for name, total, below in _top_sides(tally)
        if (more := sum(possible[side] for side in below))
    ]
    return _of_types(tally, sides)


def _open_by_feed(tally: "Tally") -> list[str]:
    known, certain = tally.catalogue, tally.beside.feeds
    possible: Counter[tuple[str, str]] = Counter()
    for (side, feed), quantity in tally.beside.possible.items():
        possible[known.top("side", side), feed] += quantity
    sides = [
        f"{known.name('side', side)} {number:,} certain, up to {number + more:,} in feed {feed}"
        for (side, feed), more in sorted(possible.items())
        for number in [certain[side, feed]]
    ]
    return _of_types(tally, sides)


def _of_types(tally: "Tally", sides: list[str]) -> list[str]:
    types = " or ".join(tally.catalogue.name("type", slug) for slug in tally.scope.types)
    return [f"{types}: {'; '.join(sides)}."] if sides else []


def _top_sides(tally: "Tally") -> Iterable[tuple[str, int, set[str]]]:
    """The sides that a caption speaks of: those at the top of their trees, with what stands under them."""
    known, scope = tally.catalogue, tally.scope
    for side in known.ordered("side"):
        if scope.side or scope.own:
            below = {side.slug}
            spoken = side.slug == scope.side if scope.side else side.within == scope.conflict
            if spoken and not scope.own:
                below = known.below("side", side.slug)
        else:
            below = known.below("side", side.slug)
            spoken = side.within == scope.conflict and side.parent is None and side.merged_into is None
        total = sum(tally.beside.counted[one] for one in below)
        open_ = any(one in below for one, _ in tally.beside.possible)
        if spoken and (total or open_ or scope.side):
            yield side.name, total, below


def _trees(tally: "Tally") -> list[str]:
    """Which sides were counted with another: ``Armenia with Artsakh``."""
    if tally.scope.own:
        return []
    known = tally.catalogue
    said = []
    for name, _, below in _top_sides(tally):
        under = [side.name for side in known.ordered("side") if side.slug in below and side.parent is not None]
        under = [one for one in under if one != name]
        if under:
            said.append(f"{name} with {', '.join(under)}.")
    return [" ".join(said)] if said else []


def narrowed(tally: "Tally") -> list[str]:
    """What a tally is narrowed to beside its side and its days: ``Only: Tanks; status destroyed``."""
    only = only_said(tally.scope, tally.catalogue)
    return [f"Only: {'; '.join(only)}."] if only else []


def only_said(scope: "Scope", known: "Catalogue") -> list[str]:
    """What a scope is narrowed to beside its side, its days and how far losses are believed."""
    return [
        *(known.name("category", slug) for slug in scope.categories),
        *(f"group {group}" for group in scope.groups),
        *(f"{known.name('type', slug)} with its variants" for slug in scope.types),
        *(f"status {status}" for status in scope.statuses),
        *(f"feed {slug}" for slug in scope.feeds),
    ]


def _feeds(tally: "Tally", possible_duplicates: int | None) -> list[str]:
    if tally.scope.joined:
        twice = "" if possible_duplicates is None else f"; {possible_duplicates:,} more are possibly the same"
        return [f"Feeds joined, merged losses once{twice}."]
    if not tally.several_feeds:
        return []
    return ["One side stands in several feeds: a column a feed, and no sum. Join them with --joined."]


def _inbox(tally: "Tally") -> list[str]:
    """How many posts wait in the inbox, where any do."""
    number = tally.beside.open_posts
    return [f"Not looked at: {many(number, 'post')} in the inbox."] if number else []


def _beside(tally: "Tally") -> str:
    beside, scope = tally.beside, tally.scope
    waiting = {word: beside.verifications[word] for word in Verification if word not in scope.verifications}
    parts = [f"{count:,} {word}" for word, count in waiting.items() if count or word != Verification.REJECTED]
    parts.append(f"{beside.merged:,} merged into another loss")
    if scope.dated:
        parts.append(f"{beside.undated:,} undated")
    undated = "" if scope.dated else f", {beside.undated:,} undated"
    return f"Not counted: {', '.join(parts)}.\nDays: {beside.inferred:,} inferred{undated}."
