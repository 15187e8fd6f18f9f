"""A ledger as it would be in plain dictionaries: slow, without postings, and meant to be obviously right.

A subject is a dictionary of fields. Every act makes a changed copy of all subjects, which is kept if it
breaks no rule; what the act changed is remembered, so that it can be undone. A tally walks over the losses
and asks each what it was on a day.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Subject = dict[Any, Any]
"""Its fields by name; an event, a piece of evidence and a name by a pair, ``("event", 2)``."""

Subjects = dict[str, dict[str, Subject]]
"""Kind to key to fields."""

REDACTED = "[redacted]"
REFERENCES = {"side": "side", "category": "category", "type": "type", "parent": None, "merged_into": None}
"""Which kind a field of a term refers to; None for the term's own."""


class RefusedByModel(Exception):
    """The ledger has to refuse this, too."""


@dataclass
class Done:
    """One act that was done."""

    actor: str
    final: bool
    undoing: bool
    changes: list[list[Any]]
    """Kind, key, field, what it was, what it is."""
    created: set[tuple[str, str]]
    undone: bool = False


@dataclass
class Model:
    """Everything that a ledger holds, and what was done."""

    now: Subjects = field(default_factory=lambda: {"side": {}, "category": {}, "type": {}, "loss": {}})
    done: list[Done] = field(default_factory=list)
    counted_with: set[tuple[str, str]] = field(default_factory=set)
    """Every side, category and type that a loss ever counted with: these are never unmade."""

    never_again: set[str] = field(default_factory=set)
    """The parts whose split was undone: they stay withdrawn."""

    @contextmanager
    def act(self, actor: str, *, final: bool = False, undoing: bool = False) -> Iterator[Subjects]:
        """A copy of all subjects to change, kept unless a rule is broken."""
        changed = deepcopy(self.now)
        yield changed
        for uid, loss in changed["loss"].items():
            check_loss(loss)
            check_group(changed["loss"], uid)
        self.done.append(Done(actor, final, undoing, *difference(self.now, changed)))
        self.now = changed
        for uid, loss in changed["loss"].items():
            if stands(changed["loss"], uid):
                self.counted_with |= {(kind, loss[kind]) for kind in ("side", "category", "type") if loss.get(kind)}

    def undo(self, actor: str) -> None:
        """Put back what the actor's latest act changed, if it still is what that act made it."""
        mine = [done for done in self.done if done.actor == actor and not done.undoing and not done.undone]
        if not mine or mine[-1].final:
            raise RefusedByModel
        last = mine[-1]
        for kind, key, name, _, after in last.changes:
            if self.now[kind].get(key, {}).get(name) != after:
                raise RefusedByModel
        with self.act(actor, undoing=True) as changed:
            for kind, key, name, before, _ in last.changes:
                if (kind, key) in last.created and kind == "loss":
                    changed[kind][key]["withdrawn"] = True
                    self.never_again |= {key} & {uid for uid, loss in changed[kind].items() if "split_from" in loss}
                elif before is None:
                    del changed[kind][key][name]
                else:
                    changed[kind][key][name] = before
            for kind, key in last.created:
                if kind != "loss":
                    self._unmake(changed, kind, key)
        last.undone = True

    def _unmake(self, changed: Subjects, kind: str, key: str) -> None:
        if changed[kind].pop(key) or (kind, key) in self.counted_with:
            raise RefusedByModel
        for other, subjects in changed.items():
            for subject in subjects.values():
                for name, refers in REFERENCES.items():
                    if (refers or other) == kind and subject.get(name) == key:
                        raise RefusedByModel

    def redact(self, actor: str, uid: str, name: str) -> None:
        """Take every text that a field of a loss ever held out of its past and its family's."""
        family = {uid}
        while True:
            losses = self.now["loss"]
            more = {key for key, loss in losses.items() if loss.get("split_from") in family}
            more |= {str(losses[key]["split_from"]) for key in family if "split_from" in losses[key]}
            if more <= family:
                break
            family |= more
        past = [change for done in self.done for change in done.changes if change[2] == name and change[0] == "loss"]
        texts = {change[4] for change in past if change[1] == uid} - {None, REDACTED}
        if not texts:
            raise RefusedByModel
        with self.act(actor, final=True):
            pass
        for change in past:
            if change[1] in family:
                change[3:] = [REDACTED if text in texts else text for text in change[3:]]
        for key in family:
            if self.now["loss"][key].get(name) in texts:
                self.now["loss"][key][name] = REDACTED

    def tally(self, as_of: str | None = None) -> Counter[tuple[Any, ...]]:
        """How many items stand in each cell on a day, or by now."""
        cells: Counter[tuple[Any, ...]] = Counter()
        for uid, loss in self.now["loss"].items():
            day, span, inferred = day_of(loss)
            status = status_on(loss, as_of)
            if status is not None and stands(self.now["loss"], uid):
                dimensions = [loss.get(name) for name in ("side", "category", "type", "verification", "feed", "counts")]
                cells[(*dimensions, status, day, span, int(inferred))] += loss["quantity"]
        return cells


