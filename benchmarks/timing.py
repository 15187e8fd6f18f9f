"""How time is taken: whole processes in interleaved rounds, calls by their median, always beside something else.

Times of a busy machine mean little by themselves. What can be trusted are ratios within one round, in which every
contender ran once, shortly after each other; so the median of those is what is reported.
"""

import compileall
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import lossledger


def compile_program() -> None:
    """Keep the program's bytecode, as its installation does: a checkout may have to compile it anew at every start."""
    compileall.compile_dir(Path(lossledger.__file__).parent, quiet=1)


class Spent(NamedTuple):
    """What one run cost: seconds of both processors' time, seconds on the wall, and what it printed."""

    cpu: float
    wall: float
    printed: str


def run(command: Sequence[str], environment: Mapping[str, str]) -> Spent:
    """Run a command to its end. Raises: RuntimeError where it fails, for then its time says nothing."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        printed = process.stdout.read().decode() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Spent(used.ru_utime + used.ru_stime, wall, printed)


class Cost(NamedTuple):
    """What one process cost: seconds of processor and wall, and the most memory it ever had, in megabytes."""

    cpu: float
    wall: float
    peak: float


def cost(command: Sequence[str]) -> Cost:
    """What a command costs, run once: for what takes so long that a moment's trouble does not matter."""
    measured = (
        "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode; "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
    )
    spent = run([sys.executable, "-c", measured, *command], dict(os.environ))
    return Cost(spent.cpu, spent.wall, int(spent.printed) / 1024)


def interleaved(
    commands: Mapping[str, Sequence[str]], environment: Mapping[str, str], rounds: int, warm_up: int = 2
) -> dict[str, list[Spent]]:
    """Every command once a round, round after round; the first rounds only fill the caches."""
    spent: dict[str, list[Spent]] = {name: [] for name in commands}
    for number in range(warm_up + rounds):
        for name, command in commands.items():
            once = run(command, environment)
            if number >= warm_up:
                spent[name].append(once)
    return spent


def ratio(these: Sequence[float], those: Sequence[float]) -> float:
    """The median of the ratios within each round."""
    return median(this / that for this, that in zip(these, those, strict=True))


def timed(calls: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 1) -> dict[str, list[float]]:
    """Seconds on the wall of every call once a round, round after round, after a warm-up."""
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(warm_up + rounds):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            if number >= warm_up:
                spent[name].append(time.perf_counter() - began)
    return spent


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their header, the first column to the left and all others to the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for line in (header, ["-" * width for width in widths], *rows):
        first, *others = (cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join((line[0].ljust(len(first)), *others)).rstrip())


def milliseconds(spent: Sequence[float]) -> str:
    """The median of some times, as it is printed."""
    return f"{median(spent) * 1000:.0f} ms" if median(spent) >= 0.01 else f"{median(spent) * 1000:.1f} ms"
