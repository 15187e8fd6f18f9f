"""``amend``: what was entered wrongly is put right."""

from typing import Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.fields import field_options, loss_fields
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.telling import changes, tell
from lossledger.errors import Refused


@click.command(
    "amend",
    short_help="Correct what was entered wrongly.",
)
@click.argument("uid", metavar="ID")
@field_options()
@reason_option
@dry_run_option
@pass_app
def command(app: App, /, uid: str, **given: Any) -> None:
    """Correct what was entered wrongly.

    Only what you give is changed; an empty text clears a field. A new type brings its category along. What later
    became of a loss is no correction: see event. How far it is believed: see verify.

    \b
    Examples:
      lossledger amend k3j2 --type T-72B3 --reason "the sight is the B3's"
      lossledger amend k3j2 --place "" --reason "the report names no place"
    """
    from lossledger.ledger.losses import amend
    from lossledger.queries.names import whole_uid

    with app.recording(reason_of(given["reason"]), dry_run=given["dry_run"]) as journal:
        uid = whole_uid(journal.connection, "loss", uid)
        before = journal.state("loss", uid)
        fields = loss_fields(journal.connection, given, before["side"].partition("/")[0])
        if not fields:
            raise Refused("nothing to amend; give the fields that were wrong, such as --type or --date")
        after = amend(journal, uid, fields)
        done = f"loss {uid}: {changes(journal, before, after)}"
    tell(app, done, dry_run=given["dry_run"])
