"""What waits for somebody's decision: claims, disputes, lists that say otherwise, possible duplicates.

Each kind is a function that finds its items, and another kind is one more of them in `WAITING`. An item waits as long
as the ledger says so: nothing is kept of a queue, and whoever decides takes the item out of it for everybody.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from lossledger.queries import waiting_losses, waiting_pairs
from lossledger.queries.catalogue import catalogue
from lossledger.queries.reporters import Reporters, reporters, second_person_asked
from lossledger.queries.scope import Scope
from lossledger.queries.undecided import Conditions
from lossledger.queries.waiting_losses import Item, Look, Within

ANYONE = "anyone"
"""Whose move it is where the ledger does not say."""

Find = Callable[[Look], Iterable[Item]]


class Kind(NamedTuple):
    """A kind of item: what finds those that wait, and what counts them where counting is cheap."""

    name: str
    find: Find
    tally: Callable[[Connection, Conditions], int] | None


WAITING: tuple[Kind, ...] = (
    Kind("claim", waiting_losses.claims, waiting_losses.number_of_claims),
    Kind("dispute", waiting_losses.disputes, waiting_losses.number_of_disputes),
    Kind("held", waiting_losses.held, waiting_losses.number_held),
    Kind("pair", waiting_pairs.pairs, None),
)
"""Every kind of item, in the order in which they are gone through."""

KINDS = {kind.name: kind for kind in WAITING}

_CONFIRMABLE = ("claim", "dispute")
"""The kinds that a second person may be asked for."""


class Waits(NamedTuple):
    """An item with whose move it is: anyone's, or somebody's other than who alone reported it."""

    item: Item
    reporters: Reporters | None

    def is_for(self, actor: str) -> bool:
        """Whether an actor may confirm it."""
        return self.reporters is None or not self.reporters.alone(actor)

    @property
    def waits_for(self) -> str:
        """Whose move it is, in words."""
        if self.reporters is None:
            return ANYONE
        one = min(self.reporters.people, default="whoever was redacted")
        return f"not {one}" if self.reporters.alone(one) else ANYONE


def waiting(connection: Connection, scope: Scope, kinds: Collection[str]) -> list[Waits]:
    """The items in scope that wait, kind by kind, those that wait longest first; pairs by their points."""
    look = Look(connection, within=Within(scope, catalogue(connection)))
    found = [item for kind in WAITING if kind.name in kinds for item in kind.find(look)]
    return list(_turns(connection, found))


def still_waiting(connection: Connection, ids: Iterable[str]) -> dict[str, Waits]:
    """Those of some items that wait now, by id, as they are now."""
    by_kind: dict[str, list[str]] = {}
    for id_ in ids:
        by_kind.setdefault(id_.partition(":")[0], []).append(id_)
    known = ((KINDS[kind], some) for kind, some in by_kind.items() if kind in KINDS)
    found = [item for kind, some in known for item in kind.find(Look(connection, some))]
    return {one.item.id: one for one in _turns(connection, found)}


def _turns(connection: Connection, items: list[Item]) -> Iterator[Waits]:
    """The items with who reported them, where the ledger asks for a second person."""
    asked = second_person_asked(connection)
    confirmable = [item.losses[0] for item in items if item.kind in _CONFIRMABLE] if asked else []
    by_loss = reporters(connection, confirmable)
    for item in items:
        yield Waits(item, by_loss.get(item.losses[0]) if item.kind in _CONFIRMABLE else None)


class Count(NamedTuple):
    """How many items of a kind wait, and how many of them wait for others than the actor, who alone reported them."""

    kind: str
    number: int
    for_others: int


def counts(connection: Connection, actor: str | None, conflict: str | None = None) -> list[Count]:
    """How many items wait of each kind that is counted cheaply, in a conflict or in all.

    Without an actor it is not asked for whom they wait.
    """
    asked = actor is not None and second_person_asked(connection)
    chosen = waiting_losses.of_conflict(conflict)
    found = []
    for kind in WAITING:
        if kind.tally is None:
            continue
        number = kind.tally(connection, chosen)
        alone = 0
        if asked and number and kind.name in _CONFIRMABLE:
            touched = waiting_losses.touched_by(connection, kind.name, str(actor), chosen)
            alone = sum(one.alone(str(actor)) for one in reporters(connection, touched).values())
        found.append(Count(kind.name, number, alone))
    return found
