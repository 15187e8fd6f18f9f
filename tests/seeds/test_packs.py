"""The packs: valid by their own schemas, at one with each other, and true to the reports they come from."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package

from lossledger.core import vocabulary as words
from lossledger.core.records import KINDS

SEEDS = Path(__file__).parents[2] / "seeds"
CATALOGUE, KARABAKH, UKRAINE = "catalogue", "nagorno-karabakh-2020", "ukraine-2022"
PACKS = (CATALOGUE, KARABAKH, UKRAINE)

ARMENIA, AZERBAIJAN = f"{KARABAKH}/armenia", f"{KARABAKH}/azerbaijan"

Row = dict[str, str]

KIND_OF = {
    "categories": "category",
    "types": "type",
    "conflicts": "conflict",
    "sides": "side",
    "feeds": "feed",
    "sources": "source",
    "losses": "loss",
    "published": "published",
}
"""The tables whose columns are the fields of a kind of subject."""

KEYS = {"slug", "uid"}

ENUMS: dict[tuple[str, str], Iterable[str]] = {
    ("type_aliases", "kind"): words.AliasKind,
    ("feeds", "verification"): words.Verification,
    ("sources", "kind"): words.SourceKind,
    ("sources", "reliability"): words.Reliability,
    ("losses", "counts"): words.Counts,
    ("losses", "status"): words.Status,
    ("losses", "verification"): words.Verification,
    ("evidence", "relation"): words.Relation,
    ("evidence", "credibility"): map(str, words.CREDIBILITY),
    ("published", "kind"): words.PublishedKind,
    ("published", "span"): words.Span,
    ("published", "bound"): words.Bound,
}


def rows(pack: str, name: str) -> list[Row]:
    """A table of a pack, every cell as text."""
    with (SEEDS / pack / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def schemas(pack: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables that a pack describes, each with its schema."""
    package = json.loads((SEEDS / pack / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        yield resource["path"].removesuffix(".csv"), resource["schema"]


def slugs(name: str) -> set[str]:
    """The slugs that a table of the catalogue gives."""
    return {row["slug"] for row in rows(CATALOGUE, name)}


def listed(cell: str) -> list[str]:
    """What a cell lists."""
    return cell.split("|") if cell else []


LOOK_ALIKE = str.maketrans("авекмнорстх", "abekmhopctx")
IGNORED = frozenset(" \u00a0-\u2010\u2011\u2013\u2014\u2212'\"\u2018\u2019\u201c\u201d\u00ab\u00bb`.,")


def fold(name: str) -> str:
    """A name without case, spaces, quotes, hyphens, dots and commas, Cyrillic look-alikes as Latin letters."""
    kept = "".join(sign for sign in name.casefold() if sign not in IGNORED)
    return kept.translate(LOOK_ALIKE)


def meanings(pack: str, table: str, alias_table: str, owner: str) -> dict[str, list[str]]:
    """What each folded name or alias stands for, once for every time that it is given."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows(pack, table):
        found[fold(row["name"])].append(row["slug"])
    for row in rows(pack, alias_table):
        found[fold(row["name"])].append(row[owner])
    return found


@pytest.mark.parametrize("pack", PACKS)
def test_each_pack_is_a_valid_data_package(pack: str) -> None:
    """Types, required cells, words, patterns, keys and references within the pack all hold."""
    report = Package(str(SEEDS / pack / "datapackage.json")).validate()

    assert report.flatten(["name", "rowNumber", "fieldName", "message"]) == []
    assert report.valid


@pytest.mark.parametrize("pack", PACKS)
def test_each_file_is_described(pack: str) -> None:
    """A table that the package does not describe would be loaded unchecked."""
    described = {f"{name}.csv" for name, _ in schemas(pack)} | {"datapackage.json"}

    assert {path.name for path in (SEEDS / pack).iterdir()} == described


@pytest.mark.parametrize("pack", PACKS)
def test_columns_are_the_fields_of_the_ledger(pack: str) -> None:
    """A pack has no column that the ledger has no field for, and asks for what the ledger asks for."""
    for name, schema in schemas(pack):
        if name not in KIND_OF:
            continue
        columns = {field["name"]: field for field in schema["fields"]}
        fields = {field.name: field for field in KINDS[KIND_OF[name]].fields}
        assert set(columns) - KEYS <= set(fields), name
        for column, field in fields.items():
            if field.required and column in columns:
                assert columns[column].get("constraints", {}).get("required"), f"{name}.{column}"


@pytest.mark.parametrize("pack", PACKS)
def test_words_are_those_of_the_ledger(pack: str) -> None:
    """A closed vocabulary in a schema is the ledger's own."""
    for name, schema in schemas(pack):
        for field in schema["fields"]:
            if expected := ENUMS.get((name, field["name"])):
                assert field["constraints"]["enum"] == [str(word) for word in expected]


@pytest.mark.parametrize(
    ("pack", "table", "alias_table", "owner"),
    [
        (CATALOGUE, "categories", "category_aliases", "category"),
        (CATALOGUE, "types", "type_aliases", "type"),
        (KARABAKH, "sides", "side_aliases", "side"),
        (UKRAINE, "sides", "side_aliases", "side"),
    ],
)
def test_every_name_means_one_thing(pack: str, table: str, alias_table: str, owner: str) -> None:
    """No name or alias stands for two things, and none is given twice."""
    found = meanings(pack, table, alias_table, owner)

    assert {name: meant for name, meant in found.items() if len(meant) > 1} == {}
    assert "" not in found


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("T-72", "t-72"),
        ("Unknown T-72", "t-72"),
        ("T-72 (unknown variant)", "t-72"),
        ("Т-72В", "t-72b"),
        ("BMP", "bmp"),
        ("BMP-2(K)", "bmp-2"),
        ("MT-LB", "mt-lb"),
        ("Grad", "bm-21-grad"),
        ("Osa", "9k33-osa"),
        ("S-300", "s-300"),
        ("Buk", "9k37-buk"),
        ("TOS", "tos-1"),
        ("Tochka", "9k79-tochka"),
        ("Bayraktar", "bayraktar"),
        ("Mi-8/17", "mi-8-17"),
        ("D-20", "d-20"),
        ("Akatsiya", "2s3-akatsiya"),
    ],
)
def test_a_name_that_leaves_the_variant_open_means_the_parent(name: str, slug: str) -> None:
    """The parent stands for "variant not known"; a name is never guessed to be a variant."""
    assert meanings(CATALOGUE, "types", "type_aliases", "type")[fold(name)] == [slug]


