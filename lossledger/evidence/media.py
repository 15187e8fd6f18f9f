"""What kind of thing a file is, by what is in it, and when it was made by its own word."""

import logging
import re
from pathlib import Path
from typing import BinaryIO

from lossledger.errors import Refused

UNKNOWN = "application/octet-stream"
"""The media type of what nothing is known of."""

HEAD = 64 * 1024
"""How many bytes at its beginning tell what a file is."""

_SURE = 0.2
"""How sure the library must be of a file that is no text: two bytes of a signature or more."""

_SURE_OF_TEXT = 0.4
"""How sure of a text, which may begin like anything."""

_MARKUP = (
    ("text/html", re.compile(r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)),
    (
        "image/svg+xml",
        re.compile(
            r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype\s+svg[^>]*>\s*)?<(\w+:)?svg\b", re.IGNORECASE | re.DOTALL
        ),
    ),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SPELT = {"image/x-ms-bmp": "image/bmp", "application/x-gzip": "application/gzip"}
_ZIP = "application/zip"
_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc")


def media_type(path: Path) -> str:
    """The media type of a file by its content alone, whatever it is called; `UNKNOWN` where that tells nothing.

    Errors: Refused where the library that knows is not installed; OSError where the file cannot be read.
    """
    with path.open("rb") as file:
        return by_head(file.read(HEAD))


def by_head(head: bytes) -> str:
    """The media type of a file by its first `HEAD` bytes; see `media_type`."""
    text = _as_text(head)
    if text is None:
        return _by_signature(head, _SURE) or UNKNOWN
    for found, begins in _MARKUP:
        if begins.match(text):
            return found
    return _by_signature(head, _SURE_OF_TEXT) or ("text/plain" if text else UNKNOWN)


def _as_text(head: bytes) -> str | None:
    """The beginning of a file as text in UTF-8; None where it is none."""
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The last sign of a long text may be cut in two.
        if len(head) < HEAD or error.start < len(head) - 3:
            return None
        text = head[: error.start].decode("utf-8-sig")
    return None if _CONTROLS.search(text) else text


def _by_signature(head: bytes, sure: float) -> str | None:
    try:
        import puremagic
    except ModuleNotFoundError:
        raise Refused("files need a few more packages: pip install 'lossledger[evidence]'") from None
    if not head:
        return None
    try:
        matches = puremagic.magic_string(head)
    except puremagic.PureError:
        return None
    named = [match.mime_type for match in matches if match.confidence >= sure and "/" in match.mime_type]
    if _ZIP in named:  # which dozens of formats are; which of them, the beginning does not tell
        return _ZIP
    if "image/heif" in named and head[4:12] in _HEIC:
        return "image/heic"
    return _SPELT.get(named[0], named[0]) if named else None


_TAKEN = (
    ("EXIF DateTimeOriginal", "EXIF OffsetTimeOriginal"),
    ("EXIF DateTimeDigitized", "EXIF OffsetTimeDigitized"),
)
"""The tags of when a picture was taken, and their time zones. When a file was last changed is none of them."""


class _Bounded:
    """A file that lets itself be read only so much: tags can lead in circles, or claim to be of any size.

    A picture from a camera takes some hundred reads.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._reads = 20_000
        self._bytes = 16_000_000

    def read(self, size: int = -1) -> bytes:
        """As a file's own. Errors: ValueError where that was enough."""
        self._reads -= 1
        if self._reads < 0 or self._bytes <= 0:
            raise ValueError("read for long enough")
        found = self._file.read(self._bytes if size < 0 else min(size, self._bytes))
        self._bytes -= len(found)
        return found

    def seek(self, offset: int, whence: int = 0) -> int:
        """As a file's own."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As a file's own."""
        return self._file.tell()


_TIME = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_ZONE = re.compile(r"[+-]\d\d:\d\d|Z")


def captured(path: Path) -> str | None:
    """When a picture was taken by its own word: "2020-10-03T14:22:11", with "+04:00" where it says so.

    None where it does not say, or says what cannot be. Anybody can write anything into a file, and cameras' clocks
    are set wrong. Errors: Refused where the library that reads it is not installed.
    """
    try:
        import exifread
    except ModuleNotFoundError:
        raise Refused("files need a few more packages: pip install 'lossledger[evidence]'") from None
    logging.getLogger("exifread").setLevel(logging.CRITICAL)
    try:
        with path.open("rb") as file:
            tags = exifread.process_file(_Bounded(file), details=False)  # type: ignore[arg-type]
        said = [(str(tags.get(time, "")), str(tags.get(zone, ""))) for time, zone in _TAKEN]
    except Exception:  # noqa: BLE001 - a file made to break its reader says nothing
        return None
    return next((time for time in (_time(*one) for one in said) if time is not None), None)


def _time(text: str, zone: str) -> str | None:
    """A time as EXIF writes it, in ISO form; None where there is no such time."""
    from datetime import datetime

    parts = _TIME.fullmatch(text.strip("\0 "))
    if parts is None:
        return None
    offset = zone.strip("\0 ")
    offset = offset if _ZONE.fullmatch(offset) else ""
    try:
        return datetime.fromisoformat("{}-{}-{}T{}:{}:{}".format(*parts.groups()) + offset).isoformat()
    except ValueError:
        return None
