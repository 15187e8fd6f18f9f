"""Entering line by line for a screen reader: one line in, one line out, nothing moves and nothing is coloured."""

import sys

import click

from lossledger.cli.enter_desk import counted
from lossledger.cli.enter_draft import Draft, Kept
from lossledger.cli.enter_session import Session
from lossledger.core.frame import Frame
from lossledger.core.shorthand_items import Slip
from lossledger.core.text import inert


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


def _answer(line: str) -> None:
    click.echo(inert(line), err=True)
