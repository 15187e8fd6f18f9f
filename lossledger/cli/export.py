"""``export``: what leaves the ledger for others, each form a command of its own; and proofs of single losses.

All of it is made from the public copy, so the public view holds for all of it.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.export_datapackage import command as datapackage
from lossledger.cli.export_open import csv, geojson, jsonl, parquet, sqlite, xlsx
from lossledger.cli.export_oryx import command as oryx
from lossledger.cli.files import destination, output_options, put
from lossledger.core.fields import generic
from lossledger.core.names import near
from lossledger.core.public_view import EMBARGO
from lossledger.core.records import ACT_FIELDS, KINDS
from lossledger.core.text import many
from lossledger.errors import NothingFound, Refused, UnknownName

if TYPE_CHECKING:
    from lossledger.ledger.public_copy import PublicCopy


@click.group(
    "export",
    invoke_without_command=True,
    no_args_is_help=True,
    subcommand_metavar="[FORMAT]",
    short_help="Write what stands in the ledger for others: open data, and proofs of losses.",
)
@click.option("--proof", metavar="ID", help="A loss: its entries, and that they stand in the ledger.")
@click.option(
    "--withhold", metavar="FIELD", multiple=True, help="Leave out the texts of a field, such as place. Repeatable."
)
@output_options
@click.pass_context
@pass_app
def command(
    app: App, ctx: click.Context, /, proof: str | None, withhold: tuple[str, ...], output: str | None, *, force: bool
) -> None:
    """Write what stands in the ledger for others: open data in a FORMAT, or the proof of a loss.

    What everybody may see of the ledger is the public view, which its settings make: public.coordinates,
    public.embargo, public.actors, public.notes. It holds for every export, and what it withholds is in no byte of one.

    With --proof, a small file with all entries of a loss, from which anybody who has the ledger's head
    (audit --head) can verify with prove, or with a page of code of their own, that they stand in the ledger as they
    are. What the public view does not tell, and what is
    withheld beside, is there as a digest, so the rest can be verified all the same. Under an embargo, the head is that
    of the last entry that is public.

    \b
    Examples:
      lossledger export csv --side armenia -o losses.csv
      lossledger export xlsx all -o everything.xlsx
      lossledger export --proof haw35abicg -o haw35abicg.json
      lossledger export --proof haw3 --withhold actor --withhold latitude --withhold longitude > haw3.json
    """
    if ctx.invoked_subcommand is not None:
        if proof or withhold or output or force:
            raise Refused(
                f"give the options of {ctx.invoked_subcommand} after it; a proof is no {ctx.invoked_subcommand}"
            )
        return
    if proof is None:
        raise Refused("say what to export: a format, or --proof ID; see: lossledger export --help")
    from lossledger.core.proof import write
    from lossledger.ledger.public_copy import public_copy
    from lossledger.queries.proofs import proof_of_loss

    fields = _withheld(withhold)
    place = destination(output, "a proof", force=force)
    with public_copy(app.engine()) as public:
        uid = _public_loss(app, public, proof)
        proved = proof_of_loss(public.connection, uid, _is_one_of(fields))
    text = write(proved)
    put(text, place)
    left_out = sorted({detail.field for one in proved.entries for detail in one.details if detail.salt is None})
    entries = many(len(proved.entries), "entry", "entries")
    app.say(f"loss {uid}: {entries}, {len(text.encode()):,} bytes{_not_told(left_out)}")
    app.say(f"head {proved.head}")
    app.say(f"verify it with: lossledger prove {place or 'FILE'} --head HEAD, the head from where you trust it")


for _format in (csv, jsonl, geojson, parquet, xlsx, sqlite, datapackage, oryx):
    command.add_command(_format)


def _public_loss(app: App, public: "PublicCopy", given: str) -> str:
    """The loss that the beginning of an id means.

    Errors: as `whole_uid` for none or several, Refused for one that is younger than the embargo.
    """
    from lossledger.queries.names import whole_uid

    try:
        return whole_uid(public.connection, "loss", given)
    except NothingFound:
        if not public.view.embargo:
            raise
    with app.reading() as connection:
        uid = whole_uid(connection, "loss", given)
    days = many(public.view.embargo, "day")
    raise Refused(f"loss {uid} is not public yet: it was recorded less than {days} ago (setting {EMBARGO})")


def _withheld(given: Iterable[str]) -> frozenset[str]:
    """The fields whose texts are left out, a child's without its key.

    Errors: UnknownName for what is no field of a loss, Refused for one that the count rests on.
    """
    loss = KINDS["loss"]
    known = {field.name: field for field in loss.fields} | dict(ACT_FIELDS)
    known |= {f"{child.name}.{field.name}": field for child in loss.children for field in child.fields}
    private = sorted(name for name, field in known.items() if field.private)
    chosen = [name.strip().lower().replace("-", "_") for name in given]
    for name in chosen:
        if name not in known:
            raise UnknownName("field", name, near(name, list(known)), f"one of: {', '.join(private)}")
        if not known[name].private:
            raise Refused(f"{name} cannot be withheld: counts rest on it; these can: {', '.join(private)}")
    return frozenset(chosen)


def _is_one_of(fields: frozenset[str]) -> Callable[[str], bool]:
    return lambda path: (path if path in ACT_FIELDS else generic(path)) in fields


def _not_told(left_out: list[str]) -> str:
    return f"; not told: {', '.join(left_out)}" if left_out else ""
