"""``audit``: proof that nothing in the ledger was altered unseen."""

import json
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.files import destination, output_options, put
from lossledger.cli.options import format_option
from lossledger.cli.render import Column, write
from lossledger.cli.stored import settled, store_to_look_at
from lossledger.core.text import inert, many
from lossledger.errors import Refused

if TYPE_CHECKING:
    from lossledger.checks.audit import Report
    from lossledger.checks.findings import Finding
    from lossledger.core.head import Head

_COLUMNS = (Column("check", "Check", whole=True), Column("place", "Place"), Column("wrong", "What is wrong"))
_OF_HEADS = ("head", "expect_head", "consistency")
_HEAD = ("size", "chain_hash", "tree_root", "head")


@click.command("audit", short_help="Prove that nothing in the ledger was altered unseen.")
@click.option("--head", is_flag=True, help="Only print the ledger's head, N:HASH:ROOT, to be kept elsewhere.")
@click.option("--expect-head", metavar="HEAD", help="A head that was printed earlier must still be there.")
@click.option("--consistency", metavar="HEAD", help="Write a proof that this ledger continues an earlier head of it.")
@output_options
@format_option()
@click.pass_context
@pass_app
def command(app: App, ctx: click.Context, /, **given: Any) -> None:
    """Prove that nothing in the ledger was altered unseen.

    Checks the chain of hashes, that the entries give every row of every other table and every posting, that the
    triggers stand, that a merged group counts once, and that every file that is held is in the store, with its size.
    Exits 1 where anything is found. A journal that was cut off, or written anew from some entry on, has a sound chain:
    only --expect-head finds that. Whether the files hold what they held, evidence verify finds.

    A head is the number of entries, the hash of the last one, and the root of the tree over all of them. Published,
    it binds the ledger: a loss that stands in it can be proved to anybody (export --proof), and so can it that a
    later head continues it (--consistency). What is written then is verified by prove, without a ledger.

    \b
    Examples:
      lossledger audit
      lossledger audit --head > head.txt
      lossledger audit --expect-head "$(cat head.txt)"
      lossledger audit --consistency "$(cat head.txt)" -o continued.json
    """
    from lossledger.core.head import read_head

    _refuse_mixing(given)
    if given["head"]:
        _print_head(app, given["form"])
        return
    if given["consistency"] is not None:
        _write_consistency(app, ctx, read_head(given["consistency"]), given)
        return
    from lossledger.checks.audit import audit

    # An empty one is refused, not passed over: it is what $(cat FILE) makes of a file that is not there.
    expected = None if given["expect_head"] is None else read_head(given["expect_head"])
    files = settled(app)
    with app.reading() as connection:
        store, unseen = store_to_look_at(files, connection)
        report = audit(connection, expected, store)
    if report.findings or given["form"] != "table":
        _write_findings(report.findings, given["form"])
    for line in _summary(report):
        click.echo(inert(line), err=given["form"] != "table")
    if unseen:
        app.say(unseen)
    if report.findings:
        ctx.exit(1)


def _refuse_mixing(given: dict[str, Any]) -> None:
    chosen = [f"--{name.replace('_', '-')}" for name in _OF_HEADS if given[name] not in (False, None)]
    if len(chosen) > 1:
        raise Refused(f"{' and '.join(chosen)} are asked for one at a time")
    if given["output"] is not None and given["consistency"] is None:
        raise Refused("--output is where the proof of --consistency goes; there is none here")


def _print_head(app: App, form: str) -> None:
    """Print the head in one word, and say its parts; for programs, all of it as one object or row."""
    from lossledger.queries.proofs import head_with_root

    with app.reading() as connection:
        head = head_with_root(connection)
    root = (head.root or b"").hex()
    parts = (head.number, head.hash.hex(), root, str(head))
    if form == "json":
        click.echo(json.dumps(dict(zip(_HEAD, parts, strict=True)), indent=2))
        return
    if form != "table":
        write(form, [Column(name, name) for name in _HEAD], [parts])
        return
    click.echo(str(head))
    app.say(f"  size        {many(head.number, 'entry', 'entries')}")
    app.say(f"  chain hash  {head.hash.hex()}")
    app.say(f"  tree root   {root}")


def _write_consistency(app: App, ctx: click.Context, earlier: "Head", given: dict[str, Any]) -> None:
    """Write the proof that the ledger continues an earlier head, or what shows that it does not."""
    from lossledger.checks.chain import against
    from lossledger.core.proof import write as written
    from lossledger.queries.proofs import continuation

    if not earlier.number:
        raise Refused("every ledger continues an empty one; give the head of one with entries")
    place = destination(given["output"], "a proof", force=given["force"])
    with app.reading() as connection:
        findings = tuple(against(connection, earlier))
        proof = None if findings else continuation(connection, earlier)
    if proof is None:
        _write_findings(findings, given["form"])
        ctx.exit(1)
    put(written(proof), place)
    app.say(f"head {proof.later}\ncontinues {proof.earlier}")
    app.say(
        f"verify it with: lossledger prove {place or 'FILE'} --from EARLIER --head LATER, each from where you trust it"
    )


def _write_findings(findings: "tuple[Finding, ...]", form: str) -> None:
    write(form, _COLUMNS, [(finding.check, finding.place, finding.wrong) for finding in findings])


def _summary(report: "Report") -> list[str]:
    """What was looked at and what came of it; texts that are gone for a reason are listed, for they are no findings."""
    counted = (
        many(report.entries, "entry", "entries"),
        many(len(report.findings), "finding"),
        many(len(report.redacted), "redacted text"),
    )
    lines = [f"{', '.join(counted)}."]
    lines += [f"redacted: entry {number}, {field}" for number, field in report.redacted]
    if report.withheld.fields:
        lines.append(f"entries 1 to {report.withheld.until:,} are a public copy's, which withheld every one of:")
        lines += [f"withheld: {many(number, 'text')} of {field}" for field, number in report.withheld.fields.items()]
    return [*lines, f"head {report.head}"] if report.head else lines
