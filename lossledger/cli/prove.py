"""``prove``: verify a proof without any ledger, by a head that one trusts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lossledger.cli.options import one_format_option
from lossledger.cli.render import Column, facts, heading, table
from lossledger.core.text import inert, many
from lossledger.errors import BadData, Refused

if TYPE_CHECKING:
    from lossledger.core.head import Head
    from lossledger.core.proof import Continuation, LossProof, Proof
    from lossledger.core.proving import Fault, Proven
    from lossledger.core.trail import Posting

_FAULTS = (Column("place", "Where"), Column("step", "Step", whole=True), Column("wrong", "What is wrong"))
_NOT_SHOWN = (
    "that these are all entries of the loss: others may have been left out, and later ones may have followed. Nor who "
    "acted: a name is given, not proved"
)
_OTHER_SIZE = (
    "\nThe ledger has grown between the two heads, or they are of two ledgers: ask for a proof under the head that you "
    "trust, or for that head's continuation (audit --consistency)."
)


@click.command("prove", short_help="Verify a proof without any ledger.")
@click.argument("file", metavar="FILE")
@click.option("--head", metavar="HEAD", required=True, help="The ledger's head, N:HASH:ROOT, from where you trust it.")
@click.option(
    "--from", "earlier", metavar="HEAD", help="The earlier head, where FILE proves that the other continues it."
)
@one_format_option
@click.pass_context
def command(ctx: click.Context, /, file: str, head: str, earlier: str | None, form: str) -> None:
    """Verify a proof without any ledger.

    FILE is what export --proof or audit --consistency wrote; - is standard input. The head must come from elsewhere
    than the file: from where the ledger's keeper published it. Exits 1 where the proof does not hold, and says which
    entry was altered and how; 3 where the file is no proof at all.

    A proof of a loss shows that its entries stand in the ledger as they are in the file. It cannot show that they
    are all: an entry that was left out is noticed only where later postings do not follow without it.

    \b
    Examples:
      lossledger prove haw35abicg.json --head "$(cat head.txt)"
      lossledger prove continued.json --from 17:9f86d081884c7d65... --head "$(cat head.txt)"
    """
    from lossledger.core.head import read_head
    from lossledger.core.proof import LossProof
    from lossledger.core.proving import faults_of_continuation, faults_of_loss

    later, before = read_head(head), read_head(earlier) if earlier is not None else None
    if later.root is None:
        raise Refused(
            "--head has no root: a hash of the chain alone proves nothing about the entries before it; "
            "ask for a head as `lossledger audit --head` prints it now, N:HASH:ROOT"
        )
    proof = _read(file)
    if isinstance(proof, LossProof):
        if before is not None:
            raise Refused("--from is for the proof that a head continues another; this file is about a loss")
        faults = faults_of_loss(proof, later)
    else:
        if before is None:
            raise Refused("this file proves that a head continues another; give that one, too: --from HEAD")
        faults = faults_of_continuation(proof, before, later)
    (_print_json if form == "json" else _print)(proof, faults, later)
    if faults:
        ctx.exit(1)


def _read(file: str) -> "Proof":
    """The proof in a file. Errors: BadData where it cannot be read, or is none."""
    from lossledger.core.proof_reading import MAX_BYTES, read

    try:
        if file == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(file).open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadData(f"{file}: cannot be read: {error.strerror or error}") from error
    return read(data, "standard input" if file == "-" else file)


def _print(proof: "Proof", faults: "list[Fault]", head: "Head") -> None:
    from lossledger.core.proof import LossProof

    if faults:
        grown = _OTHER_SIZE if any(fault.step == "size" for fault in faults) else ""
        said = f"Not proved: {many(len(faults), 'fault')}. Nothing that the file says is to be trusted.{grown}"
        table(_FAULTS, faults, said)
    elif isinstance(proof, LossProof):
        _print_loss(proof, head)
    else:
        _print_continuation(proof)


def _print_continuation(proof: "Continuation") -> None:
    later = many(proof.later.number, "entry", "entries")
    shown = f"the ledger of {later} begins with the {proof.earlier.number:,} of the earlier head, unaltered"
    facts([("Proved", shown)])


def _print_loss(proof: "LossProof", head: "Head") -> None:
    from lossledger.core.proving import told
    from lossledger.core.trail import loss_day, outcome

    proven = told(proof)
    day = loss_day(proven.state)
    follows = [
        ("outcome", outcome(proven.state)),
        ("day", f"{day.day or 'undated'}{', inferred' if day.inferred else ''}"),
    ]
    entries = many(len(proven.steps), "entry", "entries")
    click.echo(f"Loss {inert(proof.loss)}, as its {entries} here leave{'s' if len(proven.steps) == 1 else ''} it")
    facts([*proven.state.items(), *follows], 2)
    for step in proven.steps:
        heading(f"{step.number}  {step.recorded_at[:10]} {step.recorded_at[11:19]} UTC  {step.act}, by {step.actor}")
        said = [(field, value if value is not None else "(cleared)") for field, value in step.said.items()]
        facts([*said, ("reason", step.reason), *map(_moved, step.postings)], 4)
    click.echo()
    entries = many(len(proof.entries), "entry", "entries")
    shown = f"{entries} of the {head.number:,} under the given head, word for word as in the file"
    facts([("Proved", shown), ("Not proved", _NOT_SHOWN)])


def _moved(line: "Posting") -> tuple[str, str]:
    """What a posting does to the sums, in a line."""
    of = ", ".join(part for part in (line.type, line.category, line.side, f"feed {line.feed}") if part)
    since = f"from {line.day}" if line.day else "undated"
    verb = "adds" if line.quantity > 0 else "takes back"
    return verb, f"{abs(line.quantity):,} {line.status}, {line.verification}, {since}; {of}"


def _print_json(proof: "Proof", faults: "list[Fault]", head: "Head") -> None:
    """Print what is proved as one object; of a proof that does not hold, what is wrong with it and nothing else."""
    import orjson

    from lossledger.core.proof import LossProof

    answer: dict[str, object] = {
        "proved": not faults,
        "proof": "loss" if isinstance(proof, LossProof) else "consistency",
        "head": str(head),
        "faults": [fault._asdict() for fault in faults],
    }
    if not faults and isinstance(proof, LossProof):
        answer |= _as_json(proof)
    elif not faults and not isinstance(proof, LossProof):
        answer["from"] = str(proof.earlier)
    click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())


def _as_json(proof: "LossProof") -> dict[str, object]:
    from lossledger.core.proving import told
    from lossledger.core.trail import loss_day, outcome

    proven: Proven = told(proof)
    return {
        "loss": proof.loss,
        "state": dict(proven.state),
        "outcome": outcome(proven.state),
        "day": loss_day(proven.state)._asdict(),
        "entries": [
            {**step._asdict(), "said": dict(step.said), "postings": [line._asdict() for line in step.postings]}
            for step in proven.steps
        ],
        "not_proved": _NOT_SHOWN,
    }
