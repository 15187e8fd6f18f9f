"""Acts on one loss: what each adds to the sums, what it refuses, what the journal holds."""

from collections.abc import Callable

import pytest

from lossledger.core.links import short_hash
from lossledger.core.records import KINDS
from lossledger.core.vocabulary import Verification
from lossledger.errors import Refused
from lossledger.ledger import casefile, groups, losses
from lossledger.ledger.journal import Journal
from tests.ledger.books import NORTH, RED, SOURCE, Book, evidence

TODAY = "2026-01-31"
RULES: list[tuple[dict[str, str | None], str]] = [
    ({}, "a loss needs a source; give one with --source"),
    ({"quantity": "0"}, "quantity 0: a loss has from 1 to 1,000,000 items"),
    ({"quantity": "1000001"}, "quantity 1000001: a loss has from 1 to 1,000,000 items"),
    ({"earliest": "2020-10-04", "latest": "2020-10-03"}, "days 2020-10-04..2020-10-03: the end lies before the start"),
    ({"earliest": "2999-01-01", "latest": "2999-01-02"}, "date 2999-01-01 lies in the future (today is 2026-01-31)"),
    ({"latest": "2999-01-02"}, "date 2999-01-02 lies in the future (today is 2026-01-31)"),
    ({"reported": "2999-01-01"}, "reported 2999-01-01 lies in the future (today is 2026-01-31)"),
    (
        {"earliest": "2020-10-04", "latest": "2020-10-04", "reported": "2020-10-03"},
        "reported 2020-10-03, before it can have happened (2020-10-04)",
    ),
    ({"latitude": "40"}, "coordinates need both a latitude and a longitude"),
    ({"latitude": "91", "longitude": "0"}, "latitude 91 is not between -90 and 90"),
    ({"latitude": "0", "longitude": "nan"}, "longitude nan is not between -180 and 180"),
    ({"type": None}, "a loss needs a type, or a category where the type is not given"),
    (
        {"type": None, "category": "tanks", "candidates": '["t-72"]'},
        "candidate types need a common type to count under",
    ),
]


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> str:
    """The last day that is not in the future."""
    monkeypatch.setattr(losses, "last_day_not_future", lambda: TODAY)
    return TODAY


def test_a_report_enters_the_sums_once_and_the_journal_whole(book: Book) -> None:
    """What is not given is one item, claimed, in the feed ``own``, under the type's usual category."""
    before = book.head()
    with book.act(reason="seen in a video") as journal:
        uid = losses.report(
            journal,
            {
                "side": RED,
                "type": "t-72b",
                "reported": "2020-10-05",
                "place": None,
                "evidence.piece.source": SOURCE,
                "evidence.piece.relation": "reports",
            },
        )
    assert book.sums("side", "category", "type", "status", "verification", "feed", "counts", "day") == {
        (RED, "tanks", "t-72b", "lost", "claimed", "own", "item", "2020-10-05"): 1
    }
    assert book.said(before) == [
        (
            "report",
            uid,
            {
                "category": "tanks",
                "counts": "item",
                "evidence.piece.relation": "reports",
                "evidence.piece.source": SOURCE,
                "feed": "own",
                "quantity": "1",
                "reason": "seen in a video",
                "reported": "2020-10-05",
                "side": RED,
                "status": "lost",
                "type": "t-72b",
                "verification": "claimed",
            },
        )
    ]
    assert book.row("loss", uid) == {
        "category": "tanks",
        "counts": "item",
        "day": "2020-10-05",
        "feed": "own",
        "outcome": "lost",
        "quantity": 1,
        "reported": "2020-10-05",
        "side": RED,
        "span": 0,
        "status": "lost",
        "type": "t-72b",
        "verification": "claimed",
    }


