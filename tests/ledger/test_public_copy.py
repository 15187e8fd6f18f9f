"""The public copy: what the view hides is not in it, and all else is as in the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import Connection, func, select

from lossledger.checks.audit import audit
from lossledger.checks.chain import chain
from lossledger.core import days
from lossledger.db.engine import open_engine
from lossledger.db.tables import CHILDREN, SUBJECTS, entry_detail, loss
from lossledger.db.tables import entry as entries
from lossledger.errors import NothingFound
from lossledger.ledger import casefile, catalogue, inbox, published, redact
from lossledger.ledger.public_copy import PublicCopy, public_copy
from tests.checks.story import tell
from tests.ledger.books import BLUE, RED, Book, shown_row, sums

OPEN = {"public.coordinates": "exact", "public.actors": "handles", "public.notes": "in"}

PLACED = {"latitude": "40.123456", "longitude": "46.987654"}


class Clock:
    """A time that tests move on."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        clock = self
        self.now = datetime(2101, 6, 1, 8, tzinfo=UTC)  # later than what was furnished before it stood still

        class Stopped(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return cls.fromtimestamp(clock.now.timestamp(), tz)

        patch.setattr(days, "datetime", Stopped)

    def pass_days(self, number: float) -> None:
        self.now += timedelta(days=number)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The first of June 2101, 8 o'clock."""
    return Clock(monkeypatch)


def set_values(book: Book, **values: str) -> None:
    """Change settings of the view, each in an act of its own, by their last words."""
    for name, value in values.items():
        with book.act("chief", "agreed") as journal:
            published.set_value(journal, f"public.{name}", value)


@contextmanager
def copied(book: Book) -> Iterator[PublicCopy]:
    with public_copy(book.engine) as public:
        yield public


def texts(connection: Connection) -> str:
    """Every text in every table."""
    tables = [*SUBJECTS.values(), *CHILDREN.values(), entry_detail, entries]
    return repr([connection.execute(select(table)).all() for table in tables])


def test_what_is_hidden_is_not_there(book: Book) -> None:
    """Not in the tables, not in the journal, not in any page of the file; its digests are, and the chain holds."""
    uid = book.report("secretann", **PLACED, verified_by="secretben", note="secretnote", place="the bridge")
    with book.act("secretann", "secretreason") as journal:
        casefile.note(journal, uid, "secrettext")
    with book.act("secretann") as journal:
        inbox.add(journal, [{"url": "https://example.org/secretpost"}])
    before = book.row("loss", uid)
    with copied(book) as public:
        row = shown_row(public.connection, "loss", uid)
        assert row == {
            **{name: value for name, value in before.items() if name not in ("note", "verified_by")},
            "latitude": 40.12,
            "longitude": 46.99,
        }
        assert list(chain(public.connection)) == []
        assert public.connection.scalar(select(func.count()).select_from(SUBJECTS["post"])) == 0
        assert public.head.number == book.head()
        content = public.file.read_bytes()
    assert b"the bridge" in content
    assert not [mark for mark in (b"secret", b"40.1234", b"46.9876", b"agreed") if mark in content]


def test_what_is_opened_is_there(book: Book) -> None:
    """The settings open it; what never leaves stays hidden all the same."""
    uid = book.report("ann", **PLACED, verified_by="ben", note="a note")
    with book.act("ann") as journal:
        casefile.hold(journal, uid, "secret")
        inbox.add(journal, [{"url": "https://example.org/secretpost"}])
    set_values(book, coordinates="exact", actors="handles", notes="in")
    with copied(book) as public:
        assert shown_row(public.connection, "loss", uid) == book.row("loss", uid)
        said = texts(public.connection)
        assert [word in said for word in ("'ann'", "'chief'", "'agreed'", "40.123456", "secret")] == [True] * 4 + [
            False
        ]


def test_what_a_list_confirmed_is_named(book: Book) -> None:
    """The editors of a list, whom its feed names, are no names of people here."""
    with book.act() as journal:
        catalogue.change(journal, "feed", "list", {"verified_by": "the editors"})
    theirs, ours = book.report(verified_by="the editors", feed="list"), book.report(verified_by="ann")
    with copied(book) as public:
        rows = dict(public.connection.execute(select(loss.c.uid, loss.c.verified_by)).all())
    assert rows == {theirs: "the editors", ours: None}


def test_two_that_are_not_the_same_stay_two(book: Book) -> None:
    """The judgement that two losses are two is no note: possible duplicates are counted by it."""
    one, other = book.report(), book.report()
    with book.act() as journal:
        casefile.link(journal, one, other, apart=True)
    with copied(book) as public:
        said = select(entry_detail.c.value).where(entry_detail.c.field == "text")
        assert public.connection.scalars(said).all() == ["not the same"] * 2


def test_everything_at_once(ledger_url: str) -> None:
    """A ledger with something in every column of every table: of what is not told, no text is left."""
    engine = open_engine(ledger_url)
    tell(engine)
    with public_copy(engine) as public:
        content = public.file.read_bytes()
        assert list(chain(public.connection)) == []
        for kind in ("post", "scene"):
            assert public.connection.execute(select(SUBJECTS[kind])).all() == []
    gone = (b"the note", b"the given", b"the held", b"some file", b"some captured", b"some assigned_to", b"40.25")
    there = (b"some place", b"the caveat", b"some unit", b"some says")
    assert [sample for sample in (*gone, *there) if sample in content] == list(there)


def test_an_embargo(book: Book, clock: Clock) -> None:
    """The copy is what the ledger was: rows, sums, head. What came since is not there, what went is back."""
    kept, changed = book.report(quantity="2", place="the bridge"), book.report(side=BLUE)
    book.event(changed, "captured", "2020-10-10")
    then = {uid: book.row("loss", uid) for uid in (kept, changed)}
    events, evidence = book.children("loss", "event"), book.children("loss", "evidence")
    head, total = book.head(), book.sums("side", "status")
    clock.pass_days(2)
    new = book.report(side=RED, quantity="7")
    book.amend(kept, quantity="5", place=None)
    book.undo()
    book.amend(kept, place="elsewhere")
    book.event(changed, "destroyed", "2020-10-12")
    book.merge(changed, book.report(side=BLUE))
    set_values(book, embargo="3", **{name.partition(".")[2]: value for name, value in OPEN.items()})
    clock.pass_days(2)
    with copied(book) as public:
        assert public.head.number == head
        assert public.as_of == "2101-06-02T08:00:00.000000Z"
        assert {uid: shown_row(public.connection, "loss", uid) for uid in (kept, changed, new)} == {**then, new: {}}
        assert {
            (side, status): number for (side, status), number in sums(public.connection, "side", "status").items()
        } == total
        assert audit(public.connection).findings == ()
        of_copy = Book(f"sqlite:///{public.file}")
        assert (of_copy.children("loss", "event"), of_copy.children("loss", "evidence")) == (events, evidence)


def test_a_redaction_is_not_kept_waiting(book: Book, clock: Clock) -> None:
    """What was redacted within the embargo is gone from what stands before it."""
    uid = book.report(place="Secretplace")
    clock.pass_days(2)
    with book.act("censor", "the law") as journal:
        redact.redact(journal, "loss", uid, ["place"])
    set_values(book, embargo="1")
    with copied(book) as public:
        assert public.head.number < book.head()
        assert shown_row(public.connection, "loss", uid)["place"] == "[redacted]"


def test_nothing_is_public_yet(book: Book) -> None:
    """A ledger that is younger than its embargo."""
    set_values(book, embargo="3650")
    with pytest.raises(NothingFound) as nothing, copied(book):
        pass
    assert str(nothing.value) == (
        "nothing in this ledger is public yet: it began less than 3,650 days ago (setting public.embargo)"
    )


@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt])
def test_nothing_stays_behind(
    sqlite_book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException] | None
) -> None:
    """The copy lies where only its user can read it, and goes, whatever happens."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    there = set(tmp_path.iterdir())
    seen = []
    try:
        with copied(sqlite_book) as public:
            seen = [path.stat().st_mode & 0o777 for path in {*tmp_path.iterdir()} - there]
            assert [path.name for path in public.file.parent.iterdir()] == ["public.db"]
            if error:
                raise error
    except (ValueError, KeyboardInterrupt):
        pass
    assert seen == [0o700]
    assert set(tmp_path.iterdir()) == there


def test_the_ledger_itself_stays(sqlite_book: Book) -> None:
    """Not a byte of it changes."""
    sqlite_book.report("ann", **PLACED)
    path = Path(str(sqlite_book.engine.url.database))
    before = path.read_bytes()
    with copied(sqlite_book):
        pass
    assert path.read_bytes() == before
