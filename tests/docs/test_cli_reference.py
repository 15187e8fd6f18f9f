"""The reference says what the program says."""

import subprocess
import sys
from pathlib import Path

from docs.build_cli_reference import TARGET

WRITE = "import sys; from docs.build_cli_reference import reference; sys.stdout.buffer.write(reference().encode())"


def test_the_reference_is_the_commands_own_help() -> None:
    """Whoever changes a command runs ``make docs``. In a process of its own, for a command remembers its last help."""
    root = Path(__file__).parents[2]
    written = subprocess.run([sys.executable, "-c", WRITE], cwd=root, capture_output=True, check=True).stdout
    assert TARGET.read_bytes() == written, "out of date: run 'make docs'"