def test_a_report_fills_every_column(book: Book) -> None:
    """Every field that a loss has stands in its row as it was given."""
    given = {
        "feed": "list",
        "feed_key": "row 7",
        "side": NORTH,
        "type": "bmp-1",
        "candidates": '["bmp-1"]',
        "category": "guns",
        "quantity": "12",
        "counts": "aggregate",
        "status": "abandoned",
        "phrase": "abandonded",
        "cause": "a mine",
        "captor": "Red",
        "name": "215",
        "fittings": "without turret",
        "circumstance": "on the march",
        "earliest": "2020-10-01",
        "latest": "2020-10-04",
        "reported": "2020-10-09",
        "feed_day": "2020-10-11",
        "inferred": "yes",
        "place": "Martakert / Мартакерт",
        "latitude": "40.25",
        "longitude": "46.5",
        "unit": "10th",
        "tags": '["shown twice"]',
        "note": "two lines\nof text",
        "verification": "confirmed",
        "verified_by": "the list",
    }
    derived = {"day": "2020-10-04", "span": 3, "outcome": "abandoned", "feed_hash": short_hash("row 7")}
    with book.act() as journal:
        uid = losses.report(journal, given | evidence())
    numbers = {"quantity": 12, "inferred": 1, "latitude": 40.25, "longitude": 46.5}
    assert book.row("loss", uid) == given | numbers | derived
    never_given = {"merged_into", "stands_in", "withdrawn", "split_from"}
    assert {field.name for field in KINDS["loss"].fields} - never_given == set(given)


def test_the_day_of_a_loss(book: Book) -> None:
    """The earlier of the latest possible day and the day it was reported; else the feed's, inferred; else none."""
    book.report(quantity="1", earliest="2020-10-01", latest="2020-10-04")
    book.report(quantity="2", earliest="2020-10-01", latest="2020-10-09", reported="2020-10-04")
    book.report(quantity="3", reported="2020-10-04", feed_day="2020-12-01")
    book.report(quantity="4", latest="2020-10-04", inferred="yes")
    book.report(quantity="5", feed_day="2020-12-01")
    book.report(quantity="6", feed_day=None)
    book.report(quantity="7", earliest="2020-10-01", feed_day="2020-12-01")
    book.report(quantity="8", reported="2020-10-04", inferred="yes")
    assert book.sums("quantity", "day", "loss_day", "span", "inferred") == {
        (1, "2020-10-04", "2020-10-04", 3, 0): 1,
        (2, "2020-10-04", "2020-10-04", 3, 0): 2,
        (3, "2020-10-04", "2020-10-04", 0, 0): 3,
        (4, "2020-10-04", "2020-10-04", 0, 1): 4,
        (5, "2020-12-01", "2020-12-01", 0, 1): 5,
        (6, None, None, 0, 0): 6,
        (7, "2020-12-01", "2020-12-01", 0, 1): 7,
        (8, "2020-10-04", "2020-10-04", 0, 1): 8,
    }


def test_a_loss_that_cannot_be_is_refused(book: Book, today: str) -> None:
    """Nothing of it enters the journal."""
    before = book.head()

    def refusal(fields: dict[str, str | None]) -> str:
        with pytest.raises(Refused) as refused, book.act() as journal:
            losses.report(journal, {"side": RED, "type": "t-72"} | (evidence() if fields else {}) | fields)
        return str(refused.value)

    assert [(fields, refusal(fields)) for fields, _ in RULES] == RULES
    assert (book.head(), book.sums("status")) == (before, {})


def test_a_reference_to_nothing_is_refused(book: Book) -> None:
    """A loss refers to what there is."""
    before = book.head()

    def refusal(fields: dict[str, str | None]) -> str:
        with pytest.raises(Refused) as refused, book.act() as journal:
            losses.report(journal, {"side": RED, "category": "tanks"} | evidence() | fields)
        return str(refused.value)

    assert [
        refusal({"side": "war/green"}),
        refusal({"type": "t-99", "category": "tanks"}),
        refusal({"type": "t-99", "category": None}),
        refusal({"category": "ships"}),
        refusal({"feed": "nowhere"}),
        refusal({"split_from": "aaaaaaaaaa"}),
        refusal({"evidence.piece.source": "nothing", "evidence.piece.relation": "reports"}),
    ] == [
        "no side 'war/green' in this ledger",
        "no type 't-99' in this ledger",
        "no type 't-99' in this ledger",
        "no category 'ships' in this ledger",
        "no feed 'nowhere' in this ledger",
        "no loss 'aaaaaaaaaa' in this ledger",
        "no source 'nothing' in this ledger",
    ]
    assert book.head() == before


