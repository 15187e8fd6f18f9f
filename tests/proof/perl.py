"""The verifier in Perl, or why it cannot run here."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.conftest import lacking

VERIFIER = Path(__file__).parent / "verify.pl"


@cache
def _interpreter() -> str:
    found = shutil.which("perl")
    if found is None:
        lacking("perl", "there is no perl to run the other verifier")
    modules = [found, "-MJSON::PP", "-MDigest::SHA", "-MMIME::Base64", "-e1"]
    if subprocess.run(modules, check=False, capture_output=True).returncode:
        lacking("perl", "perl lacks JSON::PP, Digest::SHA or MIME::Base64, which come with its full package")
    return found


def perl(file: Path, *heads: str) -> str:
    """What the verifier in Perl says of a file; the test is skipped where there is no perl that can run it."""
    done = subprocess.run(
        [_interpreter(), VERIFIER, file, *heads], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.stderr == ""
    assert (done.returncode == 0) == (done.stdout == "proved\n")
    return done.stdout.strip()
