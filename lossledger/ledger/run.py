"""One import of a list: its feed and its run are entered when there is something to enter, and not before."""

from collections import Counter
from collections.abc import Mapping

from lossledger.core.digest import new_uid
from lossledger.core.fields import State
from lossledger.core.vocabulary import Act, Fate, Verification
from lossledger.feeds.records import Source
from lossledger.ledger import catalogue
from lossledger.ledger.journal import Journal


class Run:
    """An import under way, and the feed that it belongs to."""

    def __init__(self, journal: Journal, feed: str, source: Source, file: Mapping[str, str | None]) -> None:
        self._journal = journal
        self._source = source
        self._file = {name: value for name, value in file.items() if value is not None}
        self.feed = feed
        self.uid = new_uid()
        self.begun = False

    @property
    def is_new_list(self) -> bool:
        """Whether the ledger does not hold the list's feed yet."""
        return self._journal.keys.find("feed", self.feed) is None

    def belief(self) -> dict[str, str]:
        """What a new row enters with: the feed's verification, and who gave it."""
        state = self._journal.state("feed", self.feed) or _feed_fields(self._source)
        verification = state.get("verification", Verification.CLAIMED)
        by = state.get("verified_by")
        believed = {"verification": str(verification)}
        return believed if by is None or verification == Verification.CLAIMED else believed | {"verified_by": by}

    def begin(self) -> None:
        """Enter the feed, where it is new, and the run; once."""
        if self.begun:
            return
        self.begun = True
        if self.is_new_list:
            catalogue.create(self._journal, "feed", _feed_fields(self._source), self.feed)
        state = {"feed": self.feed} | self._file
        self._journal.append(Act.CATALOGUE, "import", self.uid, state, new=True)

    def finish(self, read: int, fates: Counter[Fate], latest: str | None) -> None:
        """Enter what became of the rows, and the day of the latest."""
        counts = {"rows_read": str(read)} | {f"rows_{fate}": str(fates[fate]) for fate in Fate}
        fields = counts | ({"latest": latest} if latest else {})
        self._journal.append(Act.CATALOGUE, "import", self.uid, fields)


def _feed_fields(source: Source) -> State:
    stated = {
        "name": source.name,
        "publisher": source.publisher,
        "licence": source.licence,
        "credit": source.credit,
        "url": source.url,
        "verification": source.verification.value,
        "verified_by": source.verified_by,
    }
    return {name: value for name, value in stated.items() if value is not None}
