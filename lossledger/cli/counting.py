"""What every command that counts does alike: reading what to count, and saying under the figures what they are."""

from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.scope import scope_of
from lossledger.core.vocabulary import Verification

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.scope import Scope
    from lossledger.queries.tallies import Tally

joined_option = click.option("--joined", is_flag=True, help="Sum over feeds what is not merged.")


def counted_scope(connection: "Connection", given: dict[str, Any], by: tuple[str, ...]) -> "Scope":
    """The scope that a command's options mean, confirmed losses where nothing else is asked for.

    Who counts by verification asks for all of them, each in cells of its own. Errors: as ``scope_of``.
    """
    default = tuple(word.value for word in Verification) if "verification" in by else (Verification.CONFIRMED.value,)
    return scope_of(connection, given, default)


def sides_apart(scope: "Scope", by: tuple[str, ...]) -> tuple[str, ...]:
    """What people see is counted by: who lost what is never summed over enemies."""
    return by if scope.side or "side" in by else (*by, "side")


def caption_of(connection: "Connection", counted: "Tally", given: dict[str, Any]) -> tuple[str, str]:
    """What stands over and under the figures of a tally."""
    from lossledger.queries import caption
    from lossledger.queries.merged import likely_twice

    scope = counted.scope
    # Who may be the same is asked of the losses as they are now; of a past tally it is not said.
    asked = scope.joined and scope.known_on is None
    twice = likely_twice(connection, scope, counted.catalogue) if asked else None
    return caption.title(counted, given["known_on"]), caption.caption(counted, possible_duplicates=twice)
