"""The links that losses rest on: what each shows by now, and how much hangs on one host."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, or_, select

from lossledger.core.links import site_of
from lossledger.core.vocabulary import Health, LinkState, Relation
from lossledger.db.tables import evidence, evidence_file, loss, source
from lossledger.queries.catalogue import Catalogue
from lossledger.queries.losses import MERGED, WITHDRAWN, among
from lossledger.queries.scope import Scope, terms_in_scope

PAGES = ("text/html", "application/xhtml+xml")
"""The types of files that are pages. One that is kept is not what a link showed, but the frame around it."""

_GROUP = func.coalesce(loss.c.merged_into_id, loss.c.id)
"""The loss that a merged group is one with: its root, whichever of the group counts."""


class Link(NamedTuple):
    """A source that is known by a link, with what there is of it."""

    source: str
    """The source's uid."""
    url: str
    host: str
    """As `core.links.site_of` tells it."""
    state: LinkState
    looked_at: str | None
    """The instant of the last look, None where nobody has looked."""
    gone_on: str | None
    archived: str | None
    """The address of a copy that somebody else keeps."""

    @property
    def since(self) -> str | None:
        """The day since when it is known to be as it is: for what is gone the first day it was found so."""
        day = self.looked_at[:10] if self.looked_at else None
        return self.gone_on or day if self.state is LinkState.GONE else day

    @property
    def copied(self) -> bool:
        """Whether what it shows would be there without its host: in the store, or where it is archived."""
        return self.state is LinkState.HELD or bool(self.archived and site_of(self.archived) != self.host)


@dataclass(slots=True)
class Host:
    """What hangs on one host."""

    name: str
    links: int = 0
    losses: int = 0
    only: int = 0
    """Of the losses, those that rest on nothing else: all their sources are links to it, without a copy."""
    archived: int = 0
    """Of the links, those of which somebody else keeps a copy under another address."""
    states: Counter[LinkState] = field(default_factory=Counter)
    oldest: str | None = None
    """The day of the look that is the longest ago, None where nobody has looked."""


@dataclass(frozen=True)
class Hanging:
    """Losses with the sources that they rest on. Losses are told by the row id of their group, sources by theirs."""

    sources: Mapping[int, AbstractSet[int]]
    """The sources of each loss, without those that dispute it; none for one that is only disputed."""
    links: Mapping[int, Link]
    """The sources that are known by a link."""
    held: AbstractSet[int]
    """The sources of which a file is in the store that is no page, be they known by a link or not."""

    @cached_property
    def losses(self) -> dict[int, list[int]]:
        """The losses that rest on each link."""
        found: dict[int, list[int]] = defaultdict(list)
        for one, sources in self.sources.items():
            for uses in sources:
                if uses in self.links:
                    found[uses].append(one)
        return dict(found)

    @property
    def linked(self) -> int:
        """How many losses rest on a link."""
        return sum(any(one in self.links for one in sources) for sources in self.sources.values())

    def hosts(self) -> list[Host]:
        """What hangs on each host, the one with most links first."""
        found: dict[str, Host] = {}
        for one in self.losses:
            link = self.links[one]
            host = found.setdefault(link.host, Host(link.host))
            host.links += 1
            host.states[link.state] += 1
            host.archived += link.archived is not None
            day = link.looked_at[:10] if link.looked_at else None
            host.oldest = min(filter(None, (host.oldest, day)), default=None)
        for sources in self.sources.values():
            for name in {self.links[one].host for one in sources if one in self.links}:
                found[name].losses += 1
            if (alone := self.only_host(sources)) is not None:
                found[alone].only += 1
        return sorted(found.values(), key=lambda host: (-host.links, host.name))

    def only_host(self, sources: AbstractSet[int]) -> str | None:
        """The host that a loss with these sources hangs on alone; None where something would be left without it."""
        names = {self.links[one].host if one in self.links else None for one in sources}
        if len(names) != 1 or None in names:
            return None
        return None if any(self.kept(one) for one in sources) else names.pop()

    def kept(self, one: int) -> bool:
        """Whether what a source shows is held, or archived on another host than its own."""
        return one in self.held or (one in self.links and self.links[one].copied)


