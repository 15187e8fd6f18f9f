"""Losses that are entered link by link: the items of a link are numbered, and so told from each other for good."""

from collections.abc import Mapping, Sequence

from lossledger.core.sameness import item_key
from lossledger.core.vocabulary import Relation
from lossledger.ledger.casefile import evidence_fields
from lossledger.ledger.inbox import close_recorded
from lossledger.ledger.journal import Journal
from lossledger.ledger.losses import report
from lossledger.queries.likeness import items_behind


def enter(journal: Journal, source: str, losses: Sequence[Mapping[str, str | None]]) -> list[str]:
    """Enter what one link shows, each thing a loss of its own, numbered on from those that stand behind the link.

    ``source`` is the uid of the source that the link is. Two losses that are numbered within one link are never
    taken for the same one. The link's post, if the inbox has it, is closed as recorded with them. Returns the uids in
    the order given. Errors: Refused where a loss breaks a rule.
    """
    journal.flush()
    last = items_behind(journal.connection, source)
    uids = [
        report(
            journal,
            {**fields, **evidence_fields(source, Relation.REPORTS), "feed_key": item_key(source, number)},
        )
        for number, fields in enumerate(losses, last + 1)
    ]
    close_recorded(journal, source, uids)
    return uids
