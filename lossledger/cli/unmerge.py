"""``unmerge``: a merged loss stands for itself again."""

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.telling import tell


@click.command(
    "unmerge",
    short_help="Let a merged loss stand for itself again.",
)
@click.argument("uid", metavar="ID")
@reason_option
@dry_run_option
@pass_app
def command(app: App, uid: str, reason: str, dry_run: bool) -> None:
    """Let a merged loss stand for itself again.

    \b
    Example:
      lossledger unmerge k3j2 --reason "the numbers on the turrets differ"
    """
    from lossledger.ledger.groups import unmerge
    from lossledger.queries.names import whole_uid

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        uid = whole_uid(journal.connection, "loss", uid)
        root = journal.state("loss", uid).get("merged_into")
        unmerge(journal, uid)
    tell(app, f"loss {uid}: no longer merged into {root}", dry_run=dry_run)
