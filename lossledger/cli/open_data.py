"""What ``export`` writes as open data: the tables that its options mean, and what the files say of themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lossledger.cli.counting import counted_scope
from lossledger.cli.export_open import PERIODS
from lossledger.cli.list_ import caption_of
from lossledger.cli.options import words
from lossledger.cli.scope import scope_of
from lossledger.cli.where import conditions_of
from lossledger.core.days import utc_now
from lossledger.core.vocabulary import OUTCOMES, Verification
from lossledger.errors import Refused
from lossledger.exports import open_tables
from lossledger.exports.about import About
from lossledger.exports.open_columns import TALLIED, TALLY, TIMELINE
from lossledger.exports.tables import Table
from lossledger.queries import caption
from lossledger.queries.catalogue import catalogue
from lossledger.queries.credits import credits_of
from lossledger.queries.filters import conditions
from lossledger.queries.losses import Listing, summary

if TYPE_CHECKING:
    from lossledger.ledger.public_copy import PublicCopy
    from lossledger.queries.scope import Scope
    from lossledger.queries.tallies import Tally
    from lossledger.queries.timeline import Timeline

_TITLES = {
    "losses": "Losses",
    "evidence": "What sources say of losses",
    "sources": "Sources of losses",
    "published": "Published counts of losses",
}
_ALL_COUNTS = "Published counts: all of the conflict, whatever the losses are narrowed to."
_READ = {
    "losses": open_tables.losses_table,
    "evidence": open_tables.evidence_table,
    "sources": open_tables.sources_table,
    "published": open_tables.published_table,
}


class OpenData:
    """The tables of a public copy that are in scope of a command's options.

    Errors: Refused for a name, a word or a day that cannot be.
    """

    def __init__(self, public: "PublicCopy", given: dict[str, Any]) -> None:
        self._public = public
        self._given = given

    @cached_property
    def _listing(self) -> Listing:
        """The losses that are in scope, whatever is believed of them unless some of it is asked for."""
        if past := next((name for name in ("known_on", "release") if self._given[name]), None):
            option = f"--{past.replace('_', '-')}"
            raise Refused(f"{option} is for tallies; losses are told as they are now: leave it out")
        connection = self._public.connection
        scope = scope_of(connection, self._given, tuple(Verification), OUTCOMES)
        known = catalogue(connection)
        where = conditions(connection, known, scope.conflict, conditions_of(self._given["where"]))
        return Listing(scope, known, self._given["merged"], self._given["withdrawn"], where=where)

    @cached_property
    def _tally(self) -> "Tally":
        """The tally that is in scope, of confirmed losses unless something else is asked for."""
        by = words(self._given["by"], TALLIED, "--by") or TALLY
        return open_tables.counted(self._public.connection, self._counted(by), by)

    @cached_property
    def _timeline(self) -> "Timeline":
        """The timeline that is in scope, of confirmed losses unless something else is asked for."""
        groupings = [name for name in TALLIED if name not in PERIODS]
        by = words(self._given["by"], groupings, "--by") or TIMELINE
        return open_tables.over_time(self._public.connection, self._counted(by), by, self._given["every"] or "month")

    def _counted(self, by: tuple[str, ...]) -> "Scope":
        if self._given["where"]:
            raise Refused("--where is for losses, evidence and sources; tallies are narrowed by the other options")
        return counted_scope(self._public.connection, self._given, by)

    def table(self, name: str) -> Table:
        """One of the tables. It is read as it is written, while the copy is open."""
        if name == "tally":
            return open_tables.tally_table(self._tally)
        if name == "timeline":
            return open_tables.timeline_table(self._timeline)
        return _READ[name](self._public.connection, self._listing)

    def about(self, name: str) -> About:
        """What a file of one table says of itself."""
        if name in ("tally", "timeline"):
            found = self._tally if name == "tally" else self._timeline.tally
            title = caption.title(found, self._given["known_on"])
            every = "" if name == "tally" else f", by {self._timeline.every}"
            return self._about(f"{title}{every}", found.scope, counted=caption.caption(found).splitlines())
        title = f"{_TITLES[name]}: {self._listing.known.name('conflict', self._listing.scope.conflict)}"
        if name == "published":
            return self._about(title, self._listing.scope, remarks=(_ALL_COUNTS,))
        counted = caption_of(summary(self._public.connection, self._listing), None)
        return self._about(title, self._listing.scope, counted=(counted,), filters=tuple(self._filters()))

    def about_all(self, names: Sequence[str]) -> About:
        """What a file of several tables says of itself."""
        parts = [self.about(name) for name in names]
        return replace(
            parts[0],
            title=f"Open data: {parts[0].title.partition(': ')[2]}",
            counted=tuple(dict.fromkeys(line for part in parts for line in part.counted)),
            remarks=tuple(dict.fromkeys(line for part in parts for line in part.remarks)),
        )

    def _about(
        self,
        title: str,
        scope: "Scope",
        counted: Sequence[str] = (),
        filters: Sequence[str] = (),
        remarks: Sequence[str] = (),
    ) -> About:
        public = self._public
        return About(
            title,
            made=utc_now(),
            as_of=public.as_of,
            head=public.head,
            view=public.view,
            credits=credits_of(public.connection, scope.conflict, scope.feeds),
            counted=counted,
            filters=filters,
            remarks=remarks,
        )

    def _filters(self) -> Iterator[str]:
        """What the losses are narrowed to, a part each."""
        scope, known, given = self._listing.scope, self._listing.known, self._given
        if scope.side:
            yield known.name("side", scope.side) + (" without the sides under it" if scope.own else "")
        yield from caption.only_said(scope, known)
        if given["verifications"]:
            yield f"verification {' or '.join(scope.verifications)}"
        for day, word in ((scope.since, "since"), (scope.until, "up to"), (scope.as_of, "as of")):
            if day:
                yield f"{word} {day}"
        yield from given["where"]


def about_copy(public: "PublicCopy") -> About:
    """What a whole public copy says of itself."""
    return About(
        "Everything that is public in a ledger of equipment losses",
        made=utc_now(),
        as_of=public.as_of,
        head=public.head,
        view=public.view,
        credits=credits_of(public.connection),
    )
