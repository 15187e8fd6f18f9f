"""The page of each loss: where it stands, what it rests on, and its history."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from lossledger.core.fields import REDACTED
from lossledger.core.vocabulary import RECOVERED, Act, Counts, Health, Verification
from lossledger.publish.frame import Frame
from lossledger.publish.history import loss_link, told
from lossledger.publish.looks import day, filled, fragment, link, made, number, span, text
from lossledger.queries.cases import Brief

Record = dict[str, Any]


def loss_page(frame: Frame, brief: Brief) -> bytes:
    """A loss at its address, which it keeps whatever becomes of it."""
    loss = brief.loss
    column = frame.column(brief.side, loss["feed"])
    state, standing = _standing(brief)
    line = _line(loss)
    content = fragment(
        "loss.html",
        uid=loss["id"],
        line=line,
        tone=column.tone if column else "",
        state=state,
        standing=standing,
        facts=list(_facts(frame, brief)),
        sources=[_source(piece) for piece in brief.evidence],
        history=told(brief.steps, frame.known),
        report=report_address(frame.settings.contact, loss["id"]),
    )
    return filled(frame.shell("loss_shell.html", "../"), text(line), content)


def report_address(contact: str, uid: str) -> str:
    """Where an error in a loss is reported: by mail or at an address, with its id; empty where neither is known."""
    if not contact:
        return ""
    if "://" in contact:
        return f"{contact}{'&' if '?' in contact else '?'}loss={uid}"
    return f"mailto:{quote(contact, safe='@')}?subject={quote(f'Error in loss {uid}')}"


def _line(loss: Record) -> str:
    """A loss in short: "T-72B of Redland, destroyed"."""
    many = f"{loss['quantity']:,} " if loss["quantity"] > 1 else ""
    return f"{many}{loss['type'] or loss['category']} of {loss['side']}, {loss['outcome']}"


def _standing(brief: Brief) -> tuple[str, Markup]:
    """Whether it counts, in a word and in a sentence."""
    loss = brief.loss
    if loss["withdrawn"]:
        last = next((step for step in reversed(brief.steps) if step.act in (Act.WITHDRAW, Act.UNDO)), None)
        why = text(f": {last.reason}") if last and last.reason and last.reason != REDACTED else ""
        when = Markup(" on {}").format(day(last.recorded_at)) if last else ""
        return "withdrawn", Markup("Withdrawn{}{}. It does not count.").format(when, why)
    if loss["merged_into"] and not loss["stands_in"]:
        into = loss_link(loss["merged_into"])
        return "merged", Markup("The same as {}, into which it was merged. That one counts.").format(into)
    if loss["verification"] != Verification.CONFIRMED:
        return loss["verification"], Markup("{}. It is not counted.").format(loss["verification"].capitalize())
    if loss["outcome"] == RECOVERED:
        return "recovered", Markup("Confirmed; its owner has it back, and it counts no longer.")
    if loss["merged_into"]:
        into = loss_link(loss["merged_into"])
        return "confirmed", Markup("Confirmed. It counts in place of {}, which is withdrawn.").format(into)
    return "confirmed", Markup("Confirmed. It counts.")


def _facts(frame: Frame, brief: Brief) -> Iterator[tuple[str, Markup | str]]:
    """What is known of it, by name."""
    loss = brief.loss
    terms = frame.known.terms
    aggregate = Markup(", a number somebody gave") if loss["counts"] == Counts.AGGREGATE else ""
    yield "Id", loss["id"]
    yield "Side", text(loss["side"])
    yield "Category", made(f'<a href="../category/{escape(brief.heading)}.html">{text(loss["category"])}</a>')
    yield "Type", text(loss["type"] or "not given")
    yield "It may be", text(loss["candidates"].replace("|", " or ")) if loss["candidates"] else ""
    yield "Status", made(f'<span class="status {escape(loss["outcome"])}">{escape(loss["outcome"])}</span>')
    yield "Quantity", number(loss["quantity"]) + aggregate if loss["quantity"] > 1 or aggregate else ""
    for name in ("name", "fittings", "cause", "captor", "circumstance"):
        yield name.capitalize(), text(loss[name])
    yield "Happened", text(span(loss))
    yield "Reported", day(loss["reported"])
    yield "Counted on", _counted_on(loss)
    yield "Place", text(loss["place"])
    yield "Coordinates", _coordinates(loss)
    yield "Unit", text(loss["unit"])
    yield "Tags", text(loss["tags"].replace("|", ", ")) if loss["tags"] else ""
    yield "What became of it", _trail(brief) if len(brief.trail) > 1 else ""
    yield "List", text(terms["feed"][loss["feed"]].name) if loss["feed"] in terms["feed"] else ""
    yield "Note", text(loss["note"])
    yield "Confirmed by", _by(brief)
    yield "Merged into it", Markup(", ").join(map(loss_link, brief.merged_here))
    yield "Split from", loss_link(loss["split_from"]) if loss["split_from"] else ""
    yield "Split off it", Markup(", ").join(map(loss_link, brief.parts))


def _counted_on(loss: Record) -> Markup:
    """The day that it goes by, and which day that is where it need not be the one on which it happened."""
    if loss["day"] is None:
        return Markup("undated")
    if not (loss["latest"] or loss["reported"]):
        return day(loss["day"]) + Markup(", the day of its list")
    if loss["earliest"] == loss["day"]:
        return day(loss["day"])
    return day(loss["day"]) + Markup(", the last day on which it can have been")


def _coordinates(loss: Record) -> str:
    return "" if loss["latitude"] is None else f"{loss['latitude']}, {loss['longitude']}"


def _trail(brief: Brief) -> Markup:
    steps = (
        text(" ".join(part for part in (step["status"], span(step), _words(step)) if part)) for step in brief.trail
    )
    return Markup(", then ").join(steps)


def _words(step: Record) -> str:
    """A report's own words for what became of a loss, where they are others."""
    phrase = step["phrase"]
    return "" if phrase in (None, REDACTED, step["status"]) else f"({phrase})"


