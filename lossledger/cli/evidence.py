"""``evidence``: what sources say of a loss."""

from typing import Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.sources import cite, evidence_of, source_options
from lossledger.cli.telling import tell
from lossledger.core.fields import MAX_TEXT
from lossledger.core.text import checked
from lossledger.core.vocabulary import Relation


@click.group("evidence", short_help="Add a source's word on a loss.")
def command() -> None:
    """Add a source's word on a loss. One that disputes it: see lossledger dispute."""


@command.command(
    "add",
    short_help="Add a source's word on a loss.",
)
@click.argument("uid", metavar="ID")
@source_options()
@click.option("--note", metavar="TEXT", help="Whatever should be known of this piece of evidence.")
@reason_option
@dry_run_option
@pass_app
def add(app: App, /, uid: str, **given: Any) -> None:
    """Add a source's word on a loss. How far the loss is believed stays as it is: see verify.

    \b
    Examples:
      lossledger evidence add k3j2 --source https://example.org/2 --reason "a picture"
      lossledger evidence add k3j2 --source n7m3 --relation admits --reason "a briefing"
    """
    from lossledger.ledger.casefile import add_evidence
    from lossledger.queries.names import whole_uid

    relation = Relation(given["relation"])
    more = {"note": checked(given["note"], "note", MAX_TEXT, lines=True)} if given["note"] else {}
    with app.recording(reason_of(given["reason"]), dry_run=given["dry_run"]) as journal:
        uid = whole_uid(journal.connection, "loss", uid)
        cited = cite(journal, given)
        add_evidence(journal, uid, evidence_of(cited.uid, relation, given, more))
    said = f"{cited.called(dry_run=given['dry_run'])} {relation} it"
    tell(app, f"loss {uid}: {said}", dry_run=given["dry_run"])
    if cited.remark:
        app.say(cited.remark)
