"""A sheet that comes back: each row is compared with its loss as it was when the sheet was written, and as it is now.

A cell that nobody changed says nothing, whatever has happened since. One that was changed is an amendment, unless the
ledger has changed the same since and says otherwise: that is a clash, and of its row nothing is taken until it is
settled. Rows without an id are reports. All of it is one act.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lossledger.core.digest import is_uid_beginning, new_uid
from lossledger.core.fields import REDACTED, State
from lossledger.core.fold import changed_to
from lossledger.core.links import canonical
from lossledger.core.sheet import (
    EDITABLE,
    FIXED,
    ID,
    REVISION,
    SOURCES,
    Column,
    cells,
    revision,
    revision_number,
    same,
    sources_of,
)
from lossledger.core.vocabulary import Relation, Verification
from lossledger.errors import LedgerError, Refused
from lossledger.feeds.records import Unread
from lossledger.feeds.sheet import Sheet, SheetRow
from lossledger.ledger import casefile, catalogue, losses
from lossledger.ledger.journal import Journal
from lossledger.ledger.returned import Change, Clash, Order, Report
from lossledger.ledger.second import refuse_alone
from lossledger.ledger.sheet_cells import CHANGED_BY_CELL, CellReader, Cited, Fields
from lossledger.queries.names import the_conflict
from lossledger.queries.revisions import Naming, Revised, hashes, redacted_since, revised

_AT_ONCE = 1_000
"""How many rows are read from the ledger at once."""


def bring_back(journal: Journal, sheet: Sheet, order: Order) -> Report:
    """Take the changes of a sheet into the ledger, as far as they can be; the others are in the report.

    Errors: Refused where new rows belong to a conflict that is not known.
    """
    return _Return(journal, sheet, order).run()


@dataclass(slots=True)
class _Wanted:
    """What a row asks for: fields to set, by column, and sources to add."""

    fields: dict[str, Fields] = field(default_factory=dict)
    sources: list[Cited] = field(default_factory=list)


class _Return:
    def __init__(self, journal: Journal, sheet: Sheet, order: Order) -> None:
        self._journal = journal
        self._order = order
        self._rows = sheet.rows
        self._report = Report()
        self._reader = CellReader(journal.connection)
        self._today = Naming(journal.connection)
        self._naming: dict[int, Naming] = {journal.number: self._today}
        self._new_sources: dict[str, str] = {}
        self._conflict: str | None = None
        self._twice: set[str] = set()
        self._hashes: Mapping[int, bytes] = {}
        self._redacted: Mapping[str, int] = {}

    def run(self) -> Report:
        read = [row for row in self._rows if isinstance(row, SheetRow)]
        ids = Counter(row.cells[ID].strip() for row in read)
        self._twice = {uid for uid, number in ids.items() if number > 1}
        numbers = {number for row in read if (number := revision_number(row.cells[REVISION])) is not None}
        self._hashes = hashes(self._journal.connection, numbers)
        self._redacted = redacted_since(self._journal.connection, min(self._hashes)) if self._hashes else {}
        for start in range(0, len(self._rows), _AT_ONCE):
            some = self._rows[start : start + _AT_ONCE]
            known = self._learn(some)
            for row in some:
                self._take(row, known)
        return self._report

    def _learn(self, rows: Sequence[SheetRow | Unread]) -> dict[str, Revised]:
        """Read the losses of a batch of rows, as they were and are, and what their sources were called."""
        after = {}
        for row in rows:
            uid = "" if isinstance(row, Unread) else row.cells[ID].strip()
            number = self._number(uid, row.cells[REVISION]) if uid and isinstance(row, SheetRow) else None
            if number is not None:
                after[uid] = number
        found = revised(self._journal.connection, after)
        cited: dict[int, set[str]] = {}
        for uid, one in found.items():
            cited.setdefault(after[uid], set()).update(sources_of(one.then))
        for number, sources in cited.items():
            self._called(number).learn(sources)
        return found

    def _called(self, number: int) -> Naming:
        if number not in self._naming:
            self._naming[number] = Naming(self._journal.connection, number)
        return self._naming[number]

    def _number(self, uid: str, token: str) -> int | None:
        """The entry after which a row was written; None where its revision does not fit its id and this ledger."""
        number = revision_number(token)
        if number is None or number not in self._hashes or not is_uid_beginning(uid):
            return None
        return number if token.strip() == revision(number, self._hashes[number], uid) else None

    def _take(self, row: SheetRow | Unread, known: Mapping[str, Revised]) -> None:
        if isinstance(row, Unread):
            self._report.refused.append(row)
            return
        try:
            if row.cells[ID].strip():
                self._follow(row, known)
            else:
                self._enter(row)
        except LedgerError as error:
            self._report.refused.append(Unread(row.place, row.text, str(error)))

    # Losses that the ledger has

    def _follow(self, row: SheetRow, known: Mapping[str, Revised]) -> None:
        """Have a loss follow its row. Errors: Refused where the row cannot be taken; then nothing of it is."""
        uid = row.cells[ID].strip()
        if uid in self._twice:
            raise Refused(f"the id {uid} stands in more than one row")
        if uid not in known:
            raise Refused(
                f"loss {uid!r} with revision {row.cells[REVISION]!r} was never written by this ledger; "
                "id or revision were altered, or the row is another ledger's"
            )
        loss = known[uid]
        written = cells(loss.then, self._called(loss.after).names)
        wanted = self._wanted(row, loss, written)
        clashes = [clash for name in list(wanted.fields) if (clash := self._clash(row, name, wanted, loss, written))]
        if clashes and self._order.settle is None:
            self._report.clashes += clashes
            self._report.clashing += 1
            raise Refused(f"changed in the ledger, too: {'; '.join(map(str, clashes))}")
        if self._order.settle == "theirs":
            for clash in clashes:
                del wanted.fields[clash.column]
        if not wanted.fields and not wanted.sources:
            self._report.unchanged += 1
            return
        self._journal.know("loss", uid, loss.now)
        after = self._amend(uid, loss.now, wanted)
        self._report.amended += 1
        self._report.changes += self._changes(row.place, uid, written, wanted, after)

    def _wanted(self, row: SheetRow, loss: Revised, written: Mapping[str, str]) -> _Wanted:
        """What a row says otherwise than the ledger did when it was written, and than the ledger does now."""
        uid, then, conflict = row.cells[ID].strip(), loss.then, loss.then["side"].partition("/")[0]
        wanted = _Wanted()
        for column in _changed(CHANGED_BY_CELL, row, written):
            before = written.get(column.name, "")
            if before == REDACTED and self._redacted.get(uid, 0) > loss.after:
                self._report.redacted.append(f"{row.place}, {column.name}")
                continue
            fields = self._reader.fields(column, row.cells[column.name], before, conflict)
            if any(then.get(name) != value for name, value in fields.items()):
                wanted.fields[column.name] = fields
        self._bring_category(wanted, then)
        wanted.fields = {name: fields for name, fields in wanted.fields.items() if not _stands(fields, loss.now)}
        wanted.sources = self._added(row, loss, written.get(SOURCES, ""))
        self._report.fixed.update(column.name for column in _changed(FIXED, row, written))
        return wanted

    def _added(self, row: SheetRow, loss: Revised, written: str) -> list[Cited]:
        """The sources that a row adds to those that the loss rests on by now."""
        cell = row.cells.get(SOURCES, written)
        if same(cell, written):
            return []
        if any(self._redacted.get(source, 0) > loss.after for source in sources_of(loss.then)):
            self._report.redacted.append(f"{row.place}, {SOURCES}")
            return []
        cited = sources_of(loss.now)
        return [one for one in self._reader.added_sources(cell, written) if one.uid not in cited]

    def _bring_category(self, wanted: _Wanted, then: State) -> None:
        """Let a new type bring its category along, as an amendment does, where the row names none."""
        slug = wanted.fields.get("type", {}).get("type")
        if slug is not None and slug != then.get("type") and "category" not in wanted.fields:
            usual = self._journal.state("type", slug)["category"]
            if usual != then["category"]:
                wanted.fields["category"] = {"category": usual}

    def _clash(
        self, row: SheetRow, name: str, wanted: _Wanted, loss: Revised, written: Mapping[str, str]
    ) -> Clash | None:
        """Where the ledger says otherwise by now, that it does, and by whom."""
        fields = wanted.fields[name]
        if all(loss.now.get(path) == loss.then.get(path) for path in fields):
            return None
        setter = max((loss.setters[path] for path in fields if path in loss.setters), key=lambda one: one.entry)
        stands = cells(loss.now, self._today.names).get(name, "")
        becomes = self._named(name, loss.now, fields)
        return Clash(row.place, row.cells[ID].strip(), name, written.get(name, ""), becomes, stands, setter)

    def _named(self, name: str, state: State, fields: Fields) -> str:
        return cells(changed_to(state, fields), self._today.names).get(name, "")

    def _amend(self, uid: str, before: State, wanted: _Wanted) -> State:
        """The acts that a row asks for. What can be refused comes first, so that nothing is half done."""
        fields = {path: value for of_column in wanted.fields.values() for path, value in of_column.items()}
        verification = fields.pop("verification", None)
        if verification == Verification.CONFIRMED:
            refuse_alone(
                self._journal, uid, dict.fromkeys((self._journal.actor, self._order.by or self._journal.actor))
            )
        if "type" in fields:
            fields.setdefault("category", before["category"])
        if fields:
            losses.amend(self._journal, uid, fields)
        # The amendment may have made it a claim already: see `losses.amend`.
        if verification not in (None, self._journal.state("loss", uid)["verification"]):
            losses.verify(self._journal, uid, Verification(verification), self._order.by)
        for cited in wanted.sources:
            casefile.add_evidence(self._journal, uid, casefile.evidence_fields(self._cite(cited), Relation.REPORTS))
        return self._journal.state("loss", uid)

    def _changes(
        self, place: str, uid: str, written: Mapping[str, str], wanted: _Wanted, after: State
    ) -> Iterator[Change]:
        stands = cells(after, self._today.names)
        for column in EDITABLE:
            if column.name in wanted.fields:
                yield Change(place, uid, column.name, written.get(column.name, ""), stands.get(column.name, ""))
        for cited in wanted.sources:
            yield Change(place, uid, SOURCES, "", str(cited.url or cited.uid))

    # New losses

    def _enter(self, row: SheetRow) -> None:
        """Enter a new loss. Errors: Refused where it cannot be; then nothing of its row is taken."""
        if row.cells[REVISION].strip():
            raise Refused("it has a revision and no id; clear the revision, too, where it is a new loss")
        fields: Fields = {}
        for column in _changed(CHANGED_BY_CELL, row, {}):
            fields |= self._reader.fields(column, row.cells[column.name], "", self._its_conflict())
        sources = self._reader.added_sources(row.cells.get(SOURCES, ""), "")
        if "side" not in fields or not sources:
            raise Refused(f"a new loss needs {'a side' if 'side' not in fields else 'a source: a link or an id'}")
        if fields.get("verification") not in (None, Verification.CLAIMED):
            fields["verified_by"] = self._order.by or self._journal.actor
        uids = [cited.uid or self._new_sources.get(canonical(str(cited.url))) or new_uid() for cited in sources]
        for uid in uids:
            fields |= casefile.evidence_fields(uid, Relation.REPORTS)
        state = losses.checked_new(self._journal, fields)
        for cited, uid in zip(sources, uids, strict=True):
            self._cite(cited, uid)
        loss = losses.report(self._journal, state)
        self._report.entered.append(loss)
        stands = cells(state, self._today.names) | {SOURCES: " ".join(str(one.url or one.uid) for one in sources)}
        self._report.changes += [
            Change(row.place, None, column.name, "", stands[column.name])
            for column in EDITABLE
            if stands.get(column.name)
        ]

    def _its_conflict(self) -> str:
        if self._conflict is None:
            self._conflict = the_conflict(self._journal.connection, self._order.conflict)
        return self._conflict

    def _cite(self, cited: Cited, new: str | None = None) -> str:
        """The source that a cell names, made where neither the ledger nor this sheet has it yet."""
        if cited.uid is not None:
            return cited.uid
        url = str(cited.url)
        key = canonical(url)
        if key not in self._new_sources:
            self._new_sources[key] = catalogue.create(self._journal, "source", {"url": url}, new)
        return self._new_sources[key]


def _changed(columns: Sequence[Column], row: SheetRow, written: Mapping[str, str]) -> Iterator[Column]:
    """The columns whose cells say otherwise than the ledger wrote; one that the file lacks was not changed."""
    for column in columns:
        cell = row.cells.get(column.name)
        if cell is not None and not same(cell, written.get(column.name, "")):
            yield column


def _stands(fields: Fields, state: State) -> bool:
    return all(state.get(path) == value for path, value in fields.items())
