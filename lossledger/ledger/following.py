"""What a list's newer word does to a loss: it moves what the list alone has set, and is held where a person has.

The comparison is three-way: the row as the list gave it before, the row as it gives it now, and the loss here.
"""

import json
from collections.abc import Collection, Mapping
from typing import NamedTuple

from lossledger.core.days import last_day_not_future
from lossledger.core.fields import FLAG, REDACTED, State, child_path, generic
from lossledger.core.rules import check_loss
from lossledger.core.vocabulary import Act, Fate, Relation, Verification
from lossledger.errors import Refused
from lossledger.ledger import casefile, groups
from lossledger.ledger.citing import Citing
from lossledger.ledger.given import Given, links, loss_fields, own_fields, read, written
from lossledger.ledger.journal import Journal
from lossledger.ledger.run import Run
from lossledger.ledger.terms import Terms
from lossledger.queries.feeds import Known, Touched, acts_of_lists, catalogue_acts, merged_into, touched

_TOGETHER = (
    ("type", "candidates", "category"),
    ("earliest", "latest", "inferred"),
    ("latitude", "longitude"),
    ("status", "phrase", "event.status"),
)
"""Fields that say one thing: where a person has set one of them, the list sets none."""

_WITH = {field: group for group in _TOGETHER for field in group}

Fields = dict[str, str | None]


class Newer(NamedTuple):
    """A known row with what its list gives for it now."""

    known: Known
    row: Given


