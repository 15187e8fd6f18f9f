"""How the changes of a tally are shown: a table of causes for each side, the rows field by field, loss by loss."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lossledger.cli import itemised, rowwise
from lossledger.cli.options import words
from lossledger.cli.render import Column, Row, table, write
from lossledger.core.text import inert
from lossledger.core.vocabulary import TYPE_NOT_GIVEN, Status
from lossledger.queries.caption import narrowed

if TYPE_CHECKING:
    from lossledger.queries.changes import Changes
    from lossledger.queries.points import Point
    from lossledger.queries.scope import Scope
    from lossledger.queries.tallies import Tally


class Asked(NamedTuple):
    """What is compared: the scope, two points, what was known at them in words, and what might have been meant."""

    scope: "Scope"
    start: "Point"
    end: "Point"
    known: str
    hint: str


Block = tuple[str, str | None]
"""A side that is counted by itself, and its feed where feeds are not summed."""

Key = tuple[str | None, ...]

_FEW = 20
"""So many losses that moved a tally are listed unasked."""

BY = ("cause", "category", "group", "type", "status", "verification")
"""What the changes of a side can be told by."""

_SUMS = (
    Column("losses", "Losses", number=True),
    Column("plus", "+", number=True),
    Column("minus", "-", number=True),
    Column("net", "Net", number=True),
)


def explain(found: "Changes", asked: Asked, given: Mapping[str, Any]) -> None:
    """Print the changes as they were asked for."""
    form = given["form"]
    if form != "table":
        _write(found, asked, given)
    elif not found.found:
        click.echo(inert("\n".join(["Nothing changed.", _title(found, asked), *_standing(found, given)]), lines=True))
        if asked.hint:
            click.echo(inert(asked.hint))
    else:
        _print(found, asked, given)


def _print(found: "Changes", asked: Asked, given: Mapping[str, Any]) -> None:
    moved, title = found.moved, _title(found, asked)
    if given["fields"]:
        rowwise.show(found, title)
        return
    if moved:
        _print_causes(
            found, asked, words(given["by"], BY, "--by") or ("cause",), joined=given["joined"] or not _several(found)
        )
    else:
        standing = ["No loss moved the tally.", title, *_standing(found, given)]
        click.echo(inert("\n".join(standing), lines=True))
    if any(change.row for change in found.found):
        click.echo()
        rowwise.show(found)
    listed = found.found if given["items"] else tuple(moved)
    if listed and (given["items"] or len(listed) <= _FEW):
        click.echo()
        rows = [row for change in listed for row in itemised.told(change, found.after.catalogue)]
        table(itemised.PEOPLE, rows, _unmoved_hint(found, given), close=True)
    elif listed:
        click.echo("\nEach of them: --items.")


def _unmoved_hint(found: "Changes", given: Mapping[str, Any]) -> str:
    left_out = len(found.found) - len(found.moved)
    return f"Also those that moved nothing ({left_out:,}): --items." if left_out and not given["items"] else ""


def _print_causes(found: "Changes", asked: Asked, by: tuple[str, ...], *, joined: bool) -> None:
    """Print a table for each side, and each feed where they are not joined: its causes, and both tallies under them."""
    blocks = _blocks(found, by, joined=joined)
    first, last = (f"tally{_apart(asked, point)}" for point in (asked.start, asked.end))
    columns = (*(Column(name, name.capitalize()) for name in by), *_SUMS)
    blank = [None] * (len(by) - 1)
    for place, (block, sums) in enumerate(blocks.items()):
        *own, (losses, plus, minus, net) = sums.values()
        rows: list[Row] = []
        above: str | None = None
        for key, counted in zip(sums, own, strict=False):
            names = _names(key, by, found)
            # What is told by two words is told under the first of them.
            under = [None if len(by) > 1 and names[0] == above else names[0], *names[1:]]
            rows.append((*under, *counted[:3], _signed(counted[3])))
            above = names[0]
        before, after = (_tallied(one, joined=joined)[block] for one in (found.before, found.after))
        rows += [(first, *blank, None, None, None, f"{before:,}")]
        rows += [("change", *blank, losses, plus, minus, _signed(net)), (last, *blank, None, None, None, f"{after:,}")]
        closing = place == len(blocks) - 1
        table(columns, rows, _caption(found) if closing else "", _title(found, asked, _called(found, block)), totals=3)
        if not closing:
            click.echo()


def _names(key: Key, by: tuple[str, ...], found: "Changes", none: str | None = TYPE_NOT_GIVEN) -> list[str | None]:
    """A key as people read it: terms of the catalogue by name."""
    named = (itemised.value(name, part, found.after.catalogue) for name, part in zip(by, key, strict=True))
    return [none if part is None else part for part in named]


def _title(found: "Changes", asked: Asked, side: str | None = None) -> str:
    """What is compared: "Changes: Valley War, Redland, from entry 30 to now (entry 45), as of 2020-10-12"."""
    known = found.after.catalogue
    if side is None and asked.scope.side:
        side = known.name("side", asked.scope.side)
    parts = [f"Changes: {known.name('conflict', asked.scope.conflict)}", *([side] if side else []), asked.known]
    bounds = ((asked.scope.since, "since"), (asked.scope.until, "up to"))
    if any(day for day, _ in bounds):
        parts.append("losses " + " ".join(f"{word} {day}" for day, word in bounds if day))
    if asked.start.as_of != asked.end.as_of:
        parts.append(f"from {asked.start.as_of} to {asked.end.as_of}")
    elif asked.start.as_of:
        parts.append(f"as of {asked.start.as_of}")
    return ", ".join(parts)


def _apart(asked: Asked, point: "Point") -> str:
    """What tells the tally at one point from that at the other: ", entry 30"."""
    said = []
    if asked.start.known_on != asked.end.known_on:
        said.append(f"entry {point.known_on}")
    if asked.start.as_of != asked.end.as_of:
        said.append(f"{point.as_of}")
    return f", {', '.join(said)}" if said else ""


def _caption(found: "Changes") -> str:
    """What is counted, and what "back-filled" means here."""
    scope = found.after.scope
    counted = " and ".join(scope.verifications).capitalize()
    lines = [f"{counted}{' only' if len(scope.verifications) == 1 else ''}.", *narrowed(found.after)]
    if any(change.cause == "back-filled" for change in found.found):
        lines.append(f"Back-filled: entered since, of a day up to {found.last_day}, the last that the first tally has.")
    if any(change.plus and change.minus for change in found.found):
        lines.append("What only moved within the tally adds as much as it takes.")
    return "\n".join(lines)


def _standing(found: "Changes", given: Mapping[str, Any]) -> Iterator[str]:
    """The tally of each side, where it is the same at both ends."""
    for block, quantity in _tallied(found.after, joined=given["joined"] or not _several(found)).items():
        yield f"{_called(found, block)}: {quantity:,} at both."


def _several(found: "Changes") -> bool:
    return found.before.several_feeds or found.after.several_feeds


def _tallied(tally: "Tally", *, joined: bool) -> Counter[Block]:
    """What a tally holds of each side that is counted by itself, and of each feed unless they are joined."""
    from lossledger.queries.points import top_of

    top = top_of(tally.scope, tally.catalogue)
    sums: Counter[Block] = Counter()
    for (side, feed), quantity in tally.sums("side", "feed").items():
        sums[top(str(side)), None if joined else feed] += quantity
    return sums


Sums = tuple[int, int, int, int]
"""Losses, items brought in, items taken out, and what is left of both."""


def _blocks(found: "Changes", by: tuple[str, ...], *, joined: bool) -> dict[Block, dict[Key, Sums]]:
    """The sums of each side that is counted by itself, by cause or what else is asked for; under (), all of them."""
    moves: dict[Block, dict[Key, list[tuple[str, int]]]] = {}
    for change in found.moved:
        for cell, quantity in change.moves.items():
            key = tuple(str(change.cause) if name == "cause" else getattr(cell, name) for name in by)
            of_block = moves.setdefault((cell.top, None if joined else cell.feed), {})
            for one in (key, ()):
                of_block.setdefault(one, []).append((change.uid, quantity))
    ranks = {name: _ranks(found, name) for name in ("side", *by)}

    def order(key: Key) -> list[tuple[int, str]]:
        return [(ranks[name].get(part or "", len(ranks[name])), part or "") for name, part in zip(by, key, strict=True)]

    blocks = sorted(moves, key=lambda block: (ranks["side"].get(block[0], 0), block))
    return {
        block: {key: _sums(moves[block][key]) for key in (*sorted((one for one in moves[block] if one), key=order), ())}
        for block in blocks
    }


def _ranks(found: "Changes", name: str) -> dict[str, int]:
    """The order in which the causes, or the terms of the catalogue, are shown."""
    from lossledger.queries.causes import Cause

    kind = "category" if name == "group" else name
    if kind not in found.after.catalogue.terms:
        return {word: place for place, word in enumerate((*Cause, *Status))}
    ranks: dict[str, int] = {}
    for place, term in enumerate(found.after.catalogue.ordered(kind)):
        ranks.setdefault(str(term.within) if name == "group" else term.slug, place)
    return ranks


def _sums(moves: list[tuple[str, int]]) -> Sums:
    plus = sum(quantity for _, quantity in moves if quantity > 0)
    net = sum(quantity for _, quantity in moves)
    return len({uid for uid, _ in moves}), plus, plus - net, net


def _called(found: "Changes", block: Block) -> str:
    side, feed = block
    terms = found.after.catalogue.terms["side"] | found.before.catalogue.terms["side"]  # type: ignore[operator]
    name = terms[side].name if side in terms else side
    return f"{name} ({feed})" if feed else name


def _signed(number: int) -> str:
    return f"{number:+,}" if number else "0"


def _write(found: "Changes", asked: Asked, given: Mapping[str, Any]) -> None:
    """Write rows for a program: by cause, by field, or a row for each field of each loss."""
    caption = (
        f"{_title(found, asked)}\n{_caption(found)}" if found.found else f"Nothing changed.\n{_title(found, asked)}"
    )
    if given["items"]:
        columns = [Column(key, key) for key in itemised.PROGRAMS]
        known = found.after.catalogue
        write(given["form"], columns, (row for one in found.found for row in itemised.rows(one, known)), caption)
        return
    if given["fields"]:
        columns = [Column(key, key) for key in rowwise.PROGRAMS]
        told = list(rowwise.lines(found))
        write(given["form"], columns, told, f"{_title(found, asked)}\n{rowwise.caption(told)}")
        return
    joined = given["joined"] or not _several(found)
    by = words(given["by"], BY, "--by") or ("cause",)
    keys = ("side", *(() if joined else ("feed",)), *by, "losses", "plus", "minus", "net", "before", "after")
    rows: list[Row] = []
    before, after = (_tallied(one, joined=joined) for one in (found.before, found.after))
    for block, sums in _blocks(found, by, joined=joined).items():
        head = (_called(found, (block[0], None)), *(() if joined else (block[1],)))
        rows += [
            (*head, *_names(key, by, found, None), *counted, before[block], after[block])
            for key, counted in sums.items()
            if key
        ]
    write(given["form"], [Column(key, key) for key in keys], rows, caption)
