"""Why a loss moved a tally: the first cause by a fixed order, and every field that differs with both values.

The order of the causes is this. What came into the ledger or left it is told before what was changed in it, and what
was changed is told by the field that matters most. Where a loss enters or leaves the scope of a tally, a field that
took it over the border is told before one that did not.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

import orjson

from lossledger.core.days import show_days
from lossledger.core.fields import FLAG, REDACTED, State, children
from lossledger.core.records import KINDS
from lossledger.queries.ends import Ends
from lossledger.queries.held import LISTED, held_of


class Cause(StrEnum):
    """Why a loss moved a tally, in the order in which causes are looked for and shown."""

    NEW = "new"
    BACK_FILLED = "back-filled"
    SPLIT = "split"
    RESTORED = "restored"
    GONE = "gone"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    UNMERGED = "unmerged"
    STANDS_IN = "stands in"
    SIDE = "side changed"
    RETYPED = "retyped"
    RECATEGORISED = "recategorised"
    STATUS = "status changed"
    VERIFICATION = "verification changed"
    QUANTITY = "quantity corrected"
    DAY = "day corrected"
    CORRECTED = "corrected"
    SCOPE = "scope changed"


class Row(StrEnum):
    """What became of a loss as a row, whether it counts or not: as its list tells it, or as it stands here."""

    NEW = "new"
    RESTORED = "restored"
    GONE = "gone"
    CHANGED = "changed"


class Difference(NamedTuple):
    """One field of a loss at both ends; None where there was, or is, nothing."""

    field: str
    old: str | None
    new: str | None


_DAYS = ("earliest", "latest", "inferred")
_PLACE = ("latitude", "longitude")
_AS_ONE = dict.fromkeys(_DAYS, "date") | dict.fromkeys(_PLACE, "coordinates")
"""Fields that are told as one."""

_CAUSE_OF = {
    "side": Cause.SIDE,
    "type": Cause.RETYPED,
    "category": Cause.RECATEGORISED,
    "status": Cause.STATUS,
    "event": Cause.STATUS,
    "verification": Cause.VERIFICATION,
    "quantity": Cause.QUANTITY,
    "date": Cause.DAY,
    "reported": Cause.DAY,
    "feed_day": Cause.DAY,
    "counts": Cause.CORRECTED,
    "feed": Cause.CORRECTED,
}
"""The cause that each field is which a posting rests on; all other fields move nothing."""

_ORDER = list(Cause)


def _fields() -> Iterator[str]:
    for field in KINDS["loss"].fields:
        yield _AS_ONE.get(field.name, field.name)
        if field.name == "candidates":
            yield "origin"
    yield from (child.name for child in KINDS["loss"].children if child.name != "row")
    yield "links"


FIELDS = list(dict.fromkeys(_fields()))
"""What can differ, in the order in which it is told. ``origin`` and ``links`` are a list's words alone."""


def present(state: State) -> bool:
    """Whether the ledger has a loss that is not withdrawn."""
    return bool(state) and state.get("withdrawn") != FLAG


def told_by_list(ends: Ends) -> tuple[Row | None, tuple[Difference, ...]]:
    """What became of a loss as a row of its list, whatever was made of it here, and what the list writes otherwise.

    None where the list says the same as before, or no list has it. A list of which a text was redacted is left out.
    """
    rows_before, rows_after = children(ends.before, "row"), children(ends.after, "row")
    was, is_now = _listed(rows_before), _listed(rows_after)
    for feed in was.keys() & is_now.keys():
        if REDACTED in (was[feed], is_now[feed]):
            del was[feed], is_now[feed]
    if was == is_now:
        return None, ()
    if not is_now:
        return Row.GONE, ()
    if not was:
        return Row.RESTORED if rows_before else Row.NEW, ()
    return Row.CHANGED, tuple(_differing(_words(was), _words(is_now), {}))


