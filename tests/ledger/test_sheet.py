"""A sheet that comes back, row by row: what is taken, what is a conflict, what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from lossledger.core.text import shortened
from lossledger.core.vocabulary import Relation
from lossledger.db.engine import writing
from lossledger.db.tables import loss
from lossledger.feeds.sheet import Sheet
from lossledger.ledger import casefile, catalogue, redact
from lossledger.ledger.returned import Change, Order
from tests.ledger.books import RED, SOURCE, Book
from tests.ledger.sheets import TITLES, Rows, as_csv, as_workbook, back, changed, out, refusals, typed

LINK = "https://example.org/1"


def test_a_loss_stands_in_a_row_as_people_would_type_it(book: Book) -> None:
    uid = book.report(
        candidates='["t-72", "t-72b"]',
        latitude="39.7500",
        longitude="46.7",
        tags='["one", "two, three"]',
        note="first\nsecond",
        earliest="2020-10-03",
        latest="2020-10-03",
        reported="2020-10-05",
        quantity="2",
        inferred="yes",
    )
    book.event(uid, "captured", "2020-10-10", earliest="2020-10-10")
    denial = _source(book, "https://example.org/denial")
    with book.act() as journal:
        casefile.dispute(journal, uid, denial, "type")
    [row] = out(book)
    assert row.pop("revision").startswith(f"r{book.head()}.")
    assert row == {
        "id": uid,
        "side": "Red",
        "type": "T-72|T-72B",
        "category": "Tanks",
        "quantity": "2",
        "counts": "item",
        "status": "destroyed",
        "date": "~2020-10-03",
        "reported": "2020-10-05",
        "coordinates": "39.7500, 46.7",
        "tags": "one|two, three|",
        "note": "first\nsecond",
        "verification": "claimed",
        "sources": LINK,
        "day": "~2020-10-03",
        "feed": "own",
        "trail": "destroyed ~2020-10-03; captured 2020-10-10",
    }


def _source(book: Book, url: str, actor: str = "clerk") -> str:
    with book.act(actor) as journal:
        return catalogue.create(journal, "source", {"url": url})


def test_changed_cells_are_amendments_of_one_act(book: Book, tmp_path: Path) -> None:
    one, other = book.report(place="the bridge", note="seen"), book.report(type="t-72b", quantity="3")
    rows = out(book)
    edited = changed(changed(rows, 0, place="", type="BMP1"), 1, quantity="4", verification="confirmed")
    head = book.head()
    report = back(book, as_csv(rows, edited, tmp_path))
    assert report.changes == [
        Change("line 2", one, "type", "T-72", "BMP-1"),
        Change("line 2", one, "category", "Tanks", "Carriers"),
        Change("line 2", one, "place", "the bridge", ""),
        Change("line 3", other, "quantity", "3", "4"),
        Change("line 3", other, "verification", "claimed", "confirmed"),
    ]
    why = {"reason": "a sheet came back"}
    assert book.said(head) == [
        ("amend", one, {"type": "bmp-1", "category": "carriers", "place": None} | why),
        ("amend", other, {"quantity": "4"} | why),
        ("verify", other, {"verification": "confirmed", "verified_by": "ann"} | why),
    ]
    assert len({told.entry.act_id for told in book.told(head)}) == 1
    book.undo()
    assert [{name: row[name] for name in row if name != "revision"} for row in out(book)] == [
        {name: row[name] for name in row if name != "revision"} for row in rows
    ]


def test_a_link_that_is_added_is_evidence_and_none_is_taken_away(book: Book, tmp_path: Path) -> None:
    uid, other = book.report(), book.report()
    known = _source(book, "https://example.org/2")
    rows = out(book)
    edited = changed(rows, 0, sources=f"{LINK}, https://EXAMPLE.org/2 https://example.org/3\nhttps://example.org/3")
    edited = changed(edited, 1, sources="https://example.org/2")
    head = book.head()
    report = back(book, as_csv(rows, edited, tmp_path))
    assert report.changes == [
        Change("line 2", uid, "sources", "", "https://EXAMPLE.org/2"),
        Change("line 2", uid, "sources", "", "https://example.org/3"),
    ]
    said = f"sources: '{LINK}' is missing; a sheet only adds sources (one that is wrong: see lossledger dispute)"
    assert refusals(report) == [("line 4", said)]
    assert [(act, subject) for act, subject, _ in book.said(head)] == [
        ("evidence", uid),
        ("catalogue", str(book.told(head)[1].entry.subject)),
        ("evidence", uid),
    ]
    assert known in str(book.said(head)[0])
    assert out(book)[0]["sources"] == f"{LINK} https://example.org/2 https://example.org/3"
    assert out(book)[1]["id"] == other


def test_what_both_have_changed_is_a_conflict_until_somebody_settles_it(book: Book, tmp_path: Path) -> None:
    uid = book.report(place="the bridge")
    rows = out(book)
    book.amend(uid, "ben", place="the ford")
    sheet = as_csv(rows, changed(rows, 0, place="a hill", unit="1st"), tmp_path)
    head = book.head()
    report = back(book, sheet)
    assert [clash[:6] for clash in report.clashes] == [("line 2", uid, "place", "the bridge", "a hill", "the ford")]
    assert (report.clashes[0].setter.actor, report.clashes[0].setter.entry) == ("ben", head)
    [(place, reason)] = refusals(report)
    assert (place, reason[: reason.index(", set")]) == (
        "line 2",
        "changed in the ledger, too: place: the sheet says 'a hill', the ledger 'the ford'",
    )
    assert book.head() == head
    assert back(book, sheet, order=Order(settle="theirs")).changes == [Change("line 2", uid, "unit", "", "1st")]
    assert book.row("loss", uid)["place"] == "the ford"
    book.undo()
    assert [change[2:] for change in back(book, sheet, order=Order(settle="mine")).changes] == [
        ("place", "the bridge", "a hill"),
        ("unit", "", "1st"),
    ]
    assert book.row("loss", uid)["place"] == "a hill"


def test_a_category_that_the_ledger_moved_stays_where_the_sheet_changes_the_type(book: Book, tmp_path: Path) -> None:
    uid = book.report()
    rows = out(book)
    book.amend(uid, "ben", category="guns")
    report = back(book, as_csv(rows, changed(rows, 0, type="T-72B"), tmp_path))
    assert [change[2:] for change in report.changes] == [("type", "T-72", "T-72B")]
    assert book.row("loss", uid)["category"] == "guns"
    book.undo()
    report = back(book, as_csv(rows, changed(rows, 0, type="BMP-1"), tmp_path))
    assert [clash[2:6] for clash in report.clashes] == [("category", "Tanks", "Carriers", "Guns")]


def test_rows_without_an_id_are_new_losses(book: Book, tmp_path: Path) -> None:
    book.report()
    head = book.head()
    sheet = typed(
        [
            ["side", "id", "revision", "type", "category", "sources", "date", "verification", "colour", "counts"],
            ["Red", "", "", "T-72", "", "https://example.org/9", "2020-10", "confirmed", "green", ""],
            ["red", "", "", "", "Guns", f"https://example.org/9 {SOURCE[:8]}", "", "", "", "aggregate"],
            ["", "", "", "T-72", "", LINK, "", "", "", ""],
            ["Red", "", "", "T-72", "", "", "", "", "", ""],
            ["Red", "", "r1.00000000", "T-72", "", LINK, "", "", "", ""],
            ["Red", "", "", "", "", LINK, "", "", "", ""],
            ["", "", "", "", "", "", "", "", "", ""],
        ],
        tmp_path,
        delimiter=";",
    )
    report = back(book, sheet, order=Order(by="The Counters"))
    assert sheet.left_out == ("colour",)
    assert refusals(report) == [
        ("line 4", "a new loss needs a side"),
        ("line 5", "a new loss needs a source: a link or an id"),
        ("line 6", "it has a revision and no id; clear the revision, too, where it is a new loss"),
        ("line 7", "a loss needs a type, or a category where the type is not given"),
    ]
    assert [act for act, _, _ in book.said(head)] == ["catalogue", "report", "report"]
    one, other = (book.row("loss", uid) for uid in report.entered)
    assert (one["side"], one["feed"], one["earliest"], one["verified_by"]) == (RED, "own", "2020-10-01", "The Counters")
    assert (other["category"], other["counts"], other["verification"]) == ("guns", "aggregate", "claimed")


def test_rows_that_cannot_be_known_are_refused(book: Book, tmp_path: Path) -> None:
    one, other = book.report(), book.report()
    rows = out(book)
    future = rows[0]["revision"].replace(f"r{book.head()}.", f"r{book.head() + 5}.")
    sheet = typed(
        [
            ["id", "revision", "place"],
            [one, rows[1]["revision"], "a hill"],
            ["zzzzzzzzzz", rows[0]["revision"], "a hill"],
            [one, rows[0]["revision"], "a hill"],
            [other, future, "a hill"],
        ],
        tmp_path,
    )
    head = book.head()
    report = back(book, sheet)
    altered = "was never written by this ledger; id or revision were altered, or the row is another ledger's"
    assert refusals(report) == [
        ("line 2", f"the id {one} stands in more than one row"),
        ("line 3", f"loss 'zzzzzzzzzz' with revision '{rows[0]['revision']}' {altered}"),
        ("line 4", f"the id {one} stands in more than one row"),
        ("line 5", f"loss '{other}' with revision '{future}' {altered}"),
    ]
    assert book.head() == head


BAD_CELLS = {
    "type": ("T-99", "type: no type 'T-99'; see: lossledger type list, or add it with: lossledger type add"),
    "side": ("", "side: a loss cannot be without it; the sheet had 'Red'"),
    "quantity": ("1,5", "quantity '1,5' is no whole number from 1 to 1,000,000"),
    "status": ("burnt", "status: 'burnt' is not one of: destroyed, damaged, abandoned, captured, lost"),
    "date": ("03/04/2020", "date: '03/04/2020' may be either of 2020-03-04 and 2020-04-03; write one of these"),
    "reported": ("2020-10", "reported: '2020-10' is no day that can be read; write 2020-10-08"),
    "coordinates": ("39,7581", "coordinates: '39,7581' is no LAT,LON in degrees; write 39.7581,46.7499"),
    "note": ("[redacted]", "note: [redacted] stands for a text that is gone, and is no text itself"),
    "unit": ("a\x07b", "unit holds a control character (U+0007) at character 2: 'a\\x07b'"),
    "sources": (f"{LINK} example.org", "sources: source is no http or https link: 'example.org'"),
}


@pytest.mark.parametrize(
    ("cell", "plain"),
    [("1,000", "1000"), ("12,000", "12000"), ("1.000", "1000"), ("1,500", "1500"), ("1.000.000", "1000000")],
)
@pytest.mark.parametrize("written", [as_csv, as_workbook])
def test_a_sign_between_thousands_is_never_taken_for_a_decimal_one(
    sqlite_book: Book, tmp_path: Path, written: Callable[[Rows, Rows, Path], Sheet], cell: str, plain: str
) -> None:
    sqlite_book.report()
    rows = out(sqlite_book)
    sheet = written(rows, changed(rows, 0, quantity=cell), tmp_path)
    [(_, reason)] = refusals(back(sqlite_book, sheet))
    assert reason == f"quantity '{cell}' can be read in two ways; write {plain} without a sign between"


@pytest.mark.parametrize(("cell", "number"), [("5.0", "5"), ("5,0", "5"), ("12.00", "12"), ("1000", "1000")])
def test_a_quantity_may_have_the_zeros_that_a_spreadsheet_adds(
    sqlite_book: Book, tmp_path: Path, cell: str, number: str
) -> None:
    sqlite_book.report()
    rows = out(sqlite_book)
    report = back(sqlite_book, as_csv(rows, changed(rows, 0, quantity=cell), tmp_path))
    assert [(change.column, change.becomes) for change in report.changes] == [("quantity", number)]


@pytest.mark.parametrize("column", BAD_CELLS)
def test_a_cell_that_cannot_be_is_refused_with_its_whole_row(sqlite_book: Book, tmp_path: Path, column: str) -> None:
    sqlite_book.report()
    rows, head = out(sqlite_book), sqlite_book.head()
    cell, reason = BAD_CELLS[column]
    edited = changed(rows, 0, **{"place": "a hill", column: cell})
    assert refusals(back(sqlite_book, as_csv(rows, edited, tmp_path))) == [("line 2", reason)]
    assert sqlite_book.head() == head


def test_what_the_rules_refuse_is_refused_and_the_other_rows_are_taken(book: Book, tmp_path: Path) -> None:
    one, kept, good = book.report(), book.report(), book.report()
    book.merge(one, kept)
    rows = out(book)
    edited = changed(changed(rows, 0, quantity="2"), 1, reported="2020-10-01")
    report = back(book, as_csv(rows, changed(edited, 2, place="a hill"), tmp_path))
    assert refusals(report) == [
        ("line 2", f"loss {one} is merged with {kept}; unmerge them before you amend the quantity"),
        ("line 3", "reported 2020-10-01, before it can have happened (2020-10-03)"),
    ]
    assert [change.uid for change in report.changes] == [good]


def test_a_redacted_text_never_comes_back(book: Book, tmp_path: Path) -> None:
    uid, old = book.report(note="a name", place="a house"), book.report(note="a name")
    secret = _source(book, "https://example.org/secret", "ann")
    with book.act() as journal:
        redact.redact(journal, "loss", old, ["note"])
        casefile.add_evidence(journal, uid, casefile.evidence_fields(secret, Relation.REPORTS))
    rows = out(book)
    assert (rows[0]["note"], rows[1]["note"]) == ("a name", "[redacted]")
    with book.act() as journal:
        redact.redact(journal, "loss", uid, ["note"])
        redact.redact(journal, "source", secret, ["url"])
    head = book.head()
    report = back(book, as_csv(rows, changed(rows, 1, note="nobody's name"), tmp_path))
    assert report.redacted == ["line 2, note", "line 2, sources"]
    assert [change[1:] for change in report.changes] == [(old, "note", "[redacted]", "nobody's name")]
    assert [act for act, _, _ in book.said(head)] == ["amend"]
    assert (out(book)[0]["note"], out(book)[0]["sources"]) == ("[redacted]", f"{LINK} {secret}")


def test_a_text_too_long_for_a_cell_is_not_cut_off_in_the_ledger(sqlite_book: Book, tmp_path: Path) -> None:
    sqlite_book.report(note="\x01" * 20_000)
    rows = out(sqlite_book)
    assert len(rows[0]["note"]) == 32_000
    assert back(sqlite_book, as_workbook(rows, rows, tmp_path)).unchanged == 1
    edited = changed(rows, 0, note=shortened(rows[0]["note"], 100))
    assert refusals(back(sqlite_book, as_csv(rows, edited, tmp_path))) == [
        ("line 2", "note: the cell held only the beginning of the text; correct it with: lossledger amend")
    ]


def test_columns_may_be_moved_and_left_out_and_fixed_ones_are_not_taken(book: Book, tmp_path: Path) -> None:
    uid = book.report(place="the bridge")
    [row] = out(book)
    sheet = typed(
        [
            ["Trail (read-only)", "PLACE", "", "revision", "id", "day (read-only)"],
            [row["trail"], " the bridge\r\n", "", f" {row['revision']} ", uid, "2020-01-01"],
        ],
        tmp_path,
        delimiter="\t",
    )
    report = back(book, sheet)
    assert (report.unchanged, dict(report.fixed)) == (1, {"day": 1})
    assert set(TITLES) > set(sheet.columns) - {"trail", "day"}


def test_losses_are_read_from_the_journal_and_not_from_what_follows_from_it(sqlite_book: Book, tmp_path: Path) -> None:
    """The rows of the projection may be wrong; what a sheet is compared with is what was recorded."""
    sqlite_book.report(place="the bridge")
    rows = out(sqlite_book)
    with writing(sqlite_book.engine) as connection:
        connection.execute(update(loss).values(place="elsewhere"))
    assert back(sqlite_book, as_csv(rows, rows, tmp_path)).unchanged == 1


def test_what_a_source_is_called_since_says_nothing(book: Book, tmp_path: Path) -> None:
    book.report()
    rows = out(book)
    with book.act("ben") as journal:
        catalogue.change(journal, "source", SOURCE, {"url": "https://example.org/moved"})
    head = book.head()
    assert (back(book, as_csv(rows, rows, tmp_path)).unchanged, book.head()) == (1, head)


def test_the_escape_signs_of_workbooks_are_no_change(sqlite_book: Book, tmp_path: Path) -> None:
    sqlite_book.report(note="_x0041_ and _x005F_x0041_ and x005F_", place="#N/A")
    rows = out(sqlite_book)
    assert back(sqlite_book, as_workbook(rows, rows, tmp_path)).unchanged == 1
