"""``undo``: the actor's latest act, reversed by a new one."""

from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.telling import tell
from lossledger.core.vocabulary import Act

if TYPE_CHECKING:
    from lossledger.queries.history import Told

_SUBJECTS = 5
"""How many subjects of an act are named; an import has thousands."""


@click.command(
    "undo",
    short_help="Reverse your latest act.",
    epilog="""\b
Examples:
  lossledger undo --dry-run --reason look
  lossledger undo --reason "the wrong loss"
""",
)
@reason_option
@dry_run_option
@pass_app
def command(app: App, reason: str, dry_run: bool) -> None:
    """Reverse your latest act by a new one; called again, the act before it.

    Nothing is deleted: a loss that was entered is withdrawn and keeps its history.
    """
    from lossledger.ledger.undo import undo
    from lossledger.queries.history import of_act

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        done = of_act(journal.connection, undo(journal))
    tell(app, _line(done), dry_run=dry_run)


def _line(done: list["Told"]) -> str:
    """The act undone: what it was, when, how many entries it had, and on what."""
    first = done[0].entry
    acts = " and ".join(dict.fromkeys(told.entry.act for told in done))
    subjects = list(dict.fromkeys(f"{told.entry.kind} {told.entry.subject}" for told in done))
    named = ", ".join(subjects[:_SUBJECTS])
    more = f" and {len(subjects) - _SUBJECTS} more" if len(subjects) > _SUBJECTS else ""
    entries = "1 entry" if len(done) == 1 else f"{len(done)} entries"
    stays = "; what was entered is withdrawn" if Act.REPORT in {told.entry.act for told in done} else ""
    return f"undo of {acts} ({first.act_id}, {first.recorded_at[:16]}Z, {entries}): {named}{more}{stays}"
