"""A foreign list enters the ledger: every row that was read gets its fate, and the fates add up."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import islice

from lossledger.core.vocabulary import Fate
from lossledger.db.deferred import deferred
from lossledger.errors import Refused
from lossledger.feeds.records import Figure, Item, Reading, Record, Unread
from lossledger.ledger.citing import Citing
from lossledger.ledger.figures import Figures
from lossledger.ledger.given import words
from lossledger.ledger.journal import Journal
from lossledger.ledger.listing import Listing, Outcome
from lossledger.ledger.run import Run
from lossledger.ledger.terms import Made, Terms, free_key
from lossledger.queries.feeds import Imported, feed_of, last_loss, last_run

_CHUNK = 8_000
"""How many records are taken at once. Each time waits for the rows that are still being sent, so not too seldom and not
too often."""

_MANY = 1_000
"""From how many rows on a file is large."""

MOST_GONE = 0.2
"""A snapshot that lacks more of what its list held than this is taken for a part of the list."""


@dataclass(frozen=True, slots=True)
class Order:
    """How a file is to be imported."""

    conflict: str
    feed: str | None = None
    """The feed that the file belongs to, where it is not the one that the file says. Counts in a file for a feed that
    the ledger holds are that feed's own: assertions, by day."""
    file: str | None = None
    sha256: str | None = None
    dated: str | None = None
    """The day that dates undated rows, and the file itself."""
    snapshot: bool = False
    """Whether the file is the whole list, so that what it lacks is gone."""
    create_sides: bool = False
    anyway: bool = False
    """Whether a snapshot is taken that is older than the last, or lacks over a fifth of the list."""


@dataclass(slots=True)
class Report:
    """What an import did with every row that it read."""

    feed: str
    new_list: bool
    run: str | None = None
    """The run's uid; None where nothing was appended."""
    first_entry: int = 0
    """The number of the run's first entry: the list as it was before is known on the one before it."""
    fates: Counter[Fate] = field(default_factory=Counter)
    vouched: int = 0
    """How many rows the list no longer has that a person here vouches for: they are held."""
    made: list[Made] = field(default_factory=list)
    figures: int = 0
    """How many of the list's own counts were entered or changed."""
    older: bool = False
    """Whether the file is older than what was imported last: its words have replaced newer ones."""
    figures_refused: int = 0
    """How many of them could not be taken, for they count something that the ledger lacks."""
    inferred: int = 0
    """How many rows were dated by the day given for the file."""

    @property
    def read(self) -> int:
        """The rows that were read: every fate's but those that were not there."""
        return sum(self.fates.values()) - self.fates[Fate.GONE]


def ingest(
    journal: Journal,
    reading: Reading,
    order: Order,
    *,
    refuse: Callable[[Unread], None],
    tell: Callable[[int], None] = lambda _: None,
) -> Report:
    """Take a list's rows into the ledger, within the journal's one act.

    ``refuse`` is told every row that cannot be taken, ``tell`` how many records were read so far. Errors: Refused
    for a snapshot that is older than the last, or that lacks over a fifth of the list, unless told; BadData where
    the file cannot be read to its end. Then nothing of it may be committed.
    """
    source = reading.source
    feed = order.feed or feed_of(journal.connection, source.slug, source.url, source.name)
    feed = feed or free_key(journal, "feed", source.slug)
    run = Run(journal, feed, source, {"file": order.file, "sha256": order.sha256, "dated": order.dated})
    before = last_run(journal.connection, feed)
    terms = Terms(journal, order.conflict, create_sides=order.create_sides)
    citing = Citing(journal, source)
    report = Report(feed, new_list=run.is_new_list, first_entry=journal.number + 1)
    listing = Listing(journal, terms, run, citing, stated=reading.fields, dated=order.dated)
    figures = Figures(journal, terms, run, source, citing, tied=order.feed is not None and not run.is_new_list)

    _Taking(journal, listing, figures, report, refuse, tell).all(reading.records)
    older = _older(order, before, listing.latest)
    report.older = older is not None
    if order.snapshot:
        if older is not None and not order.anyway:
            raise Refused(f"{older}; import it without --snapshot, or say --anyway")
        _withdraw_unlisted(listing, report, anyway=order.anyway)
    report.figures = figures.enter()
    report.made, report.inferred = terms.made, listing.inferred
    another_file = before is not None and before.sha256 != order.sha256
    if run.begun or another_file:
        run.begin()
        run.finish(report.read, report.fates, listing.latest)
        report.run = run.uid
    return report


