"""An import that cannot be: one clear line, the right exit code, and a ledger that is as it was, byte for byte."""

import gzip
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lossledger.db.engine import open_engine, writing
from lossledger.db.migrate import upgrade
from tests.cli.conftest import Run, runner
from tests.cli.looking import entries
from tests.cli.test_trouble import start

TABLE = "side,type,status\nRedland,T-72B,destroyed\n"
LISTS = "oryx, oryx-daily, warspotting, table, package"
NO_LIST = (
    f"this is none of the lists that are known by their form ({LISTS}); where it is a table, say which columns are "
    "what: --map side=country,type=system,..."
)
CUT_OFF = "the gzip file is broken or cut off: Compressed file ended before the end-of-stream marker was reached"
FIELDS = (
    "id, side, category, type, origin, quantity, status, phrase, cause, captor, name, fittings, circumstance, date, "
    "reported, place, latitude, longitude, coordinates, unit, tags, note, source, number"
)

WRONG_USE = {
    "an unknown format": (("--as", "excel"), f"format 'excel' is not one of: {LISTS}"),
    "another format": (
        ("--as", "warspotting"),
        "no column in list.csv called 'id'; the columns are: side, type, status",
    ),
    "an unknown field": (("--map", "country=side,type=type"), f"no field 'country'; a map's fields are: {FIELDS}"),
    "an unknown column": (
        ("--map", "side=side,type=typ"),
        "no column in list.csv called 'typ'; did you mean type? The columns are: side, type, status",
    ),
    "a field twice": (("--map", "side=side,side=type"), "the map gives side twice"),
    "half a map": (("--map", "side=side,type"), "'type' in the map is no field=column; write side=country,type=system"),
    "a map without a side": (
        ("--map", "type=type"),
        "list.csv: which columns are the side, and the type or the category? Give a map: side=country,type=system",
    ),
    "no such map": (("--map", "none.toml"), "none.toml: cannot be read: No such file or directory"),
    "tomorrow": (("--dated", "2021-06-03"), "the file's day 2021-06-03 lies in the future (today is 2021-06-02)"),
    "no day": (("--dated", "June"), "'June' is no day that can be read; write 2020-10-08"),
    "an empty reason": (("--reason", " "), "reason is empty"),
    "two lines as feed": (("--feed", "a\nb"), "feed holds a line break (U+000A) at character 2: 'a⏎b'"),
    "an unknown conflict": (
        ("--conflict", "hill"),
        "no conflict 'hill'; see: lossledger conflict list, or add it with: lossledger conflict add",
    ),
}


@pytest.mark.parametrize("name", WRONG_USE)
def test_wrong_use(run: Run, ledger: Path, tmp_path: Path, name: str) -> None:
    before = ledger.read_bytes()
    (tmp_path / "list.csv").write_text(TABLE)
    args, line = WRONG_USE[name]
    result = run("import", str(tmp_path / "list.csv"), *args)
    code = 3 if name == "no such map" else 2
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", f"lossledger: {line}\n")
    assert ledger.read_bytes() == before


def _bomb() -> bytes:
    """A gzip file that unpacks to 600 MB of nothing."""
    return gzip.compress(b"\n" * 1024**2) * 600


HOSTILE = {
    "nothing": ("list.csv", b"", "list.csv: the file is empty"),
    "a table of something else": ("list.csv", b"name,age\nAnn,40\n", f"list.csv: {NO_LIST}"),
    "a bomb": (
        "list.csv.gz",
        _bomb,
        "list.csv.gz: 277,514 packed bytes have made 269,484,032 and there are more; no honest list is packed so",
    ),
    "cut off": (
        "list.csv.gz",
        lambda: gzip.compress(TABLE.encode() * 999)[:-9],
        f"list.csv.gz: {CUT_OFF}",
    ),
    "a line of 200 MB": (
        "list.csv",
        lambda: TABLE.encode() + b"x" * 200_000_000 + b"\n",
        "list.csv:3: this line is longer than 1,048,576 bytes; it is no table's",
    ),
    "no UTF-8": (
        "list.csv",
        TABLE.encode() + b"Redland,T-72\xe9,destroyed\n",
        "list.csv: byte 54 (line 3) is no UTF-8; save the file as UTF-8",
    ),
    "UTF-16": ("list.csv", TABLE.encode("utf-16"), "list.csv: this is UTF-16; save it as UTF-8"),
    "a NUL": (
        "list.csv",
        TABLE.encode() + b"Redland,T-72\0,destroyed\n",
        "list.csv: byte 54 (line 3) is a NUL; this is no text",
    ),
    "no list": (
        "page.html",
        b"<!DOCTYPE html><html><body><h1>News</h1><ul><li>None</li></ul></body></html>",
        "page.html: the page is no Oryx list: it has no headline, heading or line of a model",
    ),
    "a deep page": (
        "page.html",
        lambda: b"<html><body><h3>" + b"<div>" * 200_000 + b"</html>",
        "page.html: the page's elements are nested too deeply for any list",
    ),
    "a deep document": ("list.json", lambda: b"[" * 200_000, f"list.json: {NO_LIST}"),
    "changing columns": (
        "list.csv",
        TABLE.encode() + b"Redland\nRedland,T-72B,destroyed,one,two\n",
        "list.csv: 2 of 3 rows cannot be read; line 4: 5 columns, where the header has 3",
    ),
    "a spreadsheet": (
        "list.xlsx",
        b"PK\x03\x04\x14\x00",
        "list.xlsx: this is a zip archive or a spreadsheet: unpack it, or save it as CSV",
    ),
}


