"""axe-core finds nothing serious on any kind of page, in either scheme, on a phone and on a desktop."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.chromium import DESKTOP, PHONE
from tests.publish.reader import reader
from tests.publish.test_browser import ready, some_of

GRAVE = {"serious", "critical"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_serious(browser: Browser, valley: Path, scheme: str, size: tuple[int, int]) -> None:
    found = {}
    with reader(browser, f"{valley.as_uri()}/", size, scheme) as opened:
        for address in some_of(valley):
            page = ready(opened) if address == "items.html" else opened.open(address)
            violations = Axe().run(page).response["violations"]
            grave = [
                (one["id"], one["nodes"][0]["html"][:120], one["nodes"][0]["failureSummary"])
                for one in violations
                if one["impact"] in GRAVE
            ]
            if grave:
                found[address] = grave
    assert found == {}
