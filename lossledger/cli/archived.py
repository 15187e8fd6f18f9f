"""How an archiver's work is shown: how far it has come, a line or a row for each link, and what came of all."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lossledger.cli.render import Column, Row, table, write
from lossledger.cli.voice import say
from lossledger.core.text import inert, many
from lossledger.core.vocabulary import Health

_ROW = tuple(Column(name, name) for name in ("source", "url", "health", "found", "sha256"))
_SUMMARY = (Column("found", "Found"), Column("links", "Links", number=True))
_HOSTS = (Column("host", "Host"), Column("links", "Links", number=True))

_WORDS = {
    Health.MEDIA: "media held",
    Health.PAGE: "page only",
    Health.LOGIN: "login wall",
    Health.GONE: "gone",
    Health.UNREACHABLE: "unreachable",
    Health.REFUSED: "refused",
}

_HOUR = 3600


class Entered(NamedTuple):
    """A link of which is entered what was found."""

    source: str
    url: str
    health: Health
    found: str
    sha256: tuple[str, ...]
    """The files that are held since."""


@dataclass(slots=True)
class Tally:
    """How many links of those that waited turned out as what."""

    waited: int
    found: Counter[Health] = field(default_factory=Counter)
    cut_off: bool = False
    """Whether nobody could be reached."""
    changed: int = 0
    """Links that were redacted or merged away while they were looked at."""

    @property
    def left(self) -> int:
        """How many are still to be looked at."""
        return self.waited - self.found.total() - self.changed

    def tell(self, form: str, given_up: Mapping[str, int]) -> None:
        """Show what came of all: a table for people, a line on standard error where programs read."""
        if not self.waited:
            say("nothing to fetch: of every link something is held, or it was looked at; --again looks again")
            return
        rows: list[Row] = [(words, self.found[health]) for health, words in _WORDS.items() if self.found[health]]
        under = "\n".join(self._left(given_up))
        if form == "table" and rows:
            table(_SUMMARY, rows, under)
            return
        said = ", ".join(f"{number:,} {words}" for words, number in rows)
        say("\n".join(filter(None, (said, under))))

    def _left(self, given_up: Mapping[str, int]) -> Iterator[str]:
        if self.cut_off:
            yield "Nobody could be reached; is this machine on the network?"
        if self.left > 0:
            yield f"{many(self.left, 'link')} left; run it again to go on."
        for host, number in given_up.items():
            yield f"{host} could not be reached too often; {many(number, 'link')} of it put off."
        if self.changed:
            yield f"{many(self.changed, 'link')} redacted or merged meanwhile, and left alone."


def say_line(entered: Entered) -> None:
    """Say of a link of which no film or picture is held what was found instead."""
    if entered.health is not Health.MEDIA:
        say(inert(f"{_WORDS[entered.health]}: {entered.url} ({entered.found})"))


def written(form: str, entered: Iterable[Entered]) -> None:
    """Write a row for each link as soon as it is entered, and not before; none where people read."""
    if form == "table":
        for _ in entered:
            pass
        return
    write(form, _ROW, _rows(entered))


def _rows(entered: Iterable[Entered]) -> Iterator[Row]:
    for one in entered:
        yield (one.source, one.url, one.health.value, one.found, "|".join(one.sha256) or None)
        sys.stdout.flush()  # once the row is written: whoever reads it can rely on it


def printed_waiting(form: str, hosts: Counter[str], delay: float) -> None:
    """Show how many links wait on each host, and how long the longest row of them takes at least."""
    rows = sorted(hosts.items(), key=lambda host: (-host[1], host[0]))
    write(form, _HOSTS, rows, f"{many(hosts.total(), 'link')} on {many(len(rows), 'host')}.{_long(rows, delay)}")


def _long(rows: list[tuple[str, int]], delay: float) -> str:
    hours = rows[0][1] * delay / _HOUR if rows else 0
    if hours < 1:
        return ""
    return f" With {delay:g} s between two requests, {rows[0][0]} takes {hours:,.1f} hours at least."
