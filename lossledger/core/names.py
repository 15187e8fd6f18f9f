"""Names: when two spellings are the same name, what slug a name gives, which names come near it."""

import re
import unicodedata
from collections.abc import Iterable

# Cyrillic letters that look like Latin ones in capitals: real lists hold "421-16Е" and "ZSA-Т". They are
# folded wherever they stand, in wholly Cyrillic words as well ("ТОР" is "TOP"): two names that look the same
# must be the same name, and a rule that asked what stands beside a letter would tell "Т-72В" from "T-72В".
_CYRILLIC = "авекмнорстх"
_LOOK_ALIKE = str.maketrans(_CYRILLIC, "abekmhopctx")

# In a slug, a letter by itself was mistyped; several in a row are a Cyrillic word ("Нона" is no "hoha").
_MISTYPED = re.compile(f"(?<![а-яё])[{_CYRILLIC}](?![а-яё])")

# Turkish has an i without a dot and a capital with one; in capitals, and in English, both are a plain i.
_DOTLESS, _DOTTED = "ı", "i\u0307"

# Normalisation would turn this one quote into a space and an accent on whatever stands before it.
_ACUTE = "´"
_QUOTES = "'\"`\u02b9-\u02bd\u02ca\u02cb\u02ee\u2032-\u2037\u201a\u201e\u301d-\u301f"
_DASHES = "-\u02d7\u2043\u2212"  # those that Unicode does not class as dashes, and the commonest
_SIGN = re.compile(rf"[{_DASHES}\s{_QUOTES}]")

# Dashes, opening and closing quotes, and what is invisible: soft hyphens, zero-width spaces, direction marks.
_DROPPED_CATEGORIES = frozenset(("Pd", "Pi", "Pf", "Cf"))

# A comma or dot is punctuation ("Trucks, Vehicles, and Jeeps", "Obr. 2016"), except within a number: a 12.7mm
# gun is no 127mm gun. "7,5" and "7.5" are one number.
_DECIMAL = re.compile(r"(?<=\d),(?=\d)")
_PUNCTUATION = re.compile(r"(?<!\d)[.,]|[.,](?!\d)")

_NO_DECOMPOSITION = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ə": "e", "æ": "ae", "œ": "oe"})

_NEAR_ENOUGH = 70.0
"""The likeness, of 100, from which a known name is worth suggesting."""

_PART = 0.85
"""What it is worth that a name is a part of a known one, against being all of it."""

_SHORTEST_PART = 3
"""A name shorter than this is a part of too many others, and one slip away from too many."""


def fold(name: str) -> str:
    """The key under which all spellings of a name match; for comparing, never for showing.

    "T-72B", "t 72b", "T72B", "'T-72' B" and the look-alike "Т-72В" give one key: case, spaces, hyphens,
    quotes, dots and commas do not count. What tells types apart does: "/", "+", "*" ("Mi-8/17", "Su-30SM+"),
    accents, and parentheses ("S-300PMU(-1)" is either of two, "S-300PMU-1" is one). The rules are those that
    the names in real lists ask for.

    Returns:
        A key that folds to itself; empty where the name is nothing but signs.
    """
    while (folded := _folded_once(name)) != name:
        # What was dropped may have kept a letter from its accent: look again.
        name = folded
    return folded


def _folded_once(name: str) -> str:
    text = unicodedata.normalize("NFKC", name.replace(_ACUTE, "'")).casefold()
    text = _SIGN.sub("", _PUNCTUATION.sub("", _DECIMAL.sub(".", text)))
    if text.isascii():
        return text
    text = "".join(sign for sign in text if unicodedata.category(sign) not in _DROPPED_CATEGORIES)
    return text.replace(_DOTTED, "i").replace(_DOTLESS, "i").translate(_LOOK_ALIKE)


def slug(name: str) -> str:
    """The slug that a new subject of this name is offered: "Mi-8/17" gives "mi-8-17".

    Returns:
        Lower-case ASCII letters and digits with single hyphens between them; empty where the name has letters
        that ASCII cannot write, for half a name ("1" for "БМП-1") would mislead.
    """
    text = unicodedata.normalize("NFKD", name).casefold().translate(_NO_DECOMPOSITION)
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = _MISTYPED.sub(lambda letter: letter[0].translate(_LOOK_ALIKE), text)
    words = re.findall(r"[^\W_]+", text)
    return "-".join(words) if all(word.isascii() for word in words) else ""


def near(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The known names that come near a name, best first; none where nothing does.

    Names are compared as folded, so that a missing hyphen costs nothing; of several spellings of one name the
    first is given. Being a part counts as well: "Grad" comes near "BM-21 Grad"; so does one slip
    (a letter wrong, too many, missing or swapped), however short the names: "T-99" and "T-90".
    """
    from rapidfuzz import fuzz  # here, since only a name that nobody knows needs it
    from rapidfuzz.distance import DamerauLevenshtein

    folded = fold(name)

    def likeness(key: str) -> tuple[float, float]:
        """How alike they are, and among equals how much of them is the same."""
        whole = alike = fuzz.ratio(folded, key)
        if len(folded) >= _SHORTEST_PART:
            if DamerauLevenshtein.distance(folded, key, score_cutoff=1) <= 1:
                alike = max(whole, _NEAR_ENOUGH)
            elif len(folded) < len(key):
                alike = max(whole, _PART * fuzz.partial_ratio(folded, key))
        return alike, whole

    spellings: dict[str, str] = {}
    for spelling in known:
        spellings.setdefault(fold(spelling), spelling)
    scored = [(likeness(key), key) for key in spellings]
    scored.sort(key=lambda one: (-one[0][0], -one[0][1], abs(len(one[1]) - len(folded)), one[1]))
    return [spellings[key] for (alike, _), key in scored[:limit] if alike >= _NEAR_ENOUGH]
