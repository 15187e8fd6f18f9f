"""How much of a scope does not count because it is merged into another loss."""

from sqlalchemy import Connection, Select, func, select

from lossledger.core.fields import FLAG, State
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import loss
from lossledger.queries.catalogue import Catalogue, states
from lossledger.queries.duplicates import duplicates, in_scope
from lossledger.queries.scope import Scope, ids_in_scope, slugs_in_scope


def merged(connection: Connection, scope: Scope, known: Catalogue) -> int:
    """The items of merged losses of the sides, headings, types and feeds in scope, whatever their days."""
    if scope.known_on is None:
        return _merged_now(connection, scope, known)
    once = states(connection, "loss", scope.known_on, among=_ever_merged(scope.known_on))
    return sum(
        int(state["quantity"]) for state in once.values() if _is_merged(state) and _in_scope(state, scope, known)
    )


def _merged_now(connection: Connection, scope: Scope, known: Catalogue) -> int:
    allowed = ids_in_scope(scope, known)
    columns = [loss.c[f"{kind}_id"] for kind in allowed]
    statement = (
        select(func.sum(loss.c.quantity), *columns)
        # By number, so that SQLite takes the index of the merged; with a condition on sides it would take theirs.
        .where(loss.c.merged_into_id > 0, loss.c.stands_in.is_(None), loss.c.withdrawn.is_(None))
        .group_by(*columns)
    )
    return sum(
        int(quantity)
        for quantity, *ids in connection.execute(statement)
        if all(ours is None or one in ours for one, ours in zip(ids, allowed.values(), strict=True))
    )


def likely_twice(connection: Connection, scope: Scope, known: Catalogue) -> int:
    """How many losses in scope may be counted twice: the pairs of possible duplicates that lie in it wholly."""
    chosen = in_scope(scope, known)
    return sum(chosen(pair.one) and chosen(pair.other) for pair in duplicates(connection, scope, known).pairs)


def standing_in(connection: Connection, root: str) -> str | None:
    """The loss that counts for a withdrawn one, of those merged into it; None where none does."""
    withdrawn = select(loss.c.id).where(loss.c.uid == root).scalar_subquery()
    statement = select(loss.c.uid).where(loss.c.merged_into_id == withdrawn, loss.c.stands_in == 1)
    found: str | None = connection.scalar(statement)
    return found


def _ever_merged(known_on: int) -> Select[tuple[str]]:
    return (
        select(entries.c.subject)
        .join(details, details.c.entry == entries.c.number)
        .where(details.c.field == "merged_into", entries.c.number <= known_on)
        .where(entries.c.kind == "loss")
    )


def _is_merged(state: State) -> bool:
    return "merged_into" in state and FLAG not in (state.get("stands_in"), state.get("withdrawn"))


def _in_scope(state: State, scope: Scope, known: Catalogue) -> bool:
    return all(allowed is None or state.get(kind) in allowed for kind, allowed in slugs_in_scope(scope, known).items())
