"""The closed vocabularies of the ledger: every word that a column or an entry may hold.

The order of the members is the order in which they are shown.
"""

from enum import StrEnum


class Status(StrEnum):
    """What became of a loss; ``lost`` where the report does not say."""

    DESTROYED = "destroyed"
    DAMAGED = "damaged"
    ABANDONED = "abandoned"
    CAPTURED = "captured"
    LOST = "lost"


RECOVERED = "recovered"
"""The outcome of an event that ends a loss's count: its owner has it back."""

OUTCOMES = (*Status, RECOVERED)
"""What an event can bring about."""


class Verification(StrEnum):
    """How far a loss is believed. Only ``confirmed`` counts unless the user asks for more."""

    CONFIRMED = "confirmed"
    CLAIMED = "claimed"
    DISPUTED = "disputed"
    REJECTED = "rejected"


class Act(StrEnum):
    """What an entry does to its subject."""

    REPORT = "report"
    AMEND = "amend"
    EVENT = "event"
    VERIFY = "verify"
    SPLIT = "split"
    MERGE = "merge"
    UNMERGE = "unmerge"
    WITHDRAW = "withdraw"
    REINSTATE = "reinstate"
    EVIDENCE = "evidence"
    DISPUTE = "dispute"
    NOTE = "note"
    LINK = "link"
    HELD = "held"
    REDACT = "redact"
    CATALOGUE = "catalogue"
    SETTING = "setting"
    UNDO = "undo"


class Counts(StrEnum):
    """Whether a loss is one thing seen, or a number somebody gave."""

    ITEM = "item"
    AGGREGATE = "aggregate"


class Relation(StrEnum):
    """What a source does with a loss."""

    REPORTS = "reports"
    ADMITS = "admits"
    CONFIRMS = "confirms"
    DISPUTES = "disputes"


class SourceKind(StrEnum):
    """The form in which a source was published."""

    PRESS = "press"
    OFFICIAL = "official"
    BLOG = "blog"
    POST = "post"
    VIDEO = "video"
    IMAGE = "image"
    DATASET = "dataset"
    OTHER = "other"


class Reliability(StrEnum):
    """How reliable a source is, by the Admiralty code. F: it cannot be judged, which is not "bad"."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


CREDIBILITY = range(1, 7)
"""How credible one piece of information is, by the Admiralty code; 6: it cannot be judged."""

RELIABILITY_MEANS = {
    Reliability.A.value: "completely reliable",
    Reliability.B.value: "usually reliable",
    Reliability.C.value: "fairly reliable",
    Reliability.D.value: "not usually reliable",
    Reliability.E.value: "unreliable",
    Reliability.F.value: "reliability cannot be judged",
}
CREDIBILITY_MEANS = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}
"""What the digits of the Admiralty code say."""

NOT_JUDGED = "not judged"
"""What is said of a source or its word that nobody has looked at in that way; to have found it impossible is F or 6."""


class Health(StrEnum):
    """What the last look at a source's link found."""

    MEDIA = "media"
    """What it shows is held."""
    PAGE = "page"
    """A page, of which no picture or film could be held."""
    LOGIN = "login"
    """A page that asks who one is, instead of what it once showed."""
    GONE = "gone"
    UNREACHABLE = "unreachable"
    """No answer, or one that says nothing of what is there."""
    REFUSED = "refused"
    """What is not to be fetched: an address that is not public, or more than was allowed."""


class LinkState(StrEnum):
    """What there is of a source's link: what the last look found, but what is held here stays held."""

    HELD = "held"
    """What it shows is in the store."""
    ELSEWHERE = "elsewhere"
    """Another archiver has what it shows, by its own word; the store has not."""
    PAGE = "page"
    LOGIN = "login"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    UNSEEN = "unseen"
    """Nobody has looked."""


class Origin(StrEnum):
    """How a file came to be held."""

    GIVEN = "given"
    FETCHED = "fetched"
    ARCHIVED = "archived"
    """By another archiver, whose word for it is taken."""


class AliasKind(StrEnum):
    """Why an alias stands for a type."""

    SPELLING = "spelling"
    NATO = "nato"
    DESIGNATION = "designation"
    PRESS = "press"


class PublishedKind(StrEnum):
    """An assertion is compared with the ledger; a claim is shown beside it."""

    ASSERTION = "assertion"
    CLAIM = "claim"


class Fate(StrEnum):
    """What an import did with a row of a list. Every row that was read has one."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    HELD = "held"
    GONE = "gone"
    RESTORED = "restored"
    REFUSED = "refused"


class LinkFate(StrEnum):
    """What became of a row that tells what another archiver has of a link. Every row that was read has one."""

    TAKEN = "taken"
    KNOWN = "known"
    """It says nothing that the ledger does not have."""
    OLDER = "older"
    """Somebody has looked at the link since."""
    WAITING = "waiting"
    """The archiver has not been there yet."""
    UNCITED = "uncited"
    """No source has the link, so no loss rests on it."""
    REFUSED = "refused"


class FileFate(StrEnum):
    """What became of a file that such a row names, of a link that a source has."""

    TAKEN = "taken"
    KNOWN = "known"
    """It is held of the source already."""
    ABSENT = "absent"
    """The folder has no file of its name."""
    UNHASHED = "unhashed"
    """The archiver gives no digest, so that nobody can tell whether a file is the one."""
    REFUSED = "refused"


class Closed(StrEnum):
    """As what a post of the inbox is closed. One that needs a place waits for somebody to find where it was taken."""

    RECORDED = "recorded"
    NOTHING = "nothing"
    DUPLICATE = "duplicate"
    NEEDS_PLACE = "needs-place"


FORMATS = ("oryx", "oryx-daily", "warspotting", "table", "package")
"""The formats that a foreign list can come in."""


class Span(StrEnum):
    """Whether a published count runs from the beginning, or covers a period of its own."""

    CUMULATIVE = "cumulative"
    INCREMENT = "increment"


class Bound(StrEnum):
    """How exactly a published count is meant: "200+" is at least, "up to 230" is at most."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"


SPOKEN = {"published": "published tally", "import": "import run"}
"""What a kind of subject is called where its own word would not do."""

ITEMS = "items"
"""The unit of a published count that counts things; any other unit (USD) is never compared."""

OWN_FEED = "own"
"""The feed of losses typed in by hand."""

TYPE_NOT_GIVEN = "type not given"
"""Shown where a loss has no type."""

NO_HEADING = "type-not-given"
"""The category of losses of which a report says neither type nor category."""

NOT_THE_SAME = "not the same"
"""What a link says of two losses that somebody looked at and found to be two things."""

SECOND_PERSON = "review.second-person"
"""The setting under which nobody confirms what they alone reported."""

ON, OFF = "yes", "no"
"""What a setting says that is a switch."""
