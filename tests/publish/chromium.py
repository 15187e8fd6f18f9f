"""A real browser for the tests of pages: the system's Chromium, which sees nothing but what a test lets it see."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Error, Page, Route, sync_playwright

from tests.conftest import lacking

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SWITCHES = (
    "--no-sandbox",  # the tests run as root in a container, where Chromium's own sandbox cannot be made
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PHONE, DESKTOP = (360, 740), (1440, 900)


@contextmanager
def running() -> Iterator[Browser]:
    """Chromium without a window; the test is skipped, or fails, where there is none."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        lacking("browser", "there is no Chromium to open pages in")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=list(_SWITCHES))
        except Error as error:
            lacking("browser", f"Chromium does not start: {error}")
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


@dataclass
class Reader:
    """One reader's window on a site, and what went wrong in it."""

    context: BrowserContext
    page: Page
    base: str
    wrong: list[str] = field(default_factory=list)

    def open(self, address: str = "index.html") -> Page:
        """Go to a page of the site."""
        self.page.goto("about:blank")  # so that an address that differs behind its # alone is a page opened anew
        self.page.goto(self.base + address)
        return self.page


@contextmanager
def reader(
    browser: Browser,
    base: str,
    size: tuple[int, int] = DESKTOP,
    scheme: str = "light",
    *,
    still: bool = False,
    script: bool = True,
) -> Iterator[Reader]:
    """A reader of the site at an address: a request that leaves it is stopped, and it and every error are noted."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce" if still else "no-preference",
        java_script_enabled=script,
        accept_downloads=True,
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    opened = Reader(context, page, base)

    def pass_or_stop(route: Route) -> None:
        url = route.request.url
        if url.startswith(("data:", "blob:")) or _within(url, base):
            route.continue_()
        else:
            opened.wrong.append(f"asked for {url}")
            route.abort()

    def console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            opened.wrong.append(f"{message.type}: {message.text}")

    def dialog(shown: Dialog) -> None:
        opened.wrong.append(f"dialog: {shown.message}")
        shown.dismiss()

    context.route("**/*", pass_or_stop)
    page.on("console", console)
    page.on("pageerror", lambda error: opened.wrong.append(f"error: {error}"))
    page.on("dialog", dialog)
    yield opened
    context.close()


def _within(url: str, base: str) -> bool:
    wanted, allowed = urlsplit(url), urlsplit(base)
    if (wanted.scheme, wanted.netloc) != (allowed.scheme, allowed.netloc):
        return False
    folder = Path(unquote(allowed.path)).resolve()
    return Path(unquote(wanted.path)).resolve().is_relative_to(folder)
