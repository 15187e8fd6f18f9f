"""``evidence likeness``: what near-identical pictures have alike is taken of those that have none yet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.options import dry_run_option, reason_of
from lossledger.cli.progress import progress
from lossledger.cli.stored import settled
from lossledger.cli.telling import tell
from lossledger.core.text import many

if TYPE_CHECKING:
    from lossledger.evidence.store import Store


@click.command("likeness", short_help="Take the likenesses of held pictures, for duplicates to compare.")
@click.option("--graphic", is_flag=True, help="Also of those that are marked as graphic.")
@click.option("--reason", metavar="TEXT", help="Why they are taken. Default: to be compared with each other.")
@dry_run_option
@pass_app
def command(app: App, /, *, graphic: bool, reason: str | None, dry_run: bool) -> None:
    """Take the likenesses of the held pictures that have none, so that duplicates finds near-identical ones.

    A picture that is added, fetched or imported has its likeness from the beginning. This is for those that were
    marked as graphic then, or came with an older program. Nothing is shown, and no picture is opened that is marked
    as graphic, unless --graphic says so. All are entered as one act.

    \b
    Examples:
      lossledger evidence likeness
      lossledger evidence likeness --graphic --dry-run
    """
    from lossledger.evidence.likeness import MEDIA_TYPES
    from lossledger.ledger.files import liken
    from lossledger.queries.files import held, without_likeness

    store = settled(app)
    with app.reading() as connection:
        pictures = held(connection, without_likeness(MEDIA_TYPES, graphic=graphic))
    if not pictures:
        app.say("no held picture is without a likeness")
        return
    digests = sorted({file.sha256 for file in pictures})
    missing = {digest for digest in digests if store.fault(digest, None)}
    # Pictures are read before the act: it keeps others from writing for as long as it lasts.
    found = _likenesses(store, [digest for digest in digests if digest not in missing])
    likened = {file: found[file.sha256] for file in pictures if file.sha256 in found}
    if likened:
        with app.recording(reason_of(reason or "to be compared with each other"), dry_run=dry_run) as journal:
            liken(journal, likened)
        tell(app, f"{many(len(found), 'picture')} can be compared now; see: lossledger duplicates", dry_run=dry_run)
    without = len(digests) - len(missing) - len(found)
    if without:
        app.say(f"{many(without, 'picture')} without a likeness: too plain, too small or large, or not to be read")
    if missing:
        app.say(f"{many(len(missing), 'picture')} not in the store; see: lossledger evidence verify")


def _likenesses(store: "Store", digests: Sequence[str]) -> dict[str, str]:
    """The likenesses of some files of the store, without those that have none."""
    from lossledger.evidence.likeness import likeness

    found: dict[str, str] = {}
    with progress(len(digests)) as shown:
        for done, digest in enumerate(digests, 1):
            taken = likeness(store.path(digest))
            if taken is not None:
                found[digest] = taken
            shown(done, f"{done:,} of {many(len(digests), 'picture')}")
    return found
