"""The losses around a point on the map."""

from functools import partial
from math import asin, cos, degrees, radians, sin
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from lossledger.core.sameness import EARTH_KM, kilometres
from lossledger.db.tables import loss
from lossledger.queries.losses import among


class Circle(NamedTuple):
    """What lies within some kilometres of a point."""

    latitude: float
    longitude: float
    km: float


def within(connection: Connection, circle: Circle) -> ColumnElement[bool]:
    """That a loss lies within a circle: those in the box around it are read, and measured on the sphere."""
    found = connection.execute(select(loss.c.id, loss.c.latitude, loss.c.longitude).where(_box(circle)))
    measured = partial(kilometres, circle.latitude, circle.longitude)
    return among(loss.c.id, [id_ for id_, latitude, longitude in found if measured(latitude, longitude) <= circle.km])


_MARGIN = 1e-9
"""So much wider is the box, in degrees, than the circle: what is on its rim must not be lost to rounding."""


def _box(circle: Circle) -> ColumnElement[bool]:
    """The latitudes and longitudes that a circle reaches; all longitudes where it reaches a pole."""
    height = degrees(circle.km / EARTH_KM) + _MARGIN
    south, north = circle.latitude - height, circle.latitude + height
    between = loss.c.latitude.between(south, north)
    if south <= -90 or north >= 90:
        return between
    width = degrees(asin(sin(circle.km / EARTH_KM) / cos(radians(circle.latitude)))) + _MARGIN
    west, east = circle.longitude - width, circle.longitude + width
    turns = [loss.c.longitude.between(west + turn, east + turn) for turn in (-360, 0, 360)]
    return and_(between, or_(*turns))
