"""``history``: what was done to a loss."""

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import format_option
from lossledger.cli.steps import print_steps, write_steps


@click.command("history", short_help="Show what was done to a loss, by whom and why.")
@click.argument("id_", metavar="ID")
@format_option()
@pass_app
def command(app: App, id_: str, form: str) -> None:
    """Show what was done to a loss, by whom and why.

    Every entry on it, oldest first: its number, when it was recorded, the actor, the act, what it changed, the
    reason. The history of a loss that was split off begins with that of the loss it came from. In other formats, a
    row a change.

    \b
    Examples:
      lossledger history haw35abicg
      lossledger history haw3 --format csv > history.csv
    """
    from lossledger.queries.catalogue import catalogue
    from lossledger.queries.lineage import lineage, links
    from lossledger.queries.names import whole_uid

    with app.reading() as connection:
        uid = whole_uid(connection, "loss", id_)
        found = lineage(connection, uid)
        known = catalogue(connection)
        sources = links(connection, found)
    if form != "table":
        write_steps(form, found, "loss", known)
        return
    click.echo(f"History of loss {uid}")
    print_steps(found, "loss", known, sources)
