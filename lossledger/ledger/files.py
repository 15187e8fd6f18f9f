"""Acts on what is held of a source: a file is held, or marked, and what the store has to ask of the journal."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Engine

from lossledger.core.digest import new_uid
from lossledger.core.fields import FLAG, child_path, children
from lossledger.core.vocabulary import Act, Origin, SourceKind
from lossledger.db.engine import place, writing
from lossledger.db.schema import require_current
from lossledger.errors import Refused
from lossledger.evidence.store import Known
from lossledger.ledger.catalogue import create
from lossledger.ledger.journal import Journal
from lossledger.ledger.losses import existing
from lossledger.queries.files import Held, held, in_journal, of_digests


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFile:
    """A file as a source has it: its digest and size, how it came, what it is; see `core.records`."""

    sha256: str
    size: int
    origin: Origin
    media_type: str | None = None
    name: str | None = None
    captured: str | None = None
    url: str | None = None
    record: str | None = None
    graphic: bool = False
    likeness: str | None = None


def hold(
    journal: Journal, source: str, files: Iterable[HeldFile], about: Mapping[str, str | None] | None = None
) -> list[HeldFile]:
    """Have files be held of a source, in one entry with what else it tells ``about`` the source.

    A digest is held once of a source, and it is graphic wherever it is held once somebody has said so. Returns those
    that were not held yet; nothing is appended where there is nothing new.
    """
    state = journal.state("source", source)
    if not state:
        raise Refused(f"no source {source!r} in this ledger")
    given = {file.sha256: file for file in files}
    journal.flush()
    twins = held(journal.connection, of_digests(given))
    graphic = {file.sha256 for file in given.values() if file.graphic} | {file.sha256 for file in twins if file.graphic}
    mark(journal, [file for file in twins if file.sha256 in graphic], graphic=True)
    known = {file["sha256"] for file in children(state, "file").values()}
    new = [replace(file, graphic=file.sha256 in graphic) for file in given.values() if file.sha256 not in known]
    fields = dict(about or {})
    for file in new:
        fields |= _fields(file)
    if any(state.get(path) != value for path, value in fields.items()):
        journal.append(Act.EVIDENCE, "source", source, fields)
    return new


def own_source(journal: Journal, uid: str, file: HeldFile, details: Mapping[str, str]) -> tuple[str, bool]:
    """The source that a file is by itself, given by the actor; and whether this act made it, with ``details``.

    A file that such a source, or one that the loss rests on, holds already is no other source.
    """
    journal.flush()
    rests_on = cited(journal, uid)
    for held_file in held(journal.connection, of_digests([file.sha256])):
        alone = "url" not in journal.state("source", held_file.source) and held_file.origin == Origin.GIVEN
        if held_file.source in rests_on or alone:
            return held_file.source, False
    kind = _KIND_OF.get((file.media_type or "").partition("/")[0], SourceKind.OTHER)
    said = {"title": file.name, "author": journal.actor, "kind": kind.value} | dict(details)
    return create(journal, "source", {path: text for path, text in said.items() if text is not None}), True


_KIND_OF = {"image": SourceKind.IMAGE, "video": SourceKind.VIDEO}


def cited(journal: Journal, uid: str) -> set[str]:
    """The sources that speak of a loss. Errors: Refused where there is no such loss."""
    return {piece["source"] for piece in children(existing(journal, uid), "evidence").values()}


def mark(journal: Journal, files: Iterable[Held], *, graphic: bool) -> int:
    """Say of held files whether they are graphic, an entry for each source; returns how many were not so yet."""
    changed = [file for file in files if file.graphic is not graphic]
    for file in changed:
        flag = FLAG if graphic else None
        journal.append(Act.EVIDENCE, "source", file.source, {child_path("file", file.uid, "graphic"): flag})
    return len(changed)


def liken(journal: Journal, likenesses: Mapping[Held, str]) -> int:
    """Have held pictures be known by their likenesses, an entry for each source; returns how many were not yet.

    They were read some time ago: what is not held any more, or has a likeness by now, is left as it is.
    """
    by_source: dict[str, dict[str, str | None]] = defaultdict(dict)
    for file, likeness in likenesses.items():
        known = children(journal.state("source", file.source), "file").get(file.uid, {})
        if known.get("sha256") == file.sha256 and "likeness" not in known:
            by_source[file.source][child_path("file", file.uid, "likeness")] = likeness
    for source, fields in by_source.items():
        journal.append(Act.EVIDENCE, "source", source, fields)
    return sum(map(len, by_source.values()))


def _fields(file: HeldFile) -> dict[str, str | None]:
    uid = new_uid()
    said = asdict(file) | {
        "origin": file.origin.value,
        "size": str(file.size),
        "graphic": FLAG if file.graphic else None,
    }
    return {child_path("file", uid, name): value for name, value in said.items() if value is not None}


def known_to(engine: Engine) -> Known:
    """What a store asks of the journal before it settles what a dead process left, see `Store.settle`.

    It is asked as a writer, so that an act whose program died while the database committed it is waited for.
    """

    def known(digests: Collection[str]) -> Collection[str]:
        with writing(engine, keep=False) as connection:
            require_current(connection, place(engine))
            return in_journal(connection, digests)

    return known
