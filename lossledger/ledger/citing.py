"""The sources that a list's rows rest on: one for every link, however it is spelt, or the list itself."""

from collections.abc import Iterable, Sequence

from lossledger.core.digest import new_uid
from lossledger.core.forms import check_forms
from lossledger.core.links import canonical, link_key
from lossledger.core.text import checked_outside
from lossledger.core.vocabulary import Act, SourceKind
from lossledger.feeds.records import Source
from lossledger.ledger.journal import Journal
from lossledger.ledger.marks import Traces
from lossledger.ledger.mould import Mould
from lossledger.queries.feeds import source_keys, source_titled, sources_of

_MANY = 1_000
"""From how many links on it costs less to know which ones have a source at all than to look up each."""


class Citing:
    """Sources by link, those of one batch of rows at a time."""

    def __init__(self, journal: Journal, source: Source) -> None:
        self._journal = journal
        self._source = source
        self._known: dict[str, str] = {}
        self._held: Traces | None = None
        """The keys of the links that have a source, once so many were wanted that it is worth knowing all."""
        self._list: str | None = None
        self._mould = Mould("source", {}, journal.keys.id_of)

    def learn(self, links: Iterable[str]) -> None:
        """Look up the sources of a batch's links in one go; those of the batch before are forgotten."""
        wanted = set(links)
        if self._held is None and len(wanted) >= _MANY:
            self._held = Traces()
            for key in source_keys(self._journal.connection):
                self._held.add(key)
        if self._held is not None:
            wanted = {link for link in wanted if link_key(link) in self._held}
        self._known = sources_of(self._journal.connection, wanted) if wanted else {}

    def evidence(self, links: Sequence[str]) -> dict[str, str]:
        """The sources of a loss that rests on these links, or where there are none on the list itself.

        They are given by the uids of the pieces of evidence that they become.
        """
        sources = dict.fromkeys(map(self._of, links)) if links else (self.of_list(),)
        return {new_uid(): source for source in sources}

    def _of(self, link: str) -> str:
        key = canonical(link)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._enter({"url": checked_outside(link, "url")})
        return found

    def of_list(self) -> str:
        """The source that the list itself is."""
        if self._list is None:
            url, name = self._source.url, self._source.name
            held = sources_of(self._journal.connection, [url]) if url else {}
            self._list = held.get(canonical(url)) if url else source_titled(self._journal.connection, name)
            if self._list is None:
                stated = {"url": url, "title": name, "publisher": self._source.publisher}
                fields = {field: value for field, value in stated.items() if value is not None}
                check_forms("source", fields)
                self._list = self._enter(fields | {"kind": SourceKind.DATASET.value})
        return self._list

    def _enter(self, fields: dict[str, str]) -> str:
        uid = new_uid()
        self._journal.begin(Act.CATALOGUE, self._mould, uid, fields)
        if self._held is not None and "url" in fields:
            self._held.add(link_key(fields["url"]))
        return uid
