"""Where a ledger is published, under which title and by whom: what a citation names, and the site as well."""

from lossledger.core.fields import MAX_LINE
from lossledger.core.text import checked_url

URL, TITLE, PUBLISHER = (f"site.{name}" for name in ("url", "title", "publisher"))

SETTINGS = {
    URL: "the address at which the list is published",
    TITLE: "the title under which it is published",
    PUBLISHER: "who publishes it",
}
"""The settings, and what each says. None is set unless somebody does."""


def check(name: str, value: str) -> None:
    """Refuse a value that a setting of the site cannot have. Errors: Refused for an address that is no http link."""
    if name == URL:
        checked_url(value, f"setting {name}", MAX_LINE)
