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

        Errors: Slip for a day that cannot be, at its place in the line.
        """
        match line.what:
            case Sticks.DAY:
                return replace(self, day=self._day(line))
            case Sticks.PLACE:
                point = _POINT.search(line.text)
                words = line.text[: point.start()].rstrip(" ,") if point else line.text
                return replace(self, place=words, point="".join(point[0].split()) if point else "")
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
