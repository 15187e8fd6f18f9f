"""Judgements as they are typed: the letters and digits of the Admiralty code, or that nobody has judged."""

from collections.abc import Mapping
from typing import Any

import click

from lossledger.core.names import fold
from lossledger.core.text import quoted
from lossledger.core.vocabulary import CREDIBILITY_MEANS, NOT_JUDGED, RELIABILITY_MEANS
from lossledger.errors import Refused


class Judgement(click.ParamType[str]):
    """One sign of the code in either case, or "not judged", which takes a judgement back."""

    name = "sign"

    def __init__(self, what: str, means: Mapping[str, str]) -> None:
        self._what = what
        self._means = means

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The sign itself; an empty text for "not judged". Errors: Refused for any other, with what each says."""
        sign = str(value).strip().upper()
        if sign in self._means:
            return sign
        if fold(sign) in ("", fold(NOT_JUDGED)):
            return ""
        known = ", ".join(f"{sign} ({says})" for sign, says in self._means.items())
        raise Refused(f"{self._what} {quoted(str(value))} is not one of: {known}, or: {NOT_JUDGED}")


RELIABILITY = Judgement("reliability", RELIABILITY_MEANS)
CREDIBILITY = Judgement("credibility", CREDIBILITY_MEANS)
