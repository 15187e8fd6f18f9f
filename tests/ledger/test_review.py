"""Deciding what waits: what waits, what a decision does, and that nothing is decided twice."""

import pytest

from lossledger.checks.audit import audit
from lossledger.core.vocabulary import Fate, Verification
from lossledger.errors import Refused
from lossledger.ledger import casefile, losses, published, review
from lossledger.ledger.review import Asked, Decision
from lossledger.queries.scope import Scope
from lossledger.queries.waiting import WAITING, counts, waiting
from tests.ledger.books import SOURCE, Book, evidence
from tests.ledger.lists import item, take, uids

WAR = Scope("war", verifications=tuple(Verification))
ALL = tuple(kind.name for kind in WAITING)


def queue(book: Book, *kinds: str) -> list[str]:
    with book.read() as connection:
        return [waits.item.id for waits in waiting(connection, WAR, kinds or ALL)]


def seen(book: Book, id_: str) -> int:
    with book.read() as connection:
        return next(one.item.seen for one in waiting(connection, WAR, ALL) if one.item.id == id_)


def decide(book: Book, id_: str, decision: Decision, actor: str = "ben", at: int | None = None) -> str:
    with book.act(actor, "reviewed") as journal:
        return review.decide(journal, Asked(id_, decision, at))


def add_evidence(book: Book, uid: str, actor: str = "ann") -> None:
    with book.act(actor) as journal:
        casefile.add_evidence(journal, uid, evidence())


def dispute(book: Book, uid: str, field: str | None = None, says: str | None = None) -> None:
    with book.act() as journal:
        casefile.dispute(journal, uid, SOURCE, field, says)


def verify(book: Book, uid: str, verification: Verification, actor: str = "ann") -> None:
    with book.act(actor) as journal:
        losses.verify(journal, uid, verification)


def test_a_claim_waits_until_it_is_decided_and_again_with_new_evidence(book: Book) -> None:
    uid = book.report()
    assert queue(book) == [f"claim:{uid}"]
    verify(book, uid, Verification.REJECTED)
    assert queue(book) == []
    verify(book, uid, Verification.CLAIMED)
    assert queue(book) == []
    add_evidence(book, uid)
    assert queue(book) == [f"claim:{uid}"]
    decide(book, f"claim:{uid}", Decision.KEEP)
    assert queue(book) == []
    book.undo("ben")
    assert queue(book) == [f"claim:{uid}"]
    book.undo("ann")
    assert queue(book) == []


def test_what_does_not_count_waits_for_nobody(book: Book) -> None:
    one, other = book.report(earliest="2020-01-01", latest="2020-01-01"), book.report()
    book.merge(other, one)
    assert queue(book) == [f"claim:{one}"]
    book.withdraw(one)
    assert queue(book) == [f"claim:{other}"]


def test_those_that_wait_longest_come_first(book: Book) -> None:
    first, second = book.report(type="bmp-1"), book.report(type="t-72b")
    assert queue(book) == [f"claim:{first}", f"claim:{second}"]
    add_evidence(book, first)
    assert queue(book) == [f"claim:{second}", f"claim:{first}"]


def test_a_disputed_loss_waits_until_somebody_decides_or_leaves_it(book: Book) -> None:
    uid = book.report()
    dispute(book, uid)
    assert queue(book) == [f"dispute:{uid}"]
    decide(book, f"dispute:{uid}", Decision.KEEP)
    assert queue(book) == []
    add_evidence(book, uid)
    assert queue(book) == [f"dispute:{uid}"]
    decide(book, f"dispute:{uid}", Decision.CONFIRM)
    assert (queue(book), book.row("loss", uid)["verification"]) == ([], "confirmed")
    decided = book.head()
    verify(book, uid, Verification.DISPUTED, "cal")
    assert book.head() == decided + 1
    assert queue(book) == [f"dispute:{uid}"]


@pytest.mark.parametrize("settled_by", ["keep", "confirm", "amend"])
def test_a_disputed_field_waits_until_it_is_settled(book: Book, settled_by: str) -> None:
    uid = book.report()
    verify(book, uid, Verification.CONFIRMED, "ben")
    dispute(book, uid, "place", "the other bridge")
    assert queue(book) == [f"dispute:{uid}"]
    if settled_by == "amend":
        book.amend(uid, note="nothing about it")
        assert queue(book) == [f"dispute:{uid}"]
        book.amend(uid, place="the other bridge")
    else:
        decide(book, f"dispute:{uid}", Decision(settled_by))
    assert (queue(book), book.row("loss", uid)["verification"]) == ([], "confirmed")


