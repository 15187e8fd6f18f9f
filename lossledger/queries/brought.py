"""Who brought each piece of evidence of a loss into the ledger, and when."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection

from lossledger.core.fields import children
from lossledger.queries.history import folded
from lossledger.queries.lineage import Step, steps

Record = dict[str, Any]


def brought(connection: Connection, found: Iterable[Step]) -> dict[str, Record]:
    """The entry that brought each piece of evidence, by the piece's key; ``found`` are the steps of one loss.

    What a list brought is marked with its feed. A part's piece was brought by whoever brought that of its whole.
    """
    by_key: dict[str, Record] = {}
    for step in found:
        said = {change.field: change.new for change in step.changes if change.new is not None}
        pieces = {key: piece for key, piece in children(said, "evidence").items() if "relation" in piece}
        if "split_from" in said:
            by_key |= _of_whole(connection, said["split_from"], step.number, pieces)
        for key in pieces:
            by_key.setdefault(key, _record(step))
    return by_key


def _record(step: Step) -> Record:
    feeds = (change.field.split(".")[1] for change in step.changes if change.field.endswith(".run"))
    return {
        "entry": step.number,
        "recorded_at": step.recorded_at,
        "actor": step.actor,
        "feed": next(feeds, None),
    }


def _of_whole(connection: Connection, whole: str, split: int, copies: dict[str, dict[str, str]]) -> dict[str, Record]:
    """Who brought the pieces of a whole that a part received as copies, by the copies' keys."""
    earlier = [step for step in steps(connection, "loss", whole) if step.number < split]
    known = brought(connection, earlier)
    left = children(folded(connection, "loss", whole, before=split), "evidence")
    return {copy: known[key] for copy, key in _matched(copies, left) if key in known}


def _matched(copies: dict[str, dict[str, str]], pieces: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Copies with the pieces that say the same, each piece once."""
    left = dict(pieces)
    for copy, fields in copies.items():
        key = next((key for key, piece in left.items() if piece == fields), None)
        if key is not None:
            del left[key]
            yield copy, key
