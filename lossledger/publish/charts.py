"""Charts as SVG: rows in, markup out."""

from collections.abc import Sequence

from lossledger.publish.series import Chart


def svg(chart: Chart, *, alone: bool = False) -> str:
    """A chart as it stands in a page, or ``alone`` as a whole file."""
    return ""


def bar(parts: Sequence[tuple[str, int]], whole: int) -> str:
    """A small bar for a table's cell, of parts by their classes."""
    return ""
