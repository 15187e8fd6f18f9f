"""One reader's window on a site, in which every error and every request that leaves the site is noted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Route

from tests.chromium import DESKTOP


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


def until(page: Page, expression: str) -> None:
    """Wait until an expression of JavaScript is true on a page. Playwright's own way evaluates text in the page, which
    the site's content security policy forbids, as it should.
    """
    for _ in range(150):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never: {expression}")
