"""The map: outlines of countries and where losses were."""

from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """Where losses were, in degrees, with the class of their side."""

    latitude: float
    longitude: float
    tone: str
    quantity: int


def svg(places: Iterable[Place], label: str) -> str:
    """The map as it stands in a page; empty where there is nothing to show."""
    return ""
