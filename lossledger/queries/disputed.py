"""What a source says otherwise of one field of a loss, and whether the loss says so by now."""

from collections.abc import Mapping
from typing import Any

from lossledger.core.days import show_days
from lossledger.core.names import fold


def settled(loss: Mapping[str, Any], field: str | None, says: str | None) -> bool | None:
    """Whether a loss by now says in a field what a source said against it; None where the source said no other value.

    ``status`` holds for what has become of the loss as well as for its first status.
    """
    if field is None or says is None or not (field == "date" or field in loss):
        return None
    now = [_stands(loss, field), *([loss["outcome"]] if field == "status" else [])]
    return _compared(says) in [_compared(value) for value in now if value is not None]


def _stands(loss: Mapping[str, Any], field: str) -> str | None:
    """What a loss, as `queries.losses` tells it, says in a field that can be disputed; in the words of a dispute."""
    if field == "date":
        return show_days(loss["earliest"], loss["latest"], inferred=False) or None
    value = loss["candidates"] or loss["type"] if field == "type" else loss[field]
    return None if value is None else str(value)


def _compared(text: str) -> list[str]:
    """A text in any spelling, candidates in any order."""
    return sorted(fold(part) for part in text.removeprefix("~").split("|"))
