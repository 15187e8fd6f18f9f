"""``verify``: how far a loss, or a part of it, is believed."""

import click
from click.core import ParameterSource

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import Word, dry_run_option, reason_of
from lossledger.cli.telling import tell
from lossledger.core.entered import whole_number
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked
from lossledger.core.vocabulary import Counts, Verification
from lossledger.errors import Refused


@click.command(
    "verify",
    short_help="Say how far a loss is believed.",
)
@click.argument("uid", metavar="[ID]", required=False)
@click.option(
    "--as",
    "verification",
    type=Word(Verification, "verification"),
    default=Verification.CONFIRMED.value,
    show_default=True,
    help=f"How far: {', '.join(Verification)}.",
)
@click.option("--by", metavar="NAME", help="Who says so. Default: you.")
@click.option(
    "--quantity", metavar="N", help="Only so many of it: they become a loss of their own, whose id is printed."
)
@click.option(
    "--item/--aggregate", default=None, help="With --quantity: things that were seen, or still a number somebody gave."
)
@click.option("--batch", metavar="FILE", help="Decide what a file says, as one act; - is standard input.")
@click.option("--reason", metavar="TEXT", help="Why; it stands in the history for good. Needed for a loss by its ID.")
@dry_run_option
@pass_app
@click.pass_context
def command(
    ctx: click.Context,
    app: App,
    /,
    *,
    uid: str | None,
    verification: str,
    by: str | None,
    quantity: str | None,
    item: bool | None,
    batch: str | None,
    reason: str | None,
    dry_run: bool,
) -> None:
    """Say how far a loss is believed: confirmed, unless you say otherwise.

    Only confirmed losses count unless more is asked for. Of a number that somebody gave (an aggregate), those that
    were seen are items: say so with --item.

    A batch is what a page of "review --board" saves, or a table with the columns item, decision and, if you like,
    reason: confirm, reject, dispute or keep for a loss or a claim:ID; take or keep for held:ID:FEED; same or different
    for pair:ID:ID. What somebody else has decided meanwhile is left and listed.

    \b
    Examples:
      lossledger verify k3j2 --reason "two pictures of it"
      lossledger verify k3j2 --quantity 3 --item --reason "three of the ten are shown"
      lossledger verify k3j2 --as rejected --reason "the picture is of 2016"
      lossledger verify --batch decisions.json --dry-run
    """
    if batch is not None:
        _refuse_beside_batch(ctx)
        from lossledger.cli.batch import verify_batch

        verify_batch(app, ctx, batch, reason, dry_run=dry_run)
        return
    if uid is None:
        raise Refused("say which loss, by its id, or give a file of decisions with --batch")
    if reason is None:
        raise Refused("say why, with --reason")
    from lossledger.ledger.losses import amend, split, verify
    from lossledger.queries.names import whole_uid

    who = checked(by, "by", MAX_LINE, lines=False) if by else None
    number = whole_number(quantity, "quantity") if quantity is not None else None
    if item is not None and number is None:
        raise Refused("--item and --aggregate say what a part is: give its --quantity; of a whole, see amend")
    counts = None if item is None else (Counts.ITEM if item else Counts.AGGREGATE).value
    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        whole = uid = whole_uid(journal.connection, "loss", uid)
        before = journal.state("loss", uid)
        # All of it needs no part.
        parted = number is not None and str(number) != before["quantity"]
        if number is not None and parted:
            uid = split(journal, uid, number, {"counts": counts} if counts else None)
        elif counts not in (None, before["counts"]):
            amend(journal, uid, {"counts": counts})
        after = verify(journal, uid, Verification(verification), who)
        believed = f"{before['verification']} -> {after['verification']}"
        if before["counts"] != after["counts"]:
            believed = f"{before['counts']} -> {after['counts']}, {believed}"
        if "verified_by" in after:
            believed += f" by {after['verified_by']}"
        rest = journal.state("loss", whole)["quantity"]
    if not parted:
        tell(app, f"loss {uid}: {believed}", dry_run=dry_run)
        return
    part = "a new loss" if dry_run else f"loss {uid}"
    tell(app, f"loss {whole}: {before['quantity']} -> {rest}; {part}: {quantity}, {believed}", dry_run=dry_run)
    if not dry_run:
        click.echo(uid)


def _refuse_beside_batch(ctx: click.Context) -> None:
    """Refuse what is said of one loss beside a file that says it of many."""
    given = [
        name
        for name in ("uid", "verification", "by", "quantity", "item")
        if ctx.get_parameter_source(name) not in (ParameterSource.DEFAULT, None)
    ]
    if given:
        raise Refused(
            "--batch decides what its file says; give neither an id nor --as, --by, --quantity, --item with it"
        )
