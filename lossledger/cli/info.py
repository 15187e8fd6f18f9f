"""``info``: where a ledger stands; and the first screen of the program."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import one_format_option
from lossledger.cli.render import Column, Row, facts, heading, table
from lossledger.core.text import inert, many, told_size
from lossledger.core.vocabulary import Verification

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.standing import Belief, Standing
    from lossledger.queries.waiting import Count


@click.command("info", short_help="Show where a ledger stands.")
@one_format_option
@pass_app
def command(app: App, /, form: str) -> None:
    """Show where a ledger stands.

    Where it is, how much it holds, the end of its chain of hashes, and what waits to be looked at.

    \b
    Examples:
      lossledger info
      lossledger info --format json
    """
    from lossledger.checks.chain import head_line
    from lossledger.db.engine import place
    from lossledger.queries.standing import standing

    where = place(app.engine())
    with app.reading() as connection:
        found, head = standing(connection), head_line(connection)
        held = _held(app, connection)
        waits = waiting_counts(app, connection)
    if form == "json":
        _print_json(where, found, head, waits, held)
        return
    facts(
        [
            ("ledger", where),
            ("engine", found.engine),
            ("schema", found.schema),
            ("entries", f"{found.entries:,}, the last of {_time(found.last_recorded)}"),
            ("losses", f"{found.numbers['loss']:,}{_of_which(found)}"),
            ("sources", f"{found.numbers['source']:,}"),
            ("published tallies", f"{found.numbers['published']:,}"),
            ("types", f"{found.numbers['type']:,}"),
            ("feeds", ", ".join(found.feeds)),
            ("files", _files(held) if held else None),
            ("store", f"{held['store']}{'' if held['store_is_there'] else ', which is not there'}" if held else None),
            ("inbox", f"{many(found.open_posts, 'post')} to look at" if found.open_posts else None),
        ]
    )
    click.echo(f"head {head}")
    heading("Items that stand, by how far they are believed")
    click.echo()
    _print_beliefs(found.conflicts, _waiting(waits, found.open_posts, _naming(found.conflicts)))


def _held(app: App, connection: "Connection") -> dict[str, Any]:
    """How many files are held, of how many bytes, and where; nothing where none are."""
    from lossledger.queries.files import records, sizes

    found, store, of_how = sizes(connection), app.store(), records(connection)
    if not found:
        return {}
    size = sum(bytes_ or 0 for bytes_ in found.values())
    counts = {"files": len(found.keys() - of_how), "records": len(of_how), "files_size": size}
    return counts | {"store": str(store.folder), "store_is_there": store.exists}


def _files(held: dict[str, Any]) -> str:
    """What is held: "2, 30.1 kB, and 2 records of how they came"."""
    came = f", and {many(held['records'], 'record')} of how they came" if held["records"] else ""
    return f"{held['files']:,}, {told_size(held['files_size'])}{came}"


def _of_which(found: "Standing") -> str:
    """How many of the losses do not stand, and why."""
    parts = ((found.merged, "merged"), (found.withdrawn, "withdrawn"))
    said = ", ".join(f"{number:,} {why}" for number, why in parts if number)
    return f", of which {said}" if said else ""


def _time(instant: str | None) -> str:
    return f"{instant[:10]} {instant[11:19]} UTC" if instant else "no day"


def _print_beliefs(conflicts: list["Belief"], waiting: str) -> None:
    """Print how far the losses of each conflict are believed, with what waits below."""
    columns = [
        Column("conflict", "Conflict"),
        Column("losses", "Losses", number=True),
        *(Column(word, word.capitalize(), number=True) for word in Verification),
    ]
    rows: list[Row] = [(one.name, one.losses, *(one.items[word] for word in Verification)) for one in conflicts]
    if rows:
        table(columns, rows, waiting)
    else:
        from lossledger.queries.names import NO_CONFLICT

        click.echo(NO_CONFLICT)


_CALLED = {
    "claim": ("claimed loss", "claimed losses"),
    "dispute": ("dispute", "disputes"),
    "held": ("list that says otherwise", "lists that say otherwise"),
}
"""What the items of a kind are called, one of them and several."""


def waiting_counts(app: App, connection: "Connection", conflict: str | None = None) -> "list[Count]":
    """How many items wait for a decision, and for whom; who acts is asked only where that matters."""
    from lossledger.queries.reporters import second_person_asked
    from lossledger.queries.waiting import counts

    return counts(connection, app.actor if second_person_asked(connection) else None, conflict)


def _waiting(found: "list[Count]", posts: int, chosen: str = "") -> str:
    """What waits for whom, with the command that goes there; ``chosen`` are options that it needs."""
    mine = _told((one.kind, one.number - one.for_others) for one in found)
    others = _told((one.kind, one.for_others) for one in found)
    lines = [f"Waiting for you: {mine}; see:\nlossledger review{chosen}"] if mine else []
    lines += [f"Waiting for others, as you alone reported them: {others}."] if others else []
    if posts:
        waits = many(posts, "post waits", "posts wait")
        lines.append(f"{waits} in the inbox; take the next one with: lossledger inbox next")
    return "\n".join([*(lines or ["Nothing waits for a decision."]), "Possible duplicates: lossledger duplicates"])


def _told(numbers: Iterable[tuple[str, int]]) -> str:
    return ", ".join(many(number, *_CALLED.get(kind, (kind,))) for kind, number in numbers if number)


def _naming(conflicts: list["Belief"]) -> str:
    """The option that names a conflict in which something may wait, where there are several."""
    if len(conflicts) < 2:
        return ""
    open_ = (one for one in conflicts if one.items[Verification.CLAIMED] or one.items[Verification.DISPUTED])
    return f" --conflict {next(open_, conflicts[0]).conflict}"


def _print_json(where: str, found: "Standing", head: str, waits: "list[Count]", held: dict[str, Any]) -> None:
    import orjson

    conflicts = [
        {"conflict": one.conflict, "name": one.name, "losses": one.losses}
        | {word.value: one.items[word] for word in Verification}
        for one in found.conflicts
    ]
    told = {
        "ledger": where,
        "engine": found.engine,
        "schema": found.schema,
        "entries": found.entries,
        "last_recorded": found.last_recorded,
        "head": head,
        **found.numbers,
        "merged": found.merged,
        "withdrawn": found.withdrawn,
        "feeds": found.feeds,
        "conflicts": conflicts,
        "waiting": [
            {
                "kind": one.kind,
                "number": one.number,
                "for_you": one.number - one.for_others,
                "for_others": one.for_others,
            }
            for one in waits
        ],
    } | ({"open_posts": found.open_posts} if found.open_posts else {})
    told |= held
    click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())


def first_screen(app: App) -> None:
    """What the bare program shows: how to begin, or where the ledger stands."""
    if not app.exists:
        click.echo(_BEGIN.format(place=inert(app.location)))
        return
    from lossledger.queries.open_posts import open_posts
    from lossledger.queries.standing import beliefs

    with app.reading() as connection:
        conflicts, posts = beliefs(connection), open_posts(connection)
        meant = _meant(connection, conflicts)
        waits = waiting_counts(app, connection, meant if len(conflicts) > 1 else None)
        if meant is None:
            _print_beliefs(conflicts, _waiting(waits, posts, _naming(conflicts)))
        else:
            _print_tally(connection, meant)
            click.echo("\n" + _waiting(waits, posts))
    click.echo("\nAll commands: lossledger --help")


_BEGIN = """\
lossledger keeps a ledger of equipment losses. There is none yet at
  {place}

Look around in a demonstration:
  lossledger demo

Start a ledger of your own:
  lossledger init

All commands:
  lossledger --help"""


def _meant(connection: "Connection", conflicts: list["Belief"]) -> str | None:
    """The conflict to show: the one that is set, or the only one; None where there are several, or none."""
    from lossledger.queries.names import the_conflict
    from lossledger.queries.told import subjects

    if len(conflicts) == 1 or subjects(connection, "setting", "conflict"):
        return the_conflict(connection, None)
    return None


def _print_tally(connection: "Connection", conflict: str) -> None:
    from lossledger.cli.tally import command as tally
    from lossledger.cli.tally import show_tally

    show_tally(connection, tally.make_context("tally", ["--conflict", conflict]).params)
