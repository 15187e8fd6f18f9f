"""A page on which a review is decided away from the ledger: one file, which fetches nothing unasked.

Everything from outside is escaped. The page's own script and style are allowed by their hashes and nothing else is, so
that nothing a source says can run. A picture on another machine is fetched only when its button is pressed.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import NamedTuple

from lossledger.core.text import inert

GENERATOR = '<meta name="generator" content="lossledger review">'
"""What a page of this kind has near its beginning."""


class Piece(NamedTuple):
    """A piece of evidence: what it says, its link, the pictures that are kept of it, and whether the link is one."""

    text: str
    url: str | None
    name: str | None
    """What a file with a picture of the link would be called."""
    pictures: tuple[str, ...]
    """As data: addresses."""
    is_picture: bool


class Side(NamedTuple):
    """One column of a card: fields with their values and whether they differ from the other column's."""

    head: str
    lines: tuple[tuple[str, str, bool], ...]
    evidence: tuple[Piece, ...]


class Choice(NamedTuple):
    """A decision that can be made, with its key and what it is called."""

    decision: str
    key: str
    label: str


class Card(NamedTuple):
    """An item that waits, as the page shows it."""

    item: str
    seen: int
    line: str
    asks: str
    sides: tuple[Side, ...]
    choices: tuple[Choice, ...]


def page(title: str, about: str, cards: Sequence[Card]) -> str:
    """The whole page. ``about`` says below the title what the page is of."""
    style, script = (_part(name) for name in ("board.css", "board.js"))
    named = hashlib.sha256("\n".join(f"{card.item} {card.seen}" for card in cards).encode()).hexdigest()[:16]
    return Template(_part("board.html")).substitute(
        generator=GENERATOR,
        style_hash=_hash(style),
        script_hash=_hash(script),
        style=style,
        script=script,
        title=_text(title),
        about=_text(about),
        board=named,
        cards="\n".join(map(_card, cards)),
    )


def _part(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(text: str) -> str:
    return escape(inert(text, lines=True), quote=True)


def _card(card: Card) -> str:
    choices = "".join(
        f'<button type="button" data-decision="{_text(one.decision)}" data-key="{_text(one.key)}">'
        f"<kbd>{_text(one.key)}</kbd> {_text(one.label)}</button>"
        for one in card.choices
    )
    return (
        f'<article data-item="{_text(card.item)}" data-seen="{card.seen}" tabindex="-1">\n'
        f"<h2>{_text(card.line)}</h2>\n"
        f'<p class="item">{_text(card.item)}</p>\n'
        f'<div class="sides">{"".join(map(_side, card.sides))}</div>\n'
        f'<div class="choices"><span>{_text(card.asks)}</span> {choices}'
        '<label>Why <input type="text" class="reason" maxlength="2000"></label></div>\n'
        "</article>"
    )


def _side(side: Side) -> str:
    rows = "".join(map(_row, side.lines))
    head = f"<h3>{_text(side.head)}</h3>" if side.head else ""
    table = f"<table>{rows}</table>" if rows else ""
    return f"<section>{head}{''.join(map(_figure, side.evidence))}{table}</section>"


def _row(line: tuple[str, str, bool]) -> str:
    name, value, differs = line
    mark = ' class="differs"' if differs else ""
    return f'<tr{mark}><th scope="row">{_text(name)}</th><td>{_text(value)}</td></tr>'


def _figure(piece: Piece) -> str:
    kept = "".join(f'<img src="{_text(picture)}" alt="">' for picture in piece.pictures)
    url = "" if piece.url is None else _text(piece.url)
    load = (
        f'<img data-src="{url}" alt="" loading="lazy" referrerpolicy="no-referrer" hidden>'
        '<button type="button" class="load">load picture</button>'
        if piece.is_picture and url and not piece.pictures
        else ""
    )
    link = f'<a href="{url}" target="_blank" rel="noopener nofollow noreferrer">{url}</a>' if url else ""
    name = f"<small>picture file: {_text(piece.name)}</small>" if piece.name and not piece.pictures else ""
    return f"<figure>{kept}{load}<figcaption>{_lines(piece.text.splitlines())}{link}{name}</figcaption></figure>"


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"<span>{_text(line)}</span>" for line in lines)
