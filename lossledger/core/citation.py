"""A citation of a figure: everything that somebody needs to name it, and to find it again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """What a tally is cited by.

    Attributes:
        key: a short name of it, of ASCII letters, digits and hyphens.
        title: "Documented losses: Ukraine 2022, Russia".
        within: the title under which the list is published; None where it is not said.
        publisher: who publishes it; None where it is not said.
        days: the period of the figures: "as of 2022-05-01".
        figures: the figures and what they are narrowed to, in sentences.
        release: the name of the release; None where the figure is that of the journal's end, or of a past entry.
        withdrawn: how the release was withdrawn: "withdrawn on 2021-06-02"; None where it stands.
        entry: the last entry that is counted, which fixes the figure with ``hash``, in hexadecimal.
        recorded: the day on which that entry was recorded (UTC).
        credits: the lists that were counted, as each asks to be credited.
        accessed: the day on which the figure was taken (UTC).
        url: where the list is published; None where it is not said.
        program: what counted it: "lossledger 1.2.0".
    """

    key: str
    title: str
    within: str | None
    publisher: str | None
    days: str
    figures: tuple[str, ...]
    release: str | None
    withdrawn: str | None
    entry: int
    hash: str
    recorded: str
    credits: tuple[str, ...]
    accessed: str
    url: str | None
    program: str

    @property
    def head(self) -> str:
        """The entry and its hash, as ``audit --expect-head`` takes them."""
        return f"{self.entry}:{self.hash}"
