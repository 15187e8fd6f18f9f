"""What stays at addresses of a site at which nothing is told any more: a page that says where it is told now.

A list has an address of its own only while its side stands in several, and a chart while there is something to draw.
Others may have linked to either, and a link that leads nowhere does not say whether something was taken back.
"""

import re
from collections.abc import Iterator

from lossledger.publish.drawing import FAINT, PAPER, picture, tag, text
from lossledger.publish.drawing import Frame as Size
from lossledger.publish.folder import Folder
from lossledger.publish.frame import Frame
from lossledger.publish.looks import render

_ADDRESS = re.compile(r"(?P<kind>category|embed|charts)/(?P<name>[^/]+)\.(?:html|svg)")
"""The addresses that others link to, and that may come to stand empty; those of losses never do."""

_SAYS = "This chart is not drawn any more."


def moved_pages(frame: Frame, folder: Folder) -> Iterator[tuple[str, bytes]]:
    """A page for each address that was written before and is no longer part of the site; none of another conflict's."""
    if folder.before.made.get("conflict", frame.scope.conflict) != frame.scope.conflict:
        return
    standing = set(folder.files)
    for path in sorted(folder.before.files.keys() - standing):
        if found := _ADDRESS.fullmatch(path):
            yield path, _made(frame, standing, found["kind"], found["name"])


def _made(frame: Frame, standing: set[str], kind: str, name: str) -> bytes:
    if kind == "charts":
        size = Size(760, 120, 0, 0, 0, 0)
        paper = tag("rect", width=size.width, height=size.height, fill=PAPER)
        return picture(size, "moved", _SAYS, _SAYS, [paper, text(_SAYS, 14, 64, fill=FAINT)]).encode()
    if kind == "embed":
        to, words = "index.html", frame.title
    else:
        to, words = _nearest(frame, standing, name.split("."))
    return render("moved.html", frame=frame, root="../", here="", to=to, words=words, bare=kind == "embed")


def _nearest(frame: Frame, standing: set[str], parts: list[str]) -> tuple[str, str]:
    """Where the nearest of what stood at "tanks.redland.list.2" is told: the list, the side, the heading, or all."""
    headings = frame.known.terms["category"]
    for end in range(len(parts) - 1, 0, -1):
        path = f"category/{'.'.join(parts[:end])}.html"
        if path in standing and parts[0] in headings:
            return path, headings[parts[0]].name
    return "index.html", frame.title
