"""The rule of the second person: nobody confirms what they alone reported, where the ledger asks for that."""

from collections.abc import Iterable

from lossledger.core.fields import State
from lossledger.core.vocabulary import ON, SECOND_PERSON, Verification
from lossledger.errors import Refused
from lossledger.ledger.journal import Journal
from lossledger.queries.reporters import reporters

_ASKED = f"this ledger asks for a second person (setting {SECOND_PERSON})"

_SAID = ("quantity", "side", "type", "category", "status", "earliest", "latest", "reported", "feed_day")
"""What a confirmation is of: with another of these, a loss is not what was confirmed."""


def second_person(journal: Journal) -> bool:
    """Whether the ledger asks for a second person."""
    return journal.state("setting", SECOND_PERSON).get("value") == ON


def refuse_alone(journal: Journal, uid: str, names: Iterable[str]) -> None:
    """Refuse that any of these confirms a loss that nobody else is known to have reported.

    A reporter whose name was redacted is known to be nobody else: with such a one alone, somebody has to add evidence
    before another confirms it.
    """
    if not second_person(journal):
        return
    journal.flush()
    found = reporters(journal.connection, [uid])[uid]
    for name in names:
        if not found.alone(name):
            continue
        if found.unknown:
            raise Refused(
                f"loss {uid} was reported by somebody whose name was redacted, and {_ASKED}: "
                "have one person add evidence, and another confirm it"
            )
        raise Refused(f"loss {uid} was reported by {name} alone, and {_ASKED}: have somebody else confirm it")


def refuse_new(journal: Journal) -> None:
    """Refuse that a new loss enters confirmed by whoever reports it."""
    if second_person(journal):
        raise Refused(f"{journal.actor} alone reports this loss, and {_ASKED}: enter it as claimed")


def may_confirm(journal: Journal, uid: str) -> bool:
    """Whether the actor may confirm a loss."""
    if not second_person(journal):
        return True
    journal.flush()
    return not reporters(journal.connection, [uid])[uid].alone(journal.actor)


def refuse_itemising_alone(journal: Journal, uid: str, whole: State) -> None:
    """Refuse that who alone reported a confirmed aggregate says what its items are.

    They would stand confirmed by somebody who has not seen them, or as claims, and fewer would be confirmed than were.
    """
    if whole["verification"] == Verification.CONFIRMED and not may_confirm(journal, uid):
        raise Refused(
            f"aggregate {uid} is confirmed, was reported by {journal.actor} alone, and {_ASKED}: "
            "have somebody else itemise it"
        )


def says_otherwise(before: State, after: State) -> bool:
    """Whether a loss says other than it did of what a confirmation is of."""
    return any(before.get(field) != after.get(field) for field in _SAID)


def fallen(journal: Journal, uid: str, before: State, after: State) -> dict[str, str | None]:
    """The fields by which a confirmation falls where the actor, who may not give it, has the loss say otherwise."""
    confirmed = after["verification"] == Verification.CONFIRMED
    if not confirmed or not says_otherwise(before, after) or may_confirm(journal, uid):
        return {}
    return {"verification": Verification.CLAIMED.value, "verified_by": None}
