"""What of a site may be left as it is: what the journal says was changed since it was written, and nothing else."""

import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, select

from lossledger import __version__
from lossledger.core.fields import State
from lossledger.core.records import ACT_FIELDS
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import evidence, loss, source
from lossledger.publish.folder import WHOLE, Folder
from lossledger.publish.frame import Frame
from lossledger.publish.remembered import Remembered
from lossledger.queries.catalogue import Catalogue, states

_NOT_SHOWN = frozenset(("import", "published", "release", "scene", "post", "source", "loss"))
"""Kinds of which an entry touches no page by itself but those that are always looked at. The catalogue is on all."""

_SHARE = 4
"""Where more than one loss in so many changed, all is written anew: asking for each costs more."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed: losses by their uids, and the headings that they are or were under, by slug."""

    uids: frozenset[str]
    categories: frozenset[str]
    mapped: bool
    """Whether anything changed that the map may show."""
    before: Remembered
    """The journal before that."""

    def leaves(self, path: str) -> bool:
        """Whether a file of the site that was written before stays as it is."""
        if path.startswith(("loss/", "corrections-")):
            return True
        of_heading = _OF_HEADING.fullmatch(path)
        return of_heading is not None and of_heading["slug"] not in self.categories


_OF_HEADING = re.compile(r"(?:data/items-|category/|downloads/)(?P<slug>[a-z0-9-]+)\..*")
"""The files of one heading: its page, its lists, its script."""


def made_by(own: Frame, view: tuple[str, ...]) -> dict[str, Any]:
    """By what a site's pages are made, but for the losses: the program, its templates and settings, which losses."""
    return {
        "program": __version__,
        "looks": _looks(own),
        "conflict": own.scope.conflict,
        "release": own.release,
        "view": list(view),
        "columns": [column.key for column in own.columns],
        "entry": own.head.number,
        "hash": own.head.hash.hex(),
    }


def _looks(own: Frame) -> str:
    """A digest of all that pages look like: templates, assets, code, settings."""
    digest = hashlib.blake2b(repr((own.settings, sorted(own.assets.items()))).encode(), digest_size=16)
    room = files("lossledger.publish")
    for folder in (room, room.joinpath("templates")):
        for one in sorted(folder.iterdir(), key=lambda file: file.name):
            if one.is_file():
                digest.update(one.read_bytes())
    return digest.hexdigest()


_STANDS = ("entry", "hash", *Remembered._fields)


def since(connection: Connection, folder: Folder, made: dict[str, Any], known: Catalogue) -> Changed | None:
    """What changed since a folder was written; None where all is to be written anew."""
    before, remembered = folder.before.made, Remembered.of(folder.before.made)
    if {name: before.get(name) for name in made.keys() - _STANDS} != {
        name: made[name] for name in made.keys() - _STANDS
    }:
        return None
    last = connection.scalar(select(entries.c.hash).where(entries.c.number == before.get("entry")))
    if remembered is None or last is None or last.hex() != before.get("hash"):
        return None
    statement = select(entries.c.kind, entries.c.subject, entries.c.act).where(entries.c.number > before["entry"])
    rows = connection.execute(statement).all()
    if any(kind not in _NOT_SHOWN or act == Act.REDACT for kind, _, act in rows):
        return None
    missing = folder.missing()
    if any(not path.startswith(("loss/", WHOLE)) for path in missing):
        return None
    lost = {path.removeprefix("loss/").removesuffix(".html") for path in missing if path.startswith("loss/")}
    return _changed(connection, rows, lost, remembered, known)


def _changed(connection: Connection, rows: Any, lost: set[str], before: Remembered, known: Catalogue) -> Changed | None:
    uids = {subject for kind, subject, _ in rows if kind == "loss"} | lost
    uids |= _resting_on(connection, {subject for kind, subject, _ in rows if kind == "source"})
    if len(uids) * _SHARE > (connection.scalar(select(loss.c.id).order_by(loss.c.id.desc()).limit(1)) or 0):
        return None
    after = states(connection, "loss", among=_among(uids))
    earlier = states(connection, "loss", before.tree.size, among=_among(uids))
    if any(_conflict(state, known) != _conflict(after[uid], known) for uid, state in earlier.items()):
        return None  # with a loss all that was ever done to it goes to the other's log
    found = [*after.values(), *earlier.values()]
    tied = {state[name] for state in found for name in ("merged_into", "split_from") if name in state}
    mapped = _mapped(connection, before.tree.size)
    return Changed(frozenset(uids | tied), frozenset(state["category"] for state in found), mapped, before)


_NOT_MAPPED = frozenset(
    (
        *("phrase", "cause", "captor", "name", "fittings", "circumstance", "place", "unit", "tags", "note"),
        *("verified_by", "split_from", "evidence", "row", *ACT_FIELDS),
    )
)
"""What entries say of a loss that the map does not show: fields of its own, and children."""


def _mapped(connection: Connection, since: int) -> bool:
    """Whether an entry since says anything of a loss that the map may show; what it says need not be told."""
    statement = (
        select(entries.c.kind, details.c.field)
        .join(details, details.c.entry == entries.c.number)
        .where(entries.c.number > since)
        .distinct()
    )
    said = {field.partition(".")[0] for kind, field in connection.execute(statement) if kind == "loss"}
    return not said <= _NOT_MAPPED


def _conflict(state: State, known: Catalogue) -> str | None:
    return known.terms["side"][state["side"]].within


def _among(uids: set[str]) -> Any:
    return select(loss.c.uid).where(loss.c.uid.in_(sorted(uids)))


def _resting_on(connection: Connection, sources: set[str]) -> set[str]:
    """The losses that some sources are evidence for."""
    statement = (
        select(loss.c.uid)
        .join(evidence, evidence.c.loss_id == loss.c.id)
        .join(source, source.c.id == evidence.c.source_id)
        .where(source.c.uid.in_(sorted(sources)))
    )
    return set(connection.scalars(statement)) if sources else set()
