"""``withdraw``: a loss that should not be in the ledger no longer counts."""

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.telling import tell


@click.command(
    "withdraw",
    short_help="Take a loss out of the count.",
)
@click.argument("uid", metavar="ID")
@reason_option
@dry_run_option
@pass_app
def command(app: App, uid: str, reason: str, dry_run: bool) -> None:
    """Take a loss out of the count. It stays in the ledger, with its history, and can be reinstated.

    \b
    Example:
      lossledger withdraw k3j2 --reason "the picture is of another war"
    """
    from lossledger.ledger.losses import withdraw
    from lossledger.queries.merged import standing_in
    from lossledger.queries.names import whole_uid

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        uid = whole_uid(journal.connection, "loss", uid)
        withdraw(journal, uid)
        journal.flush()
        instead = standing_in(journal.connection, uid)
    successor = f"; loss {instead}, merged into it, counts instead" if instead else ""
    tell(app, f"loss {uid}: withdrawn, it no longer counts{successor}", dry_run=dry_run)