class Following:
    """The losses of one feed, as its newer rows change them."""

    def __init__(self, journal: Journal, terms: Terms, run: Run, citing: Citing) -> None:
        self._journal = journal
        self._terms = terms
        self._run = run
        self._citing = citing
        self._of_lists = acts_of_lists(journal.connection)
        self._touched: dict[str, Touched] = {}
        self._personal: dict[str, frozenset[str]] = {}
        self._grouped: set[int] = set()
        self._today = last_day_not_future()

    def learn(self, known: Collection[Known]) -> None:
        """Read the losses of a batch that something will be done to, and who set which of their fields."""
        self._journal.flush()
        connection = self._journal.connection
        self._touched = touched(connection, [one.uid for one in known])
        self._grouped = merged_into(connection, [one.id for one in known])
        by_persons = {act for one in self._touched.values() for act in one.acts.values()} - self._of_lists
        persons = by_persons - catalogue_acts(connection, by_persons)
        self._personal = {
            uid: frozenset(generic(field) for field, act in one.acts.items() if act in persons)
            for uid, one in self._touched.items()
        }
        for uid, one in self._touched.items():
            self._journal.know("loss", uid, one.state)

    def follow(self, newer: Newer) -> Fate:
        """Have a loss follow what its list now says of it.

        Errors: Refused where what the list says cannot be; then nothing of it is taken.
        """
        known = newer.known
        uid = known.uid
        before, state = read(known.given), self._journal.state("loss", uid)
        row = _without_redacted(newer.row, state)
        wanted = self._difference(before, row, state)
        held = self._held_back(uid, wanted, state)
        change = {field: value for field, value in wanted.items() if field not in held}
        if change and not self._possible(known, state, change):
            held, change = held | change, {}
        back = self._withdrawn_by_list(uid, state)
        if not (known.gone or back) and written(row) == known.given:
            return Fate.UNCHANGED
        new_links = [link for link in links(row) if link not in set(links(before))]
        if new_links:
            change |= self._evidence(state, new_links)
        self._append(newer._replace(row=row), change, held, back=back)
        if held:
            return Fate.HELD
        # What is back on its list, but was withdrawn here, stays withdrawn.
        return Fate.RESTORED if back or (known.gone and state.get("withdrawn") != FLAG) else Fate.CHANGED

    def drop(self, known: Known) -> Fate:
        """Take a loss out of the count that its list no longer has, unless a person here vouches for it."""
        self._run.begin()
        uid = known.uid
        state = self._journal.state("loss", uid)
        fields: Fields = {self._path("gone"): FLAG, self._path("run"): self._run.uid}
        if self._vouched_for(uid, state):
            said = "no longer listed"
            fields[self._path("held")] = _written(self._held_before(state) | {"withdrawn": FLAG})
            casefile.hold(self._journal, uid, said, fields)
            return Fate.HELD
        if state.get("withdrawn") != FLAG:
            fields["withdrawn"] = FLAG
        self._journal.append(Act.WITHDRAW, "loss", uid, fields)
        self._settle(Act.WITHDRAW, known)
        return Fate.GONE

    def _vouched_for(self, uid: str, state: State) -> bool:
        """Whether a person here has confirmed the loss."""
        by_person = self._personal[uid] & {"verification", "verified_by"}
        return bool(by_person) and state["verification"] == Verification.CONFIRMED

    def _meant(self, row: Given) -> State:
        """What a row means here, as the fields of a loss."""
        return loss_fields(row, own_fields(row), self._terms)

    def _difference(self, before: Given, row: Given, state: State) -> Fields:
        """The fields that the list says otherwise than before, and that are not so here already."""
        was, is_now = (self._meant(before) if before else {}), self._meant(row)
        names = was.keys() | is_now.keys()
        differing = sorted(name for name in names if was.get(name) != is_now.get(name))
        return {name: is_now.get(name) for name in differing if state.get(name) != is_now.get(name)}

    def _held_back(self, uid: str, wanted: Fields, state: State) -> Fields:
        """Those of the fields that a person here has set, or that say one thing with such a one."""
        personal = self._personal[uid]
        return {
            field: value
            for field, value in wanted.items()
            if personal & set(_WITH.get(field, (field,))) or state.get(field) == REDACTED
        }

    def _possible(self, known: Known, state: State, change: Fields) -> bool:
        """Whether the loss can be so with what persons did to it; what cannot be by itself is refused."""
        after = {field: value for field, value in ({**state, **change}).items() if value is not None}
        if known.id in self._grouped and "quantity" in change:
            return False
        try:
            check_loss(after, self._today)
        except Refused:
            if not self._personal[known.uid]:
                raise
            return False
        return True

    def _withdrawn_by_list(self, uid: str, state: State) -> bool:
        return state.get("withdrawn") == FLAG and "withdrawn" not in self._personal[uid]

    def _evidence(self, state: State, new_links: list[str]) -> Fields:
        """The evidence of links that the loss does not rest on yet."""
        cited = {value for path, value in state.items() if generic(path) == "evidence.source"}
        fields: Fields = {}
        for uid, source in self._citing.evidence(new_links).items():
            if source not in cited:
                fields[child_path("evidence", uid, "source")] = source
                fields[child_path("evidence", uid, "relation")] = Relation.REPORTS.value
        return fields

    def _append(self, newer: Newer, change: Fields, held: Fields, *, back: bool) -> None:
        """One entry for what moves, one for what is held."""
        self._run.begin()
        uid = newer.known.uid
        kept: Fields = {self._path("run"): self._run.uid, self._path("given"): written(newer.row)}
        if newer.known.gone:
            kept[self._path("gone")] = None
        if back:
            kept["withdrawn"] = None
        act = Act.REINSTATE if back else Act.AMEND
        state = self._journal.state("loss", uid)
        before = self._held_before(state)
        if before or held:
            still = self._still_held(before, newer.row, {**state, **change}) | held
            kept[self._path("held")] = _written(still) if still else None
        if held:
            if change or back:
                self._journal.append(act, "loss", uid, change | ({"withdrawn": None} if back else {}))
            casefile.hold(self._journal, uid, self._in_words(uid, held), kept)
        else:
            self._journal.append(act, "loss", uid, change | kept)
        if back:
            self._settle(Act.REINSTATE, newer.known)

    def _held_before(self, state: State) -> Fields:
        """What earlier files said and is held."""
        text = state.get(self._path("held"))
        found: Fields = json.loads(text) if text and text != REDACTED else {}
        return found

    def _still_held(self, before: Fields, row: Given, stands: Mapping[str, str | None]) -> Fields:
        """What the list says by now in the fields that were held, where that still differs from what stands here."""
        says = self._meant(row)
        fields = (field for field in before if field != "withdrawn")
        return {field: says.get(field) for field in fields if says.get(field) != stands.get(field)}

    def _in_words(self, uid: str, held: Fields) -> str:
        state = self._journal.state("loss", uid)
        parts = (f"{name} {held[name] or 'none'} (here: {state.get(name, 'none')})" for name in sorted(held))
        return "; ".join(parts)

    def _settle(self, act: Act, known: Known) -> None:
        if known.id in self._grouped:
            groups.settle(self._journal, act, known.uid)

    def _path(self, field: str) -> str:
        return child_path("row", self._run.feed, field)


def _without_redacted(row: Given, state: State) -> Given:
    """A row without the texts that were taken out of the loss: what was redacted does not come back with a list."""
    return {name: REDACTED if state.get(name) == REDACTED else value for name, value in row.items()}


def _written(held: Fields) -> str:
    return json.dumps(held, ensure_ascii=False, sort_keys=True)
