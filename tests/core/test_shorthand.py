"""The shorthand: what lines mean, where wrong ones are wrong, and that what is written is read again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.core.shorthand import Asked, Deed, Set, Sticks, name_written, read, written
from lossledger.core.shorthand_items import Item, Slip, name_begun
from lossledger.core.vocabulary import Status, Verification

D, G, A, C, L = Status.DESTROYED, Status.DAMAGED, Status.ABANDONED, Status.CAPTURED, Status.LOST


def item(*types: str, **said: Any) -> Item:
    """An item of some types; ``status`` is one status or several."""
    status = said.pop("status", ())
    return Item(types=types, statuses=(status,) if isinstance(status, Status) else status, **said)


ITEMS = {
    "3 T-72B d; BMP-2 c": (item("T-72B", number=3, status=D), item("BMP-2", status=C)),
    "T-72B": (item("T-72B"),),
    "T-72B d; 3": (item("T-72B", status=D), item("3")),
    "  2S1   g ;": (item("2S1", status=G),),
    "T-72B d; 2 dm; a": (item("T-72B", status=D), item(number=2, status=G), item(status=A)),
    "T-72B|T-72B3 | T-72BA l": (item("T-72B", "T-72B3", "T-72BA", status=L),),
    "T-72B Destroyed": (item("T-72B Destroyed"),),
    "T-72B destroyed": (item("T-72B", status=D),),
    "T-72B g+c by infantry": (item("T-72B", status=(G, C), by="infantry"),),
    "T-72B d! by ATGM, with cage (on a bridge)": (
        item("T-72B", status=D, belief=Verification.CONFIRMED, by="ATGM", fittings="cage", circumstance="on a bridge"),
    ),
    "T-72B d, with cage, mine plough": (item("T-72B", status=D, fittings="cage, mine plough"),),
    "T-72B d(burnt out)": (item("T-72B", status=D, circumstance="burnt out"),),
    "T-72B ?": (item("T-72B", belief=Verification.CLAIMED),),
    "MT-LB with ZU-23 AA gun d": (item("MT-LB with ZU-23 AA gun", status=D),),
    "Spoon Rest D": (item("Spoon Rest D"),),
    "Spoon Rest D d": (item("Spoon Rest D", status=D),),
    'Spoon Rest "d" d': (item("Spoon Rest d", status=D),),
    '"130 mm M-46" c': (item("130 mm M-46", status=C),),
    '2 "a; b|c" c': (item("a; b|c", number=2, status=C),),
}


@pytest.mark.parametrize("line", ITEMS)
def test_a_line_is_read_as_items(line: str) -> None:
    assert read(line) == ITEMS[line]


OTHERS = {
    "": None,
    "  # a remark; d": None,
    "https://t.me/a/1": Set(Sticks.SOURCE, "https://t.me/a/1", 1),
    " HTTP://x.org/a;b ": Set(Sticks.SOURCE, "HTTP://x.org/a;b", 2),
    "source k3j2": Set(Sticks.SOURCE, "k3j2", 8),
    "@ 2022-03-04": Set(Sticks.DAY, "2022-03-04", 3),
    "@": Set(Sticks.DAY, "", 2),
    "day 5": Set(Sticks.DAY, "5", 5),
    "Side  North Redland": Set(Sticks.SIDE, "North Redland", 7),
    "place": Set(Sticks.PLACE, "", 6),
    "confirmed": Set(Sticks.BELIEF, "confirmed", 1),
    "=": Asked(Deed.AGAIN),
    "<": Asked(Deed.BACK),
    "?": Asked(Deed.HELP),
    "help": Asked(Deed.HELP),
    "merge": Asked(Deed.MERGE),
    "merge k3j2": Asked(Deed.MERGE, "k3j2"),
    "quit": Asked(Deed.QUIT),
}


@pytest.mark.parametrize("line", OTHERS)
def test_a_line_that_enters_nothing(line: str) -> None:
    assert read(line) == OTHERS[line]


SLIPS = {
    "d": (1, "no type stands before this status"),
    "T-72B d;; c": (9, "a type is missing here"),
    "0 T-72B": (1, "0 is no number of things in one picture"),
    "130 mm M-46 d": (1, "130 is no number of things in one picture"),
    "T-72B d BMP-2 c": (9, "'BMP-2' after a status: between two losses stands a semicolon"),
    "T-72B d, BMP-2 c": (10, "'BMP-2' after a status"),
    "T-72B d c": (9, "'c' after a status"),
    "T-72B d by": (9, "nothing stands after 'by'"),
    "T-72B d by, with cage": (9, "nothing stands after 'by'"),
    "T-72B d by A by B": (14, "a second 'by'"),
    "T-72B d (on fire": (9, "this parenthesis is not closed"),
    'T-72B; "BMP': (8, "this quotation mark is not closed"),
    "|T-72B d": (1, "a type is missing before the bar"),
    "T-72B| d": (8, "a type is missing after the bar"),
    "https://t.me/a/1 T-72B d": (17, "a link stands on a line of its own"),
    "= T-72B": (3, "= stands alone on its line"),
    "<x": (2, "< stands alone on its line"),
}


@pytest.mark.parametrize("line", SLIPS)
def test_a_slip_has_its_place_and_its_reason(line: str) -> None:
    column, why = SLIPS[line]
    with pytest.raises(Slip) as slip:
        read(line)
    assert (slip.value.column, slip.value.why[: len(why)]) == (column, why)
    assert str(slip.value) == f"column {column}: {slip.value.why}"


def test_columns_of_items_are_those_of_their_types() -> None:
    line = read("3 T-72B d;  BMP-2 c; a")
    assert isinstance(line, tuple)
    assert [one.column for one in line if isinstance(one, Item)] == [3, 13, 22]


@given(st.text(alphabet=st.sampled_from('dgacl 3Tb-;|"!?+(),@=<#by with') | st.characters(), max_size=40))
def test_any_line_is_read_or_has_a_place_where_it_is_wrong(line: str) -> None:
    assert _wrong_at(line) in {None, *range(1, len(line) + 2)}


def _wrong_at(line: str) -> int | None:
    try:
        read(line)
    except Slip as slip:
        return slip.column
    return None


_signs = st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters='"')
_names = st.text(_signs, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
_plain = st.text(st.sampled_from("aeior ,.-7Я"), min_size=1, max_size=12).map(
    lambda text: " ".join(text.strip(" ,").split())
)
_told = st.none() | _plain.filter(bool)


@st.composite
def _items(draw: st.DrawFn) -> tuple[Item, ...]:
    def one(first: bool) -> Item:
        types = tuple(draw(st.lists(_names, min_size=1 if first else 0, max_size=3)))
        statuses = tuple(draw(st.lists(st.sampled_from(Status), min_size=0 if types else 1, max_size=2)))
        by, fittings, circumstance = (draw(_told) if statuses else None for _ in range(3))
        belief = draw(st.sampled_from((None, Verification.CONFIRMED, Verification.CLAIMED)))
        return Item(draw(st.integers(1, 100)), types, statuses, belief, by, fittings, circumstance)

    return tuple(one(first=number == 0) for number in range(draw(st.integers(1, 4))))


@given(_items())
def test_what_is_written_is_read_again(items: tuple[Item, ...]) -> None:
    assert read(written(items)) == items


@given(_names)
def test_a_name_stands_for_itself_in_a_line(name: str) -> None:
    assert read(f"2 {name_written(name)} d") == (Item(2, (name,), (D,)),)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("t7", "t7"),
        ("3 t7", "t7"),
        ("T-72B d; bmp", "bmp"),
        ("T-72B|T-7", "T-7"),
        ("MT-LB with", "MT-LB with"),
        ('"130 mm', '"130 mm'),
        ("T-72B ", "T-72B "),
        ("T-72B d", None),
        ("T-72B d by inf", None),
        ("d", None),
        ("", None),
        ("3 ", "3 "),
    ],
)
def test_the_name_that_is_being_typed(typed: str, name: str | None) -> None:
    assert name_begun(typed) == name
