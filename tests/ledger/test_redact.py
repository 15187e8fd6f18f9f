"""Redaction: the text goes from journal, projection and file; the counts and the chain stay."""

import gc
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from lossledger.checks.audit import audit
from lossledger.core.vocabulary import Relation
from lossledger.db.tables import CHILDREN, SUBJECTS, entry_detail
from lossledger.errors import NothingFound, Refused
from lossledger.ledger import casefile, catalogue, losses, redact
from tests.ledger.books import RED, SOURCE, Book, chain_faults, evidence

LONG = "a name that must go " * 200
"""Longer than a page of the file, so that it overflows into pages of its own."""

SECRETS = {
    "place": "Secretplace",
    "note": LONG,
    "name": "Secretname",
    "unit": "Secretunit",
    "captor": "Secretcaptor",
    "verified_by": "Secretverifier",
    "latitude": "40.123456789",
    "longitude": "46.987654321",
}


def texts(book: Book) -> str:
    """Every text in every table of the ledger."""
    tables = [*SUBJECTS.values(), *CHILDREN.values(), entry_detail]
    with book.read() as connection:
        return repr([connection.execute(select(table)).all() for table in tables])


def take(book: Book, kind: str, key: str, *fields: str) -> int:
    """Redact fields as one act of the censor, then erase what is left of them."""
    with book.act("censor", "the law") as journal:
        taken = redact.redact(journal, kind, key, list(fields))
    redact.erase(book.engine)
    return taken


def test_the_text_goes_and_the_counts_stay(book: Book) -> None:
    """From every entry on the loss and from its row; the chain holds, and every sum, past ones included."""
    uid = book.report("ben", quantity="3", **SECRETS)
    book.amend(uid, "ben", place="Secretplace again", quantity="4")
    book.event(uid, "captured", "2020-10-10", "ben", phrase="Secretphrase", note="Secretnote")
    sums, before = book.sums("entry", "status", "day", "quantity"), book.head()
    taken = take(book, "loss", uid, *SECRETS, "event.phrase", "event.1.note")
    assert taken == len(SECRETS) + 1 + 2
    assert not [secret for secret in ("Secret", LONG[:40], "40.123", "46.987") if secret in texts(book)]
    assert book.sums("entry", "status", "day", "quantity") == sums
    with book.read() as connection:
        assert chain_faults(connection) == []
    row = book.row("loss", uid)
    gone = dict.fromkeys(("place", "note", "name", "unit", "captor", "verified_by"), "[redacted]")
    assert {name: row.get(name) for name in SECRETS} == {**gone, "latitude": None, "longitude": None}
    event = book.children("loss", "event")[0]
    assert (event["phrase"], event["note"], event["latest"]) == ("[redacted]", "[redacted]", "2020-10-10")
    details = [f"{before - 2}:{name}" for name in sorted(SECRETS)]
    details += [f"{before - 1}:place", f"{before}:event.1.note", f"{before}:event.1.phrase"]
    assert book.said(before) == [("redact", uid, {"redacts": ", ".join(details), "reason": "the law"})]


def test_acts_go_on_after_a_redaction(book: Book) -> None:
    """A redacted field may be given anew, and anything else be changed."""
    uid = book.report("ben", place="Secretplace", latitude="40.1", longitude="46.9")
    take(book, "loss", uid, "place", "latitude", "longitude")
    book.amend(uid, "ben", place="near Hadrut", quantity="2")
    book.amend(uid, "ben", latitude="40", longitude="46")
    row = book.row("loss", uid)
    assert [row[name] for name in ("place", "latitude", "longitude", "quantity")] == ["near Hadrut", 40.0, 46.0, 2]
    book.undo("ben")
    assert book.row("loss", uid).get("latitude") is None


def test_an_actor_is_redacted_from_every_entry_on_a_subject(book: Book) -> None:
    """Who acted is a text like any other; entries on other subjects keep it until they are redacted."""
    uid, other = book.report("Secretactor"), book.report("Secretactor")
    book.amend(uid, "Secretactor", place="x")
    assert take(book, "loss", uid, "actor") == 2
    assert [one.about("actor") for one in book.told() if one.entry.subject == uid] == [None, None, "censor"]
    assert take(book, "loss", other, "actor") == 1
    assert "Secretactor" not in texts(book)


