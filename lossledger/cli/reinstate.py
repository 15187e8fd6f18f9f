"""``reinstate``: a withdrawn loss counts again."""

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.telling import tell
from lossledger.core.trail import counts


@click.command(
    "reinstate",
    short_help="Let a withdrawn loss count again.",
)
@click.argument("uid", metavar="ID")
@reason_option
@dry_run_option
@pass_app
def command(app: App, uid: str, reason: str, dry_run: bool) -> None:
    """Let a withdrawn loss count again.

    \b
    Example:
      lossledger reinstate k3j2 --reason "the picture is of this war after all"
    """
    from lossledger.ledger.losses import reinstate
    from lossledger.queries.names import whole_uid

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        uid = whole_uid(journal.connection, "loss", uid)
        reinstate(journal, uid)
        state = journal.state("loss", uid)
    effect = "it counts again" if counts(state) else f"it stays merged into {state['merged_into']}"
    tell(app, f"loss {uid}: reinstated, {effect}", dry_run=dry_run)
