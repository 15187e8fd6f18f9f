"""``add``: a loss enters the ledger."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.asking import complete
from lossledger.cli.fields import Fields, field_options, loss_fields
from lossledger.cli.options import Word, conflict_option, dry_run_option, reason_of
from lossledger.cli.sources import cite, evidence_of, source_options
from lossledger.cli.telling import facts, loss_line, tell
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked
from lossledger.core.trail import loss_day
from lossledger.core.vocabulary import OWN_FEED, Relation, Verification
from lossledger.errors import Refused

if TYPE_CHECKING:
    from lossledger.ledger.journal import Journal

_HINTS = 3
"""How many losses that look like the new one are named."""


@click.command(
    "add",
    short_help="Enter one loss.",
)
@field_options()
@source_options()
@click.option(
    "--verification",
    type=Word(Verification, "verification"),
    help=f"How far it is believed: {', '.join(Verification)}. Default: claimed.",
)
@click.option("--verified-by", metavar="NAME", help="Who says so. Default: you.")
@click.option("--feed", metavar="NAME", help="The list that it comes from. Default: own.")
@click.option("--feed-key", metavar="TEXT", help="What that list calls it.")
@conflict_option
@click.option("--reason", metavar="TEXT", help="Why you enter it, if that needs saying.")
@dry_run_option
@pass_app
def command(app: App, /, **given: Any) -> None:
    """Enter one loss.

    It needs a side, a type or category, and a source; on a terminal you are asked for what is missing. What is not
    given: one item, lost, on a day that is not known, claimed. The new loss's id is printed, alone on standard output.

    \b
    Examples:
      lossledger add --side armenia --type T-72B --status destroyed \\
          --date 2020-10-08 --source https://example.org/1
      lossledger add --side armenia --type "T-72B|T-72A" --source k3j2 --dry-run
      ID=$(lossledger add --side armenia --type D-30 --quantity 10 --source k3j2)
    """
    from lossledger.ledger.inbox import close_recorded
    from lossledger.ledger.losses import report
    from lossledger.queries.names import the_conflict

    given = complete(app, given)
    reason = reason_of(given["reason"]) if given["reason"] else None
    dry_run = given["dry_run"]
    with app.recording(reason, dry_run=dry_run) as journal:
        conflict = the_conflict(journal.connection, given["conflict"])
        fields = loss_fields(journal.connection, given, conflict) | _belief(journal, given) | _feed(journal, given)
        cited = cite(journal, given)
        hints = _hints(journal, fields, cited.uid, new_source=cited.new)
        uid = report(journal, fields | evidence_of(cited.uid, Relation(given["relation"]), given, {}))
        post = close_recorded(journal, cited.uid, [uid])
        state = journal.state("loss", uid)
        lines = [cited.remark] if cited.remark else []
        lines += [*hints, *(facts(journal, state) if dry_run else [])]
        lines += [f"post {post} of the inbox: closed as recorded"] if post else []
        done = f"loss {'(new)' if dry_run else uid}: {loss_line(journal, state)}; {cited.called(dry_run=dry_run)}"
    tell(app, done, dry_run=dry_run)
    for line in lines:
        app.say(line)
    if not dry_run:
        click.echo(uid)


def _belief(journal: "Journal", given: Mapping[str, Any]) -> Fields:
    verification, by = given["verification"], given["verified_by"]
    if verification in (None, Verification.CLAIMED):
        if by:
            raise Refused("--verified-by says who confirmed, disputed or rejected it; give --verification, too")
        return {}
    who = checked(by, "verified by", MAX_LINE, lines=False) if by else journal.actor
    return {"verification": verification, "verified_by": who}


def _feed(journal: "Journal", given: Mapping[str, Any]) -> Fields:
    from lossledger.queries.likeness import of_feed
    from lossledger.queries.names import resolve

    feed = resolve(journal.connection, "feed", given["feed"]) if given["feed"] else OWN_FEED
    if not given["feed_key"]:
        return {"feed": feed}
    key = checked(given["feed_key"], "feed key", MAX_LINE, lines=False)
    known = of_feed(journal.connection, feed, key)
    if known is not None:
        raise Refused(f"feed {feed} has the key {key!r} already: loss {known}")
    return {"feed": feed, "feed_key": key}


def _hints(journal: "Journal", fields: Fields, source: str, *, new_source: bool) -> list[str]:
    """What looks like the same loss and is in the ledger already, a line each."""
    from lossledger.queries.likeness import alike

    day = loss_day({path: value for path, value in fields.items() if value is not None}).day
    cited = None if new_source else source
    found = alike(
        journal.connection, str(fields.get("side")), fields.get("type"), day=day, source_uid=cited, limit=_HINTS + 1
    )
    lines = [f"looks like loss {one.uid}: {one.why}" for one in found[:_HINTS]]
    return [*lines, "and like others"] if len(found) > _HINTS else lines
