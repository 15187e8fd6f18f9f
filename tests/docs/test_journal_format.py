"""The journal's format is what its page says: a verifier written from the page alone, run on both."""

import hashlib
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lossledger.core import digest, records
from lossledger.core.fields import Field
from lossledger.core.trail import Posting
from lossledger.core.vocabulary import Act, Fate, Relation, Verification
from lossledger.db.engine import open_engine, writing
from lossledger.db.migrate import upgrade
from lossledger.db.tables import loss
from lossledger.feeds.records import Item, Reading, Source
from lossledger.ledger import casefile, catalogue, groups, losses, published, redact, undo
from lossledger.ledger.ingest import Order, ingest
from lossledger.ledger.journal import Journal, recording

PAGE = Path(__file__).parents[2] / "docs" / "journal-format.md"
ACT_FIELDS = ("actor", "reason", "text", "to", "undoes", "redacts", "held")

Entry = dict[str, Any]


# The verifier. It knows the page, and nothing of lossledger.


def hashed(content: object) -> str:
    """The hash of an array, as hexadecimal."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def detail_digest(detail: dict[str, Any]) -> str:
    """The digest of a detail, or the one that was kept of it."""
    if detail.get("salt") is None:
        return str(detail["digest"])
    return hashed([detail["salt"], detail["field"], detail["value"]])


def verify(journal: list[Entry]) -> list[str]:
    """Everything that is wrong with a journal."""
    faults = []
    previous, recorded_at = "00" * 32, ""
    states: dict[tuple[str, str], dict[str, str]] = {}
    sums: dict[str, Counter[tuple[Any, ...]]] = {}
    taken_out, told = set(), set()
    for number, entry in enumerate(journal, start=1):
        if entry["number"] != number or entry["format"] != 1 or entry["recorded_at"] < recorded_at:
            faults.append(f"entry {number}: number, format or time")
        if entry["previous"] != previous or entry["digest"] != digest_of(entry) or entry["hash"] != hash_of(entry):
            faults.append(f"entry {number}: hash")
        previous, recorded_at = entry["hash"], entry["recorded_at"]
        subject = entry["kind"], entry["subject"]
        state = states.setdefault(subject, {})
        for detail in entry["details"]:
            if detail.get("salt") is None:
                taken_out.add((number, detail["field"], subject))
            elif detail["field"] == "redacts":
                pairs = (pair.split(":", 1) for pair in detail["value"].split(", "))
                told |= {(int(of), field, subject) for of, field in pairs if int(of) < number}
            for field, value in set_by(detail).items():
                if field not in ACT_FIELDS:
                    state.pop(field, None)
                    if value is not None:
                        state[field] = value
        posted = sums.setdefault(entry["subject"], Counter()) if entry["kind"] == "loss" else Counter()
        for quantity, *cell in entry["postings"]:
            posted[tuple(cell)] += quantity
        if {cell: n for cell, n in posted.items() if n} != (trail(state) if entry["kind"] == "loss" else {}):
            faults.append(f"entry {number}: postings")
    return faults + [f"entry {number}: {field} was taken out" for number, field, _ in sorted(taken_out - told)]


def set_by(detail: dict[str, Any]) -> dict[str, str | None]:
    """The fields that a detail sets or clears: its own, or those of a pack."""
    if detail["field"] == "*":
        return dict(json.loads(detail["value"]))
    return {detail["field"]: "[redacted]" if detail.get("salt") is None else detail["value"]}


def digest_of(entry: Entry) -> str:
    """The digest of an entry's details."""
    return hashed(sorted([detail["field"], detail_digest(detail)] for detail in entry["details"]))


def hash_of(entry: Entry) -> str:
    """The hash of an entry."""
    names = ("format", "number", "act", "act_id", "kind", "subject", "recorded_at", "acted_at", "origin", "digest")
    return hashed([*(entry[name] for name in names), entry["postings"], entry["previous"]])


