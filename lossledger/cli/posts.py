"""Posts of the inbox as they are typed or pasted, and as they are shown."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lossledger.cli.app import App
from lossledger.cli.render import Column, Row, facts, screen_width, table
from lossledger.cli.telling import tell
from lossledger.core.days import last_day_not_future, parse_day, refuse_future
from lossledger.core.fields import MAX_TEXT, MAX_URL
from lossledger.core.links import links_in
from lossledger.core.text import checked, checked_url, many
from lossledger.core.vocabulary import Closed
from lossledger.errors import Refused

if TYPE_CHECKING:
    from collections import Counter

    from lossledger.core.fields import State
    from lossledger.ledger.inbox import Added
    from lossledger.ledger.journal import Journal
    from lossledger.queries.told import Record

_COLUMNS = (
    Column("id", "Id", whole=True),
    Column("reported", "Reported", whole=True),
    Column("assigned_to", "Assigned"),
    Column("state", "State", whole=True),
    Column("scene", "Scene"),
)
_LINK_COLUMN = Column("url", "Link")
_WIDER = (Column("note", "Note"),)
_WIDE = 120
"""From this width on there is room for more columns."""

_KNOWN_SHOWN = 10
"""Of how many links that the ledger knew it is said what became of each."""

_REFUSED_SHOWN = 10
"""How many refused lines are shown; more are only counted."""


class Line(NamedTuple):
    """A line of pasted text: the posts that it names, or why it names none."""

    number: int
    posts: list[dict[str, str]]
    refused: str = ""


def pasted(lines: Iterable[str]) -> Iterator[Line]:
    """The posts of pasted lines. Every link in a line is one; the other words are its note.

    Empty lines, and those that begin with "#", are skipped.
    """
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        links = links_in(line)
        said = " ".join(filter(None, map(_beside_links, words)))
        try:
            if not links:
                raise Refused("no http or https link")
            note = {"note": checked(said, "note", MAX_TEXT, lines=False)} if said else {}
            yield Line(number, [typed(link) | note for link in links])
        except Refused as error:
            yield Line(number, [], str(error))


def _beside_links(word: str) -> str:
    """A word without the links in it, and without the signs that stood around them."""
    links = links_in(word)
    if not links:
        return word
    for link in sorted(links, key=len, reverse=True):
        word = word.replace(link, "")
    return word if any(map(str.isalnum, word)) else ""


def typed(link: str) -> dict[str, str]:
    """A post by its link. Errors: Refused for what is none."""
    return {"url": checked_url(link, "link", MAX_URL)}


def state_of(post: "Mapping[str, Any] | State") -> str:
    """What has become of a post: "open", "open, ann's", "closed as recorded"."""
    closed, who = post.get("closed_as"), post.get("assigned_to")
    if closed is None:
        return f"open, {who}'s" if who else "open"
    return f"closed as {closed}"


def print_posts(posts: list["Record"], caption: str) -> None:
    """Print posts as a table; a column in which nothing would stand is left out."""
    shown = [post | {"state": post["closed_as"] or "open"} for post in posts]
    columns = [column for column in _COLUMNS if _tells(column.key, shown)]
    columns += [_LINK_COLUMN, *(_WIDER if screen_width() >= _WIDE and _tells("note", shown) else ())]
    rows: list[Row] = [tuple(post[column.key] for column in columns) for post in shown]
    table(columns, rows, caption, "Inbox", close=True)


def print_post(post: "Record") -> None:
    """Print one post as facts."""
    added = f"{post['added'][:10]} {post['added'][11:16]} UTC"
    shown = post | {"added": added, "losses": (post["losses"] or "").replace("|", ", ")}
    facts((name.replace("_", " "), value) for name, value in shown.items())


def _tells(key: str, posts: list["Record"]) -> bool:
    """Whether a column tells anything: of the state, whether it is not the same in all."""
    said = {post[key] for post in posts}
    return len(said) > 1 if key == "state" else said != {None}


def caption(listed: int, states: "Counter[str]", assigned: "Counter[str | None]", actor: str) -> str:
    """How many posts are listed, who has those that wait, and what waits for a place."""
    lines = [f"{many(listed, 'post')} listed." if listed else "No such post."]
    waiting = sum(assigned.values())
    if waiting:
        others = waiting - assigned[actor] - assigned[None]
        parts = ((assigned[actor], "yours"), (assigned[None], "nobody's"), (others, "somebody else's"))
        said = ", ".join(f"{number:,} {whose}" for number, whose in parts if number)
        lines.append(f"Open: {waiting:,}, of which {said}. Take one with: lossledger inbox next")
    if states[Closed.NEEDS_PLACE]:
        number = states[Closed.NEEDS_PLACE]
        lines.append(f"Waiting for a place: {number:,}; see: lossledger inbox list --as {Closed.NEEDS_PLACE}")
    return "\n".join(lines)


def lines_of(app: App, file: str | None) -> list[Line]:
    """The lines of a file or of standard input. Errors: Refused where there is nothing in them."""
    from lossledger.feeds.opening import opened

    if file in (None, "-") and sys.stdin.isatty():
        app.say("paste links, one a line, and end with Ctrl-D")
    with opened(file or "-") as text:
        found = list(pasted(text.text()))
    if not found:
        raise Refused("no link is given; name them, or give lines with --file or on standard input")
    return found


def common_of(given: Mapping[str, Any]) -> dict[str, str]:
    """What is said of all posts that are added."""
    fields = {}
    if given["note"]:
        fields["note"] = checked(given["note"], "note", MAX_TEXT, lines=True)
    if given["reported"]:
        fields["reported"] = parse_day(given["reported"])
        refuse_future(fields["reported"], today=last_day_not_future(), what="reported")
    return fields


def known_already(journal: "Journal", done: list["Added"]) -> list[str]:
    """What became of the links that the ledger knew: of the first of them each in a line, of the rest how many."""
    known = [one for one in done if not one.new or one.losses]
    rest = known[_KNOWN_SHOWN:]
    lines = [_became(journal, one) for one in known[:_KNOWN_SHOWN]]
    waiting = sum(not one.new for one in rest)
    parts = ((waiting, "in the inbox already"), (len(rest) - waiting, "behind losses already, so closed as recorded"))
    more = ", ".join(f"{number:,} {where}" for number, where in parts if number)
    return [*lines, f"and {many(len(rest), 'more link')}: {more}"] if rest else lines


def _became(journal: "Journal", one: "Added") -> str:
    """What became of a link that the ledger knew."""
    if not one.new:
        return f"post {one.uid} is in the inbox already ({state_of(journal.state('post', one.uid))}): {one.url}"
    more = f" and {len(one.losses) - 1:,} more" if len(one.losses) > 1 else ""
    return f"post {one.uid} is behind loss {one.losses[0]}{more} already, so it is closed as recorded: {one.url}"


def tell_added(app: App, done: list["Added"], *, dry_run: bool) -> None:
    """Say how many posts were added, and print the ids of those that wait now."""
    waiting = [one.uid for one in done if one.new and not one.losses]
    new = sum(one.new for one in done)
    parts = [f"{many(new, 'post')} added", f"{len(waiting):,} of them to look at" if new != len(waiting) else ""]
    tell(app, ", ".join(filter(None, parts)), dry_run=dry_run)
    if waiting and not dry_run:
        click.echo("\n".join(waiting))


def refusal(lines: list[Line]) -> str:
    """Which lines were refused and why, the first of them."""
    shown = "; ".join(f"line {line.number}: {line.refused}" for line in lines[:_REFUSED_SHOWN])
    more = f"; and {len(lines) - _REFUSED_SHOWN:,} more" if len(lines) > _REFUSED_SHOWN else ""
    return f"{many(len(lines), 'line')} refused: {shown}{more}"