def test_a_claim_with_a_disputed_field_is_one_item(book: Book) -> None:
    uid = book.report()
    dispute(book, uid, "type", "T-72B")
    assert queue(book) == [f"dispute:{uid}"]


def test_the_lists_word_is_taken_or_ours_is_kept(book: Book) -> None:
    take(book, item("https://example.org/a"), item("https://example.org/b", key="b"))
    one, other = uids(book)
    for uid in (one, other):
        book.amend(uid, status="damaged")
    newer = {"status": "captured", "type_": "BMP-1", "category": "Carriers", "place": "the ford"}
    take(book, item("https://example.org/a", **newer), item("https://example.org/b", key="b", **newer))
    assert sorted(queue(book)) == sorted([f"held:{one}:the-list", f"held:{other}:the-list"])
    assert decide(book, f"held:{one}:the-list", Decision.TAKE) == f"loss {one}: status as the-list says"
    decide(book, f"held:{other}:the-list", Decision.KEEP)
    assert queue(book) == []
    assert [book.row("loss", uid)["status"] for uid in (one, other)] == ["captured", "damaged"]
    assert take(book, item("https://example.org/b", key="b", **newer)).fates[Fate.UNCHANGED] == 1
    with book.read() as connection:
        assert audit(connection).findings == ()
    book.undo("ben")
    assert queue(book) == [f"held:{other}:the-list"]


def test_a_type_that_is_taken_brings_no_other_heading(book: Book) -> None:
    take(book, item("https://example.org/a", category="Guns"))
    [uid] = uids(book)
    book.amend(uid, type="t-72", category="guns")
    take(book, item("https://example.org/a", "BMP-1", category="Guns"))
    decide(book, f"held:{uid}:the-list", Decision.TAKE)
    row = book.row("loss", uid)
    assert (row["type"], row["category"]) == ("bmp-1", "guns")


def test_a_loss_that_its_list_no_longer_has_is_withdrawn_where_the_list_is_believed(book: Book) -> None:
    others = [item(f"https://example.org/{number}", key=str(number)) for number in range(9)]
    take(book, item("https://example.org/a", key="a"), *others)
    uid = uids(book)[0]
    verify(book, uid, Verification.CONFIRMED)
    take(book, *others, snapshot=True)
    assert queue(book) == [f"held:{uid}:the-list"]
    assert decide(book, f"held:{uid}:the-list", Decision.TAKE) == f"loss {uid}: withdrawn, as it is no longer listed"
    assert (queue(book), book.row("loss", uid)["withdrawn"]) == ([], 1)


def test_a_pair_is_merged_or_told_apart(book: Book) -> None:
    one, other, third = book.report(), book.report(), book.report()
    assert queue(book, "pair") == [f"pair:{one}:{other}", f"pair:{one}:{third}"]
    verify(book, other, Verification.CONFIRMED)
    assert decide(book, f"pair:{one}:{other}", Decision.SAME) == f"loss {one}: merged into {other}"
    assert queue(book, "pair") == [f"pair:{other}:{third}"]
    decide(book, f"pair:{other}:{third}", Decision.DIFFERENT)
    assert queue(book, "pair") == []
    with book.act() as journal:
        casefile.link(journal, third, other)
    assert queue(book, "pair") == [f"pair:{other}:{third}"]
    book.undo("ann")
    assert queue(book, "pair") == []
    book.undo("ben")
    assert queue(book, "pair") == [f"pair:{other}:{third}"]
    with book.read() as connection:
        assert audit(connection).findings == ()


def test_whoever_comes_later_is_told_who_was_first(book: Book) -> None:
    uid = book.report()
    claim, at = f"claim:{uid}", seen(book, f"claim:{uid}")
    decide(book, claim, Decision.CONFIRM, "ben", at)
    for shown in (at, None):
        with pytest.raises(review.Overtaken, match=rf"^claim:{uid}: ben confirmed loss {uid} just now$"):
            decide(book, claim, Decision.REJECT, "cal", shown)
    other = book.report()
    at = seen(book, f"claim:{other}")
    add_evidence(book, other)
    with pytest.raises(review.Overtaken, match=rf"ann added evidence to loss {other} just now"):
        decide(book, f"claim:{other}", Decision.REJECT, "cal", at)
    decide(book, f"claim:{other}", Decision.REJECT, "cal")


def test_one_act_may_decide_two_items_of_one_loss(book: Book) -> None:
    one, other = book.report(), book.report()
    claim, pair = f"claim:{one}", f"pair:{one}:{other}"
    asked = [Asked(claim, Decision.CONFIRM, seen(book, claim)), Asked(pair, Decision.DIFFERENT, seen(book, pair))]
    with book.act("ben", "a batch") as journal:
        found = review.decide_all(journal, [*asked, asked[0], asked[0]._replace(item="claim:nobodyhere")])
    assert [asked.item for asked, _ in found.done] == [claim, pair]
    assert [str(error) for _, error in found.refused] == ["no loss 'nobodyhere' in this ledger"]


