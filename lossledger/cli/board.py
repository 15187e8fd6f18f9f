"""The page on which a review is decided away from the ledger: what goes onto it, and where it is written."""

import base64
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import click

from lossledger.cli.app import App
from lossledger.cli.faces import KEYS, LABELS
from lossledger.cli.question import Evidence, Question, question
from lossledger.core.days import utc_now
from lossledger.core.links import link_name
from lossledger.core.text import many
from lossledger.errors import Refused

if TYPE_CHECKING:
    from lossledger.exports.board import Card, Piece, Side
    from lossledger.queries.waiting import Waits

_LARGEST = 10_000_000
"""Bytes of a picture that goes into a page; a larger one is left out."""

_KINDS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")


def write_board(app: App, found: Sequence["Waits"], file: str, pictures: str | None) -> None:
    """Write the page of some items to a file, or with "-" to standard output; say how many pictures are in it.

    Errors: Refused where the file is something else than such a page, or the folder of pictures cannot be read.
    """
    from lossledger.exports.board import page

    target = None if file == "-" else Path(file)
    if target:
        _refuse_overwriting(target)
    with app.reading() as connection:
        asked = [question(connection, waits) for waits in found if waits.is_for(app.actor)]
    kept = _Pictures(Path(pictures) if pictures else None, (link for one in asked for link in one.links))
    cards = [_card(one, kept) for one in asked]
    about = f"{many(len(cards), 'item')}, as they were at {utc_now()[:16].replace('T', ' ')} UTC."
    text = page("What waits for a decision", about, cards)
    if target:
        _write(target, text)
    else:
        click.echo(text, nl=False)
    where = target or "standard output"
    app.say(f"{where}: {many(len(cards), 'item')}, {many(kept.used, 'picture')} inside; open it in a browser")
    for line in kept.left_out:
        app.say(f"left out: {line}")
    app.say("decisions that are saved on it are taken by: lossledger verify --batch decisions.json")


def _refuse_overwriting(target: Path) -> None:
    """Refuse to write over anything but an earlier page."""
    from lossledger.exports.board import GENERATOR

    if not target.exists():
        return
    if target.is_file():
        with target.open("rb") as file:
            if GENERATOR.encode() in file.read(1_000):
                return
    raise Refused(f"--board {target}: there is something else already; name another file")


def _write(target: Path, text: str) -> None:
    """Write a file whole or not at all."""
    new = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(target)
    except OSError as error:
        raise Refused(f"--board {target}: {error.strerror}") from None
    finally:
        new.unlink(missing_ok=True)


def _card(asked: Question, kept: "_Pictures") -> "Card":
    from lossledger.exports.board import Card, Choice
    from lossledger.ledger.review import DECISIONS

    item = asked.waits.item
    choices = (Choice(one, KEYS[one], LABELS.get(one, one)) for one in DECISIONS[item.kind])
    return Card(item.id, item.seen, item.line, asked.asks, tuple(_sides(asked, kept)), tuple(choices))


def _sides(asked: Question, kept: "_Pictures") -> Iterable["Side"]:
    """The columns; the evidence of a single loss stands with its first one."""
    from lossledger.exports.board import Side

    for place, head in enumerate(asked.heads):
        told = (line for line in asked.lines if line.values[place] or line.differs)
        lines = tuple((line.name, line.values[place], line.differs) for line in told)
        evidence = asked.evidence[place] if place < len(asked.evidence) else ()
        yield Side(head, lines, tuple(_piece(piece, kept) for piece in evidence))


def _piece(piece: Evidence, kept: "_Pictures") -> "Piece":
    from lossledger.exports.board import Piece

    said = [line for line in piece.text.splitlines() if line != piece.url]
    text = "\n".join([f"{piece.relation}: {said[0]}" if said else piece.relation, *said[1:]])
    url = piece.url
    if url is None:
        return Piece(text, None, None, (), is_picture=False)
    return Piece(text, url, link_name(url), kept.of(url), is_picture=looks_like_picture(url))


def looks_like_picture(url: str) -> bool:
    """Whether a link, by its looks, is a picture rather than a page that may show one."""
    parts = urlsplit(url)
    return parts.path.lower().endswith(_ENDINGS) or parts.netloc.lower() == "pbs.twimg.com"


class _Pictures:
    """The pictures of a folder, by the link that each is of.

    A file is of a link whose name it has (`links.link_name`), alone or before a hyphen; or that ends in the file's
    name, where only one of the page's links does.
    """

    def __init__(self, folder: Path | None, links: Iterable[str]) -> None:
        self.used = 0
        self.left_out: list[str] = []
        self._files = _files(folder)
        names = Counter(map(_last_part, dict.fromkeys(links)))
        self._own = {name for name, number in names.items() if number == 1}

    def of(self, url: str) -> tuple[str, ...]:
        """The pictures that are kept of a link, as data: addresses."""
        name, last = link_name(url), _last_part(url)
        found = [file for stem, file in self._files.items() if Path(stem).stem.partition("-")[0] == name]
        if not found and last in self._own and last in self._files:
            found = [self._files[last]]
        return tuple(filter(None, map(self._data, found)))

    def _data(self, file: Path) -> str | None:
        if file.stat().st_size > _LARGEST:
            self.left_out.append(f"{file}, which is larger than {_LARGEST:,} bytes")
            return None
        data = file.read_bytes()
        kind = _kind(data)
        if kind is None:
            self.left_out.append(f"{file}, which is no JPEG, PNG, GIF, WebP or AVIF picture")
            return None
        self.used += 1
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _files(folder: Path | None) -> Mapping[str, Path]:
    if folder is None:
        return {}
    if not folder.is_dir():
        raise Refused(f"--pictures {folder}: there is no such folder")
    return {file.name: file for file in sorted(folder.iterdir()) if file.is_file()}


def _last_part(url: str) -> str:
    return unquote(urlsplit(url).path.rpartition("/")[2])


def _kind(data: bytes) -> str | None:
    """What kind of picture some bytes are, by their beginning, whatever the file is called."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return next((kind for mark, kind in _KINDS.items() if data.startswith(mark)), None)
