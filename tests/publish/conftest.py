"""A site that was published once a run, and its addresses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publish.sites import publish_valley


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
