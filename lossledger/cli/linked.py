"""Links as ``evidence links`` shows them: a row a host, or the links in some state with the losses behind them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from lossledger.cli.render import Column, Row, screen_width, table, write
from lossledger.core.text import inert, many
from lossledger.core.vocabulary import LinkState

if TYPE_CHECKING:
    from lossledger.queries.links import Hanging, Host, Link, Resting

_ALWAYS = (LinkState.HELD, LinkState.GONE, LinkState.UNSEEN)
"""The states that have a column whether or not a link is in them."""

_FIRST = (
    Column("host", "Host"),
    Column("links", "Links", number=True),
    Column("share", "Share", number=True),
    Column("losses", "Losses", number=True),
    Column("only", "Only", number=True),
)
_WIDE = 120
"""From this width on each state that occurs has a column; below it the rarer ones share one."""

_HOSTS = 20
"""How many hosts a table has where no limit is named; programs get all."""

_LOSSES = 10
"""How many losses are shown behind one link; programs get all."""

_LISTED = tuple(
    Column(key, key)
    for key in (
        *("state", "since", "source", "url", "host", "looked_at", "archived"),
        *("loss", "side", "type", "category", "other_sources", "other_copies"),
    )
)

_Columns = Sequence[tuple[str, Sequence[LinkState]]]
"""Columns of states: the title of each, and the states that it counts."""


def reported(
    found: "Hanging", every: "list[Host]", hosts: "list[Host]", title: str, form: str, limit: int | None
) -> None:
    """Show what hangs on some of all hosts."""
    total = sum(one.links for one in every)
    if form != "table":
        columns: _Columns = [(state, (state,)) for state in LinkState]
        heads = [Column(column.key, column.key) for column in (*_FIRST, *_named(columns), _ARCHIVED, _OLDEST)]
        cells = ((*_row(one, total, columns), one.archived, one.oldest) for one in hosts[:limit])
        write(form, heads, cells, "\n".join(_caption(found, every, hosts, ())))
        return
    columns = _shown(hosts)
    shown = hosts[: limit or _HOSTS]
    whole = len(hosts) == len(every)
    rows = [_for_people(one, total, columns) for one in (*shown, *([_total(found, every)] if whole else ()))]
    caption = [*_caption(found, every, hosts, columns)]
    if len(shown) < len(hosts):
        caption.insert(1, f"Shown: the first {len(shown):,} of {len(hosts):,} hosts; more with --limit.")
    heads = [*_FIRST, *_named(columns)]
    table(heads, rows, "\n".join(caption), f"Links, by host: {title}", totals=int(whole), close=True)


_ARCHIVED, _OLDEST = Column("archived", "Archived", number=True), Column("oldest_look", "Oldest look", whole=True)


def _shown(hosts: "list[Host]") -> _Columns:
    """The columns of states for people: those that occur; on a narrow screen the rarer ones in one."""
    occur = {state for one in hosts for state in one.states}
    rarer = [state for state in LinkState if state in occur and state not in _ALWAYS]
    if screen_width() >= _WIDE or len(rarer) <= 1:
        return [(state.capitalize(), (state,)) for state in LinkState if state in rarer or state in _ALWAYS]
    held, *others = [(state.capitalize(), (state,)) for state in _ALWAYS]
    return [held, *others, ("Other", rarer)]


def _named(columns: _Columns) -> list[Column]:
    return [Column(title.lower(), title, number=True) for title, _ in columns]


def _row(one: "Host", total: int, columns: _Columns) -> Row:
    states = (sum(one.states[state] for state in counted) for _, counted in columns)
    return one.name, one.links, round(100 * one.links / total, 1), one.losses, one.only, *states


def _for_people(one: "Host", total: int, columns: _Columns) -> Row:
    name, links, _, *numbers = _row(one, total, columns)
    return name, links, _percent(one.links, total), *numbers


def _total(found: "Hanging", every: "list[Host]") -> "Host":
    from lossledger.queries.links import Host

    return Host(
        "Total",
        sum(one.links for one in every),
        found.linked,
        sum(one.only for one in every),
        states=sum((one.states for one in every), Counter()),
    )


def _percent(part: int, whole: int) -> str:
    """A share in whole per cent; never all where something lacks, nor nothing where there is something."""
    share = 100 * part / whole if whole else 0
    if 0 < share < 1:
        return "<1 %"
    return ">99 %" if 99 < share < 100 else f"{share:.0f} %"


def _caption(found: "Hanging", every: "list[Host]", hosts: "list[Host]", columns: _Columns) -> Iterator[str]:
    """How much hangs on the first host, what is counted, and how old that knowledge is."""
    total, losses, linked = sum(one.links for one in every), len(found.sources), found.linked
    yield _hanging_on(hosts[0], total, losses)
    alone = max(hosts, key=lambda one: one.only)
    if alone.only:
        yield f"{_percent(alone.only, losses)} of the losses rest on {alone.name} and on nothing else."
    bare = losses - linked
    without = f"; {many(bare, 'loss rests', 'losses rest')} on no link" if bare else ""
    counted = f"{many(total, 'link')} of {many(len(every), 'host')} behind {many(linked, 'loss', 'losses')}{without}."
    yield f"Counted: {counted} Not counted: withdrawn and rejected losses, what disputes."
    yield "Only: losses with nothing else: no source elsewhere, no file held, no copy archived."
    other = next((states for title, states in columns if title == "Other"), ())
    if other:
        numbers = ((state, sum(one.states[state] for one in hosts)) for state in other)
        yield f"Other: {', '.join(f'{number:,} {state}' for state, number in numbers)}."
    archived = sum(one.archived for one in hosts)
    if archived:
        yield f"Archived by somebody else: {many(archived, 'link')}."
    yield _oldest(hosts)


def _hanging_on(one: "Host", total: int, losses: int) -> str:
    """The share of one host in a sentence."""
    shares = f"{_percent(one.links, total)} of the links, and {_percent(one.losses, losses)} of the losses"
    number = one.states[LinkState.HELD]
    if one.links == 1:
        return f"{shares}, hang on {one.name}; its one link is {'' if number else 'not '}held."
    return f"{shares}, hang on {one.name}; {number:,} of its {one.links:,} links are held."


def _oldest(hosts: "list[Host]") -> str:
    """The day of the oldest look, and how many links nobody has looked at."""
    days = [one.oldest for one in hosts if one.oldest]
    never = sum(one.states[LinkState.UNSEEN] for one in hosts)
    if not days:
        return "Nobody has looked at any of them."
    return f"The oldest look is of {min(days)}." + (f" Never looked at: {many(never, 'link')}." if never else "")


def listed(found: "Sequence[tuple[Link, list[Resting]]]", form: str, limit: int | None) -> None:
    """Show links with the losses behind them: first those behind which a loss has the least else."""
    links = sorted(found, key=_bareness)
    caption = _of_list(links, limit)
    if form != "table":
        rows = (_pair(link, rests) for link, behind in links[:limit] for rests in behind)
        write(form, _LISTED, rows, caption)
        return
    for link, behind in links[:limit]:
        click.echo(inert(link.url))
        for line in (_told(link), *map(_rest, behind[:_LOSSES])):
            click.echo(f"  {inert(line)}")
        if len(behind) > _LOSSES:
            click.echo(f"  and {many(len(behind) - _LOSSES, 'more loss', 'more losses')}")
        click.echo()
    click.echo(caption)


def _bareness(one: "tuple[Link, list[Resting]]") -> tuple[bool, int, str, str]:
    link, behind = one
    bare = sum(not rests.others for rests in behind)
    return link.copied, -bare, link.since or "", link.url


def _pair(link: "Link", rests: "Resting") -> Row:
    of_link = (link.state, link.since, link.source, link.url, link.host, link.looked_at, link.archived)
    return (*of_link, rests.uid, rests.side, rests.type, rests.category, rests.others, rests.kept)


def _told(link: "Link") -> str:
    """What there is of a link: "gone since 2024-05-01; source k3j2..., archived at https://..."."""
    said = "since" if link.state is LinkState.GONE else "by the look of"
    archived = f", archived at {link.archived}" if link.archived else ""
    return f"{link.state}{f' {said} {link.since}' if link.since else ''}; source {link.source}{archived}"


def _rest(rests: "Resting") -> str:
    """A loss and what else it has: "loss k3j2..., T-72B of Russia: nothing else"."""
    what = rests.type or f"({rests.category})"
    if not rests.others:
        return f"loss {rests.uid}, {what} of {rests.side}: nothing else"
    kept = f", {rests.kept:,} of them with a copy" if rests.kept else ""
    return f"loss {rests.uid}, {what} of {rests.side}: {many(rests.others, 'other source')}{kept}"


def _of_list(links: "Sequence[tuple[Link, list[Resting]]]", limit: int | None) -> str:
    """How many links there are, how many losses rest on them, and how many of these on nothing else."""
    losses = {rests.uid: rests.others for _, behind in links for rests in behind}
    bare = sum(not others for others in losses.values())
    shown = f", of which the first {limit:,} are shown" if limit is not None and limit < len(links) else ""
    return (
        f"{many(len(links), 'link')}{shown}, behind {many(len(losses), 'loss', 'losses')}; {bare:,} with nothing else."
    )
