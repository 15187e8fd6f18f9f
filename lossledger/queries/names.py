"""From what a user calls something to what the ledger calls it. An unknown name is never guessed."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, select

from lossledger.core.digest import is_uid_beginning
from lossledger.core.entered import as_list
from lossledger.core.fields import MAX_LINE, children
from lossledger.core.names import fold, near
from lossledger.core.records import KINDS
from lossledger.core.text import checked, quoted
from lossledger.core.vocabulary import SPOKEN
from lossledger.db.tables import CHILDREN, SUBJECTS, TABLE_OF
from lossledger.errors import NothingFound, Refused, UnknownName
from lossledger.queries.catalogue import states

UID_KINDS = ("loss", "source", "published", "scene", "post")

NO_CONFLICT = "this ledger has no conflict yet; see: lossledger pack list, or add it with: lossledger conflict add"
"""What a ledger without a conflict is told everywhere."""

_NEAR = 3
"""How many terms an unknown name is said to come near."""


def resolve(connection: Connection, kind: str, name: str, conflict: str | None = None) -> str:
    """The slug of what a user calls by name, by alias or by slug; a side within its conflict.

    What was merged away gives what it was merged into. Errors: UnknownName with near misses; Refused for
    what cannot be a name.
    """
    name = checked(name, kind, MAX_LINE, lines=False)
    found = owner_of(connection, kind, fold(name), conflict) or _by_slug(connection, kind, name, conflict)
    if found is not None:
        return found
    near_ones = _near(connection, kind, name, conflict)
    raise UnknownName(kind, name, near_ones, _way_on(connection, kind, near_ones))


def resolve_types(connection: Connection, text: str) -> tuple[str, str | None]:
    """The type that a text names, as its field and the field of its candidates hold them.

    Errors: those of `type_meant`.
    """
    meant = type_meant(connection, text)
    return meant.type, as_list(meant.candidates) if meant.candidates else None


def resolve_then(connection: Connection, kind: str, name: str, known_on: int, conflict: str | None = None) -> str:
    """The slug of what bore a name after the entry ``known_on``.

    What was merged or renamed since is itself again; what was merged by then is what it was merged into.

    Errors: UnknownName where nothing was called so then.
    """
    within = f"{conflict}/" if kind == "side" and conflict is not None else ""
    then = {slug: state for slug, state in states(connection, kind, known_on).items() if slug.startswith(within)}
    spelt = {spelling: slug for slug, state in then.items() for spelling in _spellings_then(slug, state)}
    called = fold(name)
    found = next((slug for spelling, slug in spelt.items() if fold(spelling) == called), None)
    found = found or next((slug for slug in then if name in (slug, slug.rpartition("/")[2])), None)
    if found is None:
        raise UnknownName(kind, name, near(name, spelt), f"nothing was called so on entry {known_on}")
    while (into := then[found].get("merged_into")) is not None:
        found = into
    return found


def _spellings_then(slug: str, state: Mapping[str, str]) -> list[str]:
    """What a term was called: its aliases, which what it was merged into has taken over; else its name."""
    if "merged_into" in state:
        return []
    return [alias["name"] for alias in children(state, "alias").values()] or [state.get("name", slug)]


class Meant(NamedTuple):
    """What a name of a type means here: the type, and what it may be where that is left open."""

    type: str
    candidates: tuple[str, ...] = ()


def type_meant(connection: Connection, text: str) -> Meant:
    """The type that a user names; of several, "T-72B|T-72B3", the nearest type above all of them with these.

    Errors: UnknownName for a name that the ledger does not know, Refused where they stand under no common type.
    """
    named = [part.strip() for part in text.split("|")]
    slugs = tuple(dict.fromkeys(resolve(connection, "type", name) for name in named))
    if len(slugs) == 1:
        return Meant(slugs[0])
    common = nearest_common(parents_of_types(connection), slugs)
    if common is None:
        raise Refused(
            f"{' and '.join(named)} are variants of no common type to count under; make one with: lossledger type add, "
            "and each its variant with: lossledger type change NAME --parent; or give the category without a type"
        )
    return Meant(common, slugs)


def parents_of_types(connection: Connection) -> dict[str, str]:
    """The type that each variant stands directly under, both by slug."""
    types = SUBJECTS["type"]
    above = types.alias()
    statement = select(types.c.slug, above.c.slug).join(above, above.c.id == types.c.parent_id)
    return {variant: parent for variant, parent in connection.execute(statement)}  # noqa: C416 - rows are no pairs


def nearest_common(parents: Mapping[str, str], slugs: Sequence[str]) -> str | None:
    """The nearest type that each of some types is, or is a variant of; None where there is none."""
    first, *others = (_upwards(parents, slug) for slug in slugs)
    return next((slug for slug in first if all(slug in line for line in others)), None)


def _upwards(parents: Mapping[str, str], slug: str) -> list[str]:
    """A type and those above it, nearest first."""
    line = [slug]
    while (parent := parents.get(line[-1])) is not None:
        line.append(parent)
    return line


def _way_on(connection: Connection, kind: str, near_ones: list[str]) -> str:
    """What to do about a name that nobody knows."""
    if kind == "feed":
        return f"there are: {', '.join(sorted(connection.scalars(select(SUBJECTS[kind].c.slug))))}"
    add = f"add it with: lossledger {kind} add"
    return f"or {add}" if near_ones else f"see: lossledger {kind} list, or {add}"


def _near(connection: Connection, kind: str, name: str, conflict: str | None) -> list[str]:
    """What a name may have been meant for: of each term the spelling that comes nearest, its own name before others."""
    spelt: dict[str, str] = {}
    for spelling, slug in connection.execute(_within(spellings(kind), kind, conflict).order_by(*own_names_first(kind))):
        spelt.setdefault(spelling, slug)
    nearest: dict[str, str] = {}
    for spelling in near(name, spelt, limit=_NEAR * 3):
        nearest.setdefault(spelt[spelling], spelling)
    return list(nearest.values())[:_NEAR]


def own_names_first(kind: str) -> list[ColumnElement[Any]]:
    """The order of a kind's spellings in which a term's own name stands before its others."""
    own = SUBJECTS[kind].c.name
    if (kind, "alias") not in CHILDREN:
        return [own]
    spelling = CHILDREN[kind, "alias"].c.name
    return [spelling != own, spelling]


def names_of(connection: Connection, kind: str, conflict: str | None = None) -> dict[str, str]:
    """Every folded name of a kind with the slug of what bears it; sides of one conflict only."""
    spelt = connection.execute(_within(spellings(kind), kind, conflict))
    return {fold(spelling): slug for spelling, slug in spelt}


def owner_of(connection: Connection, kind: str, folded: str, conflict: str | None = None) -> str | None:
    """The slug of what bears a folded name, or None; a side within its conflict."""
    if (kind, "alias") not in CHILDREN:
        spelt = connection.execute(spellings(kind))
        return next((slug for spelling, slug in spelt if fold(spelling) == folded), None)
    statement = spellings(kind).where(CHILDREN[kind, "alias"].c.folded == folded)
    return connection.scalar(_within(statement, kind, conflict).with_only_columns(SUBJECTS[kind].c.slug))


def _by_slug(connection: Connection, kind: str, slug: str, conflict: str | None) -> str | None:
    subjects = SUBJECTS[kind]
    slugs = (slug, f"{conflict}/{slug}") if kind == "side" else (slug,)
    found = connection.scalar(_within(select(subjects.c.slug).where(subjects.c.slug.in_(slugs)), kind, conflict))
    return None if found is None else kept(connection, kind, found)


def kept(connection: Connection, kind: str, key: str) -> str:
    """What a term or a source was merged into, however often; itself where it was not."""
    subjects = SUBJECTS[kind]
    while "merged_into_id" in subjects.c:
        name = subjects.c[KINDS[kind].key]
        into = select(subjects.c.merged_into_id).where(name == key).scalar_subquery()
        found = connection.scalar(select(name).where(subjects.c.id == into))
        if found is None:
            break
        key = found
    return key


def spellings(kind: str) -> Select[Any]:
    """Every spelling of every term of a kind with its slug; a term's own name is one of its aliases."""
    subjects = SUBJECTS[kind]
    if (kind, "alias") not in CHILDREN:
        return select(subjects.c.name, subjects.c.slug)
    aliases = CHILDREN[kind, "alias"]
    return select(aliases.c.name, subjects.c.slug).join(subjects, subjects.c.id == aliases.c[f"{TABLE_OF[kind]}_id"])


