"""``db``: the database as a whole."""

import sys
from pathlib import Path

import click

from lossledger import config
from lossledger.cli.app import App, pass_app
from lossledger.core.text import inert, many
from lossledger.errors import NoLedger, Refused


@click.group("db", short_help="The database: upgrade, current, backup, restore.")
def command() -> None:
    """The database: upgrade, current, backup, restore.

    \b
    Examples:
      lossledger db backup /mnt/disk/losses-2026-10-08.db
      lossledger db restore /mnt/disk/losses-2026-10-08.db
    """


@command.command("upgrade")
@pass_app
def upgrade(app: App, /) -> None:
    """Bring an older ledger's schema up to date, all of it or nothing.

    \b
    Example:
      lossledger db upgrade
    """
    from lossledger.db.engine import place, writing
    from lossledger.db.schema import CURRENT, REVISIONS, require_current, revision

    engine = app.engine()
    with writing(engine) as connection:
        found = revision(connection)
        if found is None:
            raise NoLedger(f"{place(engine)} holds no ledger")
        if found not in REVISIONS:
            require_current(connection, place(engine))
        if found != CURRENT:
            from lossledger.db.migrate import upgrade as migrate

            migrate(connection)
    app.say(f"schema {CURRENT} already" if found == CURRENT else f"schema {found} upgraded to {CURRENT}")


@command.command("current")
@pass_app
def current(app: App, /) -> None:
    """Print the version of the ledger's schema; exits 4 where it is not this program's.

    \b
    Example:
      lossledger db current
    """
    from lossledger.db.engine import place, reading
    from lossledger.db.schema import require_current, revision

    engine = app.engine()
    with reading(engine) as connection:
        found = revision(connection)
        if found is not None:
            click.echo(inert(found))
        require_current(connection, place(engine))


@command.command("backup")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace the file where there is one.")
@pass_app
def backup(app: App, /, path: Path, force: bool) -> None:
    """Copy the ledger to a new file, also while it is in use; its number of entries and its head are said.

    The files that are held lie in a folder beside the ledger, which is copied like any folder.

    \b
    Example:
      lossledger db backup /mnt/disk/losses-2026-10-08.db
    """
    from lossledger.checks.chain import head_line
    from lossledger.db.engine import open_engine, reading
    from lossledger.db.files import back_up

    ledger = _file(app, f"pg_dump --format=custom --file={path} DATABASE")
    with app.reading():
        pass  # no file is made of what is no ledger
    if path.exists() and path.samefile(ledger):
        raise Refused(f"{path} is the ledger itself")
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise Refused(f"{path} is no file; a backup goes to a file of its own")
    if path.exists() and not force:
        raise Refused(f"{path} is there already; replace it with --force")
    if not path.absolute().parent.is_dir():
        raise Refused(f"there is no folder {path.parent}")
    back_up(ledger, path)
    with reading(open_engine(str(path))) as connection:
        head = head_line(connection)
    app.say(f"backed up to {path}: {many(int(head.partition(':')[0]), 'entry', 'entries')}\nhead {head}")
    if app.store().exists:
        app.say(f"the files that are held are not in it; copy their folder, too: {app.store().folder}")


@command.command("restore")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@click.pass_context
@pass_app
def restore(app: App, ctx: click.Context, /, path: Path, yes: bool) -> None:
    """Put a backup in the ledger's place; the ledger that is there is kept beside it.

    \b
    Example:
      lossledger --db losses.db db restore /mnt/disk/losses-2026-10-08.db
    """
    from lossledger.db.files import restore as put

    ledger = _file(app, f"pg_restore --clean --dbname=DATABASE {path}")
    if ledger.exists() and path.samefile(ledger):
        raise Refused(f"{path} is the ledger itself")
    if ledger.exists() and not yes and not _is_wanted(ledger, path):
        app.say("nothing was done")
        ctx.exit(1)
    kept = put(path, ledger)
    app.say(f"{ledger} restored from {path}")
    if kept is not None:
        app.say(f"what was there is kept as {kept}")


def _is_wanted(ledger: Path, path: Path) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused(f"{ledger} would be replaced; say --yes if that is what you want")
    return click.confirm(inert(f"Put {path} in the place of {ledger}?"), err=True)


def _file(app: App, instead: str) -> Path:
    """The file of an SQLite ledger. Errors: Refused, with what to use instead, for one on a server."""
    file = config.ledger_file(app.location)
    if file is None:
        raise Refused(f"this ledger is on a server, which has tools of its own; use: {instead}")
    return file
