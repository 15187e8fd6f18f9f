"""Judging: the two signs of the code, when a source or its word is entered and later, and what is none."""

import json
from typing import Any

import pytest

from tests.cli.conftest import LIST, POST, Run
from tests.cli.screens import screen

RELIABILITIES = (
    "A (completely reliable), B (usually reliable), C (fairly reliable), D (not usually reliable), E (unreliable), "
    "F (reliability cannot be judged), or: not judged"
)
CREDIBILITIES = (
    "1 (confirmed by other sources), 2 (probably true), 3 (possibly true), 4 (doubtful), 5 (improbable), "
    "6 (truth cannot be judged), or: not judged"
)


def pieces(run: Run, uid: str) -> list[dict[str, Any]]:
    return list(json.loads(run("show", uid, "--format", "json").stdout)["evidence"])


def signs(run: Run, uid: str) -> list[tuple[str | None, str | None]]:
    return [(piece["source"]["reliability"], piece["credibility"]) for piece in pieces(run, uid)]


def test_judged_when_it_is_added_and_anew(served: Run) -> None:
    """Either sign in either case; each change is an entry that can be undone; "not judged" takes a judgement back."""
    new = ("--source", "https://example.org/9", "--reliability", "c", "--credibility", "3")
    screen(served("evidence", "add", "tank2", *new, "--reason", "a report"))
    assert signs(served, "tank2") == [(None, None), ("C", "3")]
    judged = served("evidence", "judge", "tank2", "https://www.example.org/9?utm_source=x", *_as("2"))
    source = pieces(served, "tank2")[1]["source"]["id"]
    assert judged.stderr == f"loss tank222222: credibility of source {source}: 3 -> 2\n"
    screen(served("source", "change", source, "--reliability", "b", "--reason", "right again"))
    assert signs(served, "tank2") == [(None, None), ("B", "2")]
    screen(served("evidence", "judge", "tank2", POST[:3], *_as("6")))
    screen(served("evidence", "judge", "tank2", source, *_as("not judged")))
    screen(served("source", "change", source, "--reliability", "Not-Judged", "--reason", "too few"))
    assert signs(served, "tank2") == [(None, "6"), (None, None)]
    screen(served("undo", "--reason", "not too few"))
    assert signs(served, "tank2") == [(None, "6"), ("B", None)]


def test_the_history_names_the_source_that_was_judged(run: Run) -> None:
    screen(run("evidence", "judge", "tank2", POST, *_as("3")))
    screen(run("evidence", "judge", "tank2", POST, *_as("not judged")))
    told = screen(run("history", "tank2"))
    assert "    evidence  https://example.org/post: credibility 3\n    reason    seen closely\n" in told
    assert "    evidence  https://example.org/post: credibility 3 -> (nothing)\n" in told


def test_a_dry_run_judges_nothing(run: Run) -> None:
    told = run("evidence", "judge", "tank2", "post", *_as("2"), "--dry-run")
    assert told.stderr == f"would record: loss tank222222: credibility of source {POST}: not judged -> 2\n"
    assert signs(run, "tank2") == [(None, None)]


def test_one_of_several_things_that_a_source_says(run: Run) -> None:
    """Each has an id of its own, which the refusal names."""
    screen(run("dispute", "tank2", "--field", "type", "--says", "T-72B3", "--source", POST, "--reason", "the sight"))
    first, second = (piece["id"] for piece in pieces(run, "tank2"))
    refused = run("evidence", "judge", "tank2", POST, *_as("2"))
    several = f"source {POST} says several things of loss tank222222; judge one of"
    assert refused.exit_code == 2
    assert refused.stderr == f"lossledger: {several}: {first} (reports), {second} (disputes type)\n"
    screen(run("evidence", "judge", "tank2", second[:6], *_as("4")))
    assert signs(run, "tank2") == [(None, None), (None, "4")]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("tank2", POST, *("--reason", "r")), 2, "missing option '--credibility'"),
        (
            ("tank2", POST, "--credibility", "7", "--reason", "r"),
            2,
            f"credibility '7' is not one of: {CREDIBILITIES}",
        ),
        (
            ("tank2", LIST, "--credibility", "2", "--reason", "r"),
            2,
            f"source {LIST} says nothing of loss tank222222; see",
        ),
        (("tank2", "zz", "--credibility", "2", "--reason", "r"), 1, "no source has the id 'zz'"),
        (("tank2", "", "--credibility", "2", "--reason", "r"), 1, "no source has the id ''"),
        (
            ("tank2", "example.org/9", "--credibility", "2", "--reason", "r"),
            1,
            "no source has the link 'example.org/9'",
        ),
        (
            ("tank2", POST, "--credibility", "not judged", "--reason", "r"),
            2,
            f"what source {POST} says of loss tank222222 is judged so already: not judged",
        ),
    ],
)
def test_what_cannot_be_judged(run: Run, args: tuple[str, ...], code: int, said: str) -> None:
    result = run("evidence", "judge", *args)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(f"lossledger: {said}"), result.stderr


@pytest.mark.parametrize("command", [("source", "add"), ("source", "change", LIST), ("evidence", "add", "tank2")])
def test_a_wrong_letter_lists_what_the_letters_mean(run: Run, command: tuple[str, ...]) -> None:
    about = ("--url", "https://example.org/8") if command[0] == "source" else ("--source", "https://example.org/8")
    result = run(*command, *about, "--reliability", "g", "--reason", "r")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"lossledger: reliability 'g' is not one of: {RELIABILITIES}\n"


WAITING = """\
Id          Day         Publisher     Title                     Rel.
────────────────────────────────────────────────────────────────────
list222222  2020-10-20  The Counters  Losses in the valley      B
post222222              @eyewitness   https://example.org/post

2 sources.
"""


def test_sources_by_judgement(run: Run) -> None:
    assert screen(run("source", "list", "--where", "losses=1..")) == WAITING
    found = json.loads(run("source", "list", "--where", "!reliability", "--format", "json").stdout)
    assert [source["id"] for source in found] == [POST]
    none = run("source", "list", "--where", "reliability=A")
    assert (none.exit_code, none.stdout, none.stderr) == (1, "", "lossledger: no source matches\n")
    wrong = run("source", "list", "--where", "place=x")
    assert (wrong.exit_code, wrong.stderr) == (
        2,
        "lossledger: no field 'place'; see: lossledger source list --help\n",
    )


def _as(sign: str) -> tuple[str, ...]:
    return "--credibility", sign, "--reason", "seen closely"
