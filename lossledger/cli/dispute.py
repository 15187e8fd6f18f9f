"""``dispute``: a source contradicts a loss, or something that is said of it."""

from typing import Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.sources import cite, credibility_of, source_options
from lossledger.cli.telling import tell
from lossledger.core.fields import MAX_LINE, MAX_TEXT
from lossledger.core.text import checked


@click.command(
    "dispute",
    short_help="Record that a source disputes a loss.",
)
@click.argument("uid", metavar="ID")
@click.option("--field", metavar="FIELD", help="What is disputed: side, type, place, ... Default: the loss itself.")
@click.option("--says", metavar="TEXT", help="What the source says instead.")
@source_options(relation=False)
@click.option("--note", metavar="TEXT", help="Whatever should be known of this piece of evidence.")
@reason_option
@dry_run_option
@pass_app
def command(app: App, /, uid: str, **given: Any) -> None:
    """Record that a source disputes a loss, or one field of it.

    A dispute over the loss itself or its side makes it disputed; one over anything else leaves the count.

    \b
    Examples:
      lossledger dispute k3j2 --source https://example.org/3 --reason "still in service"
      lossledger dispute k3j2 --field type --says T-72B3 --source n7m3 --reason "the sight"
    """
    from lossledger.ledger.casefile import dispute
    from lossledger.queries.names import whole_uid

    field = checked(given["field"], "field", MAX_LINE, lines=False) if given["field"] else None
    says = checked(given["says"], "says", MAX_LINE, lines=False) if given["says"] else None
    more = {"note": checked(given["note"], "note", MAX_TEXT, lines=True)} if given["note"] else {}
    with app.recording(reason_of(given["reason"]), dry_run=given["dry_run"]) as journal:
        uid = whole_uid(journal.connection, "loss", uid)
        before = journal.state("loss", uid)["verification"]
        cited = cite(journal, given)
        after = dispute(journal, uid, cited.uid, field, says, credibility_of(given) | more)["verification"]
    instead = f", and says {says}" if says else ""
    effect = f"{before} -> {after}" if before != after else f"it stays {after}"
    said = f"{cited.called(dry_run=given['dry_run'])} disputes {field or 'it'}{instead}"
    tell(app, f"loss {uid}: {said}; {effect}", dry_run=given["dry_run"])
    if cited.remark:
        app.say(cited.remark)
