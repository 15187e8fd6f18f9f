"""A person at a terminal of 80 by 24: what is pressed is counted, what stands on the screen can be read."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping
from typing import Self

import pyte

COLUMNS, LINES = 80, 24
_PATIENCE = 30.0
"""Seconds that the program may take for anything, on a busy machine."""

_COMMAND = (sys.executable, "-m", "lossledger")


class Terminal:
    """The program, run at a terminal of its own."""

    def __init__(self, *arguments: str, environment: Mapping[str, str]) -> None:
        self.pressed = 0
        """How many keys were pressed: each sign one, each named key one, a paste two (Ctrl+Shift and V)."""
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self.drawn = b""
        """Everything that the program wrote."""
        self.code: int | None = None
        """The exit code, once it has ended; negative for the signal that ended it."""
        self.process, self._file = pty.fork()
        if self.process == 0:
            os.execve(_COMMAND[0], (*_COMMAND, *arguments), dict(environment))
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.code is None:
            self.kill()
        os.close(self._file)

    def type(self, text: str) -> None:
        """Type a text, a key for each sign."""
        self.pressed += len(text)
        self._send(text.encode())

    def press(self, *keys: bytes) -> None:
        """Press keys that are no signs."""
        self.pressed += len(keys)
        for key in keys:
            self._send(key)

    def paste(self, text: str) -> None:
        """Paste a text from the clipboard, as a terminal hands it over."""
        self.pressed += 2
        self._send(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def hang_up(self) -> None:
        """Close the terminal's window."""
        os.close(self._file)
        self._file = os.open(os.devnull, os.O_RDWR)
        self._wait()

    def kill(self) -> None:
        """End the program as a closed window or a crash would, without a word to it."""
        os.kill(self.process, signal.SIGKILL)
        self._wait()

    def see(self, text: str, *, times: int = 1) -> str:
        """Wait until a text stands on the screen, so many times; the screen."""
        until = time.monotonic() + _PATIENCE
        while (screen := self.screen()).count(text) < times:
            assert time.monotonic() < until, f"{text!r} is not to be seen:\n{screen}"
            if not self._read(0.2):
                break
        assert screen.count(text) >= times, f"{text!r} is not to be seen, and the program has ended:\n{screen}"
        return screen

    def end(self) -> int:
        """Wait until the program has ended; its exit code."""
        until = time.monotonic() + _PATIENCE
        while self._read(0.2):
            assert time.monotonic() < until, f"the program does not end:\n{self.screen()}"
        return self._wait()

    def screen(self) -> str:
        """What stands on the screen, without the blank ends of its lines and of itself."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    def _read(self, seconds: float) -> bool:
        """Draw what the program writes within some time; whether it may write more."""
        ready, _, _ = select.select([self._file], [], [], seconds)
        if not ready:
            return True
        try:
            written = os.read(self._file, 65_536)
        except OSError:  # how Linux says that the other side is closed
            return False
        self.drawn += written
        self._stream.feed(written)
        if b"\x1b[6n" in written:  # it asks where the cursor is, as a terminal would be asked
            cursor = self._screen.cursor
            self._send(f"\x1b[{cursor.y + 1};{cursor.x + 1}R".encode())
        return bool(written)

    def _send(self, keys: bytes) -> None:
        os.write(self._file, keys)

    def _wait(self) -> int:
        _, status = os.waitpid(self.process, 0)
        self.code = os.waitstatus_to_exitcode(status)
        return self.code
