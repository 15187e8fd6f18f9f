"""Where else a text stands that is to go: what a redaction of some fields would leave."""

import re
from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from lossledger.core.fields import generic
from lossledger.queries.history import Told, of_subject

_LEAST = 3
"""Shorter texts stand in others by chance."""


def repeats(text: str, told: Iterable[str]) -> bool:
    """Whether a text says one of those ``told``, as whole words and in whatever case."""
    return any(
        re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text, re.IGNORECASE) for one in told if len(one.strip()) >= _LEAST
    )


def also_in(connection: Connection, kind: str, key: str, fields: Collection[str]) -> list[str]:
    """The other fields of a subject, reasons and notes among them, that say what some of its fields say or once said.

    Copies of a list's row are left out: they go with what they repeat.
    """
    said = [
        (name, detail.value)
        for one in of_subject(connection, kind, key)
        for detail in (*one.details, *one.of_the_act)
        for name in (generic(detail.field),)
        if detail.value
    ]
    texts = {text for name, text in said if name in fields}
    return sorted({name for name, text in said if name not in (*fields, "row.given", "held") and repeats(text, texts)})


def records(connection: Connection, key: str) -> list[str]:
    """The digests of the records of how a source's files came; each holds the link that was asked for."""
    return sorted(dict.fromkeys(_values(of_subject(connection, "source", key), "file.record")))


def _values(told: Iterable[Told], field: str) -> list[str]:
    return [detail.value for one in told for detail in one.details if generic(detail.field) == field and detail.value]
