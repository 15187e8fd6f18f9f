"""Going through what waits, one at a time: ask, decide, tell; skip, undo, leave."""

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App
from lossledger.cli.faces import OPEN, QUIT, SKIP, UNDO, WHY, Answer, Lines, Screen
from lossledger.cli.options import reason_of
from lossledger.cli.question import Question, question
from lossledger.cli.skipped import Skipped
from lossledger.core.text import many
from lossledger.errors import LedgerError, Unavailable

if TYPE_CHECKING:
    from lossledger.queries.waiting import Waits


class Review:
    """One session of one person. Each decision is an act of its own, and can be undone as long as the session lasts."""

    def __init__(self, app: App, found: Sequence["Waits"], face: Screen | Lines, skipped: Skipped, reason: str) -> None:
        self._app, self._face, self._skipped, self._reason = app, face, skipped, reason
        new = [waits for waits in found if not skipped.has(waits.item.id, waits.item.seen)]
        self._left = deque([*new, *(waits for waits in found if skipped.has(waits.item.id, waits.item.seen))])
        self._total = len(found)
        self._overtaken = 0
        """How many items others have decided meanwhile."""
        self._decided: list[tuple[Waits, str]] = []
        """What was decided, each with the id of its act."""
        self._passed: set[str] = set()
        self._why: str | None = None

    def run(self) -> None:
        """Ask until nothing is left, or somebody leaves; say at the end how far it came."""
        try:
            while self._left and self._step():
                pass
        finally:
            self._skipped.keep({waits.item.id for waits in self._left})
            self._face.last_words()
            self._app.say(self._summary())

    def _step(self) -> bool:
        """Ask about the first item. False where the person leaves."""
        from lossledger.ledger.review import DECISIONS

        asked = self._ask_about(self._left[0])
        if asked is None:
            return True
        item = asked.waits.item
        answer = self._face.ask(asked, f"{len(self._left):,} left", list(DECISIONS[item.kind]))
        match answer.said:
            case said if said == QUIT:
                return False
            case said if said == SKIP:
                self._skip(asked.waits)
            case said if said == UNDO:
                self._undo()
            case said if said == OPEN:
                self._open(asked)
            case said if said == WHY:
                self._why = self._face.why().strip() or None
            case _:
                self._decide(asked.waits, answer)
        return True

    def _ask_about(self, waits: "Waits") -> Question | None:
        """The question as it is now; None where it waits no longer, which is said."""
        from lossledger.core.days import utc_now
        from lossledger.queries.since import in_words, last_done
        from lossledger.queries.waiting import still_waiting

        item = waits.item
        with self._app.reading() as connection:
            now = still_waiting(connection, [item.id]).get(item.id)
            if now is not None:
                return question(connection, now._replace(item=now.item._replace(line=item.line)))
            done = last_done(connection, item.losses, item.seen)
        self._left.popleft()
        self._overtaken += 1
        self._face.tell(f"{item.id} waits no longer: {in_words(done, utc_now())}" if done else f"{item.id}: done")
        return None

    def _decide(self, waits: "Waits", answer: Answer) -> None:
        from lossledger.ledger.review import Asked, Decision, Overtaken, decide

        item = waits.item
        try:
            reason = reason_of(answer.reason or self._why or self._reason)
            with self._app.recording(reason) as journal:
                said = decide(journal, Asked(item.id, Decision(answer.said), item.seen))
                act_id = journal.act_id
        except Unavailable:
            raise
        except Overtaken as error:
            # It is asked about again where it still waits, with what is new shown.
            self._face.tell(f"not done: {error}")
        except LedgerError as error:
            self._face.tell(f"not done: {error}")
            self._left.rotate(-1)
        else:
            self._decided.append((waits, act_id))
            self._left.popleft()
            self._why = None
            self._face.tell(said)

    def _skip(self, waits: "Waits") -> None:
        """Have an item come again at the end; one that comes again and is skipped again is left for another time."""
        item = waits.item
        self._skipped.add(item.id, item.seen)
        first = self._left.popleft()
        if item.id in self._passed:
            return
        self._passed.add(item.id)
        self._left.append(first)
        if self._left[0].item.id in self._passed:
            self._face.tell("what follows was skipped before")

    def _undo(self) -> None:
        """Take the last decision of this session back, and ask about it again."""
        from lossledger.ledger.undo import undo

        if not self._decided:
            self._face.tell("nothing left to take back")
            return
        waits, act_id = self._decided[-1]
        try:
            with self._app.recording("taken back in review") as journal:
                undo(journal, only=act_id)
        except Unavailable:
            raise
        except LedgerError as error:
            self._face.tell(f"not undone: {error}")
            return
        self._decided.pop()
        self._left.appendleft(waits)
        self._face.tell(f"{waits.item.id}: taken back")

    def _open(self, asked: Question) -> None:
        if not asked.links:
            self._face.tell("no link of it can be opened")
            return
        link = self._face.which(asked.links)
        if link is not None and click.launch(link):
            self._face.tell(f"no browser could be started; the link is {link}")

    def _summary(self) -> str:
        left = self._total - len(self._decided) - self._overtaken
        by_others = f", {self._overtaken:,} by others" if self._overtaken else ""
        return f"{many(len(self._decided), 'decision')}{by_others}; {left:,} left"
