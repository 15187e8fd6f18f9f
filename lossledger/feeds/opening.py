"""Opening a file from outside: it is looked through once, from end to end, before a reader sees any of it.

So a reader has text that is UTF-8 without a NUL, of a bounded length, from a stream that it can read again from
the start; and a file that is broken at its last byte is refused before its first row is taken.
"""

import codecs
import gzip
import hashlib
import os
import re
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TextIO

from lossledger.core.text import many
from lossledger.errors import BadData

HEAD = 64 * 1024
"""Bytes from a file's beginning by which its format is known."""

MAX_TABLE_LINE = 1024 * 1024
"""Bytes in a line of a table. A page may be all one line."""

MAX_PAGE = 256 * 1024 * 1024
"""Bytes of a file that is read as a whole."""

_CHUNK = MAX_TABLE_LINE
"""No more than a line's length, so that a line that is too long always reaches beyond one chunk."""

MAX_SIZE = 16 * 1024**3
"""Bytes of a file that has to be copied: what comes from a pipe, or out of an archive."""

BOMB_FROM = 256 * 1024 * 1024
BOMB_RATIO = 200
"""Lists of losses come out of gzip 5 to 50 times as large; what it makes of nothing is 1,000 times as large."""

_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_TEXT = {
    b"PK\x03\x04": "a zip archive or a spreadsheet: unpack it, or save it as CSV",
    b"BZh": "packed with bzip2: unpack it first",
    b"\xfd7zXZ": "packed with xz: unpack it first",
    b"\x28\xb5\x2f\xfd": "packed with zstd: unpack it first",
    _GZIP: "packed twice: unpack it first",
    b"%PDF": "a PDF document: save the page itself, or the table as CSV",
    b"SQLite format 3\0": "an SQLite database: export a table of it as CSV",
}
"""How files begin that are no text, and what to do about each."""

_PACKAGE = "datapackage.json"
_EMPTY_PAGE = re.compile(rb'\{\s*"losses"\s*:\s*\[\s*\]')


class Opened:
    """A file that has been looked through and can be read from its start, any number of times."""

    def __init__(self, path: str, name: str, stream: IO[bytes], survey: "_Survey") -> None:
        self.path = path
        """As it was given; "-" is standard input."""
        self.name = name
        """The file's own name, without folders: what messages call it."""
        self.sha256 = survey.sha256
        """Of its content as it is unpacked, so that a page and the same page packed are one."""
        self.size = survey.size
        """Bytes of its content."""
        self.head = survey.head.removeprefix(codecs.BOM_UTF8)
        """How it begins, for knowing its format."""
        self._stream = stream
        self._long_line = survey.long_line
        self._text: TextIOWrapper | None = None

    @property
    def consumed(self) -> int:
        """Bytes of the content that have been read by now, of ``size``."""
        return self._stream.tell()

    def text(self) -> TextIO:
        """The content as lines for a table's reader, each with its own end; from the start.

        Errors: BadData where a line is too long to be one of a table.
        """
        if self._long_line is not None:
            raise BadData(
                f"{self.name}:{self._long_line}: this line is longer than {MAX_TABLE_LINE:,} bytes; it is no table's"
            )
        self._rewind()
        self._text = TextIOWrapper(self._stream, encoding="utf-8-sig", newline="")
        return self._text

    def whole(self) -> bytes:
        """All of the content, for a page or a document that cannot be read in parts.

        Errors: BadData where it is too large for that.
        """
        if self.size > MAX_PAGE:
            raise BadData(
                f"{self.name}: {self.size:,} bytes are too many for a page or a JSON document (at most {MAX_PAGE:,}); "
                "save rows as CSV or NDJSON"
            )
        self._rewind()
        return self._stream.read().removeprefix(codecs.BOM_UTF8)

    def _rewind(self) -> None:
        if self._text is not None:
            self._text.detach()  # else its end would close the stream
            self._text = None
        self._stream.seek(0)


@contextmanager
def opened(path: str) -> Iterator[Opened]:
    """A file, one packed with gzip, or standard input ("-"), looked through and ready to be read.

    A folder stands for the ``datapackage.json`` in it. What is packed or comes from a pipe is first copied to a
    file without a name in the system's folder for temporary files, so memory does not grow with its size.

    Errors: BadData where it cannot be read, is empty, broken, no UTF-8 text, or unpacks without end.
    """
    with ExitStack() as closing:
        try:
            name, stream = _stream(path, closing)
            survey = _Survey(name)
            packed = stream.read(2) == _GZIP
            stream.seek(0)
            if packed:
                stream = _copied(_unpacked(stream, name), survey, closing)
            else:
                for chunk in _chunks(stream):
                    survey.take(chunk)
            survey.end()
        except OSError as error:
            raise BadData(f"{path}: cannot be read: {error.strerror or error}") from error
        yield Opened(path, name, stream, survey)


def recognise(head: bytes, name: str) -> str | None:
    """Which reader a file is for, by how it begins.

    Args:
        head: `Opened.head`.
        name: the file's own name.

    Returns:
        "oryx", "oryx-daily", "warspotting", "package", or "table" where the columns bear the ledger's own names;
        None for what is none of these. Any other table needs a map of its columns.

    Errors: BadData for a file that looks like losses and holds something else.
    """
    from lossledger.feeds import mapping, oryx_daily, warspotting
    from lossledger.feeds.tables import first_columns

    if name == _PACKAGE:
        return "package"
    if b"<" in head and _is_page(head):
        return "oryx"
    if _EMPTY_PAGE.match(head):
        return "warspotting"
    columns = {column.casefold() for column in first_columns(head)}
    if columns >= {"resources", "name"} or columns >= {"resources", "profile"}:
        return "package"
    if columns >= set(warspotting.REQUIRED):
        return "warspotting"
    if columns >= set(oryx_daily.REQUIRED):
        return "oryx-daily"
    if columns >= oryx_daily.EVENT_COLUMNS:
        raise BadData(
            f"{name}: this holds a row for each link and status word, not for each loss, so it cannot be read as "
            "losses; read the list's own page instead"
        )
    return "table" if mapping.sufficient(columns) else None


