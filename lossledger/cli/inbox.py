"""``inbox``: posts that wait to be looked at, from the first link to what was recorded of it."""

from typing import TYPE_CHECKING, Any

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.catalogue import optional_reason
from lossledger.cli.options import (
    Word,
    dry_run_option,
    format_option,
    one_format_option,
    reason_of,
    words,
)
from lossledger.cli.posts import (
    Line,
    caption,
    common_of,
    known_already,
    lines_of,
    print_post,
    print_posts,
    refusal,
    tell_added,
    typed,
)
from lossledger.cli.render import Column, write
from lossledger.cli.telling import tell
from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked, many
from lossledger.core.vocabulary import Closed
from lossledger.errors import BadData, NothingFound, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.queries.told import Record


@click.group(
    "inbox", short_help="Posts to look at: add, list, next, assign, close, reopen.", invoke_without_command=True
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Posts that wait to be looked at: add, list, next, assign, close, show, reopen.

    A post is named by the beginning of its id, or by its link however spelt. Alone, "inbox" lists those that are open.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@command.command("add", short_help="Add posts by their links.")
@click.argument("links", metavar="[LINK]...", nargs=-1)
@click.option("--file", metavar="FILE", help='Lines to read links from; "-" is standard input.')
@click.option("--note", metavar="TEXT", help="A note on each; of a pasted line, what stands beside the link.")
@click.option("--scene", metavar="NAME", help="The scene that they show.")
@click.option("--reported", metavar="DAY", help="The day on which they were posted.")
@optional_reason
@dry_run_option
@pass_app
def add(app: App, /, links: tuple[str, ...], file: str | None, **given: Any) -> None:
    """Add posts by their links; the ids of those that wait now are printed, one a line, on standard output.

    Without LINK they are read from standard input: every link in a line is one, what stands beside it in
    the line is its note. A link that the inbox has already is not added again. One behind a recorded loss is added, but
    closed as recorded. Lines without a link are refused; the others are added, and the exit code is 3.

    \b
    Examples:
      lossledger inbox add https://x.com/observer/status/1313 --note "three trucks"
      lossledger inbox add --reported 2020-10-08 < links.txt
    """
    from lossledger.ledger.inbox import add as add_posts
    from lossledger.queries.scenes import the_scene

    if links and file:
        raise Refused("give links or --file, not both")
    lines = [Line(0, [typed(link)]) for link in links] if links else lines_of(app, file)
    common = common_of(given)
    with app.recording(_reason(given["reason"]), dry_run=given["dry_run"]) as journal:
        if given["scene"]:
            common["scene"] = the_scene(journal.connection, given["scene"])
        done = add_posts(journal, [common | post for line in lines for post in line.posts])
        said = known_already(journal, done)
    for line in said:
        tell(app, line, dry_run=given["dry_run"])
    tell_added(app, done, dry_run=given["dry_run"])
    if refused := [line for line in lines if line.refused]:
        raise BadData(refusal(refused))


def _reason(text: str | None) -> str | None:
    return reason_of(text) if text else None


@command.command("list", short_help="List posts.")
@click.option("--closed", is_flag=True, help="Those that are closed, as whatever.")
@click.option("--as", "closed_as", metavar="WORD,...", multiple=True, help=f"Closed as: {', '.join(Closed)}.")
@click.option("--all", "every", is_flag=True, help="Open and closed.")
@click.option("--assigned", metavar="WHO", help="Only those assigned to somebody.")
@click.option("--mine", is_flag=True, help="Only those assigned to you.")
@click.option("--nobody", is_flag=True, help="Only those assigned to nobody.")
@click.option("--scene", metavar="NAME", help="Only those of a scene.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1, max=1_000_000_000), help="At most so many.")
@format_option()
@pass_app
def list_(app: App, /, **given: Any) -> None:
    """List posts, the oldest first: those that are open, unless others are asked for.

    \b
    Examples:
      lossledger inbox list --mine
      lossledger inbox list --as needs-place --format csv
    """
    from lossledger.queries.inbox import FIELDS, Wanted, by_assignee, by_state, posts
    from lossledger.queries.scenes import the_scene

    states = _states(given)
    if sum(map(bool, (given["assigned"], given["mine"], given["nobody"]))) > 1:
        raise Refused("choose one of --assigned, --mine and --nobody")
    who = app.actor if given["mine"] else given["assigned"]
    with app.reading() as connection:
        scene = the_scene(connection, given["scene"]) if given["scene"] else None
        found = posts(connection, Wanted(states, who, given["nobody"], scene), given["limit"])
        told = caption(len(found), by_state(connection), by_assignee(connection), app.actor)
    if given["form"] != "table":
        write(given["form"], [Column(name, name) for name in FIELDS], (tuple(one.values()) for one in found), told)
    elif found:
        print_posts(found, told)
    else:
        click.echo(told)


def _states(given: dict[str, Any]) -> tuple[str, ...]:
    """The states of the posts that are asked for; none for any."""
    from lossledger.queries.inbox import OPEN

    if sum(map(bool, (given["closed"], given["closed_as"], given["every"]))) > 1:
        raise Refused("choose one of --closed, --as and --all")
    if given["every"]:
        return ()
    return tuple(Closed) if given["closed"] else words(given["closed_as"], Closed, "closed as") or (OPEN,)


@command.command("next", short_help="Take the next post and show it.")
@one_format_option
@dry_run_option
@pass_app
def next_(app: App, /, form: str, dry_run: bool) -> None:
    """Take the oldest open post that is yours or nobody's, and show it.

    It is assigned to you, so that nobody else gets it. Until it is closed or given back, it is shown again. Losses that
    rest on its link by now are named.

    \b
    Examples:
      lossledger inbox next
      lossledger inbox next --format json
    """
    from lossledger.ledger.inbox import take
    from lossledger.queries.inbox import by_assignee

    with app.recording(dry_run=dry_run) as journal:
        before = journal.number
        uid = take(journal)
        journal.flush()
        waiting = by_assignee(journal.connection)
        record = _to_look_at(journal.connection, uid) if uid else {}
    if uid is None:
        others = sum(waiting.values())
        why = f"{many(others, 'post is', 'posts are')} somebody else's" if others else "the inbox is empty"
        raise NothingFound(f"no open post is yours or nobody's; {why}")
    if form == "json":
        import orjson

        click.echo(orjson.dumps(record, option=orjson.OPT_INDENT_2).decode())
    else:
        print_post(record)
    more = waiting[None] + waiting[app.actor] - 1
    after = f"; {many(more, 'more waits', 'more wait')}" if more else "; it is the last one"
    line = f"post {uid} is yours{' now' if journal.number > before else ''}{after}"
    tell(app, line, dry_run=dry_run)


def _to_look_at(connection: "Connection", uid: str) -> "Record":
    """A post with the losses that somebody may have recorded from its link without the inbox."""
    from lossledger.queries.inbox import losses_seen_on, the_record

    return the_record(connection, uid) | {"losses": "|".join(losses_seen_on(connection, uid)) or None}


@command.command("assign", short_help="Give a post to somebody.")
@click.argument("post")
@click.argument("who", required=False)
@click.option("--nobody", is_flag=True, help="Give it back, for whoever takes it.")
@dry_run_option
@pass_app
def assign(app: App, /, post: str, who: str | None, nobody: bool, dry_run: bool) -> None:
    """Give a post to somebody, or back to nobody.

    \b
    Examples:
      lossledger inbox assign k3j2 ann
      lossledger inbox assign https://x.com/observer/status/1313 --nobody
    """
    from lossledger.ledger.inbox import assign as give
    from lossledger.queries.inbox import the_post

    if bool(who) is nobody:
        raise Refused("say to whom, or --nobody to give it back")
    to = checked(who, "who", MAX_LINE, lines=False) if who else None
    with app.recording(dry_run=dry_run) as journal:
        uid = the_post(journal.connection, post)
        before = give(journal, uid, to)
    was = f" (it was {before['assigned_to']}'s)" if "assigned_to" in before else ""
    tell(app, f"post {uid} is {to or 'nobody'}'s now{was}", dry_run=dry_run)


@command.command("close", short_help="Say what became of posts.")
@click.argument("posts", metavar="POST...", nargs=-1, required=True)
@click.option("--as", "closed_as", type=Word(Closed, "closed as"), required=True, help=f"Of: {', '.join(Closed)}.")
@click.option(
    "--loss", "losses", metavar="ID", multiple=True, help="A loss that was recorded from it; may be repeated."
)
@optional_reason
@dry_run_option
@pass_app
def close(app: App, /, posts: tuple[str, ...], closed_as: str, losses: tuple[str, ...], **given: Any) -> None:
    """Close posts: losses were recorded, there is nothing in them, another post shows the same, or they need a place.

    What needs a place waits for somebody to find it: it is listed by "inbox list --as needs-place", and can be closed
    as something else, or opened again. A post that names several losses tells them apart: they are no duplicates.

    \b
    Examples:
      lossledger inbox close k3j2 --as recorded --loss haw3
      lossledger inbox close k3j2 4s2x --as nothing --reason "a drill"
    """
    from lossledger.ledger.inbox import close as close_post
    from lossledger.queries.names import whole_uid

    with app.recording(_reason(given["reason"]), dry_run=given["dry_run"]) as journal:
        uids = _uids(journal.connection, posts)
        named = list(dict.fromkeys(whole_uid(journal.connection, "loss", loss) for loss in losses))
        for uid in uids:
            close_post(journal, uid, Closed(closed_as), named)
    with_losses = f", with {many(len(named), 'loss', 'losses')}: {', '.join(named)}" if named else ""
    tell(app, f"{_posts(uids)} closed as {closed_as}{with_losses}", dry_run=given["dry_run"])


@command.command("reopen", short_help="Open closed posts again.")
@click.argument("posts", metavar="POST...", nargs=-1, required=True)
@optional_reason
@dry_run_option
@pass_app
def reopen(app: App, /, posts: tuple[str, ...], **given: Any) -> None:
    """Open closed posts again, for whoever takes them; they no longer name losses.

    \b
    Example:
      lossledger inbox reopen k3j2 --reason "the church is found"
    """
    from lossledger.ledger.inbox import reopen as open_again

    with app.recording(_reason(given["reason"]), dry_run=given["dry_run"]) as journal:
        uids = _uids(journal.connection, posts)
        for uid in uids:
            open_again(journal, uid)
    tell(app, f"{_posts(uids)} open again", dry_run=given["dry_run"])


def _uids(connection: "Connection", posts: tuple[str, ...]) -> list[str]:
    from lossledger.queries.inbox import the_post

    return list(dict.fromkeys(the_post(connection, post) for post in posts))


def _posts(uids: list[str]) -> str:
    return f"post{'s' if len(uids) > 1 else ''} {', '.join(uids)}"


@command.command("show", short_help="Show one post.")
@click.argument("post")
@one_format_option
@pass_app
def show(app: App, /, post: str, form: str) -> None:
    """Show a post: its fields, the losses that it was recorded with or that rest on its link, its history.

    \b
    Example:
      lossledger inbox show k3j2
    """
    from lossledger.cli.dossier import show_subject
    from lossledger.queries.inbox import the_post

    with app.reading() as connection:
        show_subject(connection, "post", the_post(connection, post), form)
