"""A data package from outside, as a folder of plain files: looked through before any of it is read.

Nothing is read that lies outside of the package, whatever it says; a zip is unpacked to a folder of its own, as long as
that stays in proportion; and a table whose digest the description gives has to be what was described.
"""

import hashlib
import json
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from lossledger.core.package_layout import DESCRIPTION, MARK
from lossledger.core.text import many, quoted
from lossledger.errors import BadData
from lossledger.feeds.opening import BOMB_FROM, BOMB_RATIO, MAX_SIZE

_LARGEST_DESCRIPTION = 16 * 1024 * 1024
_CHUNK = 1024 * 1024
_SHA256 = "sha256:"


@dataclass(frozen=True)
class PackageFiles:
    """A package that was looked through: its folder, and its description."""

    name: str
    folder: Path
    described: Mapping[str, Any]

    @property
    def mark(self) -> Mapping[str, Any] | None:
        """What the ledger that exported it says of it; None where it is no ledger's."""
        mark = self.described.get(MARK)
        return mark if isinstance(mark, dict) else None

    def text(self, name: str) -> str:
        """What the description says under a name, where that is a text."""
        said = self.described.get(name)
        return said if isinstance(said, str) else ""


def is_package(path: str) -> bool:
    """Whether a path leads to a package: a folder with a description, the description itself, or a zip with one."""
    place = Path(path)
    if place.is_dir():
        return (place / DESCRIPTION).is_file()
    if place.name == DESCRIPTION:
        return place.is_file()
    try:
        with zipfile.ZipFile(place) as archive:
            return _prefix(archive) is not None
    except (OSError, zipfile.BadZipFile):
        return False


def is_ledgers(path: str) -> bool:
    """Whether a path leads to a package that a ledger has exported, by what the package says of itself."""
    place = Path(path)
    try:
        if not place.is_file() or place.name == DESCRIPTION:
            file = place / DESCRIPTION if place.is_dir() else place
            said = file.read_bytes() if file.stat().st_size <= _LARGEST_DESCRIPTION else b""
        else:
            with zipfile.ZipFile(place) as archive:
                member = archive.getinfo(f"{_prefix(archive) or ''}{DESCRIPTION}")
                said = archive.read(member) if member.file_size <= _LARGEST_DESCRIPTION else b""
        described = json.loads(said)
    except (OSError, LookupError, ValueError, RecursionError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return False  # whatever is wrong with it, who reads it says so
    return isinstance(described, dict) and isinstance(described.get(MARK), dict)


@contextmanager
def package_files(path: str) -> Iterator[PackageFiles]:
    """The files of a package: a folder, the description in it, or a zip, which is unpacked while they are read.

    Errors: BadData, in one line, for what is no package, is not what it says, or leads out of it.
    """
    place = Path(path)
    try:
        if place.is_dir() or place.name == DESCRIPTION:
            folder = place if place.is_dir() else place.parent
            yield _looked_through(folder, path, folder.resolve().name)
            return
        with TemporaryDirectory(prefix="lossledger-") as scratch:
            _unpack(place, Path(scratch))
            yield _looked_through(Path(scratch), path, place.stem)
    except OSError as error:
        raise BadData(f"{path}: cannot be read: {error.strerror or error}") from error


def _looked_through(folder: Path, path: str, name: str) -> PackageFiles:
    described = _description(folder, path)
    for file in sorted(folder.glob("*.csv")):
        if not stat.S_ISREG(file.lstat().st_mode):
            raise BadData(f"{path}: {file.name} is no plain file; a link could lead anywhere, so it is not read")
    resources = described.get("resources", [])
    if not isinstance(resources, list):
        raise BadData(f"{path}: its resources are no list")
    for resource in resources:
        _check_resource(folder, path, resource)
    return PackageFiles(name, folder, described)


def _description(folder: Path, path: str) -> dict[str, Any]:
    file = folder / DESCRIPTION
    if file.is_symlink() or not file.is_file():
        raise BadData(f"{path}: there is no {DESCRIPTION} in it, so it is no data package")
    if file.stat().st_size > _LARGEST_DESCRIPTION:
        raise BadData(f"{path}: its {DESCRIPTION} is larger than {_LARGEST_DESCRIPTION:,} bytes")
    try:
        described = json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadData(f"{path}: its {DESCRIPTION} is no JSON: {error}") from error
    if not isinstance(described, dict):
        raise BadData(f"{path}: its {DESCRIPTION} describes nothing")
    return described


def _check_resource(folder: Path, path: str, resource: object) -> None:
    if not isinstance(resource, dict) or not isinstance(resource.get("path"), str):
        raise BadData(f"{path}: a resource of its {DESCRIPTION} has no path")
    name = resource["path"]
    if name != PurePosixPath(name).name or "\\" in name or ":" in name or name in ("", ".", ".."):
        raise BadData(f"{path}: the resource {quoted(name)} does not lie in the package")
    file = folder / name
    if file.is_symlink() or not file.is_file():
        raise BadData(f"{path}: {quoted(name)} is described and is no file in it")
    told = resource.get("hash")
    if isinstance(told, str) and told.startswith(_SHA256) and told != f"{_SHA256}{_sha256(file)}":
        raise BadData(
            f"{path}: {name} is not what its {DESCRIPTION} says (SHA-256); it was altered since it was exported"
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _prefix(archive: zipfile.ZipFile) -> str | None:
    """What stands before the names of a zip's files: nothing, or the folder that was packed; None without a package."""
    found = [name for name in archive.namelist() if PurePosixPath(name).name == DESCRIPTION]
    return min(found, key=len).removesuffix(DESCRIPTION) if found else None


def _unpack(place: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(place) as archive:
            _unpack_tables(archive, place, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise BadData(f"{place}: no zip file that can be read: {error}") from error


def _unpack_tables(archive: zipfile.ZipFile, place: Path, folder: Path) -> None:
    prefix = _prefix(archive)
    if prefix is None:
        raise BadData(f"{place}: there is no {DESCRIPTION} in it, so it is no data package")
    size = 0
    for member in archive.infolist():
        _refuse_leaving(member, place)
        name = member.filename.removeprefix(prefix)
        if not member.filename.startswith(prefix) or not (name == DESCRIPTION or name.endswith(".csv")) or "/" in name:
            continue
        if (folder / name).exists():
            raise BadData(f"{place}: {quoted(member.filename)} stands in it twice")
        with archive.open(member) as packed, (folder / name).open("wb") as file:
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                _refuse_bomb(size, place)
                file.write(chunk)


def _refuse_leaving(member: zipfile.ZipInfo, place: Path) -> None:
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in path.parts[:1]:
        raise BadData(f"{place}: {quoted(member.filename)} would leave the package's folder")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise BadData(f"{place}: {quoted(member.filename)} is a link, which could lead anywhere")


def _refuse_bomb(size: int, place: Path) -> None:
    packed = place.stat().st_size
    if size > MAX_SIZE or (size > BOMB_FROM and size > BOMB_RATIO * packed):
        raise BadData(
            f"{place}: {many(packed, 'packed byte')} made {size:,} and there are more; no honest package is so packed"
        )
