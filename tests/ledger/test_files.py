"""Files that are held of sources: added, marked, moved with a merged source, undone, redacted."""

from dataclasses import replace
from typing import Any

import pytest

from lossledger.checks.audit import audit
from lossledger.core.fields import REDACTED, children
from lossledger.core.vocabulary import Health, Origin
from lossledger.errors import Refused
from lossledger.ledger import catalogue, redact
from lossledger.ledger.files import HeldFile, hold, mark, own_source
from lossledger.queries.files import Held, held, in_journal, of_digests, sizes
from tests.ledger.books import SOURCE, Book

TANK, HULL, RECORD = "aa" * 32, "bb" * 32, "cc" * 32


def a_file(sha256: str, **said: Any) -> HeldFile:
    plain = HeldFile(sha256=sha256, size=7, origin=Origin.GIVEN, name="tank.jpg")
    return replace(plain, **said)


def held_in(book: Book) -> list[tuple[str, str, bool]]:
    """What is held: source, digest, and whether it is graphic."""
    with book.read() as connection:
        assert audit(connection).findings == ()
        return sorted((file.source, file.sha256, file.graphic) for file in held(connection))


def another_source(book: Book) -> str:
    with book.act() as journal:
        return catalogue.create(journal, "source", {"url": "https://example.org/2"})


def test_a_file_is_held_once_of_a_source(book: Book) -> None:
    with book.act() as journal:
        assert hold(journal, SOURCE, [a_file(TANK), a_file(HULL, record=RECORD), a_file(TANK)]) == [
            a_file(TANK),
            a_file(HULL, record=RECORD),
        ]
        number = journal.number
        assert hold(journal, SOURCE, [a_file(TANK, name="another.jpg")]) == []
        assert journal.number == number
    assert held_in(book) == [(SOURCE, TANK, False), (SOURCE, HULL, False)]
    with book.read() as connection:
        assert sizes(connection) == {TANK: 7, HULL: 7, RECORD: None}
        assert in_journal(connection, [TANK, RECORD, "dd" * 32]) == {TANK, RECORD}


def test_what_a_look_found_is_told_in_the_same_entry(book: Book) -> None:
    with book.act() as journal:
        number = journal.number
        hold(journal, SOURCE, [a_file(TANK)], {"health": Health.MEDIA.value})
        assert journal.number == number + 1
        hold(journal, SOURCE, [a_file(TANK)], {"health": Health.MEDIA.value})
        assert journal.number == number + 1
        hold(journal, SOURCE, [a_file(TANK)], {"health": Health.GONE.value})
        assert journal.number == number + 2


def test_a_source_that_is_not_there_holds_nothing(book: Book) -> None:
    with book.act() as journal, pytest.raises(Refused, match="no source 'nosuchsour'"):
        hold(journal, "nosuchsour", [a_file(TANK)])


def test_what_is_graphic_is_so_wherever_it_is_held(book: Book) -> None:
    other = another_source(book)
    with book.act() as journal:
        hold(journal, SOURCE, [a_file(TANK), a_file(HULL)])
        hold(journal, other, [a_file(TANK, graphic=True)])
    assert held_in(book) == sorted([(SOURCE, TANK, True), (SOURCE, HULL, False), (other, TANK, True)])
    with book.act() as journal:
        hold(journal, other, [a_file(HULL)])
        journal.flush()
        files = held(journal.connection, of_digests([HULL]))
        assert mark(journal, files, graphic=True) == 2
        assert mark(journal, held(journal.connection, of_digests([TANK])), graphic=True) == 0
    third = another_source(book)
    with book.act() as journal:
        hold(journal, third, [a_file(HULL)])
    assert {graphic for _, _, graphic in held_in(book)} == {True}


def test_a_file_by_itself_is_one_source_given_by_the_actor(book: Book) -> None:
    first, second = book.report(), book.report()
    file = a_file(TANK, media_type="image/jpeg")
    with book.act("bob") as journal:
        source, new = own_source(journal, first, file, {})
        hold(journal, source, [file])
        assert new
        assert (
            dict(journal.state("source", source)).items()
            >= {
                "title": "tank.jpg",
                "author": "bob",
                "kind": "image",
            }.items()
        )
    with book.act() as journal:
        assert own_source(journal, second, file, {}) == (source, False)
        hold(journal, SOURCE, [a_file(HULL, origin=Origin.FETCHED)])
        assert own_source(journal, second, a_file(HULL), {}) == (SOURCE, False)  # the loss rests on it


def test_the_files_of_a_merged_source_go_to_the_one_kept(book: Book) -> None:
    other = another_source(book)
    with book.act() as journal:
        hold(journal, SOURCE, [a_file(TANK, name="kept.jpg")])
        hold(journal, other, [a_file(TANK), a_file(HULL, graphic=True, captured="2020-10-03T14:22:11")])
        journal.flush()
        files = held(journal.connection, of_digests([TANK]))
        mark(journal, [file for file in files if file.source == other], graphic=True)
    before = held_in(book)
    with book.act() as journal:
        catalogue.merge(journal, "source", other, SOURCE)
        found = children(journal.state("source", SOURCE), "file").values()
    assert sorted((file["sha256"], file["name"], file.get("captured"), file.get("graphic")) for file in found) == [
        (TANK, "kept.jpg", None, "yes"),
        (HULL, "tank.jpg", "2020-10-03T14:22:11", "yes"),
    ]
    assert held_in(book) == [(SOURCE, TANK, True), (SOURCE, HULL, True)]
    book.undo()
    assert held_in(book) == before


def test_an_undone_file_is_held_no_more_and_still_known(book: Book) -> None:
    with book.act() as journal:
        hold(journal, SOURCE, [a_file(TANK)])
    book.undo()
    assert held_in(book) == []
    with book.read() as connection:
        assert in_journal(connection, [TANK]) == {TANK}


def test_private_fields_of_files_are_redacted_also_where_they_came_from(book: Book) -> None:
    other = another_source(book)
    said = {"name": "house of N.jpg", "captured": "2020-10-03T14:22:11", "url": "https://example.org/n.jpg"}
    with book.act() as journal:
        hold(journal, other, [a_file(TANK, **said)])
        catalogue.merge(journal, "source", other, SOURCE)
    with book.act() as journal:
        redact.redact(journal, "source", SOURCE, ["file.name", "file.captured", "file.url"])
    with book.read() as connection:
        (file,) = held(connection)
        assert audit(connection).findings == ()
        details = connection.exec_driver_sql("SELECT value FROM entry_detail").scalars().all()
    assert (file.name, file.captured, file.url, file.sha256) == (REDACTED, REDACTED, REDACTED, TANK)
    assert not set(details) & set(said.values())
    with book.act() as journal, pytest.raises(Refused, match="cannot be redacted"):
        redact.redact(journal, "source", SOURCE, ["file.sha256"])


def test_what_is_held_is_listed_with_the_losses_behind_it(book: Book) -> None:
    losses = tuple(book.report() for _ in range(2))
    with book.act() as journal:
        hold(journal, SOURCE, [a_file(TANK, media_type="image/jpeg")])
    with book.read() as connection:
        (found,) = held(connection)
    assert found == Held(
        found.uid, SOURCE, TANK, "given", "tank.jpg", "image/jpeg", 7, None, None, None, graphic=False, losses=losses
    )
