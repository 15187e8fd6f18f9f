"""How a review speaks with a person: a screen with single keys, or a line out and a line in."""

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import click

from lossledger.cli.question import Question, in_columns
from lossledger.cli.voice import say
from lossledger.core.text import inert

SKIP, OPEN, WHY, UNDO, QUIT, HELP, MORE = "skip", "open", "why", "undo", "quit", "help", "more"

KEYS: Mapping[str, str] = {
    "confirm": "y",
    "reject": "r",
    "dispute": "d",
    "same": "s",
    "different": "n",
    "take": "t",
    "keep": "k",
    SKIP: "space",
    OPEN: "o",
    WHY: "w",
    UNDO: "u",
    MORE: "m",
    QUIT: "q",
    HELP: "?",
}
"""The key of everything that can be said, the same wherever it is asked."""

MEANS = {
    "confirm": "confirm: it is believed, and counts",
    "reject": "reject: it is not believed, and does not count",
    "dispute": "dispute: it is doubted, and waits for somebody to settle it",
    "same": "same: merge the two, one of them counts",
    "different": "not the same: they are two, and are not asked about again",
    "take": "take what the list says",
    "keep": "keep it as it is here, until something new comes",
    SKIP: "skip: it comes again at the end; Enter does the same",
    OPEN: "open a link of the evidence in your browser",
    WHY: "say why, for the next decision",
    UNDO: "undo your last decision",
    MORE: "show more of it",
    QUIT: "leave; what is left waits for the next time",
    HELP: "show what the keys mean",
}

LABELS = {"different": "not the same", QUIT: "leave"}
"""What is said beside a key, where it is not the word itself."""
_BY_KEY = {key: said for said, key in KEYS.items()} | {" ": SKIP, "\r": SKIP, "\n": SKIP}
_BY_WORD = {**{key: said for said, key in KEYS.items()}, **{said: said for said in KEYS}, "": SKIP, "leave": QUIT}
_LEAST_WIDTH, _LEAST_HEIGHT = 40, 10
"""A screen smaller than this, in signs and lines, cannot show what is decided."""

_LEAST_ROOM = 3
"""How many lines of the loss have to be seen, whatever stands around them."""

_MARK = "*"
"""What stands before a field in which two sides differ."""


class Answer(NamedTuple):
    """What a person said: a decision, or what else can be said; with the reason that came along."""

    said: str
    reason: str | None = None


class Face(Protocol):
    """What a review speaks through."""

    def ask(self, asked: Question, place: str, can: Sequence[str]) -> Answer:
        """Show a question and wait until something is said that can be said."""

    def which(self, links: Sequence[str]) -> str | None:
        """Which of several links is to be opened; None for none."""

    def why(self) -> str:
        """Ask for a reason."""

    def tell(self, line: str) -> None:
        """Say what became of something."""


class Screen:
    """A screen for each question, its keys at the bottom."""

    def __init__(self) -> None:
        self._told: list[str] = []

    def tell(self, line: str) -> None:
        """Say it above the next question."""
        self._told.append(inert(line))

    def last_words(self) -> None:
        """Say what no question follows any more."""
        for line in self._told:
            say(line)
        self._told = []

    def ask(self, asked: Question, place: str, can: Sequence[str]) -> Answer:
        """Show a question until a key is pressed that means something."""
        first = 0
        while True:
            width, height = shutil.get_terminal_size()
            keys = _keys_line([*can, SKIP, *([OPEN] if asked.links else []), WHY, UNDO, QUIT, HELP], width)
            told = [line for one in self._told for line in textwrap.wrap(one, width)]
            head = [*told, *_head(asked, place, width), ""]
            room = height - len(head) - len(keys) - 2
            if width < _LEAST_WIDTH or height < _LEAST_HEIGHT or room < _LEAST_ROOM:
                if self._left_too_small():
                    return Answer(QUIT)
                continue
            body = body_of(asked, width)
            page = _page(body, first, room)
            self._draw([*head, *page, *[""] * (room - len(page)), "", *keys])
            said = _BY_KEY.get(click.getchar())
            if said == MORE:
                first = first + room - 1 if first + room - 1 < len(body) else 0
            elif said == HELP:
                self._draw([f"{KEYS[word]:>7}  {MEANS[word]}" for word in (*can, SKIP, OPEN, WHY, UNDO, MORE, QUIT)])
                click.echo("\nany key: back")
                click.getchar()
            elif said in (*can, SKIP, OPEN, WHY, UNDO, QUIT):
                self._told = []
                return Answer(str(said))

    def _left_too_small(self) -> bool:
        """Say that nothing can be decided on what is not shown, and wait for a key; whether it is the one to leave."""
        self._draw(["window too small;", "make it larger,", "then press a key", "(q leaves)"])
        return _BY_KEY.get(click.getchar()) == QUIT

    def which(self, links: Sequence[str]) -> str | None:
        """Ask for the number of a link, by a key."""
        if len(links) == 1:
            return links[0]
        click.echo(f"open which link? 1 to {min(len(links), 9)}; any other key: none ", nl=False)
        key = click.getchar()
        return links[int(key) - 1] if key.isdecimal() and 0 < int(key) <= min(len(links), 9) else None

    def why(self) -> str:
        """Ask for a line."""
        reason: str = click.prompt("why", default="", show_default=False)
        return reason

    def _draw(self, lines: Sequence[str]) -> None:
        click.clear()
        click.echo("\n".join(lines))


