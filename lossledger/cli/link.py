"""``link``: two losses may be the same."""

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.telling import tell


@click.command(
    "link",
    short_help="Say that two losses may be the same.",
)
@click.argument("uid", metavar="ID")
@click.argument("other", metavar="ID")
@click.option("--not-same", "apart", is_flag=True, help="That they are two: they are no possible duplicates any more.")
@reason_option
@dry_run_option
@pass_app
def command(app: App, uid: str, other: str, apart: bool, reason: str, dry_run: bool) -> None:
    """Say that two losses may be the same. Nothing changes in any count; if they are the same, see merge.

    With --not-same, say that they are two, however alike they look.

    \b
    Examples:
      lossledger link k3j2 haw3 --reason "the same road, perhaps the same tank"
      lossledger link k3j2 haw3 --not-same --reason "other wheels, another field"
    """
    from lossledger.ledger.casefile import link
    from lossledger.queries.names import whole_uid

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        uid, other = (whole_uid(journal.connection, "loss", one) for one in (uid, other))
        link(journal, uid, other, apart=apart)
    said = "not the same" if apart else "possibly the same; the count stays"
    tell(app, f"losses {uid} and {other}: {said}", dry_run=dry_run)
