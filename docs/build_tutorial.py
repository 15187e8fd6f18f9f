"""Writes into the tutorial's two parts what their commands say; a test fails where the two differ.

The commands run in order in an empty folder, in this process. Ids, salts and the clock are the same at every run:
ids follow from the text of a command, so that they stay when a command is put before it, and where an id changes, the
commands that type it change with it. A comment in the document sets the clock, ``<!-- clock: 2020-11-02 09:00 -->``;
every command takes a minute. Others prepare the folder: ``<!-- file: valley.html -->`` puts the block below it there,
``<!-- picture: bridge.png -->`` one of the pictures beside this script, and ``<!-- served: 8000 -->`` has the folder
served on this machine, for all that the commands can see at that port.
"""

import contextlib
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import httpcore
from click.testing import CliRunner

from lossledger.cli.main import cli
from lossledger.core import days, digest
from lossledger.core.digest import UID_LENGTH

TARGETS = tuple(Path(__file__).parent / name for name in ("tutorial.md", "day.md"))
PICTURES = Path(__file__).parent / "pictures"
HOME = "/home/ann"
"""What the document calls the folder in which its commands run."""

_CLOCK = re.compile(r"<!-- clock: (.+) -->")
_FILE = re.compile(r"<!-- file: ([\w.-]+) -->")
_PICTURE = re.compile(r"<!-- picture: ([\w.-]+) -->")
_SERVED = re.compile(r"<!-- served: (\d+) -->")
_ID = re.compile(r"\b[a-z2-7]{4,10}\b")
_WHOLE_ID = re.compile(rf"\b[a-z2-7]{{{UID_LENGTH}}}\b")
_TAKEN_IN = re.compile(r"\$\(cat ([^)]+)\)")
_STEADY = {
    "COLUMNS": "80",
    # What would colour the output, or have it wrapped otherwise.
    "FORCE_COLOR": None,
    "TTY_COMPATIBLE": None,
    # Until the document names its own; never the ledger of whoever runs this.
    "LOSSLEDGER_DB": "lossledger.db",
}


def told(document: str) -> str:
    """The document with what its commands say today."""
    with _empty_folder() as folder, contextlib.ExitStack() as open_things:
        return "".join(_lines(document, Shell(folder), open_things))


def _lines(document: str, shell: "Shell", open_things: contextlib.ExitStack) -> Iterator[str]:
    """The lines of the document, what stood below a command replaced by what the command says."""
    moved: dict[str, str] = {}
    inside = False
    lines = document.splitlines(keepends=True)[::-1]
    while lines:
        line = lines.pop()
        if inside and line.startswith("$ "):
            while line.endswith("\\\n"):
                line += lines.pop()
            before = ""
            while lines and not lines[-1].startswith(("$ ", "```")):
                before += lines.pop()
            line = _followed(line, moved)
            says = shell.run(line.removeprefix("$ "))
            yield line + says
            moved |= _moved(before, says)
            continue
        yield line
        if line.startswith("```"):
            inside = line == "```console\n"
        elif clock := _CLOCK.match(line):
            shell.now = datetime.fromisoformat(clock[1]).replace(tzinfo=UTC)
        elif file := _FILE.match(line):
            block = [_followed(row, moved) for row in _block(lines)]
            shell.save(file[1], "".join(block[1:-1]))
            yield from block
        elif picture := _PICTURE.match(line):
            shutil.copy(PICTURES / picture[1], picture[1])
        elif served := _SERVED.match(line):
            open_things.enter_context(_served(int(served[1])))


def _block(lines: list[str]) -> Iterator[str]:
    """The lines of the block that comes next, with the fences around it."""
    yield lines.pop()
    while (line := lines.pop()) != "```\n":
        yield line
    yield line


def _moved(before: str, after: str) -> dict[str, str]:
    """The new id for each that a command printed before; none where it prints more or fewer of them now."""
    old, new = _WHOLE_ID.findall(before), _WHOLE_ID.findall(after)
    return {one: other for one, other in zip(old, new, strict=True) if one != other} if len(old) == len(new) else {}


def _followed(line: str, moved: dict[str, str]) -> str:
    """A command with the new ids, or as much of them as was typed of the old ones; other words stay as they are."""

    def follow(found: re.Match[str]) -> str:
        return next((new[: len(found[0])] for old, new in moved.items() if old.startswith(found[0])), found[0])

    return _ID.sub(follow, line)


