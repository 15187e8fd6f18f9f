"""Entering line by line on a terminal: what sticks stands below, names are offered, a wrong line can be mended."""

import asyncio
import os
import sys
from collections.abc import Iterator
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import ColorDepth, create_output
from prompt_toolkit.utils import get_cwidth

from lossledger.cli.enter_desk import counted
from lossledger.cli.enter_draft import Draft, Kept
from lossledger.cli.enter_offers import Offers
from lossledger.cli.enter_session import HELP, Session
from lossledger.cli.voice import say
from lossledger.core.frame import Frame
from lossledger.core.shorthand_items import Slip
from lossledger.core.text import inert, shortened
from lossledger.queries.usage import Usage

_PROMPT = "> "
_MENU = 6
"""How many lines the menu of names takes at most."""

_PLACE = 20
"""How many signs of a place are shown beside the rest."""


def converse(session: Session, draft: Draft, known: Usage, left: str) -> None:
    """Answer each line until the user leaves; ``left`` is the line that was half typed last time."""
    offers = Offers(known)
    prompt = _prompt(session, draft, offers)
    say("Paste a link, then type what it shows: 3 T-72B d; BMP-2 c. ? shows help.")
    if left or session.frame != Frame():
        say("What is set and what stands in the line is left from last time; --fresh forgets it.")
    text, column = left, len(left)
    while True:
        given = _asked(prompt, text, column)
        if given is None:
            if prompt.default_buffer.text:  # it was the terminal that left, in the middle of a line
                return
            break
        text, column, leave = _answered(session, offers, given)
        draft.keep(Kept(session.frame, session.shown, text))
        if leave:
            break
    draft.forget()
    say(f"{counted(session.entered)} entered")


def _asked(prompt: PromptSession[str], text: str, column: int) -> str | None:
    """What is typed, beginning with a text to mend; None where the user leaves."""

    def begin() -> None:
        asyncio.get_running_loop().set_exception_handler(_say_failed)
        prompt.default_buffer.cursor_position = column

    try:
        return prompt.prompt(default=text, pre_run=begin, set_exception_handler=False)
    except EOFError:
        return None


def _say_failed(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say in one line what a key could not do; the line that is typed stays as it is."""
    why = inert(str(context.get("exception") or context["message"]))
    run_in_terminal(lambda: say(f"that key did nothing: {why}"))


def _answered(session: Session, offers: Offers, given: str) -> tuple[str, int, bool]:
    """Do the lines that were typed, or pasted together; what stands in the input next, and whether to leave."""
    lines = given.split("\n")
    for number, line in enumerate(lines):
        try:
            reply = session.take(line)
        except Slip as slip:
            _point(line, slip, pasted=number > 0)
            return "\n".join(lines[number:]), slip.column - 1, False
        offers.entered(line, session.frame)
        for one in reply.said:
            say(one)
        if reply.leave:
            return "", 0, True
        if reply.again:
            return reply.again, len(reply.again), False
    return "", 0, False


def _point(line: str, slip: Slip, *, pasted: bool) -> None:
    """Say what is wrong with a line, under the place where it is."""
    if pasted:
        say(f"{_PROMPT}{line}")
    before = get_cwidth(_PROMPT + inert(line[: slip.column - 1]))
    if before < _width():
        say(f"{' ' * before}^")
    say(str(slip))


def _prompt(session: Session, draft: Draft, offers: Offers) -> PromptSession[str]:
    prompt: PromptSession[str] = PromptSession(
        _PROMPT,
        completer=_Completer(session, offers),
        complete_while_typing=True,
        bottom_toolbar=lambda: toolbar(session, _width()),
        history=InMemoryHistory(),
        key_bindings=_keys(),
        reserve_space_for_menu=_MENU,
        color_depth=ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None,
        output=create_output(sys.stderr),
    )
    buffer = prompt.default_buffer
    buffer.on_text_changed += lambda _: draft.keep(Kept(session.frame, session.shown, buffer.text))
    return prompt


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("f1")
    def _(_event: KeyPressEvent) -> None:
        run_in_terminal(lambda: say(HELP))

    # No mouse is asked for: what looks like one is a colour sequence in typed text, which the library's own
    # binding takes for coordinates, and fails.
    @keys.add(Keys.Vt100MouseEvent, eager=True)
    @keys.add(Keys.WindowsMouseEvent, eager=True)
    def _(_event: KeyPressEvent) -> None:
        pass

    return keys


class _Completer(Completer):
    """Offers names in the menu."""

    def __init__(self, session: Session, offers: Offers) -> None:
        self._session, self._offers = session, offers

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        for offer in self._offers.for_line(document.text_before_cursor, self._session.frame):
            yield Completion(offer.text, -offer.over, display=inert(offer.shown), display_meta=inert(offer.about))


def toolbar(session: Session, width: int) -> str:
    """What sticks, in one line of a width: side, day, place, belief, link, with how much was entered, and from it."""
    frame = session.frame
    place = " at ".join(filter(None, (frame.place, frame.point)))
    link = frame.source.partition("://")[2] or frame.source
    parts = (
        frame.side or "no side",
        frame.day or "no day",
        shortened(place, _PLACE) or "no place",
        frame.belief,
        f"{session.entered} entered",
        f"{len(session.shown)} from {link}" if link else "no link",
    )
    line = " | ".join(map(inert, parts))
    while get_cwidth(line) > width - 2:
        line = line[:-2].rstrip() + "…"
    return f" {line}"


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
