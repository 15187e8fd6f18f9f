"""The tutorial says what the program says, and its little shell hides nothing."""

import re
from pathlib import Path

import pytest

from docs.build_tutorial import TARGETS, told


@pytest.mark.parametrize("part", TARGETS, ids=lambda part: part.name)
def test_every_command_of_the_tutorial_says_what_stands_below_it(part: Path) -> None:
    """Whoever changes what a command says runs ``make docs``, and reads the tutorial where it changed."""
    document = part.read_text(encoding="utf-8")
    assert document == told(document), "out of date: run 'make docs'"


def test_stale_output_is_replaced_and_the_rest_left_alone() -> None:
    document = "Text.\n\n```console\n$ lossledger --version\nold\nolder\n```\n\n```text\n$ kept\n```\n"
    shown = told(document)
    assert "old" not in shown
    assert "\nlossledger " in shown
    assert shown.endswith("```\n\n```text\n$ kept\n```\n")
    assert told(shown) == shown


def test_a_failure_must_be_shown_with_its_code() -> None:
    failing = "```console\n$ lossledger tally\n"
    assert "$ echo $?\n4\n" in told(failing + "$ echo $?\n```\n")
    with pytest.raises(RuntimeError, match="the document does not show"):
        told(failing + "$ lossledger --version\n```\n")


def test_a_file_that_the_document_shows_is_there_for_its_commands() -> None:
    document = "<!-- file: a.csv -->\n```csv\nside,type\n```\n\n```console\n$ cat a.csv\nold\n```\n"
    assert told(document) == document.replace("old", "side,type")


def test_commands_follow_every_id_that_was_printed_before() -> None:
    """Ids are other ones where a command or what it draws them for has changed; what typed the old ones does too."""
    document = (
        "```console\n$ lossledger init\n$ lossledger conflict add War\n$ lossledger side add Red\n"
        "$ lossledger add --side red --type T-72 --source https://example.org/1\n"
        "loss aaaaaaaaaa: as it was; source bbbbbbbbbb (new)\naaaaaaaaaa\n"
        "$ lossledger source show bbbb\n$ lossledger note aaaaaaaaaa Seen --reason asked\n```\n"
        "<!-- file: a.csv -->\n```csv\nloss\naaaaaaaaaa\n```\n```console\n$ cat a.csv\n```\n"
    )
    shown = told(document)
    added = re.search(r"^loss (\w{10}): .* source (\w{10}) \(new\)$", shown, re.MULTILINE)
    assert added
    assert f"$ lossledger source show {added[2][:4]}\nSource {added[2]}" in shown
    assert f"$ lossledger note {added[1]} Seen --reason asked\nloss {added[1]}: note" in shown
    assert f"```csv\nloss\n{added[1]}\n```\n```console\n$ cat a.csv\nloss\n{added[1]}\n```\n" in shown
