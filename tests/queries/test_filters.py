"""What stands behind a loss: each condition gives what the same question to every loss in turn gives, on any ledger."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from lossledger.cli.where import conditions_of
from lossledger.core.fields import child_path
from lossledger.core.names import fold
from lossledger.core.vocabulary import Act, Relation, Verification
from lossledger.db.engine import open_engine
from lossledger.ledger import casefile, catalogue, losses
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.catalogue import catalogue as known_now
from lossledger.queries.filters import conditions
from lossledger.queries.losses import Listing, uids
from lossledger.queries.scope import Scope
from lossledger.queries.source_filters import sources_met
from tests.ledger.books import RED, Book, furnish

Source = dict[str, str | None]
_ALL = Scope("war", verifications=tuple(Verification))
DIGEST = "3fa9" * 16

_SOURCES = st.lists(
    st.fixed_dictionaries(
        {
            "publisher": st.sampled_from([None, "The Post", "the post", "A Blog"]),
            "author": st.sampled_from([None, "@eye", "A Blog"]),
            "party": st.sampled_from([None, "Red's ministry", "RED'S MINISTRY", "Blue's staff", "The Post"]),
            "reliability": st.sampled_from([None, *"ABCDEF"]),
            "health": st.sampled_from([None, "gone", "login", "page"]),
            "file": st.sampled_from([None, DIGEST, "b" * 64]),
        }
    ),
    min_size=4,
    max_size=4,
)


class Piece(NamedTuple):
    """What one source does with a loss, and who brought that."""

    source: int
    relation: str
    credibility: str | None
    actor: str


class Case(NamedTuple):
    """A loss as it is entered: its evidence, the first piece with the loss; who believes it, and may undo that."""

    pieces: list[Piece]
    verified_by: str | None
    undone: bool


_ACTORS = st.sampled_from(["ann", "Ben", "ben"])
_PIECE = st.builds(
    Piece,
    source=st.integers(0, 3),
    relation=st.sampled_from([str(relation) for relation in Relation]),
    credibility=st.sampled_from([None, *"123456"]),
    actor=_ACTORS,
)
_CASES = st.lists(
    st.builds(
        Case,
        pieces=st.lists(_PIECE, min_size=1, max_size=4),
        verified_by=st.sampled_from([None, "ann", "Ben", "ben"]),
        undone=st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


class Seen(NamedTuple):
    """A loss with the sources of its pieces, as a plain question is put to it."""

    case: Case
    sources: list[Source]

    def any(self, holds: Callable[[Piece, Source], bool], stance: str | None = None) -> bool:
        return any(holds(one, self.sources[one.source]) for one in self.case.pieces if stance in (None, one.relation))

    def many(self, name: Callable[[int, Source], str | None], stance: str | None = None) -> int:
        speaking = [
            one for one in self.case.pieces if (one.relation == stance if stance else one.relation != "disputes")
        ]
        return len({fold(said) for one in speaking if (said := name(one.source, self.sources[one.source]))})

    @property
    def reporters(self) -> set[str]:
        first, *more = self.case.pieces
        return {fold(first.actor), *(fold(one.actor) for one in more if one.relation != "disputes")}

    @property
    def verified(self) -> bool:
        return self.case.verified_by is not None and not self.case.undone


def source(name: str, *values: str | None, stance: str | None = None) -> Callable[[Seen], bool]:
    return lambda seen: seen.any(lambda _, of: of[name] in values, stance)


def credible(*values: str | None, stance: str | None = None) -> Callable[[Seen], bool]:
    return lambda seen: seen.any(lambda piece, _: piece.credibility in values, stance)


def voice(at: int, of: Source) -> str:
    return of["party"] or of["publisher"] or of["author"] or f"source {at}"


def _not(holds: Callable[[Seen], bool]) -> Callable[[Seen], bool]:
    return lambda seen: not holds(seen)


ASKED: dict[str, Callable[[Seen], bool]] = {
    "relation=admits": lambda seen: seen.any(lambda piece, _: piece.relation == "admits"),
    "reliability=B": source("reliability", "B"),
    "reliability=A..C": source("reliability", "A", "B", "C"),
    "reliability=..b": source("reliability", "A", "B"),
    "reliability=D..": source("reliability", "D", "E"),
    "reliability=F": source("reliability", "F"),
    "reliability": source("reliability", *"ABCDEF"),
    "!reliability": _not(source("reliability", *"ABCDEF")),
    "reliability=not judged": source("reliability", None),
    "!reliability=not-judged": _not(source("reliability", None)),
    "credibility=2..1": credible("1", "2"),
    "credibility=6": credible("6"),
    "credibility=not-judged": credible(None),
    "disputes.credibility=..2": credible("1", "2", stance="disputes"),
    "admits.party~red": source("party", "Red's ministry", "RED'S MINISTRY", stance="admits"),
    "!disputes.publisher": _not(source("publisher", "The Post", "the post", "A Blog", stance="disputes")),
    "confirms.publisher=THE POST": source("publisher", "The Post", "the post", stance="confirms"),
    "health=gone": source("health", "gone"),
    "health=never": source("health", None),
    "!health=never": _not(source("health", None)),
    "file": source("file", DIGEST, "b" * 64),
    "!file": _not(source("file", DIGEST, "b" * 64)),
    "file=3FA93": source("file", DIGEST),
    "reports.file": source("file", DIGEST, "b" * 64, stance="reports"),
    "sources=1": lambda seen: seen.many(lambda at, _: str(at)) == 1,
    "sources=2..3": lambda seen: 2 <= seen.many(lambda at, _: str(at)) <= 3,
    "sources=0": lambda seen: seen.many(lambda at, _: str(at)) == 0,
    "sources": lambda seen: seen.many(lambda at, _: str(at)) > 0,
    "disputes.sources=1..": lambda seen: seen.many(lambda at, _: str(at), "disputes") >= 1,
    "publishers=1": lambda seen: seen.many(lambda _, of: of["publisher"]) == 1,
    "publishers=2..": lambda seen: seen.many(lambda _, of: of["publisher"]) >= 2,
    "!parties": lambda seen: seen.many(lambda _, of: of["party"]) == 0,
    "admits.parties=1..": lambda seen: seen.many(lambda _, of: of["party"], "admits") >= 1,
    "voices=1": lambda seen: seen.many(voice) == 1,
    "voices=3..": lambda seen: seen.many(voice) >= 3,
    "reported_by=BEN": lambda seen: "ben" in seen.reporters,
    "reported_by~a": lambda seen: "ann" in seen.reporters,
    "!reported_by=ann": lambda seen: "ann" not in seen.reporters,
    "decided_by=ben": lambda seen: fold(seen.case.verified_by or "") == "ben" and seen.verified,
    "!decided_by": lambda seen: not seen.verified,
    "second-reviewed": lambda seen: seen.verified and seen.case.verified_by != seen.case.pieces[0].actor,
    "verified_by=Ann": lambda seen: seen.verified and seen.case.verified_by == "ann",
}


@settings(max_examples=20)
@given(_SOURCES, _CASES)
def test_every_condition_gives_what_asking_each_loss_gives(sources: list[Source], cases: list[Case]) -> None:
    """Whoever spelt a name how, several pieces of one source, and sources that dispute speak for nothing."""
    with tempfile.TemporaryDirectory() as folder:
        book = _book(f"sqlite:///{Path(folder)}/book.db", sources)
        seen = {_enter(book, case): Seen(case, sources) for case in cases}
        _compare(book, seen)
        book.engine.dispose()


SOURCES: list[Source] = [
    {"publisher": "The Post", "author": None, "party": None, "reliability": "B", "health": "gone", "file": None},
    {
        "publisher": None,
        "author": "@eye",
        "party": "Red's ministry",
        "reliability": None,
        "health": None,
        "file": DIGEST,
    },
]


def test_all_of_it_on_each_engine(ledger_url: str) -> None:
    """As above, of one ledger."""
    book = _book(ledger_url, SOURCES)
    cases = (
        Case([Piece(0, "reports", "2", "ann"), Piece(1, "admits", None, "ben")], "ben", undone=False),
        Case([Piece(1, "confirms", None, "ben"), Piece(1, "disputes", "6", "ann")], "ben", undone=False),
        Case([Piece(0, "reports", None, "ann")], "ann", undone=True),
    )
    _compare(book, {_enter(book, case): Seen(case, SOURCES) for case in cases})


def test_who_reported_a_part_and_an_undone_piece(ledger_url: str) -> None:
    """A part was reported by those of its whole; evidence that was taken back was brought by nobody."""
    book = _book(ledger_url, SOURCES)
    whole = _enter(book, Case([Piece(0, "reports", None, "ann")], None, undone=False), quantity="5")
    with book.act("ben") as journal:
        part = losses.split(journal, whole, 2)
    with book.act("carol") as journal:
        casefile.add_evidence(journal, part, casefile.evidence_fields(_uid(1), Relation.REPORTS))
    assert _listed(book, "reported_by=ann") == {whole, part}
    assert _listed(book, "reported_by=ben") == set()
    assert _listed(book, "reported_by=carol") == {part}
    book.undo("carol")
    assert _listed(book, "reported_by=carol") == set()


def test_what_decides(ledger_url: str) -> None:
    """Merging, telling apart, judging and taking out are decisions; evidence, notes and corrections are none."""
    book = _book(ledger_url, SOURCES)
    one, other, third = (_enter(book, Case([Piece(0, "reports", None, "ann")], None, undone=False)) for _ in range(3))
    with book.act("carl") as journal:
        casefile.note(journal, one, "a note")
        casefile.link(journal, one, other)
        losses.amend(journal, one, {"place": "the ford"})
        casefile.add_evidence(journal, one, casefile.evidence_fields(_uid(1), Relation.REPORTS, {"credibility": "2"}))
    assert _listed(book, "decided_by") == set()
    with book.act("judge") as journal:
        casefile.judge(journal, one, _uid(1), "3")
    with book.act("teller") as journal:
        casefile.link(journal, one, other, apart=True)
    book.merge(third, one, "merger")
    book.withdraw(one, "cleaner")
    assert {name: _listed(book, f"decided_by={name}") for name in ("judge", "teller", "merger", "cleaner", "carl")} == {
        "judge": {one},
        "teller": {one, other},
        "merger": {third},
        "cleaner": {one},
        "carl": set(),
    }
    book.undo("teller")
    assert _listed(book, "decided_by=teller") == set()


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("!reliability", {1}),
        ("reliability=A..C", {0}),
        ("losses=2..", {0}),
        ("losses=0", set()),
        ("file", {1}),
        ("health=gone", {0}),
        ("publisher=the post", {0}),
        ("!health", {1}),
    ],
)
def test_sources_by_the_same_words(ledger_url: str, text: str, places: set[int]) -> None:
    book = _book(ledger_url, SOURCES)
    for at in (0, 0, 1):
        _enter(book, Case([Piece(at, "reports", None, "ann")], None, undone=False))
    with book.read() as connection:
        met = sources_met(connection, conditions_of([text, "source~uid"]))
    assert met == {_uid(place) for place in places}


def _uid(place: int) -> str:
    return f"uid{place}222222"


def _book(url: str, sources: list[Source]) -> Book:
    furnish(open_engine(url))
    book = Book(url)
    with book.act("clerk") as journal:
        for place, of in enumerate(sources):
            fields = {name: value for name, value in of.items() if value is not None and name != "file"}
            catalogue.create(journal, "source", {"url": f"https://example.org/{place}x", **fields}, _uid(place))
            if of["file"]:
                file = {"sha256": of["file"], "origin": "given"}
                held = {child_path("file", f"file{place}22222", name): value for name, value in file.items()}
                journal.append(Act.EVIDENCE, "source", _uid(place), held)
    return book


def _enter(book: Book, case: Case, **fields: str) -> str:
    first, *more = case.pieces
    given: dict[str, Any] = {"side": RED, "type": "t-72", "status": "destroyed", **fields, **_fields(first)}
    with book.act(first.actor) as journal:
        uid = losses.report(journal, given)
    for one in more:
        with book.act(one.actor) as journal:
            casefile.add_evidence(journal, uid, _fields(one))
    if case.verified_by:
        with book.act(case.verified_by) as journal:
            losses.verify(journal, uid, Verification.CONFIRMED)
        if case.undone:
            book.undo(case.verified_by)
    return uid


def _fields(piece: Piece) -> dict[str, str]:
    more = {"credibility": piece.credibility} if piece.credibility else {}
    return casefile.evidence_fields(_uid(piece.source), Relation(piece.relation), more)


def _compare(book: Book, seen: dict[str, Seen]) -> None:
    """Each condition gives the losses of which it holds."""
    with book.read() as connection:
        known = known_now(connection)
        for text, holds in ASKED.items():
            assert _found(connection, known, text) == {uid for uid, one in seen.items() if holds(one)}, text


def _listed(book: Book, text: str) -> set[str]:
    with book.read() as connection:
        return _found(connection, known_now(connection), text)


def _found(connection: Connection, known: Catalogue, text: str) -> set[str]:
    where = conditions(connection, known, "war", conditions_of([text]))
    return set(uids(connection, Listing(_ALL, known, merged=True, withdrawn=True, where=where)))
