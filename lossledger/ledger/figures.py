"""A list's own counts become published tallies: assertions about its feed, or claims of a day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from lossledger.core.vocabulary import Act, PublishedKind
from lossledger.feeds.records import Figure, Source
from lossledger.ledger.citing import Citing
from lossledger.ledger.journal import Journal
from lossledger.ledger.published import publish
from lossledger.ledger.run import Run
from lossledger.ledger.terms import Terms
from lossledger.queries.stated import Counted, Stated, stated


@dataclass(slots=True)
class _Sum:
    """What a list states in one scope: two lines of one type under one heading are one count of that type."""

    quantity: int
    wordings: list[str]
    place: str


class Figures:
    """The counts that one file states, gathered by what they count."""

    def __init__(
        self, journal: Journal, terms: Terms, run: Run, source: Source, citing: Citing, *, tied: bool = False
    ) -> None:
        """``tied`` says that they are counts of a list that the ledger holds: then even claims are assertions."""
        self._journal = journal
        self._terms = terms
        self._run = run
        self._source = source
        self._citing = citing
        self._tied = tied
        self._sums: dict[Counted, _Sum] = {}

    def add(self, figure: Figure) -> None:
        """Take a count in. Errors: Refused where the ledger lacks its side."""
        categories = tuple(self._terms.category(heading) for heading in figure.categories)
        types: tuple[str, ...] = ()
        if figure.type is not None:
            types = (self._terms.type(figure.type, categories[0] if categories else None).type,)
        counted = Counted(
            (PublishedKind.ASSERTION if self._tied else figure.kind).value,
            self._terms.side(figure.side),
            tuple(dict.fromkeys(categories)),
            types,
            () if figure.status is None else (figure.status.value,),
            figure.as_of,
        )
        known = self._sums.get(counted)
        if known is None:
            self._sums[counted] = _Sum(figure.quantity, [figure.wording], figure.place)
        else:
            known.quantity += figure.quantity
            known.wordings.append(figure.wording)

    def enter(self) -> int:
        """Enter what is new, change what is stated otherwise now, clear what the sides' list no longer states.

        Returns how many counts that were.
        """
        held = stated(self._journal.connection, self._run.feed)
        number = 0
        for counted, now in self._sums.items():
            fields = {
                "quantity": str(now.quantity),
                "wording": " + ".join(now.wordings),
            }
            known = held.get(counted)
            if known is None:
                self._publish(counted, fields | {"place": now.place})
            elif known.quantity != now.quantity or known.wording != fields["wording"]:
                self._run.begin()
                self._journal.append(Act.CATALOGUE, "published", known.uid, fields | {"place": now.place})
            else:
                continue
            number += 1
        return number + self._clear({counted: one for counted, one in held.items() if counted not in self._sums})

    def _clear(self, unstated: Mapping[Counted, Stated]) -> int:
        """Clear what a page stated of sides of which it states something else now; counts by day stay."""
        sides = {counted.side for counted in self._sums if counted.as_of is None}
        gone = [
            one.uid
            for counted, one in sorted(unstated.items(), key=str)
            if one.quantity is not None
            and counted.as_of is None
            and counted.kind == PublishedKind.ASSERTION
            and counted.side in sides
        ]
        for uid in gone:
            self._run.begin()
            self._journal.append(Act.CATALOGUE, "published", uid, {"quantity": None})
        return len(gone)

    def _publish(self, counted: Counted, fields: dict[str, str]) -> None:
        self._run.begin()
        lists = {"categories": counted.categories, "types": counted.types, "statuses": counted.statuses}
        state = {
            "kind": counted.kind,
            "conflict": self._terms.conflict,
            "side": counted.side,
            "feed": self._run.feed,
            "source": self._citing.of_list(),
            "counted_by": self._source.publisher or self._source.name,
        } | fields
        state |= {name: json.dumps(list(values)) for name, values in lists.items() if values}
        if counted.as_of is not None:
            state["as_of"] = counted.as_of
        publish(self._journal, state)
