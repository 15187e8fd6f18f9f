"""The notation of the lists, read: brackets, lines and headings, and that what is printed is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossledger.core.notation import Bracket, Unclear, read_bracket
from lossledger.core.notation_heading import read_sum
from lossledger.core.notation_line import Line, Piece, read_line, ship_name
from lossledger.core.phrases import bracket, heading, headline, item_line, phrase_of
from lossledger.core.vocabulary import Status

LISTED = [Status.DESTROYED, Status.DAMAGED, Status.ABANDONED, Status.CAPTURED]


@pytest.mark.parametrize(
    ("text", "numbers", "status", "told"),
    [
        ("(1, destroyed)", (1,), "destroyed", {}),
        # several items behind one link
        ("(5 and 6, destroyed)", (5, 6), "destroyed", {}),
        ("(1, 2 and 3, captured)", (1, 2, 3), "captured", {}),
        ("(9, and 10, destroyed)", (9, 10), "destroyed", {}),
        ("(67, 68, 69 70, 71 and 72, captured)", (67, 68, 69, 70, 71, 72), "captured", {}),
        ("(120,121 and 122, destroyed)", (120, 121, 122), "destroyed", {}),
        ("(5 & 6, destroyed)", (5, 6), "destroyed", {}),
        ("(5-8, destroyed)", (5, 6, 7, 8), "destroyed", {}),
        ("(5 to 7, destroyed)", (5, 6, 7), "destroyed", {}),
        ("(5 nd 6, destroyed)", (5, 6), "destroyed", {}),
        # digits that are no item's number
        ("(1, with ZU-23 AA gun, destroyed)", (1,), "destroyed", {"fittings": "ZU-23 AA gun"}),
        ("(26, with 23mm ZU-23, destroyed)", (26,), "destroyed", {"fittings": "23mm ZU-23"}),
        ("(1, with RP-337VM1 jammer, captured)", (1,), "captured", {"fittings": "RP-337VM1 jammer"}),
        ("(2, BG 118, captured)", (2,), "captured", {"name": "BG 118"}),
        ("(1, TB2, captured)", (1,), "captured", {"name": "TB2"}),
        ("(1, and2, captured)", (1, 2), "captured", {}),
        ("(2, 'BG 118', captured)", (2,), "captured", {"name": "BG 118"}),
        ("(1, 308, captured)", (1,), "captured", {"name": "308"}),
        ("(1, destroyed by Bayraktar TB2)", (1,), "destroyed", {"cause": "Bayraktar TB2"}),
        # no comma before the status
        ("(5 abandoned)", (5,), "abandoned", {}),
        ("(75, 76 and 77 destroyed)", (75, 76, 77), "destroyed", {}),
        ("(1, BG-32 'Donbass' sunk)", (1,), "destroyed", {"name": "BG-32 'Donbass'"}),
        # misspelt statuses
        ("(1, abanonded)", (1,), "abandoned", {}),
        ("(1, damagd)", (1,), "damaged", {}),
        # brackets missing or double
        ("39, destroyed)", (39,), "destroyed", {}),
        ("((39, destroyed))", (39,), "destroyed", {}),
        ("(39, destroyed", (39,), "destroyed", {}),
        ("(destroyed)", (), "destroyed", {}),
        # the last status counts; cause, captor, name and circumstance
        ("(1, damaged and captured)", (1,), "captured", {}),
        ("(1, abandoned and later destroyed)", (1,), "destroyed", {}),
        ("(1, captured and stripped)", (1,), "captured", {"circumstance": "stripped"}),
        ("(2, damaged by USV and captured by Russia)", (2,), "captured", {"cause": "USV", "captor": "Russia"}),
        ("(1, destroyed by captured T-72)", (1,), "destroyed", {"cause": "captured T-72"}),
        ("(2, Olenegorsky Gornyak, damaged by USV)", (2,), "damaged", {"name": "Olenegorsky Gornyak", "cause": "USV"}),
        ("(1, destroyed a Tochka-U missile)", (1,), "destroyed", {"cause": "a Tochka-U missile"}),
        ("(21, destroyed by)", (21,), "destroyed", {}),
        ("(1, unknown ID, captured)", (1,), "captured", {}),
        ("(1, destroyed on the ground)", (1,), "destroyed", {"circumstance": "on the ground"}),
        ("(1, damaged beyond economical repair)", (1,), "damaged", {"circumstance": "beyond economical repair"}),
        (
            "(1, destroyed in a non-combat related incident)",
            (1,),
            "destroyed",
            {"circumstance": "in a non-combat related incident"},
        ),
        (
            "(1, scuttled to prevent capture by Russia)",
            (1,),
            "destroyed",
            {"circumstance": "to prevent capture by Russia"},
        ),
        (
            "(1, Lubny 'P178', sunk but later raised by Russia)",
            (1,),
            "destroyed",
            {"name": "Lubny 'P178'", "circumstance": "later raised by Russia"},
        ),
    ],
)
def test_what_a_bracket_says(text: str, numbers: tuple[int, ...], status: str, told: dict[str, str]) -> None:
    read = read_bracket(text)

    assert isinstance(read, Bracket)
    assert read.numbers == numbers
    meaning = {name: value for name, value in read.phrase._asdict().items() if value and name != "text"}
    assert meaning == {"status": status, **told}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(1, stripped)", "tells no status"),
        ("(see here)", "tells no status"),
        ("(1, destroyed 2, destroyed)", "has a number after the status"),
        ("(destroyed, 5 and 6)", "has a number after the status"),
        ("(5 and , destroyed)", "lacks a number"),
        ("(1-99999, destroyed)", "more numbers than any picture shows"),
        ("(1, destroyed)" + "x" * 600, "longer than any bracket"),
    ],
)
def test_what_cannot_be_trusted_is_said(text: str, reason: str) -> None:
    assert read_bracket(text) == Unclear(reason)


def told(line: Line) -> tuple[int | None, str, list[tuple[tuple[int, ...], str, tuple[str, ...]]], list[str]]:
    entries = [
        (entry[1].numbers, str(entry[1].phrase.status), entry[2])
        if isinstance(entry[1], Bracket)
        else ((), entry[1].reason, entry[2])
        for entry in line.entries
    ]
    return line.stated, line.model, entries, [stray.text for stray in line.strays]


def pieces(text: str) -> list[Piece]:
    """A line as a test writes it: [what stands in a link>the link]."""
    parts: list[Piece] = []
    for part in text.replace("]", "[").split("["):
        shown, sign, link = part.partition(">")
        parts.append((shown, link if sign else None, 1))
    return parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 T-64A: [(1, destroyed)>a] [(1, captured)>b]", [((1,), "destroyed", ("a",)), ((1,), "captured", ("b",))]),
        (
            "2 T-64A: [39, destroyed)>a] [(40, destroyed)>b]",
            [((39,), "destroyed", ("a",)), ((40,), "destroyed", ("b",))],
        ),
        (
            "2 T-64A: [(39, destroyed>a] [(40, destroyed)>b]",
            [((39,), "destroyed", ("a",)), ((40,), "destroyed", ("b",))],
        ),
        ("2 T-64A: [39, destroyed>a] [40, destroyed>b]", [((39,), "destroyed", ("a",)), ((40,), "destroyed", ("b",))]),
        (
            "2 T-64A: [((1, destroyed)>a] [(2, destroyed))>b]",
            [((1,), "destroyed", ("a",)), ((2,), "destroyed", ("b",))],
        ),
        (
            "2 T-64A: [(1, destroyed>a][)>a] [(2, captured)>b]",
            [((1,), "destroyed", ("a",)), ((2,), "captured", ("b",))],
        ),
        (
            "2 T-64A: [(>a][1, destroyed>a][)>a] [(2, captured)>b]",
            [((1,), "destroyed", ("a",)), ((2,), "captured", ("b",))],
        ),
        ("2 T-64A: ([1, destroyed>a]) [(2, captured)>b]", [((1,), "destroyed", ("a",)), ((2,), "captured", ("b",))]),
        ("2 T-64A: [(1, destroyed)>a]: [(2, captured)>b]", [((1,), "destroyed", ("a",)), ((2,), "captured", ("b",))]),
        ("2 T-64A [(1, destroyed)>a] [(2, captured)>b]", [((1,), "destroyed", ("a",)), ((2,), "captured", ("b",))]),
        ("2 T-64A: (1, destroyed) [(2, captured)>b]", [((1,), "destroyed", ()), ((2,), "captured", ("b",))]),
        ("2 T-64A (1, destroyed) (2, captured)", [((1,), "destroyed", ()), ((2,), "captured", ())]),
        (
            "2 [T-64A>w]: [(1, destroyed)>a] [(2, captured)>b]",
            [((1,), "destroyed", ("a",)), ((2,), "captured", ("b",))],
        ),
        ("2 T-64A: [(1, destroyed)>a] [here>b]", [((1,), "destroyed", ("a",)), ((), "tells no status", ("b",))]),
        ("2 T-64A: [(1, destroyed) (2, captured)>a]", [((1,), "destroyed", ("a",)), ((2,), "captured", ("a",))]),
        ("2 T-64A: [(1, destroyed (2, captured)>a]", [((1,), "destroyed", ("a",)), ((2,), "captured", ("a",))]),
    ],
)
def test_a_line_however_its_brackets_are_set(
    text: str, expected: list[tuple[tuple[int, ...], str, tuple[str, ...]]]
) -> None:
    assert told(read_line(pieces(text))) == (2, "T-64A", expected, [])


@pytest.mark.parametrize(
    ("head", "count", "model"),
    [
        ("18 Unknown BMP-1/2:", 18, "Unknown BMP-1/2"),
        ("41 T-72M/M1(R):", 41, "T-72M/M1(R)"),
        ("1,205 S-300PMU(-1):", 1205, "S-300PMU(-1)"),
        ("2 5N63S 'Flap Lid B' (on mast (40V6M)):", 2, "5N63S 'Flap Lid B' (on mast (40V6M))"),
        ("3 100mm BS-3 anti-tank gun:", 3, "100mm BS-3 anti-tank gun"),
        ("2 1V13 command vehicle :", 2, "1V13 command vehicle"),
        ("2 BTR-80: with turret:", 2, "BTR-80: with turret"),
        ("1 R-410-7,5 station:", 1, "R-410-7,5 station"),
        ("3 MT-LB (2 captured):", 3, "MT-LB (2 captured)"),
        ("T-72B:", None, "T-72B"),
    ],
)
def test_the_count_and_the_model(head: str, count: int | None, model: str) -> None:
    assert told(read_line(pieces(f"{head} [(1, destroyed)>a]"))) == (count, model, [((1,), "destroyed", ("a",))], [])


def test_words_that_are_no_item_are_said() -> None:
    assert told(read_line(pieces("1 T-64A: [(1, destroyed)>a] and more (to follow)"))) == (
        1,
        "T-64A",
        [((1,), "destroyed", ("a",))],
        ["and more", "(to follow)"],
    )


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("Project 1164 Slava-class guided missile cruiser 'Moskva'", "Moskva"),
        ("Island-class patrol boat P190 'Slovyansk'", "P190 'Slovyansk'"),
        ("Amur-class command ship 'Donbas' ''U-500''", "'Donbas' ''U-500''"),
        ("T-64BM 'Bulat'", None),
        ("Zhuk-class patrol boat (Sea Guard)", None),
    ],
)
def test_the_name_of_a_ship(model: str, name: str | None) -> None:
    assert ship_name(model) == name


SHARES = {Status.DESTROYED: 302, Status.DAMAGED: 29, Status.CAPTURED: 140}


@pytest.mark.parametrize(
    ("text", "name", "total", "by_status", "is_heading"),
    [
        ("Tanks (471, of which destroyed: 302, damaged: 29, captured: 140)", "Tanks", 471, SHARES, True),
        ("Tanks (471, of which destroyed: 302, damaged: 29 captured: 140)", "Tanks", 471, SHARES, True),
        ("Tanks (471, of which destroyd: 302, damaged 29, captured: 140", "Tanks", 471, SHARES, True),
        ("Tanks 471, of which destroyed: 302, damaged: 29, captured: 140)", "Tanks", 471, SHARES, True),
        ("Tanks (471, of whch destroyed: 302, damaged: 29, captured: 140)", "Tanks", 471, SHARES, True),
        ("Tanks ((471, destroyed: 302, damaged: 29, captured: 140))", "Tanks", 471, SHARES, True),
        ("Tanks (of which destroyed: 302, damaged: 29, captured: 140)", "Tanks", None, SHARES, True),
        ("Tanks (5)", "Tanks", 5, {}, True),
        ("Cruiser (3, of which sunk: 1, scuttled: 2)", "Cruiser", 3, {Status.DESTROYED: 3}, True),
        (
            "Mine-Resistant Ambush Protected (MRAP) Vehicles (2, of which captured: 2)",
            "Mine-Resistant Ambush Protected (MRAP) Vehicles",
            2,
            {Status.CAPTURED: 2},
            True,
        ),
        ("Russia – 23,933, of which: destroyed: 18,606", "Russia", 23933, {Status.DESTROYED: 18606}, False),
        ("Unknown - 7, of which: captured: 7", "Unknown", 7, {Status.CAPTURED: 7}, False),
        ("Ukraine 7, of which: captured: 7", "Ukraine", 7, {Status.CAPTURED: 7}, False),
        ("Armenia (Artsakh) - 7", "Armenia (Artsakh)", 7, {}, False),
    ],
)
def test_headlines_and_headings(
    text: str, name: str, total: int | None, by_status: dict[Status, int], is_heading: bool
) -> None:
    read = read_sum(text)

    assert read is not None
    assert (read.name, read.total, read.by_status, read.is_heading) == (name, total, by_status, is_heading)
    assert not read.is_subtotal


@pytest.mark.parametrize(
    "text", ["Tanks", "Thursday, 24 March 2022", "Since June 2021 until August 14, 2021", "", "(1)"]
)
def test_what_states_no_sum(text: str) -> None:
    assert read_sum(text) is None


# Words that the notation gives no meaning to, as names, causes and models are made of.
PLAIN = st.sampled_from(
    ["Neptune", "Lubny", "BG-32", "ZU-23", "2S1", "23mm", "TB2", "own", "fire", "T-72B3", "drone", "Р-330Ж", "40V6M"]
)
PHRASE = st.lists(PLAIN, min_size=1, max_size=4).map(" ".join)
NAMED = PHRASE.filter(lambda text: text != text.lower())
TOLD = st.fixed_dictionaries(
    {},
    optional={
        "name": NAMED.filter(lambda text: not text[0].isdigit()),
        "fittings": PHRASE,
        "cause": PHRASE,
        "circumstance": st.sampled_from(
            ["on the ground", "beyond economical repair", "stripped", "to prevent capture by X"]
        ),
    },
)
MODEL = (
    st.lists(
        st.sampled_from(
            ["T-72M/M1(R)", "S-300PMU(-1)", "(for Buk (M1))", "'Bulat'", "BMP-1/2", "Obr. 1989", "100mm", "R-410-7,5"]
        ),
        min_size=1,
        max_size=4,
    )
    .map(" ".join)
    .filter(lambda text: text[0].isalpha())
)
FIRST = st.integers(1, 900)
ENTRY = st.tuples(FIRST, st.integers(1, 6), st.sampled_from(LISTED), TOLD)


@given(MODEL, st.lists(ENTRY, min_size=1, max_size=12), st.booleans())
def test_a_printed_line_is_read_back(
    model: str, items: list[tuple[int, int, Status, dict[str, str]]], in_links: bool
) -> None:
    """A line with any items, printed in the notation, gives the same items, in links or without any."""
    brackets = [bracket(range(first, first + many), phrase_of(status, about)) for first, many, status, about in items]
    line = item_line(model, brackets, 12)
    head = line[: line.index(": ") + 2]
    linked: list[Piece] = [(head, None, 1), *((text, "x", 1) for text in brackets)]

    read = read_line(linked if in_links else [(line, None, 1)])

    assert (read.stated, read.model, read.strays) == (12, model, [])
    found = [entry[1] for entry in read.entries]
    assert [(one.numbers, one.phrase.status) for one in found if isinstance(one, Bracket)] == [
        (tuple(range(first, first + many)), status) for first, many, status, _ in items
    ]
    for one, (_, _, status, about) in zip(found, items, strict=True):
        assert isinstance(one, Bracket)
        actor = {"captor" if status is Status.CAPTURED else "cause": about["cause"]} if "cause" in about else {}
        expected = {key: value for key, value in about.items() if key != "cause"}
        if status is Status.CAPTURED:
            actor = {}  # its printer takes a captor alone
        read_back = {
            key: value for key, value in one.phrase._asdict().items() if value and key not in {"text", "status"}
        }
        assert read_back == {**expected, **actor}


COUNTS = st.dictionaries(st.sampled_from(LISTED), st.integers(1, 30000), min_size=1)


@given(MODEL, COUNTS)
def test_printed_sums_are_read_back(name: str, by_status: dict[Status, int]) -> None:
    printed = {str(status): number for status, number in by_status.items()}
    for text, is_heading in ((headline(name, printed), False), (heading(name, printed), True)):
        read = read_sum(text)
        assert read is not None
        assert (read.name, read.total, read.by_status, read.is_heading) == (
            name,
            sum(by_status.values()),
            by_status,
            is_heading,
        )


LINE = "3 T-64BV (Obr. 1985): [(1, destroyed)>a] [(2 and 3, with ZU-23 AA gun, damaged)>b] [(1, captured by Russia)>c]"


@given(st.data())
def test_a_mangled_line_loses_no_link_unsaid(data: st.DataObject) -> None:
    """With signs dropped, doubled or swapped, every link that had an item is still an entry, read or not."""
    parts = [list(text) for text, _, _ in pieces(LINE)]
    for _ in range(data.draw(st.integers(1, 4))):
        part = data.draw(st.sampled_from([part for part in parts if len(part) > 2]))
        at = data.draw(st.integers(0, len(part) - 2))
        match data.draw(st.sampled_from(["drop", "double", "swap"])):
            case "drop":
                del part[at]
            case "double":
                part.insert(at, part[at])
            case _:
                part[at], part[at + 1] = part[at + 1], part[at]
    mangled = [("".join(part), link, place) for part, (_, link, place) in zip(parts, pieces(LINE), strict=True)]

    line = read_line(mangled)

    said = {link for entry in line.entries for link in entry[2]}
    assert said == {"a", "b", "c"}


@given(st.text(alphabet="(1, 2and destroyed)x-:'", max_size=60), st.text(max_size=60))
def test_any_text_is_read_or_refused(notation: str, anything: str) -> None:
    for text in (notation, anything):
        assert isinstance(read_bracket(text), Bracket | Unclear)
        read_sum(text)
        read_line([(text, None, 1), (text, "x", 1)])