class Shell:
    """As much of a shell as the document needs: ``lossledger`` in this process, other programs outside it.

    It knows ``export``, one pipe, one ``>``, ``$?`` and ``$(cat FILE)``.
    """

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2020, 1, 1, tzinfo=UTC)
        self._folder = folder
        self._environment: dict[str, str | None] = dict(_STEADY)
        self._code = 0
        self._failed = ""
        self._given: Counter[str] = Counter()

    def run(self, line: str) -> str:
        """What a terminal of 80 columns shows of a command. A failure must be followed by ``echo $?``."""
        asks = "$?" in line
        if self._failed and not asks:
            raise RuntimeError(f"failed with {self._code}, which the document does not show: {self._failed}")
        full = _TAKEN_IN.sub(lambda found: self._read(found[1]), line).replace("$?", str(self._code))
        self.now += timedelta(minutes=1)
        shows = self._pipe(line, shlex.split(full.replace("\\\n", " ")))
        self._failed = f"{line}{shows}".strip() if self._code else ""
        shows = shows.replace(str(self._folder), HOME)
        return "".join(f"{row.rstrip()}\n" for row in shows.splitlines())

    def save(self, name: str, text: str) -> None:
        """Put a file into the folder, as the document has its reader do."""
        (self._folder / name).write_text(text, encoding="utf-8")

    def _pipe(self, line: str, words: list[str]) -> str:
        words, _, into = _cut(words, ">")
        words, piped, then = _cut(words, "|")
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self._environment[name] = value
            return ""
        if words[0] != "lossledger":
            return self._outside(words, "")
        data, shows, talk = self._lossledger(line, words[1:])
        if piped:
            return talk + self._outside(then, data)
        if into:
            (self._folder / into[0]).write_text(data, encoding="utf-8")
            return talk
        return shows

    def _lossledger(self, line: str, words: list[str]) -> tuple[str, str, str]:
        """Its standard output, both outputs as a terminal mixes them, its standard error."""
        self._given[line] += 1
        seed = f"{self._given[line]} {line}"
        with patch.object(digest, "RANDOMNESS", Seeded(seed)), patch.object(days, "datetime", _stopped(self.now)):
            result = CliRunner().invoke(cli, words, env=self._environment)
        # Only an exit is an answer; anything else that a command raises is a fault, and is shown as one.
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        self._code = result.exit_code
        return result.stdout, result.output, result.stderr

    def _outside(self, words: list[str], given: str) -> str:
        program = {"python3": sys.executable}.get(words[0], words[0])
        done = subprocess.run(
            [program, *words[1:]],
            input=given,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        self._code = done.returncode
        return done.stdout

    def _read(self, name: str) -> str:
        return (self._folder / name).read_text(encoding="utf-8").rstrip("\n")


class Seeded:
    """Stands in for the system's randomness: the same at every run; how many salts there are moves no id."""

    def __init__(self, seed: str) -> None:
        self._ids, self._salts = random.Random(f"ids {seed}"), random.Random(f"salts {seed}")

    def draw(self, number: int) -> bytes:
        return (self._ids if number == UID_LENGTH else self._salts).randbytes(number)


def _stopped(when: datetime) -> type[datetime]:
    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(when.timestamp(), tz or UTC)

    return Stopped


def _cut(words: list[str], sign: str) -> tuple[list[str], bool, list[str]]:
    """The words before a sign of the shell, whether it is there, the words after it."""
    if sign not in words:
        return words, False, []
    place = words.index(sign)
    return words[:place], True, words[place + 1 :]


@contextlib.contextmanager
def _served(port: int) -> Iterator[None]:
    """Serve the present folder at a free port of this machine, which whoever connects to ``port`` reaches."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(Path.cwd()))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        connect = httpcore.SyncBackend.connect_tcp

        def elsewhere(self: httpcore.SyncBackend, host: str, asked: int, **how: Any) -> httpcore.NetworkStream:
            return connect(self, host, server.server_port if asked == port else asked, **how)

        with patch.object(httpcore.SyncBackend, "connect_tcp", elsewhere):
            yield
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: a document shows what its commands say."""


@contextlib.contextmanager
def _empty_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        yield Path(name).resolve()


if __name__ == "__main__":
    for target in TARGETS:
        target.write_text(told(target.read_text(encoding="utf-8")), encoding="utf-8")
        sys.stderr.write(f"wrote {target.name}\n")