def test_who_acted_is_redacted_where_the_act_says_it(book: Book) -> None:
    """Which is in its first entry, whatever that one is on; the others of the act name nobody any more."""
    with book.act("Secretactor", "Secretreason") as journal:
        source = catalogue.create(journal, "source", {"url": "https://example.org/seen"})
        uid = losses.report(journal, {"side": RED, "type": "t-72"} | casefile.evidence_fields(source, Relation.REPORTS))
    first = book.head() - 1
    assert take(book, "loss", uid, "actor", "reason") == 2
    assert "Secret" not in texts(book)
    named = {"redacts": f"{first}:actor, {first}:reason", "reason": "the law"}
    assert book.said(first + 1) == [("redact", source, named)]
    assert [one.about("actor") for one in book.told() if one.entry.subject in (source, uid)] == [None, None, "censor"]
    with book.read() as connection:
        assert audit(connection).findings == ()


def test_a_reason_of_its_own_stands_in_an_act_with_another(book: Book) -> None:
    """It holds for that entry alone, one that has none included."""
    with book.act("ann", "the act's") as journal:
        uid = losses.report(journal, {"side": RED, "type": "t-72"} | evidence())
        for reason in ("its own", None, "the act's"):
            with journal.because(reason):
                casefile.note(journal, uid, "seen")
    told = [(one.about("actor"), one.about("reason")) for one in book.told() if one.entry.subject == uid]
    assert told == [("ann", "the act's"), ("ann", "its own"), ("ann", None), ("ann", "the act's")]


def test_notes_reasons_and_what_was_held_are_redacted(book: Book) -> None:
    """What describes an act goes as well as what it changed."""
    uid = book.report()
    with book.act(reason="Secretreason") as journal:
        casefile.note(journal, uid, "Secretnote")
    with book.act() as journal:
        casefile.hold(journal, uid, "Secretheld")
    assert take(book, "loss", uid, "reason", "text", "held") == 3
    assert "Secret" not in texts(book)


def test_evidence_and_sources_are_redacted(book: Book) -> None:
    """A piece of evidence by its own path or all of a loss's; a source by its uid."""
    uid = book.report(**casefile.evidence_fields(SOURCE, Relation.CONFIRMS, {"says": "Secretone"}))
    more = casefile.evidence_fields(SOURCE, Relation.CONFIRMS, {"says": "Secrettwo", "note": "Secretthree"})
    with book.act() as journal:
        casefile.add_evidence(journal, uid, more)
    piece = next(path for path in more if path.endswith("says"))
    assert take(book, "loss", uid, piece) == 1
    assert [secret in texts(book) for secret in ("Secretone", "Secrettwo", "Secretthree")] == [True, False, True]
    assert take(book, "loss", uid, "evidence.says", "evidence.note") == 2
    with book.act() as journal:
        key = catalogue.create(journal, "source", {"url": "https://example.org/Secreturl", "author": "Secretauthor"})
    assert take(book, "source", key, "url", "author") == 2
    assert "Secret" not in texts(book)
    assert (book.row("source", key)["author"], book.row("source", key).get("url_key")) == ("[redacted]", None)


def test_what_was_split_off_is_redacted_with_it(book: Book) -> None:
    """Parts began with the same texts; a text that a part was given itself stays."""
    whole = book.report(quantity="9", place="Secretplace", note="Secretnote")
    with book.act() as journal:
        part = losses.split(journal, whole, 3)
    with book.act() as journal:
        third = losses.split(journal, part, 1, {"note": "its own"})
    take(book, "loss", third, "place", "note")
    assert "Secretplace" not in texts(book)
    take(book, "loss", whole, "note")
    assert "Secret" not in texts(book)
    with book.read() as connection:
        assert chain_faults(connection) == []


