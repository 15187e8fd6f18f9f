"""``event``: what later became of a loss."""

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.fields import DATE_FORMS
from lossledger.cli.options import Word, dry_run_option, reason_of, reason_option
from lossledger.cli.telling import happened, tell
from lossledger.core.entered import past_days
from lossledger.core.fields import FLAG, MAX_LINE, MAX_TEXT
from lossledger.core.text import checked
from lossledger.core.trail import events
from lossledger.core.vocabulary import OUTCOMES
from lossledger.errors import Refused


@click.command(
    "event",
    short_help="Record what later became of a loss.",
)
@click.argument("uid", metavar="ID")
@click.option(
    "--status",
    type=Word(OUTCOMES, "status"),
    required=True,
    help=f"What became of it: {', '.join(OUTCOMES)}; recovered ends its count.",
)
@click.option("--date", metavar="DAYS", required=True, help=f"When: {DATE_FORMS}")
@click.option("--phrase", metavar="TEXT", help="The report's own words for it.")
@click.option("--note", metavar="TEXT", help="Whatever else should be known of it.")
@reason_option
@dry_run_option
@pass_app
def command(
    app: App,
    /,
    uid: str,
    status: str,
    date: str,
    phrase: str | None,
    note: str | None,
    reason: str,
    dry_run: bool,
) -> None:
    """Record what later became of a loss.

    Up to that day it counts as it did before, from that day on as what became of it.

    \b
    Examples:
      lossledger event k3j2 --status captured --date 2020-10-10 --reason "towed away"
      lossledger event k3j2 --status recovered --date 2020-10-12 --reason "shown again"
    """
    from lossledger.ledger.losses import event
    from lossledger.queries.names import whole_uid

    fields = {"status": status, **_days(date)}
    if phrase:
        fields["phrase"] = checked(phrase, "phrase", MAX_LINE, lines=False)
    if note:
        fields["note"] = checked(note, "note", MAX_TEXT, lines=True)
    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        uid = whole_uid(journal.connection, "loss", uid)
        after = event(journal, uid, fields)
        trail = events(after)
        place = trail.index(fields)
        before = trail[place - 1]["status"] if place else after["status"]
    tell(app, f"loss {uid}: {before} -> {status} {happened(fields)}", dry_run=dry_run)


def _days(text: str) -> dict[str, str]:
    days = past_days(text, "date")
    if days.latest is None:
        raise Refused("an event needs a last day on which it can have happened")
    given = {"earliest": days.earliest, "latest": days.latest, "inferred": FLAG if days.inferred else None}
    return {name: value for name, value in given.items() if value is not None}
