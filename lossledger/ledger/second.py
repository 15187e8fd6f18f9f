"""The rule of the second person: nobody confirms what they alone reported, where the ledger asks for that."""

from collections.abc import Iterable

from lossledger.core.vocabulary import ON, SECOND_PERSON
from lossledger.errors import Refused
from lossledger.ledger.journal import Journal
from lossledger.queries.reporters import reporters

_ASKED = f"this ledger asks for a second person (setting {SECOND_PERSON})"


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
