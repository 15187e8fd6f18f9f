"""Acts on scenes: one is made, posts join and leave it, it is renamed, two turn out to be one."""

from collections.abc import Iterable

from lossledger.core.digest import new_uid
from lossledger.core.fields import State
from lossledger.core.names import fold
from lossledger.core.vocabulary import Act
from lossledger.errors import Refused
from lossledger.ledger.journal import Journal
from lossledger.queries.scenes import names, posts_in


def create(journal: Journal, name: str, note: str | None = None) -> str:
    """Make a new scene; returns its uid. Errors: Refused where another has the name."""
    _refuse_taken(journal, name)
    uid = new_uid()
    journal.append(Act.CATALOGUE, "scene", uid, {"name": name, "note": note}, new=True)
    return uid


def join(journal: Journal, uid: str, posts: Iterable[str]) -> dict[str, str | None]:
    """Put posts into a scene; returns them, each with the scene (uid) that it was in before.

    Errors: Refused for one that is in it already.
    """
    _existing(journal, uid)
    left: dict[str, str | None] = {}
    for one in dict.fromkeys(posts):
        left[one] = journal.state("post", one).get("scene")
        if left[one] == uid:
            raise Refused(f"post {one} is in this scene already")
        journal.append(Act.CATALOGUE, "post", one, {"scene": uid})
    return left


def leave(journal: Journal, posts: Iterable[str]) -> dict[str, str]:
    """Take posts out of their scenes; returns them, each with the scene (uid) that it was in.

    Errors: Refused for one that is in none.
    """
    left = {}
    for one in dict.fromkeys(posts):
        before = journal.state("post", one).get("scene")
        if before is None:
            raise Refused(f"post {one} is in no scene")
        journal.append(Act.CATALOGUE, "post", one, {"scene": None})
        left[one] = before
    return left


def rename(journal: Journal, uid: str, name: str) -> State:
    """Give a scene a new name; returns its state before. Errors: Refused where another has it."""
    before = _existing(journal, uid)
    if before["name"] == name:
        raise Refused(f"scene {uid} is called so already")
    _refuse_taken(journal, name, but=uid)
    journal.append(Act.CATALOGUE, "scene", uid, {"name": name})
    return before


def merge(journal: Journal, uid: str, into: str) -> int:
    """Say that two scenes are one: the posts of the first go to the one kept. Returns how many went.

    Errors: Refused for one merged into itself, or merged already.
    """
    for one in (uid, into):
        if (other := _existing(journal, one).get("merged_into")) is not None:
            raise Refused(f"scene {one} is merged into {other} already")
    if uid == into:
        raise Refused("a scene cannot be merged into itself")
    journal.flush()
    moved = posts_in(journal.connection, uid)
    journal.append(Act.CATALOGUE, "scene", uid, {"merged_into": into})
    join(journal, into, moved)
    return len(moved)


def _refuse_taken(journal: Journal, name: str, but: str | None = None) -> None:
    if not fold(name):
        raise Refused(f"{name!r} has no letter or digit that a scene could be known by")
    journal.flush()
    for uid, other in names(journal.connection).items():
        if uid != but and fold(other) == fold(name):
            raise Refused(f"scene {uid} is called {other!r} already")


def _existing(journal: Journal, uid: str) -> State:
    state = journal.state("scene", uid)
    if not state:
        raise Refused(f"no scene {uid!r} in this ledger")
    return state