def difference(before: Subjects, after: Subjects) -> tuple[list[list[Any]], set[tuple[str, str]]]:
    """Every field that differs, and what is new."""
    changes: list[list[Any]] = []
    created = set()
    for kind, subjects in after.items():
        for key in subjects.keys() | before[kind].keys():
            was, now = before[kind].get(key, {}), subjects.get(key, {})
            if not was:
                created.add((kind, key))
            names = [name for name in was.keys() | now.keys() if was.get(name) != now.get(name)]
            changes += [[kind, key, name, was.get(name), now.get(name)] for name in names]
    return changes, created


def day_of(loss: Subject) -> tuple[str | None, int, bool]:
    """The day a loss goes by, how many days before it may lie, and whether it is inferred."""
    known = [loss[name] for name in ("latest", "reported") if name in loss]
    if not known:
        return loss.get("feed_day"), 0, "inferred" in loss or "feed_day" in loss
    day = min(known)
    span = (date.fromisoformat(day) - date.fromisoformat(loss["earliest"])).days if "earliest" in loss else 0
    return day, span, "inferred" in loss


def events(loss: Subject) -> list[tuple[str, str]]:
    """Day and status of each event, by day; those of one day as they were entered."""
    numbered = sorted((name[1], value) for name, value in loss.items() if name[0] == "event")
    return sorted((value for _, value in numbered), key=lambda event: event[0])


def status_on(loss: Subject, as_of: str | None) -> str | None:
    """What a loss was on a day, or is by now; None while it had not happened, or was recovered."""
    day = day_of(loss)[0]
    if as_of is not None and (day is None or day > as_of):
        return None
    status = loss["status"]
    for event_day, outcome in events(loss):
        if as_of is None or event_day <= as_of:
            status = outcome
    return None if status == "recovered" else status


def group_of(losses: dict[str, Subject], uid: str) -> list[str]:
    """The root of a loss's group, then what is merged into it, in the order of entry."""
    root = losses[uid].get("merged_into", uid)
    return [root] + [key for key, loss in losses.items() if loss.get("merged_into") == root]


def stands(losses: dict[str, Subject], uid: str) -> bool:
    """Whether a loss is the first of its group that is not withdrawn."""
    standing = [key for key in group_of(losses, uid) if "withdrawn" not in losses[key]]
    return standing[:1] == [uid]


def check_group(losses: dict[str, Subject], uid: str) -> None:
    """A group has one root, and all of it one quantity."""
    group = group_of(losses, uid)
    if "merged_into" in losses[group[0]] or len({losses[key]["quantity"] for key in group}) > 1:
        raise RefusedByModel


def check_loss(loss: Subject) -> None:
    """A loss ends after it began, was reported after it began, and each event comes later and changes something."""
    earliest = loss.get("earliest", "")
    if earliest > min(loss.get("latest", "~"), loss.get("reported", "~")) or loss["quantity"] < 1:
        raise RefusedByModel
    day, status = day_of(loss)[0], loss["status"]
    for event_day, outcome in events(loss):
        if (day and event_day < day) or outcome == status:
            raise RefusedByModel
        status = outcome


def above(terms: dict[str, Subject], key: str | None) -> list[str]:
    """A term and all it stands under."""
    line = []
    while key is not None:
        line.append(key)
        key = terms[key].get("parent")
    return line


def merge_terms(subjects: Subjects, kind: str, key: str, into: str) -> None:
    """Give names, what stands below and losses of a term to another."""
    terms = subjects[kind]
    if key == into or "merged_into" in terms[key] or "merged_into" in terms[into]:
        raise RefusedByModel
    if key in above(terms, into):
        put(terms[into], "parent", terms[key].get("parent"))
    for name in [name for name in terms[key] if name[0] == "name"]:
        terms[into][name] = terms[key].pop(name)
    if kind == "type":
        usual, new = terms[key]["category"], terms[into]["category"]
        for loss in subjects["loss"].values():
            if loss.get("type") == key and loss["category"] == usual:
                loss["category"] = new
    for others, name in ((terms, "parent"), (subjects["type"], kind), (subjects["loss"], kind)):
        for other in others.values():
            if other.get(name) == key:
                other[name] = into
    terms[key].pop("parent", None)
    terms[key]["merged_into"] = into


def put(subject: Subject, name: Any, value: Any) -> None:
    """Set a field, or clear it with None."""
    subject.pop(name, None)
    if value is not None:
        subject[name] = value
