"""``undo``: the actor's latest act, reversed by a new one."""

from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.telling import called, changes, tell
from lossledger.core.trail import counts
from lossledger.core.vocabulary import Act

if TYPE_CHECKING:
    from lossledger.core.fields import State
    from lossledger.ledger.journal import Journal
    from lossledger.queries.history import Told

_SUBJECTS = 5
"""How many subjects of an act are named; an import has thousands."""


@click.command(
    "undo",
    short_help="Reverse your latest act.",
)
@reason_option
@dry_run_option
@pass_app
def command(app: App, reason: str, dry_run: bool) -> None:
    """Reverse your latest act by a new one; called again, the act before it.

    Nothing is deleted: a loss that was entered is withdrawn and keeps its history.

    \b
    Examples:
      lossledger undo --dry-run --reason look
      lossledger undo --reason "the wrong loss"
    """
    from lossledger.ledger.undo import undo
    from lossledger.queries.history import of_act

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        last = journal.number
        done = of_act(journal.connection, undo(journal))
        line = f"undo of {_act(done)}: {_effects(journal, done, last)}"
    tell(app, line, dry_run=dry_run)


def _act(done: list["Told"]) -> str:
    """The act undone and when it was: "withdraw on 2020-11-02 09:40 UTC"."""
    instant = done[0].entry.recorded_at
    when = f"on {instant[:10]} {instant[11:16]} UTC"
    if any(told.entry.kind == "import" for told in done):
        return f"import {when}"
    acts = dict.fromkeys(told.entry.act for told in done)
    # What an act makes on its way, such as a source, is not what it is called by.
    named = [act for act in acts if act != Act.CATALOGUE] or ["change"]
    return f"{' and '.join(named)} {when}"


def _effects(journal: "Journal", done: list["Told"], last: int) -> str:
    """What has become of each subject that the undoing changed; ``last`` is the entry before it."""
    from lossledger.queries.history import folded, of_act

    journal.flush()
    changed = {(told.entry.kind, told.entry.subject) for told in of_act(journal.connection, journal.act_id)}
    touched = dict.fromkeys((told.entry.kind, told.entry.subject) for told in done)
    subjects = [subject for subject in touched if subject in changed]
    said = []
    for kind, key in subjects[:_SUBJECTS]:
        before, after = folded(journal.connection, kind, key, before=last + 1), journal.state(kind, key)
        effect = _of_loss(journal, before, after) if kind == "loss" else _of_other(before, after)
        said.append(f"{called(kind, key, before or after)} {effect}")
    if len(subjects) > _SUBJECTS:
        said.append(f"and {len(subjects) - _SUBJECTS:,} more")
    return "; ".join(said)


def _of_loss(journal: "Journal", before: "State", after: "State") -> str:
    if counts(before) != counts(after):
        withdrawn = "is withdrawn and " if "withdrawn" in after and "withdrawn" not in before else ""
        return "counts again" if counts(after) else f"{withdrawn}no longer counts"
    return f"goes back ({changed})" if (changed := changes(journal, before, after)) else "is as it was before"


def _of_other(before: "State", after: "State") -> str:
    if not after:
        return "is gone"
    if before.get("name") != after.get("name"):
        return f"is called {after['name']} again"
    return "is as it was before"
