"""``evidence``: what sources say of a loss, and what is held of them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli import (
    evidence_archive,
    evidence_files,
    evidence_import,
    evidence_likeness,
    evidence_links,
    evidence_verify,
)
from lossledger.cli.app import App, pass_app
from lossledger.cli.judging import CREDIBILITY
from lossledger.cli.options import dry_run_option, reason_of, reason_option
from lossledger.cli.sources import CREDIBILITY_SIGNS, cite, evidence_of, is_link, source_options
from lossledger.cli.telling import tell
from lossledger.core.fields import MAX_TEXT, children
from lossledger.core.text import checked, quoted
from lossledger.core.vocabulary import NOT_JUDGED, Relation
from lossledger.errors import NothingFound, Refused

if TYPE_CHECKING:
    from lossledger.ledger.journal import Journal


@click.group("evidence", short_help="What sources say of a loss, and the files held of them.")
def command() -> None:
    """What sources say of a loss, and the files held of them. A source that disputes it: see lossledger dispute."""


@command.command(
    "add",
    short_help="Add a source's word on a loss, or a file.",
)
@click.argument("uid", metavar="ID")
@click.argument("files", metavar="[FILE...]", nargs=-1)
@source_options()
@click.option("--note", metavar="TEXT", help="Whatever should be known of this piece of evidence.")
@click.option("--name", metavar="TEXT", help="Of a file: what it is called. Default: its own name.")
@click.option("--graphic", is_flag=True, help="Of files: nobody should see them unasked.")
@reason_option
@dry_run_option
@pass_app
def add(app: App, /, uid: str, files: tuple[str, ...], **given: Any) -> None:
    """Add a source's word on a loss, or files that show it. How far it is believed stays as it is: see verify.

    A file is copied into the store, where it is kept under its SHA-256 and never written to again. With --source it is
    held of that source; without, it is a source of its own, given by you. FILE - reads standard input.

    \b
    Examples:
      lossledger evidence add k3j2 --source https://example.org/2 --reason "a picture"
      lossledger evidence add k3j2 --source n7m3 --relation admits --reason "a briefing"
      lossledger evidence add k3j2 tank.jpg hull.jpg --graphic --reason "sent by a reader"
      lossledger evidence add k3j2 film.mp4 --source https://example.org/2 --reason "saved before it went"
    """
    if files or (given["name"] or given["graphic"]):
        from lossledger.cli.evidence_given import add_files

        add_files(app, uid, files, given)
    else:
        _add_word(app, uid, given)


def _add_word(app: App, uid: str, given: Mapping[str, Any]) -> None:
    if not given["source"]:
        raise Refused("give a file, or name a source with --source: its link, or its id")
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


@command.command("judge", short_help="Say how credible it is what a source says.")
@click.argument("uid", metavar="ID")
@click.argument("source", metavar="SOURCE")
@click.option("--credibility", type=CREDIBILITY, required=True, help=f"How credible: {CREDIBILITY_SIGNS}, not judged.")
@reason_option
@dry_run_option
@pass_app
def judge(app: App, /, uid: str, source: str, credibility: str, reason: str, dry_run: bool) -> None:
    """Say how credible it is what a source says of a loss; "not judged" takes it back.

    SOURCE is its link or id. Where it says several things of the loss, name one of them by its own id, which the
    message gives. How reliable the source itself is, wherever it is cited, see: lossledger source change.

    \b
    Examples:
      lossledger evidence judge k3j2 n7m3 --credibility 2 --reason "fits what the picture shows"
      lossledger evidence judge k3j2 https://example.org/2 --credibility "not judged" --reason "the wrong loss"
    """
    from lossledger.ledger.casefile import judge as judge_evidence
    from lossledger.queries.names import whole_uid

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        uid = whole_uid(journal.connection, "loss", uid)
        named = _meant(journal, uid, source)
        before = judge_evidence(journal, uid, named, credibility or None)
    said = f"credibility of source {named}: {before or NOT_JUDGED} -> {credibility or NOT_JUDGED}"
    tell(app, f"loss {uid}: {said}", dry_run=dry_run)


def _meant(journal: "Journal", uid: str, text: str) -> str:
    """The source, or the piece of evidence of a loss, that is meant by a link or by any unique beginning of an id."""
    from lossledger.queries.likeness import source_of_link
    from lossledger.queries.names import kept, whole_uid

    text = text.strip()
    if is_link(text):
        known = source_of_link(journal.connection, text)
        if known is None:
            raise NothingFound(f"no source has the link {quoted(text)}")
        return known
    pieces = children(journal.state("loss", uid), "evidence")
    here = {*pieces, *(piece["source"] for piece in pieces.values())}
    found = sorted(one for one in here if text and one.startswith(text.lower()))
    if len(found) > 1:
        raise Refused(f"several ids begin with {quoted(text)}: {', '.join(found)}; give more letters")
    return found[0] if found else kept(journal.connection, "source", whole_uid(journal.connection, "source", text))


for part in (
    evidence_files.files,
    evidence_files.get,
    evidence_files.mark,
    evidence_verify.command,
    evidence_archive.command,
    evidence_links.command,
    evidence_import.command,
    evidence_likeness.command,
):
    command.add_command(part)
