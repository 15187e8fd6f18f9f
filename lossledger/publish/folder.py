"""The folder that a site is written to: only what changed is written, and every file appears whole or not at all."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from lossledger.core.text import inert, many
from lossledger.errors import BadData, Refused

MANIFEST = ".lossledger-site.json"
"""The file that marks a folder as a site's, and says what stands in it."""

WHOLE = "downloads/all/"
"""Where the files lie that hold the whole list."""

TOLD = {"what", "rows", "files", "entry", "day"}
"""What is told of such a file: what it holds, how many rows, the files that belong to it, as of which entry and day."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was written last: which ledger, made how, and the digest of each file."""

    made: dict[str, Any]
    """By what the pages were made; see `publish.changed`. Empty while a site is being written."""
    files: dict[str, str]
    keys: dict[str, str] = field(default_factory=dict)
    """Of what is made only where it has to be, a digest of what it was made from."""
    parts: dict[str, str] = field(default_factory=dict)
    """Parts of pages that are made so."""
    downloads: dict[str, Any] = field(default_factory=dict)
    """The files of the whole list, with what is told of each: `TOLD`."""
    config: dict[str, Any] = field(default_factory=dict)
    """The name of the file that told its settings, and these: `Config.kept`. Empty where none did."""


class Made(NamedTuple):
    """Content that is made only where what it is made from has changed: a digest of that, and how it is made."""

    key: str
    make: Callable[[], bytes]
    again: bool = False
    """Whether it has changed for certain, though not in what the digest is of."""


def key_of(*parts: Any) -> str:
    """A digest of what a file is made from."""
    return _digest(orjson.dumps(parts, default=tuple))


@dataclass(slots=True)
class Written:
    """How many files were new, changed, left as they were, or taken away because nothing leads to them any more."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass
class Folder:
    """A folder that is being written. `opened` gives one, `close` ends the writing."""

    root: Path
    before: Manifest
    files: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    downloads: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    written: Written = field(default_factory=Written)

    @property
    def is_whole(self) -> bool:
        """Whether what was written last was written to its end, so that its digests hold."""
        return bool(self.before.made)

    def put(self, path: str, content: bytes | Made) -> None:
        """Write a file, unless the same stands there, or what it would be made from is the same."""
        if isinstance(content, Made):
            self.keys[path] = content.key
            same = self.key_before(path) == content.key and not content.again
            if same and (self.root / path).exists():
                self.keep([path])
                return
            content = content.make()
        self.took(path, *write(self.root, path, content, self.before.files.get(path) if self.is_whole else None))

    def part(self, name: str, content: Made) -> str:
        """A part of a page, made only where what it is made from has changed."""
        known = self.key_before(name) == content.key and name in self.before.parts
        self.keys[name] = content.key
        self.parts[name] = self.before.parts[name] if known else content.make().decode()
        return self.parts[name]

    def took(self, path: str, digest: str, fate: str) -> None:
        """Take note of a file that `write` has seen to."""
        self.files[path] = digest
        setattr(self.written, fate, getattr(self.written, fate) + 1)

    def keep(self, paths: Iterable[str]) -> None:
        """Leave files as they are that were written before."""
        for path in paths:
            self.files[path] = self.before.files[path]
            if path in self.before.keys:
                self.keys[path] = self.before.keys[path]
            self.written.unchanged += 1

    def key_before(self, path: str) -> str | None:
        """The digest of what a file was made from; None where that is not known."""
        return self.before.keys.get(path) if self.is_whole else None

    def content(self, path: str) -> bytes | None:
        """What stands in a file as it was written before; None where there is none, or somebody has changed it."""
        try:
            found = (self.root / path).read_bytes()
        except OSError:
            return None
        return found if self.is_whole and self.before.files.get(path) == _digest(found) else None

    def make_anew(self) -> None:
        """Make every file, whatever it was made from before: what all of them have in common has changed."""
        self.before.keys.clear()

    def missing(self) -> set[str]:
        """The files written before that are not there any more."""
        return self.before.files.keys() - {path for name in _FOLDERS for path in _below(self.root, name)}

    def sizes(self, *prefixes: str) -> dict[str, int]:
        """How many bytes each file has whose path begins in one of some ways."""
        return {path: (self.root / path).stat().st_size for path in self.files if path.startswith(prefixes)}

    def close(self, made: dict[str, Any]) -> Written:
        """Take away what was written before and is no longer part of the site, and write down what is."""
        for path in sorted(self.before.files.keys() - self.files.keys()):
            (self.root / path).unlink(missing_ok=True)
            self.written.removed += 1
        _note(self.root, Manifest(made, self.files, self.keys, self.parts, self.downloads, self.config))
        return self.written


def opened(root: Path, *, force: bool) -> Folder:
    """A folder to write a site into, made where it is not there.

    Errors: Refused where something stands in it that is no site's, unless by ``force``; in any case where that stands
    in the way.
    """
    if root.exists() and not root.is_dir():
        raise Refused(f"{root} is no folder; a site goes to a folder of its own")
    before = _read(root)
    if before is None and root.is_dir() and any(root.iterdir()) and not force:
        raise Refused(f"{root} holds files and no site; choose another folder, or write among them with --force")
    if before is None:
        _refuse_in_the_way(root)
    root.mkdir(parents=True, exist_ok=True)
    return Folder(root, before or Manifest({}, {}))


def standing(root: Path) -> Folder | None:
    """A folder that a site was written into, or begun to be; None where none was.

    Errors: BadData for a manifest that is damaged.
    """
    before = _read(root)
    return Folder(root, before) if before else None


def _refuse_in_the_way(root: Path) -> None:
    """Refuse to write over what others put where a site's files go: it would be gone for good."""
    found = sorted(path for name in _FOLDERS for path in _below(root, name) if _WRITTEN.fullmatch(path))
    if found:
        shown = ", ".join(found[:_NAMED]) + (", ..." if len(found) > _NAMED else "")
        raise Refused(
            f"{root} holds {many(len(found), 'file')} where a site's own would go, and no site: {inert(shown)}; "
            "move them away, or choose another folder"
        )


