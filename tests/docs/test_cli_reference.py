"""The reference says what the program says."""

from docs.build_cli_reference import TARGET, reference


def test_the_reference_is_the_commands_own_help() -> None:
    """Whoever changes a command runs ``make docs``."""
    assert TARGET.read_text(encoding="utf-8") == reference(), "out of date: run 'make docs'"
