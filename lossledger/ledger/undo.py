"""Undo: the latest act of the same actor, reversed by a new one."""

from collections.abc import Iterator

from sqlalchemy import literal, select

from lossledger.core.days import last_day_not_future
from lossledger.core.fields import FLAG, State
from lossledger.core.fold import fold, spread
from lossledger.core.records import ACT_FIELDS
from lossledger.core.rules import check_loss
from lossledger.core.vocabulary import Act, Verification
from lossledger.db.tables import SUBJECTS, evidence, post
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.errors import NothingFound, Refused
from lossledger.ledger import groups
from lossledger.ledger.journal import Journal
from lossledger.ledger.second import refuse_alone, says_otherwise
from lossledger.queries.history import Told, folded, of_act, of_subject

FINAL = {
    Act.REDACT: "what was redacted is gone for good",
    Act.HELD: "it holds what a feed said",
}
"""Acts that cannot be undone, and why."""


def undo(journal: Journal, only: str | None = None) -> str:
    """Reverse the actor's latest act that still stands, where it is the one of the id ``only`` if one is given.

    Returns the id of the act undone.

    Called again, it goes one act further back. A loss that the act reported is withdrawn: its id stays, and
    with it what it rests on, a source, a type, an import run that came with it. So does a source that somebody
    else has cited since, and a scene that others' posts have joined.
    Errors: NothingFound where the actor has done nothing; Refused where the act is final or another than the one
    that is meant, or where somebody has changed the same since; where the ledger asks for a second person, for one who
    would bring back a confirmation that they may not give.
    """
    act_id = _latest(journal)
    if only not in (None, act_id):
        raise Refused(f"{journal.actor} has done something else since; take it back with amend, verify or unmerge")
    done = of_act(journal.connection, act_id)
    act = Act(done[0].entry.act)
    _refuse_final(act, done)
    reported = any(told.entry.act == Act.REPORT for told in done)
    told_of = [told for told in done if told.entry.kind == "loss"]
    losses = {told.entry.subject for told in told_of}
    stood = {uid: journal.state("loss", uid) for uid in losses}
    for told in reversed(done):
        before = folded(
            journal.connection,
            told.entry.kind,
            told.entry.subject,
            before=told.entry.number,
        )
        if not before and _stays(journal, told, reported=reported, alone=len(done) == 1):
            continue
        _refuse_changed_since(journal, told, act_id, made=not before and told.entry.kind != "loss")
        journal.append(
            Act.UNDO,
            told.entry.kind,
            told.entry.subject,
            _reversal(told, before),
            undoes=act_id,
        )
    left = {root for told in told_of if (root := told.about("merged_into")) is not None}
    for uid in sorted(losses):
        check_loss(journal.state("loss", uid), last_day_not_future())
        if act != Act.SPLIT:  # what goes back to its whole leaves that as far believed as it was
            _refuse_confirming(journal, uid, stood[uid])
    for uid in sorted(losses | left):
        groups.settle(journal, Act.UNDO, uid)
    return act_id


def _refuse_final(act: Act, done: list[Told]) -> None:
    """Refuse to undo what is for good. A release is, so that what somebody cited by its name is never another."""
    why = FINAL.get(act)
    if any(told.entry.kind == "release" and told.about("hash") is not None for told in done):
        why = "a release is for good; withdraw it with: lossledger release withdraw"
    if why is not None:
        when = f"{done[0].entry.recorded_at[:10]} {done[0].entry.recorded_at[11:16]} UTC"
        raise Refused(
            f"your latest act, {act} on {when}, cannot be undone: {why}; "
            "take what you did before it back with amend, verify, unmerge, withdraw or reinstate"
        )


def _refuse_confirming(journal: Journal, uid: str, stood: State) -> None:
    """Refuse that the actor alone has a loss stand confirmed that did not stand so, or did while it said otherwise."""
    now = journal.state("loss", uid)
    if now["verification"] != Verification.CONFIRMED:
        return
    if stood["verification"] != Verification.CONFIRMED or says_otherwise(stood, now):
        refuse_alone(journal, uid, [journal.actor])


def _latest(journal: Journal) -> str:
    """The latest act of the journal's actor that is no undo and was not undone.

    The journal is read from its end: an undo always stands after what it undid, and the latest act is near.
    """
    undoing = details.alias()
    statement = (
        select(entries.c.act, entries.c.act_id, undoing.c.value)
        .join(details, (details.c.entry == entries.c.number) & (details.c.field == "actor"))
        .join(undoing, (undoing.c.entry == entries.c.number) & (undoing.c.field == "undoes"), isouter=True)
        .where(details.c.value == journal.actor)
        .order_by(entries.c.number.desc())
    )
    undone = set()
    with journal.connection.execute(statement, execution_options={"yield_per": 100}) as rows:
        for act, act_id, undoes in rows:
            if act == Act.UNDO:
                undone.add(undoes)
            elif act_id not in undone:
                return str(act_id)
    raise NothingFound(f"{journal.actor} has no act that could be undone")


def _reversal(told: Told, before: State) -> dict[str, str | None]:
    """The fields that put a subject back to what it was before an entry."""
    if not before and told.entry.kind == "loss":
        return {"withdrawn": FLAG}
    return {field: before.get(field) for field in _changed_fields(told)}


def _changed_fields(told: Told) -> Iterator[str]:
    return (detail.field for detail in spread(told.details) if detail.field not in ACT_FIELDS)


def _stays(journal: Journal, told: Told, *, reported: bool, alone: bool) -> bool:
    """Whether something that the act made is kept, because losses rest on it that keep their ids."""
    kind = told.entry.kind
    if kind in ("loss", "published"):
        return False
    return reported or (kind in _RESTED_ON and not alone and _rested_on(journal, kind, told.entry.subject))


_RESTED_ON = {"source": (evidence.c.source_id, SUBJECTS["published"].c.source_id), "scene": (post.c.scene_id,)}
"""What is made on the way of an act and may be taken up by others, and the columns that then refer to it."""


def _rested_on(journal: Journal, kind: str, uid: str) -> bool:
    """Whether anything rests on a source or a scene by now."""
    journal.flush()
    own = journal.keys.id_of(kind, uid)
    return any(
        journal.connection.scalar(select(literal(1)).where(column == own).limit(1)) for column in _RESTED_ON[kind]
    )


def _refuse_changed_since(journal: Journal, told: Told, act_id: str, *, made: bool) -> None:
    """Refuse to undo what somebody has changed since. Of what the act ``made``, which goes, any field is meant."""
    mine = set(_changed_fields(told)) - {groups.STANDS_IN}
    for later in of_subject(journal.connection, told.entry.kind, told.entry.subject):
        if later.entry.number <= told.entry.number or later.entry.act_id in (
            act_id,
            journal.act_id,
        ):
            continue
        # What was changed and changed back since (by another undo, say) stands in nobody's way.
        touched = set(_changed_fields(later))
        touched = touched if made else touched & mine
        state = fold({}, told.details)
        now = journal.state(told.entry.kind, told.entry.subject)
        if any(now.get(field) != state.get(field) for field in touched):
            who = later.about("actor") or "somebody"
            raise Refused(
                f"{told.entry.kind} {told.entry.subject} was changed since by {who} "
                f"(entry {later.entry.number}: {later.entry.act}); amend it instead"
            )
