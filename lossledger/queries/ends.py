"""The losses that the journal touched between two entries, as the ledger and as their lists had them at both ends."""

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from lossledger.core.digest import Detail
from lossledger.core.fields import FLAG, REDACTED, State, child_path
from lossledger.core.fold import fold
from lossledger.core.records import ACT_FIELDS
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details

Given = Mapping[str, str]
"""What lists last gave for a loss: by feed, the row as one text."""

_GIVEN = "row.%.given"

_AT_ONCE = 1_000
"""How many rows are fetched at a time."""


class Ends(NamedTuple):
    """A loss at both ends, each empty where the ledger did not have it, and whether it was split in between.

    The states lack what lists gave for it. That stands beside them, of the lists that have it at each end, and
    without a list of which one text was redacted; ``known_to_lists`` says whether any had it before, gone or not.
    """

    before: State
    after: State
    split: bool
    listed_before: Given
    listed_after: Given
    known_to_lists: bool


def touched(connection: Connection, first: int, last: int) -> dict[str, Ends]:
    """The losses with entries between two points, as they were at each, in the journal's order."""
    first, last = sorted((first, last))
    mine = (entries.c.kind == "loss") & (entries.c.number <= last)
    # What a list gave is long: of that only what stood at the ends is read, below.
    wanted = details.c.field.not_in(ACT_FIELDS) & details.c.field.not_like(_GIVEN)
    statement = (
        select(entries.c.subject, entries.c.number, entries.c.act, details.c.field, details.c.value, details.c.salt)
        .join(details, details.c.entry == entries.c.number)
        .where(mine, entries.c.subject.in_(_subjects(first, last)), wanted)
        .order_by(entries.c.subject, entries.c.number)
    )
    given_before, given_after = (_given(connection, first, last, end) for end in (first, last))
    found: dict[str, tuple[int, Ends]] = {}
    rows = connection.execute(statement, execution_options={"yield_per": _AT_ONCE})
    for uid, of_loss in groupby(rows, key=itemgetter(0)):
        earlier: list[Detail] = []
        later: list[Detail] = []
        acts: dict[int, str] = {}
        for _, number, act, field, value, salt in of_loss:
            detail = Detail(field, value, salt)
            if number <= first:
                earlier.append(detail)
            else:
                later.append(detail)
                acts[number] = act
        if acts:
            before = fold({}, earlier)
            after = fold(before, later) if later else before
            given = given_before.get(uid, {}), given_after.get(uid, {})
            listed = _listed(given, (before, after))
            found[uid] = min(acts), Ends(before, after, Act.SPLIT in acts.values(), *listed, bool(given[0]))
    return {uid: ends for uid, (_, ends) in sorted(found.items(), key=lambda item: item[1][0])}


def _listed(given: tuple[Given, Given], states: tuple[State, State]) -> tuple[Given, Given]:
    """Of what lists gave, the rows of those that have the loss at each end."""
    was, is_now = (
        {feed: text for feed, text in texts.items() if state.get(child_path("row", feed, "gone")) != FLAG}
        for texts, state in zip(given, states, strict=True)
    )
    for feed in given[0].keys() & given[1].keys():
        if REDACTED in (given[0][feed], given[1][feed]):
            was.pop(feed, None)
            is_now.pop(feed, None)
    return was, is_now


def _subjects(first: int, last: int) -> Select[Any]:
    """The losses that have entries after ``first`` up to ``last``."""
    between = (entries.c.number > first) & (entries.c.number <= last)
    return select(entries.c.subject).where(entries.c.kind == "loss", between)


def _given(connection: Connection, first: int, last: int, end: int) -> dict[str, dict[str, str]]:
    """What lists had given by the entry ``end`` for each of those losses."""
    newest = (
        select(details.c.field, func.max(entries.c.number).label("number"), entries.c.subject)
        .join(entries, entries.c.number == details.c.entry)
        .where(entries.c.kind == "loss", entries.c.number <= end, entries.c.subject.in_(_subjects(first, last)))
        .where(details.c.field.like(_GIVEN))
        .group_by(entries.c.subject, details.c.field)
        .subquery()
    )
    statement = select(newest.c.subject, details.c.field, details.c.value, details.c.salt).join(
        newest, (newest.c.number == details.c.entry) & (newest.c.field == details.c.field)
    )
    found: dict[str, dict[str, str]] = {}
    for uid, path, value, salt in connection.execute(statement):
        text = REDACTED if salt is None else value
        if text is not None:
            found.setdefault(uid, {})[path.removeprefix("row.").removesuffix(".given")] = text
    return found
