"""A program that asks, driven through a real terminal: what it shows, and what it is told."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress

# The terminal has to be the program's own for Ctrl-C to reach it, and whoever runs the tests in the background has
# the shell set interrupts aside.
PROGRAM = """
import fcntl, signal, termios
signal.signal(signal.SIGINT, signal.default_int_handler)
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from lossledger.cli.main import main
main()
"""
PATIENCE = 30.0


class Terminal:
    """A program in a pseudo-terminal: says what it shows, types what it is told."""

    def __init__(self, *args: str) -> None:
        self.shown = ""
        self._end, inner = pty.openpty()
        command = [sys.executable, "-c", PROGRAM, *args]
        self._process = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, start_new_session=True)
        os.close(inner)

    def resize(self, columns: int, lines: int) -> None:
        """Make the window another size; the program sees it where no variable says another."""
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def until(self, text: str) -> str:
        """Wait until the program shows a text; what it showed since the last one."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < deadline, f"{text!r} is not in {self.shown!r}"
            if not self._read():
                break
        assert text in self.shown
        before, _, self.shown = self.shown.partition(text)
        return before

    def press(self, key: str, text: str) -> str:
        """Press a key at a prompt until the program shows a text; what it showed before that.

        What is typed before a prompt reads single keys is thrown away by the terminal, so a key may be lost, and is
        pressed again; one that is pressed too often is lost alike.
        """
        found = self._pressed(key, text)
        assert found is not None, f"{text!r} is not in {self.shown!r}"
        return found

    def pressed(self, key: str, text: str) -> bool:
        """Press a key until the program shows a text; False where it ends instead."""
        return self._pressed(key, text) is not None

    def _pressed(self, key: str, text: str) -> str | None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            time.sleep(0.05)
            with suppress(OSError):  # the program may have gone meanwhile
                os.write(self._end, key.encode())
            until = time.monotonic() + 2.0
            while time.monotonic() < until:
                if text in self.shown:
                    before, _, self.shown = self.shown.partition(text)
                    return before
                if select.select([self._end], [], [], 0.1)[0] and not self._read():
                    return None
        return None

    def type(self, text: str) -> None:
        """Type a line, or a control character by itself."""
        os.write(self._end, text.encode())

    def end(self) -> int:
        """Wait for the program's end; its exit code."""
        while self._read():
            pass
        os.close(self._end)
        return self._process.wait(PATIENCE)

    def _read(self) -> bool:
        if not select.select([self._end], [], [], PATIENCE)[0]:
            return False
        try:
            found = os.read(self._end, 4096)
        except OSError:  # Linux says so when the program has gone
            return False
        self.shown += found.decode()
        return bool(found)