@pytest.mark.parametrize(
    ("id_", "decision", "said"),
    [
        ("claim", Decision.KEEP, "'claim' is no item of a review; see: lossledger review --format json"),
        ("scene:a", Decision.KEEP, "'scene:a' is no item of a review; see: lossledger review --format json"),
        ("claim:a", Decision.SAME, "claim:a: same is no decision on it; there are: confirm, reject, dispute, keep"),
        ("pair:a:b", Decision.TAKE, "pair:a:b: take is no decision on it; there are: same, different"),
    ],
)
def test_what_cannot_be_decided(sqlite_book: Book, id_: str, decision: Decision, said: str) -> None:
    with pytest.raises(Refused) as caught:
        decide(sqlite_book, id_, decision)
    assert str(caught.value) == said


# The second person.


@pytest.fixture
def strict(book: Book) -> Book:
    with book.act("clerk", "four eyes") as journal:
        published.set_value(journal, "review.second-person", "yes")
    return book


def test_nobody_confirms_what_they_alone_reported(strict: Book) -> None:
    uid = strict.report()
    said = (
        f"loss {uid} was reported by ann alone, and this ledger asks for a second person "
        "(setting review.second-person): have somebody else confirm it"
    )
    with pytest.raises(Refused) as caught:
        verify(strict, uid, Verification.CONFIRMED)
    assert str(caught.value) == said
    with pytest.raises(Refused), strict.act("ben") as journal:
        losses.verify(journal, uid, Verification.CONFIRMED, "ann")
    with pytest.raises(Refused), strict.act("ann") as journal:
        losses.verify(journal, uid, Verification.CONFIRMED, "ben")
    with pytest.raises(Refused):
        decide(strict, f"claim:{uid}", Decision.CONFIRM, "ann")
    verify(strict, uid, Verification.CONFIRMED, "ben")


def test_a_new_loss_enters_as_claimed(strict: Book) -> None:
    with pytest.raises(Refused, match=r"ann alone reports this loss, .*: enter it as claimed$"):
        strict.report(verification="confirmed")


def test_another_persons_evidence_is_a_second_report(strict: Book) -> None:
    uid = strict.report()
    add_evidence(strict, uid, "ben")
    strict.undo("ben")
    with pytest.raises(Refused):
        verify(strict, uid, Verification.CONFIRMED)
    add_evidence(strict, uid, "ben")
    verify(strict, uid, Verification.CONFIRMED)


def test_a_part_was_reported_by_those_of_its_whole(strict: Book) -> None:
    uid = strict.report(quantity="3")
    with strict.act("ben") as journal:
        part = losses.split(journal, uid, 1)
    with pytest.raises(Refused, match=r"by ann alone"):
        verify(strict, part, Verification.CONFIRMED, "ann")
    verify(strict, part, Verification.CONFIRMED, "ben")


def test_whose_name_is_redacted_is_known_to_be_nobody_else(strict: Book) -> None:
    from lossledger.ledger.redact import redact

    uid = strict.report()
    with strict.act("clerk", "safety") as journal:
        redact(journal, "loss", uid, ["actor"])
    with pytest.raises(Refused, match="have one person add evidence, and another confirm it"):
        verify(strict, uid, Verification.CONFIRMED, "ben")
    add_evidence(strict, uid, "cal")
    verify(strict, uid, Verification.CONFIRMED, "ben")


def test_what_waits_is_counted_for_whom_it_waits(strict: Book) -> None:
    mine, theirs = strict.report(), strict.report("ben", type="bmp-1")
    dispute(strict, theirs)
    strict.report("ben", type="t-72b")
    with strict.read() as connection:
        assert [tuple(count) for count in counts(connection, "ann")] == [
            ("claim", 2, 1),
            ("dispute", 1, 0),
            ("held", 0, 0),
        ]
        turns = {waits.item.losses[0]: waits for waits in waiting(connection, WAR, ("claim", "dispute"))}
    assert (turns[mine].waits_for, turns[mine].is_for("ann"), turns[mine].is_for("ben")) == ("not ann", False, True)
    assert turns[theirs].waits_for == "not ben"  # ann, who has recorded the dispute, reports nothing by it


def test_the_setting_is_a_switch(sqlite_book: Book) -> None:
    with (
        pytest.raises(Refused, match=r"setting review\.second-person is yes or no, not 'perhaps'"),
        sqlite_book.act() as journal,
    ):
        published.set_value(journal, "review.second-person", "perhaps")
