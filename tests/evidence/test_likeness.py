"""What pictures have alike: altered copies are found, different pictures are not, and no file does harm."""

import struct
import sys
import zlib
from io import BytesIO
from itertools import combinations, product
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.pictures import ALTERATIONS, encoded, originals, picture
from lossledger.core.nearness import WITHIN, Hashes, distance, hashes_of
from lossledger.errors import Refused
from lossledger.evidence.likeness import likeness

# The whole of the 200 pictures, and more alterations, are measured by benchmarks/likeness.py.
PICTURES = originals(15)


def hashed(tmp_path: Path, content: bytes) -> Hashes | None:
    """The hashes of a file; None where it has no likeness."""
    file = tmp_path / "file"
    file.write_bytes(content)
    found = likeness(file)
    return None if found is None else hashes_of(found)


def of(tmp_path: Path, image: Image.Image) -> Hashes:
    found = hashed(tmp_path, encoded(image, "PNG", compress_level=1))
    assert found is not None
    return found


def test_altered_copies_are_found_and_different_pictures_are_not(tmp_path: Path) -> None:
    """Of what has a strip written over it, most; of all else, every one. Three pictures show the place of another."""
    known = [of(tmp_path, image) for image in PICTURES]
    assert min(distance(one, other) for one, other in combinations(known, 2)) > WITHIN
    found = {}
    for name, alter in ALTERATIONS.items():
        copies = [of(tmp_path, alter(image)) for image in PICTURES]
        near = {(at, copy) for at, copy in product(range(15), repeat=2) if distance(known[at], copies[copy]) <= WITHIN}
        assert {(at, copy) for at, copy in near if at != copy} == set(), name
        found[name] = len(near)
    captioned = found.pop("a caption and a sign")
    assert set(found.values()) == {15}
    assert captioned >= 8


def test_how_a_file_is_written_does_not_matter(tmp_path: Path) -> None:
    """Its format, how it is turned, what shines through it, what else moves in it."""
    image = picture(1, 2)
    whole = of(tmp_path, image)
    turned = image.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    clear = image.convert("RGBA")
    clear.putalpha(255)
    files = {
        "turned back": encoded_with(turned, "JPEG", exif=exif),
        "webp": encoded(image, "WEBP", quality=90),
        "gif": encoded_with(image, "GIF", save_all=True, append_images=[Image.new("RGB", image.size)]),
        "clear": encoded(clear),
        "sixteen bits": encoded(image.convert("L").convert("I").point(lambda shade: shade * 257).convert("I;16")),
        "palette": encoded(image.quantize(128)),
    }
    distances = {name: distance(whole, hashed(tmp_path, content) or (0, 0)) for name, content in files.items()}
    assert {name: apart for name, apart in distances.items() if apart > 6} == {}


def encoded_with(image: Image.Image, form: str, **options: object) -> bytes:
    """A picture as a file, with what only some formats have."""
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def test_what_is_plain_is_like_nothing(tmp_path: Path) -> None:
    """A black frame is like every other black frame, and so is a sky."""
    noise = Image.effect_noise((400, 300), 4)
    plain = (Image.new("RGB", (640, 480)), Image.new("L", (640, 480), 255), Image.linear_gradient("L"), noise)
    assert [hashed(tmp_path, encoded(image)) for image in plain] == [None] * 4


def bomb(width: int, height: int) -> bytes:
    """A PNG of so many pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(10_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_no_file_does_harm(tmp_path: Path) -> None:
    """Cut off, far too large, of a format that is not read, or no picture at all."""
    whole = encoded(picture(1, 3), "JPEG")
    files = {
        "cut off": whole[: len(whole) // 2],
        "head only": whole[:40],
        "bomb": bomb(60_000, 60_000),
        "thin": bomb(1_000_000, 2),
        "tiff": encoded(picture(1, 3), "TIFF"),
        "tiny": encoded(picture(1, 3).resize((31, 31))),
        "text": b"\xff\xd8\xff no picture",
        "nothing": b"",
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
    }
    assert {name: hashed(tmp_path, content) for name, content in files.items()} == dict.fromkeys(files)


def test_without_its_libraries_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imagehash", None)
    with pytest.raises(Refused, match=r"pip install 'lossledger\[evidence\]'"):
        likeness(tmp_path / "any")
