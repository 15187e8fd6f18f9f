"""What ``add`` asks for on a terminal where something is missing; elsewhere it says what is missing."""

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App
from lossledger.cli.options import Word
from lossledger.cli.sources import is_link
from lossledger.core.entered import past_days
from lossledger.core.fields import MAX_URL
from lossledger.core.text import checked_url, inert
from lossledger.core.vocabulary import Status
from lossledger.errors import LedgerError, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

Check = Callable[["Connection", str], object]
"""Refuses an answer that cannot be."""


def complete(app: App, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a loss needs, all given: as it is, or asked for where somebody sits at a terminal.

    Errors: Refused with what is missing where nobody can be asked.
    """
    missing = [option for option, names in _NEEDED.items() if not any(given[name] for name in names)]
    if not missing:
        return dict(given)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused(f"missing: {', '.join(missing)}; a loss needs a side, a type or category, and a source")
    return _asked(app, given)


_NEEDED = {"--side": ("side",), "--type": ("type", "category"), "--source": ("source",)}


def _asked(app: App, given: Mapping[str, Any]) -> dict[str, Any]:
    answers = dict(given)
    conflict = _conflict(app, answers)
    if not answers["side"]:
        sides = ", ".join(_names(app, "side", conflict))
        answers["side"] = _answer(app, f"Side ({sides})", _is_name("side", conflict))
    if not answers["type"] and not answers["category"]:
        answers["type"] = _answer(app, "Type (Enter where it is not given)", _is_type, optional=True)
    if not answers["type"] and not answers["category"]:
        answers["category"] = _answer(app, "Category (Tanks, Helicopters, ...)", _is_name("category"))
    if not answers["status"]:
        words = ", ".join(Status)
        answers["status"] = _answer(app, f"Status ({words}; Enter: lost)", _is_status, optional=True)
    if not answers["date"]:
        prompt = "Date (2020-10-08, 2020-10, 2020-10-05..2020-10-08; Enter where it is not known)"
        answers["date"] = _answer(app, prompt, lambda _, text: past_days(text, "date"), optional=True)
    if not answers["source"]:
        answers["source"] = _answer(app, "Source (a link, or the id of a source)", _is_source)
    return answers


def _conflict(app: App, answers: dict[str, Any]) -> str:
    """The conflict that is meant; asked for where there are several and none is named."""
    from lossledger.queries.names import NO_CONFLICT, the_conflict

    with app.reading() as connection:
        try:
            return the_conflict(connection, answers["conflict"])
        except Refused:
            if answers["conflict"]:
                raise
    known = _names(app, "conflict")
    if not known:
        raise Refused(NO_CONFLICT)
    answers["conflict"] = _answer(app, f"Conflict ({', '.join(known)})", _is_name("conflict"))
    with app.reading() as connection:
        return the_conflict(connection, answers["conflict"])


def _answer(app: App, prompt: str, check: Check, *, optional: bool = False) -> str | None:
    """An answer that can be; asked again until it is. None where nothing was said and nothing need be."""
    while True:
        text: str = click.prompt(inert(prompt), default="" if optional else None, show_default=False, err=True)
        if not text.strip():
            if optional:
                return None
            continue
        try:
            # A connection for each answer, so that nobody's writing waits while somebody thinks.
            with app.reading() as connection:
                check(connection, text)
        except LedgerError as error:
            app.say(str(error))
        else:
            return text.strip()


def _names(app: App, kind: str, conflict: str | None = None) -> list[str]:
    """What the terms of a kind are called, in the order in which they are shown; sides of one conflict."""
    from lossledger.queries.catalogue import catalogue

    with app.reading() as connection:
        terms = catalogue(connection).ordered(kind)
    return [term.name for term in terms if term.merged_into is None and (kind != "side" or term.within == conflict)]


def _is_name(kind: str, conflict: str | None = None) -> Check:
    from lossledger.queries.names import resolve

    def check(connection: "Connection", text: str) -> None:
        resolve(connection, kind, text, conflict)

    return check


def _is_type(connection: "Connection", text: str) -> None:
    from lossledger.queries.names import type_meant

    type_meant(connection, text)


def _is_status(_: "Connection", text: str) -> None:
    Word(Status, "status").convert(text.strip(), None, None)


def _is_source(connection: "Connection", text: str) -> None:
    from lossledger.queries.names import whole_uid

    if is_link(text):
        checked_url(text, "source", MAX_URL)
    else:
        whole_uid(connection, "source", text)
