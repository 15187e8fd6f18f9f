"""Why a loss moved a tally: the first cause by a fixed order, and every field that differs with both values.

The order of the causes is this. What came into the ledger or left it is told before what was changed in it, and what
was changed is told by the field that matters most. Where a loss enters or leaves the scope of a tally, a field that
took it over the border is told before one that did not.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from lossledger.core.days import show_days
from lossledger.core.fields import FLAG, State, children
from lossledger.core.records import KINDS


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
    """What became of a loss as a row of a list, whether it counts or not."""

    NEW = "new"
    RESTORED = "restored"
    GONE = "gone"
    CHANGED = "changed"


class Difference(NamedTuple):
    """One field of a loss at both ends; None where there was, or is, nothing."""

    field: str
    old: str | None
    new: str | None


class Ends(NamedTuple):
    """A loss at both ends, each empty where the ledger did not have it, and whether it was split in between."""

    before: State
    after: State
    split: bool = False


_DAYS = ("earliest", "latest", "inferred")
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
FIELDS = [
    *dict.fromkeys("date" if field.name in _DAYS else field.name for field in KINDS["loss"].fields),
    *(child.name for child in KINDS["loss"].children if child.name != "row"),
]
"""What can differ, in the order in which it is told. What a feed last said of a loss is no field of its own."""


def present(state: State) -> bool:
    """Whether the ledger has a loss that is not withdrawn."""
    return bool(state) and state.get("withdrawn") != FLAG


def row_of(ends: Ends) -> Row | None:
    """What became of a loss as a row of a list; None where it is there at neither end, or is the same."""
    was, is_now = present(ends.before), present(ends.after)
    if was and is_now:
        return Row.CHANGED if differences(ends) else None
    if is_now:
        return Row.RESTORED if ends.before else Row.NEW
    return Row.GONE if was else None


def differences(ends: Ends) -> tuple[Difference, ...]:
    """Every field that differs, with both values: the days of a loss as one, each event, each piece of evidence."""
    before, after = ends.before, ends.after
    touched = {path.partition(".")[0] for path, _ in before.items() ^ after.items()} - {"row"}
    named = {"date" if name in _DAYS else name for name in touched}
    found: list[Difference] = []
    for name in sorted(named, key=FIELDS.index):
        if name in _CHILDREN:
            found += _of_children(name, before, after)
        elif name == "date":
            found.append(Difference(name, _days(before), _days(after)))
        else:
            found.append(Difference(name, before.get(name), after.get(name)))
    return tuple(found)


def cause_of(ends: Ends, over: Callable[[str], bool], last_day: str | None, day: str | None) -> Cause | None:
    """Why a loss that the journal touched moved a tally; None where nothing that was done to it can be why.

    Args:
        ends: the loss at both ends, which differ.
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
    fields = {difference.field for difference in differences(ends)}
    causes = sorted({_CAUSE_OF[field] for field in fields if field in _CAUSE_OF}, key=_ORDER.index)
    crossing = [_CAUSE_OF[field] for field in _CAUSE_OF if field in fields and over(field)]
    first = next(iter([*crossing, *causes]), None)
    return Cause.SPLIT if first is Cause.QUANTITY and ends.split else first


def came(last_day: str | None, day: str | None) -> Cause:
    """Whether what came happened since, or before and was entered late. What has no day counts as new."""
    return Cause.BACK_FILLED if last_day and day and day <= last_day else Cause.NEW


_CHILDREN = {"event": ("status", *_DAYS), "evidence": ("relation", "source"), "file": ("name", "sha256")}
"""What a child of a loss is told by."""


def _of_children(name: str, before: State, after: State) -> list[Difference]:
    was, is_now = children(before, name), children(after, name)
    return [
        Difference(name, _told(name, was.get(key)), _told(name, is_now.get(key)))
        for key in {**was, **is_now}
        if was.get(key) != is_now.get(key)
    ]


def _told(name: str, child: Mapping[str, str] | None) -> str | None:
    if child is None:
        return None
    days = _days(child) if name == "event" else None
    parts = [child.get(field) for field in _CHILDREN[name] if field not in _DAYS]
    return " ".join(part for part in (*parts, days) if part)


def _days(state: Mapping[str, str]) -> str | None:
    return show_days(state.get("earliest"), state.get("latest"), state.get("inferred") == FLAG) or None


def _newly_gone(before: State, after: State) -> bool:
    """Whether a feed no longer lists a loss that it listed before: then an import took it back, and nobody else."""
    return any(
        path.startswith("row.") and path.endswith(".gone") and before.get(path) != value
        for path, value in after.items()
    )
