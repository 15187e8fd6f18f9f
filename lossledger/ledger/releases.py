"""Acts on releases: one is made, for good; one is withdrawn, and can still be read."""

from collections.abc import Iterable

from lossledger.core.digest import new_uid
from lossledger.core.entered import as_list
from lossledger.core.fields import FLAG
from lossledger.core.names import fold, slug
from lossledger.core.text import quoted
from lossledger.core.vocabulary import Act, Verification
from lossledger.errors import Refused
from lossledger.ledger.journal import Journal
from lossledger.queries.history import head
from lossledger.queries.releases import RULES, Release, named, releases


def create(
    journal: Journal,
    name: str,
    *,
    conflict: str | None = None,
    verifications: Iterable[str] = (Verification.CONFIRMED,),
    own: bool = False,
    joined: bool = False,
    note: str | None = None,
) -> Release:
    """Give the ledger as it stands a name, with how a tally of it is counted.

    Errors: Refused where a release has the name, or had it and was withdrawn; in a ledger without an entry.
    """
    key = _key(journal, name)
    journal.flush()
    last = head(journal.connection)
    if last is None:
        raise Refused("the ledger has no entry that a release could be made of")
    fields = {
        "name": name,
        "entry": str(last.number),
        "hash": last.hash.hex(),
        "recorded_at": last.recorded_at,
        "conflict": conflict,
        "rules": str(RULES),
        "verifications": as_list(str(word) for word in verifications),
        "own": FLAG if own else None,
        "joined": FLAG if joined else None,
        "note": note,
    }
    journal.append(Act.CATALOGUE, "release", key, fields, new=True)
    journal.flush()
    return named(journal.connection, key)


def withdraw(journal: Journal, key: str) -> None:
    """Say that a release is not to be used any more. Errors: Refused where it is said."""
    state = journal.state("release", key)
    if not state:
        raise Refused(f"no release {quoted(key)} in this ledger")
    if "withdrawn" in state:
        raise Refused(f"release {quoted(state['name'])} is withdrawn already")
    journal.append(Act.CATALOGUE, "release", key, {"withdrawn": FLAG})


def _key(journal: Journal, name: str) -> str:
    """The slug of a new release. Errors: Refused where the name or the slug is taken, or says nothing."""
    if not fold(name):
        raise Refused(f"{quoted(name)} has no letter or digit that a release could be known by")
    key = slug(name) or new_uid()
    for one in releases(journal.connection):
        if key == one.id or fold(name) == fold(one.name):
            raise Refused(
                f"there is a release {quoted(one.name)} already, of entry {one.entry}; a release is made once, "
                "choose another name"
            )
    return key
