"""A small ledger of an invented war, and the program's door to knock at.

Ids, times and salts are the same at every run, so that whole outputs can be compared: the ledger was made on
1 June 2021, and the commands of a test run the day after, both at 8 o'clock (UTC).
"""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Protocol, Self

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, Engine

from lossledger.cli.main import cli
from lossledger.core import days, digest
from lossledger.core.digest import UID_LENGTH
from lossledger.core.fields import child_path
from lossledger.db.engine import open_engine, writing
from lossledger.db.migrate import upgrade
from lossledger.ledger import catalogue, groups, losses, published
from lossledger.ledger.journal import Journal

CONFLICT = "valley"
REDLAND, NORTH, BLUELAND = f"{CONFLICT}/redland", f"{CONFLICT}/redland-north", f"{CONFLICT}/blueland"
LIST, POST = "list222222", "post222222"
"""The uids of the two sources: https://example.org/list and https://example.org/post."""


class Run(Protocol):
    """Runs a command line on the ledger of the test; nothing of it is a terminal."""

    def __call__(self, *args: str, input: str | None = None) -> Result: ...  # noqa: A002 - as CliRunner calls it


class Seeded:
    """Stands in for the system's randomness: the same at every run; how many salts there are moves no id."""

    def __init__(self, seed: str) -> None:
        self._ids, self._salts = random.Random(f"ids {seed}"), random.Random(f"salts {seed}")

    def draw(self, number: int) -> bytes:
        return (self._ids if number == UID_LENGTH else self._salts).randbytes(number)


def _stop_clock(patch: pytest.MonkeyPatch, day: int) -> None:
    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2021, 6, day, 8, tzinfo=UTC).astimezone(tz)

    patch.setattr(days, "datetime", Stopped)
    patch.setattr(digest, "RANDOMNESS", Seeded(f"day {day}"))


@pytest.fixture(scope="session")
def made_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small ledger, made once a run; tests get copies of it."""
    path = tmp_path_factory.mktemp("made") / "valley.db"
    engine = open_engine(f"sqlite:///{path}")
    with pytest.MonkeyPatch.context() as patch:
        _stop_clock(patch, 1)
        furnish(engine)
    engine.dispose()
    return path


@pytest.fixture
def ledger(made_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a small ledger of its own, on the day after it was made."""
    path = tmp_path / "valley.db"
    shutil.copy(made_ledger, path)
    _stop_clock(monkeypatch, 2)
    return path


@pytest.fixture
def run(ledger: Path) -> Run:
    """Run a command line on the ledger: ``run("tally", "--by", "side").stdout``."""
    return runner(str(ledger))