class Resting(NamedTuple):
    """A loss that rests on a link: the one of its group that counts, and what else vouches for it."""

    uid: str
    side: str
    type: str | None
    """None where the type is not given."""
    category: str
    others: int
    """How many further sources it has."""
    kept: int
    """Of these, those of which a file is held, or a copy archived on another host than the source's own."""


def hanging(connection: Connection, scope: Scope, known: Catalogue) -> Hanging:
    """What the losses in scope rest on. The withdrawn are left out; a merged group is one loss with all its sources.

    Whether a group is in scope is asked of the one of it that counts.
    """
    counted = select(_GROUP).where(*_counting(scope, known)).order_by(_GROUP)
    sources: dict[int, set[int]] = {one: set() for one in connection.scalars(counted)}
    pieces = (
        select(_GROUP, evidence.c.source_id)
        .join(loss, loss.c.id == evidence.c.loss_id)
        .where(~WITHDRAWN, evidence.c.relation != Relation.DISPUTES)
    )
    for group, one in connection.execute(pieces):
        if group in sources:
            sources[group].add(one)
    held = _held(connection)
    return Hanging(sources, _links(connection, held), held)


def resting(connection: Connection, found: Hanging, links: Iterable[int], known: Catalogue) -> dict[int, list[Resting]]:
    """The losses that rest on some links (by row id), those first that have nothing else."""
    wanted = {one: found.losses[one] for one in links}
    shown = _shown(connection, {group for groups in wanted.values() for group in groups}, known)
    behind: dict[int, list[Resting]] = {}
    for one, groups in wanted.items():
        told = []
        for group in groups:
            others = found.sources[group] - {one}
            told.append(Resting(*shown[group], len(others), sum(map(found.kept, others))))
        behind[one] = sorted(told, key=lambda rests: (rests.others > 0, rests.kept, rests.others))
    return behind


def _shown(
    connection: Connection, groups: Iterable[int], known: Catalogue
) -> dict[int, tuple[str, str, str | None, str]]:
    """The counting loss of each group, with the names of its side, its type and its heading."""
    names = {kind: {term.id: term.name for term in known.terms[kind].values()} for kind in ("side", "type", "category")}
    statement = select(_GROUP, loss.c.uid, loss.c.side_id, loss.c.type_id, loss.c.category_id).where(
        ~WITHDRAWN, ~MERGED, among(_GROUP, groups)
    )
    return {
        group: (uid, names["side"][side], names["type"].get(type_), names["category"][category])
        for group, uid, side, type_, category in connection.execute(statement)
    }


def _held(connection: Connection) -> set[int]:
    shows = or_(evidence_file.c.media_type.is_(None), evidence_file.c.media_type.not_in(PAGES))
    return set(connection.scalars(select(evidence_file.c.source_id).where(shows).distinct()))


def _links(connection: Connection, held: AbstractSet[int]) -> dict[int, Link]:
    """The sources with an address, by their row ids; one whose address was redacted is known by none."""
    columns = (source.c[name] for name in ("id", "uid", "url", "health", "looked_at", "gone_on", "archived"))
    found = {}
    for one, uid, url, health, *rest in connection.execute(select(*columns).where(source.c.url.is_not(None))):
        host = site_of(url)
        if host is not None:
            found[one] = Link(uid, url, host, _state(health, held=one in held), *rest)
    return found


def _state(health: str | None, *, held: bool) -> LinkState:
    if held:
        return LinkState.HELD
    if health is None:
        return LinkState.UNSEEN
    return LinkState.ELSEWHERE if health == Health.MEDIA else LinkState(health)


def _counting(scope: Scope, known: Catalogue) -> list[ColumnElement[bool]]:
    believed = loss.c.verification.in_(scope.verifications)
    return [~WITHDRAWN, ~MERGED, believed, *terms_in_scope(loss, scope, known)]
