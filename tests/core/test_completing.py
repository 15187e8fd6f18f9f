"""Names that are offered: the likeliest first, and quickly."""

import time

from lossledger.core.completing import Names

TYPES = {
    "T-72B": "t-72b",
    "T-72B3": "t-72b3",
    "T-72 obr. 1985": "t-72b",
    "Ural-4320": "ural",
    "BM-21 Grad": "grad",
    "Grad": "grad",
    "BMP-2": "bmp-2",
    "Spoon Rest D": "p-18",
}


def offered(text: str, limit: int = 5, **weights: int) -> list[str]:
    """The spellings that are offered for a text; weights by key, ``_`` for a hyphen."""
    return [one.name for one in Names(TYPES).offers(text, lambda key: weights.get(key.replace("-", "_"), 0), limit)]


def test_the_name_itself_then_beginnings_then_later_words_then_parts() -> None:
    assert offered("t72b") == ["T-72B", "T-72B3"]
    assert offered("t72b", t_72b3=9) == ["T-72B", "T-72B3"]
    assert offered("t7", t_72b3=9) == ["T-72B3", "T-72B"]
    assert offered("rest") == ["Spoon Rest D"]
    assert offered("20") == ["Ural-4320"]


def test_each_is_offered_once_by_the_spelling_that_fits() -> None:
    assert offered("gra") == ["Grad"]
    assert offered("bm") == ["BMP-2", "BM-21 Grad"]
    assert offered("t72o") == ["T-72 obr. 1985"]


def test_a_slip_is_forgiven_but_only_where_nothing_fits_better() -> None:
    assert offered("bpm2") == ["BMP-2"]
    assert offered("xq") == []


def test_nothing_typed_means_what_is_used_most() -> None:
    assert offered("", ural=2, grad=5) == ["BM-21 Grad", "Ural-4320"]
    assert offered("", limit=1, ural=2, grad=5) == ["BM-21 Grad"]


def test_thousands_of_names_are_looked_through_between_two_keys() -> None:
    names = Names({f"Type {number} model {number % 97}": str(number) for number in range(8_000)})
    begun = time.perf_counter()
    for text in ("type 71", "model 4", "tpye 7999", "zzz"):
        names.offers(text, len, 6)
    assert time.perf_counter() - begun < 4 * 0.25  # a tenth of that on a free machine
