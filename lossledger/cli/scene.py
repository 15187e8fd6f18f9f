"""``scene``: posts that show one event from several sides."""

from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.catalogue import note_option, optional_reason
from lossledger.cli.options import dry_run_option, format_option, one_format_option, reason_of
from lossledger.cli.render import Column, write
from lossledger.cli.telling import tell
from lossledger.core.fields import MAX_LINE, MAX_TEXT
from lossledger.core.text import checked, many, quoted

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.ledger.journal import Journal

_COLUMNS = (
    Column("id", "Id", whole=True),
    Column("name", "Scene"),
    Column("posts", "Posts", number=True),
    Column("open", "Open", number=True),
    Column("losses", "Losses", number=True),
    Column("note", "Note"),
)


@click.group("scene", short_help="Scenes: list, show, add, join, leave, rename, merge.")
def command() -> None:
    """Scenes: posts that show one event from several sides.

    A loss belongs to a scene through its posts: its evidence is a post's link, or the post was closed with it. What
    several posts of a scene show may be the same; "lossledger duplicates" proposes it first. A scene is named by its
    name, or the beginning of its id.
    """


@command.command("list", short_help="List scenes.")
@format_option()
@pass_app
def list_(app: App, /, form: str) -> None:
    """List scenes with their posts, how many of these are open, and the losses that belong to them.

    \b
    Example:
      lossledger scene list
    """
    from lossledger.queries.scenes import scenes

    with app.reading() as connection:
        found = scenes(connection)
    columns = _COLUMNS if form != "table" or any(scene.note for scene in found) else _COLUMNS[:-1]
    rows = [tuple(getattr(scene, column.key) for column in columns) for scene in found]
    if rows or form != "table":
        write(form, columns, rows, f"{many(len(found), 'scene')}.", close=True)
    else:
        click.echo("No scene yet; make one with: lossledger scene add")


@command.command("show", short_help="Show one scene.")
@click.argument("name")
@one_format_option
@pass_app
def show(app: App, /, name: str, form: str) -> None:
    """Show a scene with its posts, its losses and its history.

    \b
    Example:
      lossledger scene show "column at the bridge"
    """
    from lossledger.cli.dossier import show_subject
    from lossledger.queries.scenes import the_scene

    with app.reading() as connection:
        show_subject(connection, "scene", the_scene(connection, name), form)


@command.command("add", short_help="Make a scene of posts.")
@click.argument("name")
@click.option("--post", "posts", metavar="POST", multiple=True, help="A post that shows it; may be repeated.")
@note_option
@optional_reason
@dry_run_option
@pass_app
def add(app: App, /, name: str, posts: tuple[str, ...], **given: Any) -> None:
    """Make a scene, with posts that show it; its id is printed, alone on standard output.

    \b
    Example:
      lossledger scene add "column at the bridge" --post k3j2 --post https://x.com/observer/status/1313
    """
    from lossledger.ledger import scenes

    called = checked(name, "name", MAX_LINE, lines=False)
    note = checked(given["note"], "note", MAX_TEXT, lines=True) if given["note"] else None
    with _recording(app, given) as journal:
        uids = _uids(journal.connection, posts)
        uid = scenes.create(journal, called, note)
        moved = _moved(journal, scenes.join(journal, uid, uids))
    which = "(new)" if given["dry_run"] else uid
    tell(app, f"scene {which}: {quoted(called)}, {many(len(uids), 'post')}{moved}", dry_run=given["dry_run"])
    if not given["dry_run"]:
        click.echo(uid)


@command.command("join", short_help="Put posts into a scene.")
@click.argument("name")
@click.argument("posts", metavar="POST...", nargs=-1, required=True)
@optional_reason
@dry_run_option
@pass_app
def join(app: App, /, name: str, posts: tuple[str, ...], **given: Any) -> None:
    """Put posts into a scene; those that are in another leave it.

    \b
    Example:
      lossledger scene join "column at the bridge" k3j2 4s2x
    """
    from lossledger.ledger import scenes
    from lossledger.queries.scenes import the_scene

    with _recording(app, given) as journal:
        uid, uids = the_scene(journal.connection, name), _uids(journal.connection, posts)
        moved = _moved(journal, scenes.join(journal, uid, uids))
        called = journal.state("scene", uid)["name"]
    tell(app, f"{many(len(uids), 'post')} joined scene {uid} {quoted(called)}{moved}", dry_run=given["dry_run"])


@command.command("leave", short_help="Take posts out of their scene.")
@click.argument("posts", metavar="POST...", nargs=-1, required=True)
@optional_reason
@dry_run_option
@pass_app
def leave(app: App, /, posts: tuple[str, ...], **given: Any) -> None:
    """Take posts out of the scene that they are in.

    \b
    Example:
      lossledger scene leave k3j2 --reason "another bridge"
    """
    from lossledger.ledger import scenes

    with _recording(app, given) as journal:
        left = scenes.leave(journal, _uids(journal.connection, posts))
        names = _names(journal, left.values())
    tell(app, f"{many(len(left), 'post')} left {names}", dry_run=given["dry_run"])


@command.command("rename", short_help="Give a scene another name.")
@click.argument("name")
@click.argument("new_name", metavar="NEW")
@optional_reason
@dry_run_option
@pass_app
def rename(app: App, /, name: str, new_name: str, **given: Any) -> None:
    """Give a scene another name.

    \b
    Example:
      lossledger scene rename "column at the bridge" "column at the ford"
    """
    from lossledger.ledger import scenes
    from lossledger.queries.scenes import the_scene

    called = checked(new_name, "name", MAX_LINE, lines=False)
    with _recording(app, given) as journal:
        uid = the_scene(journal.connection, name)
        before = scenes.rename(journal, uid, called)
    tell(app, f"scene {uid}: {quoted(before['name'])} -> {quoted(called)}", dry_run=given["dry_run"])


@command.command("merge", short_help="Say that two are one.")
@click.argument("duplicate")
@click.argument("kept")
@optional_reason
@dry_run_option
@pass_app
def merge(app: App, /, duplicate: str, kept: str, **given: Any) -> None:
    """Say that two scenes are one: the posts of the duplicate go to the one kept, and its name means that from now on.

    \b
    Example:
      lossledger scene merge "burning tank" "column at the bridge"
    """
    from lossledger.ledger import scenes
    from lossledger.queries.scenes import the_scene

    with _recording(app, given) as journal:
        uid, into = (the_scene(journal.connection, name) for name in (duplicate, kept))
        moved = scenes.merge(journal, uid, into)
    tell(app, f"scene {uid}: merged into {into}; {many(moved, 'post')} moved along", dry_run=given["dry_run"])


def _recording(app: App, given: dict[str, Any]) -> Any:
    return app.recording(reason_of(given["reason"]) if given["reason"] else None, dry_run=given["dry_run"])


def _uids(connection: "Connection", posts: tuple[str, ...]) -> list[str]:
    from lossledger.queries.inbox import the_post

    return list(dict.fromkeys(the_post(connection, post) for post in posts))


def _moved(journal: "Journal", before: dict[str, str | None]) -> str:
    """From which other scenes posts came."""
    others = [uid for uid in before.values() if uid is not None]
    return f"; {len(others):,} of them from {_names(journal, others)}" if others else ""


def _names(journal: "Journal", uids: Any) -> str:
    return ", ".join(quoted(journal.state("scene", uid)["name"]) for uid in dict.fromkeys(uids))
