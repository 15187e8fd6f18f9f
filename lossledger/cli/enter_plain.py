"""Entering line by line for a screen reader: one line in, one line out, nothing moves and nothing is coloured."""

import shutil
import sys
import textwrap

import click

from lossledger.cli.enter_desk import counted
from lossledger.cli.enter_draft import Draft, Kept
from lossledger.cli.enter_session import Session
from lossledger.core.frame import Frame
from lossledger.core.shorthand_items import Slip
from lossledger.core.text import inert

_HELP = """\
A link, https://... is what shows the losses that come next.
3 T-72B d; BMP-2 c enters four losses: three T-72B destroyed, a BMP-2 captured.
T-72B|T-72B3 d is either of two types.
T-72B d; 2 c takes the type of the one before it where none is given.
Tanks a is a heading, where the type cannot be told.
d is destroyed; g or dm damaged; a abandoned; c captured; l or nothing, lost.
g+c is damaged and captured: the last one counts.
d! is confirmed, d? is claimed.
d by ATGM, with cage (on a bridge) adds cause or captor, fittings, circumstance.
side Russia sets the side; it sticks, and without a text is cleared.
claimed or confirmed sets how far what follows is believed.
@2022-03-04 sets the day; from then on @5, @04-05 and @4..6 will do.
place Kharkiv, or place 49.99,36.23 sets the place.
= enters the last losses again.
< takes back the last line.
merge, or merge ID joins what looks the same.
? says this.
quit, or Ctrl-D leaves."""
"""What can be typed, a line for each statement, as it is read out."""


def converse(session: Session, draft: Draft, left: str) -> None:
    """Answer each line by one, until the input ends; ``left`` is the line that was half typed last time."""
    _answer(f"Ready. {'. '.join(told(session.frame))}. Type a line, or ? for help.")
    if left:
        _answer(f"Not entered last time, type it again if it is still wanted: {left}")
    while text := sys.stdin.readline():
        before = session.frame
        try:
            reply = session.take(text.rstrip("\n"))
        except Slip as slip:
            _answer(f"Not entered. {slip}")
            continue
        if reply.helps:
            _help()
            continue
        draft.keep(Kept(session.frame, session.shown))
        changed = [part for part in told(session.frame) if part not in told(before)]
        said = [*reply.said, *changed] if not reply.leave else []
        if reply.leave:
            break
        if said:
            _answer(". ".join(said))
    draft.forget()
    _answer(f"Left. {counted(session.entered)} entered.")


def told(frame: Frame) -> list[str]:
    """The parts of a frame in words, each with what it is."""
    place = " at ".join(filter(None, (frame.place, frame.point)))
    parts = (("Side", frame.side), ("day", frame.day), ("place", place), ("link", frame.source))
    return [f"{what} {text or 'not set'}" for what, text in parts] + [f"losses are {frame.belief}"]


def _help() -> None:
    width = shutil.get_terminal_size().columns
    for line in _HELP.split("\n"):
        for part in textwrap.wrap(line, width, break_on_hyphens=False):
            _answer(part)


def _answer(line: str) -> None:
    click.echo(inert(line), err=True)