def test_what_was_refused_leaves_nothing_behind_in_the_act(book: Book) -> None:
    """A caller may go on after a refusal, as an import does, and only the rest is done."""
    with book.act() as journal:
        with pytest.raises(Refused):
            losses.report(journal, {"side": "war/green", "type": "t-72"} | evidence(), uid="aaaaaaaaaa")
        with pytest.raises(Refused):
            losses.report(journal, {"side": RED, "type": "t-72"} | evidence("nosource"), uid="aaaaaaaaaa")
        assert journal.state("loss", "aaaaaaaaaa") == {}
        assert journal.keys.find("loss", "aaaaaaaaaa") is None
        kept = losses.report(journal, {"side": RED, "type": "t-72"} | evidence())
    assert book.sums("type") == {"t-72": 1}
    assert [one.entry.subject for one in book.told() if one.entry.kind == "loss"] == [kept]


def test_damaged_on_the_third_captured_on_the_tenth(book: Book) -> None:
    """As of a day between it was damaged, later captured; correcting it changes both, from the first day on."""
    uid = book.report(status="damaged")
    book.event(uid, "captured", "2020-10-10")
    asked = ("2020-10-02", "2020-10-05", "2020-10-12", None)

    def seen(known_on: int | None = None) -> list[dict[object, int]]:
        return [book.sums("type", "status", as_of=day, known_on=known_on) for day in asked]

    was = [{}, {("t-72", "damaged"): 1}, {("t-72", "captured"): 1}, {("t-72", "captured"): 1}]
    assert seen() == was
    known = book.head()
    book.amend(uid, type="t-72b")
    assert seen() == [{}, {("t-72b", "damaged"): 1}, {("t-72b", "captured"): 1}, {("t-72b", "captured"): 1}]
    assert seen(known) == was
    assert book.row("loss", uid)["outcome"] == "captured"


def test_an_event_takes_the_status_back_on_its_day(book: Book) -> None:
    """The journal holds the event's fields under its number; the postings move on the event's own day."""
    uid = book.report(status="damaged", quantity="4")
    before = book.head()
    book.event(uid, "captured", "2020-10-10", earliest="2020-10-09", phrase="captured", note="seen again")
    assert book.said(before) == [
        (
            "event",
            uid,
            {
                "event.1.status": "captured",
                "event.1.latest": "2020-10-10",
                "event.1.earliest": "2020-10-09",
                "event.1.phrase": "captured",
                "event.1.note": "seen again",
            },
        )
    ]
    assert book.sums("entry", "status", "day") == {
        (before, "damaged", "2020-10-03"): 4,
        (before + 1, "damaged", "2020-10-10"): -4,
        (before + 1, "captured", "2020-10-10"): 4,
    }


def test_events_are_taken_in_the_order_of_their_days(book: Book) -> None:
    """What is entered late stands where it belongs; two events of one day in the order of entry."""
    uid = book.report(status="damaged")
    book.event(uid, "captured", "2020-10-10")
    book.event(uid, "abandoned", "2020-10-06")
    book.event(uid, "destroyed", "2020-10-10")
    at = {day: book.sums("status", as_of=f"2020-10-{day}") for day in ("05", "07", "10")}
    assert at == {"05": {"damaged": 1}, "07": {"abandoned": 1}, "10": {"destroyed": 1}}
    assert book.sums("status", "day") == {
        ("damaged", "2020-10-03"): 1,
        ("damaged", "2020-10-06"): -1,
        ("abandoned", "2020-10-06"): 1,
        ("abandoned", "2020-10-10"): -1,
        ("destroyed", "2020-10-10"): 1,
    }