def _listed(rows: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What the lists that have a loss say of it: by feed, the row as one text."""
    return {feed: row["given"] for feed, row in rows.items() if "given" in row and row.get("gone") != FLAG}


def row_here(ends: Ends, found: Collection[Difference]) -> Row | None:
    """What became of a loss by its own fields, of which ``found`` differ; None where it is there at neither end."""
    was, is_now = present(ends.before), present(ends.after)
    if was and is_now:
        return Row.CHANGED if found else None
    if is_now:
        return Row.RESTORED if ends.before else Row.NEW
    return Row.GONE if was else None


def differences(ends: Ends, links: Mapping[str, str]) -> tuple[Difference, ...]:
    """Every field that differs, with both values: the days of a loss as one, each event, each piece of evidence.

    Of a loss that is new here every field is; none is told. ``links`` are what sources are known by, by their ids.
    """
    return tuple(_differing(ends.before, ends.after, links)) if ends.before else ()


def held_back(ends: Ends) -> frozenset[str]:
    """The fields that a list says otherwise at the end where a person here has; "gone" where it no longer lists it."""
    fields = {field for held in held_of(ends.after) for field in held.said}
    return frozenset("gone" if field == LISTED else _AS_ONE.get(field, field) for field in fields)


def _differing(before: State, after: State, links: Mapping[str, str]) -> Iterator[Difference]:
    touched = {path.partition(".")[0] for path, _ in before.items() ^ after.items()} - {"row"}
    for name in sorted({_AS_ONE.get(name, name) for name in touched}, key=FIELDS.index):
        if name in _CHILDREN:
            yield from _of_children(name, before, after, links)
        else:
            yield Difference(name, _value(name, before), _value(name, after))


def _value(name: str, state: State) -> str | None:
    if name == "date":
        return _days(state)
    if name == "coordinates":
        return ", ".join(state[part] for part in _PLACE if part in state) or None
    return state.get(name)


def _words(given: Mapping[str, str]) -> State:
    """What lists say of a loss, by field: their words as they are, lists of texts as JSON."""
    return {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for text in given.values()
        for name, value in orjson.loads(text).items()
    }


def cause_of(
    ends: Ends, fields: Collection[str], over: Callable[[str], bool], last_day: str | None, day: str | None
) -> Cause | None:
    """Why a loss that the journal touched moved a tally; None where nothing that was done to it can be why.

    Args:
        ends: the loss at both ends, which differ.
        fields: those of its fields that differ.
        over: whether a cause's field took the loss over the border of the scope.
        last_day: the last day that the tally had reached at its beginning.
        day: the loss's own day at the end.
    """
    before, after = ends.before, ends.after
    if not before:
        return Cause.SPLIT if "split_from" in after else came(last_day, day)
    if present(before) != present(after):
        if present(after):
            return Cause.RESTORED
        return Cause.GONE if _newly_gone(before, after) else Cause.WITHDRAWN
    if before.get("merged_into") != after.get("merged_into"):
        return Cause.MERGED if "merged_into" in after else Cause.UNMERGED
    if before.get("stands_in") != after.get("stands_in"):
        return Cause.STANDS_IN
    causes = sorted({_CAUSE_OF[field] for field in fields if field in _CAUSE_OF}, key=_ORDER.index)
    crossing = [_CAUSE_OF[field] for field in _CAUSE_OF if field in fields and over(field)]
    first = next(iter([*crossing, *causes]), None)
    return Cause.SPLIT if first is Cause.QUANTITY and ends.split else first


def came(last_day: str | None, day: str | None) -> Cause:
    """Whether what came happened since, or before and was entered late. What has no day counts as new."""
    return Cause.BACK_FILLED if last_day and day and day <= last_day else Cause.NEW


_CHILDREN = {"event": ("status", *_DAYS), "evidence": ("relation", "source")}
"""What a child of a loss is told by."""


def _of_children(name: str, before: State, after: State, links: Mapping[str, str]) -> Iterator[Difference]:
    was, is_now = children(before, name), children(after, name)
    for key in {**was, **is_now}:
        if was.get(key) != is_now.get(key):
            yield Difference(name, *(_told(name, one.get(key), links) for one in (was, is_now)))


def _told(name: str, child: Mapping[str, str] | None, links: Mapping[str, str]) -> str | None:
    if child is None:
        return None
    days = _days(child) if name == "event" else None
    parts = [child.get(field) for field in _CHILDREN[name] if field not in _DAYS]
    return " ".join(links.get(part, part) for part in (*parts, days) if part)


def _days(state: Mapping[str, str]) -> str | None:
    return show_days(state.get("earliest"), state.get("latest"), state.get("inferred") == FLAG) or None


def _newly_gone(before: State, after: State) -> bool:
    """Whether a feed no longer lists a loss that it listed before: then an import took it back, and nobody else."""
    return any(
        path.startswith("row.") and path.endswith(".gone") and before.get(path) != value
        for path, value in after.items()
    )
