"""Options that several commands share, and how their words are read."""

from collections.abc import Callable, Iterable
from typing import Any

import click

from lossledger.core.fields import MAX_TEXT
from lossledger.core.text import checked, quoted
from lossledger.errors import Refused

Command = Callable[..., Any]

reason_option = click.option("--reason", metavar="TEXT", required=True, help="Why; it stands in the history for good.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
conflict_option = click.option("--conflict", metavar="NAME", help="Which conflict, where the ledger has several.")


def format_option(*more: str) -> Callable[[Command], Command]:
    """``--format``: a table for people, or rows for programs."""
    formats = click.Choice(["table", "json", "csv", "tsv", "markdown", *more])
    return click.option(
        "--format", "form", type=formats, default="table", show_default=True, help="How rows are written."
    )


one_format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How it is shown.",
)
"""``--format`` where one thing is shown: facts for people, or one object for programs."""


def words(given: Iterable[str], allowed: Iterable[str], what: str) -> tuple[str, ...]:
    """The words of an option that takes a comma-separated list, may be given again, and has a vocabulary.

    Errors: Refused for a word that is not in it.
    """
    known = list(allowed)
    chosen = parts(given)
    for word in chosen:
        if word not in known:
            raise Refused(f"{what} {quoted(word)} is not one of: {', '.join(known)}")
    return chosen


def parts(given: Iterable[str]) -> tuple[str, ...]:
    """The parts of an option that takes a comma-separated list and may be given again, each once."""
    return tuple(dict.fromkeys(part.strip() for value in given for part in value.split(",") if part.strip()))


def names(given: Iterable[str], resolve: Callable[[str], str]) -> tuple[str, ...]:
    """Names as slugs. A value is taken whole where it is a name (headings have commas), else by its commas."""
    found: dict[str, None] = {}
    for value in given:
        try:
            found[resolve(value)] = None
        except Refused:
            if "," not in value:
                raise
            found.update(dict.fromkeys(resolve(part) for part in parts([value])))
    return tuple(found)


def reason_of(text: str) -> str:
    """A reason as it goes into the journal. Errors: Refused where it is empty or holds control characters."""
    return checked(text, "reason", MAX_TEXT, lines=True)


class Word(click.Choice[str]):
    """A word out of a closed vocabulary, refused in one line like any other value."""

    def __init__(self, words: Iterable[str], what: str) -> None:
        super().__init__([str(word) for word in words])
        self._what = what

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What the help shows for the value; the option's own line of help lists the words."""
        return "WORD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word itself. Errors: Refused for one that is not in the vocabulary."""
        if value not in self.choices:
            raise Refused(f"{self._what} {quoted(str(value))} is not one of: {', '.join(self.choices)}")
        return str(value)
