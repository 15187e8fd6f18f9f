"""``merge``: the same thing, reported twice, counts once."""

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.telling import tell
from lossledger.core.vocabulary import Verification


@click.command(
    "merge",
    short_help="Say that two losses are the same.",
)
@click.argument("duplicate", metavar="DUPLICATE")
@click.argument("kept", metavar="KEPT")
@reason_option
@dry_run_option
@pass_app
def command(app: App, duplicate: str, kept: str, reason: str, dry_run: bool) -> None:
    """Say that two losses are the same thing: the duplicate no longer counts, the other one does.

    Both keep their history. Their quantities must be equal; split the larger one first.

    \b
    Example:
      lossledger merge k3j2 haw3 --reason "the same tank from behind"
    """
    from lossledger.ledger.groups import merge
    from lossledger.queries.names import whole_uid

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        duplicate, kept = (whole_uid(journal.connection, "loss", uid) for uid in (duplicate, kept))
        merge(journal, duplicate, kept)
        into = journal.state("loss", duplicate)["merged_into"]
        told, stands = (journal.state("loss", uid)["verification"] for uid in (duplicate, into))
    by_way = "" if into == kept else f" (into which {kept} is merged)"
    tell(app, f"loss {duplicate}: merged into {into}{by_way}; it no longer counts", dry_run=dry_run)
    if told == Verification.CONFIRMED != stands:
        app.say(f"what was confirmed is only {stands} now, as loss {into} is; see: lossledger verify {into}")
