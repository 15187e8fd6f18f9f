"""The audit: every check, one after the other, whatever the ones before it found."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from traceback import clear_frames
from typing import Any, TypeVar

from sqlalchemy import Connection, exc, func, select, true

from lossledger.checks import postings
from lossledger.checks.chain import against, chain, head_line
from lossledger.checks.database import guarded, sound
from lossledger.checks.findings import Check, Finding
from lossledger.checks.fold import catalogue, rows
from lossledger.checks.groups import groups, sources
from lossledger.checks.losses import losses
from lossledger.checks.redactions import left_out_of, redacted, redactions
from lossledger.checks.releases import releases
from lossledger.checks.store import files
from lossledger.checks.withheld import NOTHING, Withheld
from lossledger.core.head import Head
from lossledger.core.text import inert, shortened
from lossledger.db.tables import entry as entries
from lossledger.evidence.places import Places

AUDITS: tuple[Check, ...] = (
    chain,
    redactions,
    catalogue,
    rows,
    losses,
    postings.negative,
    groups,
    sources,
    releases,
    guarded,
    sound,
)
"""Every check, in the order of what rests on what."""

MOST = 1_000
"""How many findings of one check are listed; side by side with the wrong one, a million losses differ."""

_LONGEST = 400
"""Characters of a place, and of what is wrong there."""

T = TypeVar("T")


@dataclass(frozen=True)
class Report:
    """What an audit found.

    Attributes:
        findings: what is wrong; empty where all is well.
        entries: how many entries the journal has.
        redacted: the details whose text is gone, by entry and field. They are no findings.
        withheld: the texts that a public copy left out from which the ledger was restored. They are none either.
        head: the end of the chain, as `chain.head_line` writes it; empty where it cannot be read.
    """

    findings: tuple[Finding, ...]
    entries: int
    redacted: tuple[tuple[int, str], ...]
    withheld: Withheld
    head: str


def audit(connection: Connection, expect_head: Head | None = None, store: Places | None = None) -> Report:
    """Run every check. One that breaks over what it reads is a finding, too, and the others run on.

    Args:
        connection: sees one state of the ledger throughout, as within `db.engine.reading`.
        expect_head: an end of the chain that was noted down earlier (`core.head.read_head`). A journal that was
            cut off or written anew since has a sound chain, and is found only so.
        store: where the files are that the ledger says are held; without one, they are not looked for.
    """
    if connection.dialect.name == "postgresql":
        # Every row of a cursor is read here. By default a plan is chosen that soon has the first ones, and without
        # statistics, as after a large import, that can be one that never comes to the last.
        connection.execute(select(func.set_config("cursor_tuple_fraction", "1", true())))
    checks = AUDITS
    if expect_head is not None:
        checks += (partial(against, expected=expect_head),)
    if store is not None:
        checks += (files(store),)
    findings = [finding for check in checks for finding in _findings(connection, check)]
    return Report(
        tuple(findings),
        entries=_read(connection, _number_of_entries, 0),
        redacted=tuple(_read(connection, redacted, [])),
        withheld=_read(connection, left_out_of, NOTHING),
        head=_read(connection, head_line, ""),
    )


def _number_of_entries(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(entries)) or 0


def _findings(connection: Connection, check: Check) -> list[Finding]:
    """The findings of one check, and how many more there are where they are too many to list."""
    found: list[Finding] = []
    seen: Counter[str] = Counter()

    def gather(connection: Connection) -> None:
        found.clear()
        seen.clear()
        for finding in check(connection):
            seen[finding.check] += 1
            if seen[finding.check] <= MOST:
                found.append(_harmless(finding))

    trouble = _attempt(connection, gather)
    found += [
        Finding(name, "the ledger", f"{number - MOST:,} more findings of this check")
        for name, number in seen.items()
        if number > MOST
    ]
    if trouble is not None:
        wrong = f"the check could not be carried through: {' '.join(trouble.split())}"
        found.append(_harmless(Finding(getattr(check, "__name__", "head"), "the database", wrong)))
    return found


def _harmless(finding: Finding) -> Finding:
    """A finding that does nothing to a terminal: places name what stands in the database, whatever it is."""
    place, wrong = (shortened(inert(part), _LONGEST) for part in (finding.place, finding.wrong))
    return Finding(finding.check, place, wrong)


def _read(connection: Connection, reader: Callable[[Connection], T], otherwise: T) -> T:
    """What a reader reads, or something else where it breaks; then a check broke, too, and said why."""
    values = [otherwise]
    _attempt(connection, lambda connection: values.append(reader(connection)))
    return values[-1]


def _attempt(connection: Connection, work: Callable[[Connection], None]) -> str | None:
    """Do some work; what went wrong, in a line, where it breaks. It may be begun a second time."""
    trouble = _once(connection, work)
    if trouble is not None and connection.dialect.name == "sqlite":
        with _any_bytes_as_text(connection):
            trouble = _once(connection, work)
    return trouble


def _once(connection: Connection, work: Callable[[Connection], None]) -> str | None:
    # PostgreSQL takes no further statement after one that failed, unless it goes back to a savepoint.
    with connection.begin_nested() as savepoint:
        trouble = _trouble(connection, work)
        if trouble is not None:
            savepoint.rollback()
    return trouble


def _trouble(connection: Connection, work: Callable[[Connection], None]) -> str | None:
    try:
        work(connection)
    except Exception as error:  # noqa: BLE001 - whatever data brings about is a finding, never a traceback
        # Streams that were half read are closed here, for after the savepoint's end their cursors are no more.
        clear_frames(error.__traceback__)
        return str(error.orig) if isinstance(error, exc.DBAPIError) else f"{type(error).__name__}: {error}"
    return None


@contextmanager
def _any_bytes_as_text(connection: Connection) -> Iterator[None]:
    """Let SQLite's driver read bytes that are no text, so that the check comes to where they stand.

    Not from the start: calling Python for every text would slow down the audit of every sound ledger.
    """
    driver: Any = connection.connection.driver_connection
    before = driver.text_factory
    driver.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = before