class Lines:
    """A line for each statement, one line in, in words: for a screen reader, or a terminal that can do no more."""

    def tell(self, line: str) -> None:
        """Say it at once."""
        click.echo(_whole_words(line))

    def last_words(self) -> None:
        """Nothing is left to be said."""

    def ask(self, asked: Question, place: str, can: Sequence[str]) -> Answer:
        """Say a question, a line for each statement, and wait for a word; what follows the word is the reason."""
        told = statements(asked)
        words = ", ".join([*can, SKIP, *([OPEN] if asked.links else []), UNDO, QUIT])
        while True:
            for line in (f"{place}: {told[0]}", *told[1:]):
                self.tell(line)
            answer: str = click.prompt(_whole_words(f"Say {words}"), default="", show_default=False)
            word, _, reason = answer.strip().partition(" ")
            said = _BY_WORD.get(word.lower())
            if said in (*can, SKIP, OPEN, UNDO, QUIT):
                return Answer(str(said), reason.strip() or None)
            if said == HELP:
                for meant in (*can, SKIP, OPEN, UNDO, QUIT):
                    self.tell(MEANS[meant] if MEANS[meant].startswith(meant) else f"{meant}: {MEANS[meant]}")
                self.tell("A reason may follow the word.")
            else:
                self.tell(f"{answer} is none of: {words}")

    def which(self, links: Sequence[str]) -> str | None:
        """Ask for the number of a link."""
        if len(links) == 1:
            return links[0]
        number: str = click.prompt(f"Which link, 1 to {len(links)}", default="", show_default=False)
        return links[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(links) else None

    def why(self) -> str:
        """A reason is said with the word; this is never asked."""
        return ""


def statements(asked: Question) -> list[str]:
    """A question in words: what waits, what differs, or what is known, the evidence, and what is asked."""
    item = asked.waits.item
    parts = [f"{item.kind}, {item.line}."]
    if len(asked.heads) > 1:
        parts += [
            f"They differ in {line.name}: {' against '.join(value or 'nothing' for value in line.values)}."
            for line in asked.lines
            if line.differs
        ]
    else:
        shown = ("place", "note", "unit", "name")
        parts += [f"{line.name}: {line.values[0]}." for line in asked.lines if line.name in shown]
    links = asked.links
    told = [
        f"{piece.relation}, link {links.index(piece.url) + 1}, {piece.url}"
        if piece.url
        else f"{piece.relation}, {piece.text.splitlines()[0]}"
        for of_loss in asked.evidence
        for piece in of_loss
    ]
    return [*parts, *(f"Evidence: {piece}." for piece in dict.fromkeys(told)), asked.asks]


def _whole_words(text: str) -> str:
    """A text in lines no wider than the terminal, single blanks between its words; a link stays whole."""
    width = shutil.get_terminal_size().columns
    return textwrap.fill(inert(" ".join(text.split())), width, break_long_words=False, break_on_hyphens=False)


def body_of(asked: Question, width: int) -> list[str]:
    """A question as lines no wider than the screen: the fields, columns next to each other, then the evidence."""
    names = min(14, max((len(line.name) for line in asked.lines), default=0))
    each = (width - names - 4 - 2 * (len(asked.heads) - 1)) // len(asked.heads)
    widths = [names + 2, *[each] * len(asked.heads)]
    found = in_columns([[""], *([inert(head)] for head in asked.heads)], widths) if len(asked.heads) > 1 else []
    for line in asked.lines:
        name = [f"{_MARK if line.differs else ' '} {part}" for part in textwrap.wrap(inert(line.name), names)]
        found += in_columns([name, *(_wrapped(value, each) for value in line.values)], widths)
    links = asked.links
    for head, of_loss in zip(asked.waits.item.losses, asked.evidence, strict=True):
        found += ["", f"  evidence of {head}" if len(asked.evidence) > 1 else "  evidence"]
        for piece in of_loss:
            number = f"[{links.index(piece.url) + 1}] " if piece.url else ""
            found += [f"  {line}" for line in _wrapped(f"{number}{piece.relation}: {piece.text}", width - 4)]
    return found


def _wrapped(text: str, width: int) -> list[str]:
    return [part for line in inert(text, lines=True).split("\n") for part in textwrap.wrap(line, width) or [""]]


def _page(body: Sequence[str], first: int, room: int) -> list[str]:
    """As much of a text as there is room for, from a line on; the last line says how to see the rest."""
    if len(body) <= room:
        return list(body)
    page = list(body[first : first + room - 1])
    left = len(body) - first - len(page)
    return [*page, f"... {left} more lines: m" if left else "... from the beginning: m"]


def _head(asked: Question, place: str, width: int) -> list[str]:
    """What is asked, whole, and beside it what waits, or below where it does not fit."""
    item = asked.waits.item
    right = inert(f"{item.id}, since {item.since_at[:10]}")
    left = inert(f"{place}  {asked.asks}")
    if len(left) + 2 + len(right) <= width:
        return [left + right.rjust(width - len(left))]
    return [*textwrap.wrap(left, width), *textwrap.wrap(right, width)]


def _keys_line(said: Sequence[str], width: int) -> list[str]:
    """The keys with what they mean, in as few lines as hold them, none of them broken."""
    lines = [""]
    for word in said:
        part = f"{KEYS[word]} {LABELS.get(word, word)}"
        joined = f"{lines[-1]}  {part}" if lines[-1] else part
        if len(joined) > width:
            lines.append(part)
        else:
            lines[-1] = joined
    return lines