def test_what_is_recovered_counts_no_longer_from_that_day(book: Book) -> None:
    """Its owner has it back; lost again, it counts again."""
    uid = book.report(status="abandoned")
    book.event(uid, "recovered", "2020-10-08")
    assert [book.sums("status", as_of=day) for day in ("2020-10-07", "2020-10-08")] == [{"abandoned": 1}, {}]
    assert book.row("loss", uid)["outcome"] == "recovered"
    book.event(uid, "captured", "2020-10-09")
    assert [book.sums("status", as_of=day) for day in ("2020-10-08", None)] == [{}, {"captured": 1}]


def test_an_undated_loss_has_an_undated_trail(book: Book) -> None:
    """It counts where no day is asked for, with its last status, and on no day."""
    uid = book.report(feed_day=None, status="damaged")
    book.event(uid, "captured", "2020-10-10")
    assert [book.sums("status"), book.sums("status", as_of="2999-12-31")] == [{"captured": 1}, {}]
    book.amend(uid, reported="2020-10-04")
    assert [book.sums("status"), book.sums("status", as_of="2020-10-05")] == [{"captured": 1}, {"damaged": 1}]


EVENTS = [
    ({"status": "captured"}, "event captured: give the day on which it happened"),
    (
        {"status": "captured", "latest": "2020-10-02"},
        "event captured on 2020-10-02 lies before the loss itself (2020-10-03)",
    ),
    (
        {"status": "captured", "latest": "2999-01-01"},
        "event captured on 2999-01-01 lies in the future (today is 2026-01-31)",
    ),
    (
        {"status": "captured", "earliest": "2020-10-08", "latest": "2020-10-07"},
        "event captured: days 2020-10-08..2020-10-07 end before they start",
    ),
    (
        {"status": "damaged", "latest": "2020-10-07"},
        "event damaged on 2020-10-07: the loss is damaged already by then",
    ),
]


def test_events_that_cannot_be(book: Book, today: str) -> None:
    """An event lies after the loss, not in the future, and changes something."""
    uid = book.report(status="damaged")
    before = book.head()

    def refusal(event: dict[str, str]) -> str:
        with pytest.raises(Refused) as refused, book.act() as journal:
            losses.event(journal, uid, event)
        return str(refused.value)

    assert [(event, refusal(event)) for event, _ in EVENTS] == EVENTS
    assert book.head() == before


def test_a_correction_that_breaks_the_trail_is_refused(book: Book) -> None:
    """A loss cannot be moved behind its own events, nor given the status that an event brings."""
    uid = book.report(status="damaged")
    book.event(uid, "captured", "2020-10-10")
    with pytest.raises(Refused, match=r"event captured on 2020-10-10 lies before the loss itself \(2020-10-11\)"):
        book.amend(uid, earliest="2020-10-11", latest="2020-10-11")
    with pytest.raises(Refused, match="event captured on 2020-10-10: the loss is captured already by then"):
        book.amend(uid, status="captured")


def test_an_amendment_takes_back_and_makes_anew_on_the_same_days(book: Book) -> None:
    """The old lines go where they stood, and only what changed is in the journal."""
    uid = book.report(quantity="2")
    before = book.head()
    book.amend(uid, quantity="3", place="Hadrut", side=RED)
    assert book.said(before) == [("amend", uid, {"quantity": "3", "place": "Hadrut"})]
    assert book.sums("entry", "quantity") == {(before, 2): 2, (before + 1, 1): 1}
    book.amend(uid, latest="2020-10-05")
    assert book.sums("entry", "day", "span") == {
        (before, "2020-10-03", 0): 2,
        (before + 1, "2020-10-03", 0): 1,
        (before + 2, "2020-10-03", 0): -3,
        (before + 2, "2020-10-05", 2): 3,
    }


