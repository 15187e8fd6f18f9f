"""What auto-archiver says of itself in a row's status, and what that means for a link."""

import re
from enum import StrEnum

from lossledger.core.text import quoted, shortened
from lossledger.core.vocabulary import Health
from lossledger.errors import Refused

_SHOWN = 200


class Outcome(StrEnum):
    """What became of a link, by the archiver's status."""

    ARCHIVED = "archived"
    COPIED = "copied"
    """A copy of the page is elsewhere; nothing of what it shows was taken out of it."""
    BEFORE = "before"
    """It was archived at some earlier time; nobody went there now."""
    NOTHING = "nothing"
    FORBIDDEN = "forbidden"
    """The archiver does not fetch from such an address."""
    WAITING = "waiting"


_OUTCOMES = (
    (re.compile(r"|archive in progress"), Outcome.WAITING),
    (re.compile(r"(?:[^:]+: )?already archived"), Outcome.BEFORE),
    (re.compile(r"wayback: success"), Outcome.COPIED),
    (re.compile(r"(?:[^:]+: )?success"), Outcome.ARCHIVED),
    (re.compile(r"yt-dlp(?:_\w+)?"), Outcome.COPIED),
    (re.compile(r"nothing archived|(?:failed: )?no archiver|(?:wayback: )?internet archive failed.*"), Outcome.NOTHING),
    (re.compile(r"archive failed invalid (?:url|ip)\b.*"), Outcome.FORBIDDEN),
    (re.compile(r"archive failed.*"), Outcome.NOTHING),
)
"""Every status that the archiver is known to give, in lower case, and what it means; the first that fits holds."""

_CACHED = "[cached] "
"""What stands before a status that is that of an earlier time."""

_GOT = (Outcome.ARCHIVED, Outcome.COPIED)


def outcome_of(status: str) -> Outcome:
    """What a status means. Errors: Refused for one that the archiver is not known to give."""
    cached, bare = status.casefold().startswith(_CACHED), status.casefold().removeprefix(_CACHED)
    for pattern, outcome in _OUTCOMES:
        if pattern.fullmatch(bare):
            return Outcome.BEFORE if cached and outcome in _GOT else outcome
    raise Refused(f"status {quoted(shortened(status, _SHOWN))} is none that auto-archiver is known to give")


def health_of(outcome: Outcome, *, shows: bool, something: bool) -> Health | None:
    """What an outcome means for the link: ``shows`` that the archiver has what stood there, or ``something`` at all."""
    match outcome:
        case Outcome.WAITING | Outcome.BEFORE:
            return None
        case Outcome.FORBIDDEN:
            return Health.REFUSED
        case Outcome.NOTHING:
            return Health.PAGE if something else Health.UNREACHABLE
        case Outcome.COPIED:
            return Health.PAGE
        case Outcome.ARCHIVED:
            return Health.MEDIA if shows else Health.PAGE
