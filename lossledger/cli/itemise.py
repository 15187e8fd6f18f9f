"""``itemise``: what was found one by one is taken out of a number that somebody gave."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.fields import field_options, loss_fields
from lossledger.cli.options import Word, dry_run_option, reason_of
from lossledger.cli.sources import cite, evidence_of, source_options
from lossledger.cli.telling import loss_line, tell
from lossledger.core.entered import whole_number
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked, many
from lossledger.core.vocabulary import Relation, Verification
from lossledger.errors import Refused

if TYPE_CHECKING:
    from lossledger.ledger.itemising import Belief

_ITSELF = ("uid", "ids", "reason", "dry_run", "relation")
"""What does not describe the item that is made."""


@click.command("itemise", short_help="Take what was found one by one out of an aggregate.")
@click.argument("uid", metavar="AGGREGATE")
@click.argument("ids", metavar="[ID...]", nargs=-1)
@click.option("--quantity", metavar="N", help="How many were found. Default: 1.")
@field_options("quantity", "counts")
@source_options()
@click.option(
    "--verification",
    type=Word(Verification, "verification"),
    help=f"How far it is believed: {', '.join(Verification)}. Default: as the aggregate.",
)
@click.option("--verified-by", metavar="NAME", help="Who says so. Default: you.")
@click.option("--reason", metavar="TEXT", help="Why, if that needs saying.")
@dry_run_option
@pass_app
def command(app: App, /, **given: Any) -> None:
    """Take what was found one by one out of an aggregate, so that the sum stays and more of it is itemised.

    With --source, an item that the ledger does not have: it leaves the aggregate and counts by itself, with what you
    say of it; all else is as the aggregate says. Its id is printed, alone on standard output. With IDs, losses that the
    ledger has as items already: the aggregate no longer counts them a second time. "undo" takes either back at once.

    \b
    Examples:
      lossledger itemise k3j2 --type T-72B --status destroyed \\
          --date 2020-10-08 --source https://example.org/1
      lossledger itemise k3j2 haw3 n7m3 --reason "both were in the ministry's count"
    """
    if not given["ids"]:
        _make(app, given)
        return
    more = [f"--{name.replace('_', '-')}" for name, value in given.items() if name not in _ITSELF and value]
    if more:
        raise Refused(f"the losses named are in the ledger already; leave {', '.join(more)} out, or amend them")
    _take_out(app, given)


def _make(app: App, given: Mapping[str, Any]) -> None:
    from lossledger.ledger.itemising import itemise
    from lossledger.queries.names import whole_uid

    dry_run = given["dry_run"]
    number = whole_number(given["quantity"], "quantity") if given["quantity"] is not None else 1
    belief = _belief(given)
    with app.recording(_reason(given), dry_run=dry_run) as journal:
        aggregate = whole_uid(journal.connection, "loss", given["uid"])
        before = journal.state("loss", aggregate)
        fields = loss_fields(journal.connection, {**given, "quantity": None}, before["side"].partition("/")[0])
        cited = cite(journal, given)
        evidence = evidence_of(cited.uid, Relation(given["relation"]), given, {})
        uid = itemise(journal, aggregate, number, fields, evidence, belief)
        left = int(before["quantity"]) - number
        told = loss_line(journal, journal.state("loss", uid))
    item = "the aggregate itself" if uid == aggregate else "a new loss" if dry_run else f"loss {uid}"
    told = f"aggregate {aggregate}: {before['quantity']} -> {left}; {item}: {told}; {cited.called(dry_run=dry_run)}"
    tell(app, told, dry_run=dry_run)
    if cited.remark:
        app.say(cited.remark)
    if not dry_run:
        click.echo(uid)


def _take_out(app: App, given: Mapping[str, Any]) -> None:
    from lossledger.ledger.itemising import take_out
    from lossledger.queries.names import whole_uid

    with app.recording(_reason(given), dry_run=given["dry_run"]) as journal:
        aggregate = whole_uid(journal.connection, "loss", given["uid"])
        before = int(journal.state("loss", aggregate).get("quantity", 0))
        items = list(dict.fromkeys(whole_uid(journal.connection, "loss", one) for one in given["ids"]))
        take_out(journal, aggregate, items)
        number = sum(int(journal.state("loss", uid)["quantity"]) for uid in items)
    taken = f"{many(number, 'item')} no longer counted twice: {', '.join(items)}"
    tell(app, f"aggregate {aggregate}: {before:,} -> {before - number:,}; {taken}", dry_run=given["dry_run"])


def _reason(given: Mapping[str, Any]) -> str | None:
    return reason_of(given["reason"]) if given["reason"] else None


def _belief(given: Mapping[str, Any]) -> "Belief | None":
    """How far the item is believed, where that is said."""
    from lossledger.ledger.itemising import Belief

    verification, by = given["verification"], given["verified_by"]
    if verification is None or (by and verification == Verification.CLAIMED):
        if by:
            raise Refused("--verified-by says who confirmed, disputed or rejected it; give --verification, too")
        return None
    return Belief(Verification(verification), checked(by, "verified by", MAX_LINE, lines=False) if by else None)
