"""The case file on the screen: what each source says and how it was judged, and who decided what."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from lossledger.cli.render import facts, heading
from lossledger.core.days import show_days
from lossledger.core.links import host_of
from lossledger.core.text import told_size
from lossledger.core.vocabulary import CREDIBILITY_MEANS, NOT_JUDGED, RELIABILITY_MEANS, Health, Verification

if TYPE_CHECKING:
    from lossledger.queries.casefile import Case, Record
    from lossledger.queries.decided import Decision


def print_sources(found: "Case") -> None:
    """Print the sources by what they do with the loss."""
    heading("Sources")
    facts(list(_by_stance(found.evidence)), 2)


def _by_stance(evidence: Iterable["Record"]) -> Iterator[tuple[str, str]]:
    """The pieces of evidence, a blank line between two, the first of each stance with its name."""
    pieces = list(evidence)
    shown: set[str] = set()
    for relation, same in groupby(pieces, key=lambda piece: str(piece["relation"])):
        for place, piece in enumerate(same):
            source = str(piece["source"]["id"])
            told = _told_again(piece) if source in shown else told_piece(piece)
            between = "" if piece is pieces[-1] else "\n"
            shown.add(source)
            yield ("" if place else relation), f"{told}{_brought(piece)}{between}"


def told_piece(piece: "Record") -> str:
    """A piece of evidence, a line each: who and when; what it says; where it stands; how judged; what is held."""
    origin = piece["source"]
    return _lines(
        ", ".join(filter(None, (*_who(origin), _on(piece)))),
        origin["title"],
        *_says(piece),
        origin["url"],
        f"archived {origin['archived']}" if origin["archived"] else "",
        "; ".join(filter(None, (_judged(piece), _held(origin)))),
        *map(_file, origin["files"]),
        f"source {origin['id']}",
    )


def _told_again(piece: "Record") -> str:
    """A piece of evidence whose source stands further up: what it says here, and how that was judged."""
    origin = piece["source"]
    who = next(_who(origin)) or origin["title"] or ""
    above = f"source {origin['id']} (above)"
    return _lines(", ".join(filter(None, (who, _on(piece)))), *_says(piece), _judged(piece), above)


def _lines(*lines: str | None) -> str:
    return "\n".join(line for line in lines if line)


def _says(piece: "Record") -> tuple[str, str | None]:
    return (f"“{piece['says']}”" if piece["says"] else "", piece["note"])


def _judged(piece: "Record") -> str:
    return judged(piece["source"]["reliability"], piece["credibility"])


def _who(origin: "Record") -> Iterator[str]:
    """Who published it and when, in what form, and for which party it speaks."""
    names = " / ".join(dict.fromkeys(origin[name] for name in ("publisher", "author") if origin[name]))
    yield names or origin["party"] or ""
    yield show_days(origin["earliest"], origin["latest"], inferred=origin["inferred"])
    yield origin["kind"] or ""
    yield f"{origin['party']} speaks" if names and origin["party"] else ""


def _on(piece: "Record") -> str:
    return f"on {piece['field']}{', settled since' if piece['settled'] else ''}" if piece["field"] else ""


def judged(reliability: str | None, credibility: str | None) -> str:
    """The two signs of a judgement with what they say: "B2: usually reliable, probably true"."""
    if not reliability and not credibility:
        return NOT_JUDGED
    source = RELIABILITY_MEANS.get(reliability or "", f"reliability {NOT_JUDGED}")
    word = CREDIBILITY_MEANS.get(credibility or "", f"credibility {NOT_JUDGED}")
    return f"judged {reliability or '-'}{credibility or '-'}: {source}, {word}"


_FOUND = {
    Health.PAGE: "page only",
    Health.GONE: "its link gone",
    Health.LOGIN: "login wall",
    Health.UNREACHABLE: "no answer",
    Health.REFUSED: "not to be fetched",
}
"""What the last look at a link found, where that is not told by what is held."""


def _held(origin: "Record") -> str:
    """Whether nothing is held of a source, and what the last look at its link found, where that says more."""
    nothing = "" if origin["files"] else "nothing held"
    if origin["health"] == Health.GONE and origin["gone_on"]:
        found = f"its link gone since {origin['gone_on']}"
    else:
        found = _FOUND.get(origin["health"], "")
        found += f" on {origin['looked_at'][:10]}" if found and origin["looked_at"] else ""
    return ", ".join(filter(None, (nothing, found)))


def _file(file: "Record") -> str:
    """A file that is held: "held: tank.jpg, image/jpeg, 1.2 MB, sha256 3fa94b12c0de, graphic"."""
    about = (
        f"held: {file['name'] or 'a file'}",
        file["media_type"],
        None if file["size"] is None else told_size(file["size"]),
        f"sha256 {file['sha256'][:_DIGEST]}",
        f"captured {file['captured']}" if file["captured"] else None,
        "graphic" if file["graphic"] else None,
    )
    return ", ".join(filter(None, about))


_DIGEST = 12
"""How many signs of a file's digest are shown: enough to tell it from any other here."""


