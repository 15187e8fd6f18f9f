"""What a spreadsheet takes for a formula, and the sign that keeps a text from being one."""

import re

# What a spreadsheet takes for the beginning of a formula, full-width and small forms included, whatever white
# space or invisible sign stands before it; and the tab or return that some drop before they look.
_FORMULA = re.compile(r"[\t\r]|[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")

TEXT_FOLLOWS = "'"
"""What stands before a text that would else be run."""


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could run a text; a number such as "-77.03" is none."""
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def guarded(text: str) -> str:
    """A text that no spreadsheet runs. What looks guarded already gets one sign more, so that `unguarded` is exact."""
    return TEXT_FOLLOWS + text if is_formula(text.lstrip(TEXT_FOLLOWS)) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    follows = text.removeprefix(TEXT_FOLLOWS)
    return follows if follows != text and is_formula(follows.lstrip(TEXT_FOLLOWS)) else text
