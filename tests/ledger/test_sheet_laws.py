"""What holds for any ledger and any change of its sheet."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from lossledger.checks.audit import audit
from lossledger.core.entered import as_list
from lossledger.core.fields import REDACTED
from lossledger.ledger import catalogue, redact
from lossledger.ledger.returned import Report
from tests.ledger.books import BLUE, RED, Book
from tests.ledger.sheets import as_csv, as_workbook, back, out

TEXT = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
SIGNS = some.text(some.sampled_from("'=+-@\t\r\n _x005F<&é\x01\ufffe"), min_size=1, max_size=12)
ANY_TEXT = TEXT | SIGNS
DAYS = some.sampled_from([None, "2020-10-01", "2020-10-03", "2020-10-31"])
LOSS = some.fixed_dictionaries(
    {
        "side": some.sampled_from([RED, BLUE]),
        "type": some.sampled_from(["t-72", "t-72b", "bmp-1"]),
        "status": some.sampled_from(["destroyed", "captured", "lost"]),
        "quantity": some.sampled_from(["1", "7"]),
        "feed_day": some.just("2020-11-01"),
    },
    optional={
        **dict.fromkeys(("phrase", "place", "unit", "cause", "name", "note", "fittings"), ANY_TEXT),
        "tags": some.lists(ANY_TEXT, max_size=3).map(as_list),
        "candidates": some.just('["t-72", "t-72b"]'),
        "latitude": some.sampled_from(["39.7500", "-77.03", "1e1"]),
        "latest": DAYS,
        "inferred": some.just("yes"),
        "reported": some.sampled_from(["2020-10-31", "2020-11-02"]),
        "verification": some.sampled_from(["confirmed", "disputed"]),
    },
).map(lambda loss: loss | ({"longitude": "46.7"} if "latitude" in loss else {}))


FORMS = pytest.mark.parametrize(("file", "examples"), [(as_csv, 40), (as_workbook, 12)])


@FORMS
def test_an_unchanged_sheet_appends_nothing_whatever_happened_since(
    file: Callable[..., Any], examples: int, furnished: Path, tmp_path: Path
) -> None:
    number = iter(range(1_000_000))

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(given_losses=some.lists(LOSS, max_size=3), later=some.lists(some.sampled_from(LATER), max_size=3))
    def law(given_losses: list[dict[str, str]], later: list[Callable[[Book, list[str]], None]]) -> None:
        path = shutil.copyfile(furnished, tmp_path / f"{next(number)}.db")
        book = Book(f"sqlite:///{path}")
        uids = [book.report(**loss) for loss in given_losses]
        rows = out(book)
        assert [row["id"] for row in rows] == uids
        for act in later if uids else ():
            act(book, uids)
        head = book.head()
        report = back(book, file(rows, rows, tmp_path))
        assert (report.refused, report.changes, report.unchanged) == ([], [], len(uids))
        assert book.head() == head
        book.engine.dispose()
        path.unlink()

    law()


def _rename(book: Book, uids: list[str]) -> None:
    with book.act("ben") as journal:
        old = journal.state("type", "t-72")["name"]
        catalogue.rename(journal, "type", "t-72", f"{old} Ural")


def _redact(book: Book, uids: list[str]) -> None:
    with book.act("ben") as journal:
        if journal.state("loss", uids[0]).get("place") not in (None, REDACTED):
            redact.redact(journal, "loss", uids[0], ["place"])


LATER: list[Callable[[Book, list[str]], None]] = [
    lambda book, uids: book.amend(uids[0], "ben", note=f"entry {book.head()}", side=RED, unit=None),
    lambda book, uids: book.amend(uids[-1], "ben", name=f"entry {book.head()}"),
    _rename,
    _redact,
]
EDITS: dict[str, list[tuple[str, dict[str, str | None]]]] = {
    "place": [("", {"place": None}), ("a hill", {"place": "a hill"}), ("=1+1", {"place": "=1+1"})],
    "note": [("", {"note": None}), ("one\ntwo", {"note": "one\ntwo"}), ("'=x", {"note": "=x"})],
    "quantity": [("1", {"quantity": "1"}), ("5.0", {"quantity": "5"})],
    "status": [("destroyed", {"status": "destroyed"}), ("Damaged", {"status": "damaged"})],
    "type": [
        ("", {"type": None, "candidates": None}),
        ("T72B", {"type": "t-72b", "candidates": None}),
        ("T-72|T-72B", {"type": "t-72", "candidates": '["t-72", "t-72b"]'}),
    ],
    "date": [
        ("", {"earliest": None, "latest": None, "inferred": None}),
        ("~2020-10", {"earliest": "2020-10-01", "latest": "2020-10-31", "inferred": "yes"}),
    ],
    "tags": [("", {"tags": None}), ("one, two", {"tags": '["one", "two"]'})],
}
"""Columns with texts that a user may type there, and what each means."""
EDIT = some.sampled_from(list(EDITS)).flatmap(lambda name: some.tuples(some.just(name), some.sampled_from(EDITS[name])))
EDITED = some.lists(EDIT, max_size=4, unique_by=lambda edit: edit[0])


@FORMS
def test_a_cell_changed_by_one_is_taken_and_by_both_is_a_conflict(
    file: Callable[..., Any], examples: int, furnished: Path, tmp_path: Path
) -> None:
    number = iter(range(1_000_000))

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(mine=some.lists(EDITED, min_size=1, max_size=3), theirs=EDITED)
    def law(mine: list[Any], theirs: list[Any]) -> None:
        path = shutil.copyfile(furnished, tmp_path / f"{next(number)}.db")
        book = Book(f"sqlite:///{path}")
        uids = [book.report(place="the bridge", note="seen", quantity="2") for _ in mine]
        rows = out(book)
        before = dict(_states(book, uids))
        told_here = {name: value for _, (_, fields) in theirs for name, value in fields.items()}
        if any(before[uids[0]].get(name) != value for name, value in told_here.items()):
            book.amend(uids[0], "ben", **told_here)
        now = _states(book, uids)
        edited = [row | {name: cell for name, (cell, _) in edits} for row, edits in zip(rows, mine, strict=True)]
        report = back(book, file(rows, edited, tmp_path))
        wanted = {uid: _merged(before[uid], now[uid], edits) for uid, edits in zip(uids, mine, strict=True)}
        assert _states(book, uids) == {uid: now[uid] if state is None else state for uid, state in wanted.items()}
        assert report.clashing == len(report.refused) == list(wanted.values()).count(None)
        _undo_takes_it_back(book, report, uids, now)
        with book.read() as connection:
            assert audit(connection).findings == ()
        book.engine.dispose()
        path.unlink()

    law()


State = dict[str, str]


def _states(book: Book, uids: list[str]) -> dict[str, State]:
    with book.act("looker") as journal:
        return {uid: dict(journal.state("loss", uid)) for uid in uids}


def _merged(before: State, now: State, edits: list[tuple[str, tuple[str, dict[str, str | None]]]]) -> State | None:
    """What a loss is after a row came back, None for a conflict: three-way, column by column."""
    after: dict[str, str | None] = {**now}
    for _, (_, fields) in edits:
        if all(before.get(name) == value for name, value in fields.items()):
            continue
        if all(now.get(name) == value for name, value in fields.items()):
            continue
        if any(before.get(name) != now.get(name) for name in fields):
            return None
        after |= fields
    return {name: value for name, value in after.items() if value is not None}


def _undo_takes_it_back(book: Book, report: Report, uids: list[str], now: dict[str, State]) -> None:
    if report.changes:
        book.undo()
        assert _states(book, uids) == now
