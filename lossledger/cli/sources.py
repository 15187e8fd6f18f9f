"""Where a report stands: the options that name a source, and the source that they mean."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lossledger.cli.judging import CREDIBILITY, RELIABILITY
from lossledger.cli.options import Word
from lossledger.core.entered import past_days
from lossledger.core.fields import FLAG, MAX_LINE, MAX_URL
from lossledger.core.text import checked, checked_url
from lossledger.core.vocabulary import Relation, SourceKind
from lossledger.errors import Refused

if TYPE_CHECKING:
    from lossledger.ledger.journal import Journal

_OPTIONS = (
    click.option("--source", metavar="URL|ID", help="Where it stands: a link, or the id of a source in the ledger."),
    click.option("--source-title", metavar="TEXT", help="Of a new source: its title."),
    click.option("--publisher", metavar="TEXT", help="Of a new source: who published it."),
    click.option("--author", metavar="TEXT", help="Of a new source: who wrote it."),
    click.option("--party", metavar="TEXT", help="Of a new source: the party that speaks, Blueland's ministry."),
    click.option("--source-date", metavar="DAYS", help="Of a new source: when it was published."),
    click.option(
        "--source-kind",
        type=Word(SourceKind, "source kind"),
        help=f"Of a new source: {', '.join(SourceKind)}.",
    ),
    click.option(
        "--reliability",
        type=RELIABILITY,
        help="Of a new source: A (completely reliable) to E (unreliable), F: cannot be judged. Default: not judged.",
    ),
)

CREDIBILITY_SIGNS = "1 (confirmed by others) to 5 (improbable), 6: cannot be judged"
_credibility_option = click.option(
    "--credibility", type=CREDIBILITY, help=f"Of what it says here: {CREDIBILITY_SIGNS}. Default: not judged."
)
_relation_option = click.option(
    "--relation",
    type=Word([word for word in Relation if word is not Relation.DISPUTES], "relation"),
    default=Relation.REPORTS.value,
    show_default=True,
    help=f"What the source does: {', '.join(word for word in Relation if word is not Relation.DISPUTES)}. "
    "One that disputes: see lossledger dispute.",
)
_LINES = {"source_title": "title", "publisher": "publisher", "author": "author", "party": "party"}
_WORDS = {"source_kind": "kind", "reliability": "reliability"}


class Cited(NamedTuple):
    """A source that an act cites: its uid, whether the act made it, and what should be said about it."""

    uid: str
    new: bool
    remark: str = ""

    def called(self, *, dry_run: bool) -> str:
        """The source in words; one that a dry run would make has no id yet."""
        if self.new and dry_run:
            return "a new source"
        return f"source {self.uid}{' (new)' if self.new else ''}"


def source_options(*, relation: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the options that name a source, and what it does with the loss."""

    def give(command: Callable[..., Any]) -> Callable[..., Any]:
        command = _credibility_option(command)
        if relation:
            command = _relation_option(command)
        for option in reversed(_OPTIONS):
            command = option(command)
        return command

    return give


def evidence_of(source: str, relation: Relation, given: Mapping[str, Any], more: Mapping[str, str]) -> dict[str, str]:
    """The fields of one piece of evidence; ``more`` are fields of its own, such as a note."""
    from lossledger.ledger.casefile import evidence_fields

    return evidence_fields(source, relation, credibility_of(given) | dict(more))


def credibility_of(given: Mapping[str, Any]) -> dict[str, str]:
    """The credibility that was given, as a field of evidence."""
    return {"credibility": given["credibility"]} if given["credibility"] else {}


def cite(journal: "Journal", given: Mapping[str, Any]) -> Cited:
    """The source that a command's options mean; see `cite_link`."""
    return cite_link(journal, given["source"] or "", source_details(given))


def cite_link(journal: "Journal", text: str, details: Mapping[str, str]) -> Cited:
    """The source that a link or an id means; one with a link that the ledger does not know is made, with ``details``.

    Errors: NothingFound for an id that no source has, Refused for a link that is none.
    """
    from lossledger.ledger.catalogue import create
    from lossledger.queries.likeness import source_of_link
    from lossledger.queries.names import kept, whole_uid

    text = text.strip()
    if not text:
        raise Refused("no source is named; give a link or a source's id with --source")
    if not is_link(text):
        known = kept(journal.connection, "source", whole_uid(journal.connection, "source", text))
        return Cited(known, new=False, remark=kept_as_is(known, details))
    url = checked_url(text, "source", MAX_URL)
    found = source_of_link(journal.connection, url)
    if found is not None:
        return Cited(found, new=False, remark=kept_as_is(found, details))
    return Cited(create(journal, "source", {"url": url, **details}), new=True)


def is_link(text: str) -> bool:
    """Whether a text is meant as a link rather than as a source's id."""
    return any(sign in text for sign in ":/.")


def source_details(given: Mapping[str, Any]) -> dict[str, str]:
    """What is said of a new source beside its link. Errors: Refused for a value that cannot be."""
    details = {
        path: checked(given[option], option.replace("_", " "), MAX_LINE, lines=False)
        for option, path in _LINES.items()
        if given[option]
    }
    details |= {path: given[option] for option, path in _WORDS.items() if given[option]}
    if given["source_date"]:
        days = past_days(given["source_date"], "source date")
        marked = (("earliest", days.earliest), ("latest", days.latest), ("inferred", FLAG if days.inferred else None))
        details |= {path: value for path, value in marked if value is not None}
    return details


def kept_as_is(uid: str, details: Mapping[str, str]) -> str:
    """What to say where details were given of a source that is known; empty where none were."""
    if not details:
        return ""
    return f"source {uid} is in the ledger already; what you say of it ({', '.join(details)}) was not entered"
