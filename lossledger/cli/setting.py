"""``setting``: what a ledger is told once."""

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, format_option, reason_of
from lossledger.cli.render import Column, write
from lossledger.cli.telling import tell
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked, quoted
from lossledger.errors import Refused

_COLUMNS = (Column("name", "Name", whole=True), Column("value", "Value"), Column("meaning", "What it is"))


@click.command("setting", short_help="Show or change a setting of the ledger.")
@click.argument("name", required=False)
@click.argument("value", required=False)
@click.option("--clear", is_flag=True, help="Have it say nothing.")
@click.option("--reason", metavar="TEXT", help="Why; needed to change one.")
@dry_run_option
@format_option()
@pass_app
def command(
    app: App, /, name: str | None, value: str | None, clear: bool, reason: str | None, dry_run: bool, form: str
) -> None:
    """Show or change a setting of the ledger.

    Without a value it shows one setting, or all of them.

    \b
    Examples:
      lossledger setting
      lossledger setting conflict nagorno-karabakh-2020 --reason "the one we work on"
      lossledger setting conflict --clear --reason "we have several now"
    """
    if value is None and not clear:
        _show(app, name, form)
        return
    if name is None or (clear and value is not None):
        raise Refused("give the setting's name with either a value or --clear")
    if not reason:
        raise Refused("say why, with --reason")
    from lossledger.ledger.published import set_value

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        set_value(journal, name, None if clear else checked(str(value), name, MAX_LINE, lines=False))
        now = journal.state("setting", name).get("value")
    tell(app, f"setting {name}: {now or 'cleared'}", dry_run=dry_run)


def _show(app: App, name: str | None, form: str) -> None:
    from lossledger.ledger.published import SETTINGS
    from lossledger.queries.told import subjects

    if name is not None and name not in SETTINGS:
        raise Refused(f"no setting {quoted(name)}; there are: {', '.join(SETTINGS)}")
    with app.reading() as connection:
        stored = subjects(connection, "setting")
    rows = [
        (one, stored.get(one, {}).get("value"), meaning) for one, meaning in SETTINGS.items() if name in (None, one)
    ]
    write(form, _COLUMNS, rows)