@pytest.mark.parametrize(("pack", "table"), [(CATALOGUE, "types"), (KARABAKH, "sides"), (UKRAINE, "sides")])
def test_parents_stand_before_their_children(pack: str, table: str) -> None:
    """A table can be read from top to bottom, and no tree has a circle."""
    seen: set[str] = set()
    for row in rows(pack, table):
        assert not row["parent"] or row["parent"] in seen, row["slug"]
        seen.add(row["slug"])


def test_the_armoured_group_is_oryxs_subtotal() -> None:
    """Tanks, AFVs, IFVs, APCs and MRAPs, and nothing else."""
    assert [row["name"] for row in rows(CATALOGUE, "categories") if row["group"] == "armoured"] == [
        "Tanks",
        "Armoured Fighting Vehicles",
        "Infantry Fighting Vehicles",
        "Armoured Personnel Carriers",
        "Mine-Resistant Ambush Protected (MRAP) Vehicles",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("communications-stations", "command-posts-and-communications-stations"),
        ("engineering-vehicles", "engineering-vehicles-and-equipment"),
        ("multiple-rocket-launchers", "rocket-and-missile-artillery"),
        ("naval-ships", "naval-ships-and-submarines"),
        ("trucks-vehicles-and-jeeps", "trucks-vehicles-jeeps-and-trains"),
    ],
)
def test_a_renamed_heading_stands_beside_its_successor(before: str, after: str) -> None:
    """Both are categories of their own, in one group, one after the other."""
    categories = rows(CATALOGUE, "categories")
    order = [row["slug"] for row in categories]
    group = {row["slug"]: row["group"] for row in categories}

    assert order.index(after) == order.index(before) + 1
    assert group[before] == group[after]


def test_positions_follow_the_order_of_the_file() -> None:
    positions = [int(row["position"]) for row in rows(CATALOGUE, "categories")]
    assert positions == sorted(set(positions))


def test_losses_name_what_the_catalogue_has() -> None:
    """Foreign keys that cross from one package to another, which a data package cannot state."""
    usual = {row["slug"]: row["category"] for row in rows(CATALOGUE, "types")}
    categories = slugs("categories")
    for row in rows(KARABAKH, "losses"):
        assert row["category"] in categories
        if row["type"]:
            assert usual[row["type"]] == row["category"], row["feed_key"]


def test_published_counts_name_what_the_catalogue_has() -> None:
    """The scope of a published count is made of the catalogue's categories, groups and types."""
    groups = {row["group"] for row in rows(CATALOGUE, "categories")}
    for row in rows(KARABAKH, "published"):
        assert slugs("categories").issuperset(listed(row["categories"])), row["uid"]
        assert slugs("types").issuperset(listed(row["types"])), row["uid"]
        assert groups.issuperset(listed(row["groups"])), row["uid"]


def test_no_uid_is_given_twice() -> None:
    """A uid names one thing, whatever its table."""
    uids = Counter(
        row["uid"] for pack in PACKS for name, _ in schemas(pack) for row in rows(pack, name) if "uid" in row
    )

    assert [uid for uid, count in uids.items() if count > 1] == []


