"""What somebody is asked about an item that waits: both sides of it next to each other, and the evidence."""

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from lossledger.cli.casefile import told_piece
from lossledger.cli.show import told_both, told_fields
from lossledger.core.fields import MAX_URL
from lossledger.core.text import checked_url
from lossledger.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.casefile import Case
    from lossledger.queries.waiting import Waits


class Line(NamedTuple):
    """A field with what each column says of it, and whether they differ."""

    name: str
    values: tuple[str, ...]
    differs: bool


class Evidence(NamedTuple):
    """What a source does with a loss: in words, a line each, and its link where it is one that can be opened."""

    relation: str
    text: str
    url: str | None


class Question(NamedTuple):
    """An item as it is asked about."""

    waits: "Waits"
    heads: tuple[str, ...]
    """The columns' titles; one column where nothing is compared."""
    lines: tuple[Line, ...]
    evidence: tuple[tuple[Evidence, ...], ...]
    """The evidence of each of its losses."""
    asks: str

    @property
    def links(self) -> list[str]:
        """The links that can be opened, each once, in the order in which they are shown."""
        return list(dict.fromkeys(piece.url for of_loss in self.evidence for piece in of_loss if piece.url))


_ASKS = {
    "claim": "Is it confirmed?",
    "dispute": "It is disputed. How far is it believed?",
    "held": "What is to stand here?",
    "pair": "Are these the same?",
}


def question(connection: "Connection", waits: "Waits") -> Question:
    """What is asked about an item, read from the ledger as it is now."""
    from lossledger.queries.casefile import case

    item = waits.item
    cases = [case(connection, uid) for uid in item.losses]
    if item.kind == "held":
        heads, lines = _held(cases[0], item.id.split(":")[2])
    elif item.kind == "pair":
        heads, lines = item.losses, _side_by_side(*cases)
    else:
        known = _fields(cases[0]) | {"reported by": _reported_by(connection, item.losses[0])}
        heads, lines = item.losses, [Line(name, (value,), differs=False) for name, value in known.items()]
    evidence = tuple(tuple(_evidence(found)) for found in cases)
    return Question(waits, heads, tuple(lines), evidence, _ASKS.get(item.kind, ""))


_KNOWN_ANYWAY = ("conflict", "counted")
"""Fields that help nobody to decide."""


def _fields(found: "Case") -> dict[str, str]:
    """What is known of a loss, by name; what it does not say is left out."""
    said = {name: str(value) for name, value in told_fields(found) if value not in (None, "")}
    said = {name: value for name, value in said.items() if name not in _KNOWN_ANYWAY}
    said |= {f"note of {note['actor']}": str(note["text"]) for note in found.notes}
    return said


def _reported_by(connection: "Connection", uid: str) -> str:
    """Who brought a loss and its evidence."""
    from lossledger.queries.reporters import reporters

    found = reporters(connection, [uid])[uid]
    more = (("a list", found.a_list), ("somebody whose name was redacted", found.unknown))
    return ", ".join([*sorted(found.people), *(said for said, applies in more if applies)])


def _side_by_side(one: "Case", other: "Case") -> list[Line]:
    """Every field that either loss has, in one's order and then the other's."""
    left, right = _fields(one), _fields(other)
    names = [name for name, _ in told_fields(one) if name in left or name in right]
    names += [name for name in {**left, **right} if name not in names]
    return [Line(name, (left.get(name, ""), right.get(name, "")), left.get(name) != right.get(name)) for name in names]


def _held(found: "Case", feed: str) -> tuple[tuple[str, ...], list[Line]]:
    """The fields of which the list says otherwise, then what else is known of the loss."""
    heads = ("here", f"{feed} says")
    fields = [field for held in found.held if held["feed"] == feed for field in held["fields"]]
    differing = [
        Line(str(name), (str(here), str(listed)), differs=True) for name, listed, here in told_both(found.loss, fields)
    ]
    named = {line.name for line in differing}
    rest = [Line(name, (value, ""), differs=False) for name, value in _fields(found).items() if name not in named]
    return heads, [*differing, *rest]


def _evidence(found: "Case") -> list[Evidence]:
    return [
        Evidence(str(piece["relation"]), told_piece(piece), openable(piece["source"]["url"]))
        for piece in found.evidence
    ]


def openable(url: str | None) -> str | None:
    """A link that a browser may be given: http or https, without anything that no link has; None for any other."""
    try:
        return None if url is None else checked_url(url, "link", MAX_URL)
    except Refused:
        return None


def in_columns(columns: list[list[str]], widths: list[int], gap: str = "  ") -> list[str]:
    """Texts of several lines next to each other."""
    rows = zip_longest(*columns, fillvalue="")
    return [gap.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
