"""The frame of losses that are typed one after the other: what sticks from one to the next."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Self

from lossledger.core.days import parse_days
from lossledger.core.shorthand import Set, Sticks
from lossledger.core.shorthand_items import Slip
from lossledger.core.vocabulary import Verification
from lossledger.errors import Refused

_SHORT_DAY = re.compile(r"(?:([0-9]{1,2})-)?([0-9]{1,2})")
_POINT = re.compile(r"(?:^|(?<=\s))[+-]?[0-9]{1,3}(?:\.[0-9]+)?\s*,\s*[+-]?[0-9]{1,3}(?:\.[0-9]+)?$")
_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?"
_MANY = re.compile(rf"(?:^|(?<=[\s,;])){_NUMBER}\s*[,;]\s*{_NUMBER}(?:(?:\s*[,;]\s*|\s+){_NUMBER})+$")
"""More than two numbers at the end, as degrees with decimal commas are."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What all losses have that are typed until it is set anew, in the words in which it was given."""

    side: str = ""
    day: str = ""
    """As ``parse_days`` reads it; a day that was typed short is written out."""
    place: str = ""
    point: str = ""
    """The place on the map, LAT,LON in degrees."""
    source: str = ""
    belief: Verification = Verification.CLAIMED

    def set(self, line: Set) -> "Frame":
        """The frame after a line that sets a part of it.

        A place is set as a whole: words, degrees, or words and then degrees. Of a day, the month and the year
        may be left out where they are those of the day before: "4", "04-05", "4..6".

        Errors: Slip for a day that cannot be, or for degrees with decimal commas, at its place in the line.
        """
        match line.what:
            case Sticks.DAY:
                return replace(self, day=self._day(line))
            case Sticks.PLACE:
                words, point = _place(line)
                return replace(self, place=words, point=point)
            case Sticks.BELIEF:
                return replace(self, belief=Verification(line.text))
            case Sticks.SIDE:
                return replace(self, side=line.text)
            case Sticks.SOURCE:
                return replace(self, source=line.text)

    def _day(self, line: Set) -> str:
        if not line.text:
            return ""
        mark = "~" if line.text.startswith("~") else ""
        ends = line.text.removeprefix("~").split("..")
        try:
            day = mark + "..".join(_whole(end, self.day) for end in ends)
            parse_days(day)
        except Slip:
            raise
        except Refused as error:
            raise Slip(line.column, str(error)) from None
        else:
            return day

    def kept(self) -> dict[str, str]:
        """The frame as texts by name, to be kept in a file; ``of_kept`` reads them."""
        return {name: str(value) for name, value in asdict(self).items() if value}

    @classmethod
    def of_kept(cls, texts: Mapping[str, object]) -> Self:
        """The frame that was kept so; what is no part of one is passed over."""
        known = {one.name for one in fields(cls)}
        told = {name: text for name, text in texts.items() if name in known and isinstance(text, str)}
        belief = told.pop("belief", Verification.CLAIMED)
        return cls(**told, belief=Verification(belief if belief in set(Verification) else Verification.CLAIMED))


def _place(line: Set) -> tuple[str, str]:
    """The words of a place and its degrees; a number before degrees that both have a point is one of the words."""
    point = _POINT.search(line.text)
    plain = point is not None and point[0].count(".") == 2
    if not plain and (many := _MANY.search(line.text)):
        why = "more than two numbers; write degrees with a point: 49.99,36.23"
        raise Slip(line.column + many.start(), why)
    return (line.text[: point.start()].rstrip(" ,"), "".join(point[0].split())) if point else (line.text, "")


def _whole(day: str, before: str) -> str:
    """A day with its month and year, those of the day before it where they are left out."""
    short = _SHORT_DAY.fullmatch(day.strip())
    if not short:
        return day.strip()
    days = parse_days(before) if before else None
    last = days and (days.latest or days.earliest)
    if not last:
        raise Refused(f"the day before it, of which {day.strip()} would take month and year, is not set; write it out")
    return f"{last[:5]}{int(short[1] or last[5:7]):02}-{int(short[2]):02}"
