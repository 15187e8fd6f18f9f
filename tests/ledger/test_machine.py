"""Random sequences of acts, on the ledger and on a model of plain dictionaries: both always say the same."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import ColumnElement, Connection, FromClause, Select, bindparam, func, select, text

from lossledger.checks.audit import audit
from lossledger.core.names import fold
from lossledger.core.vocabulary import OUTCOMES, Relation, Status, Verification
from lossledger.db.engine import open_engine
from lossledger.db.tables import CHILDREN, SUBJECTS, posting
from lossledger.errors import LedgerError
from lossledger.ledger import casefile, catalogue, groups, losses, redact, undo
from lossledger.ledger.journal import Journal
from lossledger.queries.scope import Scope
from lossledger.queries.tallies import tally
from tests.ledger.books import BLUE, NORTH, RED, SOURCE, Book, chain_faults, furnish
from tests.ledger.model import Model, RefusedByModel, Subject, Subjects, day_of, merge_terms, put, stands, status_on

ACTORS = st.sampled_from(["ann", "ben"])
DAYS = [f"2020-10-{day:02}" for day in (1, 3, 5, 8, 13, 21)]
DAY = st.sampled_from(DAYS)
MAYBE_DAY = st.none() | DAY
STATUS = st.sampled_from([str(status) for status in Status])
OUTCOME = st.sampled_from([str(outcome) for outcome in OUTCOMES])
VERIFICATION = st.sampled_from([str(verification) for verification in Verification])
QUANTITY = st.sampled_from([1, 1, 1, 2, 5])
TEXT = st.sampled_from([None, "one", "two", "three"])
INDEX = st.integers(0, 1_000_000)
"""Which of those there are is meant: the number is taken modulo how many there are."""

DATES = st.fixed_dictionaries(
    {"earliest": MAYBE_DAY, "latest": MAYBE_DAY, "reported": MAYBE_DAY, "feed_day": MAYBE_DAY}
    | {"inferred": st.sampled_from([None, None, "yes"])}
)
AMENDMENT = st.one_of(
    st.fixed_dictionaries({"status": STATUS}),
    st.fixed_dictionaries({"quantity": QUANTITY}),
    st.fixed_dictionaries({"counts": st.sampled_from(["item", "aggregate"])}),
    st.fixed_dictionaries({"feed": st.sampled_from(["own", "list"])}),
    st.fixed_dictionaries({"note": TEXT, "place": TEXT}),
    st.fixed_dictionaries({"earliest": MAYBE_DAY, "latest": MAYBE_DAY}),
    DATES,
)


def _term(name: str, **fields: str) -> Subject:
    return {"called": name, ("name", fold(name)): name, **fields}


TERMS: Subjects = {
    "side": {RED: _term("Red"), BLUE: _term("Blue"), NORTH: _term("Blue North", parent=BLUE)},
    "category": {"tanks": _term("Tanks"), "carriers": _term("Carriers"), "guns": _term("Guns")},
    "type": {
        "t-72": _term("T-72", category="tanks"),
        "t-72b": _term("T-72B", category="tanks", parent="t-72"),
        "bmp-1": _term("BMP-1", category="carriers"),
    },
    "loss": {},
}
"""The catalogue that every example begins with, as the model has it."""

DIMENSIONS = ("side", "category", "type", "verification", "feed", "counts", "status", "loss_day", "span", "inferred")


class LedgerMachine(RuleBasedStateMachine):
    """Each rule acts on both; they agree on whether it is refused, and on everything afterwards."""

    url: str
    clear: Callable[[], object]

    @initialize()
    def begin(self) -> None:
        type(self).clear()
        self.book = Book(self.url)
        self.model = Model(now={kind: {key: dict(one) for key, one in terms.items()} for kind, terms in TERMS.items()})
        self.past = [(self.book.head(), self.tallies())]
        self.made = 0

    def tallies(self) -> dict[str | None, Counter[tuple[Any, ...]]]:
        """The model's tally on every day on which something can have happened, and by now."""
        return {day: self.model.tally(day) for day in (None, *DAYS)}

    def both(
        self,
        actor: str,
        ledger: Callable[[Journal], object],
        model: Callable[[Subjects], object],
        *,
        final: bool = False,
    ) -> None:
        """Do one act on both."""

        def change() -> None:
            with self.model.act(actor, final=final) as changed:
                model(changed)

        self.agree(actor, ledger, change)

    def agree(self, actor: str, ledger: Callable[[Journal], object], model: Callable[[], None]) -> None:
        """Act on both, and compare whether it was refused."""
        try:
            with self.book.act(actor) as journal:
                ledger(journal)
            refused = ""
        except LedgerError as error:
            refused = str(error)
        try:
            model()
            allowed = True
        except RefusedByModel:
            allowed = False
        assert (refused == "") == allowed, refused or "the ledger did what it had to refuse"
        if allowed:
            self.past.append((self.book.head(), self.tallies()))

    def one(self, kind: str, index: int) -> str:
        """One of the subjects of a kind, those merged away left out where it is a term."""
        subjects = self.model.now[kind].items()
        keys = [key for key, subject in subjects if kind == "loss" or "merged_into" not in subject]
        return keys[index % len(keys)]

    def new(self, stem: str) -> str:
        self.made += 1
        return f"{stem}{self.made:04}"

    # Losses

    @rule(
        actor=ACTORS, side=INDEX, kind=INDEX, category=st.none() | INDEX, typed=st.booleans(), quantity=QUANTITY,
        status=STATUS, verification=VERIFICATION, dates=DATES, feed=st.sampled_from(["own", "list"]), note=TEXT,
        counts=st.sampled_from(["item", "aggregate"]),
    )  # fmt: skip
    def report(
        self, actor: str, side: int, kind: int, category: int | None, typed: bool, dates: dict[str, str | None],
        **fields: Any,
    ) -> None:  # fmt: skip
        given = {"side": self.one("side", side), **fields, **dates}
        if typed:
            given["type"] = self.one("type", kind)
        if category is not None or not typed:
            given["category"] = self.one("category", category or 0)
        uid, piece = self.new("loss-"), self.new("piece-")

        def model(changed: Subjects) -> None:
            loss = {name: value for name, value in given.items() if value is not None}
            loss.setdefault("category", changed["type"].get(given.get("type", ""), {}).get("category"))
            changed["loss"][uid] = loss | {("evidence", piece): "reports"}

        cited = {f"evidence.{piece}.source": SOURCE, f"evidence.{piece}.relation": "reports"}
        self.both(actor, lambda journal: losses.report(journal, written(given) | cited, uid=uid), model)

    def amended(self, actor: str, loss: int, change: dict[str, Any]) -> None:
        uid = self.one("loss", loss)

        def model(changed: Subjects) -> None:
            own = changed["loss"][uid]
            before = dict(own)
            for name, value in change.items():
                put(own, name, value)
            if change.get("type") not in (None, before.get("type")) and "category" not in change:
                own["category"] = changed["type"][change["type"]]["category"]
            grouped = "merged_into" in own or any(other.get("merged_into") == uid for other in changed["loss"].values())
            if own == before or (grouped and own["quantity"] != before["quantity"]):
                raise RefusedByModel

        self.both(actor, lambda journal: losses.amend(journal, uid, written(change)), model)

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX, change=AMENDMENT)
    def amend(self, actor: str, loss: int, change: dict[str, Any]) -> None:
        self.amended(actor, loss, change)

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX, kind=st.sampled_from(["side", "type", "category"]), term=INDEX)
    def amend_term(self, actor: str, loss: int, kind: str, term: int) -> None:
        self.amended(actor, loss, {kind: self.one(kind, term)})

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX, status=OUTCOME, day=DAY)
    def event(self, actor: str, loss: int, status: str, day: str) -> None:
        uid = self.one("loss", loss)

        def model(changed: Subjects) -> None:
            own = changed["loss"][uid]
            number = 1 + max((name[1] for name in own if name[0] == "event"), default=0)
            own["event", number] = (day, status)

        self.both(actor, lambda journal: losses.event(journal, uid, {"status": status, "latest": day}), model)

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX, to=VERIFICATION, by=st.sampled_from([None, "a list"]))
    def verify(self, actor: str, loss: int, to: str, by: str | None) -> None:
        uid = self.one("loss", loss)

        def model(changed: Subjects) -> None:
            own = changed["loss"][uid]
            before = dict(own)
            own["verification"] = to
            put(own, "verified_by", None if to == "claimed" else by or actor)
            if own == before:
                raise RefusedByModel

        self.both(actor, lambda journal: losses.verify(journal, uid, Verification(to), by), model)

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX, quantity=st.integers(0, 4), verification=VERIFICATION, note=TEXT)
    def split(self, actor: str, loss: int, quantity: int, verification: str, note: str | None) -> None:
        uid, parts = self.one("loss", loss), list[str]()
        pieces = sum(name[0] == "evidence" for name in self.model.now["loss"][uid])

        def ledger(journal: Journal) -> None:
            more = {"verification": verification, "note": note}
            parts.append(losses.split(journal, uid, quantity, more))

        def model(changed: Subjects) -> None:
            own = changed["loss"][uid]
            grouped = any(other.get("merged_into") == uid for other in changed["loss"].values())
            if "withdrawn" in own or "merged_into" in own or grouped or not 0 < quantity < own["quantity"]:
                raise RefusedByModel
            part = {name: value for name, value in own.items() if name[0] != "evidence"}
            part |= {("evidence", f"{parts[0]}-{number}"): "copied" for number in range(pieces)}
            part |= {"quantity": quantity, "split_from": uid, "verification": verification}
            put(part, "note", note)
            own["quantity"] -= quantity
            changed["loss"][parts[0]] = part

        self.both(actor, ledger, model)

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX)
    def withdraw(self, actor: str, loss: int) -> None:
        uid = self.one("loss", loss)

        def model(changed: Subjects) -> None:
            if "withdrawn" in changed["loss"][uid]:
                raise RefusedByModel
            changed["loss"][uid]["withdrawn"] = True

        self.both(actor, lambda journal: losses.withdraw(journal, uid), model)

    @precondition(lambda self: any("withdrawn" in loss for loss in self.model.now["loss"].values()))
    @rule(actor=ACTORS, loss=INDEX)
    def reinstate(self, actor: str, loss: int) -> None:
        gone = [uid for uid, one in self.model.now["loss"].items() if "withdrawn" in one]
        uid = gone[loss % len(gone)]

        def model(changed: Subjects) -> None:
            if uid in self.model.never_again:
                raise RefusedByModel
            changed["loss"][uid].pop("withdrawn")

        self.both(actor, lambda journal: losses.reinstate(journal, uid), model)

    # Groups

    @precondition(lambda self: len(self.model.now["loss"]) > 1)
    @rule(actor=ACTORS, loss=INDEX, into=INDEX)
    def merge(self, actor: str, loss: int, into: int) -> None:
        uid, kept = self.one("loss", loss), self.one("loss", into)

        def model(changed: Subjects) -> None:
            every = changed["loss"]
            root = every[kept].get("merged_into", kept)
            if "merged_into" in every[uid] or root == uid or {"withdrawn"} & (every[uid].keys() | every[root].keys()):
                raise RefusedByModel
            for key, one in every.items():
                if key == uid or one.get("merged_into") == uid:
                    one["merged_into"] = root

        self.both(actor, lambda journal: groups.merge(journal, uid, kept), model)

    @precondition(lambda self: any("merged_into" in loss for loss in self.model.now["loss"].values()))
    @rule(actor=ACTORS, loss=INDEX)
    def unmerge(self, actor: str, loss: int) -> None:
        merged = [uid for uid, one in self.model.now["loss"].items() if "merged_into" in one]
        uid = merged[loss % len(merged)]
        self.both(
            actor, lambda journal: groups.unmerge(journal, uid), lambda changed: changed["loss"][uid].pop("merged_into")
        )

    # The case file

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX)
    def evidence(self, actor: str, loss: int) -> None:
        uid = self.one("loss", loss)
        fields = casefile.evidence_fields(SOURCE, Relation.CONFIRMS)
        piece = next(iter(fields)).split(".")[1]

        def model(changed: Subjects) -> None:
            changed["loss"][uid]["evidence", piece] = "confirms"

        self.both(actor, lambda journal: casefile.add_evidence(journal, uid, fields), model)

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX, over=st.sampled_from([None, "side", "type", "place"]))
    def dispute(self, actor: str, loss: int, over: str | None) -> None:
        uid, piece = self.one("loss", loss), self.new("dispute-")

        def model(changed: Subjects) -> None:
            own = changed["loss"][uid]
            own["evidence", piece] = "disputes"
            if over in (None, "side") and own["verification"] != "rejected":
                own |= {"verification": "disputed", "verified_by": actor}

        self.both(actor, lambda journal: casefile.dispute(journal, uid, SOURCE, over), model)

    @precondition(lambda self: self.model.now["loss"])
    @rule(actor=ACTORS, loss=INDEX)
    def note(self, actor: str, loss: int) -> None:
        uid = self.one("loss", loss)
        self.both(actor, lambda journal: casefile.note(journal, uid, "one more"), lambda _: None)

    @precondition(lambda self: len(self.model.now["loss"]) > 1)
    @rule(actor=ACTORS, loss=INDEX)
    def link(self, actor: str, loss: int) -> None:
        uid, other = self.one("loss", loss), self.one("loss", loss + 1)
        self.both(actor, lambda journal: casefile.link(journal, uid, other), lambda _: None)

    @precondition(lambda self: self.model.now["loss"])
    @rule(loss=INDEX)
    def hold(self, loss: int) -> None:
        uid = self.one("loss", loss)
        self.both("feed", lambda journal: casefile.hold(journal, uid, "{}"), lambda _: None, final=True)

    @precondition(lambda self: self.model.now["loss"])
    @rule(loss=INDEX, name=st.sampled_from(["note", "place"]))
    def redact(self, loss: int, name: str) -> None:
        uid = self.one("loss", loss)
        self.agree(
            "censor",
            lambda journal: redact.redact(journal, "loss", uid, [name]),
            partial(self.model.redact, "censor", uid, name),
        )

    # The catalogue

    @rule(actor=ACTORS, kind=st.sampled_from(["side", "category", "type"]), category=INDEX, parent=st.none() | INDEX)
    def create(self, actor: str, kind: str, category: int, parent: int | None) -> None:
        name = self.new("Name ")
        key = f"war/{name}" if kind == "side" else name
        fields = {"name": name, **{"side": {"conflict": "war"}, "category": {"group": "other"}, "type": {}}[kind]}
        under = {} if parent is None or kind == "category" else {"parent": self.one(kind, parent)}
        under |= {"category": self.one("category", category)} if kind == "type" else {}

        def model(changed: Subjects) -> None:
            changed[kind][key] = {**under, "called": name, ("name", fold(name)): name}

        self.both(actor, lambda journal: catalogue.create(journal, kind, fields | under, key), model)

    @rule(actor=ACTORS, kind=INDEX, category=INDEX)
    def recategorise(self, actor: str, kind: int, category: int) -> None:
        key, to = self.one("type", kind), self.one("category", category)

        def model(changed: Subjects) -> None:
            was = changed["type"][key]["category"]
            if was == to:
                raise RefusedByModel
            changed["type"][key]["category"] = to
            for loss in changed["loss"].values():
                if loss.get("type") == key and loss["category"] == was:
                    loss["category"] = to

        self.both(actor, lambda journal: catalogue.change(journal, "type", key, {"category": to}), model)

    @rule(actor=ACTORS, kind=st.sampled_from(["side", "type"]), term=INDEX, parent=INDEX)
    def move(self, actor: str, kind: str, term: int, parent: int) -> None:
        key, to = self.one(kind, term), self.one(kind, parent)

        def model(changed: Subjects) -> None:
            from tests.ledger.model import above

            if changed[kind][key].get("parent") == to or key in above(changed[kind], to):
                raise RefusedByModel
            changed[kind][key]["parent"] = to

        self.both(actor, lambda journal: catalogue.change(journal, kind, key, {"parent": to}), model)

    @rule(actor=ACTORS, kind=st.sampled_from(["side", "category", "type"]), term=INDEX)
    def rename(self, actor: str, kind: str, term: int) -> None:
        key, name = self.one(kind, term), self.new("Other ")

        def model(changed: Subjects) -> None:
            changed[kind][key] |= {"called": name, ("name", fold(name)): name}

        self.both(actor, lambda journal: catalogue.rename(journal, kind, key, name), model)

    @rule(actor=ACTORS, kind=st.sampled_from(["side", "category", "type"]), term=INDEX, into=INDEX)
    def merge_terms(self, actor: str, kind: str, term: int, into: int) -> None:
        key, kept = self.one(kind, term), self.one(kind, into)
        self.both(
            actor,
            lambda journal: catalogue.merge(journal, kind, key, kept),
            lambda changed: merge_terms(changed, kind, key, kept),
        )

    @rule(actor=ACTORS, times=st.integers(1, 4))
    def undo(self, actor: str, times: int) -> None:
        for _ in range(times):
            self.agree(actor, undo.undo, lambda: self.model.undo(actor))

    # What holds after every act

    @invariant()
    def the_present_agrees(self) -> None:
        with self.book.read() as connection:
            self.compare(connection, self.past[-1][0] + 1, self.tallies())
            assert shown_losses(connection) == {
                uid: shown(self.model.now["loss"], uid) for uid in self.model.now["loss"]
            }
            assert shown_terms(connection) == {kind: self.model.now[kind] for kind in ("side", "category", "type")}

    def compare(
        self, connection: Connection, known_on: int, expected: dict[str | None, Counter[tuple[Any, ...]]]
    ) -> None:
        """Every cell, on every day, as known at the end of an act."""
        assert cells(connection, known_on) == expected

    def teardown(self) -> None:
        """The past is what it was when it was the present; every tally by a single dimension agrees; no finding."""
        if not hasattr(self, "book"):
            return
        with self.book.read() as connection:
            for number, expected in self.past:
                self.compare(connection, number, expected)
            for number, expected in self.past[:: max(1, len(self.past) // 3)] + self.past[-1:]:
                for as_of, whole in expected.items():
                    self.query_agrees(connection, number, as_of, whole)
            self.view_agrees(connection)
            assert chain_faults(connection) == []
            assert audit(connection).findings == ()
        self.book.engine.dispose()

    def query_agrees(
        self, connection: Connection, known_on: int, as_of: str | None, whole: Counter[tuple[Any, ...]]
    ) -> None:
        """What the query for tallies says by each dimension is what the model's cells add up to."""
        scope = Scope("war", verifications=tuple(Verification), as_of=as_of, known_on=known_on)
        by = ("side", "category", "type", "verification", "feed", "status")
        expected: Counter[tuple[Any, ...]] = Counter()
        for cell, quantity in whole.items():
            named = dict(zip(DIMENSIONS, cell, strict=True))
            expected[tuple(named[name] for name in by)] += quantity
        found = tally(connection, scope, by)
        assert found.sums(*by) == expected
        for name in by:
            sums: Counter[tuple[Any, ...]] = Counter()
            for cell, quantity in expected.items():
                sums[cell[by.index(name)],] += quantity
            assert found.sums(name) == sums

    def view_agrees(self, connection: Connection) -> None:
        """The view that other programs see sums what the query counts."""
        found = tally(connection, Scope("war"), ("side", "category", "status"))
        kinds = ("side", "category")
        named = {
            (*(found.catalogue.name(kind, str(slug)) for kind, slug in zip(kinds, key, strict=False)), key[2]): quantity
            for key, quantity in found.cells
        }
        sums: Counter[tuple[str, ...]] = Counter()
        for side, category, status, quantity in connection.execute(
            text("SELECT side, category, status, quantity FROM tallies")
        ):
            sums[side, category, status] += quantity
        assert sums == named


def written(fields: dict[str, Any]) -> dict[str, str | None]:
    """Fields as an act is given them: numbers as text."""
    return {name: None if value is None else str(value) for name, value in fields.items()}


def _cells() -> Select[Any]:
    """The postings up to an entry, by day and all dimensions."""
    joined: FromClause = posting
    columns: list[ColumnElement[Any]] = [posting.c.day]
    for name in DIMENSIONS:
        if name in ("side", "category", "type", "feed"):
            term = SUBJECTS[name].alias(f"the_{name}")
            joined = joined.join(term, term.c.id == posting.c[f"{name}_id"], isouter=True)
            columns.append(term.c.slug)
        else:
            columns.append(posting.c[name])
    known = posting.c.entry <= bindparam("known_on")
    return select(*columns, func.sum(posting.c.quantity)).select_from(joined).where(known).group_by(*columns)


CELLS = _cells()


def cells(connection: Connection, known_on: int) -> dict[str | None, Counter[tuple[Any, ...]]]:
    """The sums of the postings in all dimensions, on each day and by now; what adds up to nothing left out."""
    rows = connection.execute(CELLS, {"known_on": known_on}).all()
    found: dict[str | None, Counter[tuple[Any, ...]]] = {}
    for as_of in (None, *DAYS):
        sums: Counter[tuple[Any, ...]] = Counter()
        for day, *key, quantity in rows:
            if as_of is None or (day is not None and day <= as_of):
                sums[tuple(key)] += int(quantity)
        assert not [key for key, quantity in sums.items() if quantity < 0]
        found[as_of] = Counter({key: quantity for key, quantity in sums.items() if quantity})
    return found


def shown(every: dict[str, Subject], uid: str) -> dict[str, object]:
    """What the projection has to show of a loss."""
    loss = every[uid]
    day, span, _ = day_of(loss)
    events = {name[1]: value for name, value in loss.items() if name[0] == "event"}
    outcomes = [outcome for _, (_, outcome) in sorted(events.items(), key=lambda event: (event[1][0], event[0]))]
    own = {name: value for name, value in loss.items() if isinstance(name, str)}
    stands_in = "merged_into" in loss and stands(every, uid)
    assert status_on(loss, None) == ((outcomes or [loss["status"]])[-1] if outcomes[-1:] != ["recovered"] else None)
    return (
        own
        | ({"day": day} if day else {})
        | {"span": span, "outcome": (outcomes or [loss["status"]])[-1], "events": events}
        | {"evidence": sum(name[0] == "evidence" for name in loss)}
        | ({"stands_in": True} if stands_in else {})
    )


def shown_losses(connection: Connection) -> dict[str, dict[str, object]]:
    """What the projection shows of each loss, without what is not there."""
    names: dict[str, dict[int, str]] = {}
    for kind in ("side", "category", "type", "feed", "loss"):
        key = SUBJECTS[kind].c["uid" if kind == "loss" else "slug"]
        names[kind] = dict(connection.execute(select(SUBJECTS[kind].c.id, key)).all())
    found: dict[str, dict[str, object]] = {}
    for row in connection.execute(select(SUBJECTS["loss"])).mappings():
        own: dict[str, object] = {name: value for name, value in row.items() if value is not None}
        for name in [name for name in own if name.endswith("_id")]:
            kind = name.removesuffix("_id")
            own[kind] = names[kind if kind in names else "loss"][row[name]]
            del own[name]
        own |= {name: True for name in ("withdrawn", "stands_in") if name in own}
        own |= {"inferred": "yes"} if "inferred" in own else {}
        del own["id"]
        uid = str(own.pop("uid"))
        found[uid] = own | {"events": {}, "evidence": 0}
    events, evidence = CHILDREN["loss", "event"], CHILDREN["loss", "evidence"]
    for event in connection.execute(select(events)).mappings():
        of: Any = found[names["loss"][event["loss_id"]]]["events"]
        of[event["position"]] = (event["latest"], event["status"])
    for loss_id, number in connection.execute(select(evidence.c.loss_id, func.count()).group_by(evidence.c.loss_id)):
        found[names["loss"][loss_id]]["evidence"] = number
    return found


def shown_terms(connection: Connection) -> Subjects:
    """What the projection shows of sides, categories and types, as the model has them."""
    found: Subjects = {}
    slugs = {
        kind: dict(connection.execute(select(SUBJECTS[kind].c.id, SUBJECTS[kind].c.slug)).all())
        for kind in ("side", "category", "type")
    }
    for kind, table in {"side": "side", "category": "category", "type": "equipment_type"}.items():
        found[kind] = {slug: {} for slug in slugs[kind].values()}
        for row in connection.execute(select(SUBJECTS[kind])).mappings():
            found[kind][row["slug"]]["called"] = row["name"]
            for name, of in (("parent", kind), ("merged_into", kind), ("category", "category")):
                if f"{name}_id" in SUBJECTS[kind].c and row[f"{name}_id"] is not None:
                    found[kind][row["slug"]][name] = slugs[of][row[f"{name}_id"]]
        for alias in connection.execute(select(CHILDREN[kind, "alias"])).mappings():
            found[kind][slugs[kind][alias[f"{table}_id"]]]["name", alias["folded"]] = alias["name"]
    return found


def run(url: str, clear: Callable[[], object], examples: int, steps: int) -> None:
    """Search for a sequence of acts after which ledger and model differ."""
    machine = type("Machine", (LedgerMachine,), {"url": url, "clear": staticmethod(clear)})
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=steps))


def test_ledger_and_model_agree_on_sqlite(furnished: Path) -> None:
    """Whatever is done, in whatever order, present and past are what plain dictionaries say."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        run(f"sqlite:///{path}", lambda: shutil.copyfile(furnished, path), examples=25, steps=50)


def test_ledger_and_model_agree_on_postgresql(postgres_url: str) -> None:
    """The same, with fewer sequences."""
    engine = open_engine(postgres_url)

    def clear() -> None:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        furnish(engine)

    run(postgres_url, clear, examples=4, steps=30)
