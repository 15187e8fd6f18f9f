"""Releases: a tally as it stood when it was given a name, and whether the journal still says so."""

import json
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from lossledger.core.fields import REDACTED
from lossledger.core.names import fold, near
from lossledger.core.text import quoted
from lossledger.db.tables import SUBJECTS
from lossledger.db.tables import entry as entries
from lossledger.errors import Altered, Refused, UnknownName
from lossledger.queries.lineage import steps

RULES = 1
"""The number of the rules by which this program counts; they are described in ``docs/releases.md``.

Whoever changes what a tally counts unasked gives the new rules the next number, and counts older releases by theirs.
"""


class Release(NamedTuple):
    """What a release freezes: where the journal ended, and how a tally is counted there where nothing else is asked."""

    id: str
    name: str
    entry: int
    hash: str
    """The hash of that entry, in hexadecimal."""
    recorded_at: str
    """When that entry was recorded."""
    conflict: str | None
    """The conflict that is meant (slug); None where it is of all that the ledger had."""
    rules: int
    verifications: tuple[str, ...]
    own: bool
    joined: bool
    withdrawn: bool
    """Whether it is not to be used any more; its history says why."""
    note: str | None = None


def releases(connection: Connection) -> list[Release]:
    """Every release, in the order in which they were made."""
    table, conflicts = SUBJECTS["release"].c, SUBJECTS["conflict"].c
    statement = (
        select(
            table.slug.label("id"),
            table.name,
            table.entry,
            table.hash,
            table.recorded_at,
            conflicts.slug.label("conflict"),
            table.rules,
            table.verifications,
            table.own,
            table.joined,
            table.withdrawn,
            table.note,
        )
        .join(SUBJECTS["conflict"], conflicts.id == table.conflict_id, isouter=True)
        .order_by(table.id)
    )
    return [_release(row) for row in connection.execute(statement)]


def _release(row: Any) -> Release:
    told = row._asdict()
    flags = {name: told[name] is not None for name in ("own", "joined", "withdrawn")}
    return Release(**told | flags | {"verifications": tuple(json.loads(told["verifications"]))})


class Withdrawal(NamedTuple):
    """When a release was withdrawn, an instant in UTC, and why; no reason where it was redacted."""

    recorded_at: str
    reason: str | None

    @property
    def words(self) -> str:
        """Both as people read them: "withdrawn on 2021-06-02: a list was imported twice"."""
        return f"withdrawn on {self.recorded_at[:10]}" + (f": {self.reason}" if self.reason else "")


def withdrawal(connection: Connection, release: Release) -> Withdrawal | None:
    """When and why a release was withdrawn; None where it stands."""
    if not release.withdrawn:
        return None
    done = steps(connection, "release", release.id)
    last = next(step for step in reversed(done) if any(change.field == "withdrawn" for change in step.changes))
    return Withdrawal(last.recorded_at, None if last.reason == REDACTED else last.reason)


def the_release(connection: Connection, name: str) -> Release:
    """The release of a name, however spelt, after its entry was looked at.

    Errors: UnknownName with near misses; Altered where the journal no longer has that entry; Refused for one that is
    counted by rules which this program does not know.
    """
    found = named(connection, name)
    if wrong := altered(connection, found.entry, found.hash, found.recorded_at):
        raise Altered(f"release {quoted(found.name)}: {wrong}; see: lossledger audit")
    if found.rules > RULES:
        raise Refused(
            f"release {quoted(found.name)} is counted by rules {found.rules}, which this program ({RULES}) does not "
            "know; upgrade lossledger"
        )
    return found


def named(connection: Connection, name: str) -> Release:
    """The release of a name, however spelt, whatever became of it. Errors: UnknownName with near misses."""
    known = releases(connection)
    found = next((one for one in known if name == one.id or fold(name) == fold(one.name)), None)
    if found is None:
        hint = "see: lossledger release list" if known else "make it with: lossledger release create"
        raise UnknownName("release", name, near(name, (one.name for one in known)), hint)
    return found


def altered(connection: Connection, entry: int, hash_: str, recorded_at: str) -> str | None:
    """What shows that the journal is not the one that a release was made of; None where it is."""
    of_entry = select(entries.c.hash, entries.c.recorded_at).where(entries.c.number == entry)
    found = connection.execute(of_entry).first()
    if found is None:
        return f"the journal has no entry {entry} any more: its end was cut off"
    if not isinstance(found.hash, bytes) or (found.hash.hex(), found.recorded_at) != (hash_, recorded_at):
        return f"entry {entry} is not the one it was made of: the journal was written anew"
    return None