def trail(state: dict[str, str]) -> dict[tuple[Any, ...], int]:
    """What a loss adds to each cell of the sums."""
    if not state or "withdrawn" in state or ("merged_into" in state and "stands_in" not in state):
        return {}
    known = [state[name] for name in ("latest", "reported") if name in state]
    day = min(known, default=state.get("feed_day"))
    span = 0
    if known and "earliest" in state:
        span = (date.fromisoformat(str(day)) - date.fromisoformat(state["earliest"])).days
    inferred = int("inferred" in state or (not known and day is not None))
    positions = sorted({int(path.split(".")[1]) for path in state if path.startswith("event.")})
    steps = sorted(
        ((state[f"event.{at}.latest"], at, state[f"event.{at}.status"]) for at in positions), key=lambda step: step[:2]
    )
    cells: Counter[tuple[Any, ...]] = Counter()

    def add(quantity: int, status: str, on: str | None) -> None:
        names = (state["side"], state["category"], state.get("type"), status, state["verification"], state["feed"])
        if status != "recovered":
            cells[(*names, state["counts"], on, day, span, inferred)] += quantity

    quantity, status = int(state["quantity"]), state["status"]
    add(quantity, status, day)
    for on, _, after in steps:
        add(-quantity, status, on if day else None)
        add(quantity, after, on if day else None)
        status = after
    return {cell: n for cell, n in cells.items() if n}


