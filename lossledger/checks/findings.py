"""What a check finds: where in the ledger, and what is wrong there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from lossledger.core.text import inert, quoted


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        check: the check that found it: "chain".
        place: where it stands: "entry 17", "posting 17/2", "table side, slug war/red, column name".
        wrong: what is wrong, in one line.
    """

    check: str
    place: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.check}: {self.place}: {self.wrong}"


Check = Callable[[Connection], Iterator[Finding]]
"""Reads the database and yields what is wrong with it; nothing where all is well."""

IMPOSSIBLE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What Python raises over data that no act can have written: no number where one belongs, text that is none."""


def shown(value: object) -> str:
    """A value from the database as a finding quotes it: short, inert, on one line."""
    if value is None:
        return "nothing"
    return quoted(value) if isinstance(value, str) else inert(repr(value))[:60]


def unreadable(error: Exception) -> str:
    """What is wrong where data cannot be understood at all."""
    return f"it holds what cannot be ({type(error).__name__}: {inert(str(error))[:100]})"
