"""The rows of a list, each known again by its key: what is new enters, what is known follows, what lacks is gone.

A row that the list gives an id is known by it. Any other is known by its side and its link, among the items that
share both: first those that are the same to the letter, then those of the same type, then what is left, in order.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lossledger.core.days import last_day_not_future
from lossledger.core.digest import new_uid
from lossledger.core.fields import MAX_URL, child_path
from lossledger.core.links import canonical, short_hash
from lossledger.core.text import checked_outside, quoted
from lossledger.core.vocabulary import Act, Fate
from lossledger.errors import Refused
from lossledger.feeds.records import Item
from lossledger.ledger.citing import Citing
from lossledger.ledger.following import Following, Newer
from lossledger.ledger.given import (
    OF_ONE,
    Given,
    carried,
    check_own,
    check_row,
    day_of,
    given,
    loss_fields,
    read,
    written,
)
from lossledger.ledger.journal import Journal
from lossledger.ledger.marks import Marks, Traces
from lossledger.ledger.mould import Mould
from lossledger.ledger.run import Run
from lossledger.ledger.terms import Terms
from lossledger.queries.feeds import Known, known_rows, last_loss, rows

_AT_ONCE = 2_000
"""How many losses are read at once to be taken out of the count."""

_REMEMBERED = 20_000
"""How many different things that rows say are remembered."""

_LONGEST_KEY = 300
"""A longer key is kept as its digest: an index cannot hold more, and a link may."""


class Row(NamedTuple):
    """An item of the file, as it is kept, with the key that it is known by."""

    item: Item
    given: Given
    key: str


class Outcome(NamedTuple):
    """What became of an item; why, where it was refused."""

    item: Item
    fate: Fate
    reason: str = ""


class Unlisted(NamedTuple):
    """The rows that a snapshot lacks, and how many the list had."""

    rows: list[Known]
    of: int


class Listing:
    """One file of a list, taken batch by batch."""

    def __init__(
        self,
        journal: Journal,
        terms: Terms,
        run: Run,
        citing: Citing,
        *,
        stated: frozenset[str] | None,
        dated: str | None,
    ) -> None:
        self._journal = journal
        self._terms = terms
        self._run = run
        self._stated = stated
        self._dated = dated
        self._belief = run.belief()
        self._citing = citing
        self._following = Following(journal, terms, run, self._citing)
        self._new = run.is_new_list
        self._today = last_day_not_future()
        self._given_path = child_path("row", run.feed, "given")
        self._last = last_loss(journal.connection)
        self._seen = Marks(self._last)
        self._came = Traces()
        self._waiting: list[Row] = []
        self._moulds: dict[tuple[object, ...], Mould] = {}
        self._looked_at: dict[tuple[tuple[str, str], ...], None] = {}
        self.latest: str | None = None
        """The day of the file's latest row."""
        self.inferred = 0
        """How many new rows were dated by the day given for the file."""

    def take(self, items: Sequence[Item]) -> Iterator[Outcome]:
        """What becomes of a batch's items; those that may be a changed one of several wait for `settle`."""
        keyed: list[Row] = []
        for item in items:
            try:
                keyed.append(self._row(item))
            except Refused as error:
                yield Outcome(item, Fate.REFUSED, str(error))
        known = self._known(keyed)
        settled: list[tuple[Row, Known | None]] = []
        ids: set[str] = set()
        for row in keyed:
            if row.item.key is not None:
                if row.key in ids or any(self._taken(one) for one in known.get(row.key, ())):
                    yield Outcome(row.item, Fate.REFUSED, f"the id {quoted(row.item.key)} stands in the file already")
                    continue
                ids.add(row.key)
            candidates = [one for one in known.get(row.key, ()) if not self._taken(one)]
            same = self._same(row, candidates) if candidates else None
            if same is not None and not (same.gone or same.withdrawn):
                self._seen.add(same.id)
                yield Outcome(row.item, Fate.UNCHANGED)
            elif same is not None or row.item.key is not None or not candidates:
                chosen = same or next(iter(candidates), None)
                if chosen is not None:
                    self._seen.add(chosen.id)
                settled.append((row, chosen))
            else:
                self._waiting.append(row)
        yield from self._act(settled)

    def settle(self) -> Iterator[Outcome]:
        """What becomes of the rows that waited for their file's end, now that all that is the same is known."""
        waiting, self._waiting = self._waiting, []
        known = self._known(waiting)
        by_key: dict[str, list[Row]] = defaultdict(list)
        for row in waiting:
            by_key[row.key].append(row)
        found: dict[int, Known] = {}
        for key, alike in by_key.items():
            left = [one for one in known.get(key, ()) if not self._taken(one)]
            found |= self._paired(alike, left)
        for one in found.values():
            self._seen.add(one.id)
        yield from self._act([(row, found.get(id(row))) for row in waiting])

    def unlisted(self) -> Unlisted:
        """The rows that the list had and this file lacks."""
        self._journal.flush()
        lacking, of = [], 0
        for one in rows(self._journal.connection, self._run.feed):
            if one.id <= self._last and not one.gone:
                of += 1
                if one.id not in self._seen:
                    lacking.append(one._replace(given=""))
        return Unlisted(lacking, of)

    def drop(self, lacking: Sequence[Known]) -> Iterator[Fate]:
        """Have what a snapshot lacks be gone."""
        for start in range(0, len(lacking), _AT_ONCE):
            some = lacking[start : start + _AT_ONCE]
            self._following.learn(some)
            for one in some:
                yield self._following.drop(one)

    def _row(self, item: Item) -> Row:
        """An item with its key. Errors: Refused for a side that the ledger lacks, or a link that is none."""
        for link in item.links:
            if len(link) > MAX_URL:
                raise Refused(f"a link is too long: {len(link)} characters, at most {MAX_URL}: {quoted(link)}")
        side = self._terms.side(item.side)
        row = given(item)
        day = day_of(item.fields)
        if day is not None:
            self.latest = max(self.latest or day, day)
        if item.key is not None:
            key = item.key
        elif item.links:
            key = f"{side} {canonical(item.links[0])}"
        else:
            # Nothing else tells it from others: what it is, when and where.
            parts = (item.type or item.category, *(row.get(name) for name in ("name", "earliest", "latest", "place")))
            key = f"{side} - {' '.join(str(part) for part in parts if part)}"
        return Row(item, row, key if len(key) <= _LONGEST_KEY else f"{side} #{short_hash(key):x}")

    def _known(self, wanted: Sequence[Row]) -> dict[str, list[Known]]:
        if self._new:  # then all that is known came in this file, which only an id may not do twice
            wanted = [row for row in wanted if row.item.key is not None and self._may_have_come(row.key)]
        if not wanted:
            return {}
        self._journal.flush()
        return known_rows(self._journal.connection, self._run.feed, {short_hash(row.key) for row in wanted})

    def _may_have_come(self, key: str) -> bool:
        """Whether this file may have had a row of a key; from now on it has."""
        number = hash(key)
        may = number in self._came
        self._came.add(number)
        return may

    def _taken(self, one: Known) -> bool:
        """Whether a row of this file is that row already, or made it."""
        return one.id > self._last or one.id in self._seen

    def _same(self, row: Row, candidates: Sequence[Known]) -> Known | None:
        """The row that is the same to the letter, rather one that is not gone."""
        same = [one for one in candidates if written(self._as_kept(row, one)) == one.given]
        return min(same, key=lambda one: one.gone, default=None)

    def _as_kept(self, row: Row, one: Known) -> Given:
        """A row as it is kept for a known one: with what the file has no place for."""
        return row.given if self._stated is None else carried(read(one.given), row.given, self._stated)

    def _paired(self, alike: Sequence[Row], left: list[Known]) -> dict[int, Known]:
        """Rows of one key with the known rows that they are: equal types first, then the rest in order."""
        found: dict[int, Known] = {}
        for row in alike:
            name = self._type(row.given)
            equal = next((one for one in sorted(left, key=_gone_last) if self._type(read(one.given)) == name), None)
            if equal is not None:
                left.remove(equal)
                found[id(row)] = equal
        rest = [row for row in alike if id(row) not in found]
        found |= {id(row): one for row, one in zip(rest, (one for one in left if not one.gone), strict=False)}
        return found

    def _type(self, row: Given) -> str | None:
        name = row.get("type")
        return None if name is None else self._terms.called(str(name))

    def _act(self, settled: Sequence[tuple[Row, Known | None]]) -> Iterator[Outcome]:
        """Enter what is new, and have what is known follow, in the file's order."""
        known = [one for _, one in settled if one is not None]
        if known:
            self._following.learn(known)
        self._citing.learn(link for row, _ in settled for link in row.item.links)
        for row, one in settled:
            try:
                if one is None:
                    self._enter(row)
                    yield Outcome(row.item, Fate.ADDED)
                else:
                    check_row(row.given, self._today)
                    yield Outcome(row.item, self._following.follow(Newer(one, self._as_kept(row, one))))
            except Refused as error:
                yield Outcome(row.item, Fate.REFUSED, str(error))

    def _enter(self, row: Row) -> None:
        """A new row as a loss."""
        own: dict[str, str] = {}
        alike: dict[str, str] = {}
        for name, value in row.item.fields.items():
            (own if name in OF_ONE else alike)[name] = value
        self._look_at(own)
        mould = self._mould(row.item, alike)
        if self._dated is not None and day_of(own) is None and own.get("earliest", "") <= self._dated:
            own["feed_day"] = self._dated
            self.inferred += 1
        own["feed_key"] = checked_outside(row.key, "feed_key")
        own[self._given_path] = written(row.given)
        self._journal.begin(Act.REPORT, mould, new_uid(), own, self._citing.evidence(row.item.links))

    def _look_at(self, own: dict[str, str]) -> None:
        """Look at the fields of a new loss that are its own; at what several losses say, once."""
        said = tuple(own.items())
        if said not in self._looked_at:
            check_own(own, self._today)
            _make_room(self._looked_at)
            self._looked_at[said] = None

    def _mould(self, item: Item, alike: dict[str, str]) -> Mould:
        """What a new loss has alike with all of which the list says the same; that is looked at and looked up once."""
        says = (item.side, item.category, item.type, item.origin, *alike.items())
        mould = self._moulds.get(says)
        if mould is None:
            common = given(item._replace(fields=alike, links=()))
            own = check_row(common, self._today)
            self._run.begin()
            run = {"feed": self._run.feed, child_path("row", self._run.feed, "run"): self._run.uid}
            fields = loss_fields(common, own, self._terms) | run
            if "verification" not in fields:
                fields |= self._belief
            _make_room(self._moulds)
            mould = self._moulds[says] = Mould("loss", fields, self._journal.keys.id_of)
        return mould


def _make_room(known: dict[Any, Any]) -> None:
    """Forget what is known, where it is very much: it can be looked at and looked up again."""
    if len(known) >= _REMEMBERED:
        known.clear()


def _gone_last(one: Known) -> bool:
    return one.gone
