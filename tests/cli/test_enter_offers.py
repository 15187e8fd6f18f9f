"""What is offered while a line is typed: in its place, by use, and never where a status stands."""

from collections import Counter

import pytest

from lossledger.cli.enter_offers import Offers
from lossledger.core.frame import Frame
from lossledger.queries.usage import Usage

RED = Frame(side="Redland")


@pytest.fixture
def offers() -> Offers:
    """Two sides, of which Redland has lost T-72B3s and Blueland T-72Bs."""
    return Offers(
        Usage(
            sides={"Blueland": "war/blue", "Redland": "war/red", "Reds": "war/red"},
            types={"T-72": "t-72", "T-72B": "t-72b", "T-72B3": "t-72b3", "Spoon Rest d": "p-18", "Ural tank": "t-72"},
            categories={"Tanks": "tanks"},
            used_sides=Counter({"war/red": 1}),
            used_types=Counter({("war/red", "t-72b3"): 2, ("war/blue", "t-72b"): 9}),
            places=Counter({"the bridge": 3, "the ford": 5}),
        )
    )


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("t7", ["T-72B3 ", "T-72B ", "T-72 "]),
        ("3 t72b", ["T-72B ", "T-72B3 "]),
        ("T-72 d; t72b3", ["T-72B3 "]),
        ("T-72|t72b3", ["T-72B3 "]),
        ("ural", ["Ural tank "]),
        ("spoon", ['"Spoon Rest d" ']),
        ("tank", ["Ural tank ", "Tanks "]),
        ("pl", ["place "]),
        ("T-72B d", []),
        ("T-72B d by t7", []),
        ("@20", []),
        ("https://t", []),
        ("side re", ["Reds"]),
        ("side ", ["Redland"]),
        ("place the", ["the ford", "the bridge"]),
    ],
)
def test_what_is_offered(offers: Offers, typed: str, texts: list[str]) -> None:
    assert [one.text for one in offers.for_line(typed, RED)] == texts


def test_an_offer_takes_the_place_of_the_name_alone_and_says_what_it_is(offers: Offers) -> None:
    (ural,) = offers.for_line("2 T-72B d; 3 ural", RED)
    assert (ural.over, ural.shown, ural.about) == (4, "Ural tank", "T-72")
    assert [one.about for one in offers.for_line("t72b3", RED)] == ["2 times"]


def test_what_is_entered_counts_at_once(offers: Offers) -> None:
    offers.entered("5 t72b d; T-72 c", RED)
    offers.entered("no such type d", RED)
    offers.entered("T-72B d d", RED)
    assert [one.text for one in offers.for_line("t7", RED)] == ["T-72B ", "T-72B3 ", "T-72 "]
    offers.entered("place the hill", Frame(side="Redland", place="the hill"))
    assert [one.text for one in offers.for_line("place the h", RED)] == ["the hill"]
