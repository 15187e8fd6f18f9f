"""A chart as a picture: PNG, SVG, or a page that works without a network."""

import html
import json
from collections.abc import Callable, Mapping
from functools import cache

import vl_convert

from lossledger.exports.chart_frame import Spec

_SHARPNESS = 2
"""Pixels of a PNG to one of the chart: 1,600 across."""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ margin: 0 auto; max-width: 800px; background: #fff }}
#chart {{ display: block; overflow-x: auto }}
#chart svg {{ max-width: 100%; height: auto }}
@media (max-width: 620px) {{ #chart svg {{ max-width: none; width: 640px }} }}
</style>
<div id="chart"></div>
<noscript>This chart is drawn by a script that stands in this file.</noscript>
<script type="application/json" id="spec">{spec}</script>
<script>{library}</script>
</html>
"""

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
"""Nothing may be loaded from anywhere. Vega makes functions of its own expressions, hence unsafe-eval; no text of the
ledger ever stands in an expression."""

_DRAW = """
vegaEmbed("#chart", JSON.parse(document.getElementById("spec").textContent), {
  mode: "vega-lite", renderer: "svg", actions: { export: true, source: false, compiled: false, editor: false }
});
"""


def png(spec: Spec) -> bytes:
    """A chart as a picture of 1,600 pixels across."""
    return bytes(vl_convert.vegalite_to_png(spec, scale=_SHARPNESS))


def svg(spec: Spec) -> bytes:
    """A chart as a picture that is sharp at any size."""
    return str(vl_convert.vegalite_to_svg(spec)).encode()


def page(spec: Spec) -> bytes:
    """A chart as one HTML file with all that draws it; pointing at it tells its numbers."""
    title = " ".join(spec["title"]["text"])
    text = _PAGE.format(
        policy=_POLICY,
        title=html.escape(title),
        spec=json.dumps(spec, ensure_ascii=False).replace("<", "\\u003c"),
        library=_library(),
    )
    return text.encode()


@cache
def _library() -> str:
    """What draws a page's chart. To put it together takes seconds, and it is the same for every page."""
    return str(vl_convert.javascript_bundle(_DRAW))


_FORMATS: Mapping[str, Callable[[Spec], bytes]] = {"png": png, "svg": svg, "html": page}


def drawn(form: str, spec: Spec) -> bytes:
    """A chart as a file of a kind: ``png``, ``svg`` or ``html``."""
    return _FORMATS[form](spec)