class _Taking:
    """The records of a file on their way into the ledger, and what becomes of each."""

    def __init__(
        self,
        journal: Journal,
        listing: Listing,
        figures: Figures,
        report: Report,
        refuse: Callable[[Unread], None],
        tell: Callable[[int], None],
    ) -> None:
        self._journal = journal
        self._listing = listing
        self._figures = figures
        self._report = report
        self._refuse = refuse
        self._tell = tell

    def all(self, records: Iterator[Record]) -> None:
        """Take every record; those of a large file without what only costs time for each of many."""
        read, chunk = 0, list(islice(records, _CHUNK))
        with self._large(len(chunk)) if len(chunk) >= _MANY else nullcontext():
            while chunk:
                self._take(chunk)
                self._journal.send()  # on its way while the next records are read
                read += len(chunk)
                self._tell(read)
                chunk = list(islice(records, _CHUNK))
            for _, why in self._refused(self._listing.settle()):
                self._refuse(why)

    def _large(self, number: int) -> AbstractContextManager[None]:
        mostly_new = self._report.new_list and last_loss(self._journal.connection) < number
        return deferred(self._journal.connection, indexes=mostly_new)

    def _take(self, chunk: Sequence[Record]) -> None:
        """Take some records, and have each that was refused told in the file's order."""
        refused: dict[int, Unread] = {id(one): one for one in chunk if isinstance(one, Unread)}
        self._report.fates[Fate.REFUSED] += len(refused)
        items = [one for one in chunk if isinstance(one, Item)]
        refused |= {id(item): why for item, why in self._refused(self._listing.take(items))}
        for one in chunk:
            if isinstance(one, Figure):
                self._take_figure(one)
            elif id(one) in refused:
                self._refuse(refused[id(one)])

    def _refused(self, outcomes: Iterable[Outcome]) -> list[tuple[Item, Unread]]:
        """Count fates; returns the items that were refused."""
        fates, refused = self._report.fates, []
        for item, fate, reason in outcomes:
            fates[fate] += 1
            if fate is Fate.REFUSED:
                refused.append((item, Unread(item.place, words(item), reason)))
        return refused

    def _take_figure(self, figure: Figure) -> None:
        try:
            self._figures.add(figure)
        except Refused as error:
            self._report.figures_refused += 1
            self._refuse(Unread(figure.place, figure.wording, str(error)))


def _older(order: Order, before: Imported | None, latest: str | None) -> str | None:
    """Why a file is older than the last, and so would take back what came since; None where it is not."""
    if before is None:
        return None
    what, now, then = "is dated", order.dated, before.dated
    if now is None or then is None:
        what, now, then = "has its latest row on", latest, before.latest
    if now is None or then is None or now >= then:
        return None
    return f"the snapshot {what} {now}, but the file imported last {what} {then}: it is older"


def _withdraw_unlisted(listing: Listing, report: Report, *, anyway: bool) -> None:
    """Have what the file lacks be gone. Errors: Refused where that is over a fifth of the list, unless told."""
    lacking, of = listing.unlisted()
    if len(lacking) > MOST_GONE * of and not anyway:
        raise Refused(
            f"the file lacks {len(lacking):,} of the {of:,} rows that its list held, over a fifth: "
            "it looks like a part of the list; import it without --snapshot, or say --anyway"
        )
    for fate in listing.drop(lacking):
        report.vouched += fate is Fate.HELD
        report.fates[Fate.GONE] += fate is Fate.GONE
