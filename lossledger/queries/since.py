"""What was last done to some losses: for whoever wants to decide what somebody else has decided meanwhile."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from lossledger.core.text import many
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.queries.history import Told, told

_DID = {
    Act.REPORT: "reported",
    Act.AMEND: "corrected",
    Act.EVENT: "recorded an event of",
    Act.VERIFY: "looked at",
    Act.SPLIT: "split",
    Act.MERGE: "merged",
    Act.UNMERGE: "unmerged",
    Act.WITHDRAW: "withdrew",
    Act.REINSTATE: "reinstated",
    Act.EVIDENCE: "added evidence to",
    Act.DISPUTE: "recorded a dispute of",
    Act.NOTE: "added a note to",
    Act.LINK: "linked",
    Act.HELD: "imported another word on",
    Act.REDACT: "redacted",
    Act.UNDO: "undid an act on",
}

_BELIEVED = {"claimed": "set back to claimed"}


def last_done(connection: Connection, uids: Collection[str], after: int = 0, besides: str | None = None) -> Told | None:
    """The last entry on any of some losses after an entry number, those of one act aside; None where there is none."""
    mine = (entries.c.kind == "loss") & entries.c.subject.in_(list(uids)) & (entries.c.number > after)
    if besides is not None:
        mine &= entries.c.act_id != besides
    number = connection.scalar(select(entries.c.number).where(mine).order_by(entries.c.number.desc()).limit(1))
    return next(told(connection, select(entries).where(entries.c.number == number)), None) if number else None


def in_words(done: Told, now: str) -> str:
    """Who did what to a loss and how long ago: "ann confirmed loss k3j2... 2 minutes ago"."""
    who = done.about("actor") or "somebody"
    act = Act(done.entry.act)
    did = _DID.get(act, "changed")
    believed = done.about("verification")
    if act is Act.VERIFY and believed:
        did = _BELIEVED.get(believed, believed)
    if act is Act.EVIDENCE and not any(detail.field.endswith(".relation") for detail in done.details):
        did = "judged the evidence of"
    if act is Act.LINK and any(detail.field == "text" for detail in done.details):
        return f"{who} found losses {done.entry.subject} and {done.about('to')} to be two {_ago(done, now)}"
    return f"{who} {did} loss {done.entry.subject} {_ago(done, now)}"


def _ago(done: Told, now: str) -> str:
    seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(done.entry.recorded_at)).total_seconds()
    for size, one in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{many(int(seconds // size), one)} ago"
    return "just now"
