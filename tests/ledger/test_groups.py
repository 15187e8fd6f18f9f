"""Merged losses: a group counts once, whatever happens to its members."""

from collections.abc import Callable

import pytest

from lossledger.errors import Refused
from lossledger.ledger import catalogue, losses
from tests.ledger.books import BLUE, RED, Book, evidence


def test_the_same_thing_reported_twice_counts_once(book: Book) -> None:
    """The duplicate stops counting on every day, its trail stays; unmerged, it counts again."""
    one, other = book.report(status="damaged"), book.report(status="damaged", type="t-72b")
    book.event(other, "captured", "2020-10-10")
    before = book.head()
    book.merge(other, one)
    assert book.said(before) == [("merge", other, {"merged_into": one})]
    assert [book.sums("type", "status", as_of=day) for day in ("2020-10-05", None)] == [{("t-72", "damaged"): 1}] * 2
    assert (book.row("loss", other)["merged_into"], book.row("loss", other)["outcome"]) == (one, "captured")
    before = book.head()
    book.unmerge(other)
    assert book.said(before) == [("unmerge", other, {"merged_into": None})]
    assert book.sums("type", "status") == {("t-72", "damaged"): 1, ("t-72b", "captured"): 1}


def test_the_kept_one_is_withdrawn_and_comes_back(book: Book) -> None:
    """The next of the group stands in, in the order of entry, until one before it is back."""
    root, first, second = book.report(name="root"), book.report(type="t-72b"), book.report(type="bmp-1")
    book.merge(second, root)
    book.merge(first, root)
    counted = []
    for act, uid in [
        (book.withdraw, root),
        (book.withdraw, first),
        (book.withdraw, second),
        (book.reinstate, second),
        (book.reinstate, first),
        (book.reinstate, root),
    ]:
        act(uid)
        counted.append(book.sums("type"))
    t72, t72b, bmp = {"t-72": 1}, {"t-72b": 1}, {"bmp-1": 1}
    assert counted == [t72b, bmp, {}, bmp, t72b, t72]
    assert [book.row("loss", uid).get("stands_in") for uid in (root, first, second)] == [None, None, None]


def test_no_sum_counts_a_group_twice_at_the_end_of_an_act(book: Book) -> None:
    """What an act takes and what it makes are entries of one act; a day before or after shows one."""
    root, duplicate = book.report(), book.report(type="t-72b")
    book.merge(duplicate, root)
    before = book.head()
    with book.act("ben") as journal:
        losses.withdraw(journal, root)
    assert book.said(before) == [
        ("withdraw", root, {"withdrawn": "yes"}),
        ("withdraw", duplicate, {"stands_in": "yes"}),
    ]
    assert len({one.entry.act_id for one in book.told(before)}) == 1
    assert book.sums("entry", "type") == {
        (before - 2, "t-72"): 1,
        (before - 1, "t-72b"): 1,
        (before, "t-72b"): -1,
        (before + 1, "t-72"): -1,
        (before + 2, "t-72b"): 1,
    }


def test_the_stand_in_is_unmerged(book: Book) -> None:
    """It stands for itself, and the next of the group stands in."""
    root, first, second = book.report(), book.report(type="t-72b"), book.report(type="bmp-1")
    book.merge(first, root)
    book.merge(second, root)
    book.withdraw(root)
    book.unmerge(first)
    assert book.sums("type") == {"t-72b": 1, "bmp-1": 1}
    assert "stands_in" not in book.row("loss", first)


def test_merging_into_a_merged_loss_goes_to_its_root(book: Book) -> None:
    """And what was merged into the duplicate follows it: groups have one root and no chains."""
    a, b, c, d = (book.report() for _ in range(4))
    book.merge(b, a)
    book.merge(c, b)
    assert book.row("loss", c)["merged_into"] == a
    book.merge(a, d)
    assert [book.row("loss", uid)["merged_into"] for uid in (a, b, c)] == [d, d, d]
    assert book.sums("status") == {"destroyed": 1}


def test_a_merged_loss_is_corrected_and_moves_no_sum(book: Book) -> None:
    """Its trail may be mended; it counts again with what it then is."""
    one, other = book.report(), book.report()
    book.merge(other, one)
    book.amend(other, type="t-72b")
    book.event(other, "captured", "2020-10-10")
    assert book.sums("type") == {"t-72": 1}
    book.unmerge(other)
    assert book.sums("type", "status") == {("t-72", "destroyed"): 1, ("t-72b", "captured"): 1}


def test_merges_that_cannot_be(book: Book) -> None:
    """Equal quantities of one conflict merge, once, and not while withdrawn."""
    one, other, two, gone, gone_root, stands = (
        book.report(quantity=quantity) for quantity in ("1", "1", "2", "1", "1", "1")
    )
    with book.act() as journal:
        catalogue.create(journal, "conflict", {"name": "Peace"}, "peace")
        catalogue.create(journal, "side", {"conflict": "peace", "name": "Red"}, "peace/red")
    elsewhere = book.report(side="peace/red")
    book.merge(stands, gone_root)
    book.withdraw(gone_root)
    book.withdraw(gone)
    book.merge(other, one)

    def refusal(act: Callable[[str, str], None], *uids: str) -> str:
        with pytest.raises(Refused) as refused:
            act(*uids)
        return str(refused.value)

    before = book.head()
    assert [
        refusal(book.merge, one, one),
        refusal(book.merge, one, other),
        refusal(book.merge, other, stands),
        refusal(book.merge, two, one),
        refusal(book.merge, gone, one),
        refusal(book.merge, one, gone),
        refusal(book.merge, one, stands),
        refusal(book.merge, one, elsewhere),
        refusal(book.merge, one, "aaaaaaaaaa"),
        refusal(book.unmerge, one),
    ] == [
        "a loss cannot be merged into itself",
        "a loss cannot be merged into itself",
        f"loss {gone_root} is withdrawn; reinstate it before merging",
        f"loss {two} has 2, loss {one} has 1: only equal quantities merge; split the larger one first",
        f"loss {gone} is withdrawn; reinstate it before merging",
        f"loss {gone} is withdrawn; reinstate it before merging",
        f"loss {gone_root} is withdrawn; reinstate it before merging",
        f"losses {one} and {elsewhere} belong to different conflicts",
        "no loss 'aaaaaaaaaa' in this ledger",
        f"loss {one} is not merged into another",
    ]
    book.reinstate(gone_root)
    assert refusal(book.merge, other, gone_root) == f"loss {other} is merged into {one} already; unmerge it first"
    assert book.head() == before + 2


def test_a_group_keeps_equal_quantities(book: Book) -> None:
    """Neither the root nor a duplicate is given another number while they are merged."""
    one, other = book.report(), book.report()
    book.merge(other, one)
    for uid, partner in ((one, other), (other, one)):
        with pytest.raises(Refused) as refused:
            book.amend(uid, quantity="2")
        assert str(refused.value) == (
            f"loss {uid} is merged with {partner}; unmerge them before you amend the quantity"
        )


def test_a_group_within_one_act(book: Book) -> None:
    """Reported, merged and withdrawn in one act, as a pack does it."""
    from lossledger.ledger import groups

    with book.act() as journal:
        given = {"side": RED, "status": "destroyed"} | evidence()
        root = losses.report(journal, {**given, "type": "t-72"})
        other = losses.report(journal, {**given, "type": "t-72b", "side": BLUE})
        groups.merge(journal, other, root)
        losses.withdraw(journal, root)
    assert book.sums("side", "type") == {(BLUE, "t-72b"): 1}
