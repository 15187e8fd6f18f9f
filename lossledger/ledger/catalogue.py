"""Acts on the catalogue: conflicts, sides, categories, types, feeds and sources are made, renamed, merged, changed.

What bears names keeps every one of them as an alias, its own name included, so one look-up finds it
and an old name goes on working. What was merged away keeps its row, for past tallies speak of it.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, select

from lossledger.core.digest import new_uid
from lossledger.core.fields import FLAG, State, child_path, children
from lossledger.core.names import fold, slug
from lossledger.core.vocabulary import Act
from lossledger.db.tables import CHILDREN, SUBJECTS, evidence, loss
from lossledger.errors import Refused
from lossledger.ledger.journal import Journal
from lossledger.queries.names import names_of

Fields = Mapping[str, str | None]

MERGEABLE = ("side", "category", "type", "source")
"""The kinds of which two terms can turn out to be one."""


def create(
    journal: Journal,
    kind: str,
    fields: Mapping[str, str],
    key: str | None = None,
    aliases: Mapping[str, str | None] | None = None,
) -> str:
    """Make a new conflict, side, category, type, feed or source; returns its slug or uid.

    ``aliases`` are its other names, each with the reason it is one where that is known.
    Errors: Refused where a name or the slug is taken.
    """
    key = key or _new_key(kind, fields)
    if journal.keys.find(kind, key) is not None:
        raise Refused(f"there is a {kind} {key!r} already")
    _refuse_other_conflict(kind, key, fields.get("parent"))
    state: dict[str, str | None] = dict(fields)
    if (kind, "alias") in CHILDREN:
        if "merged_into" not in fields:  # else its name is that of the one kept
            state |= _alias(journal, kind, key, fields["name"])
        for name, why in (aliases or {}).items():
            state |= _alias(journal, kind, key, name, why)
    journal.append(Act.CATALOGUE, kind, key, state, new=True)
    return key


def change(journal: Journal, kind: str, key: str, fields: Fields) -> State:
    """Change fields of something in the catalogue. A type's new category reposts its losses.

    Errors: Refused where nothing would change, or a tree would bite its own tail.
    """
    before = _existing(journal, kind, key)
    if all(before.get(path) == value for path, value in fields.items()):
        raise Refused(f"{kind} {key} already says so; nothing to change")
    parent = fields.get("parent")
    _refuse_other_conflict(kind, key, parent)
    if parent is not None and key in _ancestry(journal, kind, parent):
        raise Refused(f"{kind} {key!r} cannot stand under {parent!r}: that stands under it already")
    after = journal.append(Act.CATALOGUE, kind, key, fields)
    if kind == "type" and after["category"] != before["category"]:
        under = loss.c.category_id == journal.keys.id_of("category", before["category"])
        of_type = loss.c.type_id == journal.keys.id_of("type", key)
        _repost(journal, under & of_type, {"category": after["category"]})
    return after


def rename(journal: Journal, kind: str, key: str, name: str) -> State:
    """Give a new name; the old one goes on working as an alias. Errors: Refused where it is taken."""
    _existing(journal, kind, key)
    fields: dict[str, str | None] = {"name": name}
    if (kind, "alias") in CHILDREN:
        fields |= _alias(journal, kind, key, name)
    return change(journal, kind, key, fields)


def alias(journal: Journal, kind: str, key: str, name: str, why: str | None = None) -> State:
    """Add another name. Errors: Refused where it means something else already, or is known."""
    _existing(journal, kind, key)
    return change(journal, kind, key, _alias(journal, kind, key, name, why))


def merge(journal: Journal, kind: str, key: str, into: str) -> None:
    """Say that two terms are one: names, files, losses and what stands below move to the one kept.

    Errors: Refused for one merged already, one merged into itself, or sides of two conflicts.
    """
    state, kept = _existing(journal, kind, key), _existing(journal, kind, into)
    if kind not in MERGEABLE:
        raise Refused(f"a {kind} cannot be merged; only these can: {', '.join(MERGEABLE)}")
    if key == into:
        raise Refused(f"{kind} {key!r} cannot be merged into itself")
    for name, one in ((key, state), (into, kept)):
        if "merged_into" in one:
            raise Refused(f"{kind} {name!r} is merged into {one['merged_into']!r} already")
    if kind == "side" and state["conflict"] != kept["conflict"]:
        raise Refused(f"{key} and {into} belong to different conflicts")
    aliases = children(state, "alias")
    names = {child_path("alias", folded, name): text for folded, own in aliases.items() for name, text in own.items()}
    going, coming = _files_moved(state, kept)
    freed: dict[str, str | None] = dict.fromkeys(names) | going
    freed["merged_into"] = into
    if state.get("parent") is not None:
        freed["parent"] = None
    journal.append(Act.CATALOGUE, kind, key, freed)
    if aliases:
        _names(journal, kind, key).update(dict.fromkeys(aliases, into))
    adopted = dict(names) | coming
    if key in _ancestry(journal, kind, into):
        # What stood between the two will stand under the one kept, which cannot stand under itself.
        adopted["parent"] = state.get("parent")
    if adopted:
        journal.append(Act.CATALOGUE, kind, into, adopted)
    _move_what_refers(journal, kind, key, into)


def _files_moved(state: State, kept: State) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """What becomes of the files of a source that is merged: the fields that go, and those that the one kept gets.

    What is held of both is held once; it is graphic where either says so.
    """
    going: dict[str, str | None] = {}
    coming: dict[str, str | None] = {}
    there = {file["sha256"]: uid for uid, file in children(kept, "file").items()}
    for uid, file in children(state, "file").items():
        paths = {child_path("file", uid, name): text for name, text in file.items()}
        going |= dict.fromkeys(paths)
        if file["sha256"] not in there:
            coming |= paths
        elif "graphic" in file:
            coming[child_path("file", there[file["sha256"]], "graphic")] = FLAG
    return going, coming


def _move_what_refers(journal: Journal, kind: str, key: str, into: str) -> None:
    journal.flush()
    own_id = journal.keys.id_of(kind, key)
    if kind in _REFERRING:
        referring, field = _REFERRING[kind]
        table = SUBJECTS[referring]
        for child in journal.connection.scalars(select(table.c.slug).where(table.c[f"{field}_id"] == own_id)).all():
            journal.append(Act.CATALOGUE, referring, child, {field: into})
        of_it = loss.c[f"{kind}_id"] == own_id
        if kind == "type":
            # Those that stood under its usual heading go to the heading of the type kept; others stay where they are.
            usual, new = (journal.state("type", slug)["category"] for slug in (key, into))
            under_usual = loss.c.category_id == journal.keys.id_of("category", usual)
            _repost(journal, of_it & under_usual, {"type": into, "category": new})
        _repost(journal, of_it, {kind: into})
    if kind == "source":
        _move_evidence(journal, own_id, into)


_REFERRING = {
    "side": ("side", "parent"),
    "type": ("type", "parent"),
    "category": ("type", "category"),
}
"""What else of the catalogue points to a kind, and by which field."""


def _move_evidence(journal: Journal, source_id: int, into: str) -> None:
    cited = (
        select(loss.c.uid, evidence.c.uid)
        .join(loss, loss.c.id == evidence.c.loss_id)
        .where(evidence.c.source_id == source_id)
        .order_by(loss.c.id, evidence.c.uid)
    )
    for uid, piece in journal.connection.execute(cited).all():
        journal.append(Act.EVIDENCE, "loss", uid, {child_path("evidence", piece, "source"): into})


def _repost(journal: Journal, where: ColumnElement[bool], fields: Fields) -> None:
    """Change the same fields of many losses, an entry each, so that each has its own history."""
    journal.flush()
    chosen = select(loss.c.uid).where(where).order_by(loss.c.id)
    for uid in journal.connection.scalars(chosen).all():
        journal.append(Act.AMEND, "loss", uid, fields)


def _refuse_other_conflict(kind: str, key: str, parent: str | None) -> None:
    if kind == "side" and parent is not None and parent.partition("/")[0] != key.partition("/")[0]:
        raise Refused(f"side {key} cannot stand under {parent}, which belongs to another conflict")


def _existing(journal: Journal, kind: str, key: str) -> State:
    state = journal.state(kind, key)
    if not state:
        raise Refused(f"no {kind} {key!r} in this ledger")
    return state


def _ancestry(journal: Journal, kind: str, key: str) -> list[str]:
    """A term and everything above it, nearest first."""
    line = [key]
    while (parent := journal.state(kind, line[-1]).get("parent")) is not None:
        line.append(parent)
    return line


def _new_key(kind: str, fields: Mapping[str, str]) -> str:
    if kind in ("source", "import", "published"):
        return new_uid()
    stem = slug(fields["name"]) or new_uid()
    return f"{fields['conflict']}/{stem}" if kind == "side" else stem


def _alias(journal: Journal, kind: str, key: str, name: str, why: str | None = None) -> dict[str, str | None]:
    """The fields of an alias, refused where the name means something else or nothing at all."""
    folded = fold(name)
    if not folded:
        raise Refused(f"{name!r} has no letter or digit that a name could be known by")
    names = _names(journal, kind, key)
    if names.setdefault(folded, key) != key:
        raise Refused(f"{name!r} is already a name of {kind} {names[folded]!r}")
    fields: dict[str, str | None] = {child_path("alias", folded, "name"): name}
    return fields | ({child_path("alias", folded, "kind"): why} if why is not None else {})


def _names(journal: Journal, kind: str, key: str) -> dict[str, str]:
    """The names taken among a kind, those given in this act included; among sides, of one conflict."""
    conflict = key.partition("/")[0] if kind == "side" else None
    if (kind, conflict) not in journal.names:
        journal.flush()
        journal.names[kind, conflict] = names_of(journal.connection, kind, conflict)
    return journal.names[kind, conflict]
