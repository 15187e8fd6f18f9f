"""The audit: every check, one after the other, whatever the ones before it found."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, func, select

from lossledger.checks import postings
from lossledger.checks.chain import Head, against, chain, head_line
from lossledger.checks.database import guarded, sound
from lossledger.checks.findings import Check, Finding
from lossledger.checks.fold import catalogue, rows
from lossledger.checks.groups import groups, sources
from lossledger.checks.losses import losses
from lossledger.checks.redactions import redacted, redactions
from lossledger.core.text import inert
from lossledger.db.tables import entry as entries

AUDITS: tuple[Check, ...] = (
    chain,
    redactions,
    catalogue,
    rows,
    losses,
    postings.negative,
    groups,
    sources,
    guarded,
    sound,
)
"""Every check, in the order of what rests on what."""

MOST = 1_000
"""How many findings of one check are listed; side by side with the wrong one, a million losses differ."""

T = TypeVar("T")


@dataclass(frozen=True)
class Report:
    """What an audit found.

    Attributes:
        findings: what is wrong; empty where all is well.
        entries: how many entries the journal has.
        redacted: the details whose text is gone, by entry and field. They are no findings.
        head: the end of the chain, as `chain.head_line` writes it; empty where it cannot be read.
    """

    findings: tuple[Finding, ...]
    entries: int
    redacted: tuple[tuple[int, str], ...]
    head: str


def audit(connection: Connection, expect_head: Head | None = None) -> Report:
    """Run every check. One that breaks over what it reads is a finding, too, and the others run on.

    Args:
        connection: sees one state of the ledger throughout, as within `db.engine.reading`.
        expect_head: an end of the chain that was noted down earlier (`chain.read_head`). A journal that was
            cut off or written anew since has a sound chain, and is found only so.
    """
    checks = AUDITS if expect_head is None else (*AUDITS, partial(against, expected=expect_head))
    findings = [finding for check in checks for finding in _listed(connection, check)]
    count = _attempt(connection, _entries, findings, 0)
    gone = _attempt(connection, redacted, findings, [])
    end = _attempt(connection, head_line, findings, "")
    return Report(tuple(findings), count, tuple(gone), end)


def _listed(connection: Connection, check: Check) -> list[Finding]:
    """The findings of one check, and how many more there are where they are too many to list."""
    broken: list[Finding] = []
    found = _attempt(connection, lambda connection: _first(check(connection)), broken, [])
    return found + broken
