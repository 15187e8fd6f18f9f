"""What is left when the system ends the program: nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE


def test_whoever_is_terminated_leaves_no_copy_behind(ledger: Path, tmp_path: Path) -> None:
    """As a service manager ends a program, while a public copy of the ledger lies in its folder."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    slow = (
        "import sys, time\n"
        "from lossledger.cli import main\n"
        "from lossledger.ledger import public_copy\n"
        "def wait(*_given): print('there', flush=True); time.sleep(60)\n"
        "public_copy.withhold = wait\n"
        f"sys.argv[1:] = {['--db', str(ledger), 'export', 'csv']!r}\n"
        "main.main()"
    )
    environment = os.environ | {"TMPDIR": str(scratch)}
    words = [sys.executable, "-c", slow]
    with subprocess.Popen(words, stdout=PIPE, stderr=PIPE, env=environment, text=True) as done:
        assert done.stdout
        assert done.stdout.readline() == "there\n"
        assert list(scratch.iterdir())
        done.send_signal(signal.SIGTERM)
        _, said = done.communicate(timeout=30)
    assert (done.returncode, said) == (143, "\nlossledger: terminated; nothing more was done\n")
    assert not list(scratch.iterdir())
