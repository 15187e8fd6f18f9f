"""``show``: one loss with all that is known of it."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.casefile import print_decided, print_sources
from lossledger.cli.options import one_format_option
from lossledger.cli.render import Cell, Column, facts, heading, table
from lossledger.core.days import show_days
from lossledger.core.sameness import item_of
from lossledger.core.text import inert
from lossledger.core.vocabulary import RECOVERED, Counts, Verification

if TYPE_CHECKING:
    from lossledger.queries.casefile import Case, Record


@click.command("show", short_help="Show one loss with all that is known of it.")
@click.argument("id_", metavar="ID")
@one_format_option
@pass_app
def command(app: App, id_: str, form: str) -> None:
    """Show one loss with all that is known of it.

    Its fields and what became of it; its sources by what they do with it, how each was judged, what is held of it and
    who brought it; who decided what, when and why; notes, and the losses it is tied to. Any unique beginning of an id
    will do.

    A source is judged by two signs: B2 is a usually reliable source that says what is probably true. F and 6 say that
    it cannot be judged, which is not bad; a hyphen that nobody has judged it.

    \b
    Examples:
      lossledger show haw35abicg
      lossledger show haw3 --format json
    """
    from lossledger.queries.casefile import case
    from lossledger.queries.names import whole_uid

    with app.reading() as connection:
        found = case(connection, whole_uid(connection, "loss", id_))
    if form == "json":
        _print_json(found)
    else:
        _print(found)


def _print_json(found: "Case") -> None:
    import orjson

    everything = asdict(found)
    told = {"conflict": everything.pop("conflict"), **everything.pop("loss"), **everything}
    click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())


def _print(found: "Case") -> None:
    click.echo(inert(f"Loss {found.loss['id']}: {_line(found)}") + "\n")
    facts(told_fields(found))
    _print_trail(found)
    print_sources(found)
    print_decided(found)
    _print_notes(found)
    _print_held(found)
    _print_ties(found)


def _line(found: "Case") -> str:
    """A loss in short: "1 T-72B of Redland, destroyed"."""
    loss = found.loss
    return f"{loss['quantity']:,} {loss['type'] or loss['category']} of {loss['side']}, {loss['outcome']}"


def told_fields(found: "Case") -> list[tuple[str, Cell]]:
    """The fields of a loss by name, as people read them; what it does not say is empty."""
    loss = found.loss
    plain = {name: loss[name] for name in ("name", "fittings", "cause", "captor", "circumstance")}
    return [
        ("conflict", found.conflict),
        ("side", loss["side"]),
        ("type", loss["type"]),
        ("candidates", _several(loss["candidates"], " or ")),
        ("category", loss["category"]),
        ("quantity", f"{loss['quantity']:,}{', an aggregate' if loss['counts'] == Counts.AGGREGATE else ''}"),
        *plain.items(),
        ("happened", _days(loss)),
        ("reported", loss["reported"]),
        ("day", _day(loss)),
        ("place", loss["place"]),
        ("coordinates", _coordinates(loss)),
        ("unit", loss["unit"]),
        ("tags", _several(loss["tags"], ", ")),
        ("note", loss["note"]),
        ("feed", ", ".join(part for part in (loss["feed"], _own_key(loss["feed_key"])) if part)),
        ("verification", f"{_believed(loss)}{', a second person' if found.second_reviewed else ''}"),
        ("counted", _counted(loss)),
    ]


def _own_key(key: str | None) -> str | None:
    """What a list itself calls a loss, or which item of its link it is; nothing for a key of side and link."""
    if key is None or re.match(r"\S+/\S+ ", key):
        return None
    item = item_of(key)
    return f"item {item[1]} of source {item[0]}" if item else f"there {key}"


def _day(loss: "Record") -> str:
    """The day that the loss goes by in every count."""
    if loss["day"] is None:
        return "undated"
    inferred = loss["inferred"] or not (loss["latest"] or loss["reported"])
    return f"{loss['day']}, inferred" if inferred else str(loss["day"])


def _several(parts: str | None, between: str) -> str | None:
    return parts and parts.replace("|", between)


def _coordinates(loss: "Record") -> str:
    return "" if loss["latitude"] is None else f"{loss['latitude']}, {loss['longitude']}"


def _believed(loss: "Record") -> str:
    """How far it is believed, and who says so: "confirmed, by ann"."""
    return ", by ".join(part for part in (loss["verification"], loss["verified_by"]) if part)


def _counted(loss: "Record") -> str:
    """Whether a tally counts it unasked, and why not."""
    if loss["withdrawn"]:
        return "no: withdrawn"
    if loss["merged_into"] and not loss["stands_in"]:
        return f"no: merged into {loss['merged_into']}"
    if loss["verification"] != Verification.CONFIRMED:
        return f"no: {loss['verification']}"
    if loss["outcome"] == RECOVERED:
        return "no longer: recovered by its owner"
    return f"yes, in place of {loss['merged_into']}, which is withdrawn" if loss["merged_into"] else "yes"


def _print_trail(found: "Case") -> None:
    heading("What became of it")
    unknown = f"by {found.loss['reported']}" if found.loss["reported"] else "day not given"
    facts([(_days(step) or unknown, _became(step)) for step in found.trail], 2)


def _days(record: "Record") -> str:
    return show_days(record["earliest"], record["latest"], inferred=record["inferred"])


def _became(step: "Record") -> str:
    """A status, in the report's own words where they are others."""
    phrase = f" ({step['phrase']})" if step["phrase"] not in (None, step["status"]) else ""
    note = f": {step['note']}" if step["note"] else ""
    return f"{step['status']}{phrase}{note}"