@pytest.fixture
def served(ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """As ``run``, but on each engine, SQLite and PostgreSQL."""
    engine = open_engine(ledger_url)
    _stop_clock(monkeypatch, 1)
    furnish(engine)
    _stop_clock(monkeypatch, 2)
    yield runner(ledger_url)
    engine.dispose()


def runner(location: str) -> Run:
    """What runs command lines on the ledger at a place."""

    def run(*args: str, input: str | None = None) -> Result:  # noqa: A002 - as CliRunner calls it
        result = CliRunner().invoke(cli, ["--db", location, *args], input=input)
        # Only an exit is an answer; anything else that a command raises is a fault, and is shown as one.
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def open_view(run: Run) -> None:
    """Have the public view tell all that it can, so that proofs hold what they prove."""
    for name, value in {"coordinates": "exact", "actors": "handles", "notes": "in"}.items():
        done = run("setting", f"public.{name}", value, "--reason", "for all to see")
        assert done.exit_code == 0, done.stderr


def furnish(engine: Engine) -> None:
    """Make the schema and the small ledger; the catalogue is the clerk's, the losses are Ann's."""
    with writing(engine) as connection:
        upgrade(connection)
        act = _Acts(connection)
        act.catalogue()
        act.losses()


class _Acts:
    """The acts that make the small ledger."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def catalogue(self) -> None:
        """One conflict with four sides, five headings, seven types, two feeds, two sources."""
        journal = Journal(self._connection, actor="clerk", reason="the ledger begins")
        create = catalogue.create
        create(
            journal,
            "conflict",
            {"name": "Valley War", "starts": "2020-09-27", "ends": "2020-11-10"},
            CONFLICT,
            {"War in the Valley": None},
        )
        sides: tuple[tuple[str, dict[str, str], list[str]], ...] = (
            (REDLAND, {"name": "Redland", "position": "10"}, ["Red"]),
            (NORTH, {"name": "North Redland", "parent": REDLAND, "position": "20"}, ["Red North"]),
            (BLUELAND, {"name": "Blueland", "position": "30"}, ["Blue"]),
            (f"{CONFLICT}/unknown", {"name": "Unknown", "position": "40"}, []),
        )
        for key, fields, aliases in sides:
            create(journal, "side", {"conflict": CONFLICT, **fields}, key, dict.fromkeys(aliases))
        headings = (
            ("tanks", "Tanks", "armoured", "Tank"),
            ("towed-artillery", "Towed Artillery", "artillery", "Guns"),
            ("jeeps", "Trucks, Vehicles, and Jeeps", "light-vehicles", "Trucks"),
            ("aircraft", "Aircraft", "aviation", "Planes"),
            ("type-not-given", "Type not given", "not-given", "No type"),
        )
        for position, (key, name, group, alias) in enumerate(headings, 1):
            create(journal, "category", {"name": name, "group": group, "position": f"{position}0"}, key, {alias: None})
        types: tuple[tuple[str, str, str, str | None, dict[str, str]], ...] = (
            ("t-72", "T-72", "tanks", None, {"Ural tank": "press"}),
            ("t-72b", "T-72B", "tanks", "t-72", {"T-72 obr. 1985": "designation"}),
            ("t-72b3", "T-72B3", "tanks", "t-72b", {}),
            ("t-72av", "T-72AV", "tanks", "t-72", {}),
            ("d-30", "D-30", "towed-artillery", None, {"122mm D-30": "designation"}),
            ("ural-4320", "Ural-4320", "jeeps", None, {}),
            ("su-25", "Su-25", "aircraft", None, {"Frogfoot": "nato"}),
        )
        for key, name, category, parent, names in types:
            above = {"parent": parent} if parent else {}
            create(
                journal,
                "type",
                {"name": name, "origin": "Soviet Union", "category": category, **above},
                key,
                dict(names),
            )
        create(journal, "feed", {"name": "Own entries"}, "own")
        create(journal, "feed", {"name": "A list", "publisher": "The Counters", "licence": "CC BY 4.0"}, "a-list")
        create(
            journal,
            "source",
            {
                "url": "https://example.org/list",
                "publisher": "The Counters",
                "title": "Losses in the valley",
                "kind": "blog",
                "reliability": "B",
                "earliest": "2020-10-20",
                "latest": "2020-10-20",
            },
            LIST,
        )
        create(journal, "source", {"url": "https://example.org/post", "author": "@eyewitness", "kind": "post"}, POST)
        journal.flush()

    def losses(self) -> None:
        """Seven losses: items and an aggregate, dated and not, one that moved on, one merged; two published counts."""
        confirmed = {"verification": "confirmed", "verified_by": "ann"}
        on_8 = {"earliest": "2020-10-08", "latest": "2020-10-08"}
        of_red = {"side": REDLAND, "type": "t-72b"}
        self._report("tank222222", {**of_red, "status": "destroyed", **on_8, **confirmed, "place": "the bridge"})
        self._report(
            "tank333333",
            {
                "side": NORTH,
                "type": "t-72",
                "status": "captured",
                "earliest": "2020-10-01",
                "latest": "2020-10-31",
                "latitude": "40.1",
                "longitude": "47.05",
                "note": "Seen from the road.",
                **confirmed,
            },
        )
        self._report("tank444444", {**of_red, "status": "destroyed", **on_8, "feed": "a-list"}, LIST)
        self._report(
            "guns222222",
            {
                "side": REDLAND,
                "type": "d-30",
                "status": "destroyed",
                "quantity": "10",
                "counts": "aggregate",
                "reported": "2020-10-20",
            },
            LIST,
        )
        self._report(
            "blue222222",
            {
                "side": BLUELAND,
                "type": "t-72av",
                "status": "damaged",
                "earliest": "2020-10-05",
                "latest": "2020-10-05",
                **confirmed,
            },
        )
        self._report("jeep222222", {"side": BLUELAND, "type": "ural-4320", "status": "abandoned", **confirmed})
        self._report(
            "none222222", {"side": BLUELAND, "category": "type-not-given", "quantity": "3", "reported": "2020-10-30"}
        )
        with self._ann("a later picture") as journal:
            losses.event(journal, "blue222222", {"status": "captured", "latest": "2020-10-10"})
        with self._ann("the same picture") as journal:
            groups.merge(journal, "tank444444", "tank222222")
        with self._ann() as journal:
            published.publish(
                journal,
                {
                    "kind": "assertion",
                    "conflict": CONFLICT,
                    "side": REDLAND,
                    "source": LIST,
                    "counted_by": "The Counters",
                    "wording": "two tanks",
                    "categories": '["tanks"]',
                    "as_of": "2020-10-31",
                    "quantity": "2",
                },
                uid="held222222",
            )
            published.publish(
                journal,
                {
                    "conflict": CONFLICT,
                    "side": REDLAND,
                    "counted_by": "Blueland's ministry",
                    "as_of": "2020-10-31",
                    "quantity": "200",
                    "bound": "at least",
                },
                uid="said222222",
            )

    def _report(self, uid: str, fields: dict[str, str], source: str = POST) -> None:
        piece = f"{uid[:4]}ev{uid[6:]}"
        evidence = {
            child_path("evidence", piece, "source"): source,
            child_path("evidence", piece, "relation"): "reports",
        }
        with self._ann() as journal:
            losses.report(journal, {**fields, **evidence}, uid=uid)

    @contextmanager
    def _ann(self, reason: str | None = None) -> Iterator[Journal]:
        journal = Journal(self._connection, actor="ann", reason=reason)
        yield journal
        journal.flush()