def read(path: Path) -> list[Entry]:
    """The journal of a ledger's file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        details, postings = (
            connection.execute("SELECT * FROM entry_detail"),
            connection.execute(
                "SELECT entry, quantity, side.slug, category.slug, equipment_type.slug, posting.status,"
                " posting.verification, feed.slug, posting.counts, posting.day, posting.loss_day, posting.span,"
                " posting.inferred FROM posting JOIN side ON side.id = side_id JOIN category ON category.id ="
                " posting.category_id LEFT JOIN equipment_type ON equipment_type.id = type_id"
                " JOIN feed ON feed.id = feed_id ORDER BY entry, line"
            ),
        )
        journal: list[Entry] = []
        for row in connection.execute("SELECT * FROM entry ORDER BY number"):
            entry = {name: value.hex() if isinstance(value, bytes) else value for name, value in dict(row).items()}
            journal.append(entry | {"details": [], "postings": []})
        for row in details:
            detail = {name: value.hex() if isinstance(value, bytes) else value for name, value in dict(row).items()}
            journal[row["entry"] - 1]["details"].append(detail)
        for number, *values in postings:
            journal[number - 1]["postings"].append(values)
    return journal


# The tests.


@pytest.fixture
def vector() -> list[Entry]:
    """The worked example of the page."""
    [block] = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    journal: list[Entry] = json.loads(block)
    return journal


def test_the_pages_example_is_what_the_page_says(vector: list[Entry]) -> None:
    """The verifier finds nothing wrong with it, and the steps that are written out lead to its hashes."""
    assert verify(vector) == []
    steps = "".join(re.findall(r"```text\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)).splitlines()
    texts, hashes = steps[::2], steps[1::2]
    assert [hashlib.sha256(text.encode()).hexdigest() for text in texts] == hashes
    pack = vector[5]["details"][-1]
    shown = [*map(detail_digest, vector[2]["details"]), vector[2]["digest"], vector[2]["hash"], detail_digest(pack)]
    assert hashes == shown
    redacted = {
        "actor": hashed(["06" * 16, "actor", "ann"]),
        "note": hashed(["11" * 16, "note", "Мартакерт:\ttwo\nlines, \\ and \x7f"]),
    }
    assert {detail["field"]: detail["digest"] for detail in vector[1]["details"] if "digest" in detail} == redacted


def test_the_program_hashes_the_pages_example_alike(vector: list[Entry]) -> None:
    """Each digest and hash on the page is what the program gives."""
    for entry in vector:
        details = [
            digest.Detail(
                detail["field"],
                detail.get("value"),
                bytes.fromhex(detail["salt"]) if "salt" in detail else None,
                bytes.fromhex(detail["digest"]) if "digest" in detail else None,
            )
            for detail in entry["details"]
        ]
        in_bytes = {name: bytes.fromhex(entry[name]) for name in ("digest", "previous", "hash")}
        head = digest.Entry._make((entry | in_bytes)[name] for name in digest.Entry._fields)
        lines = [Posting(*line) for line in entry["postings"]]
        assert digest.details_digest(details).hex() == entry["digest"]
        assert digest.entry_hash(head, lines).hex() == entry["hash"]


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (
            lambda journal: journal[1]["details"][2].update(value="war/blue"),
            ["entry 2: hash", *(f"entry {number}: postings" for number in (2, 3, 4, 5))],
        ),
        (
            lambda journal: journal[2]["postings"][0].__setitem__(0, -2),
            ["entry 3: hash", *(f"entry {number}: postings" for number in (3, 4, 5))],
        ),
        (lambda journal: journal[0].update(recorded_at="2020-10-09T08:00:00.000001Z"), ["entry 1: hash"]),
        (lambda journal: journal[3].update(number=5), ["entry 4: number, format or time", "entry 4: hash"]),
        (lambda journal: journal[3]["details"].pop(0), ["entry 4: hash"]),
        (
            lambda journal: journal[4]["details"][1].update(value="2:actor"),
            ["entry 5: hash", "entry 2: note was taken out"],
        ),
        (
            lambda journal: journal[5]["details"][-1].update(
                value=journal[5]["details"][-1]["value"].replace('"war/red"', '"war/blue"')
            ),
            ["entry 6: hash", "entry 6: postings"],
        ),
        (
            lambda journal: journal.__delitem__(slice(4, 6)),
            ["entry 2: actor was taken out", "entry 2: note was taken out"],
        ),
    ],
)
def test_the_verifier_finds_what_was_changed(vector: list[Entry], change: Any, faults: list[str]) -> None:
    """It is no rubber stamp."""
    change(vector)
    assert verify(vector) == faults


def test_a_real_ledger_verifies(tmp_path: Path) -> None:
    """One in which every act was done, with a trail, a group, a redaction, two imports, and texts of many kinds."""
    path = tmp_path / "ledger.db"
    engine = open_engine(f"sqlite:///{path}")
    acts = make(engine)
    journal = read(path)
    assert verify(journal) == []
    assert {entry["act"] for entry in journal} == acts == {str(act) for act in Act}
    packs = [detail["value"] for entry in journal for detail in entry["details"] if detail["field"] == "*"]
    assert [sorted(json.loads(pack)) == list(json.loads(pack)) for pack in packs] == [True, True]


def make(engine: Any) -> set[str]:
    """A ledger in which every act there is was done; returns them."""
    with writing(engine) as connection:
        upgrade(connection)
        journal = Journal(connection, actor="ann", reason='begin\twith\n"quotes", \\, \x7f, \u2028, \U0001f600, Շուշի')
        catalogue.create(journal, "conflict", {"name": "War"}, "war")
        catalogue.create(journal, "side", {"conflict": "war", "name": "Red"}, "war/red")
        catalogue.create(journal, "category", {"name": "Tanks", "group": "armoured"}, "tanks")
        catalogue.create(journal, "category", {"name": "Guns", "group": "artillery"}, "guns")
        catalogue.create(journal, "type", {"name": "T-72", "category": "tanks"}, "t-72", {"KPVT 14.5mm": "press"})
        catalogue.create(journal, "feed", {"name": "Own entries"}, "own")
        catalogue.create(journal, "source", {"url": "https://example.org/1"}, "source")
        journal.flush()

    def cited() -> dict[str, str]:
        return casefile.evidence_fields("source", Relation.REPORTS)

    given = {"side": "war/red", "type": "t-72", "status": "damaged", "note": "Secret"}
    with recording(engine, actor="ann") as journal:
        dated = losses.report(journal, given | cited() | {"earliest": "2020-10-01", "reported": "2020-10-04"})
        inferred = losses.report(journal, given | cited() | {"feed_day": "2020-10-05", "quantity": "10"})
        undated = losses.report(journal, {"side": "war/red", "category": "guns"} | cited() | {"inferred": "yes"})
    for uid, status, day in (
        (dated, "captured", "2020-10-08"),
        (dated, "abandoned", "2020-10-06"),
        (dated, "recovered", "2020-10-09"),
        (dated, "destroyed", "2020-10-09"),
        (undated, "captured", "2020-10-09"),
    ):
        with recording(engine, actor="ben") as journal:
            losses.event(journal, uid, {"status": status, "latest": day})
    with recording(engine, actor="ben", reason="seen") as journal:
        losses.verify(journal, dated, Verification.CONFIRMED)
    with recording(engine, actor="ben") as journal:
        part = losses.split(journal, inferred, 1, {"verification": "confirmed"})
        groups.merge(journal, part, dated)
        losses.withdraw(journal, dated)
        losses.reinstate(journal, dated)
        losses.withdraw(journal, dated)
        groups.unmerge(journal, part)
        casefile.add_evidence(journal, part, cited())
        casefile.dispute(journal, part, "source", "side", "blue")
        casefile.note(journal, part, "a note")
        casefile.link(journal, part, dated)
        casefile.hold(journal, part, "{}")
        published.set_value(journal, "conflict", "war")
        losses.amend(journal, inferred, {"note": None, "reported": "2020-10-02"})
        catalogue.change(journal, "type", "t-72", {"category": "guns"})
    follow(engine)
    with recording(engine, actor="ann") as journal:
        losses.amend(journal, undated, {"inferred": None, "latest": "2020-10-08", "quantity": "2"})
    with recording(engine, actor="ann") as journal:
        undo.undo(journal)
    with recording(engine, actor="censor") as journal:
        redact.redact(journal, "loss", part, ["note", "actor"])
    return {str(act) for act in Act}


def follow(engine: Any) -> None:
    """Two imports of a list: of its two losses one is held, and one is gone."""
    links = ("https://example.org/шлях",), ("https://example.org/3",)
    rows = [
        Item(f"line {at}", "Red", "Tanks", "T-72", {"status": "damaged", "phrase": "damaged \u2028"}, link)
        for at, link in enumerate(links)
    ]
    newer = [rows[0]._replace(fields={"status": "destroyed"})]
    source = Source("list", "List", verification=Verification.CONFIRMED, verified_by="Its makers")
    assert bring(engine, source, rows) == {Fate.ADDED: 2}
    with recording(engine, actor="ben") as journal:
        first = select(loss.c.uid).where(loss.c.feed_key.is_not(None)).order_by(loss.c.id).limit(1)
        losses.amend(journal, journal.connection.scalars(first).one(), {"status": "abandoned"})
    assert bring(engine, source, newer) == {Fate.HELD: 1, Fate.GONE: 1}


def bring(engine: Any, source: Source, items: list[Item]) -> dict[Fate, int]:
    """Import rows as the whole of a list; how many ended as what."""
    with recording(engine, actor="eve") as journal:
        order = Order("war", dated="2020-10-10", snapshot=True, anyway=True)
        report = ingest(journal, Reading(source, iter(items)), order, refuse=lambda row: pytest.fail(str(row)))
    return {fate: number for fate, number in report.fates.items() if number}


def test_the_page_lists_every_field() -> None:
    """With what names each kind, which fields are always there, and which may be redacted."""

    def shown(field: Field) -> str:
        return f"`{field.name}`" + "!" * field.required + "~" * field.private

    wanted = []
    for kind in records.KINDS.values():
        wanted.append(f"| `{kind.name}` | {kind.key} | {', '.join(map(shown, kind.fields))} |")
        wanted += [
            f"| `{kind.name}`, child `{child.name}` | {child.key} | {', '.join(map(shown, child.fields))} |"
            for child in kind.children
        ]
    page = PAGE.read_text(encoding="utf-8")
    section = page[page.index("| kind | named by | fields |") :]
    assert section[: section.index("\n\n")].splitlines()[2:] == wanted
    assert re.findall(r"of any state: (.*?)\. A redacted", page) == [
        ", ".join(f"`{name}`" for name in records.ACT_FIELDS)
    ]
    assert tuple(records.ACT_FIELDS) == ACT_FIELDS


def test_the_page_lists_every_act() -> None:
    """No act without a line that says what its entries hold."""
    page = PAGE.read_text(encoding="utf-8")
    table = page[page.index("| act | kind |") :].split("\n\n")[0]
    firsts = [row.split("|")[1] for row in table.splitlines()[2:]]
    assert [name for first in firsts for name in re.findall(r"`(\w+)`", first)] == [str(act) for act in Act]