@pytest.mark.parametrize(("name", "content", "line"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_cannot_be_read(
    run: Run, ledger: Path, tmp_path: Path, name: str, content: bytes | Callable[[], bytes], line: str
) -> None:
    before = ledger.read_bytes()
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content())
    result = run("import", str(path))
    path.unlink()
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", f"lossledger: {line}\n")
    assert ledger.read_bytes() == before


def test_no_such_file(run: Run, ledger: Path, tmp_path: Path) -> None:
    before = ledger.read_bytes()
    result = run("import", str(tmp_path / "none.csv"))
    line = f"lossledger: {tmp_path}/none.csv: there is no such file\n"
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", line)
    assert ledger.read_bytes() == before


def test_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(TABLE)
    result = runner(str(tmp_path / "none.db"))("import", str(tmp_path / "list.csv"))
    line = (
        f"lossledger: no ledger at {tmp_path}/none.db; look around with: lossledger demo, or start one with: "
        "lossledger init\n"
    )
    assert (result.exit_code, result.stdout, result.stderr) == (4, "", line)
    assert not (tmp_path / "none.db").exists()


def test_a_ledger_without_a_conflict(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/empty.db")
    with writing(engine) as connection:
        upgrade(connection)
    engine.dispose()
    (tmp_path / "list.csv").write_text(TABLE)
    before = (tmp_path / "empty.db").read_bytes()
    result = runner(str(tmp_path / "empty.db"))("import", str(tmp_path / "list.csv"))
    line = "this ledger has no conflict yet; see: lossledger pack list, or add it with: lossledger conflict add"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"lossledger: {line}\n")
    assert (tmp_path / "empty.db").read_bytes() == before


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """A table of which an import takes some seconds."""
    path = tmp_path / "long.csv"
    lines = (f"Redland,T-72B,destroyed,https://example.org/{number}" for number in range(60_000))
    path.write_text("side,type,status,source\n" + "\n".join(lines))
    return path


@contextmanager
def importing(ledger: Path, path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """An import as a process of its own, whose standard error is a terminal that can be read."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    process = start(ledger, "import", str(path), stderr=theirs, env=environment, start_new_session=True)
    os.close(theirs)
    try:
        yield process, ours
    finally:
        process.kill()
        process.wait(60)
        os.close(ours)


def read_until(terminal: int, wanted: str) -> str:
    """What comes from a terminal until some text has come, or nothing more does."""
    seen, end = "", time.monotonic() + 60
    while not re.search(wanted, seen) and time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            try:
                seen += os.read(terminal, 4096).decode()
            except OSError:  # the other end is closed
                break
    return seen


def test_a_terminal_is_shown_how_far_it_has_come(ledger: Path, long: Path) -> None:
    """By a bar on standard error, which is gone in the end; standard output has the report alone."""
    with importing(ledger, long) as (process, terminal):
        shown = read_until(terminal, "(?!)")
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert re.search(r"[0-9],000 rows \S*━", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown))
    assert out.startswith("Import of long.csv\nFeed long, new: long\n")
    assert "\x1b" not in out
    assert "━" not in out


def test_a_pipe_is_shown_no_bar(ledger: Path, long: Path) -> None:
    process = start(ledger, "import", str(long))
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("send", "sent", "code"),
    [
        (os.kill, signal.SIGINT, 130),
        (os.killpg, signal.SIGINT, 130),  # as a terminal does, to all that the program has started, too
        (os.killpg, signal.SIGTERM, 143),
        (os.kill, signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_an_import_that_is_interrupted_leaves_nothing_behind(
    ledger: Path, long: Path, send: Callable[[int, signal.Signals], None], sent: signal.Signals, code: int
) -> None:
    before, number = ledger.read_bytes(), entries(ledger)
    with importing(ledger, long) as (process, terminal):
        assert "000 rows" in read_until(terminal, "000 rows")
        send(process.pid, sent)
        said = read_until(terminal, "(?!)")
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (code, "")
    if sent != signal.SIGKILL:
        how = "interrupted" if sent == signal.SIGINT else "terminated"
        assert said.replace("\r", "").endswith(f"lossledger: {how}; nothing more was done\n")
    assert entries(ledger) == number
    assert ledger.read_bytes() == before
