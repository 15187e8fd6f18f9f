"""Releases are held against the chain."""

from sqlalchemy import Connection, select, update

from lossledger.checks.chain import chain
from lossledger.checks.releases import releases
from lossledger.core.vocabulary import Act
from lossledger.db.tables import SUBJECTS, entry
from lossledger.ledger import redact
from lossledger.ledger import releases as acts
from lossledger.ledger.journal import Journal


def made(connection: Connection) -> int:
    """A release of the ledger as it stands; the number of its entry."""
    journal = Journal(connection, actor="ann", reason="for the report")
    release = acts.create(journal, "Spring", note="for the report")
    return release.entry


def told(connection: Connection) -> dict[str, str]:
    """What is found, by place."""
    return {finding.place: finding.wrong for finding in releases(connection)}


def test_a_release_that_was_withdrawn_and_redacted_is_no_finding(ledger: Connection) -> None:
    made(ledger)
    journal = Journal(ledger, actor="ann", reason="wrong")
    acts.withdraw(journal, "spring")
    redact.redact(journal, "release", "spring", ["note"])
    journal.flush()
    assert told(ledger) == {}


def test_a_journal_that_was_written_anew_is_found(ledger: Connection) -> None:
    number = made(ledger)
    ledger.execute(update(entry).where(entry.c.number == number).values(hash=bytes(32)))
    assert told(ledger) == {
        "release spring": f"entry {number} is not the one it was made of: the journal was written anew"
    }
    assert list(chain(ledger))


def test_an_entry_that_is_gone_is_found(ledger: Connection) -> None:
    number = made(ledger)
    spring = SUBJECTS["release"].c.slug == "spring"
    ledger.execute(update(SUBJECTS["release"]).where(spring).values(entry=number + 1000))
    assert told(ledger) == {"release spring": f"the journal has no entry {number + 1000} any more: its end was cut off"}


def test_a_release_that_was_moved_by_an_entry_is_found(ledger: Connection) -> None:
    """Though the chain holds: no command does it, but somebody with the program's code could."""
    made(ledger)
    journal = Journal(ledger, actor="mallory")
    last = ledger.execute(select(entry).order_by(entry.c.number.desc()).limit(1)).one()
    fields = {"entry": str(last.number), "hash": last.hash.hex(), "recorded_at": last.recorded_at}
    journal.append(Act.CATALOGUE, "release", "spring", fields)
    journal.flush()
    moved = "it changes 'recorded_at' of release 'spring', which is frozen"
    assert told(ledger) == {f"entry {last.number + 1}": moved}
    assert len(list(releases(ledger))) == 3
    assert list(chain(ledger)) == []