def _is_page(head: bytes) -> bool:
    from lossledger.feeds import oryx  # here, since no table needs it

    return oryx.is_page(head)


class _Survey:
    """What is learnt of a file's content while it passes by once, chunk by chunk."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.size = 0
        self.head = b""
        self.long_line: int | None = None
        self._lines = 0
        self._begun = 0  # bytes of a line that no chunk has ended yet
        self._digest = hashlib.sha256()
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def take(self, chunk: bytes) -> None:
        """Look at the next part. Errors: BadData where it is no UTF-8 text."""
        if not self.size:
            _refuse_no_text(self.name, chunk)
        if len(self.head) < HEAD:
            self.head += chunk[: HEAD - len(self.head)]
        self._digest.update(chunk)
        self._check_text(chunk)
        self._check_lines(chunk)
        self.size += len(chunk)

    def end(self) -> None:
        """Look at how it ends. Errors: BadData where it ends within a sign, or holds nothing."""
        self._check_text(b"", final=True)
        if self.size <= HEAD and not self.head.removeprefix(codecs.BOM_UTF8).strip():
            raise BadData(f"{self.name}: the file is empty")

    def _check_text(self, chunk: bytes, *, final: bool = False) -> None:
        nul = chunk.find(b"\0")
        if nul >= 0:
            raise BadData(f"{self.name}: {self._place(chunk, nul)} is a NUL; this is no text")
        waiting = len(self._decoder.getstate()[0])
        if not waiting and chunk.isascii() and not final:
            return
        try:
            self._decoder.decode(chunk, final=final)
        except UnicodeDecodeError as error:
            place = self._place(chunk, error.start - waiting)
            raise BadData(f"{self.name}: {place} is no UTF-8; save the file as UTF-8") from error

    def _place(self, chunk: bytes, at: int) -> str:
        """Where a byte stands in the file: "byte 312 (line 9)", both from one."""
        line = self._lines + chunk.count(b"\n", 0, max(at, 0)) + 1
        return f"byte {self.size + at + 1:,} (line {line:,})"

    def _check_lines(self, chunk: bytes) -> None:
        first = chunk.find(b"\n")
        if self._begun + (first if first >= 0 else len(chunk)) > MAX_TABLE_LINE and self.long_line is None:
            self.long_line = self._lines + 1
        self._begun = self._begun + len(chunk) if first < 0 else len(chunk) - chunk.rfind(b"\n") - 1
        self._lines += chunk.count(b"\n")


def _stream(path: str, closing: ExitStack) -> tuple[str, IO[bytes]]:
    """A file's name for messages, and its content as a stream in which one can go back."""
    if path == "-":
        name = "standard input"
        if sys.stdin is None:
            raise BadData("standard input is closed; name a file")
        return name, _copied(_limited(_chunks(sys.stdin.buffer), name), None, closing)
    place = Path(path)
    if place.is_dir() and (place / _PACKAGE).is_file():
        place /= _PACKAGE
    if place.is_dir():
        raise BadData(f"{path}: a folder without a {_PACKAGE}; name a file")
    if not place.exists():
        raise BadData(f"{path}: there is no such file")
    name = os.fsencode(place.name).decode("utf-8", "replace")
    stream: IO[bytes] = closing.enter_context(place.open("rb"))
    if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        return name, stream
    return name, _copied(_limited(_chunks(stream), name), None, closing)


def _chunks(stream: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _copied(chunks: Iterator[bytes], survey: _Survey | None, closing: ExitStack) -> IO[bytes]:
    """A temporary file of these chunks, which the survey has seen, at its start."""
    copy = closing.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
    for chunk in chunks:
        if survey is not None:
            survey.take(chunk)
        copy.write(chunk)
    copy.seek(0)
    return copy


def _limited(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_SIZE:
            raise BadData(f"{name}: more than {MAX_SIZE:,} bytes; divide it")
        yield chunk


def _unpacked(packed: IO[bytes], name: str) -> Iterator[bytes]:
    """What gzip makes of a stream, as long as it is in proportion."""
    size = 0
    try:
        with gzip.GzipFile(fileobj=packed, mode="rb") as unpacked:
            for chunk in _limited(_chunks(unpacked), name):
                size += len(chunk)
                if size > BOMB_FROM and size > BOMB_RATIO * packed.tell():
                    raise BadData(
                        f"{name}: {many(packed.tell(), 'packed byte')} have made {size:,} and there are more; "
                        "no honest list is packed so"
                    )
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BadData(f"{name}: the gzip file is broken or cut off: {error}") from error


def _refuse_no_text(name: str, head: bytes) -> None:
    """Refuse by its first bytes what is known to be no text, or not in UTF-8."""
    for magic, what in _NO_TEXT.items():
        if head.startswith(magic):
            raise BadData(f"{name}: this is {what}")
    zeros = head[:1000:2].count(0) - head[1:1000:2].count(0)  # a file of nothing but zeros is no UTF-16
    if head.startswith(_UTF16) or abs(zeros) > len(head[:1000]) / 5:
        raise BadData(f"{name}: this is UTF-16; save it as UTF-8")
