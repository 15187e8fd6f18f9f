"""The system's Chromium, without a window, for what must be seen in a real browser: tests, measurements, pictures."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Error, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SWITCHES = (
    "--no-sandbox",  # as root in a container, where Chromium's own sandbox cannot be made
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PHONE, DESKTOP = (360, 740), (1440, 900)


class CannotStart(Exception):
    """There is no Chromium here, or it does not start."""


@contextmanager
def running() -> Iterator[Browser]:
    """Chromium, until the block ends. Raises: CannotStart."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise CannotStart("there is none")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=list(_SWITCHES))
        except Error as error:
            raise CannotStart(str(error)) from error
        yield browser
        browser.close()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The folder on a port of this machine alone, as a plain web host gives it out: the address, with a slash."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
