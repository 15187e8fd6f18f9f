"""``redact``: a text goes out of the ledger for good, for law or safety."""

import sys
from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import Word, conflict_option, dry_run_option, parts, reason_of, reason_option
from lossledger.cli.telling import tell
from lossledger.core.records import KINDS
from lossledger.core.text import many
from lossledger.core.vocabulary import SPOKEN
from lossledger.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

_KINDS = (
    *("loss", "source", "published", "import", "conflict", "side", "category", "type", "feed"),
    *("scene", "post", "release"),
)


@click.command(
    "redact",
    short_help="Take a text out of the ledger for good.",
)
@click.argument("subject", metavar="ID")
@click.option(
    "--field",
    "fields",
    metavar="FIELD,...",
    multiple=True,
    required=True,
    help="Which: note, place, latitude, longitude, unit, actor, reason, text (of notes), evidence.note, ...",
)
@click.option(
    "--kind",
    type=Word(_KINDS, "kind"),
    default="loss",
    show_default=True,
    help=f"What the text is about: {', '.join(_KINDS)}.",
)
@conflict_option
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@reason_option
@dry_run_option
@pass_app
def command(
    app: App,
    subject: str,
    fields: tuple[str, ...],
    kind: str,
    conflict: str | None,
    yes: bool,
    reason: str,
    dry_run: bool,
) -> None:
    """Take a text out of every entry that holds it, for good. The numbers stay, and the chain still holds.

    The reason given stays readable: it must not repeat the text. Other fields of the same subject that say it, too,
    are named. Backups and copies made before are out of this program's reach.

    \b
    Examples:
      lossledger redact k3j2 --field note,place --reason "a private house"
      lossledger redact k3j2 --field actor --reason "their safety" --yes
      lossledger redact n7m3 --kind source --field author --reason "asked for" --yes
    """
    from lossledger.ledger.redact import erase, redact, refuse_public

    named, why = parts(fields), reason_of(reason)
    if not named:
        raise Refused("name the fields to redact with --field")
    refuse_public(kind, named)
    if not yes and not dry_run:
        _confirm(f"Take {', '.join(named)} of {kind} {subject} out of the ledger for good?")
    with app.recording(why, dry_run=dry_run) as journal:
        key = _key(journal.connection, kind, subject, conflict)
        left = _left(journal.connection, kind, key, named)
        taken = redact(journal, kind, key, list(named))
    details = f"{many(taken, 'detail')} of {', '.join(named)}"
    tell(app, f"{SPOKEN.get(kind, kind)} {key}: {details} redacted", dry_run=dry_run)
    for line in left:
        app.say(line)
    if not dry_run:
        erase(app.engine())
        app.say("backups and copies of the ledger that were made before still hold it")


def _left(connection: "Connection", kind: str, key: str, fields: tuple[str, ...]) -> list[str]:
    """What a redaction of some fields leaves of their texts, a line each."""
    from lossledger.queries.repeated import also_in, records

    lines = []
    if also := also_in(connection, kind, key, fields):
        lines.append(f"also stands in: {', '.join(also)}; look at the history, and redact what must go, too")
    if kind == "source" and "url" in fields and (kept := records(connection, key)):
        held = f"{many(len(kept), 'record')} in the store of how its files came"
        lines.append(f"the link also stands in {held}, which this cannot touch: {', '.join(kept)}")
    return lines


def _confirm(question: str) -> None:
    """Have the user agree. Errors: Refused where nobody can be asked, Abort where they do not."""
    from lossledger.core.text import inert

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused("what is redacted is gone for good; say that you are sure with --yes")
    click.confirm(inert(question), abort=True, err=True)


def _key(connection: "Connection", kind: str, subject: str, conflict: str | None) -> str:
    from lossledger.queries.inbox import the_post
    from lossledger.queries.names import resolve, the_conflict, whole_uid
    from lossledger.queries.releases import named
    from lossledger.queries.scenes import the_scene

    if kind in ("post", "scene"):
        return the_post(connection, subject) if kind == "post" else the_scene(connection, subject)
    if kind == "release":
        return named(connection, subject).id
    if KINDS[kind].key == "uid":
        return whole_uid(connection, kind, subject)
    within = the_conflict(connection, conflict) if kind == "side" else None
    return resolve(connection, kind, subject, within)
