"""``evidence links``: what the links that losses rest on show by now, and how much hangs on one host."""

from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import format_option, words
from lossledger.cli.scope import scope_of, term_options
from lossledger.core.links import site_of
from lossledger.core.text import quoted
from lossledger.core.vocabulary import LinkState, Verification
from lossledger.errors import NothingFound, Refused

if TYPE_CHECKING:
    from lossledger.queries.links import Host

_BELIEVED = tuple(word for word in Verification if word is not Verification.REJECTED)


@click.command("links", short_help="What links show by now, and how much hangs on one host.")
@term_options
@click.option("--host", metavar="HOST", help="Only links to this host, and to those under it.")
@click.option(
    "--list", "states", metavar="WORD,...", multiple=True, help=f"List the links that are: {', '.join(LinkState)}."
)
@click.option("--limit", metavar="N", type=click.IntRange(min=1, max=1_000_000_000), help="At most so many.")
@format_option()
@pass_app
def command(app: App, /, **given: Any) -> None:
    """Tell what the links that losses rest on show by now, and how much hangs on one host.

    For each host: its links with their share of all, the losses that rest on one of them, and of these those that rest
    on nothing else, so that they would be left with nothing if it went away. With --list the links in a state are
    listed with the losses behind them, the barest first: the work list of whoever looks for another copy.

    Withdrawn and rejected losses are left out. A merged group is one loss, with the sources of all its reports. What a
    source only disputes does not rest on it.

    \b
    Examples:
      lossledger evidence links
      lossledger evidence links --side russia --host postimg.cc
      lossledger evidence links --list gone,login
      lossledger evidence links --list unseen --format csv > to-do.csv
    """
    from lossledger.cli.linked import listed, reported
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.links import hanging, resting

    states = {LinkState(word) for word in words(given["states"], LinkState, "state of a link")}
    host = _host(given["host"])
    with app.reading() as connection:
        known = catalogue(connection)
        scope = scope_of(connection, given, _BELIEVED)
        found = hanging(connection, scope, known)
        title = known.name("conflict", scope.conflict)
        if states:
            wanted = [one for one in found.losses if found.links[one].state in states]
            wanted = [one for one in wanted if _under(host, found.links[one].host)]
            behind = resting(connection, found, wanted, known)
    if not states:
        every = found.hosts()
        reported(found, every, _hosts(every, host), title, given["form"], given["limit"])
    elif wanted:
        listed([(found.links[one], behind[one]) for one in wanted], given["form"], given["limit"])
    else:
        raise NothingFound(f"no link{_to(host)} that a loss rests on is {' or '.join(sorted(states))}")


def _host(given: str | None) -> str | None:
    """The host that is asked for, as links are told by it. Errors: Refused for what is none."""
    if given is None:
        return None
    host = site_of(given) or site_of(f"[{given}]")
    if host is None:
        raise Refused(f"--host {quoted(given)} is no host; write one such as example.org")
    return host


def _hosts(every: "list[Host]", host: str | None) -> "list[Host]":
    """The hosts that are asked for. Errors: NothingFound where there is none."""
    chosen = [one for one in every if _under(host, one.name)]
    if not chosen:
        raise NothingFound(f"no loss rests on a link{_to(host)}")
    return chosen


def _under(host: str | None, name: str) -> bool:
    return host is None or f".{name}".endswith(f".{host}")


def _to(host: str | None) -> str:
    return f" to {host}" if host else ""
