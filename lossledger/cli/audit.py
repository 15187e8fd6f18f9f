"""``audit``: proof that nothing in the ledger was altered unseen."""

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import format_option
from lossledger.cli.render import Column, write
from lossledger.core.text import inert, many

_COLUMNS = (Column("check", "Check", whole=True), Column("place", "Place"), Column("wrong", "What is wrong"))


@click.command("audit", short_help="Prove that nothing in the ledger was altered unseen.")
@click.option("--head", is_flag=True, help="Only print the end of the chain, N:HASH, to be kept elsewhere.")
@click.option(
    "--expect-head", metavar="N:HASH", help="An end of the chain that was printed earlier must still be there."
)
@format_option()
@click.pass_context
@pass_app
def command(app: App, ctx: click.Context, /, *, head: bool, expect_head: str | None, form: str) -> None:
    """Prove that nothing in the ledger was altered unseen.

    Checks the chain of hashes, that the entries give every row of every other table and every posting, that the
    triggers stand, and that a merged group counts once. Exits 1 where anything is found. A journal that was cut off,
    or written anew from some entry on, has a sound chain: only --expect-head finds that.

    \b
    Examples:
      lossledger audit
      lossledger audit --head
      lossledger audit --expect-head 17:9f86d081884c7d65...
    """
    from lossledger.checks.audit import audit
    from lossledger.checks.chain import head_line, read_head

    expected = read_head(expect_head) if expect_head else None
    with app.reading() as connection:
        if head:
            click.echo(head_line(connection))
            return
        report = audit(connection, expected)
    if report.findings or form != "table":
        rows = [(finding.check, finding.place, finding.wrong) for finding in report.findings]
        write(form, _COLUMNS, rows)
    for line in _summary(report.entries, len(report.findings), report.redacted, report.head):
        click.echo(inert(line), err=form != "table")
    if report.findings:
        ctx.exit(1)


def _summary(entries: int, findings: int, redacted: tuple[tuple[int, str], ...], head: str) -> list[str]:
    """What was looked at and what came of it; redacted texts are listed, for they are no findings."""
    counted = (many(entries, "entry", "entries"), many(findings, "finding"), many(len(redacted), "redacted text"))
    lines = [f"{', '.join(counted)}."]
    lines += [f"redacted: entry {number}, {field}" for number, field in redacted]
    return [*lines, f"head {head}"] if head else lines
