"""The catalogue: what is made, renamed, aliased, changed and merged, and what that does to the sums."""

import pytest

from lossledger.errors import Refused, UnknownName
from lossledger.ledger import catalogue
from lossledger.queries.catalogue import catalogue as terms
from lossledger.queries.names import resolve
from tests.ledger.books import BLUE, NORTH, RED, Book


def called(book: Book, kind: str, name: str, conflict: str | None = None) -> str | None:
    """What is meant by a name, or None."""
    with book.read() as connection:
        try:
            return resolve(connection, kind, name, conflict)
        except UnknownName:
            return None


def test_a_type_is_made_with_its_names(book: Book) -> None:
    """Its own name is one of its aliases, so one look-up finds it by any."""
    before = book.head()
    with book.act() as journal:
        aliases = {"Object 219": "designation", "T80": "spelling"}
        key = catalogue.create(journal, "type", {"name": "T-80", "category": "tanks", "origin": "USSR"}, None, aliases)
    assert key == "t-80"
    assert book.said(before) == [
        (
            "catalogue",
            "t-80",
            {
                "name": "T-80",
                "category": "tanks",
                "origin": "USSR",
                "alias.t80.name": "T80",
                "alias.t80.kind": "spelling",
                "alias.object219.name": "Object 219",
                "alias.object219.kind": "designation",
            },
        )
    ]
    assert [called(book, "type", name) for name in ("t 80", "OBJECT 219", "t-80", "T-81")] == ["t-80"] * 3 + [None]
    assert book.row("type", "t-80") == {"name": "T-80", "category": "tanks", "origin": "USSR"}


def test_slugs_come_from_names(book: Book) -> None:
    """A side's within its conflict; a source's is random; a name that ASCII cannot write gives a random one."""
    with book.act() as journal:
        keys = [
            catalogue.create(journal, "side", {"conflict": "war", "name": "Green Île"}),
            catalogue.create(journal, "category", {"name": "Mi-8/17", "group": "aviation"}),
            catalogue.create(journal, "source", {"title": "A page"}),
            catalogue.create(journal, "category", {"name": "Нона", "group": "artillery"}),
        ]
    assert keys[:2] == ["war/green-ile", "mi-8-17"]
    assert [len(key) for key in keys[2:]] == [10, 10]


def test_two_conflicts_may_have_sides_of_one_name(book: Book) -> None:
    """Names are kept apart by conflict."""
    with book.act() as journal:
        catalogue.create(journal, "conflict", {"name": "Peace"})
        catalogue.create(journal, "side", {"conflict": "peace", "name": "Red"})
    assert [called(book, "side", "red", conflict) for conflict in ("war", "peace")] == ["war/red", "peace/red"]


def test_creations_that_cannot_be(book: Book) -> None:
    """No name and no slug twice, no name of signs alone, no reference to nothing, nothing under itself."""

    def refusal(kind: str, fields: dict[str, str], key: str | None = None) -> str:
        with pytest.raises(Refused) as refused, book.act() as journal:
            catalogue.create(journal, kind, fields, key)
        return str(refused.value)

    before = book.head()
    assert [
        refusal("type", {"name": "t 72", "category": "tanks"}, "other"),
        refusal("type", {"name": "Another", "category": "tanks"}, "t-72"),
        refusal("type", {"name": "--", "category": "tanks"}),
        refusal("type", {"name": "T-80", "category": "ships"}),
        refusal("type", {"name": "T-80", "category": "tanks", "parent": "t-80"}),
        refusal("side", {"name": "Blue", "conflict": "war"}, "war/azure"),
        refusal("side", {"name": "Green", "conflict": "peace"}),
        refusal("conflict", {"name": "WAR"}, "second"),
    ] == [
        "'t 72' is already a name of type 't-72'",
        "there is a type 't-72' already",
        "'--' has no letter or digit that a name could be known by",
        "no category 'ships' in this ledger",
        "no type 't-80' in this ledger",
        "'Blue' is already a name of side 'war/blue'",
        "no conflict 'peace' in this ledger",
        "'WAR' is already a name of conflict 'war'",
    ]
    assert book.head() == before


