"""Pictures of the public site for the README, on a desktop and a phone, light and dark.

The figures are those of the demonstration; lists and map need items, and are those of an invented war.

They are written to docs/pictures/site-*.png; nothing compares them, since letters are drawn a little differently
everywhere. Look at them before they are committed.
"""

import tempfile
from pathlib import Path

from click.testing import CliRunner
from PIL import Image
from playwright.sync_api import Browser

from lossledger.cli.main import cli
from tests.chromium import DESKTOP, PHONE, running
from tests.publish.sites import command, publish_valley

PICTURES = Path(__file__).parent / "pictures"

SHOWN = (
    # picture, of which site, page, size of the window, scheme, what is scrolled to
    ("site-desktop-light", "demo", "index.html", DESKTOP, "light", None),
    ("site-desktop-dark", "valley", "index.html", DESKTOP, "dark", "#charts"),
    ("site-phone-light", "demo", "index.html", PHONE, "light", None),
    ("site-phone-dark", "valley", "map.html", PHONE, "dark", None),
    ("site-items", "valley", "items.html", DESKTOP, "light", None),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running() as browser:
        sites = {"valley": publish_valley(Path(folder), mischief=False), "demo": demo(Path(folder) / "demo")}
        for name, site, page, size, scheme, part in SHOWN:
            take(browser, f"{sites[site].as_uri()}/{page}", PICTURES / f"{name}.png", size, scheme, part)


def demo(folder: Path) -> Path:
    """The site of the demonstration ledger."""
    CliRunner().invoke(cli, ["demo", "--into", str(folder)], catch_exceptions=False)
    command(folder / "lossledger.db", "publish", str(folder / "site"))
    return folder / "site"


def take(browser: Browser, url: str, picture: Path, size: tuple[int, int], scheme: str, part: str | None) -> None:
    """Take one picture, at twice the dots on a phone, in few enough colours to be small."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if size == PHONE else 1,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_load_state("load")
    if part is not None:
        page.locator(part).scroll_into_view_if_needed()
        page.evaluate("part => document.querySelector(part).scrollIntoView()", part)
    page.screenshot(path=picture)
    context.close()
    with Image.open(picture) as taken:
        taken.convert("RGB").quantize(96).save(picture, optimize=True)
    print(f"{picture.name}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
