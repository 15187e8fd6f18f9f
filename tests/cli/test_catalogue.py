"""The catalogue's commands as a user sees them: conflict, side, category, type, source."""

import json

import pytest

from tests.cli.conftest import Run
from tests.cli.screens import screen

TYPES = """\
Name    Origin        Category  Variant of  Also called
──────────────────────────────────────────────────────────
T-72    Soviet Union  Tanks                 Ural tank
T-72AV  Soviet Union  Tanks     T-72
T-72B   Soviet Union  Tanks     T-72        T-72 obr. 1985
T-72B3  Soviet Union  Tanks     T-72B

4 types.
"""

SIDES = """\
Name           Under    Conflict    Also called
───────────────────────────────────────────────
Redland                 Valley War  Red
North Redland  Redland  Valley War  Red North
Blueland                Valley War  Blue
Unknown                 Valley War

4 sides.
"""

CATEGORIES = """\
Name                         Group           Position  Also called
──────────────────────────────────────────────────────────────────
Tanks                        armoured              10  Tank
Towed Artillery              artillery             20  Guns
Trucks, Vehicles, and Jeeps  light-vehicles        30  Trucks
Aircraft                     aviation              40  Planes
Type not given               not-given             50  No type

5 categories.
"""

CONFLICTS = """\
Name        From        To          Slug    Also called
─────────────────────────────────────────────────────────────
Valley War  2020-09-27  2020-11-10  valley  War in the Valley

1 conflict.
"""

SOURCES = """\
Id          Day         Publisher     Title                     Rel.
────────────────────────────────────────────────────────────────────
list222222  2020-10-20  The Counters  Losses in the valley      B
post222222              @eyewitness   https://example.org/post

2 sources.
"""