def test_an_old_name_goes_on_working(book: Book) -> None:
    """Renamed, a type keeps its slug, its losses and every name it had."""
    book.report()
    sums = book.sums("entry", "type")
    before = book.head()
    with book.act() as journal:
        catalogue.rename(journal, "type", "t-72", "Ural")
    with book.act() as journal:
        catalogue.alias(journal, "type", "t-72", "Urál tank", "press")
    assert book.said(before) == [
        ("catalogue", "t-72", {"name": "Ural", "alias.ural.name": "Ural"}),
        ("catalogue", "t-72", {"alias.uráltank.name": "Urál tank", "alias.uráltank.kind": "press"}),
    ]
    assert [called(book, "type", name) for name in ("T-72", "ural", "urál tank", "t-72")] == ["t-72"] * 4
    assert (book.sums("entry", "type"), book.row("type", "t-72")["name"]) == (sums, "Ural")
    with book.read() as connection:
        known = [terms(connection, known_on=number).name("type", "t-72") for number in (before, before + 1)]
    assert known == ["T-72", "Ural"]


def test_changes_that_cannot_be(book: Book) -> None:
    """Nothing is changed to what it is, given another's name, or put under what stands under it."""
    before = book.head()

    def refusal(act: str, *arguments: object) -> str:
        with pytest.raises(Refused) as refused, book.act() as journal:
            getattr(catalogue, act)(journal, *arguments)
        return str(refused.value)

    assert [
        refusal("change", "type", "t-72", {"category": "tanks"}),
        refusal("change", "type", "t-99", {"category": "tanks"}),
        refusal("change", "type", "t-72", {"category": "ships"}),
        refusal("change", "type", "t-72", {"parent": "t-72b"}),
        refusal("change", "side", BLUE, {"parent": BLUE}),
        refusal("rename", "type", "t-72", "BMP 1"),
        refusal("rename", "type", "t-72", "T-72"),
        refusal("alias", "type", "t-72", "T-72"),
        refusal("alias", "type", "t-72", "bmp1"),
    ] == [
        "type t-72 already says so; nothing to change",
        "no type 't-99' in this ledger",
        "no category 'ships' in this ledger",
        "type 't-72' cannot stand under 't-72b': that stands under it already",
        "side 'war/blue' cannot stand under 'war/blue': that stands under it already",
        "'BMP 1' is already a name of type 'bmp-1'",
        "type t-72 already says so; nothing to change",
        "type t-72 already says so; nothing to change",
        "'bmp1' is already a name of type 'bmp-1'",
    ]
    assert book.head() == before


def test_recategorising_a_type_reposts_its_losses(book: Book) -> None:
    """Those under its usual category move, one entry each; one that its report put elsewhere stays."""
    usual, elsewhere, withdrawn = book.report(), book.report(category="guns"), book.report()
    book.withdraw(withdrawn)
    book.report(type="t-72b")
    known = book.head()
    with book.act() as journal:
        catalogue.change(journal, "type", "t-72", {"category": "carriers"})
    assert book.sums("type", "category") == {("t-72", "carriers"): 1, ("t-72", "guns"): 1, ("t-72b", "tanks"): 1}
    assert book.sums("type", "category", known_on=known) == {
        ("t-72", "tanks"): 1,
        ("t-72", "guns"): 1,
        ("t-72b", "tanks"): 1,
    }
    assert book.said(known) == [
        ("catalogue", "t-72", {"category": "carriers"}),
        ("amend", usual, {"category": "carriers"}),
        ("amend", withdrawn, {"category": "carriers"}),
    ]
    assert book.row("loss", elsewhere)["category"] == "guns"
    book.reinstate(withdrawn)
    assert book.sums("category") == {"carriers": 2, "guns": 1, "tanks": 1}


def test_merging_types_moves_names_variants_and_losses(book: Book) -> None:
    """What was merged away keeps its row, and its names mean the one kept."""
    uid = book.report()
    with book.act() as journal:
        catalogue.create(journal, "type", {"name": "T-72 tank", "category": "tanks"}, "tank", {"Ural": "press"})
        catalogue.alias(journal, "type", "t-72", "KPVT 14.5mm", "press")
    before = book.head()
    with book.act() as journal:
        catalogue.merge(journal, "type", "t-72", "tank")
        catalogue.alias(journal, "type", "tank", "KPVT 14.5 mm")
    assert book.sums("type") == {"tank": 1}
    assert book.sums("type", known_on=before) == {"t-72": 1}
    assert book.said(before) == [
        (
            "catalogue",
            "t-72",
            {
                "merged_into": "tank",
                "alias.t72.name": None,
                "alias.kpvt14.5mm.name": None,
                "alias.kpvt14.5mm.kind": None,
            },
        ),
        (
            "catalogue",
            "tank",
            {
                "alias.t72.name": "T-72",
                "alias.kpvt14.5mm.name": "KPVT 14.5mm",
                "alias.kpvt14.5mm.kind": "press",
            },
        ),
        ("catalogue", "t-72b", {"parent": "tank"}),
        ("amend", uid, {"type": "tank"}),
        ("catalogue", "tank", {"alias.kpvt14.5mm.name": "KPVT 14.5 mm"}),
    ]
    assert [called(book, "type", name) for name in ("T-72", "ural", "kpvt 14.5mm")] == ["tank"] * 3
    assert book.row("type", "t-72")["merged_into"] == "tank"
    with book.read() as connection:
        assert terms(connection).below("type", "tank") == {"tank", "t-72", "t-72b"}


