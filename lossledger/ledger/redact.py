"""Redaction: a text goes for good, for law or safety; the numbers and the chain stay."""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, Engine, bindparam, select, text, update

from lossledger.core.digest import Detail, detail_digest
from lossledger.core.fields import generic
from lossledger.core.records import field_of
from lossledger.core.vocabulary import Act
from lossledger.db.engine import unbound
from lossledger.db.tables import entry as entries
from lossledger.db.tables import entry_detail as details
from lossledger.db.tables import loss, source
from lossledger.errors import NothingFound, Refused
from lossledger.ledger.journal import Journal
from lossledger.queries.history import OF_THE_ACT, Told, first_of_act, of_subject
from lossledger.queries.repeated import repeats

_COPIES = ("row.given", "held")
"""The fields that hold a whole row of a feed, and with it copies of other fields."""


def redact(journal: Journal, kind: str, key: str, fields: list[str]) -> int:
    """Take the texts of some fields out of every entry on a subject, and of those that were one with it.

    ``fields`` are names such as ``note``, ``place``, ``actor``, ``evidence.note``. Returns how many
    details were redacted. Errors: Refused for a field that the counts rest on, NothingFound where no
    entry holds such a text; Refused for a reason that repeats one. Run `erase` once the journal is committed.
    """
    refuse_public(kind, fields)
    family = _FAMILIES[kind](journal.connection, key) if kind in _FAMILIES else [key]
    texts: set[str] = set()
    taken = 0
    for subject in family:
        told = of_subject(journal.connection, kind, subject)
        only = texts if subject != key else None
        at = {(kind, subject): _holding(told, fields, only)}
        for first in _speaking_for(journal.connection, told, fields):
            own = at.setdefault((first.entry.kind, first.entry.subject), [])
            own += [one for one in _holding([first], list(OF_THE_ACT & {*fields}), only) if one not in own]
        for (of, its_key), found in at.items():
            texts |= {value for _, detail in found if (value := detail.value)}
            _refuse_repeating(journal.reason, _own_texts(found))
            if found:
                _take(journal.connection, found)
                _tell(journal, of, its_key, found)
                taken += len(found)
    if not taken:
        raise NothingFound(f"no entry on {kind} {key} holds a text in {', '.join(fields)}")
    return taken


def _refuse_repeating(reason: str | None, texts: set[str]) -> None:
    if reason and repeats(reason, texts):
        raise Refused("the reason repeats the text that is to go, and stays for good; give one that does not")


def _own_texts(found: list[tuple[int, Detail]]) -> set[str]:
    """The texts of details, without whole rows of a feed that hold one of them."""
    return {str(detail.value) for _, detail in found if generic(detail.field) not in _COPIES}


def _speaking_for(connection: Connection, told: list[Told], fields: list[str]) -> list[Told]:
    """The first entries of the acts that some entries are of, where they say for these who acted and why."""
    if not OF_THE_ACT & {*fields}:
        return []
    acts = dict.fromkeys(one.entry.act_id for one in told if one.of_the_act)
    return [first_of_act(connection, act_id) for act_id in acts]


def refuse_public(kind: str, fields: Iterable[str]) -> None:
    """Refuse, before anything is done, fields that a kind of subject has not, or that the counts rest on."""
    for field in fields:
        try:
            known = field_of(kind, _any_child(field))
        except KeyError:
            raise Refused(f"a {kind} has no field {field!r}") from None
        if not known.private:
            raise Refused(f"{field} cannot be redacted: the counts and the catalogue rest on it")


def _any_child(field: str) -> str:
    """``evidence.note`` as the path of some child's field."""
    child, _, rest = field.partition(".")
    return f"{child}.any.{rest}" if rest and "." not in rest else field


def _split(connection: Connection, uid: str) -> list[str]:
    """A loss, then every loss that a chain of splits ties to it: they began with the same texts."""
    rows = (
        connection.execute(select(loss.c.id, loss.c.uid, loss.c.split_from_id)).all()
        if _was_split(connection, uid)
        else []
    )
    found = [uid]
    ids = {row.id: row.uid for row in rows}
    pairs = [(row.uid, ids[row.split_from_id]) for row in rows if row.split_from_id is not None]
    for one in found:
        found += [other for pair in pairs if one in pair for other in pair if other not in found]
    return found


def _merged(connection: Connection, uid: str) -> list[str]:
    """A source, then every source that a chain of merges ties to it: their files moved, and their texts with them."""
    into = source.alias()
    statement = select(source.c.uid, into.c.uid).join(into, into.c.id == source.c.merged_into_id)
    pairs = [tuple(row) for row in connection.execute(statement)]
    found = [uid]
    for one in found:
        found += [other for pair in pairs if one in pair for other in pair if other not in found]
    return found


_FAMILIES = {"loss": _split, "source": _merged}
"""The subjects that hold the same texts, by their kind."""


def _was_split(connection: Connection, uid: str) -> bool:
    mine = (entries.c.kind == "loss") & (entries.c.subject == uid) & (entries.c.act == Act.SPLIT.value)
    return connection.scalar(select(entries.c.number).where(mine).limit(1)) is not None


def _holding(told: list[Told], fields: list[str], texts: set[str] | None) -> list[tuple[int, Detail]]:
    """The details to redact. In a relative (``texts`` given) only those that hold one of the texts."""
    own = [
        (one.entry.number, detail)
        for one in told
        for detail in one.details
        if detail.value and (detail.field in fields or generic(detail.field) in fields)
    ]
    if texts is not None:
        own = [(number, detail) for number, detail in own if detail.value in texts]
    taken = {str(detail.value) for _, detail in own} | (texts or set())
    copies = [
        (one.entry.number, detail)
        for one in told
        for detail in one.details
        if generic(detail.field) in _COPIES and any(_in_copy(text, detail.value or "") for text in taken)
    ]
    return list(dict.fromkeys(own + copies))


def _in_copy(text: str, copy: str) -> bool:
    """Whether a copy, which may be JSON, holds a text as it stands or as JSON writes it."""
    return any(form in copy for form in (text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]))


def _take(connection: Connection, found: list[tuple[int, Detail]]) -> None:
    statement = (
        update(details)
        .where(
            details.c.entry == bindparam("at_entry"),
            details.c.field == bindparam("at_field"),
        )
        .values(value=None, salt=None)
    )
    connection.execute(
        statement,
        [
            {
                "at_entry": number,
                "at_field": detail.field,
                "digest": detail_digest(detail),
            }
            for number, detail in found
        ],
    )


def _tell(journal: Journal, kind: str, subject: str, found: list[tuple[int, Detail]]) -> None:
    listed = ", ".join(f"{number}:{detail.field}" for number, detail in found)
    journal.append(Act.REDACT, kind, subject, {}, redacts=listed)
    journal.flush()
    journal.refold(kind, subject)


def erase(engine: Engine) -> None:
    """Have the database give up the pages in which a redacted text may still lie. Takes the whole ledger's time.

    SQLite writes its file anew; PostgreSQL the tables that hold texts. Write-ahead logs and backups
    are beyond its reach.
    """
    with unbound(engine) as free:
        if engine.dialect.name == "sqlite":
            free.exec_driver_sql("VACUUM")
        else:
            free.execute(
                text(
                    "VACUUM (FULL) entry_detail, conflict, side, category, equipment_type, source, feed, import_run,"
                    " published_tally, loss, loss_event, evidence, evidence_file, feed_row,"
                    " scene, post, post_loss, release"
                )
            )
