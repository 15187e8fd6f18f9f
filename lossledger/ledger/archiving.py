"""What an archiver found of a link, entered: what is held of it now, or that it is gone, and when that was seen."""

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine

from lossledger.core.fields import MAX_LINE, State
from lossledger.core.vocabulary import Health, Origin
from lossledger.evidence.fetching import Outcome, Payload
from lossledger.evidence.likeness import MEDIA_TYPES, likeness
from lossledger.evidence.media import captured, media_type
from lossledger.evidence.store import Store, Taking
from lossledger.ledger.files import HeldFile, hold, known_to
from lossledger.ledger.journal import Journal, recording
from lossledger.queries.unheld import Link

REASON = "evidence archive"

_SHOWN = (Health.MEDIA, Health.PAGE)


def archive(engine: Engine, store: Store, actor: str, link: Link, outcome: Outcome) -> list[HeldFile] | None:
    """Enter the outcome of a look, as one act, and have the store keep what it brought.

    Returns what is held now and was not before; None where the link was redacted or merged away since it was read, of
    which nothing is kept. What is returned is in the journal and on the disk.
    """
    if not outcome.payloads:
        with recording(engine, actor=actor, reason=REASON) as journal:
            return _entered(journal, link, outcome, [])
    with store.taking(known_to(engine)) as taking:
        files = _staged(taking, link, outcome)
        with recording(engine, actor=actor, reason=REASON) as journal:
            held = _entered(journal, link, outcome, files)
        if held:
            taking.keep()
    return held


def _staged(taking: Taking, link: Link, outcome: Outcome) -> list[HeldFile]:
    record = None if outcome.record is None else taking.add(outcome.record).sha256
    return [_file(taking, link, payload, record) for payload in outcome.payloads]


def _file(taking: Taking, link: Link, payload: Payload, record: str | None) -> HeldFile:
    taken = taking.add(payload.content)
    kind = media_type(taken.path)
    return HeldFile(
        sha256=taken.sha256,
        size=taken.size,
        origin=Origin.FETCHED,
        media_type=kind,
        name=_name(payload.url or link.url),
        captured=captured(taken.path) if kind.startswith("image/") else None,
        url=payload.url,
        record=record,
        likeness=likeness(taken.path) if kind in MEDIA_TYPES else None,
    )


def _name(url: str) -> str | None:
    """What a file is called by its address; None where that says nothing that is fit to be read."""
    name = unquote(PurePosixPath(urlsplit(url).path).name)
    return name if name.isprintable() and 0 < len(name) <= MAX_LINE else None


def _entered(journal: Journal, link: Link, outcome: Outcome, files: list[HeldFile]) -> list[HeldFile] | None:
    state = journal.state("source", link.source)
    if state.get("url") != link.url or "merged_into" in state:
        return None
    about: dict[str, str | None] = {"health": outcome.health.value, "looked_at": outcome.looked_at}
    return hold(journal, link.source, files, about | _gone(state, outcome))


def _gone(state: State, outcome: Outcome) -> dict[str, str | None]:
    """The first day on which a link was found gone stays, until what it showed is there again."""
    if outcome.health is Health.GONE:
        return {"gone_on": state.get("gone_on", outcome.looked_at[:10])}
    return {"gone_on": None} if outcome.health in _SHOWN else {}
