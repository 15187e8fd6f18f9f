"""Opening a foreign file: what it is called, its digest, and every way in which it is refused."""

import gzip
import hashlib
import io
import os
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest

from lossledger.errors import BadData
from lossledger.feeds.opening import HEAD, opened, recognise

MEGABYTE = 1024 * 1024

LIST = "side,type\nArmenia,T-72\nAzerbaijan,Ан-2\n".encode()

PACKED = gzip.compress(LIST)

BOMB = gzip.compress(b"0" * 1024 * 1024)
"""A megabyte from a thousand bytes; a gzip file may hold any number of such parts."""


def _file(folder: Path, content: bytes, name: str = "list.csv") -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def _refused(path: str) -> str:
    with pytest.raises(BadData) as caught, opened(path):
        pass
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [LIST, PACKED, gzip.compress(LIST[:9]) + gzip.compress(LIST[9:])],
    ids=["plain", "packed", "packed in two parts"],
)
def test_a_list_is_the_same_packed_or_not(tmp_path: Path, content: bytes) -> None:
    with opened(_file(tmp_path, content)) as found:
        assert (found.name, found.size, found.head) == ("list.csv", len(LIST), LIST)
        assert found.sha256 == hashlib.sha256(LIST).hexdigest()
        assert list(found.text()) == ["side,type\n", "Armenia,T-72\n", "Azerbaijan,Ан-2\n"]
        assert found.consumed == found.size
        assert found.whole() == LIST
        assert next(found.text()) == "side,type\n"


def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path: Path) -> None:
    with opened(_file(tmp_path, b"\xef\xbb\xbf" + LIST)) as found:
        assert (found.head, found.whole(), next(found.text())) == (LIST, LIST, "side,type\n")


def test_a_head_is_the_beginning_alone(tmp_path: Path) -> None:
    with opened(_file(tmp_path, b"ab\n" * HEAD)) as found:
        assert found.head == (b"ab\n" * HEAD)[:HEAD]


def test_what_comes_from_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(gzip.compress(LIST),))
    writer.start()
    with opened(str(pipe)) as found:
        assert (found.name, found.whole()) == ("pipe", LIST)
    writer.join()


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LIST)))
    with opened("-") as found:
        assert (found.name, found.whole(), found.sha256) == ("standard input", LIST, hashlib.sha256(LIST).hexdigest())


def test_a_folder_stands_for_the_package_in_it(tmp_path: Path) -> None:
    _file(tmp_path, b'{"name": "x", "resources": []}', "datapackage.json")
    with opened(str(tmp_path)) as found:
        assert (found.name, recognise(found.head, found.name)) == ("datapackage.json", "package")


BROKEN_AT = "list.csv: the gzip file is broken or cut off: "
NO_UTF8 = "is no UTF-8; save the file as UTF-8"
UTF16 = "list.csv: this is UTF-16; save it as UTF-8"

HOSTILE = {
    "empty": (b"", "list.csv: the file is empty"),
    "blank": (b"\xef\xbb\xbf\n \n", "list.csv: the file is empty"),
    "empty, packed": (gzip.compress(b""), "list.csv: the file is empty"),
    "no UTF-8": (b"a,b\n1,\xff2\n", f"list.csv: byte 7 (line 2) {NO_UTF8}"),
    "ends within a letter": (b"a,b\n1,\xd0", f"list.csv: byte 7 (line 2) {NO_UTF8}"),
    "a letter in two chunks": (
        b"\n" * (MEGABYTE - 1) + "я\n".encode() + b"\xff",
        f"list.csv: byte 1,048,579 (line 1,048,577) {NO_UTF8}",
    ),
    "half a letter in one chunk": (
        b"\n" * (MEGABYTE - 1) + b"\xd0x\n",
        f"list.csv: byte 1,048,576 (line 1,048,576) {NO_UTF8}",
    ),
    "a NUL": (b"a,b\n1,\0002\n", "list.csv: byte 7 (line 2) is a NUL; this is no text"),
    "NULs": (b"\0" * 5000, "list.csv: byte 1 (line 1) is a NUL; this is no text"),
    "UTF-16": (LIST.decode().encode("utf-16"), UTF16),
    "UTF-16, big end first": (LIST.decode().encode("utf-16-be"), UTF16),
    "UTF-16, little end first": (LIST.decode().encode("utf-16-le"), UTF16),
    "zip": (b"PK\x03\x04rest", "list.csv: this is a zip archive or a spreadsheet: unpack it, or save it as CSV"),
    "packed twice": (gzip.compress(gzip.compress(LIST)), "list.csv: this is packed twice: unpack it first"),
    "cut off": (
        PACKED[:-9],
        f"{BROKEN_AT}Compressed file ended before the end-of-stream marker was reached",
    ),
    "two bytes": (
        b"\x1f\x8b",
        f"{BROKEN_AT}Compressed file ended before the end-of-stream marker was reached",
    ),
    "wrong sum": (PACKED[:-8] + b"\0" * 8, f"{BROKEN_AT}CRC check failed"),
    "more behind it": (PACKED + b"rest", f"{BROKEN_AT}Not a gzipped file (b're')"),
    "broken within": (PACKED[:10] + b"\xff" * 20, f"{BROKEN_AT}Error -3 while decompressing data"),
    "a bomb": (BOMB * 300, "packed bytes have made 269,484,032 and there are more; no honest list is packed so"),
}


