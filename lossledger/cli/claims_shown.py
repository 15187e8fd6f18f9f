"""How claims are shown beside what is documented as of their days."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from lossledger.cli.press import shown_count, what_counted
from lossledger.cli.render import Column, Row, table, write
from lossledger.core.text import many
from lossledger.core.vocabulary import Span

if TYPE_CHECKING:
    from lossledger.queries.catalogue import Catalogue
    from lossledger.queries.claims import Claim
    from lossledger.queries.scope import Scope
    from lossledger.queries.tallies import Tally

_STATUS = Column("status", "Status")
_PEOPLE = (
    Column("day", "Day", whole=True),
    Column("what", "Claimed by, what"),
    _STATUS,
    Column("claimed", "Claimed", number=True),
    Column("documented", "Doc.", number=True),
    Column("share", "Share", number=True),
)
_COLUMNS = (
    "day",
    "day_inferred",
    "counted_by",
    "side",
    "wording",
    "categories",
    "groups",
    "types",
    "statuses",
    "span",
    "since",
    "claimed",
    "bound",
    "unit",
    "documented",
    "share",
    "undated",
    "inferred",
    "fate_not_told",
    "caveat",
    "id",
)


def show(found: list["Claim"], scope: "Scope", counted: "Tally", form: str) -> None:
    """Print claims by the side they speak of and by day; ``counted`` is what is documented in their scope."""
    known = counted.catalogue
    title = f"Claimed and documented: {known.name('conflict', scope.conflict)}"
    said = "\n".join(formulas(found, scope, counted))
    if form != "table":
        write(form, [Column(name, name) for name in _COLUMNS], (_row(one, known) for one in found), f"{title}\n{said}")
        return
    rows: list[Row] = []
    heads = set()
    ordered = sorted(found, key=lambda one: one.published.side or "")
    for side, of_side in groupby(ordered, key=lambda one: one.published.side):
        heads.add(len(rows))
        rows.append((None, f"Losses of {known.name('side', side) if side else 'no side that is named'}", *[None] * 4))
        rows += [_for_people(one, known) for one in of_side]
    columns = list(_PEOPLE)
    if not any(one.published.statuses for one in found):
        at = columns.index(_STATUS)
        columns, rows = [*columns[:at], *columns[at + 1 :]], [(*row[:at], *row[at + 1 :]) for row in rows]
    table(columns, rows, said, title, heads=frozenset(heads))


def formulas(found: list["Claim"], scope: "Scope", counted: "Tally", *, shares: bool = True) -> list[str]:
    """What the figures are, and what has to be known of them."""
    from lossledger.queries.compare import FEWEST

    believed = " and ".join(scope.verifications)
    documented = "Doc." if shares else "Documented"
    meant = f"{documented}: {believed} losses that are documented of the same side and headings, as of the same day."
    said = [f"Claimed: what a party said; it is added to nothing. {meant}"]
    measure = "It is no measure of truth: not everything that is lost is seen, and a claim may count what no list does."
    if shares:
        said.append(f"Share = documented / claimed, of claims of {FEWEST} and more. {measure}")
    else:
        said.append(measure.replace("It", "What lies between them", 1))
    alone = sum(one.documented is None for one in found)
    if alone:
        said.append(f"Nothing beside it: {alone:,}, without a day, a side, or headings of the ledger.")
    return [
        *said,
        *_not_in_figures(found, shares=shares),
        f"Days of what is documented: {counted.beside.inferred:,} inferred.",
        *dict.fromkeys(one.published.caveat for one in found if one.published.caveat),
    ]


def _not_in_figures(found: list["Claim"], *, shares: bool) -> Iterator[str]:
    """What is documented and yet in no figure, and where there is no share for it."""
    for number, which in (
        (max((one.undated for one in found), default=0), "Documented losses without a day"),
        (
            max((one.fate_not_told for one in found), default=0),
            "Documented losses of which it is not told what became, beside claims of a status,",
        ),
    ):
        if number:
            none = "; no share where they are more than the others" if shares else ""
            yield f"{which} are in no figure: up to {number:,} of one claim's kind{none}."
    if shares and (inferred := sum(one.all_inferred for one in found)):
        yield f"No share where every day of what is documented is inferred: {many(inferred, 'claim')}."


def _for_people(one: "Claim", known: "Catalogue") -> Row:
    published = one.published
    day = f"{'~' if published.inferred else ''}{published.as_of or ''}"
    if published.since and published.span == Span.INCREMENT:
        day = f"{published.since}..{day}"
    return (
        day,
        f"{published.counted_by}: {what_counted(published, known)}",
        ", ".join(published.statuses) or None,
        shown_count(published.quantity, published.bound, published.unit),
        one.documented,
        None if one.share is None else f"{one.share:.0%}",
    )


def _row(one: "Claim", known: "Catalogue") -> Row:
    published = one.published
    return (
        published.as_of,
        published.inferred,
        published.counted_by,
        known.name("side", published.side) if published.side else None,
        published.wording,
        "|".join(published.categories),
        "|".join(published.groups),
        "|".join(published.types),
        "|".join(published.statuses),
        published.span,
        published.since,
        published.quantity,
        published.bound,
        published.unit,
        one.documented,
        None if one.share is None else round(one.share, 4),
        *((None,) * 3 if one.documented is None else (one.undated, one.inferred, one.fate_not_told)),
        published.caveat,
        published.uid,
    )