def test_a_new_type_brings_its_category_unless_one_is_given(book: Book) -> None:
    """A loss put elsewhere by its report stays there only if that is said again."""
    uid = book.report(type="bmp-1", category="guns")
    book.amend(uid, type="t-72b")
    assert book.sums("type", "category") == {("t-72b", "tanks"): 1}
    book.amend(uid, type="bmp-1", category="guns")
    assert book.sums("type", "category") == {("bmp-1", "guns"): 1}
    book.amend(uid, type=None)
    assert book.sums("type", "category") == {(None, "guns"): 1}


def test_amending_nothing_is_refused(book: Book) -> None:
    """An entry says something."""
    uid = book.report(place="Hadrut")
    for fields in ({"place": "Hadrut"}, {"note": None}, {}):
        with pytest.raises(Refused, match=f"loss {uid} already says so; nothing to amend"):
            book.amend(uid, **fields)


def test_an_act_on_no_loss_is_refused(book: Book) -> None:
    """Each names the loss that is not there."""
    nothing = "aaaaaaaaaa"
    acts: list[Callable[[Journal], object]] = [
        lambda journal: losses.amend(journal, nothing, {"note": "x"}),
        lambda journal: losses.event(journal, nothing, {"status": "captured", "latest": "2020-10-10"}),
        lambda journal: losses.verify(journal, nothing, Verification.CONFIRMED),
        lambda journal: losses.split(journal, nothing, 1),
        lambda journal: losses.withdraw(journal, nothing),
        lambda journal: losses.reinstate(journal, nothing),
        lambda journal: casefile.add_evidence(journal, nothing, evidence()),
        lambda journal: casefile.dispute(journal, nothing, SOURCE),
        lambda journal: casefile.note(journal, nothing, "x"),
        lambda journal: casefile.link(journal, nothing, "bbbbbbbbbb"),
        lambda journal: casefile.hold(journal, nothing, "x"),
        lambda journal: groups.merge(journal, nothing, "bbbbbbbbbb"),
    ]
    for act in acts:
        with pytest.raises(Refused, match=r"^no loss 'aaaaaaaaaa' in this ledger$"), book.act() as journal:
            act(journal)


def test_verifying_moves_the_whole_trail(book: Book) -> None:
    """Belief is no event: the loss was as much confirmed on its first day as it is now."""
    uid = book.report(status="damaged")
    book.event(uid, "captured", "2020-10-10")
    before = book.head()
    with book.act("ben") as journal:
        losses.verify(journal, uid, Verification.CONFIRMED)
    assert book.said(before) == [("verify", uid, {"verification": "confirmed", "verified_by": "ben"})]
    seen = [book.sums("verification", "status", as_of=day) for day in ("2020-10-05", "2020-10-12")]
    assert seen == [{("confirmed", "damaged"): 1}, {("confirmed", "captured"): 1}]


def test_who_verified_is_kept_and_goes_with_the_claim(book: Book) -> None:
    """Another who confirms the same is news; back to claimed, nobody stands for it."""
    uid = book.report()

    def verify(verification: Verification, by: str | None = None) -> dict[str, object]:
        with book.act() as journal:
            losses.verify(journal, uid, verification, by)
        return {name: book.row("loss", uid).get(name) for name in ("verification", "verified_by")}

    assert verify(Verification.CONFIRMED) == {"verification": "confirmed", "verified_by": "ann"}
    assert verify(Verification.CONFIRMED, "Oryx") == {"verification": "confirmed", "verified_by": "Oryx"}
    with pytest.raises(Refused, match=f"loss {uid} is confirmed already, by Oryx"):
        verify(Verification.CONFIRMED, "Oryx")
    assert verify(Verification.REJECTED) == {"verification": "rejected", "verified_by": "ann"}
    assert verify(Verification.CLAIMED) == {"verification": "claimed", "verified_by": None}
    with pytest.raises(Refused, match=f"loss {uid} is claimed already, by nobody"):
        verify(Verification.CLAIMED)