@pytest.mark.parametrize(("content", "says"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_list_is_refused_with_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    said = _refused(_file(tmp_path, content))
    assert says in said
    assert said.startswith("list.csv: ")
    assert "\n" not in said


def test_a_list_that_packs_well_is_no_bomb(tmp_path: Path) -> None:
    row = b"Armenia,T-72,destroyed\n"
    with opened(_file(tmp_path, gzip.compress(row * 200_000))) as found:
        assert found.size == len(row) * 200_000


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.csv", "{path}: there is no such file"),
        (".", "{path}: a folder without a datapackage.json; name a file"),
        ("x" * 300, "{path}: cannot be read: File name too long"),
        ("a\0b", "{path}: there is no such file"),
    ],
)
def test_what_is_no_file(tmp_path: Path, name: str, says: str) -> None:
    path = str(tmp_path / name)
    assert _refused(path) == says.format(path=path)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = _file(tmp_path, LIST)
    monkeypatch.setattr(Path, "open", deny)  # root may read everything
    assert _refused(path) == f"{path}: cannot be read: Permission denied"


def test_a_line_of_200_megabytes_is_refused_and_not_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(b"side,type\n")
        for _ in range(200):
            file.write(b"x" * MEGABYTE)
    tracemalloc.start()
    try:
        with opened(str(path)) as found, pytest.raises(BadData) as caught:
            found.text()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert str(caught.value) == "line.csv:2: this line is longer than 1,048,576 bytes; it is no table's"
    assert most < 8 * MEGABYTE


@pytest.mark.parametrize(("length", "fits"), [(MEGABYTE, True), (MEGABYTE + 1, False)])
@pytest.mark.parametrize("before", [0, 7, MEGABYTE - 1])
def test_the_longest_line(tmp_path: Path, length: int, before: int, fits: bool) -> None:
    with opened(_file(tmp_path, b"\n" * before + b"x" * length + b"\nlast")) as found:
        if fits:
            assert len(list(found.text())) == before + 2
        else:
            with pytest.raises(BadData, match=f"list.csv:{before + 1}: this line is longer"):
                found.text()
        assert found.size == before + length + 5


@pytest.mark.parametrize(
    ("head", "name", "format_"),
    [
        ("side,type\n", "a.csv", "table"),
        ("\n;Category;SIDE\n", "a.csv", "table"),
        ("side\tstatus\n", "a.tsv", None),
        ('{"side": "Armenia", "type": "T-72"}\n', "a.ndjson", "table"),
        ("country,system\n", "a.csv", None),
        ("id,type,model,status,lost_by,date,geo\n", "a.csv", "warspotting"),
        ("date,lost_by,status,model,type,id\n", "-", "warspotting"),
        (
            '{"losses": [{"id": 1, "type": "x", "model": "", "status": "", "lost_by": "", "date": ""}]}',
            "a",
            "warspotting",
        ),
        (
            '{\n "losses": [\n  {"id": 1, "type": "x", "model": "y",\n "status": "", "lost_by": "", "date": ""',
            "a",
            "warspotting",
        ),
        ('{"losses": []}', "a.json", "warspotting"),
        (
            "country,equipment_type,destroyed,abandoned,captured,damaged,type_total,date_recorded,destroyed_diff\n",
            "a.csv",
            "oryx-daily",
        ),
        ('{"profile": "tabular-data-package", "name": "x", "resources": []}', "x.json", "package"),
        ("<html><body><p>A page about something else</p></body></html>", "a.html", "oryx"),
        ("A letter to the editor", "a.txt", None),
        ("[[[[[[", "a.json", None),
        ("{}", "a.json", None),
    ],
)
def test_which_reader_a_file_is_for(head: str, name: str, format_: str | None) -> None:
    assert recognise(head.encode(), name) == format_


def test_a_file_of_links_and_status_words_is_no_list_of_losses() -> None:
    with pytest.raises(
        BadData, match=r"^events\.csv: this holds a row for each link and status word, not for each loss"
    ):
        recognise(b"country,origin,system,status,url,date_recorded\n", "events.csv")
