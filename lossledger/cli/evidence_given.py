"""``evidence add ID FILE``: files that are held of a source, or are sources of their own."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lossledger.cli.app import App
from lossledger.cli.given_files import Staged, look_at, taken_in
from lossledger.cli.options import reason_of
from lossledger.cli.sources import Cited, cite, evidence_of, kept_as_is, source_details
from lossledger.cli.telling import tell
from lossledger.core.fields import MAX_TEXT
from lossledger.core.text import checked
from lossledger.core.vocabulary import Relation
from lossledger.errors import Refused

if TYPE_CHECKING:
    from lossledger.ledger.journal import Journal


def add_files(app: App, uid: str, paths: Sequence[str], given: Mapping[str, Any]) -> None:
    """Take files in and add them to a loss, as one act; what is held already is not added again."""
    from lossledger.queries.names import whole_uid

    if not paths:
        raise Refused("--name and --graphic are said of files; name one")
    files, dry_run = look_at(paths, given["name"]), given["dry_run"]
    adding = _Adding(given)
    with (
        taken_in(app, files, graphic=given["graphic"], keep=not dry_run) as staged,
        app.recording(adding.reason, dry_run=dry_run) as journal,
    ):
        uid = whole_uid(journal.connection, "loss", uid)
        adding.add(journal, uid, staged)
    for line in adding.done:
        tell(app, f"loss {uid}: {line}", dry_run=dry_run)
    for line in dict.fromkeys(adding.remarks):
        app.say(line)


_AGAIN = "; it was missing from the store, and is there again"
_AGAIN_TRIED = "; it is missing from the store, and would be there again"


class _Adding:
    """What a command says of files and their sources, and what was done about it, a line each."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._note = {"note": checked(given["note"], "note", MAX_TEXT, lines=True)} if given["note"] else {}
        self._details = source_details(given)
        self._again = _AGAIN_TRIED if given["dry_run"] else _AGAIN
        self.reason = reason_of(given["reason"])
        self.done: list[str] = []
        self.remarks: list[str] = []

    def add(self, journal: "Journal", uid: str, staged: Sequence[Staged]) -> None:
        """Have files be held of the source that is named, or each of one of its own."""
        if self._given["source"]:
            source = cite(journal, self._given)
            self._hold(journal, uid, source, staged)
        else:
            for one in staged:
                self._hold(journal, uid, self._own(journal, uid, one), [one])

    def _own(self, journal: "Journal", uid: str, one: Staged) -> Cited:
        from lossledger.ledger.files import own_source

        source, new = own_source(journal, uid, one.file, self._details)
        return Cited(source, new, "" if new else kept_as_is(source, self._details))

    def _hold(self, journal: "Journal", uid: str, source: Cited, staged: Sequence[Staged]) -> None:
        from lossledger.ledger.casefile import add_evidence
        from lossledger.ledger.files import cited, hold

        called, relation = source.called(dry_run=self._given["dry_run"]), Relation(self._given["relation"])
        new = {file.sha256 for file in hold(journal, source.uid, [one.file for one in staged])}
        held = [f"held: {one}" for one in staged if one.file.sha256 in new]
        if source.uid not in cited(journal, uid):
            add_evidence(journal, uid, evidence_of(source.uid, relation, self._given, self._note))
            self.done.append("; ".join([f"{called} {relation} it", *held]))
        elif held:
            self.done.append("; ".join([called, *held]))
            self._tell_unsaid(source.uid)
        self.remarks += [source.remark] if source.remark else []
        for one in staged:
            if one.file.sha256 not in new:
                seen = ", as graphic" if self._given["graphic"] else ""
                again = self._again if one.is_nowhere() else ""
                self.remarks.append(f"{one}: held of source {source.uid} already{seen}{again}")

    def _tell_unsaid(self, source: str) -> None:
        said = [name for name in ("credibility", "note") if self._given[name]]
        if said:
            self.remarks.append(
                f"source {source} speaks of it already; what you say of that ({', '.join(said)}) was not entered"
            )
