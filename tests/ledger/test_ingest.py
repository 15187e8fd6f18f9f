"""A list enters, and is followed from one file to the next."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from lossledger.checks.audit import audit
from lossledger.core.fields import children
from lossledger.core.vocabulary import Fate, Status, Verification
from lossledger.db.tables import SUBJECTS
from lossledger.errors import Refused
from lossledger.feeds.records import Figure, Unread
from lossledger.ledger import losses
from lossledger.ledger.redact import redact
from lossledger.queries.stated import stated
from tests.ledger.books import Book
from tests.ledger.lists import LIST, fates, item, standing, state, take, uids

A, B, C = "https://pictures.example/a.png", "https://pictures.example/b.png", "https://pictures.example/c.png"


@pytest.fixture(autouse=True)
def _honest(book: Book) -> Iterator[None]:
    """Whatever was imported, the audit finds nothing."""
    yield
    with book.read() as connection:
        assert audit(connection).findings == ()


def test_a_row_enters_with_all_that_the_list_says(book: Book) -> None:
    report = take(
        book,
        item(
            A, status="captured", phrase="captured by Blue", captor="Blue", earliest="2020-10-01", latest="2020-10-01"
        ),
        file="page.html",
    )
    assert (fates(report), report.read, report.new_list, report.made) == ({"added": 1}, 1, True, [])
    (uid,) = uids(book)
    said = state(book, uid)
    (evidence,) = children(said, "evidence").values()
    assert book.row("source", evidence["source"])["url"] == A
    assert {path: value for path, value in said.items() if not path.startswith("evidence.")} == {
        "feed": "the-list",
        "feed_key": "war/red pictures.example/a.png",
        "side": "war/red",
        "type": "t-72b",
        "category": "tanks",
        "quantity": "1",
        "counts": "item",
        "status": "captured",
        "phrase": "captured by Blue",
        "captor": "Blue",
        "earliest": "2020-10-01",
        "latest": "2020-10-01",
        "verification": "confirmed",
        "verified_by": "The Listers",
        "row.the-list.run": report.run,
        "row.the-list.given": (
            '{"captor":"Blue","category":"Tanks","earliest":"2020-10-01","latest":"2020-10-01",'
            f'"links":["{A}"],"phrase":"captured by Blue","side":"Red","status":"captured","type":"T-72B"}}'
        ),
    }
    assert book.row("import", str(report.run)) | {"sha256": ""} == {
        "feed": "the-list",
        "file": "page.html",
        "sha256": "",
        "latest": "2020-10-01",
        "rows_read": 1,
        **{f"rows_{fate}": int(fate == "added") for fate in Fate},
    }


def test_the_same_file_twice_appends_nothing(book: Book) -> None:
    records = [item(A), item(A), item(A, "BMP-1"), item(B), item(None)]
    take(book, *records)
    head = book.head()
    report = take(book, *records, snapshot=True)
    assert (fates(report), report.run, book.head()) == ({"unchanged": 5}, None, head)


def test_what_is_new_is_made_under_the_heading_that_the_list_gives(book: Book) -> None:
    report = take(book, item(A, "T-99 Wonder", category="Wonder Weapons"), item(B, "t 99 'wonder'", category="Tanks"))
    assert [(made.kind, made.key, made.name) for made in report.made] == [
        ("category", "wonder-weapons", "Wonder Weapons"),
        ("type", "t-99-wonder", "T-99 Wonder"),
    ]
    assert book.row("type", "t-99-wonder")["category"] == "wonder-weapons"
    assert book.sums("category", "type") == {("wonder-weapons", "t-99-wonder"): 1, ("tanks", "t-99-wonder"): 1}


def test_what_is_ambiguous_goes_to_the_parent(book: Book) -> None:
    take(book, item(A, "T-72 or T-72B"))
    said = state(book, uids(book)[0])
    assert (said["type"], said["candidates"]) == ("t-72", '["t-72","t-72b"]')


def test_a_running_count_is_no_part_of_a_name(book: Book) -> None:
    take(book, item(A, "12 T-72B"))
    assert standing(book) == [("t-72b", "destroyed", "counts")]


def test_a_side_that_the_ledger_lacks_is_refused(book: Book) -> None:
    refused: list[Unread] = []
    head = book.head()
    report = take(book, item(A, side="Green"), refused=refused)
    assert (fates(report), report.run, book.head()) == ({"refused": 1}, None, head)
    assert [(row.place, row.reason) for row in refused] == [
        (
            "line 1",
            "no side 'Green' in conflict war; have it made with --create-sides, or add it with: lossledger side add",
        )
    ]
    report = take(book, item(A, side="Green"), create_sides=True)
    assert [(made.kind, made.key) for made in report.made] == [("side", "war/green")]
    assert book.sums("side") == {"war/green": 1}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (item(A, earliest="2999-01-01", latest="2999-01-01"), "date 2999-01-01 lies in the future (today is "),
        (item(A, latitude="97.5", longitude="0"), "latitude 97.5 is not between -90 and 90"),
        (item(A, status="exploded"), "status 'exploded' is not one of: destroyed, damaged, abandoned, captured, lost"),
        (item(A, type_="-", category="Unheard Of"), "type '-' has no letter or digit that it could be known by"),
        (item(A, type_="T-00", category=None), "no type 'T-00', and the row gives no heading to make it under"),
        (item(A, type_=None, category=None), "the row gives neither a type nor a heading"),
        (item(A, note="a\x00b"), "note holds a control character (U+0000) at character 2: 'a\\x00b'"),
        (item("https://" + "x" * 5000), "a link is too long: 5008 characters, at most 4000: 'https://xxxxx"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_leaves_nothing(book: Book, bad: object, reason: str) -> None:
    take(book, item(B))
    head = book.head()
    refused: list[Unread] = []
    report = take(book, item(B), bad, refused=refused)  # type: ignore[arg-type]
    assert fates(report) == {"refused": 1, "unchanged": 1}
    assert refused[0].reason.startswith(reason)
    # The file is another one than the last, so the run is entered: with its entry before and after, and no more.
    assert book.head() == head + 2


def test_rows_that_could_not_be_read_are_counted(book: Book) -> None:
    refused: list[Unread] = []
    report = take(book, item(A), Unread("line 7", "(7, dstry", "no status"), refused=refused)
    assert (fates(report), report.read) == ({"added": 1, "refused": 1}, 2)
    assert refused == [Unread("line 7", "(7, dstry", "no status")]


def test_a_changed_row_follows_field_by_field(book: Book) -> None:
    take(book, item(A, status="abandoned", place="Hadrut"))
    (uid,) = uids(book)
    head = book.head()
    report = take(book, item(A, "T-72", place="Hadrut", cause="TB2"))
    assert fates(report) == {"changed": 1}
    told = [fields for act, subject, fields in book.said(head) if subject == uid]
    assert [set(fields) - {"actor", "reason"} for fields in told] == [
        {"type", "status", "cause", "row.the-list.given", "row.the-list.run"}
    ]
    assert standing(book) == [("t-72", "destroyed", "counts")]
    assert book.sums("type", "status") == {("t-72", "destroyed"): 1}


def test_items_of_one_link_are_told_apart(book: Book) -> None:
    """The same to the letter first, then equal types, then what is left, wherever they stand in the file."""
    take(book, item(A), item(A, status="captured"), item(A, "BMP-1", category="Carriers"))
    first = uids(book)
    report = take(
        book,
        item(A, "T-72", "damaged"),  # what the BMP-1 turned out to be
        item(A, status="captured"),
        item(A, status="abandoned"),  # the T-72B that was destroyed
        item(A, "T-72B", "damaged"),  # one more
    )
    assert fates(report) == {"unchanged": 1, "changed": 2, "added": 1}
    assert uids(book)[:3] == first
    assert standing(book) == [
        ("t-72b", "abandoned", "counts"),
        ("t-72b", "captured", "counts"),
        ("t-72", "damaged", "counts"),
        ("t-72b", "damaged", "counts"),
    ]


def test_a_link_is_the_same_however_it_is_spelt(book: Book) -> None:
    take(book, item("https://www.pictures.example/a.png"))
    assert fates(take(book, item("http://pictures.example/a.png"))) == {"changed": 1}
    assert len(uids(book)) == 1


def test_an_id_tells_a_row_for_good(book: Book) -> None:
    take(book, item(A, key="602"), item(B, key="603"))
    refused: list[Unread] = []
    report = take(
        book,
        item(C, "BMP-1", key="602", side="Blue", category="Carriers"),
        item(A, key="602"),
        item(B, key="604"),
        refused=refused,
    )
    assert fates(report) == {"changed": 1, "refused": 1, "added": 1}
    assert [row.reason for row in refused] == ["the id '602' stands in the file already"]
    assert book.sums("side", "type") == {
        ("war/blue", "bmp-1"): 1,
        ("war/red", "t-72b"): 2,
    }


def test_an_id_given_twice_is_refused_also_far_apart(book: Book) -> None:
    refused: list[Unread] = []
    many = [item(None, key=str(number)) for number in range(2_500)]
    report = take(book, *many, item(A, key="3"), refused=refused)
    assert fates(report) == {"added": 2_500, "refused": 1}


def test_what_a_file_has_no_place_for_stays(book: Book) -> None:
    take(book, item(A, key="1", unit="4th Brigade", place="Hadrut"))
    report = take(book, item(None, key="1", place="Shusha"), stated=frozenset({"status", "place", "tags"}))
    assert fates(report) == {"changed": 1}
    said = state(book, uids(book)[0])
    assert (said["unit"], said["place"]) == ("4th Brigade", "Shusha")
    # What it has a place for, and says nothing in, is cleared.
    take(book, item(None, key="1"), stated=frozenset({"status", "place", "tags"}))
    assert "place" not in state(book, uids(book)[0])


def test_a_snapshot_takes_out_what_the_list_no_longer_has(book: Book) -> None:
    links = [f"https://pictures.example/{number}" for number in range(10)]
    take(book, *(item(link) for link in links))
    assert fates(take(book, *(item(link) for link in links[1:]))) == {"unchanged": 9}
    report = take(book, *(item(link) for link in links[1:]), snapshot=True)
    assert (fates(report), report.read) == ({"unchanged": 9, "gone": 1}, 9)
    assert standing(book)[:2] == [("t-72b", "destroyed", "gone"), ("t-72b", "destroyed", "counts")]
    head = book.head()
    assert fates(take(book, *(item(link) for link in links[1:]), snapshot=True)) == {"unchanged": 9}
    assert book.head() == head
    first = uids(book)
    report = take(book, *(item(link) for link in links), snapshot=True)
    assert fates(report) == {"unchanged": 9, "restored": 1}
    assert (uids(book), book.sums("type")) == (first, {"t-72b": 10})


def test_a_snapshot_of_a_part_is_refused_unless_told(book: Book) -> None:
    take(book, *(item(f"https://pictures.example/{number}") for number in range(10)))
    head = book.head()
    with pytest.raises(Refused, match="the file lacks 3 of the 10 rows that its list held, over a fifth"):
        take(book, *(item(f"https://pictures.example/{number}") for number in range(7)), snapshot=True)
    assert book.head() == head
    report = take(
        book, *(item(f"https://pictures.example/{number}") for number in range(7)), snapshot=True, anyway=True
    )
    assert fates(report) == {"unchanged": 7, "gone": 3}


@pytest.mark.parametrize("told", [True, False])
def test_an_older_snapshot_is_refused_unless_told(book: Book, *, told: bool) -> None:
    days = {"earliest": "2020-10-05", "latest": "2020-10-05"}
    take(book, item(A, key="1", **days), dated="2020-10-08")
    older = "2020-10-07" if told else None
    with pytest.raises(Refused, match="it is older; import it without --snapshot, or say --anyway"):
        take(book, item(A, key="1", earliest="2020-10-04", latest="2020-10-04"), snapshot=True, dated=older)
    take(book, item(A, key="1", earliest="2020-10-04", latest="2020-10-04"), snapshot=True, anyway=True, dated=older)


def test_a_correction_by_hand_survives_three_imports(book: Book) -> None:
    take(book, item(A))
    (uid,) = uids(book)
    book.amend(uid, type="t-72", status="damaged")
    assert fates(take(book, item(A, place="Hadrut"))) == {"changed": 1}
    assert fates(take(book, item(A, "BMP-1", category="Carriers", place="Hadrut"))) == {"held": 1}
    assert fates(take(book, item(A, "BMP-1", "captured", category="Carriers", place="Shusha"))) == {"held": 1}
    said = state(book, uid)
    assert (said["type"], said["category"], said["status"], said["place"]) == ("t-72", "tanks", "damaged", "Shusha")
    assert said["row.the-list.held"] == '{"category": "carriers", "status": "captured", "type": "bmp-1"}'
    head = book.head()
    assert fates(take(book, item(A, "BMP-1", "captured", category="Carriers", place="Shusha"))) == {"unchanged": 1}
    assert book.head() == head


def test_what_a_person_said_is_held_even_where_the_list_agreed_once(book: Book) -> None:
    """The list came round to what a person had said, and left it again: it still does not move it."""
    take(book, item(A, status="abandoned"))
    (uid,) = uids(book)
    book.amend(uid, status="destroyed")
    assert fates(take(book, item(A, status="destroyed"))) == {"changed": 1}
    assert fates(take(book, item(A, status="damaged"))) == {"held": 1}
    assert state(book, uid)["status"] == "destroyed"


def test_what_an_undo_of_an_import_set_was_set_by_nobody(book: Book) -> None:
    take(book, item(A, status="abandoned"))
    take(book, item(A, status="destroyed"))
    book.undo("importer")
    assert fates(take(book, item(A, status="captured"))) == {"changed": 1}
    assert standing(book) == [("t-72b", "captured", "counts")]


def test_what_a_person_took_back_was_set_by_nobody(book: Book) -> None:
    take(book, item(A, status="damaged"))
    (uid,) = uids(book)
    book.amend(uid, status="captured")
    book.undo()
    assert fates(take(book, item(A))) == {"changed": 1}
    assert standing(book) == [("t-72b", "destroyed", "counts")]


def figure(quantity: int, status: Status | None = None, as_of: str | None = None) -> Figure:
    return Figure("line 2", f"Tanks ({quantity})", quantity, "Red", ("Tanks",), status=status, as_of=as_of)


def stated_of(book: Book, feed: str = "the-list") -> dict[tuple[tuple[str, ...], str | None], int | None]:
    """What a list states of itself, by statuses and day."""
    with book.read() as connection:
        found = stated(connection, feed)
    return {(counted.statuses, counted.as_of): one.quantity for counted, one in found.items()}


def test_what_a_list_no_longer_states_is_cleared_once(book: Book) -> None:
    take(book, item(A), figure(1), figure(1, Status.DESTROYED))
    report = take(book, item(A), figure(1))
    assert (report.figures, stated_of(book)) == (1, {((), None): 1, (("destroyed",), None): None})
    head = book.head()
    report = take(book, item(A), figure(1))
    assert (report.figures, report.run, book.head()) == (0, None, head)
    take(book, item(A), figure(1), figure(1, Status.DESTROYED))
    assert stated_of(book) == {((), None): 1, (("destroyed",), None): 1}


def test_counts_by_day_clear_nothing_of_the_page(book: Book) -> None:
    take(book, item(A), figure(1))
    report = take(book, figure(1, as_of="2020-10-05"), feed="the-list")
    assert (report.figures, stated_of(book)) == (1, {((), None): 1, ((), "2020-10-05"): 1})


def test_an_import_can_be_undone_and_done_again(book: Book) -> None:
    records = [item(A, "T-99 Wonder", category="Wonder Weapons"), item(B)]
    take(book, *records)
    first = uids(book)
    book.undo("importer")
    assert book.sums("type") == {}
    assert fates(take(book, *records)) == {"restored": 2}
    assert (uids(book), book.sums("type")) == (first, {"t-99-wonder": 1, "t-72b": 1})


def test_a_change_of_the_catalogue_is_no_word_on_a_loss(book: Book) -> None:
    take(book, item(A, category=None))
    from lossledger.ledger import catalogue

    with book.act("editor") as journal:
        catalogue.change(journal, "type", "t-72b", {"category": "guns"})
    assert fates(take(book, item(A, category="Carriers"))) == {"changed": 1}
    assert book.sums("category") == {"carriers": 1}


def test_a_withdrawal_by_hand_sticks(book: Book) -> None:
    take(book, item(A), item(B))
    uid = uids(book)[0]
    book.withdraw(uid)
    assert fates(take(book, item(A, status="damaged"), item(B), snapshot=True)) == {"changed": 1, "unchanged": 1}
    assert standing(book)[0] == ("t-72b", "damaged", "withdrawn")
    take(book, item(B), snapshot=True, anyway=True)
    assert fates(take(book, item(A, status="damaged"), item(B), snapshot=True)) == {"changed": 1, "unchanged": 1}
    assert standing(book)[0] == ("t-72b", "damaged", "withdrawn")


def test_a_loss_that_a_person_vouches_for_is_not_taken_out(book: Book) -> None:
    take(book, item(A), item(B))
    uid = uids(book)[0]
    with book.act() as journal:
        losses.verify(journal, uid, Verification.CONFIRMED)
    report = take(book, item(B), snapshot=True, anyway=True)
    assert (fates(report), report.vouched) == ({"unchanged": 1}, 1)
    assert standing(book)[0] == ("t-72b", "destroyed", "gone, but counts")
    assert fates(take(book, item(B), snapshot=True)) == {"unchanged": 1}


def test_a_loss_that_a_person_disputes_is_taken_out(book: Book) -> None:
    take(book, item(A), item(B))
    with book.act() as journal:
        losses.verify(journal, uids(book)[0], Verification.DISPUTED)
    assert fates(take(book, item(B), snapshot=True, anyway=True)) == {"unchanged": 1, "gone": 1}


def test_a_merged_row_counts_when_its_original_leaves_its_list(book: Book) -> None:
    other = LIST.__class__("other", "Another List", verification=Verification.CONFIRMED, verified_by="Others")
    take(book, item(A), *(item(f"https://p.example/{number}") for number in range(9)))
    take(book, item(A, "T-72"), source=other)
    kept, duplicate = uids(book)[0], uids(book, "other")[0]
    book.merge(duplicate, kept)
    assert book.sums("feed") == {"the-list": 10}
    report = take(book, *(item(f"https://p.example/{number}") for number in range(9)), snapshot=True)
    assert fates(report) == {"unchanged": 9, "gone": 1}
    assert book.sums("feed") == {"the-list": 9, "other": 1}
    take(book, item(A), *(item(f"https://p.example/{number}") for number in range(9)), snapshot=True)
    assert book.sums("feed") == {"the-list": 10}


def test_a_status_follows_only_where_no_person_told_what_became_of_it(book: Book) -> None:
    take(book, item(A, status="damaged", earliest="2020-10-01", latest="2020-10-01"))
    (uid,) = uids(book)
    book.event(uid, "captured", "2020-10-03")
    assert fates(take(book, item(A, status="captured", earliest="2020-10-01", latest="2020-10-01"))) == {"held": 1}
    assert book.sums("status", as_of="2020-10-02") == {"damaged": 1}


def test_what_was_redacted_does_not_come_back(book: Book) -> None:
    take(book, item(A, place="the safe house", cause="TB2"))
    (uid,) = uids(book)
    with book.act() as journal:
        redact(journal, "loss", uid, ["place"])
    assert fates(take(book, item(A, place="the safe house", cause="TB2"))) == {"changed": 1}
    head = book.head()
    assert fates(take(book, item(A, place="the safe house", cause="TB2"), snapshot=True)) == {"unchanged": 1}
    assert book.head() == head
    assert fates(take(book, item(A, place="the safe house", cause="Kornet"))) == {"changed": 1}
    assert (state(book, uid)["place"], state(book, uid)["cause"]) == ("[redacted]", "Kornet")
    assert not [told for told in book.told() for detail in told.details if "safe house" in str(detail.value)]


def test_undated_rows_are_dated_by_the_day_of_the_file(book: Book) -> None:
    report = take(book, item(A), item(B, reported="2020-10-05"), dated="2020-10-08")
    assert report.inferred == 1
    assert [state(book, uid).get("feed_day") for uid in uids(book)] == ["2020-10-08", None]
    assert book.sums("loss_day", "inferred") == {("2020-10-08", 1): 1, ("2020-10-05", 0): 1}


def test_a_row_may_say_itself_how_far_it_is_believed(book: Book) -> None:
    take(book, item(A, verification="claimed"), item(B))
    assert [(one["verification"], one.get("verified_by")) for one in (state(book, uid) for uid in uids(book))] == [
        ("claimed", None),
        ("confirmed", "The Listers"),
    ]
    assert fates(take(book, item(A, verification="rejected", verified_by="Ann"), item(B))) == {
        "changed": 1,
        "unchanged": 1,
    }
    assert book.sums("verification") == {"confirmed": 1, "rejected": 1}


def test_another_name_for_the_feed(book: Book) -> None:
    take(book, item(A), feed="mine")
    assert fates(take(book, item(A), feed="yours")) == {"added": 1}
    # Without a name, it is the feed that has the list's address.
    assert fates(take(book, item(A))) == {"unchanged": 1}
    assert book.sums("feed") == {"mine": 1, "yours": 1}


def test_the_page_is_the_same_list_by_its_address(book: Book) -> None:
    take(book, item(A))
    renamed = LIST.__class__("other-slug", "Renamed", url="http://www.list.example/page/")
    assert fates(take(book, item(A), source=renamed)) == {"unchanged": 1}


def test_a_row_without_a_link_rests_on_the_list(book: Book) -> None:
    take(book, item(None, key="1"), item(None, key="2"))
    (cited,) = {row["source_id"] for row in book.children("loss", "evidence")}
    with book.read() as connection:
        source = connection.execute(select(SUBJECTS["source"]).where(SUBJECTS["source"].c.id == cited)).one()
    assert (source.url, source.title, source.kind) == ("https://list.example/page", "The List", "dataset")


def test_what_comes_again_far_below_is_known(book: Book) -> None:
    """In a file that is taken in several parts, and whose links are looked up only where they may be known."""
    own = "https://photos.example/own"
    take(book, item(own), feed="another")
    links = [f"https://photos.example/{number}" for number in range(9_000)]
    refused: list[Unread] = []
    rows = [item(link, key=str(number)) for number, link in enumerate(links)]
    again = [item(links[0], key="again"), item(own, key="own"), item(links[1], key="1")]
    report = take(book, *rows, *again, refused=refused)
    assert fates(report) == {"added": 9_002, "refused": 1}
    assert [one.reason for one in refused] == ["the id '1' stands in the file already"]
    with book.read() as connection:
        urls = connection.scalars(select(SUBJECTS["source"].c.url).where(SUBJECTS["source"].c.url.contains("photos")))
        assert sorted(urls) == sorted([*links, own])