def test_ten_claimed_of_which_three_are_shown(book: Book) -> None:
    """The part is a loss of its own with the same trail and evidence: seven claimed, three confirmed."""
    whole = book.report(quantity="10", status="damaged", counts="aggregate", feed="list", feed_key="row 1")
    book.event(whole, "captured", "2020-10-10")
    before = book.head()
    with book.act() as journal:
        part = losses.split(journal, whole, 3, {"verification": "confirmed", "verified_by": "ann", "counts": "item"})
    assert book.sums("verification", "counts") == {("claimed", "aggregate"): 7, ("confirmed", "item"): 3}
    assert book.sums("verification", "status", as_of="2020-10-05") == {
        ("claimed", "damaged"): 7,
        ("confirmed", "damaged"): 3,
    }
    assert book.sums("entry", "quantity", as_of="2020-10-05") == {
        (before - 1, 10): 10,
        (before + 1, -3): -3,
        (before + 2, 3): 3,
    }
    pieces = {row["uid"]: row["source_id"] for row in book.children("loss", "evidence")}
    assert (len(pieces), len(set(pieces.values()))) == (2, 1)
    row = book.row("loss", part)
    assert (row["split_from"], row["quantity"], row.get("feed_key")) == (whole, 3, None)
    assert [(act, subject) for act, subject, _ in book.said(before)] == [("split", whole), ("split", part)]


def test_splits_that_cannot_be(book: Book) -> None:
    """A part is smaller than the whole, and the whole counts and is merged with nothing."""
    one, two, other = book.report(), book.report(quantity="2"), book.report(quantity="2")

    def refusal(uid: str, quantity: int) -> str:
        with pytest.raises(Refused) as refused, book.act() as journal:
            losses.split(journal, uid, quantity)
        return str(refused.value)

    assert refusal(two, 2) == f"loss {two} has 2: a part is from 1 to 1"
    assert refusal(two, 0) == f"loss {two} has 2: a part is from 1 to 1"
    assert refusal(one, 1) == f"loss {one} has 1: there is nothing to split"
    book.merge(two, other)
    assert refusal(other, 1) == f"loss {other} is merged with {two}; unmerge them before you split it"
    assert refusal(two, 1) == (f"loss {two} does not count now (withdrawn or merged); there is nothing to split")
    book.withdraw(one)
    assert refusal(one, 1) == f"loss {one} does not count now (withdrawn or merged); there is nothing to split"


def test_withdrawn_and_reinstated(book: Book) -> None:
    """A withdrawn loss counts on no day, keeps its row, and counts again as it was."""
    uid = book.report(status="damaged")
    book.event(uid, "captured", "2020-10-10")
    known, day = book.head(), "2020-10-05"
    book.withdraw(uid)
    assert [book.sums("status"), book.sums("status", as_of=day), book.sums("status", known_on=known)] == [
        {},
        {},
        {"captured": 1},
    ]
    assert book.row("loss", uid)["withdrawn"] == 1
    with pytest.raises(Refused, match=f"loss {uid} is withdrawn already"):
        book.withdraw(uid)
    book.reinstate(uid)
    assert [book.sums("status"), book.sums("status", as_of=day)] == [{"captured": 1}, {"damaged": 1}]
    assert "withdrawn" not in book.row("loss", uid)
    with pytest.raises(Refused, match=f"loss {uid} is not withdrawn"):
        book.reinstate(uid)
    assert book.said(known) == [
        ("withdraw", uid, {"withdrawn": "yes"}),
        ("reinstate", uid, {"withdrawn": None}),
    ]


def test_acts_on_a_withdrawn_loss_wait_for_its_return(book: Book) -> None:
    """They change what it is, not what counts."""
    uid = book.report(status="damaged")
    book.withdraw(uid)
    book.amend(uid, type="t-72b")
    book.event(uid, "captured", "2020-10-10")
    assert book.sums("status") == {}
    book.reinstate(uid)
    assert book.sums("type", "status") == {("t-72b", "captured"): 1}
