"""Many decisions from a file: what a review's page saves, or a table of items and decisions."""

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lossledger.cli.app import App
from lossledger.cli.options import reason_of
from lossledger.cli.telling import tell
from lossledger.core.text import many, quoted
from lossledger.errors import BadData, LedgerError, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lossledger.ledger.review import Asked

MOST_BYTES = 20_000_000
"""More than any people have decided."""

_TOLD = 20
"""How many of what was not decided are told one by one."""


class Row(NamedTuple):
    """A decision as its file has it."""

    where: str
    item: str
    decision: str
    reason: str | None
    seen: str | None


def verify_batch(app: App, ctx: click.Context, file: str, reason: str | None, *, dry_run: bool) -> None:
    """Decide everything that a file says, as one act; exit 3 where something of it could not be done."""
    from lossledger.ledger.review import decide_all

    rows = list(read_rows(_text(file), file))
    if not rows:
        raise BadData(f"{file}: no decision in it")
    asked: list[Asked] = []
    refused: list[str] = []
    with app.recording(reason_of(reason or f"reviewed: {Path(file).name}"), dry_run=dry_run) as journal:
        for row in rows:
            try:
                asked.append(_asked(journal.connection, row))
            except LedgerError as error:
                refused.append(f"{row.where}: {error}")
        decided = decide_all(journal, asked)
    refused += [str(error) if one.item in str(error) else f"{one.item}: {error}" for one, error in decided.refused]
    for _, said in decided.done[:_TOLD]:
        tell(app, said, dry_run=dry_run)
    if len(decided.done) > _TOLD:
        app.say(f"and {len(decided.done) - _TOLD:,} more")
    would = "would be " if dry_run else ""
    app.say(f"{many(len(decided.done), 'item')} {would}decided, {len(refused):,} not" + (":" if refused else ""))
    for line in refused:
        app.say(f"  {line}")
    if refused:
        ctx.exit(3)


def _text(file: str) -> str:
    """What a file holds, or standard input for ``-``. Errors: BadData for what is too much, or no text."""
    try:
        data = sys.stdin.buffer.read(MOST_BYTES + 1) if file == "-" else _bytes(Path(file))
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadData(f"{file}: no text in UTF-8 (byte {error.start + 1})") from None
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise BadData(f"{file}: more than {MOST_BYTES:,} bytes; no file of decisions is that long")
    return text


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def read_rows(text: str, file: str) -> Iterator[Row]:
    """The decisions of a file: JSON as a review's page saves it, or a table with a line of headings.

    Errors: BadData where it is neither.
    """
    if text.lstrip()[:1] in ("{", "["):
        yield from _json_rows(text, file)
    else:
        yield from _table_rows(text, file)


def _json_rows(text: str, file: str) -> Iterator[Row]:
    import orjson

    try:
        found: Any = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadData(f"{file}: no JSON: {error}") from None
    decisions = found.get("decisions") if isinstance(found, dict) else found
    if not isinstance(decisions, list):
        raise BadData(f'{file}: no list of decisions; it is {{"decisions": [{{"item": ..., "decision": ...}}]}}')
    for number, one in enumerate(decisions, 1):
        if not isinstance(one, dict):
            raise BadData(f"{file}: decision {number} is no object with an item and a decision")
        yield _row(f"decision {number}", one)


def _table_rows(text: str, file: str) -> Iterator[Row]:
    from lossledger.feeds.opening import HEAD
    from lossledger.feeds.tables import delimiter_of

    delimiter = delimiter_of(text[:HEAD].encode())
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        heads = {name.strip().lower() for name in reader.fieldnames or ()}
        if "decision" not in heads or not heads & {"item", "id"}:
            raise BadData(
                f"{file}: the first line must name the columns item (or id) and decision, and may name reason"
            )
        for one in reader:
            cells = {name.strip().lower(): value for name, value in one.items() if name is not None}
            yield _row(f"line {reader.line_num}", cells)
    except csv.Error as error:
        raise BadData(f"{file}: after line {reader.line_num}: {error}") from None


def _row(where: str, cells: dict[str, Any]) -> Row:
    said = {name: str(cells[name]).strip() for name in cells if cells[name] not in (None, "")}
    return Row(
        where, said.get("item") or said.get("id", ""), said.get("decision", ""), said.get("reason"), said.get("seen")
    )


def _asked(connection: "Connection", row: Row) -> "Asked":
    """A row as the ledger understands it. Errors: Refused for what cannot be meant."""
    from lossledger.ledger.review import Asked, Decision

    words = [word.value for word in Decision]
    if row.decision.lower() not in words:
        raise Refused(f"decision {quoted(row.decision)} is not one of: {', '.join(words)}")
    if row.seen is not None and not row.seen.isdecimal():
        raise Refused(f"seen {quoted(row.seen)} is no number of an entry")
    return Asked(
        _item(connection, row.item),
        Decision(row.decision.lower()),
        None if row.seen is None else int(row.seen),
        reason_of(row.reason) if row.reason else None,
    )


def _item(connection: "Connection", text: str) -> str:
    """The id of an item; a loss alone stands for its claim, or its dispute where that is what waits."""
    from lossledger.queries.names import whole_uid
    from lossledger.queries.waiting import still_waiting

    if ":" in text:
        return text
    if not text:
        raise Refused("no item is named")
    uid = whole_uid(connection, "loss", text)
    claim, dispute = f"claim:{uid}", f"dispute:{uid}"
    return dispute if dispute in still_waiting(connection, [dispute]) else claim