def _by(brief: Brief) -> Markup:
    """Who confirmed it; nothing where it is not confirmed."""
    loss = brief.loss
    if loss["verification"] != Verification.CONFIRMED:
        return Markup("")
    who = text(loss["verified_by"]) if loss["verified_by"] else Markup("somebody who is not named in public")
    return who + Markup(", a second person") if brief.second_reviewed else who


_RELATIONS = {"reports": "Reported", "admits": "Admitted", "confirms": "Confirmed", "disputes": "Disputed"}


def _source(piece: Record) -> Record:
    """A piece of evidence as its page shows it."""
    who = next((piece[name] for name in ("publisher", "author", "party") if piece[name] not in (None, REDACTED)), "")
    when = span(piece)
    state, held = _held(piece)
    about = f", the {piece['about']}," if piece["about"] else ""
    return {
        "relation": f"{_RELATIONS[piece['relation']]}{about} by",
        "shown": link(piece["url"], piece["title"] if piece["title"] != REDACTED else None)
        if piece["url"]
        else text(piece["title"]),
        "who": ", ".join(part for part in (who, when) if part),
        "state": state,
        "held": held,
        "archived": piece["archived"],
        "says": piece["says"],
        "note": piece["note"],
    }


def _held(piece: Record) -> tuple[str, Markup]:
    """What there is of a source by now, in a word and in a sentence."""
    if piece["held"]:
        return "held", Markup("A copy is held here.")
    if piece["health"] == Health.GONE:
        since = Markup(" since {}").format(day(piece["gone_on"])) if piece["gone_on"] else ""
        return "gone", Markup("Its link is gone{}; no copy is held.").format(since)
    if piece["health"] == Health.MEDIA:
        return "elsewhere", Markup("Another archive says that it has a copy.")
    return piece["health"] or "unseen", Markup("No copy is held here.")
