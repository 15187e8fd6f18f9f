"""``check``: published counts beside our own."""

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import Word, conflict_option, format_option
from lossledger.cli.press import narrowed_to, shown_count, what_counted
from lossledger.cli.render import Column, Row, table, write
from lossledger.core.vocabulary import PublishedKind

if TYPE_CHECKING:
    from lossledger.queries.catalogue import Catalogue
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

_MORE = tuple(Column(key, key) for key in ("kind", "bound", "unit", "caveat", "feed", "place"))


@click.command("check", short_help="Compare published counts with the ledger.")
@conflict_option
@click.option("--kind", type=Word(PublishedKind, "kind"), help=f"Only one kind: {', '.join(PublishedKind)}.")
@click.option(
    "--all", "everything", is_flag=True, help="List also what holds of the counts that lists state of themselves."
)
@format_option()
@click.pass_context
@pass_app
def command(
    app: App, ctx: click.Context, /, conflict: str | None, kind: str | None, everything: bool, form: str
) -> None:
    """Compare published counts with the ledger.

    An assertion is compared in its own scope: side, headings, period, unit, feed. What a list states of itself is
    compared with its own rows, as it gave them: where they differ, the list disagrees with itself. A claim is shown
    beside what is documented and is added to nothing. Exits 1 where an assertion differs and nobody accepted it.
    Last come the files that say they were captured on another day than the loss they show; that is no finding.

    \b
    Examples:
      lossledger check
      lossledger check --kind assertion --format json
    """
    from lossledger.cli.other_days import print_other_days
    from lossledger.queries.captured import on_other_days
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.names import the_conflict
    from lossledger.queries.published import compared

    with app.reading() as connection:
        slug = the_conflict(connection, conflict)
        known = catalogue(connection)
        found = [one for one in compared(connection, slug) if kind in (None, one.published.kind)]
        others = on_other_days(connection, slug) if kind is None else []
    if form == "table":
        _print(found, known, everything=everything)
        if others:
            print_other_days(others)
    else:
        rows = (_row(one, known) + _more(one.published) for one in found)
        write(form, (*_COLUMNS, *_MORE), rows, _caption(found))
    if any(one.is_finding for one in found):
        ctx.exit(1)


def _print(found: list["Compared"], known: "Catalogue", *, everything: bool) -> None:
    """A table for what is compared with our counts, for each list's counts of itself, for what is only shown beside."""
    assertions = [one for one in found if one.published.kind == PublishedKind.ASSERTION]
    ours = [one for one in assertions if not one.published.of_list]
    claims = [one for one in found if one.published.kind == PublishedKind.CLAIM]
    if ours:
        _grouped(ours, known, _PEOPLE, _caveats(ours), "Published counts, compared with confirmed losses")
        click.echo()
    lists = sorted((one for one in assertions if one.published.of_list), key=lambda one: str(one.published.feed))
    for feed, of_feed in groupby(lists, key=lambda one: one.published.feed):
        _print_list(str(feed), list(of_feed), known, everything=everything)
        click.echo()
    if claims:
        under = "Claims are added to nothing. Ours: confirmed losses under the same headings, where these are plain."
        _grouped(claims, known, (*_PEOPLE[:3], _PEOPLE[-1]), under, "Claims, beside what is documented")
        click.echo()
    click.echo(_caption(found))


def _print_list(feed: str, found: list["Compared"], known: "Catalogue", *, everything: bool) -> None:
    """What a list states of itself beside what its rows come to: the headlines, and whatever disagrees."""
    shown = [one for one in found if everything or one.verdict != "holds" or not narrowed_to(one.published)]
    hold = len(found) - len(shown)
    under = _caveats(shown)
    if hold:
        under += ("\n" if under else "") + f"{hold:,} more of its counts hold; --all lists them."
    columns = (*_PEOPLE[:2], replace(_PEOPLE[2], title="Its rows"), *_PEOPLE[3:])
    shown.sort(key=lambda one: (str(one.published.side), _line_of(one.published)))
    _grouped(shown, known, columns, under, f"Feed {feed}: what it states of itself, compared with its own rows")


def _line_of(published: "Published") -> tuple[int, int]:
    """Where it stands in its file: the first number that its place has, totals before their parts."""
    digits = "".join(sign for sign in str(published.place) if sign.isdigit())
    return (int(digits or 0), len(published.statuses))


def _grouped(
    found: list["Compared"], known: "Catalogue", columns: tuple[Column, ...], caption: str, title: str
) -> None:
    """A table with a heading for each publisher, side and day, and what they counted under it."""
    rows: list[Row] = []
    heads = set()
    for heading, group in groupby(found, key=lambda one: _heading(one.published, known)):
        heads.add(len(rows))
        rows.append((heading, *[None] * (len(columns) - 1)))
        rows += [tuple(_shown(one, known)[column.key] for column in columns) for one in group]
    table(columns, rows, caption, title, heads=frozenset(heads))


def _heading(published: "Published", known: "Catalogue") -> str:
    side = known.name("side", published.side) if published.side else "all sides"
    day = f", as of {'~' if published.inferred else ''}{published.as_of}" if published.as_of else ""
    return f"{published.counted_by} on {side}{day}"


def _shown(one: "Compared", known: "Catalogue") -> dict[str, str | None]:
    """A row for people: a bound in the manner of the press, a unit that is not items, a difference with its sign."""
    published, difference = one.published, one.difference
    return {
        "wording": f"  {what_counted(published, known)}",
        "theirs": shown_count(published.quantity, published.bound, published.unit),
        "ours": None if one.ours is None else f"{one.ours:,}",
        "difference": None if difference is None else f"{difference:+,}" if difference else "0",
        "verdict": one.verdict,
        "id": published.uid,
    }


def _row(one: "Compared", known: "Catalogue") -> tuple[str | int | None, ...]:
    published = one.published
    return (
        published.uid,
        published.counted_by,
        known.name("side", published.side) if published.side else None,
        published.wording,
        published.as_of,
        published.quantity,
        one.ours,
        one.difference,
        one.verdict,
    )


def _more(published: "Published") -> tuple[str | None, ...]:
    return (published.kind, published.bound, published.unit, published.caveat, published.feed, published.place)


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