def _print_notes(found: "Case") -> None:
    if found.notes:
        heading("Notes")
        facts([(f"{note['recorded_at'][:10]} {note['actor']}", note["text"]) for note in found.notes], 2)


_HELD = (Column("field", ""), Column("list", "The list"), Column("here", "Here"))

_TOGETHER = {
    **dict.fromkeys(("earliest", "latest", "inferred"), "happened"),
    **dict.fromkeys(("latitude", "longitude"), "coordinates"),
}
"""Fields that people read as one."""


def _print_held(found: "Case") -> None:
    """What lists say otherwise than a person here has, an import each."""
    for held in found.held:
        file = f", from {held['file']}" if held["file"] else ""
        heading(f"What {held['feed']} says now (imported on {held['imported_at'][:10]}{file})")
        table(_HELD, list(told_both(found.loss, held["fields"])), close=True)


def told_both(loss: "Record", fields: list["Record"]) -> Iterator[tuple[str, Cell, Cell]]:
    """What a list says and what stands here, field by field; days and coordinates as people read them."""
    from lossledger.queries.held import LISTED

    said = loss | {field["field"]: field["list"] for field in fields}
    by_name: dict[str, Record] = {}
    for field in fields:
        path = str(field["field"])
        by_name[_TOGETHER.get(path, path)] = field
    for name, field in by_name.items():
        if name == LISTED:
            yield name, "no longer", f"vouched for: {_believed(loss)}"
        elif name == "happened":
            yield name, _days(said), _days(loss)
        elif name == "coordinates":
            yield name, _coordinates(said), _coordinates(loss)
        else:
            between = " or " if name == "candidates" else ", "
            yield name, _plain(field["list"], between), _plain(field["here"], between)


def _plain(value: str | None, between: str) -> str:
    return _several(value, between) or "(nothing)"


def _print_ties(found: "Case") -> None:
    links = [("perhaps the same as", _because(link["to"], link["reason"])) for link in found.links]
    merged = [("the same as", uid) for uid in found.merged_with]
    split = [("split from", found.loss["split_from"])] if found.loss["split_from"] else []
    parts = [("split off it", f"{part['id']} ({part['quantity']:,})") for part in found.parts]
    ties: list[tuple[str, Any]] = [*merged, *split, *parts, *links]
    if ties:
        heading("Tied to")
        facts(ties, 2)


def _because(uid: str, reason: str | None) -> str:
    return f"{uid}: {reason}" if reason else uid
