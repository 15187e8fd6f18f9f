"""The tutorial says what the program says, and its little shell hides nothing."""

import pytest

from docs.build_tutorial import TARGET, told


def test_every_command_of_the_tutorial_says_what_stands_below_it() -> None:
    """Whoever changes what a command says runs ``make docs``, and reads the tutorial where it changed."""
    document = TARGET.read_text(encoding="utf-8")
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
