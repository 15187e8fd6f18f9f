"""``published`` as a user sees it: what others count."""

import json

import pytest

from tests.cli.conftest import Run
from tests.cli.screens import screen

ALL = """\
Counted by, what                                  Count  Kind       Id
──────────────────────────────────────────────────────────────────────────────
Blueland's ministry on Redland, as of 2020-10-31
  losses                                           200+  claim      said222222
The Counters on Redland, as of 2020-10-31
  two tanks                                           2  assertion  held222222

2 published tallies.
"""

ONE = """\
Published tally held222222

id          held222222
kind        assertion
conflict    Valley War
side        Redland
source      list222222
counted by  The Counters
wording     two tanks
categories  Tanks
span        cumulative
as of       2020-10-31
unit        items
quantity    2
bound       exact

History

31  2021-06-01 08:00:00 UTC  enter, by ann
    kind        assertion
    conflict    Valley War
    side        Redland
    source      list222222
    counted by  The Counters
    wording     two tanks
    categories  Tanks
    span        cumulative
    as of       2020-10-31
    unit        items
    quantity    2
    bound       exact
"""


def test_what_others_count(run: Run) -> None:
    """A bound is shown in the manner of the press."""
    assert screen(run("published", "list")) == ALL


def test_only_some(run: Run) -> None:
    rows = json.loads(run("published", "list", "--kind", "claim", "--side", "redland", "--format", "json").stdout)
    assert [(row["id"], row["quantity"], row["bound"]) for row in rows] == [("said222222", 200, "at least")]
    assert json.loads(run("published", "list", "--side", "blueland", "--format", "json").stdout) == []


def test_one(run: Run) -> None:
    assert screen(run("published", "show", "held")) == ONE


@pytest.mark.parametrize(
    ("text", "quantity", "bound"),
    [
        ("1,200", 1200, "exact"),
        ("200+", 200, "at least"),
        ("~130", 130, "about"),
        ("up to 230", 230, "at most"),
        ("<=5", 5, "at most"),
    ],
)
def test_counts_as_the_press_gives_them(run: Run, text: str, quantity: int, bound: str) -> None:
    made = run("published", "add", "--side", "redland", "--counted-by", "A ministry", "--count", text)
    told = json.loads(run("published", "show", made.stdout.strip(), "--format", "json").stdout)
    assert (told["kind"], told["quantity"], told["bound"]) == ("claim", quantity, bound)


def test_every_field(run: Run) -> None:
    """All that can be said of a count is kept; names are looked up, the day may be inferred."""
    made = run(
        *("published", "add", "--kind", "assertion", "--side", "redland", "--own", "--feed", "a-list"),
        *("--source", "list", "--counted-by", "The Counters", "--wording", "guns and tanks"),
        *("--category", "Guns,Tanks", "--group", "artillery", "--type", "D-30", "--status", "destroyed,captured"),
        *("--span", "increment", "--since", "2020-10", "--as-of", "~2020-10-31", "--count", "12", "--unit", "items"),
        *("--rule-set", "their rules", "--caveat", "by eye", "--entered", "--note", "n", "--reason", "for comparison"),
    )
    assert made.exit_code == 0, made.stderr
    told = json.loads(run("published", "show", made.stdout.strip(), "--format", "json").stdout)
    assert {name: told[name] for name in list(told)[: list(told).index("history")]} == {
        "id": made.stdout.strip(),
        "kind": "assertion",
        "conflict": "Valley War",
        "side": "Redland",
        "own": True,
        "feed": "a-list",
        "source": "list222222",
        "counted_by": "The Counters",
        "wording": "guns and tanks",
        "categories": "Towed Artillery|Tanks",
        "groups": "artillery",
        "types": "D-30",
        "statuses": "destroyed|captured",
        "span": "increment",
        "since": "2020-10-01",
        "as_of": "2020-10-31",
        "inferred": True,
        "unit": "items",
        "quantity": 12,
        "bound": "exact",
        "rule_set": "their rules",
        "caveat": "by eye",
        "place": None,
        "entered": True,
        "accepted": None,
        "note": "n",
    }


def test_a_difference_is_accepted(run: Run) -> None:
    """An assertion that differs is no finding any more once somebody said why; a claim is never one."""
    run("withdraw", "tank2", "--reason", "a photo of another war")
    assert run("check", "--kind", "assertion").exit_code == 1
    told = run("published", "accept", "held", "--reason", "they count it still")
    assert (told.exit_code, told.stderr) == (0, "published tally held222222: its difference is accepted\n")
    assert run("check", "--kind", "assertion").exit_code == 0
    shown = screen(run("published", "show", "held"))
    assert shown.endswith("UTC  accept, by tester\n    accepted  they count it still\n")
    assert run("published", "show", "none").stderr == "lossledger: no published tally has the id 'none'\n"
    assert run("published", "accept", "said", "--reason", "r").exit_code == 2


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("--count", "some"), "'some' is no count"),
        (("--count", "~5+"), "'~5+' is no count"),
        (("--count", "5", "--side", "greenland"), "no side 'greenland'"),
        (("--count", "5", "--as-of", "2020-10-01", "--since", "2020-11"), "ends before it begins|the end lies before"),
        (("--count", "5", "--group", "flying"), "group 'flying' is not one of"),
    ],
)
def test_what_is_refused(run: Run, args: tuple[str, ...], line: str) -> None:
    result = run("published", "add", "--counted-by", "x", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert any(part in result.stderr for part in line.split("|")), result.stderr


def test_on_each_engine(served: Run) -> None:
    assert screen(served("published", "list")) == ALL
