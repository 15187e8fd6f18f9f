"""``note``: a remark goes into the case file."""

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.telling import tell
from lossledger.core.fields import MAX_TEXT
from lossledger.core.text import checked, quoted


@click.command(
    "note",
    short_help="Add a note to a loss's case file.",
)
@click.argument("uid", metavar="ID")
@click.argument("text", metavar="TEXT")
@reason_option
@dry_run_option
@pass_app
def command(app: App, uid: str, text: str, reason: str, dry_run: bool) -> None:
    """Add a note to a loss's case file. The loss itself stays as it is; its own note is changed with amend.

    \b
    Example:
      lossledger note k3j2 "The road is the one to Hadrut." --reason "found on a map"
    """
    from lossledger.ledger.casefile import note
    from lossledger.queries.names import whole_uid

    said = checked(text, "note", MAX_TEXT, lines=True)
    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        uid = whole_uid(journal.connection, "loss", uid)
        note(journal, uid, said)
    tell(app, f"loss {uid}: note {quoted(said)}", dry_run=dry_run)
