"""Random histories of a small ledger, and random scopes to look at it by."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random

from lossledger.core.vocabulary import Status, Verification
from lossledger.errors import LedgerError
from lossledger.ledger import catalogue, losses
from lossledger.queries.scope import Scope
from tests.ledger.books import BLUE, NORTH, RED, Book

DAYS = [f"2020-10-{day:02}" for day in (1, 3, 5, 8, 13, 21)]


def scopes(random: Random) -> Iterator[Scope]:
    """Scopes without end: each restriction now and then, so that most of them hold something."""

    def some(words: list[str], often: float = 0.15) -> tuple[str, ...]:
        return tuple(random.sample(words, random.randint(1, len(words)))) if random.random() < often else ()

    while True:
        side = random.choice([None, None, None, RED, BLUE, NORTH])
        yield Scope(
            "war",
            side=side,
            own=random.random() < 0.3,
            categories=some(["tanks", "carriers", "guns"]),
            groups=some(["armoured", "artillery", "other"]),
            types=some(["t-72", "t-72b", "bmp-1"]),
            statuses=some([str(status) for status in Status]),
            feeds=some(["own", "list"]),
            verifications=some([str(one) for one in Verification], 0.4) or tuple(Verification),
            since=random.choice([*[None] * 20, *DAYS]),
            until=random.choice([*[None] * 20, *DAYS]),
        )


def live(book: Book, random: Random, acts: int) -> None:
    """A random history: losses come, change and go, and the catalogue moves; what the ledger refuses is left undone."""
    uids: list[str] = []

    def day() -> str:
        return random.choice(DAYS)

    def report() -> None:
        fields: dict[str, str | None] = {
            "side": random.choice([RED, BLUE, NORTH]),
            "type": random.choice(["t-72", "t-72b", "bmp-1"]),
            "status": str(random.choice(list(Status))),
            "verification": str(random.choice(list(Verification))),
            "feed": random.choice(["own", "list"]),
            "quantity": str(random.randint(1, 3)),
            "latest": random.choice([None, *DAYS]),
        }
        uids.append(book.report("ann", **(fields | {"earliest": None})))

    def amend() -> None:
        name, value = random.choice(
            [
                ("side", random.choice([RED, BLUE, NORTH])),
                ("type", random.choice(["t-72", "t-72b", "bmp-1"])),
                ("category", random.choice(["tanks", "guns"])),
                ("status", str(random.choice(list(Status)))),
                ("feed", random.choice(["own", "list"])),
                ("quantity", str(random.randint(1, 3))),
                ("latest", day()),
                ("place", day()),
            ]
        )
        book.amend(random.choice(uids), "ann", **{name: value})

    def move() -> None:
        kind, key, fields = random.choice(
            [
                ("side", NORTH, {"parent": random.choice([RED, BLUE])}),
                ("type", "bmp-1", {"parent": random.choice(["t-72", "t-72b"])}),
                ("type", "t-72b", {"category": random.choice(["tanks", "guns"])}),
                ("category", "tanks", {"group": random.choice(["armoured", "artillery"])}),
            ]
        )
        with book.act() as journal:
            catalogue.change(journal, kind, key, fields)

    def join() -> None:
        with book.act() as journal:
            catalogue.merge(journal, *random.choice([("type", "t-72b", "t-72"), ("side", NORTH, RED)]))

    others: list[Callable[[], object]] = [
        *[amend] * 6,
        *[move] * 2,
        *[lambda: book.event(random.choice(uids), random.choice(["captured", "recovered"]), day())] * 3,
        *[lambda: verify(book, random.choice(uids), random.choice(list(Verification)))] * 3,
        *[lambda: book.withdraw(random.choice(uids))] * 2,
        *[lambda: book.merge(random.choice(uids), random.choice(uids))] * 2,
        lambda: book.reinstate(random.choice(uids)),
        lambda: book.unmerge(random.choice(uids)),
        lambda: split(book, random.choice(uids)),
        book.undo,
    ]
    for number in range(acts):
        with suppress(LedgerError):
            if number == acts * 3 // 4:
                join()
            else:
                random.choice([report, *others] if number > acts // 4 and uids else [report])()


def verify(book: Book, uid: str, to: Verification) -> None:
    """Change how far a loss is believed."""
    with book.act() as journal:
        losses.verify(journal, uid, to, by="us")


def split(book: Book, uid: str) -> None:
    """Make one of the items of a loss a loss of its own."""
    with book.act() as journal:
        losses.split(journal, uid, 1)
