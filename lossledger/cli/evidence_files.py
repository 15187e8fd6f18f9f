"""``evidence files``, ``get`` and ``mark``: what is held, a copy of it, and who should not see it unasked."""

import mimetypes
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lossledger.cli.app import App, pass_app
from lossledger.cli.files import appearing, new_file
from lossledger.cli.given_files import DIGITS, described
from lossledger.cli.options import dry_run_option, format_option, reason_of, reason_option
from lossledger.cli.render import Column, write
from lossledger.cli.stored import settled
from lossledger.cli.telling import tell
from lossledger.core.fields import REDACTED
from lossledger.core.text import many, told_size
from lossledger.errors import NothingFound, Refused

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from lossledger.queries.files import Held

_COLUMNS = (
    Column("sha256", "SHA-256", whole=True),
    Column("name", "File"),
    Column("size", "Size", whole=True),
    Column("captured", "Captured"),
    Column("source", "Source", whole=True),
    Column("losses", "Losses"),
)
_FIELDS = ("sha256", "name", "media_type", "size", "captured", "graphic", "origin", "url", "record", "source", "losses")


@click.command("files", short_help="List the files that are held.")
@click.argument("id_", metavar="[ID]", required=False)
@format_option()
@pass_app
def files(app: App, /, id_: str | None, form: str) -> None:
    """List the files that are held: all of them, or those of the loss or the source of an ID.

    When a picture was captured is its own word: cameras' clocks go wrong, and anybody can write it anew. So it stands
    beside the loss's days and never becomes one of them.

    \b
    Examples:
      lossledger evidence files k3j2
      lossledger evidence files --format json
    """
    from lossledger.queries.files import held

    with app.reading() as connection:
        found = held(connection, None if id_ is None else _of(connection, id_))
    size = sum({file.sha256: file.size or 0 for file in found}.values())
    caption = f"{many(len(found), 'file')}, {told_size(size)}." if found else "No file is held."
    if form == "table":
        write(form, _COLUMNS, [_for_people(file) for file in found], caption, close=True)
    else:
        rows = ([_cell(getattr(file, name)) for name in _FIELDS] for file in found)
        write(form, [Column(name, name) for name in _FIELDS], rows, caption)
    if id_ and not found:
        raise NothingFound(f"nothing is held for {id_}")


def _of(connection: "Connection", beginning: str) -> "ColumnElement[bool]":
    """The files of the loss or the source whose id begins so. Errors: NothingFound for neither, Refused for both."""
    from lossledger.queries.files import of_loss, of_source
    from lossledger.queries.names import whole_uid

    meant: dict[str, ColumnElement[bool]] = {}
    for kind, chosen in (("loss", of_loss), ("source", of_source)):
        try:
            uid = whole_uid(connection, kind, beginning)
        except NothingFound:
            continue
        meant[f"{kind} {uid}"] = chosen(uid)
    if not meant:
        raise NothingFound(f"no loss and no source has the id {beginning!r}")
    if len(meant) > 1:
        raise Refused(f"{beginning!r} begins the ids of {' and '.join(meant)}; give more letters")
    return next(iter(meant.values()))


def _for_people(file: "Held") -> tuple[str | None, ...]:
    return (
        file.sha256[:DIGITS],
        ", ".join(part for part in (file.name, file.media_type, "graphic" if file.graphic else None) if part),
        None if file.size is None else told_size(file.size),
        file.captured and _ZONE.sub(r" \g<0>", file.captured.replace("T", " ")),
        file.source,
        ", ".join(file.losses),
    )


_ZONE = re.compile(r"[+-]\d\d:\d\d$")


def _cell(value: object) -> "str | int | bool | None":
    return "|".join(value) if isinstance(value, tuple) else value  # type: ignore[return-value]


@click.command("get", short_help="Copy a file out of the store.")
@click.argument("digest", metavar="SHA256")
@click.option("-o", "--output", metavar="FILE", help="Where to, - for standard output. Default: here, by its name.")
@click.option("--force", is_flag=True, help="Replace the file where there is one.")
@click.option("--graphic", is_flag=True, help="Also one that is marked as graphic.")
@pass_app
def get(app: App, /, digest: str, output: str | None, force: bool, graphic: bool) -> None:
    """Copy a file that is held out of the store, under the name it came with.

    Any unique beginning of its SHA-256 will do, or of that of the record of how a file came, a WARC file: see
    evidence files --format json. What is copied is hashed: a file that was changed in the store is not handed out.

    \b
    Examples:
      lossledger evidence get 3fa94b12c0de
      lossledger evidence get 3fa9 -o hull.jpg --graphic
      lossledger evidence get 3fa9 -o - | file -
    """
    from lossledger.evidence.taking_out import hand_out, write_out
    from lossledger.queries.files import copy_meant

    with app.reading() as connection:
        sha256, found = copy_meant(connection, digest)
    store = settled(app)
    if any(file.graphic for file in found) and not graphic:
        raise Refused(f"{sha256[:DIGITS]} is marked as graphic; if you want to see it, say --graphic")
    if output == "-":
        hand_out(store, sha256, sys.stdout.buffer)
        return
    to = Path(output) if output else Path(_file_name(sha256, found))
    with appearing(new_file(to, "a copy", "name another with -o, or replace it with --force", force=force)) as copy:
        write_out(store, sha256, copy)
    app.say(f"{to}: {told_size(to.stat().st_size)}, sha256 {sha256}")


def _file_name(sha256: str, found: "list[Held]") -> str:
    """What a copy is called: as the file came, without what leads elsewhere; or by its digest, with an ending."""
    if all(file.sha256 != sha256 for file in found):
        return f"{sha256[:DIGITS]}.warc.gz"
    names = (file.name for file in found if file.name not in (None, REDACTED))
    plain = "".join("_" if sign in '/\\:*?"<>|' else sign for sign in next(names, None) or "").lstrip(".")
    if plain:
        return plain
    kind = next((file.media_type for file in found if file.media_type), "")
    return f"{sha256[:DIGITS]}{mimetypes.guess_extension(kind) or ''}"


@click.command("mark", short_help="Say whether a file is graphic.")
@click.argument("digest", metavar="SHA256")
@click.option("--graphic/--not-graphic", required=True, help="Whether nobody should see it unasked.")
@reason_option
@dry_run_option
@pass_app
def mark(app: App, /, digest: str, graphic: bool, reason: str, dry_run: bool) -> None:
    """Say of a file that is held whether it is graphic, whatever sources it is held of.

    \b
    Example:
      lossledger evidence mark 3fa94b12c0de --graphic --reason "shows the crew"
    """
    from lossledger.ledger import files as acts
    from lossledger.queries.files import file_meant

    with app.recording(reason_of(reason), dry_run=dry_run) as journal:
        found = file_meant(journal.connection, digest)
        changed = acts.mark(journal, found, graphic=graphic)
    one = found[0]
    said = "graphic" if graphic else "not graphic"
    line = f"{described(one.name, one.media_type, one.size, one.sha256)}: {said}"
    if changed:
        tell(app, line, dry_run=dry_run)
    else:
        app.say(f"{line} already")
