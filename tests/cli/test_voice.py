"""What is no data is said on standard error, without a word broken on a terminal."""

import sys

import pytest
from click.testing import CliRunner

from lossledger.cli.main import cli
from lossledger.cli.voice import say

LINE = "loss k3j2: 1 T-72B of Redland, claimed; source https://example.org/a-long-link-to-somewhere"


def test_a_terminal_gets_lines_that_fit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Broken between words and set in; a link stays whole, and so does what was set in already."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    say(f"{LINE}\n  lossledger --db /a/place/that/has/a/long/name list")
    assert capsys.readouterr().err == (
        "loss k3j2: 1 T-72B of Redland, claimed;\n"
        "  source\n"
        "  https://example.org/a-long-link-to-somewhere\n"
        "  lossledger --db /a/place/that/has/a/long/name list\n"
    )


def test_elsewhere_a_line_is_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    say(LINE)
    assert capsys.readouterr().err == f"{LINE}\n"


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["lits"], "no command 'lits'; did you mean list"),
        (["zzzzzz"], "no command 'zzzzzz'; see: lossledger --help"),
        (["type", "lits"], "no such command 'lits'; did you mean list, alias? See: lossledger type --help"),
        (["tally", "--sied", "x"], "no such option '--sied'; did you mean "),
    ],
)
def test_a_mistyped_command_or_option(args: list[str], line: str) -> None:
    result = CliRunner().invoke(cli, args)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"lossledger: {line}")
    assert len(result.stderr.splitlines()) == 1
