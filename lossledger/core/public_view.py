"""The public view: what of a ledger everybody may see, and what leaves it with nothing that they may not.

Everything that is written for others (exports, proofs, the site) is made from a copy in which what is hidden is not
there at all; `ledger.public_copy` makes it. This is the one place that says of each text which may be redacted
whether it may be told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lossledger.core.text import many, quoted
from lossledger.errors import Refused


class Telling(StrEnum):
    """To whom a text that may be redacted is told."""

    ALL = "all"
    """What a report says of a loss, and where the report stands: the list is there to tell it."""
    PLACED = "placed"
    """Where exactly something lies."""
    NAMED = "named"
    """Who acts in this ledger: their own names for themselves."""
    NOTED = "noted"
    """What those who keep the ledger write for each other."""
    INSIDE = "inside"
    """What never leaves: it tells of somebody's machine, or of work that is not done."""


ALL, PLACED, NAMED, NOTED, INSIDE = Telling

OF_ACTS: Mapping[str, Telling] = {"actor": NAMED, "reason": NOTED, "text": NOTED, "held": INSIDE}
"""Of what an entry says of its act. What a list said (``held``) may repeat any other field, word for word."""

_NOTE = {"note": NOTED}

OF_SUBJECTS: Mapping[str, Mapping[str, Telling]] = {
    "conflict": _NOTE,
    "side": _NOTE,
    "category": _NOTE,
    "type": _NOTE,
    "source": {
        **dict.fromkeys(("url", "title", "publisher", "author", "party", "archived"), ALL),
        **_NOTE,
        "file.url": ALL,
        # A file's name is one on somebody's disk, and what it says of its own making, its maker may not know it says.
        "file.name": INSIDE,
        "file.captured": INSIDE,
    },
    "feed": _NOTE,
    "import": {"file": INSIDE, **_NOTE},
    # A caveat is written to be read beside the figure; why a difference is accepted, those who keep the ledger told.
    "published": {"counted_by": ALL, "wording": ALL, "caveat": ALL, "accepted": NOTED, **_NOTE},
    "setting": {},
    "loss": {
        **dict.fromkeys(("phrase", "cause", "captor", "name", "fittings", "circumstance", "place", "unit"), ALL),
        "latitude": PLACED,
        "longitude": PLACED,
        "verified_by": NAMED,
        **_NOTE,
        "event.phrase": ALL,
        "event.note": NOTED,
        "evidence.says": ALL,
        "evidence.note": NOTED,
        "row.given": INSIDE,
        "row.held": INSIDE,
    },
    "release": _NOTE,
    "scene": {"name": INSIDE, "note": INSIDE},
    "post": {"url": INSIDE, "assigned_to": INSIDE, "note": INSIDE},
}
"""Of each field of each kind that may be redacted, a child's without its key. What may not be redacted is told."""

HIDDEN_KINDS = ("scene", "post")
"""The inbox: of links that nobody has looked at yet, nothing is told, not even what may not be redacted."""

EXACT = "exact"
MOST_DECIMALS = 6
MOST_DAYS = 3_650

COORDINATES, EMBARGO, ACTORS, NOTES = (f"public.{name}" for name in ("coordinates", "embargo", "actors", "notes"))
"""The settings that make the view."""

HANDLES, NO_ACTORS = "handles", "none"
NOTES_IN, NOTES_OUT = "in", "out"

SETTINGS = {
    COORDINATES: f"decimals of public coordinates, 0 to {MOST_DECIMALS}, or {EXACT}; 2 where not set",
    EMBARGO: "days after which what is recorded is public; 0 where not set",
    ACTORS: f"{HANDLES}: those who act here are named in public; {NO_ACTORS} where not set",
    NOTES: f"{NOTES_IN}: notes and reasons are public; {NOTES_OUT} where not set",
}
"""The same, and what each does."""

_NEAR = ("111 km", "11 km", "1 km", "110 m", "11 m", "1 m", "10 cm")
"""About how far the first and last place lie apart that a coordinate of so many decimals may mean."""


@dataclass(frozen=True, slots=True)
class PublicView:
    """What everybody may see of a ledger.

    ``coordinates`` are their decimals, None for exact ones; ``embargo`` is in days; ``actors`` says as what those who
    act here are named, ``notes`` whether what they write is told.
    """

    coordinates: int | None = 2
    embargo: int = 0
    actors: str = NO_ACTORS
    notes: bool = False

    def tells(self, telling: Telling) -> bool:
        """Whether texts of a class are told as they are."""
        return {
            ALL: True,
            PLACED: self.coordinates is None,
            NAMED: self.actors == HANDLES,
            NOTED: self.notes,
            INSIDE: False,
        }[telling]

    def withheld(self, kind: str) -> tuple[str, ...]:
        """The fields of a kind whose texts are not told, a child's without its key."""
        return tuple(field for field, telling in OF_SUBJECTS[kind].items() if not self.tells(telling))

    def withheld_of_acts(self) -> tuple[str, ...]:
        """The fields of an act that are not told."""
        return tuple(field for field, telling in OF_ACTS.items() if not self.tells(telling))

    @property
    def words(self) -> tuple[str, ...]:
        """The view as captions say it, a part each."""
        rounded = "coordinates as exact as they were recorded"
        if self.coordinates is not None:
            decimals = many(self.coordinates, "decimal")
            rounded = f"coordinates rounded to {decimals} (about {_NEAR[self.coordinates]})"
        return (
            *((f"as the ledger stood {many(self.embargo, 'day')} ago",) if self.embargo else ()),
            rounded,
            "with the names of those who keep the ledger"
            if self.tells(NAMED)
            else "without the names of those who keep the ledger",
            "with their notes and reasons" if self.notes else "without their notes and reasons",
        )


def view_of(settings: Mapping[str, str]) -> PublicView:
    """The view that a ledger's settings make; what is not set is as careful as can be. Errors: as `check`."""
    for name in SETTINGS:
        if name in settings:
            check(name, settings[name])
    plain = PublicView()
    decimals = settings.get(COORDINATES, str(plain.coordinates))
    return PublicView(
        coordinates=None if decimals == EXACT else int(decimals),
        embargo=int(settings.get(EMBARGO, plain.embargo)),
        actors=settings.get(ACTORS, plain.actors),
        notes=settings.get(NOTES) == NOTES_IN,
    )


def check(name: str, value: str) -> None:
    """Refuse a value that a setting of the view cannot have. Errors: Refused, with those that it can."""
    if name == COORDINATES and not (value == EXACT or _is_number(value, MOST_DECIMALS)):
        raise Refused(f"setting {name} is 0 to {MOST_DECIMALS} (decimals) or {EXACT}, not {quoted(value)}")
    if name == EMBARGO and not _is_number(value, MOST_DAYS):
        raise Refused(f"setting {name} is a number of days, 0 to {MOST_DAYS}, not {quoted(value)}")
    for switch, words in ((ACTORS, (HANDLES, NO_ACTORS)), (NOTES, (NOTES_IN, NOTES_OUT))):
        if name == switch and value not in words:
            raise Refused(f"setting {name} is {' or '.join(words)}, not {quoted(value)}")


def _is_number(text: str, most: int) -> bool:
    """Whether a text is a whole number as it is written here, without sign or zeros before it."""
    return text.isascii() and text.isdecimal() and str(int(text)) == text and int(text) <= most
