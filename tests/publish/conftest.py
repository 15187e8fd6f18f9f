"""Sites that were published once a run, and a browser to read them in."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import lacking
from tests.publish.sites import publish_valley

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium, started once; the tests that ask for it run one after the other, on one worker."""
    from tests import chromium

    with ExitStack() as running:
        try:
            browser = running.enter_context(chromium.running())
        except chromium.CannotStart as error:
            lacking("browser", f"no Chromium could be started: {error}")
        yield browser


@pytest.fixture(scope="session")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site of an invented war: two sides, four hundred losses, and some that mean mischief."""
    return publish_valley(tmp_path_factory.mktemp("site"))


@pytest.fixture(params=["file", "http"])
def base(request: pytest.FixtureRequest, valley: Path) -> Iterator[str]:
    """The site's address, as a folder and from a web host."""
    if request.param == "file":
        yield f"{valley.as_uri()}/"
        return
    from tests import chromium

    with chromium.serving(valley) as address:
        yield address
