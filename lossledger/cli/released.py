"""How a release is shown: what it is, its figures then and now, and what has changed them."""

from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.render import Column, Row, facts, heading, table
from lossledger.cli.steps import print_steps
from lossledger.core.text import inert, many

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.releases import Release
    from lossledger.queries.releases_since import Since

_FIGURES = (
    Column("conflict", "Conflict"),
    Column("side", "Side"),
    Column("feed", "Feed"),
    Column("then", "Then", number=True),
    Column("now", "Now", number=True),
    Column("change", "Change", number=True),
)


def counted(release: "Release") -> str:
    """How a release counts, in words: "confirmed, without the sides under a side, feeds joined"."""
    own = ("without the sides under a side",) if release.own else ()
    return ", ".join((" and ".join(release.verifications), *own, *(("feeds joined",) if release.joined else ())))


def instant(release: "Release") -> str:
    """When the last entry of a release was recorded, for people."""
    return f"{release.recorded_at[:10]} {release.recorded_at[11:16]} UTC"


def show_release(connection: "Connection", release: "Release", form: str) -> None:
    """Print a release as facts, figures and history for people, or as one JSON object."""
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.lineage import steps
    from lossledger.queries.releases import withdrawal
    from lossledger.queries.releases_since import entries_since, since

    end = withdrawal(connection, release)
    known = catalogue(connection, release.entry)
    conflicts = [release.conflict] if release.conflict else [term.slug for term in known.ordered("conflict")]
    found = [since(connection, release, conflict) for conflict in conflicts]
    later, done = entries_since(connection, release), steps(connection, "release", release.id)
    if form == "json":
        _print_json(release, found, later, end.reason if end else None)
        return
    click.echo(inert(f"Release {release.name}") + "\n")
    facts(
        [
            ("id", release.id),
            ("state", end.words if end else "stands"),
            ("entry", f"{release.entry:,}"),
            ("hash", release.hash),
            ("as of", instant(release)),
            ("conflict", ", ".join(known.name("conflict", conflict) for conflict in conflicts)),
            ("counted", f"{counted(release)} (rules {release.rules})"),
            ("note", release.note),
        ]
    )
    heading("Figures, counted now as they were then")
    click.echo()
    _print_figures(release, [(known.name("conflict", one.conflict), one) for one in found], later)
    heading("History")
    print_steps(done, "release", catalogue(connection))


def _print_figures(release: "Release", found: "list[tuple[str, Since]]", later: int) -> None:
    rows: list[Row] = [
        (name, one.side, one.feed, one.then, one.now, _signed(one.then, one.now))
        for name, since in found
        for one in since.figures
    ]
    spare = {0} if len(found) < 2 else set()
    spare |= set() if any(row[2] for row in rows) else {2}
    keep = [place for place in range(len(_FIGURES)) if place not in spare]
    lines = [f"Since then: {many(later, 'entry', 'entries')}; {_causes(found)}."]
    if any(since.causes for _, since in found):
        lines.append(f"Each of them: {_diff(release)}")
    table([_FIGURES[place] for place in keep], [[row[place] for place in keep] for row in rows], "\n".join(lines))


def _causes(found: "list[tuple[str, Since]]") -> str:
    """How many losses changed the figures, and why."""
    causes: dict[str, int] = {}
    for _, since in found:
        for cause, number in since.causes.items():
            causes[cause] = causes.get(cause, 0) + number
    if not causes:
        return "no loss changed the tally"
    said = ", ".join(f"{number:,} {cause}" for cause, number in causes.items())
    return f"{many(sum(causes.values()), 'loss', 'losses')} changed the tally: {said}"


def _diff(release: "Release") -> str:
    """The command that tells what changed the tally of a release, counted in its way."""
    options = [] if release.verifications == ("confirmed",) else [f"--verification {','.join(release.verifications)}"]
    options += ["--own"] if release.own else []
    options += ["--joined"] if release.joined else []
    return " ".join(["lossledger diff", f"release:{release.id}", *options])


def _signed(then: int | None, now: int | None) -> str | None:
    if then is None and now is None:
        return None
    change = (now or 0) - (then or 0)
    return f"{change:+,}" if change else "-"


def _print_json(release: "Release", found: "list[Since]", later: int, why: str | None) -> None:
    import orjson

    told: dict[str, Any] = release._asdict() | {
        "withdrawn_because": why,
        "entries_since": later,
        "figures": [{"conflict": since.conflict} | one._asdict() for since in found for one in since.figures],
        "causes": [
            {"conflict": since.conflict, "cause": cause, "losses": number}
            for since in found
            for cause, number in since.causes.items()
        ],
    }
    click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