def _within(statement: Select[Any], kind: str, conflict: str | None) -> Select[Any]:
    if kind != "side" or conflict is None:
        return statement
    return statement.where(SUBJECTS["side"].c.slug.startswith(f"{conflict}/", autoescape=True))


def the_conflict(connection: Connection, name: str | None) -> str:
    """The conflict that is meant: the one named, the one set as default, or the only one there is.

    Errors: Refused where there is none, or there are several and none is named.
    """
    settings, conflicts = SUBJECTS["setting"], SUBJECTS["conflict"]
    name = name or connection.scalar(select(settings.c.value).where(settings.c.slug == "conflict"))
    if name is not None:
        return resolve(connection, "conflict", name)
    slugs: list[str] = sorted(connection.scalars(select(conflicts.c.slug)))
    if not slugs:
        raise Refused(NO_CONFLICT)
    if len(slugs) > 1:
        raise Refused(f"this ledger has several conflicts; choose with --conflict: {', '.join(slugs)}")
    return slugs[0]


def whole_uid(connection: Connection, kind: str, beginning: str) -> str:
    """The uid that begins so. Errors: NothingFound for none, Refused where several begin so."""
    subjects = SUBJECTS[kind]
    wanted = beginning.strip().lower()
    missing = NothingFound(f"no {SPOKEN.get(kind, kind)} has the id {quoted(beginning)}")
    if not is_uid_beginning(wanted):
        raise missing
    begins = subjects.c.uid.startswith(wanted, autoescape=True)
    found = list(connection.scalars(select(subjects.c.uid).where(begins).order_by(subjects.c.uid).limit(4)))
    if not found:
        raise missing
    if len(found) > 1 and wanted not in found:
        raise Refused(f"several ids begin with {quoted(beginning)}: {', '.join(found)}; give more letters")
    return wanted if wanted in found else found[0]
