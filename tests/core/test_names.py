"""Names: which spellings are one name, and which are not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lossledger.core.names import fold, near, slug

SPELLINGS = [
    (
        "T-72B",
        ["T72B", "t 72b", "T-72В", "Т-72В", "'T-72' B", "T\u201172B", "T−72B", "T–72B", "T\xa072B", "Ｔ-72B"],
    ),
    (
        "T-72B",
        ["T-\u00ad72B", "T\u200b-72B", "\ufeffT-72B", "“T-72B”", "«T-72B»", "„T-72B‟", "T´72B", "T`72B"],
    ),
    ("421-16E", ["421-16Е", "421 16 e"]),
    ("Tor", ["TOR", "T.o.r."]),
    ("TOP", ["ТОР", "тор"]),
    ("Kasirga", ["KASIRGA", "Kasırga", "KASİRGA"]),
    ("Trucks, Vehicles and Jeeps", ["Trucks, Vehicles, and Jeeps", "trucks vehicles and jeeps"]),
    ("T-72B Obr. 2016", ["T-72B obr 2016", "T-72B Obr.2016"]),
    ("R-410-7,5", ["R-410-7.5"]),
    ("Remdiesel Z-STS 'Akhmat'", ['Remdiesel Z-STS "Akhmat"', "Remdiesel Z-STS ''Akhmat''"]),
    ("BMP-1 or 2", ["BMP-1 or -2"]),
    ("Մարտակերտ", ["ՄԱՐՏԱԿԵՐՏ"]),
]

DISTINCT = [
    ("BMP-1", "BMP-1K"),
    ("T-72M", "T-72M1"),
    ("T-72", "T-72*"),
    ("Mi-8/17", "Mi-817"),
    ("Su-30SM", "Su-30SM+"),
    ("S-300PMU(-1)", "S-300PMU-1"),
    ("12.7mm gun", "127mm gun"),
    ("Й", "И"),
]


@pytest.mark.parametrize(("name", "spellings"), SPELLINGS)
def test_spellings_of_one_name_fold_alike(name: str, spellings: list[str]) -> None:
    """However a name is written, it is the same name."""
    assert {spelling: fold(spelling) for spelling in spellings} == dict.fromkeys(spellings, fold(name))


@pytest.mark.parametrize(("one", "other"), DISTINCT)
def test_distinct_names_stay_distinct(one: str, other: str) -> None:
    """What tells two types apart survives the folding."""
    assert fold(one) != fold(other)


@pytest.mark.parametrize("signs", ["", " ", "-", "''", "\u200b", "—.,"])
def test_a_name_of_signs_folds_to_nothing(signs: str) -> None:
    """The caller can see that such a name could never be found again."""
    assert fold(signs) == ""


@given(st.text())
@example("a-\u0301")
@example("1´.,2")
@example("ᾳ\u0345-İ")
def test_a_key_folds_to_itself(name: str) -> None:
    """A key can be looked up like any other spelling."""
    assert fold(fold(name)) == fold(name)


@given(st.text(st.sampled_from("Tt72Ввıİ-' .,/(")))
def test_case_and_hyphens_never_matter(name: str) -> None:
    """Capitals, hyphens and surrounding space change no key."""
    assert fold(name.upper()) == fold(f" {name}-") == fold(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("T-72B", "t-72b"),
        ("Mi-8/17", "mi-8-17"),
        ("T-72A + Kontakt-1", "t-72a-kontakt-1"),
        ("S-300PMU(-1)", "s-300pmu-1"),
        ("  Škoda_Kasırga Straße  ", "skoda-kasirga-strasse"),
        ("Azərbaycan", "azerbaycan"),
        ("ZALA 421-16Е", "zala-421-16e"),
        ("Т-72В", "t-72b"),
        ("Нона", ""),
        ("БМП-1", ""),
        ("Հայաստան", ""),
        ("საქართველო", ""),
        ("--", ""),
    ],
)
def test_slug(name: str, expected: str) -> None:
    """A slug is ASCII throughout, or is not given at all."""
    assert slug(name) == expected


CATALOGUE = [
    *("T-72", "T-72A", "T-72AV", "T-72B", "T72B", "T-72BA", "T-90S", "BMP-1", "BMP-2", "BRDM-2"),
    *("2S3 Akatsiya", "BM-21 Grad", "BM-30 Smerch", "Bayraktar TB2", "Tanks", "Ukraine", "Armenia"),
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("T72BB", ["T-72B", "T-72BA", "T-72"]),
        ("Akatsia", ["2S3 Akatsiya"]),
        ("Grad", ["BM-21 Grad"]),
        ("smertch", ["BM-30 Smerch"]),
        ("TB-2", ["Bayraktar TB2", "T-72"]),
        ("tank", ["Tanks"]),
        ("armnia", ["Armenia"]),
        ("BPM-1", ["BMP-1"]),
        ("BMP-9", ["BMP-1", "BMP-2"]),
        ("T-73", ["T-72"]),
        ("Leopard 2", []),
        ("T", []),
        ("", []),
    ],
)
def test_near(name: str, expected: list[str]) -> None:
    """Near misses come best first, once a name, and only where something is near."""
    assert near(name, CATALOGUE) == expected


def test_near_gives_no_more_than_asked_for() -> None:
    """The limit holds."""
    assert near("T-72", CATALOGUE, limit=1) == ["T-72"]
