"""How far something has come that takes long, shown on a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PATIENCE = 1.0
"""Seconds that pass before a user wants to know how far it is."""

Tell = Callable[[int, str], None]
"""Says how much of the whole is done by now, and in a few words what that is."""


@contextmanager
def progress(whole: int | None) -> Iterator[Tell]:
    """Show a bar while something goes on; nothing where it is quick, or standard error is no terminal.

    ``whole`` is how much there is to do, None where nobody knows.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _said: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    # Standard output stays as it is: it may lead elsewhere, and what goes there is no business of a bar's.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as shown:
        task = shown.add_task("", total=whole, visible=False)

        def tell(done: int, said: str) -> None:
            late = time.monotonic() - started > _PATIENCE
            shown.update(task, completed=done, description=said, visible=late)

        yield tell