def _brought(piece: "Record") -> str:
    """Who brought it into the ledger and when; with a list, which one."""
    by = piece["brought"]
    if not by:
        return ""
    of_list = f", from {by['feed']}" if by["feed"] else ""
    return f", entered {_by(by['actor'], by['recorded_at'])}{of_list}"


def _by(actor: str, instant: str) -> str:
    return f"by {actor or 'somebody'} on {instant[:10]}"


def print_decided(found: "Case") -> None:
    """Print who decided what on which day and why, what was undone as such."""
    if found.decided:
        heading("Decided")
        names = _names(piece["source"] for piece in found.evidence)
        facts([(f"{one.recorded_at[:10]}  {one.actor}", _told(one, names)) for one in found.decided], 2)


def _names(sources: Iterable["Record"]) -> dict[str, str]:
    """What each source is called in a line, by its id: who speaks or where it stands, where no other is called so."""
    called = {
        one["id"]: one["publisher"] or one["author"] or one["party"] or host_of(one["url"] or "") for one in sources
    }
    number = Counter(called.values())
    return {uid: name for uid, name in called.items() if name and number[name] == 1}


def _told(one: "Decision", names: dict[str, str]) -> str:
    source = names.get(one.source or "", f"source {one.source}")
    said = f"{_what(one, source)}{f': {one.reason}' if one.reason else ''}"
    on = f"{one.loss}, of which this was part: " if one.loss and not one.other else ""
    return f"{on}{said}{_taken_back(one)}"


def _taken_back(one: "Decision") -> str:
    if one.undone is None:
        return ""
    why = f": {one.undone['reason']}" if one.undone["reason"] else ""
    return f"\nundone {_by(one.undone['actor'], one.undone['recorded_at'])}{why}"


_FORMS = {
    "entered": "entered as {believed}",
    "believed": "{change}",
    "left": "stays {new}",
    "disputed": "{what} disputed by {source}{effect}",
    "settled": "{what} is {new}, as {source} says",
    "judged": "{what} of {source}: {old} -> {new}",
    "merged": "merged into {other}",
    "unmerged": "no longer merged into {other}",
    "told apart": "not the same as {other}",
    "taken": "as {feed} says",
    "kept": "stays as it is here, against {feed}",
}
_OF_THE_OTHER = {"merged": "{loss} merged into it", "unmerged": "{loss} no longer merged into it"}
"""How decisions read that stand in the history of the other loss."""


def _what(one: "Decision", source: str) -> str:
    """What was decided, in words."""
    form = (one.loss and _OF_THE_OTHER.get(one.kind)) or _FORMS.get(one.kind, one.kind)
    return form.format(
        what=one.field or "loss",
        source=source,
        old=one.old or NOT_JUDGED,
        new=one.new or NOT_JUDGED,
        believed=_believed(one),
        change=_believed(one) if one.old == one.new else f"{one.old} -> {_believed(one)}",
        effect="" if one.old == one.new else f", {one.old} -> {one.new}",
        other=one.other,
        loss=one.loss,
        feed=one.feed,
    )


def _believed(one: "Decision") -> str:
    """How far it is believed, and who was named for it where that is another than who acted."""
    named = f" by {one.by}" if one.by and one.by != one.actor else ""
    again = " again" if one.old == one.new or (one.old and one.new == Verification.CLAIMED) else ""
    return f"{one.new}{again}{named}"
