"""What an exported file says of itself, so that it can be passed on alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from lossledger import __version__
from lossledger.core.head import Head
from lossledger.core.public_view import PublicView
from lossledger.queries.credits import Credit

PROGRAM = f"lossledger {__version__}"


@dataclass(frozen=True, slots=True)
class About:
    """What a file holds, as of when, by which view, and whom to name for it.

    ``title`` says what it is, ``counted`` what is counted in it and what is not, a line each; ``filters`` what it is
    narrowed to, ``remarks`` whatever else a reader should know. ``made`` and ``as_of`` are UTC instants: when it was
    written, and as of when the ledger stood as it shows it. ``head`` is that of the ledger's last entry then.
    """

    title: str
    made: str
    as_of: str
    head: Head
    view: PublicView
    credits: Sequence[Credit]
    counted: Sequence[str] = ()
    filters: Sequence[str] = ()
    remarks: Sequence[str] = ()

    @property
    def licences(self) -> tuple[str, ...]:
        """The terms of the lists that it was made from, each once."""
        return tuple(dict.fromkeys(one.licence for one in self.credits if one.licence))

    def rows(self) -> list[tuple[str, str]]:
        """What it says, as names and texts for people to read."""
        return [
            ("Title", self.title),
            ("Made", self.made),
            ("As of", self.as_of),
            *(("Counted", line) for line in self.counted),
            *(("Only", line) for line in self.filters),
            *(("Note", line) for line in self.remarks),
            *(("Public view", line) for line in self.view.words),
            *(("Credit", one.line) for one in self.credits),
            ("Head", str(self.head)),
            ("Program", PROGRAM),
        ]

    def fields(self) -> dict[str, object]:
        """What it says, as a JSON object for programs."""
        return {
            "title": self.title,
            "made": self.made,
            "as_of": self.as_of,
            "counted": list(self.counted),
            "filters": list(self.filters),
            "remarks": list(self.remarks),
            "public_view": list(self.view.words),
            "licences": list(self.licences),
            "credits": [one._asdict() for one in self.credits],
            "head": str(self.head),
            "program": PROGRAM,
        }
