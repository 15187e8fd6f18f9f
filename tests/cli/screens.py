"""What a user sees of a command: the lines of its output, without the space that a table leaves at their ends."""

from click.testing import Result


def screen(result: Result) -> str:
    """The standard output of a command that did what it should."""
    assert result.exit_code == 0, result.stderr
    return tidy(result.stdout)


def tidy(text: str) -> str:
    """A text without the space at the ends of its lines."""
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())
