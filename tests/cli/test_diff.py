"""``diff`` as a user sees it: a table of causes with both tallies, the rows field by field, loss by loss."""

import json
from pathlib import Path

import pytest

from lossledger.core.vocabulary import Act
from lossledger.db.engine import open_engine
from lossledger.ledger import losses
from lossledger.ledger.journal import recording
from tests.cli.conftest import REDLAND, Run

RUN = "runaaaaaaa"


def test_placeholder(run: Run) -> None:
    """See what it prints."""
    head = run("audit", "--head").stdout.partition(":")[0]
    run("amend", "tank222222", "--type", "T-72B3", "--place", "the ford", "--reason", "a better picture")
    run("verify", "tank444444", "--reason", "seen")
    run("withdraw", "tank333333", "--reason", "a decoy")
    run("add", "--side", "blue", "--type", "Su-25", "--status", "destroyed", "--date", "2020-10-04", "--source", "post")
    new = run("add", "--side", "red", "--type", "D-30", "--status", "destroyed", "--date", "2020-10-04", "--source", "post2", "--verification", "confirmed")
    print(new.stdout, new.stderr)
    for words in (["diff", head], ["diff", head, "--items"], ["diff", head, head], ["diff", head, "--joined"], ["diff", "2021-06-01", "--side", "blue"], ["diff", head, "--type", "Su-25"]):
        r = run(*words); print(words, r.exit_code); print(r.stdout + r.stderr)
    assert 0
