"""The log of corrections, and the feed of changes."""

import uuid
from collections.abc import Collection, Iterator

from sqlalchemy import Connection, select

from lossledger.core.fields import REDACTED
from lossledger.core.text import many
from lossledger.core.vocabulary import Act
from lossledger.db.tables import entry as entries
from lossledger.publish.frame import Frame
from lossledger.publish.history import WHAT, label
from lossledger.publish.looks import render
from lossledger.queries.corrections import ActOn, corrections, latest_acts, numbers

_PER_PAGE = 200
_IN_FEED = 50
_TOLD = frozenset(("withdrawn", "merged_into"))


def correction_pages(
    connection: Connection, frame: Frame, uids: Collection[str] | None, before: int
) -> Iterator[tuple[str, bytes]]:
    """The pages of corrections, each newest first; the newest page is ``corrections.html``, all others are numbered.

    They count from the oldest, so a full page changes only with the losses on it. Where ``uids`` says which losses
    changed, only pages are written on which one of these stands, or that are newer than the first ``before`` entries.
    """
    found = numbers(connection, frame.scope.conflict)
    parts = [found[start : start + _PER_PAGE] for start in range(0, len(found), _PER_PAGE)] or [[]]
    for page, part in enumerate(parts, 1):
        newest = page == len(parts)
        # The page that was the newest has a number once the next one is begun.
        renamed = page == len(parts) - 1 and parts[-1][0][0] > before
        if uids is None or newest or renamed or any(uid in uids or number > before for number, uid in part):
            yield (
                page_name(page, len(parts)),
                _page(connection, frame, [number for number, _ in part], page, newest=newest),
            )


def page_name(page: int, pages: int) -> str:
    """The file of a page of corrections, of so many."""
    return "corrections.html" if page == pages else f"corrections-{page}.html"


def _page(connection: Connection, frame: Frame, chosen: list[int], page: int, *, newest: bool) -> bytes:
    found = [
        {
            "entry": one,
            "what": WHAT[Act(one.act)],
            # What an act is called says already that something was withdrawn or merged.
            "fields": ", ".join(dict.fromkeys(label(name) for name in one.fields if name not in _TOLD)),
            "why": "" if one.reason in (None, REDACTED) else one.reason,
        }
        for one in corrections(connection, chosen)
    ]
    return render(
        "corrections.html", frame=frame, root="", here="corrections.html", found=found, page=page, newest=newest
    )


def atom(connection: Connection, frame: Frame) -> bytes:
    """The feed of the latest acts on losses."""
    first = connection.scalar(select(entries.c.hash).order_by(entries.c.number).limit(1)) or b""
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"{first.hex()} {frame.scope.conflict}")
    found = [
        {
            "id": uuid.uuid5(own, act.act_id).urn,
            "updated": act.recorded_at,
            "title": _title(act),
            "link": f"loss/{act.uid}.html#entry-{act.number}" if act.losses == 1 else "corrections.html",
        }
        for act in latest_acts(connection, frame.scope.conflict, _IN_FEED)
    ]
    return render("feed.xml", frame=frame, id=own.urn, found=found, base=frame.settings.base_url)


def _title(act: ActOn) -> str:
    """What an act did: "Entered: loss haw35abicg", "Entered, Corrected: 312 losses"."""
    what = ", ".join(WHAT[Act(word)] for word in act.acts)
    return f"{what}: {f'loss {act.uid}' if act.losses == 1 else many(act.losses, 'loss', 'losses')}"