_NAMED = 5
"""How many files a message names."""


def begin(folder: Folder) -> None:
    """Mark the folder as being written: a run that is cut off leaves digests behind that nobody trusts."""
    _note(folder.root, Manifest({}, folder.before.files, downloads=folder.before.downloads, config=folder.config))


def write(root: Path, path: str, content: bytes, known: str | None) -> tuple[str, str]:
    """Write a file unless its content stands there already: its digest, and what was done.

    ``known`` is the digest of what stands there, None where that has to be looked up.
    """
    digest = _digest(content)
    place = root / path
    if known is not None:
        if known == digest and place.exists():
            return digest, "unchanged"
        there = place.exists()
    else:
        there = place.is_file()
        if there and place.read_bytes() == content:
            return digest, "unchanged"
    _replace(place, content)
    return digest, "changed" if there else "new"


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _replace(place: Path, content: bytes) -> None:
    """Write beside the place and move there, so that nobody reads half of it."""
    beside = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        try:
            beside.write_bytes(content)
        except FileNotFoundError:
            place.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(content)
        beside.replace(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _below(root: Path, name: str) -> set[str]:
    """The paths of what lies in a folder of a site; its own files have no folder before them."""
    try:
        found = os.listdir(root / name)  # noqa: PTH208 - there are thousands, and of each a name will do
        return {f"{name}/{entry}" for entry in found} if name else set(found)
    except OSError:
        return set()


def _note(root: Path, manifest: Manifest) -> None:
    _replace(root / MANIFEST, orjson.dumps(manifest))


def _read(root: Path) -> Manifest | None:
    try:
        found = orjson.loads((root / MANIFEST).read_bytes())
        manifest = Manifest(*(dict(found.get(one.name, {})) for one in fields(Manifest)))
        if not _OURS.fullmatch("\n".join((*manifest.files, ""))):
            raise ValueError("a path that no site has")
        if any(told.keys() != TOLD for told in manifest.downloads.values()):
            raise ValueError("a download of which something else is told")
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadData(f"{root / MANIFEST} is damaged; take the folder away and publish anew") from error
    return manifest


_OURS = re.compile(r"(?:(?:[a-z]+/){0,2}[\w-][\w.-]*\n)*")
"""What the paths of a site's files look like, a line each: a manifest may be altered, and files are removed by it."""

_FOLDERS = (
    *("", "assets", "assets/fonts", "category", "charts"),
    *("data", "downloads", "downloads/all", "embed", "loss"),
)
_WRITTEN = re.compile(
    r"(?:404|cite|corrections(?:-\d+)?|downloads|index|items|map|method)\.html|feed\.xml|head\.(?:json|txt)"
    r"|(?:category|embed|loss)/[^/]+\.html|data/[^/]+\.js|charts/[^/]+\.(?:csv|svg)|downloads/[^/]+\.csv"
    r"|downloads/all/[^/]+|assets/[^/]+\.(?:css|js|svg)|assets/fonts/[^/]+"
)
"""What a site may write, whatever its ledger holds."""
