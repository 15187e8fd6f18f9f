"""``check``: published counts beside our own."""

from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import Word, conflict_option, format_option
from lossledger.cli.render import Column, Row, table, write
from lossledger.core.vocabulary import ITEMS, Bound, PublishedKind

if TYPE_CHECKING:
    from lossledger.queries.published import Compared, Published

_BOUNDS = {Bound.ABOUT: "~{}", Bound.AT_LEAST: "{}+", Bound.AT_MOST: "up to {}"}

_COLUMNS = (
    Column("id", "Id", whole=True),
    Column("counted_by", "Counted by"),
    Column("side", "Side"),
    Column("wording", "What"),
    Column("as_of", "As of", whole=True),
    Column("theirs", "Theirs", number=True),
    Column("ours", "Ours", number=True),
    Column("difference", "Diff.", number=True),
    Column("verdict", "Verdict"),
)
_MORE = (Column("kind", "Kind"), Column("bound", "Bound"), Column("unit", "Unit"), Column("caveat", "Caveat"))


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
        rows = [_shown(_row(one, sides), one.published) for one in assertions]
        table(_COLUMNS, rows, _caveats(assertions), "Published counts, compared with confirmed losses")
    if claims:
        rows = [_shown(_row(one, sides), one.published)[:-2] for one in claims]
        under = "Claims are added to nothing. Ours: confirmed losses under the same headings, where these are plain."
        click.echo()
        table(_COLUMNS[:-2], rows, under, "Claims, beside what is documented")
    click.echo("\n" + _caption(found))


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


def _shown(row: tuple[str | int | None, ...], published: "Published") -> Row:
    """A row for people: a bound in the manner of the press, a unit where it is not items, an inferred day marked."""
    cells = list(row)
    quantity = "" if published.quantity is None else f"{published.quantity:,}"
    cells[5] = _BOUNDS.get(Bound(published.bound), "{}").format(quantity)
    if published.unit != ITEMS:
        cells[5] = f"{cells[5]} {published.unit}"
    if published.inferred:
        cells[4] = f"~{published.as_of}"
    cells[6] = None if row[6] is None else f"{row[6]:,}"
    cells[7] = None if row[7] is None else f"{row[7]:+,}" if row[7] else "0"
    return cells


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
