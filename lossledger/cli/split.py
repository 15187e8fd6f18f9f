"""``split``: a part of a loss becomes one of its own."""

from typing import Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.fields import field_options, loss_fields
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.telling import loss_line, tell
from lossledger.core.entered import whole_number


@click.command(
    "split",
    short_help="Make a part of a loss one of its own.",
)
@click.argument("uid", metavar="ID")
@click.option("--quantity", metavar="N", required=True, help="How many go into the part.")
@field_options("quantity")
@reason_option
@dry_run_option
@pass_app
def command(app: App, /, uid: str, quantity: str, **given: Any) -> None:
    """Make a part of a loss one of its own.

    The part has all that the whole had, its trail and evidence included, but for the fields you give. Its id is
    printed, alone on standard output.

    \b
    Examples:
      lossledger split k3j2 --quantity 3 --type T-72B --reason "three can be told"
      lossledger split k3j2 --quantity 1 --item --reason "one of them is shown"
    """
    from lossledger.ledger.losses import split
    from lossledger.queries.names import whole_uid

    dry_run = given["dry_run"]
    number = whole_number(quantity, "quantity")
    with app.recording(reason_of(given["reason"]), dry_run=dry_run) as journal:
        uid = whole_uid(journal.connection, "loss", uid)
        before = journal.state("loss", uid)
        fields = loss_fields(journal.connection, given, before["side"].partition("/")[0])
        part = split(journal, uid, number, fields)
        rest = journal.state("loss", uid)["quantity"]
        told = loss_line(journal, journal.state("loss", part))
    new = "a new loss" if dry_run else f"loss {part}"
    tell(app, f"loss {uid}: {before['quantity']} -> {rest}; {new}: {told}", dry_run=dry_run)
    if not dry_run:
        click.echo(part)
