"""Proofs are what their page says: they are verified in another language, by a page written from that page alone."""

import re
from pathlib import Path

import pytest

from docs.build_proof import TARGET, Example, filled
from lossledger.core.proof import write
from lossledger.core.proof_reading import read
from lossledger.core.proving import faults_of_continuation, faults_of_loss
from tests.proof.perl import perl

PAGE = TARGET.read_text(encoding="utf-8")


def block(title: str) -> str:
    """The first block of code below a heading of the page."""
    found = re.search(rf"^### {title}\n.*?^```\w+\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_the_vectors_are_those_of_the_journals_example() -> None:
    assert filled(PAGE) == PAGE, "out of date: run 'make docs'"


def test_the_program_proves_what_stands_on_the_page() -> None:
    loss, continued = (read(block(title).encode(), "the page") for title in ("A loss", "A continuation"))
    example = Example()
    assert (loss, continued) == (example.proof(), example.continuation())
    assert faults_of_loss(example.proof(), example.head(6)) == []
    assert faults_of_continuation(example.continuation(), example.head(3), example.head(6)) == []


def test_another_language_proves_what_stands_on_the_page(tmp_path: Path) -> None:
    example = Example()
    loss, continued = tmp_path / "loss.json", tmp_path / "continued.json"
    loss.write_text(block("A loss"), encoding="utf-8")
    continued.write_text(block("A continuation"), encoding="utf-8")
    later, earlier = str(example.head(6)), str(example.head(3))
    assert perl(loss, later) == "proved"
    assert perl(loss, earlier) == "head"
    assert perl(continued, later, earlier) == "proved"
    assert perl(continued, later, earlier.rpartition(":")[0]) == "proved"
    assert perl(continued, later, str(example.head(4))) == "head"


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('"quantity","3"', '"quantity","4"', "entry 2: details"),
        ('["note","1b', '["nota","1b', "entry 2: details"),
        ("[[3,", "[[4,", "entry 2: path"),
        ('"path":"oRk7', '"path":"oRk8', "entry 5: path"),
        ('"path":"oRk7jlfdZg0FDbrmWrGNy-L2WOduooqq-ICg1SXqMTX', '"path":"', "entry 5: path"),
        ('"loss":"lossbbbbbb"', '"loss":"losscccccc"', "entry 2: subject"),
        ('["0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a","category","tanks"],', "", "entry 2: details"),
    ],
)
def test_another_language_finds_what_was_altered(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    text = block("A loss")
    assert was in text
    file = tmp_path / "loss.json"
    file.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    assert perl(file, str(Example().head(6))) == said


def test_another_language_proves_each_continuation_of_the_example(tmp_path: Path) -> None:
    file = tmp_path / "continued.json"
    for size in range(1, 7):
        example = Example(earlier=size)
        file.write_text(write(example.continuation()), encoding="utf-8")
        assert perl(file, str(example.head(6)), str(example.head(size))) == "proved"
