"""What holds for any list, however it changes from one snapshot to the next."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from lossledger.checks.audit import audit
from lossledger.core.vocabulary import Fate
from lossledger.feeds.records import Item
from tests.ledger.books import Book, furnish
from tests.ledger.lists import fates, item, standing, take, uids

LINKS = [f"https://pictures.example/{letter}" for letter in "abc"]
TYPES = ["T-72", "T-72B", "T-72 or T-72B", "BMP-1", "Type X", None]
STATUSES = ["destroyed", "captured", "lost"]


def items(ids: some.SearchStrategy[str | None]) -> some.SearchStrategy[Item]:
    return some.builds(
        item,
        some.sampled_from([*LINKS, None]),
        some.sampled_from(TYPES),
        some.sampled_from(STATUSES),
        side=some.sampled_from(["Red", "Blue"]),
        category=some.sampled_from(["Tanks", "Carriers"]),
        key=ids,
    )


linked = some.lists(items(some.none()), max_size=8)
numbered = some.lists(
    items(some.sampled_from([str(number) for number in range(9)])), max_size=8, unique_by=lambda one: one.key
)


def cells(snapshot: Sequence[Item]) -> Counter[tuple[str, str, str | None, str]]:
    """A snapshot counted as a tally counts it."""
    slugs = {"Red": "war/red", "Blue": "war/blue", "Tanks": "tanks", "Carriers": "carriers", "T-72": "t-72"}
    slugs |= {"T-72B": "t-72b", "BMP-1": "bmp-1", "Type X": "type-x", "T-72 or T-72B": "t-72"}
    return Counter(
        (slugs[one.side], slugs[str(one.category)], None if one.type is None else slugs[one.type], one.fields["status"])
        for one in snapshot
    )


@pytest.mark.parametrize(
    "snapshots", [some.lists(linked, min_size=2, max_size=4), some.lists(numbered, min_size=2, max_size=4)]
)
def test_a_tally_is_the_last_snapshot(
    snapshots: some.SearchStrategy[list[list[Item]]], tmp_path_factory: pytest.TempPathFactory, furnished: Path
) -> None:
    """And every past tally is the snapshot of its time; every row has one fate; nothing is entered twice."""

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(files=snapshots)
    def law(files: list[list[Item]]) -> None:
        book = Book(f"sqlite:///{tmp_path_factory.mktemp('law') / 'ledger.db'}")
        furnish(book.engine)
        heads = []
        for file in files:
            was = len(uids(book))
            report = take(book, *file, snapshot=True, anyway=True)
            assert report.read == len(file)
            assert len(uids(book)) == was + report.fates[Fate.ADDED]
            assert book.sums("side", "category", "type", "status") == cells(file)
            assert fates(take(book, *file, snapshot=True, anyway=True)) == ({"unchanged": len(file)} if file else {})
            heads.append(book.head())
        for file, head in zip(files, heads, strict=True):
            assert book.sums("side", "category", "type", "status", known_on=head) == cells(file)
        assert sum(counts == "counts" for *_, counts in standing(book)) == len(files[-1])
        with book.read() as connection:
            assert audit(connection).findings == ()

    law()