@pytest.mark.parametrize(
    ("args", "shown"),
    [
        (("type", "list", "T-72"), TYPES),
        (("side", "list"), SIDES),
        (("category", "list"), CATEGORIES),
        (("conflict", "list"), CONFLICTS),
        (("source", "list"), SOURCES),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_lists(run: Run, args: tuple[str, ...], shown: str) -> None:
    assert screen(run(*args)) == shown


@pytest.mark.parametrize("kind", ["conflict", "side", "category", "type", "source"])
def test_lists_for_programs(run: Run, kind: str) -> None:
    rows = json.loads(run(kind, "list", "--format", "json").stdout)
    assert all(row["slug" if kind != "source" else "id"] for row in rows)


def test_an_alias_is_found_in_a_list(run: Run) -> None:
    assert [row["name"] for row in json.loads(run("type", "list", "frogfoot", "--format", "json").stdout)] == ["Su-25"]
    result = run("type", "list", "zeppelin")
    assert (result.exit_code, result.stderr) == (1, "lossledger: no type has 'zeppelin' in its names\n")


def test_a_type_is_added(run: Run) -> None:
    """Its slug is printed alone; it is known by its name and its aliases at once."""
    made = run("type", "add", "T-72BA", "--category", "tanks", "--parent", "T-72", "--alias", "T-72 with armour")
    assert (made.stdout, made.stderr) == ("t-72ba\n", "type T-72BA (new)\n")
    told = json.loads(run("type", "show", "T-72 with armour", "--format", "json").stdout)
    assert (told["id"], told["category"], told["parent"]) == ("t-72ba", "Tanks", "T-72")


def test_a_side_and_a_heading_are_added(run: Run) -> None:
    made = run("side", "add", "West Redland", "--parent", "redland", "--reason", "it fights by itself")
    assert made.stdout == "valley/west-redland\n"
    made = run("category", "add", "Mine Ploughs", "--group", "engineering", "--position", "35")
    assert made.stdout == "mine-ploughs\n"
    assert run("conflict", "add", "Hill War", "--starts", "2021-01-01").stdout == "hill-war\n"


def test_a_dry_run_adds_nothing(run: Run) -> None:
    tried = run("type", "add", "T-90", "--category", "tanks", "--dry-run")
    assert (tried.stdout, tried.stderr) == ("", "would record: type T-90 (new)\n")
    assert run("type", "show", "T-90").exit_code == 2


def test_another_name(run: Run) -> None:
    told = run("type", "alias", "D-30", "2A18", "--kind", "designation", "--reason", "its index")
    assert told.stderr == "type D-30: also called 2A18\n"
    assert json.loads(run("type", "show", "2a18", "--format", "json").stdout)["id"] == "d-30"
    taken = run("type", "alias", "D-30", "Frogfoot", "--reason", "no")
    assert taken.exit_code == 2
    assert "'Frogfoot'" in taken.stderr


def test_a_new_name_and_the_old_one(run: Run) -> None:
    """The old name goes on working, and the history tells who renamed it and why."""
    told = run("side", "rename", "north redland", "Northland", "--reason", "as it calls itself")
    assert told.stderr == "side North Redland: now called Northland\n"
    assert screen(run("side", "show", "North Redland")) == screen(run("side", "show", "northland"))
    assert screen(run("side", "show", "northland")).endswith(
        "33  2021-06-02 08:00:00 UTC  change, by tester\n"
        "    name             North Redland -> Northland\n"
        "    alias northland  name Northland\n"
        "    reason           as it calls itself\n"
    )


def test_a_new_category_reposts_the_losses(run: Run) -> None:
    """A dry run says how many it would be; the tally follows."""
    change = ("type", "change", "T-72B", "--category", "aircraft", "--reason", "a test")
    assert run(*change, "--dry-run").stderr == (
        "would record: type T-72B: category tanks -> aircraft; 2 losses reposted\n"
    )
    assert run(*change).stderr == "type T-72B: category tanks -> aircraft; 2 losses reposted\n"
    rows = json.loads(run("tally", "--by", "category", "--side", "redland", "--format", "json").stdout)
    assert {"category": "Aircraft", "quantity": 1} in rows


def test_an_empty_text_clears_a_field(run: Run) -> None:
    assert run("type", "change", "T-72B", "--parent", "", "--reason", "r").stderr == (
        "type T-72B: parent t-72 -> none\n"
    )
    refused = run("type", "change", "T-72B", "--category", "", "--reason", "r")
    assert (refused.exit_code, refused.stderr) == (2, "lossledger: a type cannot be without a category\n")


def test_a_tree_does_not_bite_its_tail(run: Run) -> None:
    refused = run("side", "change", "redland", "--parent", "north redland", "--reason", "r")
    assert refused.exit_code == 2
    assert "stands under it already" in refused.stderr


def test_two_types_are_one(run: Run) -> None:
    """Names and losses go to the one kept; the other is listed only when asked for."""
    told = run("type", "merge", "T-72AV", "T-72B", "--reason", "one and the same")
    assert told.stderr == "type T-72AV: merged into T-72B; 1 loss reposted\n"
    assert "T-72AV  " not in screen(run("type", "list", "T-72"))
    assert "T-72AV  " in screen(run("type", "list", "T-72", "--merged"))
    assert json.loads(run("list", "--type", "T-72AV", "--format", "json").stdout)[0]["type"] == "T-72B"


def test_a_source_is_added_corrected_and_merged(run: Run) -> None:
    made = run("source", "add", "--url", "https://example.org/a", "--title", "A", "--date", "2020-10-09")
    uid = made.stdout.strip()
    assert made.stderr == f"source {uid}: A\n"
    changed = run("source", "change", uid, "--reliability", "C", "--reason", "wrong twice")
    assert changed.stderr == f"source {uid}: reliability not judged -> C\n"
    merged = run("source", "merge", "post", uid, "--reason", "the same post")
    assert merged.stderr == f"source post222222: merged into {uid}; 5 losses moved along\n"
    assert json.loads(run("source", "show", uid, "--format", "json").stdout)["losses"] == 5


def test_a_link_is_one_source(run: Run) -> None:
    twice = run("source", "add", "--url", "http://www.example.org/post/")
    assert (twice.exit_code, twice.stderr) == (2, "lossledger: source post222222 has this link already\n")
    assert run("source", "add", "--note", "nothing else").exit_code == 2


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("type", "show", "T72BB"), "no type 'T72BB'; did you mean T-72B, "),
        (("side", "rename", "Greenland", "x", "--reason", "r"), "no side 'Greenland'"),
        (("type", "add", "T-72B", "--category", "tanks"), "there is a type 't-72b' already"),
        (("type", "add", "T-90", "--category", "Tankz"), "no category 'Tankz'; did you mean Tank"),
        (("type", "add", "a\x1bb", "--category", "tanks"), "name holds a control character"),
        (("type", "alias", "D-30", "2A18", "--kind", "nick", "--reason", "r"), "kind of alias 'nick' is not one of"),
        (("conflict", "change", "valley", "--ends", "soon", "--reason", "r"), "'soon' is no day"),
        (("source", "add", "--url", "ftp://example.org"), "url is no http or https link"),
    ],
)
def test_what_is_refused(run: Run, args: tuple[str, ...], line: str) -> None:
    """Unknown names with near misses, values that cannot be: one line, code 2."""
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert line in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "args",
    [
        ("type", "rename", "D-30", "D-30A"),
        ("type", "alias", "D-30", "D-30A"),
        ("type", "merge", "D-30", "T-72"),
        ("category", "change", "tanks", "--group", "x"),
        ("source", "change", "post", "--title", "x"),
        ("published", "accept", "held222222"),
    ],
)
def test_a_reason_is_asked_for(run: Run, args: tuple[str, ...]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert "missing option '--reason'" in result.stderr


def test_on_each_engine(served: Run) -> None:
    assert screen(served("type", "list", "T-72")) == TYPES
    assert served("type", "merge", "T-72AV", "T-72B", "--reason", "r").exit_code == 0
    assert served("type", "add", "T-90", "--category", "tanks").stdout == "t-90\n"