@pytest.mark.parametrize(
    ("side", "total", "parts"),
    [
        (ARMENIA, 86, {("tanks", ""): 63, ("aircraft", "su-25"): 1, ("type-not-given", ""): 22}),
        (
            AZERBAIJAN,
            60,
            {
                ("tanks", ""): 21,
                ("aircraft", "an-2"): 5,
                ("helicopters", "mi-8-17"): 1,
                ("drones-kind-not-given", ""): 8,
                ("type-not-given", ""): 25,
            },
        ),
    ],
)
def test_confirmed_losses_are_oryxs_count(side: str, total: int, parts: dict[tuple[str, str], int]) -> None:
    """The only confirmed losses are those of the count that one report carries, as numbers without items."""
    confirmed = [
        row
        for row in rows(KARABAKH, "losses")
        if row["verification"] == words.Verification.CONFIRMED and row["side"] == side
    ]

    assert {(row["category"], row["type"]): int(row["quantity"]) for row in confirmed} == parts
    assert sum(int(row["quantity"]) for row in confirmed) == total
    assert {(row["counts"], row["status"], row["verified_by"], row["inferred"]) for row in confirmed} == {
        ("aggregate", "lost", "Oryx", "yes")
    }


def test_all_other_losses_are_claimed() -> None:
    """What officials say counts only for those who ask for it."""
    claimed = [row for row in rows(KARABAKH, "losses") if row["verified_by"] != "Oryx"]

    assert {row["verification"] for row in claimed} == {"claimed"}
    assert {(row["side"], row["category"], row["type"], row["quantity"], row["counts"]) for row in claimed} == {
        (ARMENIA, "type-not-given", "", "30", "aggregate"),
        (ARMENIA, "tanks", "", "10", "aggregate"),
        (ARMENIA, "towed-artillery", "d-20", "6", "aggregate"),
        (ARMENIA, "self-propelled-artillery", "2s3-akatsiya", "1", "item"),
        (ARMENIA, "drones-kind-not-given", "", "1", "item"),
        (ARMENIA, "aircraft", "su-25", "1", "item"),
        (ARMENIA, "rocket-and-missile-artillery", "", "1", "item"),
        (AZERBAIJAN, "drones-kind-not-given", "", "4", "aggregate"),
    }


def test_every_loss_has_evidence() -> None:
    """Each is reported by a source, and a dispute names a field that a loss has."""
    reported = {row["loss"] for row in rows(KARABAKH, "evidence") if row["relation"] == "reports"}
    disputed = {row["field"] for row in rows(KARABAKH, "evidence")} - {""}

    assert {row["uid"] for row in rows(KARABAKH, "losses")} == reported
    assert disputed <= {field.name for field in KINDS["loss"].fields}


def test_days_are_in_order() -> None:
    """A loss or a source does not end before it begins, nor is a loss told before it can have happened."""
    for row in [*rows(KARABAKH, "losses"), *rows(KARABAKH, "sources")]:
        days = [row["earliest"], row["latest"], row.get("reported", "")]
        assert [day for day in days if day] == sorted(day for day in days if day), row["uid"]


def test_merged_losses_are_alike() -> None:
    """A duplicate has the quantity, the side and the type of the loss that counts in its place."""
    losses = {row["uid"]: row for row in rows(KARABAKH, "losses")}
    merges = rows(KARABAKH, "merges")

    assert merges
    for row in merges:
        duplicate, kept = losses[row["loss"]], losses[row["into"]]
        for column in ("quantity", "side", "type"):
            assert duplicate[column] == kept[column]


def test_assertions_are_the_counts_that_losses_were_entered_from() -> None:
    """Oryx's eight figures hold over the losses, within the scope that each states."""
    losses = [row for row in rows(KARABAKH, "losses") if row["verification"] == "confirmed"]
    assertions = [row for row in rows(KARABAKH, "published") if row["kind"] == words.PublishedKind.ASSERTION]

    assert len(assertions) == 8
    for row in assertions:
        counted = sum(
            int(loss["quantity"])
            for loss in losses
            if loss["side"] == row["side"]
            and loss["category"] in (listed(row["categories"]) or [loss["category"]])
            and loss["type"] in (listed(row["types"]) or [loss["type"]])
        )
        assert (row["entered"], row["feed"], row["unit"]) == ("yes", KARABAKH, words.ITEMS)
        assert counted == int(row["quantity"]), row["wording"]


def test_claims_stand_by_themselves() -> None:
    """No loss was entered from a claim; each has a side, a source, a day and words of its own."""
    claims = [row for row in rows(KARABAKH, "published") if row["kind"] == words.PublishedKind.CLAIM]

    assert claims
    for row in claims:
        assert not row["entered"]
        assert not row["feed"]
        assert all(row[column] for column in ("side", "source", "as_of", "wording", "unit", "quantity", "bound"))
