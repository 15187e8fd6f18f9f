"""``export``: what leaves the ledger for others, each form a command of its own; and proofs of single losses."""

from collections.abc import Callable, Iterable

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.files import destination, output_options, put
from lossledger.core.fields import generic
from lossledger.core.names import near
from lossledger.core.records import ACT_FIELDS, KINDS
from lossledger.core.text import many
from lossledger.errors import Refused, UnknownName


@click.group(
    "export",
    invoke_without_command=True,
    no_args_is_help=True,
    subcommand_metavar="",
    short_help="Write what stands in the ledger for others: proofs of losses.",
)
@click.option("--proof", metavar="ID", help="A loss: its entries, and that they stand in the ledger.")
@click.option(
    "--withhold", metavar="FIELD", multiple=True, help="Leave out the texts of a field, such as place. Repeatable."
)
@output_options
@pass_app
def command(app: App, /, proof: str | None, withhold: tuple[str, ...], output: str | None, *, force: bool) -> None:
    """Write what stands in the ledger for others.

    With --proof, a small file with all entries of a loss, from which anybody who has the ledger's head
    (audit --head) can verify with prove, or with a page of code of their own, that they stand in the ledger as they
    are. What is withheld is there as a digest, so the rest can be verified all the same. Together with a field are
    withheld what a list said of the loss (row.given, row.held, held), which may repeat it.

    \b
    Examples:
      lossledger export --proof haw35abicg -o haw35abicg.json
      lossledger export --proof haw3 --withhold actor --withhold latitude --withhold longitude > haw3.json
    """
    if proof is None:
        raise Refused("say what to export: --proof ID; see: lossledger export --help")
    from lossledger.core.proof import write
    from lossledger.queries.names import whole_uid
    from lossledger.queries.proofs import proof_of_loss

    fields = _withheld(withhold)
    place = destination(output, "a proof", force=force)
    with app.reading() as connection:
        uid = whole_uid(connection, "loss", proof)
        proved = proof_of_loss(connection, uid, _is_one_of(fields))
    text = write(proved)
    put(text, place)
    left_out = sorted({detail.field for one in proved.entries for detail in one.details if detail.salt is None})
    entries = many(len(proved.entries), "entry", "entries")
    app.say(f"loss {uid}: {entries}, {len(text.encode()):,} bytes{_not_told(left_out)}")
    app.say(f"head {proved.head}")
    app.say(f"verify it with: lossledger prove {place or 'FILE'} --head HEAD, the head from where you trust it")


_REPEATING = ("row.given", "row.held", "held")
"""What a list says of a loss, word for word, whichever fields that is about."""


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
    return frozenset((*chosen, *_REPEATING)) if chosen else frozenset()


def _is_one_of(fields: frozenset[str]) -> Callable[[str], bool]:
    return lambda path: (path if path in ACT_FIELDS else generic(path)) in fields


def _not_told(left_out: list[str]) -> str:
    return f"; not told: {', '.join(left_out)}" if left_out else ""
