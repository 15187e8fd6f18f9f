"""The marks of what became of a loss, as shapes: filled, half filled, hollow, and an arrow into a wall for captured.

The style sheet draws the same before a status in a text, so that they are read alike everywhere, in grey too.
"""

from lossledger.publish.drawing import PAPER, tag

_SQUARE, _HALF = "M-4 -4h8v8h-8z", "M-4 -4h4v8h-4z"
_ARROW = "M-6 -1h3.6v-2.8l3.6 3.8l-3.6 3.8v-2.8h-3.6z M2.4 -4.5h1.8v9h-1.8z"
_LOZENGE = "M0 -5l5 5l-5 5l-5 -5z"

_SHAPES = {
    "destroyed": ((_SQUARE, "mark"),),
    "damaged": ((_SQUARE, "mark hollow"), (_HALF, "mark")),
    "abandoned": ((_SQUARE, "mark hollow"),),
    "captured": ((_ARROW, "mark"),),
    "lost": ((_LOZENGE, "mark hollow"),),
}


def definitions() -> str:
    """Each mark once, about the point 0 0 and seven units wide, with paper around it so that marks stand apart."""
    ground = tag("circle", r=6.5, fill=PAPER, fill_opacity=0.7, class_="ground")
    marks = [
        tag("g", ground, *(_shape(path, name) for path, name in shapes), id=f"mark-{status}", transform="scale(0.85)")
        for status, shapes in _SHAPES.items()
    ]
    return tag("defs", *marks)


def mark(status: str, tone: str) -> str:
    """A mark in a side's ink, where `definitions` stand in the same picture."""
    return tag("use", href=f"#mark-{status if status in _SHAPES else 'lost'}", class_=tone)


def _shape(path: str, name: str) -> str:
    fill = PAPER if "hollow" in name else "currentColor"
    return tag("path", d=path, fill=fill, stroke="currentColor", stroke_width=1.2, class_=name)
