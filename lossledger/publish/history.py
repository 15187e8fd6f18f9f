"""The history of a loss in plain words: what each entry of the journal did to it."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup, escape

from lossledger.core.fields import REDACTED, Form, generic
from lossledger.core.records import ACT_FIELDS, KINDS
from lossledger.core.vocabulary import NOT_THE_SAME, OWN_FEED, Act
from lossledger.publish.looks import WITHHELD, made, text
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.lineage import Change, Step


class Told(NamedTuple):
    """An entry as a reader sees it; ``who`` and ``why`` are empty where they are not published."""

    number: int
    day: str
    what: Markup
    who: str
    why: str
    changes: list[Markup]


WHAT = {
    Act.REPORT: "Entered",
    Act.AMEND: "Corrected",
    Act.EVENT: "What became of it later",
    Act.VERIFY: "Looked at",
    Act.SPLIT: "Split",
    Act.MERGE: "Merged",
    Act.UNMERGE: "No longer merged",
    Act.WITHDRAW: "Withdrawn",
    Act.REINSTATE: "Counts again",
    Act.EVIDENCE: "Source added",
    Act.DISPUTE: "Disputed by a source",
    Act.NOTE: "Note added",
    Act.LINK: "Perhaps the same as another",
    Act.HELD: "Its list says otherwise than stands here",
    Act.REDACT: "A text was taken out",
    Act.CATALOGUE: "Moved with its type or category",
    Act.UNDO: "An entry was taken back",
    Act.SETTING: "Set",
}

_LABELS = {
    "earliest": "not before",
    "latest": "not after",
    "verification": "believed",
    "verified_by": "confirmed by",
    "merged_into": "merged into",
    "split_from": "split from",
    "event.status": "became",
    "event.earliest": "became, not before",
    "event.latest": "became, not after",
    "event.phrase": "became, in the report's words",
    "evidence.relation": "a source",
    "evidence.credibility": "credibility of a source",
    "evidence.says": "what a source says",
    "evidence.field": "what a source speaks of",
}
_UNTOLD = frozenset(
    ("feed_key", "stands_in", "withdrawn", "evidence.source", "event.inferred", "undoes", "redacts", "text")
)
"""Fields that the entry's own words tell, or that mean nothing outside."""


def label(name: str) -> str:
    """What a field is called, a child's by both names: "believed", "event note"."""
    return _LABELS.get(name, name.replace(".", " ").replace("_", " "))


def told(found: list[Step], known: Catalogue) -> list[Told]:
    """The entries on a loss, oldest first."""
    return [_told(step, known) for step in found]


def _told(step: Step, known: Catalogue) -> Told:
    changes = [] if step.act == Act.REPORT else [line for change in step.changes for line in _line(change, known)]
    return Told(
        step.number, step.recorded_at[:10], _what(step, known), _public(step.actor), _public(step.reason), changes
    )


def _public(said: str | None) -> str:
    return "" if said in (None, REDACTED) else str(said)


def _what(step: Step, known: Catalogue) -> Markup:
    what = escape(WHAT[Act(step.act)])
    new = {change.field: change.new for change in step.changes}
    if step.act == Act.REPORT:
        feed = known.terms["feed"].get(new.get("feed") or "")
        from_ = f" from {feed.name}" if feed and feed.slug != OWN_FEED else ""
        return what + text(f"{from_}, {new.get('verification')}")
    if step.act == Act.LINK and new.get("text") == NOT_THE_SAME:
        return Markup("Found not to be the same as ") + loss_link(new.get("to") or "")
    if step.act == Act.LINK:
        return Markup("Perhaps the same as ") + loss_link(new.get("to") or "")
    if step.parts:
        return what + Markup(": ") + Markup(", ").join(map(loss_link, step.parts))
    return what


def loss_link(uid: str) -> Markup:
    """A link from one loss's page to another's."""
    return made(f'<a href="{escape(uid)}.html">{escape(uid)}</a>')


def _line(change: Change, known: Catalogue) -> Iterator[Markup]:
    """A changed field: "type: T-72 → T-72B"."""
    path = change.field
    name = path if path in ACT_FIELDS else generic(path)
    if name in _UNTOLD or name.startswith("row.") or path in ACT_FIELDS or change.old == change.new:
        return
    old, new = (_value(name, value, known) for value in (change.old, change.new))
    yield (
        Markup("{}: {} → {}").format(label(name), old, new) if change.old else Markup("{}: {}").format(label(name), new)
    )


def _value(name: str, value: str | None, known: Catalogue) -> Markup:
    if value is None:
        return Markup("none")
    if value == REDACTED:
        return WITHHELD
    field = KINDS["loss"].field(name)
    if field.form is Form.REF and field.ref == "loss":
        return loss_link(value)
    if field.form is Form.LIST:
        parts = json.loads(value)
        return text(
            ", ".join(_name("type", part, known) for part in parts) if name == "candidates" else ", ".join(parts)
        )
    return text(_name(field.ref, value, known))


def _name(kind: str, value: str, known: Catalogue) -> str:
    """What a reference to the catalogue is called; any other value is what it is."""
    term = known.terms[kind].get(value) if kind in known.terms else None
    return term.name if term else value