def test_merging_sides_and_categories_moves_their_losses(book: Book) -> None:
    """And what stands under them: the sides below, the types usually counted there."""
    book.report(side=BLUE)
    book.report(side=NORTH, type="bmp-1")
    with book.act() as journal:
        catalogue.merge(journal, "side", BLUE, RED)
        catalogue.merge(journal, "category", "carriers", "guns")
    assert book.sums("side", "category") == {(RED, "tanks"): 1, (NORTH, "guns"): 1}
    assert (book.row("side", NORTH)["parent"], book.row("type", "bmp-1")["category"]) == (RED, "guns")


def test_merging_a_term_into_one_below_it_leaves_a_tree(book: Book) -> None:
    """However far below: the one kept takes the place of the one merged, and what stood between follows it."""
    with book.act() as journal:
        catalogue.create(journal, "type", {"name": "Tank", "category": "tanks"}, "tank")
        catalogue.change(journal, "type", "t-72", {"parent": "tank"})
        catalogue.create(journal, "type", {"name": "T-72B3", "category": "tanks", "parent": "t-72b"}, "t-72b3")
    with book.act() as journal:
        catalogue.merge(journal, "type", "t-72", "t-72b3")
    parents = {slug: book.row("type", slug).get("parent") for slug in ("tank", "t-72", "t-72b", "t-72b3")}
    assert parents == {"tank": None, "t-72": None, "t-72b": "t-72b3", "t-72b3": "tank"}
    with book.read() as connection:
        assert terms(connection).top("type", "t-72b") == "tank"


def test_mergers_that_cannot_be(book: Book) -> None:
    """No term into itself, none twice, no sides of two conflicts, and only kinds that can turn out to be one."""
    with book.act() as journal:
        catalogue.create(journal, "conflict", {"name": "Peace"}, "peace")
        catalogue.create(journal, "side", {"conflict": "peace", "name": "Red"}, "peace/red")
        catalogue.merge(journal, "type", "t-72b", "t-72")
    before = book.head()

    def refusal(kind: str, key: str, into: str) -> str:
        with pytest.raises(Refused) as refused, book.act() as journal:
            catalogue.merge(journal, kind, key, into)
        return str(refused.value)

    assert [
        refusal("type", "t-72", "t-72"),
        refusal("type", "t-72b", "bmp-1"),
        refusal("type", "bmp-1", "t-72b"),
        refusal("side", RED, "peace/red"),
        refusal("type", "bmp-1", "t-99"),
        refusal("feed", "list", "own"),
    ] == [
        "type 't-72' cannot be merged into itself",
        "type 't-72b' is merged into 't-72' already",
        "type 't-72b' is merged into 't-72' already",
        "war/red and peace/red belong to different conflicts",
        "no type 't-99' in this ledger",
        "a feed cannot be merged; only these can: side, category, type, source",
    ]
    assert book.head() == before


def test_a_merged_types_losses_go_to_the_heading_of_the_one_kept(book: Book) -> None:
    """Those that stood under its usual heading; what a report put elsewhere stays there."""
    with book.act() as journal:
        catalogue.create(journal, "type", {"name": "Howitzer", "category": "guns"}, "howitzer")
    usual, elsewhere = book.report(), book.report(category="carriers")
    with book.act() as journal:
        catalogue.merge(journal, "type", "t-72", "howitzer")
    assert usual != elsewhere
    assert book.sums("type", "category") == {("howitzer", "guns"): 1, ("howitzer", "carriers"): 1}


def test_a_side_stands_under_sides_of_its_own_conflict(book: Book) -> None:
    """A tally of one war never counts another's losses."""
    with book.act() as journal:
        catalogue.create(journal, "conflict", {"name": "Other"}, "other")
        for act in (
            lambda: catalogue.create(journal, "side", {"name": "X", "conflict": "other", "parent": "war/blue"}),
            lambda: catalogue.change(journal, "side", "war/blue", {"parent": "other/y"}),
        ):
            with pytest.raises(Refused, match="belongs to another conflict"):
                act()
