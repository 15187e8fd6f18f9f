"""What another archiver has of the links that losses rest on: where its copies are, what it found, and its files."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lossledger.core.fields import MAX_LINE, State, children
from lossledger.core.links import canonical
from lossledger.core.vocabulary import FileFate, Health, LinkFate, Origin
from lossledger.errors import Refused
from lossledger.evidence.foreign import Examined, Folder, Misfit
from lossledger.evidence.likeness import MEDIA_TYPES, likeness
from lossledger.evidence.media import captured, media_type
from lossledger.evidence.store import Taking
from lossledger.feeds.auto_archiver import Kept, Look
from lossledger.feeds.auto_archiver_status import Outcome
from lossledger.feeds.records import Unread
from lossledger.ledger.files import HeldFile, hold
from lossledger.ledger.inbox import add
from lossledger.ledger.journal import Journal
from lossledger.queries.feeds import sources_of

_AT_ONCE = 1_000
"""How many rows are looked up in one go."""


@dataclass(slots=True)
class Report:
    """What became of the rows of a file, and of the files that they name where a folder was given."""

    fates: Counter[LinkFate] = field(default_factory=Counter)
    files: Counter[FileFate] = field(default_factory=Counter)
    to_inbox: int = 0
    """How many links that no loss rests on were put into the inbox."""

    @property
    def read(self) -> int:
        """How many rows were read."""
        return self.fates.total()


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted beside what the rows say."""

    folder: Folder | None = None
    """Where the archiver's files are."""
    taking: Taking | None = None
    """What stages them for the store; without it, as in a dry run, they are only looked at."""
    inbox: bool = False
    """Whether links that no loss rests on go into the inbox."""


def take_over(
    journal: Journal, rows: Iterable[Look | Unread], order: Order, refuse: Callable[[Unread], None]
) -> Report:
    """Enter what the rows say of known links, in their order. ``refuse`` is told of rows and of files not taken.

    Of a source it is entered where the archiver's copy is, if no copy is known yet; what it found, if nobody has
    looked at the link since; and the files in the folder that have the digests which the archiver gives.
    """
    taking_over = _TakingOver(journal, order, refuse)
    rest = iter(rows)
    while some := list(islice(rest, _AT_ONCE)):
        taking_over.take(some)
    return taking_over.report


class _TakingOver:
    def __init__(self, journal: Journal, order: Order, refuse: Callable[[Unread], None]) -> None:
        self._journal = journal
        self._order = order
        self._refuse = refuse
        self.report = Report()

    def take(self, rows: Sequence[Look | Unread]) -> None:
        """Enter what some rows say."""
        looks = [row for row in rows if isinstance(row, Look)]
        self._journal.flush()
        known = sources_of(self._journal.connection, {link for look in looks for link in look.links})
        uncited: dict[str, None] = {}
        for row in rows:
            if isinstance(row, Unread):
                self._refused(row)
                continue
            source = next(filter(None, (known.get(canonical(link)) for link in row.links)), None)
            if row.outcome is Outcome.WAITING:
                self.report.fates[LinkFate.WAITING] += 1
            elif source is None:
                self.report.fates[LinkFate.UNCITED] += 1
                uncited[row.links[0]] = None
            else:
                self._of_source(source, row)
        if self._order.inbox and uncited:
            added = add(self._journal, [{"url": link} for link in uncited])
            self.report.to_inbox += sum(one.new for one in added)

    def _of_source(self, source: str, look: Look) -> None:
        if look.looked_at is not None and look.looked_at > self._journal.recorded_at:
            self._refused(Unread(look.place, look.links[0], "the archive date lies in the future"))
            return
        before, number = self._journal.state("source", source), self._journal.number
        files = list(self._files(look, before))
        hold(self._journal, source, files, _about(before, look))
        nothing = LinkFate.OLDER if _is_older(before, look) else LinkFate.KNOWN
        self.report.fates[LinkFate.TAKEN if self._journal.number > number else nothing] += 1

    def _refused(self, row: Unread) -> None:
        self.report.fates[LinkFate.REFUSED] += 1
        self._refuse(row)

    def _files(self, look: Look, before: State) -> Iterator[HeldFile]:
        """The files of a row that the folder has and the source has not."""
        if self._order.folder is None:
            return
        held = {file["sha256"] for file in children(before, "file").values()}
        for kept in look.files:
            try:
                found = _found(self._order.folder, kept)
            except Misfit as error:
                self.report.files[FileFate.REFUSED] += 1
                self._refuse(Unread(look.place, look.links[0], str(error)))
                continue
            if isinstance(found, FileFate) or found.sha256 in held:
                self.report.files[found if isinstance(found, FileFate) else FileFate.KNOWN] += 1
                continue
            held.add(found.sha256)
            self.report.files[FileFate.TAKEN] += 1
            yield self._held(found, kept)

    def _held(self, found: Examined, kept: Kept) -> HeldFile:
        path = found.path
        if self._order.taking is not None:
            with path.open("rb") as content:
                taken = self._order.taking.add(content)
            if taken.sha256 != found.sha256:
                raise Refused(f"{path} was changed while it was read; nothing was taken")
            path = taken.path
        kind = media_type(path)
        return HeldFile(
            sha256=found.sha256,
            size=found.size,
            origin=Origin.ARCHIVED,
            media_type=kind,
            name=next((name for name in kept.names if len(name) <= MAX_LINE), None),
            captured=captured(path),
            url=kept.url,
            likeness=likeness(path) if kind in MEDIA_TYPES else None,
        )


def _found(folder: Folder, kept: Kept) -> Examined | FileFate:
    """The file in a folder that the archiver means, or why there is none. Errors: Misfit."""
    if kept.algorithm is None or kept.digest is None:
        return FileFate.UNHASHED
    return folder.find(kept.names, kept.algorithm, kept.digest) or FileFate.ABSENT


def _is_older(state: State, look: Look) -> bool:
    return look.looked_at is not None and state.get("looked_at", "") > look.looked_at


def _about(state: State, look: Look) -> dict[str, str | None]:
    """What a row adds to what is known of a source: a copy where none is known, a look where none was later."""
    about: dict[str, str | None] = {}
    if look.archived is not None and "archived" not in state:
        about["archived"] = look.archived
    if look.health is not None and look.looked_at is not None and _says_more(state, look):
        about |= {"health": look.health.value, "looked_at": look.looked_at}
        if look.health in (Health.MEDIA, Health.PAGE):
            about["gone_on"] = None
    return about


def _says_more(state: State, look: Look) -> bool:
    """Whether what the archiver found is the latest word on a link.

    That it got nothing says little, and is taken only where nobody has looked; and what is held here is not less held
    because the archiver found less.
    """
    if _is_older(state, look):
        return False
    if look.health is Health.UNREACHABLE:
        return "health" not in state
    return look.health is Health.MEDIA or not children(state, "file")
