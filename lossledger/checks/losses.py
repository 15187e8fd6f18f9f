"""One walk over all losses, for every check that needs a loss's whole story."""

from collections.abc import Iterator

from sqlalchemy import Connection

from lossledger.checks.findings import IMPOSSIBLE, Finding, unreadable
from lossledger.checks.fold import differences
from lossledger.checks.postings import Sums, movements
from lossledger.checks.subjects import Subject, subjects
from lossledger.core.days import last_day_not_future
from lossledger.core.rules import check_loss
from lossledger.errors import Refused


def losses(connection: Connection) -> Iterator[Finding]:
    """Hold every loss's rows and postings against its entries, and its state against the rules."""
    today = last_day_not_future()
    sums = Sums()
    for subject in subjects(connection, "loss"):
        if isinstance(subject, Finding):
            yield subject
            continue
        yield from differences(subject)
        yield from movements(subject, sums)
        if subject.state:
            yield from _broken_rules(subject, today)
    yield from sums.differences(connection)


def _broken_rules(subject: Subject, today: str) -> Iterator[Finding]:
    try:
        check_loss(subject.state, today)
    except Refused as error:
        yield Finding("rules", f"loss {subject.key}", str(error))
    except IMPOSSIBLE as error:
        yield Finding("rules", f"loss {subject.key}", unreadable(error))