def test_a_feeds_row_that_holds_the_text_goes_too(book: Book) -> None:
    """However JSON writes it, and what was held of it; a row that does not hold the text stays."""
    place = 'Мартакерт "north"'
    copies = [json.dumps({"place": place}), json.dumps({"place": place}, ensure_ascii=False), f"at {place}"]
    with book.act() as journal:
        run = catalogue.create(journal, "import", {"feed": "list"})
        rows = {"row.list.run": run, "row.list.given": copies[0], "row.own.run": run, "row.own.given": "{}"}
        uid = losses.report(journal, {"side": RED, "type": "t-72", "place": place} | evidence() | rows)
    for copy in [*copies[1:], "{}"]:
        with book.act() as journal:
            casefile.hold(journal, uid, copy)
    assert take(book, "loss", uid, "place") == 4
    assert [row["given"] for row in book.children("loss", "row")] == ["[redacted]", "{}"]
    held = [one.about("held") for one in book.told() if one.entry.act == "held"]
    assert held == [None, None, "{}"]


def test_a_field_that_is_a_copy_itself_is_told_once(book: Book) -> None:
    """The act says what was taken, each once."""
    uid = book.report()
    with book.act() as journal:
        casefile.hold(journal, uid, "Secretheld")
    number = book.head()
    assert take(book, "loss", uid, "held") == 1
    assert book.told(number)[0].about("redacts") == f"{number}:held"


def test_redactions_that_cannot_be(book: Book) -> None:
    """What the counts rest on stays; so does what is not there."""
    uid, before = book.report(), book.head()

    def refusal(kind: str, key: str, *fields: str) -> str:
        with pytest.raises((Refused, NothingFound)) as refused, book.act() as journal:
            redact.redact(journal, kind, key, list(fields))
        return f"{type(refused.value).__name__}: {refused.value}"

    rests = "cannot be redacted: the counts and the catalogue rest on it"
    assert [
        refusal("loss", uid, "place", "side"),
        refusal("loss", uid, "quantity"),
        refusal("loss", uid, "event.status"),
        refusal("loss", uid, "redacts"),
        refusal("type", "t-72", "name"),
        refusal("loss", uid, "colour"),
        refusal("loss", uid, "evidence.colour"),
        refusal("loss", uid, "place", "note"),
        refusal("loss", "aaaaaaaaaa", "place"),
    ] == [
        f"Refused: side {rests}",
        f"Refused: quantity {rests}",
        f"Refused: event.status {rests}",
        f"Refused: redacts {rests}",
        f"Refused: name {rests}",
        "Refused: a loss has no field 'colour'",
        "Refused: a loss has no field 'evidence.colour'",
        f"NothingFound: no entry on loss {uid} holds a text in place, note",
        "NothingFound: no entry on loss aaaaaaaaaa holds a text in place",
    ]
    assert book.head() == before


@pytest.mark.parametrize("secret", ["Sx7Qz", LONG])
def test_nothing_of_it_is_left_in_the_file(sqlite_book: Book, tmp_path: Path, secret: str) -> None:
    """Once erased, no byte of the text lies in a page that is free or half used, nor in a file beside it."""
    book = sqlite_book
    own = {name: f"{secret}{name}" for name in ("place", "note", "unit", "phrase")}
    uid = book.report(f"{secret}actor", **own)
    for number in range(40):
        book.amend(uid, "ben", note=f"{secret}{number}")
        book.report("ben", note="x" * 300)
    book.event(uid, "captured", "2020-10-10", "ben", phrase=f"{secret}event", note=f"{secret}event")
    more = casefile.evidence_fields(SOURCE, Relation.CONFIRMS, {"says": f"{secret}says", "note": f"{secret}note"})
    with book.act("ben", f"{secret}reason") as journal:
        casefile.add_evidence(journal, uid, more)
    needle = secret.encode()[:1000]

    def files() -> list[str]:
        gc.collect()
        return [path.name for path in sorted(tmp_path.iterdir()) if path.is_file() and needle in path.read_bytes()]

    assert files() == ["ledger.db"]
    take(book, "loss", uid, *own, "actor", "reason", "event.phrase", "event.note", "evidence.says", "evidence.note")
    assert files() == []
