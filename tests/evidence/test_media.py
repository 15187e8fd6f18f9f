"""What a file is, by what is in it; when a picture was taken, by its own word, whatever that is worth."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from lossledger.evidence.media import captured, media_type


def picture(form: str, taken: str | None = None, zone: str | None = None) -> bytes:
    """A small picture, with when it was taken in its EXIF."""
    exif = Image.Exif()
    exif[0x0132] = "2021:01:01 00:00:00"  # when the file was changed, which is not when the picture was taken
    of_picture = exif.get_ifd(0x8769)
    if taken is not None:
        of_picture[0x9003] = taken
    if zone is not None:
        of_picture[0x9011] = zone
    written = io.BytesIO()
    Image.new("RGB", (20, 20)).save(written, form, exif=exif)
    return written.getvalue()


FILES = {
    "image/jpeg": picture("JPEG"),
    "image/png": picture("PNG"),
    "image/webp": picture("WEBP"),
    "image/tiff": picture("TIFF"),
    "image/bmp": b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + bytes(52),
    "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200),
    "video/mp4": b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free" + bytes(200),
    "video/quicktime": b"\0\0\0\x14ftypqt  \0\0\x02\0qt  " + bytes(200),
    "video/webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + bytes(100),
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + b"x" * 300,
    "application/zip": b"PK\x03\x04" + bytes(60),
    "application/gzip": b"\x1f\x8b\x08\0" + bytes(60),
    "text/html": b"\n<!-- saved -->\n<HTML lang=en><body>a tank</body></html>",
    "image/svg+xml": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="1"/>',
    "text/plain": "BM, so beginnt ein Text: ein Panzer, größer als 1.".encode(),
    "application/octet-stream": bytes(range(256)) * 3,
}


@pytest.mark.parametrize("expected", FILES)
def test_a_file_is_known_by_what_is_in_it(tmp_path: Path, expected: str) -> None:
    path = tmp_path / "misleading.exe"
    path.write_bytes(FILES[expected])
    assert media_type(path) == expected


def test_a_text_cut_within_a_sign_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(b"x" + "ö".encode() * 40_000)
    assert media_type(path) == "text/plain"


@pytest.mark.parametrize(
    ("taken", "zone", "expected"),
    [
        ("2020:10:03 14:22:11", None, "2020-10-03T14:22:11"),
        ("2020:10:03 14:22:11", "+04:00", "2020-10-03T14:22:11+04:00"),
        ("2020:10:03 14:22:11", "Armenia", "2020-10-03T14:22:11"),
        ("0000:00:00 00:00:00", None, None),
        ("2020:13:45 99:99:99", None, None),
        ("    :  :     :  :  ", None, None),
        ("2020:10:03", None, None),
        ("\x1b[31m", None, None),
        (None, "+04:00", None),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "AVIF"])
def test_when_it_was_taken_is_its_own_word(
    tmp_path: Path, form: str, taken: str | None, zone: str | None, expected: str | None
) -> None:
    path = tmp_path / "picture"
    path.write_bytes(picture(form, taken, zone))
    assert captured(path) == expected


def tiff(*tags: tuple[int, int, int, int], then: int = 0) -> bytes:
    """A TIFF file of nothing but tags: number, form, count, value."""
    packed = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + packed + struct.pack("<I", then)


@pytest.mark.parametrize(
    "content",
    [
        tiff(*[(0x9003, 5, 999, 8)] * 65_535),  # a hundred million reads, for whoever takes it at its word
        tiff((0x9003, 2, 1 << 30, 26)),
        tiff(*[(0x9003, 5, 1 << 30, 26)] * 5_000),
        tiff((0x8769, 4, 1, 8), then=8),
        tiff((0x9003, 2, 20, 0xFFFFFFFF)),
        tiff((0x9003, 99, 20, 26)),
        picture("JPEG", "2020:10:03 14:22:11")[:60],
        picture("PNG", "2020:10:03 14:22:11")[:60],
        b"\xff\xd8\xff\xe1\xff\xffExif\0\0" + bytes(40),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\xff\xff\xff\xffmeta" + bytes(40),
        b"RIFF\xff\xff\xff\xffWEBPEXIF\xff\xff\xff\x7f" + bytes(40),
        b"",
        b"no picture at all",
    ],
    ids=range(13),
)
def test_a_file_made_to_break_its_reader_says_nothing(
    tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(content)
    assert captured(path) is None
    assert capfd.readouterr() == ("", "")
