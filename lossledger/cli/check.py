"""``check``: published counts beside our own."""

from itertools import groupby
from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import Word, conflict_option, format_option
from lossledger.cli.press import shown_count
from lossledger.cli.render import Column, Row, table, write
from lossledger.core.vocabulary import PublishedKind

if TYPE_CHECKING:
    from lossledger.queries.published import Compared, Published

_COLUMNS = tuple(
    Column(key, key)
    for key in ("id", "counted_by", "side", "wording", "as_of", "theirs", "ours", "difference", "verdict")
)
_PEOPLE = (
    Column("wording", "Counted by, what"),
    Column("theirs", "Theirs", number=True),
    Column("ours", "Ours", number=True),
    Column("difference", "Diff.", number=True),
    Column("verdict", "Verdict", whole=True),
    Column("id", "Id", whole=True),
)
"""What people see: publisher, side and day stand in a heading, so that 80 columns hold the rest."""

_MORE = tuple(Column(key, key) for key in ("kind", "bound", "unit", "caveat"))


@click.command("check", short_help="Compare published counts with the ledger.")
@conflict_option
@click.option("--kind", type=Word(PublishedKind, "kind"), help=f"Only one kind: {', '.join(PublishedKind)}.")
@format_option()
@click.pass_context
@pass_app
def command(app: App, ctx: click.Context, /, conflict: str | None, kind: str | None, form: str) -> None:
    """Compare published counts with the ledger.

    An assertion is compared in its own scope: side, headings, period, unit, feed. A claim is shown beside what is
    documented and is added to nothing. Exits 1 where an assertion differs and nobody accepted it.

    \b
    Examples:
      lossledger check
      lossledger check --kind assertion --format json
    """
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.names import the_conflict
    from lossledger.queries.published import compared

    with app.reading() as connection:
        slug = the_conflict(connection, conflict)
        sides = {term.slug: term.name for term in catalogue(connection).terms["side"].values()}
        found = [one for one in compared(connection, slug) if kind in (None, one.published.kind)]
    if form == "table":
        _print(found, sides)
    else:
        write(form, (*_COLUMNS, *_MORE), (_row(one, sides) + _more(one.published) for one in found), _caption(found))
    if any(one.is_finding for one in found):
        ctx.exit(1)


def _print(found: list["Compared"], sides: dict[str, str]) -> None:
    """Two tables: what is compared, and what is only shown beside."""
    assertions = [one for one in found if one.published.kind == PublishedKind.ASSERTION]
    claims = [one for one in found if one.published.kind == PublishedKind.CLAIM]
    if assertions:
        _grouped(assertions, sides, _PEOPLE, _caveats(assertions), "Published counts, compared with confirmed losses")
    if claims:
        under = "Claims are added to nothing. Ours: confirmed losses under the same headings, where these are plain."
        if assertions:
            click.echo()
        _grouped(claims, sides, (*_PEOPLE[:3], _PEOPLE[-1]), under, "Claims, beside what is documented")
    click.echo("\n" + _caption(found))


def _grouped(
    found: list["Compared"], sides: dict[str, str], columns: tuple[Column, ...], caption: str, title: str
) -> None:
    """A table with a heading for each publisher, side and day, and what they counted under it."""
    rows: list[Row] = []
    heads = set()
    for heading, group in groupby(found, key=lambda one: _heading(one.published, sides)):
        heads.add(len(rows))
        rows.append((heading, *[None] * (len(columns) - 1)))
        rows += [tuple(_shown(one)[column.key] for column in columns) for one in group]
    table(columns, rows, caption, title, heads=frozenset(heads))


def _heading(published: "Published", sides: dict[str, str]) -> str:
    side = sides.get(published.side or "", published.side or "all sides")
    day = f", as of {'~' if published.inferred else ''}{published.as_of}" if published.as_of else ""
    return f"{published.counted_by} on {side}{day}"


def _shown(one: "Compared") -> dict[str, str | None]:
    """A row for people: a bound in the manner of the press, a unit that is not items, a difference with its sign."""
    published, difference = one.published, one.difference
    return {
        "wording": f"  {published.wording or _scoped(published)}",
        "theirs": shown_count(published.quantity, published.bound, published.unit),
        "ours": None if one.ours is None else f"{one.ours:,}",
        "difference": None if difference is None else f"{difference:+,}" if difference else "0",
        "verdict": one.verdict,
        "id": published.uid,
    }


def _row(one: "Compared", sides: dict[str, str]) -> tuple[str | int | None, ...]:
    published = one.published
    return (
        published.uid,
        published.counted_by,
        sides.get(published.side or "", published.side),
        published.wording,
        published.as_of,
        published.quantity,
        one.ours,
        one.difference,
        one.verdict,
    )


def _more(published: "Published") -> tuple[str | None, ...]:
    return (published.kind, published.bound, published.unit, published.caveat)


def _scoped(published: "Published") -> str:
    """What is counted where the publisher's own words were not kept: headings, types and statuses by their slugs."""
    narrowed = (*published.types, *published.categories, *published.groups, *published.statuses)
    return ", ".join(narrowed) or "everything"


def _caveats(found: list["Compared"]) -> str:
    """The caveats that travel with the counts, and why a difference was accepted; each once."""
    said = [one.published.caveat for one in found] + [
        f"{one.published.uid} accepted: {one.published.accepted}" for one in found if one.published.accepted
    ]
    return "\n".join(dict.fromkeys(line for line in said if line))


def _caption(found: list["Compared"]) -> str:
    compared_ = [one for one in found if one.published.kind == PublishedKind.ASSERTION]
    findings = sum(one.is_finding for one in found)
    return (
        f"{len(compared_)} published counts compared, {findings} differ unexplained; "
        f"{len(found) - len(compared_)} claims shown beside."
    )
