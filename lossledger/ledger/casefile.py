"""Acts by which the case file of a loss grows: evidence, dispute, note, link, held."""

from collections.abc import Mapping

from lossledger.core.digest import new_uid
from lossledger.core.fields import State, child_path, children
from lossledger.core.vocabulary import NOT_JUDGED, NOT_THE_SAME, Act, Relation, Verification
from lossledger.errors import Refused
from lossledger.ledger.journal import Journal
from lossledger.ledger.losses import existing

LEAVES_COUNT = frozenset(
    {
        "type",
        "category",
        "place",
        "cause",
        "captor",
        "unit",
        "name",
        "date",
        "quantity",
        "status",
    }
)
"""Fields over which a dispute leaves the count; one over the side, or the loss itself, does not."""


def evidence_fields(source: str, relation: Relation, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The fields of one new piece of evidence, to enter with a loss or to add to one."""
    uid = new_uid()
    own = {"source": source, "relation": relation.value, **(more or {})}
    return {child_path("evidence", uid, name): value for name, value in own.items()}


def add_evidence(journal: Journal, uid: str, fields: Mapping[str, str]) -> State:
    """Add a source's word on a loss; see `evidence_fields`. A source that disputes is a `dispute`."""
    existing(journal, uid)
    return journal.append(Act.EVIDENCE, "loss", uid, fields)


def judge(journal: Journal, uid: str, source: str, credibility: str | None) -> str | None:
    """Say how credible it is what a source says of a loss; None for not judged. Returns what was said before.

    ``source`` is the source's uid, or that of one piece of evidence where the source says several things.
    Errors: Refused where it says nothing of the loss, says several things, or is judged so already.
    """
    state = existing(journal, uid)
    said = {key: piece for key, piece in children(state, "evidence").items() if source in (key, piece["source"])}
    if not said:
        raise Refused(f"source {source} says nothing of loss {uid}; see: lossledger show {uid}")
    if len(said) > 1:
        told = ", ".join(f"{key} ({_in_short(piece)})" for key, piece in said.items())
        raise Refused(f"source {source} says several things of loss {uid}; judge one of: {told}")
    [(key, piece)] = said.items()
    before = piece.get("credibility")
    if before == credibility:
        raise Refused(f"what source {piece['source']} says of loss {uid} is judged so already: {before or NOT_JUDGED}")
    journal.append(Act.EVIDENCE, "loss", uid, {child_path("evidence", key, "credibility"): credibility})
    return before


def _in_short(piece: State) -> str:
    """What a source does with a loss: "disputes type"."""
    return " ".join(filter(None, (piece["relation"], piece.get("field"))))


def dispute(
    journal: Journal,
    uid: str,
    source: str,
    field: str | None = None,
    says: str | None = None,
    more: Mapping[str, str] | None = None,
) -> State:
    """Record that a source disputes a loss, or one field of it; ``more`` are other fields of the evidence.

    A dispute over the loss itself or its side makes it disputed; one over anything else leaves the count.
    """
    before = existing(journal, uid)
    if field is not None and field != "side" and field not in LEAVES_COUNT:
        raise Refused(f"cannot dispute {field!r}; choose one of: side, {', '.join(sorted(LEAVES_COUNT))}")
    about = {name: value for name, value in (("field", field), ("says", says)) if value is not None}
    fields: dict[str, str | None] = dict(evidence_fields(source, Relation.DISPUTES, about | dict(more or {})))
    if field in (None, "side") and before["verification"] != Verification.REJECTED:
        fields |= {
            "verification": Verification.DISPUTED.value,
            "verified_by": journal.actor,
        }
    return journal.append(Act.DISPUTE, "loss", uid, fields)


def note(journal: Journal, uid: str, text: str) -> None:
    """Add a note to the case file; it changes no field of the loss."""
    existing(journal, uid)
    journal.append(Act.NOTE, "loss", uid, {}, text=text)


def link(journal: Journal, uid: str, other: str, *, apart: bool = False) -> None:
    """Say that two losses are possibly the same, without any effect on counts; or, with ``apart``, that they are two.

    Of two such words the later holds. Losses that are two are no possible duplicates any more.
    """
    if uid == other:
        raise Refused("a loss cannot be linked to itself")
    for one, another in ((uid, other), (other, uid)):
        existing(journal, one)
        if apart:
            journal.append(Act.LINK, "loss", one, {}, to=another, text=NOT_THE_SAME)
        else:
            journal.append(Act.LINK, "loss", one, {}, to=another)


def hold(journal: Journal, uid: str, said: str, row: Mapping[str, str | None] | None = None) -> None:
    """Keep what a feed now says of a loss where a person here has said otherwise.

    ``said`` tells it in words; ``row`` are the fields of the feed's row that keep it for review.
    """
    existing(journal, uid)
    journal.append(Act.HELD, "loss", uid, row or {}, held=said)
