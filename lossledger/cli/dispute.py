"""``dispute``: a source contradicts a loss, or something that is said of it."""

from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import Word, dry_run_option, reason_of, reason_option
from lossledger.cli.sources import cite, credibility_of, source_options
from lossledger.cli.telling import tell
from lossledger.core.days import show_days
from lossledger.core.entered import past_days, whole_number
from lossledger.core.fields import MAX_LINE, MAX_TEXT
from lossledger.core.text import checked
from lossledger.core.vocabulary import OUTCOMES
from lossledger.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection


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

    A dispute over the loss itself or its side makes it disputed; one over anything else leaves the count. What the
    source says of a type, a side, a heading, a status, a day or a number is read as for "amend". Once the loss says so,
    the dispute is shown as settled.

    \b
    Examples:
      lossledger dispute k3j2 --source https://example.org/3 --reason "still in service"
      lossledger dispute k3j2 --field type --says T-72B3 --source n7m3 --reason "the sight"
    """
    from lossledger.ledger.casefile import dispute
    from lossledger.queries.names import whole_uid

    field = checked(given["field"], "field", MAX_LINE, lines=False) if given["field"] else None
    more = {"note": checked(given["note"], "note", MAX_TEXT, lines=True)} if given["note"] else {}
    with app.recording(reason_of(given["reason"]), dry_run=given["dry_run"]) as journal:
        uid = whole_uid(journal.connection, "loss", uid)
        state = journal.state("loss", uid)
        before = state["verification"]
        says = _says(journal.connection, uid, field, given["says"], state["side"].partition("/")[0])
        cited = cite(journal, given)
        after = dispute(journal, uid, cited.uid, field, says, credibility_of(given) | more)["verification"]
    instead = f", and says {says}" if says else ""
    effect = f"{before} -> {after}" if before != after else f"it stays {after}"
    said = f"{cited.called(dry_run=given['dry_run'])} disputes {field or 'it'}{instead}"
    tell(app, f"loss {uid}: {said}; {effect}", dry_run=given["dry_run"])
    if cited.remark:
        app.say(cited.remark)


def _says(connection: "Connection", uid: str, field: str | None, text: str | None, conflict: str) -> str | None:
    """What a source says of a field, in the ledger's own words where the field has some.

    Errors: UnknownName for a name that the ledger does not know, Refused for a value that cannot be or stands already.
    """
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.disputed import settled
    from lossledger.queries.losses import one

    if not text:
        return None
    says = _in_our_words(connection, field, checked(text, "says", MAX_LINE, lines=False), conflict)
    if settled(one(connection, uid, catalogue(connection)), field, says):
        raise Refused(f"loss {uid} says itself that its {field} is {says}; there is nothing to dispute")
    return says


def _in_our_words(connection: "Connection", field: str | None, text: str, conflict: str) -> str:
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.names import resolve, type_meant

    if field == "type":
        meant = type_meant(connection, text)
        known = catalogue(connection)
        return "|".join(known.name("type", slug) for slug in meant.candidates or (meant.type,))
    if field in ("side", "category"):
        return catalogue(connection).name(field, resolve(connection, field, text, conflict))
    if field == "status":
        return Word(OUTCOMES, "status").convert(text, None, None)
    if field == "date":
        return show_days(*past_days(text, "date"))
    return str(whole_number(text, "quantity")) if field == "quantity" else text
